/**
 * Rules of sessions that only show when something else is in the way: a JWT for what no JWT is for, an account that was disabled by
 * another hand, a sign-in under way, a key that has just been retired.
 */
import { randomBytes } from 'node:crypto'
import { importJWK, type JWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createSecretBox } from '../src/domain/keys/secretBox.ts'
import { HOUR, MINUTE, mutate } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn } from './support/accounts.ts'
import { restoreTimeAfterwards } from './support/clock.ts'
import { useDatabase } from './support/database.ts'
import { openWorld, useWorld, type World } from './support/world.ts'

const SECRET_KEY = 'a secret key of these tests, long enough'

describe('a JWT that our own key signed', () => {
  const world = useWorld({}, { secretKeys: [SECRET_KEY] })
  beforeAll(async () => void (await admin(world())))

  const sign = async (sub: string, sid: string): Promise<string> => {
    const { kid, privateJwk } = await world().db.client.signingKey.findFirstOrThrow()
    const opened = createSecretBox([SECRET_KEY], randomBytes).open(privateJwk, `signing_keys.private_jwk:${kid}`)
    return await new SignJWT({ id: sub, sid })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .setSubject(sub)
      .setJti('a token of this test')
      .setIssuedAt()
      .setExpirationTime('10m')
      .setIssuer('http://vestibule.test')
      .setAudience('vestibule')
      .sign(await importJWK(JSON.parse(opened) as JWK, 'ES256'))
  }
  const sessionOf = async ({ id }: Person, kind: string) =>
    (await world().db.client.session.findFirstOrThrow({ where: { userId: id, kind } })).id
  const statusOf = async (token: string) => (await world().get('/v1/profile', token)).status

  it('a JWT that our own key signed opens a session of bearers', async () => {
    const someone = await person(world())
    expect(await statusOf(await sign(someone.id, await sessionOf(someone, 'token')))).toBe(200)
  })

  it("a JWT that our own key signed opens no session of somebody else's", async () => {
    const [someone, other] = [await person(world()), await person(world())]
    expect(await statusOf(await sign(other.id, await sessionOf(someone, 'token')))).toBe(401)
  })

  it('a JWT that our own key signed opens no session in a cookie', async () => {
    const someone = await person(world())
    const query = 'mutation($input: SignInInput!) { signIn(input: $input) { __typename } }'
    const variables = { input: { identifier: someone.email, password: PASSWORD, transport: 'COOKIE' } }
    await world().request('POST', '/graphql', { json: { query, variables }, headers: { 'x-csrf-protection': '1' } })
    expect(await statusOf(await sign(someone.id, await sessionOf(someone, 'cookie')))).toBe(401)
  })
})

describe('an account that was disabled past the operation', () => {
  const world = useWorld()
  beforeAll(async () => void (await admin(world())))

  it('refreshes nothing, and goes on when it is enabled again', async () => {
    const someone = await person(world())
    const disable = async (loginDisabled: boolean) =>
      await world().db.client.user.update({ where: { id: someone.id }, data: { loginDisabled } })
    const refresh = async () => (await world().post('/auth/refresh-tokens', { refreshToken: someone.refreshToken })).status
    await disable(true)
    expect(await refresh()).toBe(401)
    expect((await world().get('/v1/profile', someone.token)).status).toBe(401)
    await disable(false)
    expect(await refresh()).toBe(200)
  })
})

describe('a sign-in whose password is still being looked at', () => {
  const world = useWorld({ ARGON2_MEMORY_KIB: '65536', ARGON2_PASSES: '12' }, { realHashes: true })

  it.each([
    ['comes to nothing when the account is disabled and enabled meanwhile', [false, true], 401],
    ['goes on when the account, which is enabled, is enabled again meanwhile', [true], 200],
  ] as const)('a sign-in whose password is still being looked at %s', { timeout: 120_000 }, async (_what, changes, expected) => {
    const boss = await admin(world())
    const someone = await person(world())
    for (let attempt = 1; ; attempt += 1) {
      let isAnswered = false
      const under = world()
        .post('/auth/login', { email: someone.email, password: PASSWORD })
        .finally(() => {
          isAnswered = true
        })
      await new Promise((resolve) => setTimeout(resolve, 100))
      for (const enabled of changes)
        expect((await mutate(world(), 'setLoginEnabled', { id: someone.id, enabled }, boss.token)).__typename).toBe(
          'SetLoginEnabledSuccess',
        )
      const wasInTime = !isAnswered
      const { status } = await under
      if (wasInTime) return expect(status).toBe(expected)
      if (attempt === 5) throw new Error('the password was always looked at before the account was disabled')
    }
  })
})

describe('a signing key that was retired', () => {
  const database = useDatabase()
  restoreTimeAfterwards()
  const PAUSE = 10 * MINUTE
  let one: World
  let other: World
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    one = await openWorld({}, { db: database() })
    await admin(one)
    other = await openWorld({}, { db: database() })
  })
  afterAll(async () => {
    vi.useRealTimers()
    await one.close()
    await other.close()
  })

  it('verifies what another process signed with it until that looked again, and then goes', async () => {
    const someone = await person(one)
    expect((await mutate(one, 'rotateSigningKey', undefined, await signIn(one, await admin(one)))).kid).toMatch(/^[\w-]{43}$/)
    one.advance(50 * MINUTE)
    const late = (await other.post('/v1/auth/login', { email: someone.email, password: PASSWORD })).body.accessToken
    const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
    expect(kidOf(late)).toBe(kidOf(someone.token))
    one.advance(23.5 * HOUR)
    const clean = async () => {
      await one.db.client.rateLimit.create({ data: { key: 'expired', expire: BigInt(Date.now() - 1) } })
      vi.advanceTimersByTime(PAUSE)
      await vi.waitUntil(async () => (await one.db.client.rateLimit.count({ where: { key: 'expired' } })) === 0, 10_000)
      await vi.waitUntil(async () => (await one.get('/.well-known/jwks.json')).status === 200, 10_000)
    }
    await clean()
    for (const server of [one, other]) expect((await server.get('/v1/profile', late)).status).toBe(200)
    expect(await one.db.client.signingKey.count()).toBe(2)
    one.advance(HOUR)
    await clean()
    await vi.waitUntil(async () => (await one.db.client.signingKey.count()) === 1, 10_000)
    expect((await one.get('/v1/profile', late)).status).toBe(401)
  })
})
