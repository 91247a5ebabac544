/**
 * Whatever any layer throws, at whichever call, through GraphQL and through every route of every dialect: the answer is 500 or 503 in the form of
 * its surface, and nothing of what was thrown is in it, neither in its body nor in a header (ASVS 16.5.1). The log has it, with the id of
 * the request. `MASKING_RUNS=5000 npm test -- --project postgresql test/guards/masking` looks longer.
 */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { dialects } from '../../src/rest/dialects.ts'
import { admin, PASSWORD, person, unique, v1Person } from '../support/accounts.ts'
import { restoreTimeAfterwards } from '../support/clock.ts'
import { openTestDatabase } from '../support/database.ts'
import { runs } from '../support/fullSize.ts'
import { type Answer, openWorld, type World } from '../support/world.ts'
import { faults, KINDS, SECRET } from './masking/faults.ts'
import { breakableDatabase, breakParts, breakResolvers, breakRows, LAYERS, type Layer, meeting } from './masking/sabotage.ts'
import { expectError, type Route, routes, sampleBody, urlOf } from './routes.ts'

const RUNS = Number(process.env.MASKING_RUNS ?? runs(20, 40))

let world: World
let close: () => Promise<void>
let other: string
restoreTimeAfterwards()
beforeAll(async () => {
  const db = await openTestDatabase()
  const undone = [breakRows(dialects(readConfig({})))]
  world = await openWorld({ LIMIT_CHANGES: '1000000', PWNED_PASSWORDS_URL: 'http://127.0.0.1:1/' }, { db: breakableDatabase(db) })
  await admin(world)
  other = (await person(world)).id
  breakParts(world.app.domain)
  undone.push(breakResolvers())
  close = async () => {
    for (const undo of undone) undo()
    await world.close()
    await db.close()
  }
}, 60_000)
afterAll(async () => await close())

const counts = new Map<string, number>()
const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)
afterAll(() => {
  process.stdout.write(`masking: ${[...counts].map(([what, number]) => `${number} ${what}`).join(', ')}\n`)
})

/** Documents that go through all layers. */
const DOCUMENTS: Readonly<Record<string, () => readonly [document: string, input?: object]>> = {
  me: () => ['{ result: me { id email sessions { id } personalAccessTokens { id } pendingEmails { address } } }'],
  users: () => ['{ result: users(first: 3) { totalCount edges { node { id email sessions { id } } } } }'],
  user: () => [`{ result: user(by: { id: "${other}" }) { id email sessions { id } } }`],
  node: () => [`{ result: node(id: "${other}") { id } }`],
  auditEvents: () => ['{ result: auditEvents(first: 3) { edges { node { id type } } } }'],
  dialectUses: () => ['{ result: dialectUses(first: 3) { edges { node { id } } } }'],
  dialectUseDays: () => ['{ result: dialectUseDays(by: ROUTE) { day } }'],
  signingKeys: () => ['{ result: signingKeys { kid } }'],
  waitingMails: () => ['{ result: waitingMails { edges { node { id } } } }'],
  serverStatus: () => ['{ result: serverStatus { version } }'],
  webhooks: () => ['{ result: webhooks(first: 3) { edges { node { id } } } }'],
  signUp: () => ['SignUp', { email: `masked${unique()}@example.com`, password: PASSWORD }],
  signIn: () => ['SignIn', { identifier: `person${unique()}`, password: PASSWORD }],
  refreshSession: () => ['RefreshSession', { refreshToken: 'no-such-token' }],
  updateProfile: () => ['UpdateProfile', { name: 'Other Name', bio: 'words' }],
  changePassword: () => ['ChangePassword', { oldPassword: PASSWORD, newPassword: 'another battery staple' }],
  requestPasswordReset: () => ['RequestPasswordReset', { email: 'nobody@example.com' }],
  createUser: () => ['CreateUser', { email: `masked${unique()}@example.com`, password: PASSWORD }],
  setLoginEnabled: () => ['SetLoginEnabled', { id: other, enabled: true }],
  createWebhook: () => ['CreateWebhook', { url: 'https://192.0.2.1/hook', types: ['KEYS_ROTATED'] }],
  endOtherSessions: () => ['mutation { result: endOtherSessions { __typename ... on Error { code message } } }'],
  beginTwoFactorEnrollment: () => ['mutation { result: beginTwoFactorEnrollment { __typename ... on Error { code message } } }'],
}

