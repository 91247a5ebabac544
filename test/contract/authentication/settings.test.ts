/**
 * `authentication` under settings other than the defaults: limits of an address, prefix, lives of tokens, CORS.
 */
import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { unique } from '../../support/accounts.ts'
import { type Answer, useWorld } from '../../support/world.ts'
import { DAY, expectAnswer, expectLife, MINUTE, mailedToken, retryAfter, SECOND } from '../support.ts'
import { BAD_LOGIN, expectError, expectInvalid, expectTooMany, failure, fieldsOf, PLEASE_AUTHENTICATE, register } from './support.ts'

describe('TRUSTED_PROXIES=loopback, LIMIT_ADDRESS_PER_MINUTE=16', () => {
  const behind = useWorld({ TRUSTED_PROXIES: 'loopback', LIMIT_ADDRESS_PER_MINUTE: '16' })
  const post = async (from: string, path: string, json: unknown) =>
    await behind().request('POST', path, { json, headers: { 'x-forwarded-for': from } })

  it('ten wrong passwords from one address: another address does not wait', async () => {
    const { email, password } = await register(behind())
    const logInFrom = async (from: string, given: string) => await post(from, '/auth/login', { email, password: given })
    for (let round = 0; round < 10; round += 1) expectAnswer(await logInFrom(`198.51.100.${round}, 192.0.2.1`, 'wrong'), 401, BAD_LOGIN)
    expectTooMany(await logInFrom('192.0.2.1', password))
    expect((await logInFrom('192.0.2.2', password)).status).toBe(200)
  })

  it('of IPv6 a /64 is one address', async () => {
    const { email, password } = await register(behind())
    const logInFrom = async (from: string, given: string) => await post(from, '/auth/login', { email, password: given })
    for (let round = 0; round < 10; round += 1) expectAnswer(await logInFrom(`2001:db8::${round + 1}`, 'wrong'), 401, BAD_LOGIN)
    expectTooMany(await logInFrom('2001:db8::ffff', password))
    expect((await logInFrom('2001:db8:0:1::1', password)).status).toBe(200)
  })

  it('sign-in, sign-up, refresh and reset attempts of an address count together: beyond, each is 429 for at most a minute', async () => {
    const attempts: readonly [string, () => object][] = [
      ['/auth/login', () => ({ email: `nobody${unique()}@example.com`, password: 'wrong' })],
      ['/auth/register', fieldsOf],
      ['/auth/refresh-tokens', () => ({ refreshToken: 'string' })],
      ['/auth/reset-password?token=string', () => ({ password: 'another word' })],
    ]
    const fromAll = async (from: string) => {
      const answers: Answer[] = []
      for (const [path, json] of attempts) answers.push(await post(from, path, json()))
      return answers
    }
    for (let round = 0; round < 4; round += 1)
      expect((await fromAll('203.0.113.1')).map(({ status }) => status)).toEqual([401, 201, 401, 401])
    const refused = await fromAll('203.0.113.1')
    for (const answer of refused) {
      expectTooMany(answer)
      expect(retryAfter(answer)).toBeLessThanOrEqual(60)
    }
    expectTooMany(await post('203.0.113.1', '/auth/forgot-password', { email: 'nobody@example.com' }))
    expect((await post('203.0.113.2', '/auth/refresh-tokens', { refreshToken: 'string' })).status).toBe(401)
    behind().advance(retryAfter(refused[0] as Answer) * SECOND)
    expect((await fromAll('203.0.113.1')).map(({ status }) => status)).toEqual([401, 201, 401, 401])
  })
})

describe('settings', () => {
  const overload = 40 + availableParallelism()
  const root = { email: 'root@example.com', password: 'the first password' }
  const set = useWorld(
    {
      REGISTRATION: 'closed',
      ADMIN_EMAIL: root.email,
      ADMIN_PASSWORD: root.password,
      ACCESS_TOKEN_LIFE: '5m',
      REFRESH_TOKEN_LIFE: '2d',
      MAX_SESSIONS: '3',
      LIMIT_HASH_QUEUE: '1',
      CORS_ORIGINS: 'https://app.example',
      COMMON_PASSWORDS_DIALECTS: 'true',
      AUTHENTICATION_PREFIX: '/identity',
    },
    { realHashes: true },
  )
  const enter = async () => await set().post('/identity/auth/login', root)

  it('REGISTRATION=closed: 403 in the dialect’s body', async () => {
    expectAnswer(await set().post('/identity/auth/register', fieldsOf()), 403, failure(403, 'Registration is closed'))
    expect(await set().db.client.user.count()).toBe(1)
  })

  it('AUTHENTICATION_PREFIX moves every route, and leaves nothing', async () => {
    expectError(await set().get('/identity/auth'), 405)
    const answer = await set().post('/auth/login', root)
    expectAnswer(answer, 404, { message: 'Not found', request_id: answer.headers.get('x-request-id') })
  })

  it('ACCESS_TOKEN_LIFE and REFRESH_TOKEN_LIFE', async () => {
    const before = Date.now()
    const { access, refresh: refreshed } = (await enter()).body.tokens
    expectLife(access.expires, 5 * MINUTE, before)
    expectLife(refreshed.expires, 2 * DAY, before)
    set().advance(5 * MINUTE)
    expectAnswer(await set().post('/identity/auth', undefined, access.token), 401, PLEASE_AUTHENTICATE)
  })

  it('MAX_SESSIONS: beyond, the session not used for the longest time ends', async () => {
    const tokens: string[] = []
    for (let round = 0; round < 4; round += 1) {
      set().advance(SECOND)
      tokens.push((await enter()).body.tokens.access.token)
    }
    const statuses: number[] = []
    for (const bearer of tokens) statuses.push((await set().post('/identity/auth', undefined, bearer)).status)
    expect(statuses).toEqual([401, 200, 200, 200])
  })

  it('COMMON_PASSWORDS_DIALECTS=true: a common password is 400, and the token is not spent', async () => {
    await set().post('/identity/auth/forgot-password', { email: root.email })
    const target = `/identity/auth/reset-password?token=${mailedToken(set(), root.email)}`
    expectInvalid(await set().post(target, { password: 'password' }), ['password'])
    expect((await set().post(target, { password: root.password })).status).toBe(200)
  })

  it('LIMIT_HASH_QUEUE=1: what is too much at once is 503 with Retry-After', async () => {
    const posts = Array.from(
      { length: overload },
      async (_none, number) => await set().post('/identity/auth/login', { email: `nobody${number}@example.com`, password: 'wrong' }),
    )
    const refused = (await Promise.all(posts)).filter(({ status }) => status !== 401)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expectError(answer, 503)
  })

  it('CORS_ORIGINS: an allowed origin may read failures too, another may not', async () => {
    const origins = async (method: string, origin: string) =>
      (await set().request(method, '/identity/auth', { headers: { origin } })).headers.get('access-control-allow-origin')
    for (const method of ['OPTIONS', 'POST']) {
      expect(await origins(method, 'https://app.example')).toBe('https://app.example')
      expect(await origins(method, 'https://other.example')).toBeNull()
    }
  })
})
