/**
 * Random JSON, text and bytes to every route of every dialect and to GraphQL, with and without a token: never a fault of the
 * server, and whatever is refused is refused in the dialect's own form.
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { admin, type Person, person } from '../support/accounts.ts'
import { type Answer, useWorld } from '../support/world.ts'
import { send } from './raw.ts'
import { expectError, type Route, routes, sampleBody, urlOf } from './routes.ts'

const world = useWorld()
let boss: Person
let actor: Person

/** An administrator of whom a random request may take anything. */
const freshActor = async () => {
  actor = await person(world())
  const mutation = 'mutation($input: SetAdminInput!) { result: setAdmin(input: $input) { __typename } }'
  await world().graphql(mutation, { input: { id: actor.id, isAdmin: true } }, boss.token)
}
beforeAll(async () => {
  boss = await admin(world())
  await freshActor()
})

/** UTF-16 code units, so that halves of characters come up as well. */
const unit = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0xd800, max: 0xdfff }).map((point) => String.fromCharCode(point)) },
  { weight: 1, arbitrary: fc.constantFrom('\0', '\u0001', '\u202e', '\ufeff', "'", '"', '%', '\\') },
)
const text = fc.oneof(
  fc.string({ unit, maxLength: 40 }),
  fc.emailAddress(),
  fc.constantFrom('', ' ', 'boss', '$ne', '__proto__', '000000', '-1', 'null'),
)
const json = fc.jsonValue({ stringUnit: unit, maxDepth: 4 })
const value = fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: json })

/** Bodies that come near to what a route takes: some fields right, some random, some not its own. */
const bodyOf = (route: Route) =>
  fc
    .record({
      sample: fc.subarray([...route.fields]),
      random: fc.dictionary(route.fields.length === 0 ? text : fc.oneof(fc.constantFrom(...route.fields), text), value, { maxKeys: 6 }),
    })
    .map(({ sample, random }) => {
      const right = route.takesBody ? sampleBody(route) : {}
      return { ...Object.fromEntries(sample.map((field) => [field, right[field]])), ...random }
    })

const raws = (route: Route) =>
  fc.oneof(
    { weight: 6, arbitrary: bodyOf(route).map((body) => JSON.stringify(body)) },
    { weight: 2, arbitrary: json.map((any) => JSON.stringify(any)) },
    { weight: 1, arbitrary: fc.string({ unit, maxLength: 60 }).map((any) => any.toWellFormed()) },
  )
const contentTypes = fc.oneof(
  { weight: 8, arbitrary: fc.constant('application/json') },
  { weight: 2, arbitrary: fc.constant('application/x-www-form-urlencoded') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('application/json; charset=utf-16', 'text/plain', 'multipart/form-data', ';', 'application/json;charset'),
  },
)
const ids = fc.oneof(
  fc.uuid(),
  text.map((any) => encodeURIComponent(any.toWellFormed())),
  fc.stringMatching(/^[%a-f0-9.]{1,12}$/),
)
const withToken = fc.boolean()

const checkAnswer = (mount: string, answer: Answer) => {
  expect(answer.status).toBeLessThan(500)
  if (answer.status >= 400) expectError(mount, answer, answer.status)
}
const options = { numRuns: 200 }