const mutationOf = (type: string): string =>
  `mutation($input: ${type}Input!) { result: ${type.charAt(0).toLowerCase()}${type.slice(1)}(input: $input) { __typename ... on Error { code message } } }`

interface Call {
  readonly name: string
  readonly route?: Route
  readonly send: (token: string) => Promise<Answer>
}

const calls: readonly Call[] = [
  ...Object.entries(DOCUMENTS).map(
    ([name, make]): Call => ({
      name: `graphql ${name}`,
      send: async (token) => {
        const [document, input] = make()
        const query = input === undefined ? document : mutationOf(document)
        return await world.request('POST', '/graphql', { json: { query, variables: { input } }, token })
      },
    }),
  ),
  ...routes.map(
    (route): Call => ({
      name: route.name,
      route,
      send: async (token) =>
        await world.request(route.method, urlOf(route), { token, ...(route.takesBody ? { json: sampleBody(route) } : {}) }),
    }),
  ),
]

const FAULTY = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'OVERLOADED']
/** What a request cannot go on without. The rest counts, wakes workers and notes uses, also after the work is done. */
const NEEDED: readonly Layer[] = ['client', 'reader', 'lists', 'resolvers', 'row', 'reply', 'clock', 'hasher', 'secretBox', 'signingKeys']

/** @returns whether the answer says that the server is at fault, or has no time */
const isFaulty = ({ route }: Call, answer: Answer): boolean => {
  if (route !== undefined) {
    if (answer.status < 500) return false
    expectError(route.mount, answer, [500, 503])
    return true
  }
  const { status, body } = answer
  expect([200, 500, 503]).toContain(status)
  if (status === 500 && body.errors === undefined) expectError('', answer, 500)
  return status === 500 || FAULTY.includes(body?.errors?.[0]?.extensions?.code)
}

const isUntold = ({ text, headers }: Answer): void => {
  const told = `${[...headers].join('\n')}\n${text}`
  expect(told).not.toContain(SECRET)
  expect(told).not.toMatch(/node_modules|\.ts:\d|\bat (?:async )?[\w.]+ \(|x-leak/)
}

/** The token of an administrator who did nothing yet. */
const freshToken = async (): Promise<string> => {
  const { id, token } = await v1Person(world)
  await world.db.client.user.update({ where: { id }, data: { isAdmin: true } })
  return token
}

const check = async (layer: Layer, after: number, make: () => unknown, call: Call, token: string): Promise<void> => {
  const before = world.logs.length
  const [answer, isThrown] = await meeting(layer, after, make, async () => await call.send(token))
  isUntold(answer)
  count(isThrown ? `thrown (${layer})` : 'not met')
  if (!isThrown) return
  const isAtFault = isFaulty(call, answer)
  if (NEEDED.includes(layer)) expect([layer, isAtFault]).toEqual([layer, true])
  if (answer.status !== 500) return
  const lines = world.logs.slice(before).filter(({ level }) => level === 'error')
  expect(lines.map(({ fields }) => fields.requestId)).toContain(answer.headers.get('x-request-id'))
}

it('what any layer throws never leaks, through GraphQL or any dialect', { timeout: 60_000 + RUNS * 200 }, async () => {
  const layer = fc.oneof(fc.constantFrom(...LAYERS), fc.constantFrom<Layer>('client', 'client', 'reader', 'resolvers', 'row', 'reply'))
  const after = fc.constantFrom(0, 0, 0, 0, 1, 2, 4)
  await fc.assert(
    fc.asyncProperty(layer, after, faults, fc.constantFrom(...calls), async (where, number, { make }, call) => {
      await check(where, number, make, call, await freshToken())
    }),
    { numRuns: RUNS },
  )
})

describe('each kind of fault', () => {
  let token: string
  beforeAll(async () => {
    token = await freshToken()
  })
  const reads = calls.filter(({ name }) => ['graphql me', 'GET /v1/profile', 'GET /api/user', 'POST /auth'].includes(name))
  it.each(Object.entries(KINDS))(
    '%s is masked on every surface, whether the database, a resolver or a row throws it',
    async (_what, make) => {
      for (const layer of ['client', 'reader', 'resolvers', 'row', 'reply'] as const)
        for (const call of reads) await check(layer, 0, make, call, token)
    },
  )
})
