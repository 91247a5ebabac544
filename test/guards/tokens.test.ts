/**
 * What is read from a token before its signature is checked is anybody's: whatever stands there, the token is dead, and nobody can
 * make the server answer 5xx or write a line of the log as a fault (RFC 6750, 3.1; RFC 7515, 4.1.4).
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Person, person } from '../support/accounts.ts'
import { unit } from '../support/anyText.ts'
import { runs } from '../support/fullSize.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld({ CORS_ORIGINS: 'https://app.example.com', TRUSTED_PROXIES: 'loopback' })
let someone: Person
beforeAll(async () => {
  someone = await person(world())
})

const part = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const jwt = (header: unknown, payload: unknown, signature = 'AA'): string => `${part(header)}.${part(payload)}.${signature}`

/** One route that asks for a session, of each surface. */
const ROUTES = [
  ['POST', '/auth'],
  ['GET', '/v1/profile'],
  ['GET', '/v1/users'],
  ['GET', '/api/user'],
  ['DELETE', '/api/users/nobody'],
] as const

const ASKS = ['{ me { id } }', 'mutation { updateProfile(input: { name: "x" }) { __typename } }']

const expectDead = async (token: string): Promise<void> => {
  for (const [method, path] of ROUTES) {
    const answer = await world().request(method, path, { token })
    expect([path, answer.status, answer.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer'])
  }
  for (const query of ASKS) {
    const { status, body, headers } = await world().request('POST', '/graphql', { json: { query }, token })
    expect([status, headers.get('www-authenticate')]).toEqual([200, 'Bearer error="invalid_token"'])
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  }
  expect(world().logs.filter(({ level }) => level === 'error')).toEqual([])
}

describe('a JWT is dead, and no fault, with', () => {
  it.each<[string, unknown, unknown]>([
    ['a key id that is null', { alg: 'ES256', kid: null }, {}],
    ['a key id that is a number', { alg: 'ES256', kid: 7 }, {}],
    ['a key id that is an object', { alg: 'ES256', kid: { contains: '' } }, {}],
    ['a key id that is a list', { alg: 'ES256', kid: ['a'] }, {}],
    ['a key id with NUL', { alg: 'ES256', kid: '\0' }, {}],
    ['half a character in the key id', '{"alg":"ES256","kid":"\\ud800"}', {}],
    ['a key id of 2,000 characters', { alg: 'ES256', kid: 'k'.repeat(2_000) }, {}],
    ['an algorithm that is a number', { alg: 256, kid: 'a' }, {}],
    ['no algorithm', { alg: 'none' }, {}],
    ['extensions that must be understood', { alg: 'ES256', kid: 'a', crit: ['b64'], b64: false }, {}],
    ['extensions that are none', { alg: 'ES256', kid: 'a', crit: 7 }, {}],
    ['a type that is an object', { alg: 'ES256', kid: 'a', typ: {} }, {}],
    ['a header that is a list', [], {}],
    ['a header that is null', 'null', {}],
    ['a header that is no JSON', 'x', {}],
    ['a header that is no UTF-8', Buffer.from([0xff, 0xfe]).toString('latin1'), {}],
    ['a payload that is null', { alg: 'ES256', kid: 'a' }, 'null'],
  ])('%s', async (_name, header, payload) => {
    await expectDead(jwt(header, payload))
  })

  it('anything else, also where the key is ours', async () => {
    const { kid } = await world().db.client.signingKey.findFirstOrThrow()
    const json = fc.jsonValue({ stringUnit: unit, maxDepth: 2 })
    const header = fc.record(
      {
        alg: fc.oneof(fc.constantFrom('ES256', 'none', 'HS256', 'RS256'), json),
        kid: fc.oneof(fc.constant(kid), json),
        typ: fc.oneof(fc.constant('at+jwt'), json),
        crit: json,
        b64: json,
        jwk: json,
        jku: json,
        zip: json,
      },
      { requiredKeys: [] },
    )
    const payload = fc.oneof(
      json,
      fc.record({ sub: json, sid: json, exp: json, nbf: json, iat: json, iss: json, aud: json }, { requiredKeys: [] }),
    )
    const signature = fc.oneof(
      fc.stringMatching(/^[\w-]{1,90}$/),
      fc.uint8Array({ minLength: 64, maxLength: 64 }).map((b) => part(Buffer.from(b).toString('latin1'))),
    )
    const tokens = fc.tuple(fc.oneof(header, json), payload, signature).map(([h, p, s]) => jwt(h, p, s))
    await fc.assert(
      fc.asyncProperty(
        tokens.filter((token) => token.length < 4_000),
        async (token) => {
          await expectDead(token)
        },
      ),
      { numRuns: runs(25, 60) },
    )
  }, 60_000)
})

describe('what else is read before it is believed', () => {
  const dead = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.stringMatching(/^(rt_|sess_|pat_)?[\w.:-]{0,80}$/))
  /** What a header can carry. */
  const inHeader = dead.map((text) => text.replace(/[^\x21-\x7e]/g, ''))

  it('what else is read before it is believed is a refusal, whatever a header, a cookie or a field says', async () => {
    const json = fc.jsonValue({ stringUnit: unit, maxDepth: 2 })
    await fc.assert(
      fc.asyncProperty(inHeader, json, async (text, value) => {
        const headers = {
          authorization: `Bearer ${text}`,
          cookie: `__Host-vestibule-session=${text}; ${text}`,
          'x-csrf-protection': '1',
          'x-forwarded-for': text,
          forwarded: `for=${text}`,
          'x-request-id': text,
          origin: text,
          'sec-fetch-site': text,
          'accept-language': text,
          'user-agent': text,
        }
        const asked = [
          await world().request('GET', '/v1/profile', { headers }),
          await world().request('POST', '/graphql', { headers, json: { query: '{ me { id } }' } }),
          await world().request('POST', '/graphql', { headers: { ...headers, authorization: '' }, json: { query: '{ me { id } }' } }),
          await world().request('GET', `/v1/users/${encodeURIComponent(text)}x`, { token: someone.token }),
          await world().post('/auth/refresh-tokens', { refreshToken: value }),
          await world().post('/auth/logout', { refreshToken: value }),
          await world().post('/v1/auth/verify-totp', { loginCode: value, code: value }),
          await world().post('/v1/security/reset-password', { token: value, password: 'long enough' }),
          await world().request('POST', '/graphql', {
            json: { query: '{ result: users(first: 1) { __typename } }', extensions: { persistedQuery: value }, operationName: value },
          }),
        ]
        for (const { status } of asked) expect(status).toBeLessThan(500)
        expect(world().logs.filter(({ level }) => level === 'error')).toEqual([])
      }),
      { numRuns: runs(25, 60) },
    )
  }, 60_000)
})