describe('every route', () => {
  it('answers random requests in its own form', async () => {
    const requests = fc
      .constantFrom(...routes)
      .chain((route) => fc.record({ route: fc.constant(route), raw: raws(route), type: contentTypes, id: ids, withToken }))
    await fc.assert(
      fc.asyncProperty(requests, async ({ route, raw, type, id, withToken: signedIn }) => {
        const headers = { 'content-type': type, ...(signedIn ? { authorization: `Bearer ${actor.token}` } : {}) }
        const url = urlOf(route, id === '' || id === '.' || id === '..' ? 'x' : id)
        const answer = await send(world(), route.method, url, { headers, body: raw })
        const isOther = answer.status === 404 && /\/(\.|%2e){1,2}$/i.test(url)
        if (!isOther) checkAnswer(route.mount, answer)
        if (answer.status < 300 && route.method !== 'GET') await freshActor()
      }),
      options,
    )
  }, 30_000)

  it('answers random queries and bearer texts in its own form', async () => {
    const requests = fc.record({
      route: fc.constantFrom(...routes),
      query: fc.oneof(
        fc.dictionary(fc.constantFrom('limit', 'offset', 'token', 'access_token', 'x'), text).map((all) =>
          Object.entries(all)
            .map(([name, any]) => `${name}=${encodeURIComponent(any.toWellFormed())}`)
            .join('&'),
        ),
        fc.stringMatching(/^[\w%&=+.;[\]-]{0,30}$/),
      ),
      bearer: fc.oneof(
        fc.stringMatching(/^[\x21-\x7e]{1,60}$/),
        fc.stringMatching(/^[\w-]{1,20}\.[\w-]{1,20}\.[\w-]{0,20}$/),
        fc.constantFrom('sess_a:b', 'a.b.c', 'rt_x.0.y'),
      ),
    })
    await fc.assert(
      fc.asyncProperty(requests, async ({ route, query, bearer }) => {
        const path = urlOf(route).split('?')[0]
        const answer = await send(world(), route.method, `${path}?${query}`, { headers: { authorization: `Bearer ${bearer}` } })
        checkAnswer(route.mount, answer)
        if (route.who !== 'anyone') expect([400, 401]).toContain(answer.status)
      }),
      options,
    )
  }, 30_000)
})

describe('GraphQL', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(({ args }) => args.length > 0)
  const checkGraphql = (answer: Answer) => {
    expect([200, 400, 405, 415]).toContain(answer.status)
    if (answer.body === undefined) return
    for (const { message, extensions } of answer.body.errors ?? []) {
      expect(message).not.toBe('Unexpected error.')
      expect(extensions?.code).not.toBe('INTERNAL_SERVER_ERROR')
    }
  }

  it('answers random variables of every mutation with a value, a failure or a refusal', async () => {
    const calls = fc.constantFrom(...mutations).chain((mutation) => {
      const type = String(mutation.args[0]?.type)
      const fields = Object.keys((schema.getType(type.replace('!', '')) as unknown as { getFields(): object }).getFields())
      return fc.record({
        name: fc.constant(mutation.name),
        type: fc.constant(type),
        input: fc.oneof(
          fc.record(Object.fromEntries(fields.map((field) => [field, value]))),
          fc.dictionary(fc.constantFrom(...fields), value),
          json,
        ),
        withToken,
      })
    })
    await fc.assert(
      fc.asyncProperty(calls, async ({ name, type, input, withToken: signedIn }) => {
        const query = `mutation($input: ${type}) { result: ${name}(input: $input) { __typename ... on Error { code } } }`
        const answer = await world().request('POST', '/graphql', {
          json: { query, variables: { input } },
          token: signedIn ? actor.token : undefined,
        })
        checkGraphql(answer)
        if (answer.body.data?.result?.__typename.endsWith('Success')) await freshActor()
      }),
      options,
    )
  }, 30_000)

  it('answers random bodies and documents', async () => {
    const bodies = fc.oneof(
      json,
      fc.record({ query: value, variables: json, operationName: value, extensions: json }, { requiredKeys: [] }),
      fc.record({ query: fc.stringMatching(/^[{}()[\]$:!@"a-z .]{0,60}$/) }),
      fc.record({ query: fc.constant('query($id: ID!) { node(id: $id) { id } }'), variables: fc.record({ id: value }) }),
    )
    await fc.assert(
      fc.asyncProperty(bodies, withToken, async (body, signedIn) => {
        checkGraphql(await world().request('POST', '/graphql', { json: body, token: signedIn ? actor.token : undefined }))
      }),
      options,
    )
  }, 30_000)
})
