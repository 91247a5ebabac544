/**
 * A token that is presented and dead is never taken for nobody: whatever asks for a session, and `me` and `node`, answers UNAUTHENTICATED in
 * `errors`, where urql's authExchange and Apollo's ErrorLink look, with the challenge of RFC 6750, section 3.1. Operations that are open to
 * anybody go on.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, person, signIn, unique } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, HOUR, mutate } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const post = async (query: string, token?: string, media = 'application/graphql-response+json') =>
  await world().request('POST', '/graphql', {
    json: { query },
    headers: { accept: media, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  })

const DEAD: readonly (readonly [string, () => Promise<string>])[] = [
  ['unknown', async () => 'nonsense'],
  [
    'of an ended session',
    async () => {
      const { token } = await person(world())
      await mutate(world(), 'signOut', undefined, token)
      return token
    },
  ],
  [
    'expired',
    async () => {
      const { token } = await person(world())
      world().advance(HOUR)
      return token
    },
  ],
  [
    'of a disabled account',
    async () => {
      const { id, token } = await person(world())
      await mutate(world(), 'setLoginEnabled', { id, enabled: false }, await adminToken(world()))
      return token
    },
  ],
  [
    'of a deleted account',
    async () => {
      const { id, token } = await person(world())
      await mutate(world(), 'deleteUser', { id }, await adminToken(world()))
      return token
    },
  ],
]

const ASKING = [
  '{ me { id } }',
  '{ node(id: "Session:x") { id } }',
  '{ node(id: "x") { id } }',
  '{ user(by: { id: "x" }) { id } }',
  '{ users { totalCount } }',
  'mutation { signOutEverywhere { __typename } }',
]

describe.each(DEAD)('a token that is %s', (_what, tokenOf) => {
  it('makes whatever asks for a session, me and node fail, for both media types', async () => {
    const token = await tokenOf()
    for (const media of ['application/graphql-response+json', 'application/json'])
      for (const document of ASKING) {
        const answer = await post(document, token, media)
        expect(answer.body.errors, document).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
        expect(answer.headers.get('www-authenticate'), document).toBe('Bearer error="invalid_token"')
        expect(answer.status).toBe(200)
      }
  })

  it('does not keep anybody from signing in, signing up, or asking for a reset', async () => {
    const [token, someone] = [await tokenOf(), await person(world())]
    const documents = [
      `mutation { result: signIn(input: { identifier: "${someone.email}", password: "${PASSWORD}" }) { __typename } }`,
      `mutation { result: signUp(input: { email: "dead${unique()}@example.com", password: "${PASSWORD}" }) { __typename } }`,
      `mutation { result: refreshSession(input: { refreshToken: "${someone.refreshToken}" }) { __typename } }`,
      `mutation { result: requestPasswordReset(input: { email: "${someone.email}" }) { __typename } }`,
    ]
    for (const document of documents) {
      const { body, headers } = await post(document, token)
      expect(body.errors, document).toBeUndefined()
      expect(body.data.result.__typename).toMatch(/Success$/)
      expect(headers.get('www-authenticate')).toBeNull()
    }
  })
})

describe('no token at all', () => {
  it('me and node are null, without an error', async () => {
    for (const document of ['{ result: me { id } }', '{ result: node(id: "x") { id } }']) {
      const { body, headers } = await post(document)
      expect(body).toEqual({ data: { result: null } })
      expect(headers.get('www-authenticate')).toBeNull()
    }
  })

  it('what needs a session is UNAUTHENTICATED, without the error of a token', async () => {
    const { body, headers } = await post('{ user(by: { id: "x" }) { id } }')
    expect(body).toMatchObject({ data: { user: null }, errors: [{ path: ['user'], extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(headers.get('www-authenticate')).not.toBe('Bearer error="invalid_token"')
  })
})

it('a live token beside it: a session that is still open answers as before', async () => {
  const someone = await person(world())
  const { body } = await post('{ me { id } }', await signIn(world(), someone))
  expect(body).toEqual({ data: { me: { id: someone.id } } })
})
