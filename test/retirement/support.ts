/**
 * What the tests of retirement share: requests of every kind, right and wrong, to a route; and all that a database holds.
 */
import type { Database } from '../../src/db/database.ts'
import { type Route, sampleBody, urlOf } from '../guards/routes.ts'
import { statementsOf } from '../support/database.ts'
import type { Answer, Send, World } from '../support/world.ts'

export const ALL = 'idiot,wekan,xiot,authentication'

const json = { 'content-type': 'application/json' }

/** Requests to a route, by what is to be said of each. */
const kinds = (route: Route, token: string): Readonly<Record<string, Send>> => ({
  'no token': {},
  'a token that opens nothing': { token: 'no-such-token' },
  'all that it asks for': { token, ...(route.takesBody ? { json: sampleBody(route) } : {}) },
  ...(route.method === 'GET'
    ? {}
    : {
        'a body that is cut off': { token, raw: '{"email": ', headers: json },
        'a body of another type': { token, raw: '<email/>', headers: { 'content-type': 'application/xml' } },
        'a form': { token, form: { email: 'somebody@example.com' } },
        'too large a body': { token, raw: `{"email": "${'x'.repeat(110_000)}"}`, headers: json },
      }),
})

/** The answers to all of them, and to a repeated parameter and HEAD. */
export async function answersTo(world: World, route: Route, token: string): Promise<[kind: string, answer: Answer][]> {
  const url = urlOf(route)
  const answers: [string, Answer][] = []
  for (const [kind, send] of Object.entries(kinds(route, token))) answers.push([kind, await world.request(route.method, url, send)])
  const repeated = `${url}${url.includes('?') ? '&' : '?'}a=1&a=2`
  answers.push(['a parameter twice', await world.request(route.method, repeated, { token })])
  if (route.method === 'GET') answers.push(['HEAD', await world.request('HEAD', url, { token })])
  return answers
}

/** The statements that `work` costs, but for what is done now and then: counts are written, and waiting mails looked for. */
export const statementsFor = async (database: Database, work: () => Promise<unknown>): Promise<string[]> =>
  (await statementsOf(database, work)).filter((sql) => !/dialect_uses|outbox/.test(sql))

/** Every row of every table, as text, but for the counts of uses. */
export async function contentsOf({ client }: Database): Promise<Record<string, string[]>> {
  const tables = await client.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name`
  const contents: Record<string, string[]> = {}
  for (const { name } of tables.filter((table) => table.name !== 'dialect_uses')) {
    const rows = await client.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`)
    contents[name] = rows.map(({ row }) => row)
  }
  return contents
}
