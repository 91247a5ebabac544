/**
 * Random variables, bodies and documents to GraphQL, with and without a token: never a fault of the server. The routes of the
 * dialects have a fuzz of their own, made from their OpenAPI documents (test/openapiFuzz.test.ts).
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { admin, type Person, person } from '../support/accounts.ts'
import { anyText, unit } from '../support/anyText.ts'
import { runs } from '../support/fullSize.ts'
import { type Answer, useWorld } from '../support/world.ts'

const world = useWorld()
let boss: Person
let sender: Person

/** An administrator of whom a random request may take anything. */
const freshActor = async () => {
  sender = await person(world())
  const mutation = 'mutation($input: SetAdminInput!) { result: setAdmin(input: $input) { __typename } }'
  await world().graphql(mutation, { input: { id: sender.id, isAdmin: true } }, boss.token)
}
beforeAll(async () => {
  boss = await admin(world())
  await freshActor()
})

const json = fc.jsonValue({ stringUnit: unit, maxDepth: 4 })
const value = fc.oneof({ weight: 3, arbitrary: anyText }, { weight: 1, arbitrary: json })

const withToken = fc.boolean()
const options = { numRuns: runs(70, 200) }

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

  it('GraphQL answers random variables of every mutation with a value, a failure or a refusal', async () => {
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
          token: signedIn ? sender.token : undefined,
        })
        checkGraphql(answer)
        if (answer.body.data?.result?.__typename.endsWith('Success')) await freshActor()
      }),
      options,
    )
  }, 30_000)

  it('GraphQL answers random bodies and documents', async () => {
    const bodies = fc.oneof(
      json,
      fc.record({ query: value, variables: json, operationName: value, extensions: json }, { requiredKeys: [] }),
      fc.record({ query: fc.stringMatching(/^[{}()[\]$:!@"a-z .]{0,60}$/) }),
      fc.record({ query: fc.constant('query($id: ID!) { node(id: $id) { id } }'), variables: fc.record({ id: value }) }),
    )
    await fc.assert(
      fc.asyncProperty(bodies, withToken, async (body, signedIn) => {
        checkGraphql(await world().request('POST', '/graphql', { json: body, token: signedIn ? sender.token : undefined }))
      }),
      options,
    )
  }, 30_000)
})
