/**
 * `wekan` under settings other than the defaults: prefix, limits, closed registration, production, verification of addresses.
 */
import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { totp, unique, withTwoFactor } from '../../support/accounts.ts'
import { useWorld } from '../../support/world.ts'
import { expectAnswer, ISO, MINUTE, mailedToken, retryAfter, SECOND } from '../support.ts'
import {
  accountError,
  at,
  expectAccountError,
  expectTooMany,
  FORBIDDEN,
  fieldsOf,
  kinds,
  logIn,
  METEOR_ID,
  NOT_FOUND,
  ownDocument,
  REDACTED,
  register,
  UNAUTHORIZED,
  useWekan,
} from './support.ts'

const { world } = useWekan()

describe('the first account', () => {
  const fresh = useWorld({
    CORS_ORIGINS: 'https://boards.example',
    TRUSTED_PROXIES: 'loopback',
    LIMIT_ADDRESS_PER_MINUTE: '6',
    WEKAN_PREFIX: '/boards',
  })

  it('the first account is the administrator: exactly one of several at once', async () => {
    const posts = [1, 2, 3].map(async () => await fresh().post('/boards/users/register', fieldsOf()))
    const tokens = (await Promise.all(posts)).map(({ body }) => body.token)
    const documents = await Promise.all(tokens.map(async (token) => (await fresh().get('/boards/api/user', token)).body))
    expect(documents.filter(({ isAdmin }) => isAdmin === true)).toHaveLength(1)
    expect((await fresh().db.client.user.findMany({ where: { isAdmin: true } })).length).toBe(1)
  })

  describe('WEKAN_PREFIX=/boards', () => {
    it('moves every route below it', async () => {
      expectAnswer(await fresh().get('/boards/api/users'), 401, UNAUTHORIZED)
      expectAccountError(await fresh().get('/boards/users/login'), 405)
      expectAnswer(await fresh().get('/boards/api/unknown'), 404, NOT_FOUND)
    })

    it('WEKAN_PREFIX=/boards leaves nothing where they were', async () => {
      const answer = await fresh().get('/api/users')
      expectAnswer(answer, 404, { message: 'Not found', request_id: answer.headers.get('x-request-id') })
    })
  })

  describe('LIMIT_ADDRESS_PER_MINUTE=6', () => {
    it.each([
      ['sign-in', '/boards/users/login', 'from 192.0.2.1', '192.0.2.1', '192.0.2.2'],
      ['sign-up', '/boards/users/register', 'from one /64', '2001:db8:1:1::1', '2001:db8:1:2::1'],
    ])('%s %s: the seventh %s is 429 with Retry-After', async (_name, path, _from, address, other) => {
      const post = async (from: string) =>
        await fresh().request('POST', path, { json: { username: 'someone', password: '123456' }, headers: { 'x-forwarded-for': from } })
      const from = (round: number) => (address.includes(':') ? `${address}${round}` : address)
      for (let round = 0; round < 6; round += 1) expect((await post(from(round))).status).not.toBe(429)
      const refused = await post(from(6))
      expectTooMany(refused)
      expect(retryAfter(refused)).toBeLessThanOrEqual(60)
      expect((await post(other)).status).not.toBe(429)
      fresh().advance(retryAfter(refused) * SECOND)
      expect((await post(from(7))).status).not.toBe(429)
    })
  })

  it('CORS: an allowed origin gets its headers, another none', async () => {
    const options = async (origin: string) => await fresh().request('OPTIONS', '/boards/api/users', { headers: { origin } })
    const { headers, status } = await options('https://boards.example')
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, 'https://boards.example'])
    expect(headers.get('access-control-allow-methods')).toBe(headers.get('allow'))
    expect((await options('https://other.example')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('a trusted peer’s request id is kept if it is well-formed', async () => {
    const idOf = async (id: string) =>
      (await fresh().request('GET', '/boards/api/user', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await idOf('abc-DEF_123')).toBe('abc-DEF_123')
    for (const id of ['a b', 'x'.repeat(65), '<x>']) expect(await idOf(id)).not.toBe(id)
    const { headers } = await world().request('GET', '/api/user', { headers: { 'x-request-id': 'abc-DEF_123' } })
    expect(headers.get('x-request-id')).not.toBe('abc-DEF_123')
  })
})

describe('REGISTRATION=closed', () => {
  const closed = useWorld(
    {
      REGISTRATION: 'closed',
      ADMIN_EMAIL: 'root@example.com',
      ADMIN_PASSWORD: 'root password',
      LIMIT_HASH_QUEUE: '1',
    },
    { realHashes: true },
  )
  const root = async () => (await closed().post('/users/login', { email: 'root@example.com', password: 'root password' })).body.token

  it.each(kinds)('POST /users/register with %s is 403', async (_kind, send) => {
    const answer = await closed().request('POST', '/users/register', send(fieldsOf()))
    expectAnswer(answer, 403, accountError(403, 'Registration is closed'))
    expect(await closed().db.client.user.count()).toBe(1)
  })

  it('POST /api/users goes on', async () => {
    const { status, body } = await closed().post('/api/users', fieldsOf(), await root())
    expect([status, body._id]).toEqual([200, expect.stringMatching(METEOR_ID)])
  })

  it('LIMIT_HASH_QUEUE=1: what is too much at once is 503 with Retry-After', async () => {
    const posts = Array.from(
      { length: 40 + availableParallelism() },
      async (_none, number) => await logIn(closed(), `nobody${number}`, 'wrong'),
    )
    const refused = (await Promise.all(posts)).filter(({ status }) => status !== 401)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expectAccountError(answer, 503)
  })

  it('the administrator of the settings is one', async () => {
    expect((await closed().get('/api/user', await root())).body.isAdmin).toBe(true)
  })
})

describe('NODE_ENV=production', () => {
  const production = useWorld({ NODE_ENV: 'production', LIMIT_CODE_FAILURES: '2', LIMIT_CODE_FAILURES_HARD: '3' })

  it('the first account is no administrator', async () => {
    const account = await register(production())
    expectAnswer(await production().get('/api/user', account.token), 200, ownDocument(account))
    expectAnswer(await production().get('/api/users', account.token), 403, FORBIDDEN)
  })

  it('LIMIT_CODE_FAILURES_HARD: after so many wrong codes only a recovery code helps', async () => {
    const { username, password, secret, recoveryCodes } = await withTwoFactor(production())
    const send = async (code: string | undefined) => await production().post('/users/login', { username, password, code })
    for (const wait of [0, 0, 30, 60]) {
      production().advance(wait * SECOND)
      const answer = await send(totp(secret, 9))
      if (wait < 60) expect(answer.status).toBe(403)
      else expectTooMany(answer)
    }
    production().advance(15 * MINUTE)
    expectTooMany(await send(totp(secret)))
    production().advance(15 * MINUTE)
    expect((await send(recoveryCodes[0])).status).toBe(200)
    expect((await send(totp(secret))).status).toBe(200)
  })
})

describe('VERIFY_EMAIL=true', () => {
  const verifying = useWorld({ VERIFY_EMAIL: 'true' })

  it('whoever signed up has one verification token until the address is verified, as the document prints it', async () => {
    const root = await register(verifying())
    const { id, email, token } = await register(verifying())
    const tokens = async () => (await verifying().get(at(id), root.token)).body.services.email.verificationTokens
    const one = [{ token: REDACTED, address: email, when: expect.stringMatching(ISO) }]
    expect(await tokens()).toEqual(one)
    verifying().advance(MINUTE)
    await verifying().graphql('mutation { requestEmailVerification { __typename } }', {}, token)
    expect(await tokens()).toEqual(one)
    const address = `new${unique()}@example.com`
    const input = { email: address }
    await verifying().graphql('mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }', { input }, token)
    expect(await tokens()).toEqual([...one, { token: REDACTED, address, when: expect.stringMatching(ISO) }])
    const confirm = 'mutation($input: ConfirmEmailInput!) { result: confirmEmail(input: $input) { __typename ... on Error { code } } }'
    const { body } = await verifying().graphql(confirm, { input: { token: mailedToken(verifying(), email) } })
    expect(body.result).toEqual({ __typename: 'ConfirmEmailSuccess' })
    expect(await tokens()).toEqual([{ token: REDACTED, address, when: expect.stringMatching(ISO) }])
  })
})
