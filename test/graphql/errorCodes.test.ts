/** Each entry of `errors` has a code in `extensions`, whatever is wrong with the request, and in production none of its words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useManifests } from '../support/manifest.ts'
import { openWorld, type Send, useWorld, type World } from '../support/world.ts'

const settings = { PERSISTED_OPERATIONS: useManifests().manifestOf('{ me { id } }') }
const development = useWorld(settings)
const production = useWorld({ ...settings, NODE_ENV: 'production' })

const json = (body: object): Send => ({ json: body })
const ofType = (type: string, raw: string): Send => ({ raw, headers: { 'content-type': type } })
const USERS = 'query Users($n: Int!, $in: UserOrder) { users(first: $n, orderBy: $in) { __typename } }'
const SIGN_IN = 'mutation($input: SignInInput!) { signIn(input: $input) { __typename } }'
const persisted = (persistedQuery: unknown) => json({ extensions: { persistedQuery } })

/** Each with `hunter2` in every place that the sender fills. */
const BAD: readonly (readonly [string, string, Send])[] = [
  ['an empty body', 'BAD_REQUEST', ofType('application/json', '')],
  ['a body that is not JSON', 'BAD_REQUEST', ofType('application/json', '{"hunter2"')],
  ['a body of another type', 'UNSUPPORTED_MEDIA_TYPE', ofType('text/plain', '{ hunter2 }')],
  ['a body that is too large', 'PAYLOAD_TOO_LARGE', json({ query: `# hunter2${'x'.repeat(100 * 1024)}` })],
  ['several operations', 'BAD_REQUEST', { json: [{ query: '{ hunter2 }' }] }],
  ['a text as body', 'BAD_REQUEST', { json: 'hunter2' }],
  ['null as body', 'BAD_REQUEST', { json: null }],
  ['no document', 'BAD_REQUEST', json({ variables: { hunter2: 'hunter2' } })],
  ['an unknown parameter', 'BAD_REQUEST', json({ query: '{ __typename }', hunter2: 'hunter2' })],
  ['a document that is not text', 'BAD_REQUEST', json({ query: ['hunter2'] })],
  ['variables that are no object', 'BAD_REQUEST', json({ query: '{ __typename }', variables: 'hunter2' })],
  ['extensions that are no object', 'BAD_REQUEST', json({ query: '{ __typename }', extensions: 'hunter2' })],
  [
    'the name of an operation that is no text',
    'OPERATION_RESOLUTION_FAILURE',
    json({ query: 'query A { __typename }', operationName: ['hunter2'] }),
  ],
  ['an unknown operation', 'OPERATION_RESOLUTION_FAILURE', json({ query: 'query A { __typename }', operationName: 'hunter2' })],
  ['no name for one of two operations', 'OPERATION_RESOLUTION_FAILURE', json({ query: 'query A { __typename } query B { __typename }' })],
  ['a document without operations', 'OPERATION_RESOLUTION_FAILURE', json({ query: 'fragment hunter2 on User { id }' })],
  ['a syntax error', 'GRAPHQL_PARSE_FAILED', json({ query: '{ me { id } hunter2' })],
  ['too many tokens', 'GRAPHQL_PARSE_FAILED', json({ query: `{ ${'hunter2 '.repeat(2_001)} }` })],
  ['an unknown field', 'GRAPHQL_VALIDATION_FAILED', json({ query: '{ hunter2 }' })],
  ['a literal of a wrong type', 'GRAPHQL_VALIDATION_FAILED', json({ query: '{ users(first: "hunter2") { __typename } }' })],
  [
    'too many root fields',
    'GRAPHQL_VALIDATION_FAILED',
    json({ query: `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: __typename`)} }` }),
  ],
  ['a subscription', 'OPERATION_RESOLUTION_FAILURE', json({ query: 'subscription { hunter2 }' })],
  ['a variable that is missing', 'BAD_USER_INPUT', json({ query: USERS })],
  ['a variable that is null', 'BAD_USER_INPUT', json({ query: USERS, variables: { n: null } })],
  ['a variable of a wrong type', 'BAD_USER_INPUT', json({ query: USERS, variables: { n: 'hunter2' } })],
  ['an enum value that is unknown', 'BAD_USER_INPUT', json({ query: USERS, variables: { n: 1, in: { field: 'hunter2' } } })],
  ['a field of an input that is unknown', 'BAD_USER_INPUT', json({ query: SIGN_IN, variables: { input: { hunter2: 'hunter2' } } })],
  ['several wrong variables', 'BAD_USER_INPUT', json({ query: USERS, variables: { n: 'hunter2', in: 'hunter2' } })],
  [
    'null for a variable of a directive',
    'BAD_USER_INPUT',
    json({ query: 'query($x: Boolean = true) { me @include(if: $x) { id } }', variables: { x: null } }),
  ],
  ['the id of an unknown document', 'PERSISTED_QUERY_NOT_FOUND', json({ documentId: 'hunter2' })],
  ['an id that is not text', 'BAD_REQUEST', json({ id: ['hunter2'] })],
  ['an id beside a document', 'BAD_REQUEST', json({ doc_id: 'hunter2', query: '{ __typename }' })],
  ['two ids', 'BAD_REQUEST', json({ doc_id: 'hunter2', id: 'hunter3' })],
  ['a hash of another version', 'BAD_REQUEST', persisted({ version: 2, sha256Hash: 'hunter2' })],
  [
    'a hash of another document',
    'PERSISTED_QUERY_HASH_MISMATCH',
    json({ query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: 'hunter2' } } }),
  ],
  ['an Accept header without our types', 'NOT_ACCEPTABLE', { ...json({ query: '{ __typename }' }), headers: { accept: 'text/hunter2' } }],
  ['a cookie without its header', 'CSRF', { ...json({ query: '{ me { id } }' }), headers: { cookie: '__Host-vestibule-session=hunter2' } }],
]

const URLS: readonly (readonly [string, string, string])[] = [
  ['a repeated parameter', 'BAD_REQUEST', 'query={__typename}&query=hunter2'],
  ['variables that are not JSON', 'BAD_REQUEST', 'query={__typename}&variables=hunter2'],
  ['a mutation', 'BAD_REQUEST', 'query=mutation{signOut{__typename}}'],
  ['no document', 'BAD_REQUEST', 'operationName=hunter2'],
  ['the hash of an unknown document', 'PERSISTED_QUERY_NOT_FOUND', 'extensions={"persistedQuery":{"version":1,"sha256Hash":"hunter2"}}'],
]

describe.each([
  ['in development', development],
  ['in production', production],
] as const)('%s', (where, world) => {
  const expectCode = async (method: string, path: string, code: string, send: Send = {}) => {
    for (const accept of ['application/graphql-response+json', 'application/json']) {
      const { text, body } = await world().request(method, path, { ...send, headers: { accept, ...send.headers } })
      const codes = body.errors.map(({ extensions }: { extensions?: { code?: unknown } }) => extensions?.code)
      expect(new Set(codes)).toEqual(new Set([code]))
      if (where === 'in production') expect(text).not.toContain('hunter')
    }
  }

  it.each(BAD)('%s has the code %s', async (_what, code, send) => await expectCode('POST', '/graphql', code, send))
  it.each(URLS)('%s in the URL has the code %s', async (_what, code, search) => {
    await expectCode('GET', `/graphql?${encodeURI(search)}`, code)
  })
})

describe('while the database fails', () => {
  let broken: World
  beforeAll(async () => {
    broken = await openWorld()
    await broken.db.client.$executeRawUnsafe('DROP TABLE outbox')
  })
  afterAll(() => broken.close())

  it('a fault has the code INTERNAL_SERVER_ERROR', async () => {
    const query = 'mutation { requestPasswordReset(input: { email: "ada@example.com" }) { __typename } }'
    const { body } = await broken.request('POST', '/graphql', { json: { query } })
    expect(body.errors.map(({ extensions }: { extensions: object }) => extensions)).toEqual([{ code: 'INTERNAL_SERVER_ERROR' }])
  })
})
