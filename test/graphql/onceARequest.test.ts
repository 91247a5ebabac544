/**
 * One request, one attempt: however a document repeats what tries a secret, nothing of it runs.
 */
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { PASSWORD, person } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld()
const events = async () => await world().db.client.auditEvent.count()

const attempt = (name: string, identifier = 'nobody') =>
  `${name}: signIn(input: { identifier: "${identifier}", password: "a guess" }) { ... on Error { code } }`
const REFUSED = /^A request runs at most one of these, and once: signIn(, \w+)*\.$/

/** Sends a document, which must be refused before anything of it runs. */
const expectRefused = async (document: string, variables: object = {}, operationName?: string) => {
  const before = await events()
  const { status, body } = await world().request('POST', '/graphql', { json: { query: document, variables, operationName } })
  expect([status, 'data' in body, body.errors.map(({ message }: Error) => message)]).toEqual([200, false, [expect.stringMatching(REFUSED)]])
  expect(await events()).toBe(before)
}

describe('two attempts in one document are refused', () => {
  it.each([
    ['side by side', `mutation { ${attempt('a')} ${attempt('b')} }`],
    ['for two accounts', `mutation { ${attempt('a', 'ada')} ${attempt('b', 'grace')} }`],
    ['of two kinds', `mutation { ${attempt('a')} b: refreshSession(input: { refreshToken: "x" }) { __typename } }`],
    ['in an inline fragment', `mutation { ${attempt('a')} ... { ${attempt('b')} } }`],
    ['in an inline fragment with its type', `mutation { ... on Mutation { ${attempt('a')} } ... on Mutation { ${attempt('b')} } }`],
    ['in a fragment', `mutation { ${attempt('a')} ...B } fragment B on Mutation { ${attempt('b')} }`],
    ['in two fragments', `mutation { ...A ...B } fragment A on Mutation { ${attempt('a')} } fragment B on Mutation { ${attempt('b')} }`],
    [
      'in fragments of fragments',
      `mutation { ...A } fragment A on Mutation { ${attempt('a')} ...B } fragment B on Mutation { ... { ...C } } fragment C on Mutation { ${attempt('c')} }`,
    ],
    ['behind @include', `mutation { ${attempt('a')} ... @include(if: true) { ${attempt('b')} } }`],
    ['behind @skip', `mutation { ${attempt('a')} ...B @skip(if: false) } fragment B on Mutation { ${attempt('b')} }`],
    ['where one is skipped', `mutation { ${attempt('a')} ... @skip(if: true) { ${attempt('b')} } }`],
    [
      'first in a fragment that is skipped',
      `mutation { ...B @skip(if: true) ...B ${attempt('a')} } fragment B on Mutation { ${attempt('b')} }`,
    ],
  ])('%s', async (_how, document) => {
    await expectRefused(document)
  })

  it('behind variables that let one pass now', async () => {
    const document = `mutation($first: Boolean!) { ... @include(if: $first) { ${attempt('a')} } ... @skip(if: $first) { ${attempt('b')} } }`
    for (const first of [true, false]) await expectRefused(document, { first })
  })

  it('two attempts are refused in an operation that another one stands beside, whichever is named', async () => {
    const document = `mutation One { ${attempt('a')} } mutation Two { ${attempt('a')} ${attempt('b')} }`
    for (const name of ['One', 'Two']) await expectRefused(document, {}, name)
  })

  it.each([
    'signUp',
    'signIn',
    'verifyTwoFactor',
    'refreshSession',
    'signOut',
    'reauthenticate',
    'changePassword',
    'deleteAccount',
    'requestPasswordReset',
    'resetPassword',
    'changeEmail',
    'confirmEmail',
    'requestEmailVerification',
    'checkMailToken',
    'disownEmail',
    'undoAccountChange',
    'confirmTwoFactorEnrollment',
    'disableTwoFactor',
    'regenerateRecoveryCodes',
  ])('%s', async (name) => {
    const field = schema.getMutationType()?.getFields()[name]
    const variables = field?.args.map((arg) => `$${arg.name}: ${arg.type.toString()}`).join() ?? ''
    const passed = field?.args.map((arg) => `${arg.name}: $${arg.name}`).join() ?? ''
    const once = (alias: string) => `${alias}: ${name}${passed === '' ? '' : `(${passed})`} { __typename }`
    const declared = variables === '' ? '' : `(${variables})`
    const { body } = await world().request('POST', '/graphql', { json: { query: `mutation${declared} { ${once('a')} ${once('b')} }` } })
    expect(body.errors[0].message).toBe(`A request runs at most one of these, and once: ${name}.`)
  })
})

describe('one attempt runs, once', () => {
  it.each([
    ['alone', `mutation { ${attempt('a')} }`],
    [
      'named twice alike, which is one field',
      `mutation { ...A ...B } fragment A on Mutation { ${attempt('a')} } fragment B on Mutation { ${attempt('a')} }`,
    ],
    ['in a fragment that is spread twice', `mutation { ...A ...A } fragment A on Mutation { ${attempt('a')} }`],
    ['beside what tries nothing', `mutation { ${attempt('a')} b: __typename }`],
  ])('%s', async (_how, document) => {
    const before = await events()
    const { body } = await world().request('POST', '/graphql', { json: { query: document } })
    expect(body.data.a).toEqual({ code: 'BAD_CREDENTIALS' })
    expect(await events()).toBe(before + 1)
  })

  it('one attempt runs in one of several operations', async () => {
    const query = `mutation One { ${attempt('a')} } mutation Two { ${attempt('b')} }`
    const { body } = await world().request('POST', '/graphql', { json: { query, operationName: 'Two' } })
    expect(body.data).toEqual({ b: { code: 'BAD_CREDENTIALS' } })
  })
})

describe('a batch of requests', () => {
  it.each([1, 2, 20])('a batch of requests of %d is refused whole', async (count) => {
    const { email } = await person(world())
    const query = `mutation { a: signIn(input: { identifier: "${email}", password: "${PASSWORD}" }) { __typename } }`
    const before = await events()
    const answer = await world().request('POST', '/graphql', { json: Array.from({ length: count }, () => ({ query })) })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('SignInSuccess')
    expect(await events()).toBe(before)
  })
})

it('fragments that spread each other twice over are no work', async () => {
  const depth = 99
  const fragments = Array.from({ length: depth }, (_none, at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)
  const query = `{ ...F0 } ${fragments.join(' ')} fragment F${depth} on Query { __typename }`
  const begun = performance.now()
  expect((await world().request('POST', '/graphql', { json: { query } })).body).toEqual({ data: { __typename: 'Query' } })
  expect(performance.now() - begun).toBeLessThan(2_000)
})
