/**
 * What the contract tests of `idiot` and `xiot` share: the one error body of `/v1`, every text that is no live access
 * token, and the cases that each of their routes has to answer alike.
 */
import { createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { type CryptoKey, decodeJwt, decodeProtectedHeader, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { admin, type Person, person, withTwoFactor } from '../support/accounts.ts'
import { type Answer, useWorld, type World } from '../support/world.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const ORIGIN = 'https://app.example.com'

/** Any text but the empty one. */
export const someText = expect.stringMatching(/./)
export const aUuid = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
export const aDate = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

const expectHeaders = ({ headers }: Answer): void => {
  expect(headers.get('content-type')).toMatch(/^application\/json; ?charset=utf-8$/i)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
}

/** 200 with exactly this body. */
export const expectOk = (answer: Answer, body: unknown): void => {
  expect(answer.body).toEqual(body)
  expect(answer.status).toBe(200)
  expectHeaders(answer)
}

interface Problem {
  readonly message?: string
  /** The fields at fault, or their texts. */
  readonly errors?: readonly string[] | Readonly<Record<string, unknown>>
  readonly challenge?: string
}

/** An error of `/v1`, whole: the body, its headers, and a challenge with 401 only. */
export const expectProblem = (answer: Answer, status: number, { message, errors, challenge = 'Bearer' }: Problem = {}): void => {
  const texts = Array.isArray(errors) ? Object.fromEntries(errors.map((field) => [field, someText])) : errors
  expect(answer.body).toEqual({
    statusCode: status,
    message: message ?? someText,
    ...(texts === undefined ? {} : { errors: texts }),
    request_id: answer.headers.get('x-request-id'),
  })
  expect(answer.status).toBe(status)
  expectHeaders(answer)
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? challenge : null)
}

export const expectInvalid = (answer: Answer, errors: Problem['errors'] & {}): void =>
  expectProblem(answer, 400, { message: 'Validation errors', errors })

/** 429, and how long to wait. */
export const expectTooMany = (answer: Answer): number => {
  expectProblem(answer, 429)
  const wait = Number(answer.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  return wait
}

/** Signs in through `/v1`. */
export const enter = async (world: World, { email, password }: Pick<Person, 'email' | 'password'>): Promise<Answer['body']> => {
  const { body, status } = await world.post('/v1/auth/login', { email, password })
  if (status !== 200) throw new Error(`sign-in failed: ${JSON.stringify(body)}`)
  return body
}

/** The code that the first half of a two-factor sign-in answers with. */
export const loginCodeOf = async (world: World, who: Pick<Person, 'email' | 'password'>): Promise<string> =>
  (await enter(world, who)).loginCode

/** Asks for a reset mail and takes the token out of it. */
export const resetTokenOf = async (world: World, { email }: Pick<Person, 'email'>): Promise<string> => {
  const { status } = await world.post('/v1/security/forget-password', { email })
  const token = /#token=([\w-]+)/.exec(world.mails.at(-1)?.text ?? '')?.[1]
  if (status !== 200 || token === undefined) throw new Error('no reset mail')
  return token
}

export const disable = async (world: World, id: string, byToken: string): Promise<void> => {
  const { status } = await world.put(`/api/users/${id}`, { action: 'disableLogin' }, byToken)
  if (status !== 200) throw new Error('the account was not disabled')
}

/** Registers through `wekan`; its token lives 90 days. */
export const wekanPerson = async (world: World, body: Record<string, unknown>): Promise<{ id: string; token: string }> =>
  (await world.post('/users/register', body)).body

/** A request that `fetch` would not make: a body on GET, a `Host` of one's own. */
export const rawRequest = async (
  world: World,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number | undefined; text: string }> =>
  await new Promise((resolve, reject) => {
    const sent = httpRequest(world.url + path, { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.once('end', () => resolve({ status: answer.statusCode, text }))
    })
    sent.once('error', reject).end(body)
  })

/** Every text that a client may hold and that is no live access token. */
export const NO_TOKENS = [
  'an unknown sess_ token',
  'an unknown token in the form of Wekan',
  'nonsense',
  'a refresh token',
  'a login code',
  'a reset token',
  'a sess_ token that has expired',
  'a JWT that has expired',
  'a sess_ token after logout',
  'the JWT of the same session after logout',
  'the token of a disabled account',
  'the token of a deleted account',
  'a JWT without a signature (alg none)',
  'a JWT whose claims were changed',
  'a JWT signed by a foreign key',
  'a JWT that brings its own key',
  'a JWT signed with the public key as a secret (HS256)',
] as const
type NoToken = (typeof NO_TOKENS)[number]

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const forgeries = async (world: World, jwt: string): Promise<Partial<Record<NoToken, string>>> => {
  const [header, , signature] = jwt.split('.')
  const claims = decodeJwt(jwt)
  const protectedHeader = decodeProtectedHeader(jwt)
  const foreign = await generateKeyPair('ES256', { extractable: true })
  const signed = async (more: object) =>
    await new SignJWT(claims).setProtectedHeader({ ...protectedHeader, alg: 'ES256', ...more }).sign(foreign.privateKey)
  const { body: jwks } = await world.get('/.well-known/jwks.json')
  const publicKey = await exportSPKI((await importJWK(jwks.keys[0])) as CryptoKey)
  const unsigned = `${part({ ...protectedHeader, alg: 'HS256' })}.${part(claims)}`
  return {
    'a JWT without a signature (alg none)': `${part({ ...protectedHeader, alg: 'none' })}.${part(claims)}.`,
    'a JWT whose claims were changed': `${header}.${part({ ...claims, exp: Number(claims.exp) + 1 })}.${signature}`,
    'a JWT signed by a foreign key': await signed({}),
    'a JWT that brings its own key': await signed({ jwk: await exportJWK(foreign.publicKey) }),
    'a JWT signed with the public key as a secret (HS256)': `${unsigned}.${createHmac('sha256', publicKey).update(unsigned).digest('base64url')}`,
  }
}

/** Makes them all; time moves on by a day first. */
const makeNoTokens = async (world: World): Promise<Readonly<Record<NoToken, string>>> => {
  const someone = await person(world)
  const expired = await enter(world, someone)
  world.advance(24 * HOUR + 1)
  const adminToken = (await enter(world, await admin(world))).token
  const disabled = await person(world)
  const deleted = await person(world)
  const left = await enter(world, someone)
  await world.post('/v1/auth/logout', undefined, left.token)
  await disable(world, disabled.id, adminToken)
  await world.delete(`/v1/users/${deleted.id}`, adminToken)
  return {
    'an unknown sess_ token': `sess_${'0'.repeat(32)}:${'A'.repeat(43)}`,
    'an unknown token in the form of Wekan': 'B'.repeat(43),
    nonsense: 'x',
    'a refresh token': (await person(world)).refreshToken,
    'a login code': await loginCodeOf(world, await withTwoFactor(world)),
    'a reset token': await resetTokenOf(world, someone),
    'a sess_ token that has expired': expired.token,
    'a JWT that has expired': expired.accessToken,
    'a sess_ token after logout': left.token,
    'the JWT of the same session after logout': left.accessToken,
    'the token of a disabled account': disabled.token,
    'the token of a deleted account': deleted.token,
    ...(await forgeries(world, (await enter(world, someone)).accessToken)),
  } as Record<NoToken, string>
}

export interface V1World {
  (): World
  /** The `sess_` token of the administrator, good for 24 hours from the first test on. */
  admin(): string
  noToken(kind: NoToken): string
}

/** One world for the routes of a file, with an administrator and every dead token. */
export function useV1World(): V1World {
  const world = useWorld({ TRUSTED_PROXIES: 'loopback', CORS_ORIGINS: ORIGIN })
  let adminToken = ''
  let noTokens: Readonly<Record<NoToken, string>> | undefined
  beforeAll(async () => {
    await admin(world())
    noTokens = await makeNoTokens(world())
    adminToken = (await enter(world(), await admin(world()))).token
  }, 60_000)
  return Object.assign(() => world(), {
    admin: () => adminToken,
    noToken: (kind: NoToken) => noTokens?.[kind] ?? '',
  })
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** A path to call; an id in it need not exist. */
  readonly path: string
  /** All methods of the path, as documented. */
  readonly methods: readonly string[]
  readonly who: 'anyone' | 'session'
  /** The fields that the body cannot lack; undefined where no body is read. */
  readonly required?: readonly string[]
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']

const listOf = (header: string | null): string[] => (header ?? '').split(/, */).sort()

/** The cases that come before anybody looks at who calls: so nobody does. */
function frontCases(world: V1World, { method, path, methods }: Route): void {
  const served = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  const allow = [...served, 'OPTIONS'].sort()

  it.each(METHODS.filter((other) => !served.includes(other)))('405 for %s, with Allow', async (other) => {
    const answer = await world().request(other, path)
    expect(answer.status).toBe(405)
    expect(listOf(answer.headers.get('allow'))).toEqual(allow)
    if (other === 'HEAD') expect(answer.text).toBe('')
    else expectProblem(answer, 405)
  })

  it('OPTIONS: 204 with Allow, and CORS for an origin of the settings', async () => {
    const answer = await world().request('OPTIONS', path, { headers: { origin: ORIGIN, 'access-control-request-method': method } })
    expect(answer.status).toBe(204)
    expect(answer.text).toBe('')
    expect(listOf(answer.headers.get('allow'))).toEqual(allow)
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(listOf(answer.headers.get('access-control-allow-methods'))).toContain(method)
    expect(listOf(answer.headers.get('access-control-allow-headers'))).toEqual(expect.arrayContaining(['authorization', 'content-type']))
  })

  it('no CORS for another origin', async () => {
    const answer = await world().request('OPTIONS', path, { headers: { origin: 'https://evil.example' } })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('a trailing slash is none', async () => {
    const [plain, slashed] = [await world().request(method, path), await world().request(method, `${path}/`)]
    expect(slashed.status).toBe(plain.status)
    expect({ ...slashed.body, request_id: '' }).toEqual({ ...plain.body, request_id: '' })
  })

  it('400 for a repeated query parameter', async () => {
    expectProblem(await world().request(method, `${path}?a=1&a=2`), 400)
  })

  if (method === 'POST' || method === 'PUT') {
    it('413 for more than 100 KiB', async () => {
      expectProblem(await world().request(method, path, { json: { padding: 'x'.repeat(100 * 1024) } }), 413)
    })

    it('413 goes before 415', async () => {
      const answer = await world().request(method, path, { raw: 'x'.repeat(100 * 1024 + 1), headers: { 'content-type': 'text/plain' } })
      expectProblem(answer, 413)
    })
  }
}

const UNPARSABLE: readonly [string, string | Uint8Array][] = [
  ['broken JSON', '{"email":'],
  ['two values', '{}{}'],
  ['an array', '[]'],
  ['a string', '"text"'],
  ['null', 'null'],
  ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
]

function bodyCases(world: V1World, { method, path, who, required = [] }: Route): void {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml'])('415 for %s', async (type) => {
    expectProblem(await world().request(method, path, { raw: 'a=b', headers: { 'content-type': type } }), 415)
  })

  it.each(UNPARSABLE)('400 for a body that cannot be read: %s', async (_name, raw) => {
    expectProblem(await world().request(method, path, { raw, headers: { 'content-type': 'application/json' } }), 400)
  })

  if (required.length === 0) return
  const token = () => (who === 'anyone' ? undefined : world.admin())

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])('reads %s', async (type) => {
    expectInvalid(await world().request(method, path, { raw: '{}', headers: { 'content-type': type }, token: token() }), required)
  })

  it('400 without a body, all fields at once', async () => {
    expectInvalid(await world().request(method, path, { token: token() }), required)
  })

  it('400 for null in each required field', async () => {
    const json = Object.fromEntries(required.map((field) => [field, null]))
    expectInvalid(await world().request(method, path, { json, token: token() }), required)
  })

  it.each(required)('400 for a missing %s, although the query has it', async (field) => {
    const answer = await world().request(method, `${path}?${field}=12345678`, { json: {}, token: token() })
    expectProblem(answer, 400, { message: 'Validation errors', errors: required })
  })
}

function sessionCases(world: V1World, { method, path }: Route): void {
  const bare = (headers: Record<string, string>) => world().request(method, path, { headers })

  it('401 without a token, before fields are looked at', async () => {
    expectProblem(await world().request(method, path), 401)
  })

  it.each(NO_TOKENS)('401 with %s', async (kind) => {
    const text = world.noToken(kind)
    expect(text).not.toBe('')
    expectProblem(await bare({ authorization: `Bearer ${text}` }), 401)
  })

  it('401 with a live token under another scheme', async () => {
    expectProblem(await bare({ authorization: `Basic ${world.admin()}` }), 401)
  })

  it.each(['access_token', 'token', 'authorization'])('401 with a live token in the query as %s', async (name) => {
    expectProblem(await world().request(method, `${path}?${name}=${encodeURIComponent(world.admin())}`), 401)
  })
}

/** Registers what every route of `/v1` has to answer alike. */
export function commonCases(world: V1World, route: Route): void {
  frontCases(world, route)
  if (route.required !== undefined) bodyCases(world, route)
  if (route.who === 'session') sessionCases(world, route)
}
