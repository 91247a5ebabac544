/**
 * How a session goes on and ends through GraphQL: refresh, sign-out and the fresh proof, each success and every typed
 * failure, and the session list with its visibility.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, signIn, withTwoFactor } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, chain, DAY, expectFailure, grantScopes, HOUR, isoDate, MINUTE, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const me = (token: string) => query(world(), 'me { id }', token)
const wrong = (of: Person) => ({ identifier: of.email, password: 'not the password' })
const right = (of: Person) => ({ identifier: of.email, password: of.password })
const inMilliseconds = (text: string) => new Date(text).getTime() - Date.now()

/** Disables an account. */
const disable = async ({ id }: Person) => mutate(world(), 'setLoginEnabled', { id, enabled: false }, await adminToken(world()))

describe('refreshSession', () => {
  const go = (refreshToken: string) => mutate(world(), 'refreshSession', { refreshToken })

  it('refreshSession answers with the successor and a fresh access token', async () => {
    const someone = await person(world())
    const result = await go(someone.refreshToken)
    expect(result).toEqual({ __typename: 'RefreshSessionSuccess', user: { id: someone.id }, credentials: chain })
    expect(result.credentials.refreshToken.token).not.toBe(someone.refreshToken)
    expect(await me(result.credentials.accessToken.token)).toEqual({ id: someone.id })
    expect((await go(result.credentials.refreshToken.token)).__typename).toBe('RefreshSessionSuccess')
  })

  it('refreshSession answers with the same successor again within 10 seconds, however far the chain has moved', async () => {
    const someone = await person(world())
    const second = (await go(someone.refreshToken)).credentials.refreshToken.token
    const third = (await go(second)).credentials.refreshToken.token
    world().advance(5_000)
    expect((await go(someone.refreshToken)).credentials.refreshToken.token).toBe(second)
    expect((await go(third)).__typename).toBe('RefreshSessionSuccess')
  })

  it('refreshSession ends the whole session when a spent one comes later, and writes an event', async () => {
    const someone = await person(world())
    const { credentials } = await go(someone.refreshToken)
    world().advance(10_001)
    expectFailure(await go(someone.refreshToken), 'AuthenticationError', 'INVALID_REFRESH_TOKEN')
    expectFailure(await go(credentials.refreshToken.token), 'AuthenticationError', 'INVALID_REFRESH_TOKEN')
    expectFailure(await me(credentials.accessToken.token), 'errors', 'UNAUTHENTICATED')
    const events = await world().db.client.auditEvent.findMany({ where: { userId: someone.id, type: 'session.refresh_reused' } })
    expect(events).toHaveLength(1)
  })

  it.each([
    ['unknown', async () => `rt_${'0'.repeat(36)}.0.${'A'.repeat(43)}`],
    ['an access token', async ({ token }: Person) => token],
    ['from the future', async ({ refreshToken }: Person) => refreshToken.replace(/\.0\./, '.1.')],
    [
      'of a session that ended',
      async ({ token, refreshToken }: Person) => {
        await mutate(world(), 'signOut', undefined, token)
        return refreshToken
      },
    ],
    [
      'of a disabled account',
      async (someone: Person) => {
        await disable(someone)
        return someone.refreshToken
      },
    ],
  ])('refreshSession refuses one that is %s', async (_what, spoil) => {
    const refreshToken = await spoil(await person(world()))
    expectFailure(await go(refreshToken), 'AuthenticationError', 'INVALID_REFRESH_TOKEN')
  })

  it('refreshSession needs one', async () => {
    expectFailure(await go(''), 'InputError', 'INVALID_INPUT', ['refreshToken'])
  })

  it('refreshSession ends 30 days after the last use, and 90 days after the sign-in whatever is refreshed', async () => {
    const idle = await person(world())
    const busy = await person(world())
    let refreshToken = busy.refreshToken
    for (const days of [29, 29, 29]) {
      world().advance(days * DAY)
      const result = await go(refreshToken)
      expect(result.__typename).toBe('RefreshSessionSuccess')
      refreshToken = result.credentials.refreshToken.token
    }
    expectFailure(await go(idle.refreshToken), 'AuthenticationError', 'INVALID_REFRESH_TOKEN')
    world().advance(3 * DAY + MINUTE)
    expectFailure(await go(refreshToken), 'AuthenticationError', 'INVALID_REFRESH_TOKEN')
  })
})

describe('signOut', () => {
  it('signOut ends the session of the request, with all its tokens', async () => {
    const someone = await person(world())
    const elsewhere = await signIn(world(), someone)
    expect(await mutate(world(), 'signOut', undefined, someone.token)).toEqual({ __typename: 'SignOutSuccess', endedSessions: 1 })
    expectFailure(await me(someone.token), 'errors', 'UNAUTHENTICATED')
    expect(await me(elsewhere)).toEqual({ id: someone.id })
    expectFailure(await mutate(world(), 'signOut', undefined, someone.token), 'errors', 'UNAUTHENTICATED')
  })

  it('signOut ends the session of a refresh token, without another', async () => {
    const someone = await person(world())
    expect((await mutate(world(), 'signOut', { refreshToken: someone.refreshToken })).endedSessions).toBe(1)
    expectFailure(await me(someone.token), 'errors', 'UNAUTHENTICATED')
  })

  it('signOut refuses a refresh token that is unknown or was revoked', async () => {
    const { refreshToken } = await person(world())
    await mutate(world(), 'signOut', { refreshToken })
    expectFailure(await mutate(world(), 'signOut', { refreshToken }), 'AuthenticationError', 'INVALID_REFRESH_TOKEN')
    expectFailure(await mutate(world(), 'signOut', { refreshToken: 'rt_no' }), 'AuthenticationError', 'INVALID_REFRESH_TOKEN')
  })

  it('signOut takes a refresh token that was spent too long ago for reuse, once however many bring it at once', async () => {
    const someone = await person(world())
    await mutate(world(), 'refreshSession', { refreshToken: someone.refreshToken })
    // On connections that are open already, requests run side by side.
    await Promise.all(Array.from({ length: 12 }, () => me(someone.token)))
    world().advance(10_001)
    const results = await Promise.all(Array.from({ length: 12 }, () => mutate(world(), 'signOut', { refreshToken: someone.refreshToken })))
    for (const result of results) expectFailure(result, 'AuthenticationError', 'INVALID_REFRESH_TOKEN')
    const events = await world().db.client.auditEvent.findMany({ where: { userId: someone.id, type: { startsWith: 'session.' } } })
    expect(events.map(({ type }) => type)).toEqual(['session.signed_in', 'session.refresh_reused'])
    expectFailure(await me(someone.token), 'errors', 'UNAUTHENTICATED')
  })

  it('signOut needs a session or a refresh token', async () => {
    expectFailure(await mutate(world(), 'signOut'), 'errors', 'UNAUTHENTICATED')
    expectFailure(await mutate(world(), 'signOut', { refreshToken: '' }), 'InputError', 'INVALID_INPUT', ['refreshToken'])
  })
})

describe('signOutEverywhere', () => {
  it('signOutEverywhere ends all sessions of the account, and says how many', async () => {
    const someone = await person(world())
    const tokens = [someone.token, await signIn(world(), someone), await signIn(world(), someone)]
    const result = await mutate(world(), 'signOutEverywhere', undefined, someone.token)
    expect(result).toEqual({ __typename: 'SignOutSuccess', endedSessions: 3 })
    for (const token of tokens) expectFailure(await me(token), 'errors', 'UNAUTHENTICATED')
  })

  it('signOutEverywhere counts no session that had ended by itself', async () => {
    const someone = await person(world())
    world().advance(91 * DAY)
    expect((await mutate(world(), 'signOutEverywhere', undefined, await signIn(world(), someone))).endedSessions).toBe(1)
  })

  it('signOutEverywhere needs a session', async () => {
    expectFailure(await mutate(world(), 'signOutEverywhere'), 'errors', 'UNAUTHENTICATED')
  })
})

describe('reauthenticate', () => {
  it('reauthenticate gives the session a fresh proof', async () => {
    const someone = await person(world())
    world().advance(11 * MINUTE)
    const result = await mutate(world(), 'reauthenticate', { password: PASSWORD }, someone.token)
    const { sessions } = await query(world(), 'me { sessions { id } }', someone.token)
    expect(result).toEqual({ __typename: 'ReauthenticateSuccess', authenticatedAt: isoDate, session: sessions[0] })
    expect(Math.abs(inMilliseconds(result.authenticatedAt))).toBeLessThan(MINUTE)
  })

  it('reauthenticate needs a session', async () => {
    expectFailure(await mutate(world(), 'reauthenticate', { password: PASSWORD }), 'errors', 'UNAUTHENTICATED')
  })

  it('reauthenticate refuses a wrong password', async () => {
    const result = await mutate(world(), 'reauthenticate', { password: 'not mine' }, (await person(world())).token)
    expectFailure(result, 'InputError', 'WRONG_PASSWORD', ['password'])
  })

  it('reauthenticate counts wrong passwords with those of sign-in', async () => {
    const someone = await person(world())
    for (let count = 1; count <= 5; count += 1) await mutate(world(), 'signIn', wrong(someone))
    for (let count = 1; count <= 5; count += 1) await mutate(world(), 'reauthenticate', { password: 'not mine' }, someone.token)
    const result = await mutate(world(), 'reauthenticate', { password: PASSWORD }, someone.token)
    expectFailure(result, 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter: expect.any(Number) })
  })

  it('reauthenticate asks for a code where there is a second factor', async () => {
    const someone = await withTwoFactor(world())
    const reauthenticate = (code?: string) => mutate(world(), 'reauthenticate', { password: PASSWORD, code }, someone.token)
    expectFailure(await reauthenticate(), 'InputError', 'INVALID_INPUT', ['code'])
    expectFailure(await reauthenticate('000000'), 'InputError', 'WRONG_CODE', ['code'])
    expect((await reauthenticate(someone.code())).__typename).toBe('ReauthenticateSuccess')
  })
})

describe('sessions', () => {
  const SESSIONS = 'sessions { id surface current hasResumeToken clientAddress userAgent createdAt lastSeenAt authenticatedAt expiresAt }'

  it("sessions are listed with their surfaces, newest first, and the caller's own is marked", async () => {
    const someone = await person(world())
    world().advance(1000)
    await world().post('/users/login', { email: someone.email, password: PASSWORD })
    world().advance(1000)
    await world().post('/v1/auth/login', { email: someone.email, password: PASSWORD })
    world().advance(1000)
    await world().post('/auth/login', { email: someone.email, password: PASSWORD })
    const { sessions } = await query(world(), `me { ${SESSIONS} }`, someone.token)
    const listed = (surface: unknown, hasResumeToken = false, current = false) => ({
      id: expect.stringMatching(/^Session:[0-9a-f-]{36}$/),
      surface,
      current,
      hasResumeToken,
      clientAddress: '127.0.0.1',
      userAgent: 'node',
      createdAt: isoDate,
      lastSeenAt: isoDate,
      authenticatedAt: isoDate,
      expiresAt: isoDate,
    })
    const v1 = expect.stringMatching(/^(IDIOT|XIOT)$/)
    expect(sessions).toEqual([listed('AUTHENTICATION'), listed(v1), listed('WEKAN', true), listed('GRAPHQL', false, true)])
  })

  it('lists no session that has ended', async () => {
    const someone = await person(world())
    const elsewhere = await signIn(world(), someone)
    await mutate(world(), 'signOut', undefined, elsewhere)
    expect((await query(world(), `me { ${SESSIONS} }`, someone.token)).sessions).toHaveLength(1)
  })

  const sessionsOf = async ({ id }: Person, token: string) =>
    await query(world(), `user(by: { id: "${id}" }) { sessions { current } }`, token)

  it('sessions are FORBIDDEN to others, also to those who read all users', async () => {
    const [someone, reader] = [await person(world()), await person(world())]
    expectFailure(await sessionsOf(someone, reader.token), 'errors', 'FORBIDDEN')
    await grantScopes(world(), reader, ['users:read'])
    expectFailure(await sessionsOf(someone, reader.token), 'errors', 'FORBIDDEN')
  })

  it('sessions are listed for an administrator', async () => {
    expect(await sessionsOf(await person(world()), await adminToken(world()))).toEqual({ sessions: [{ current: false }] })
  })

  it('sessions are nodes, for their owner and administrators only', async () => {
    const someone = await person(world())
    const { sessions } = await query(world(), `me { ${SESSIONS} }`, someone.token)
    const node = `node(id: "${sessions[0].id}") { __typename id ... on Session { current } }`
    const found = { __typename: 'Session', id: sessions[0].id }
    expect(await query(world(), node, someone.token)).toEqual({ ...found, current: true })
    expect(await query(world(), node, await adminToken(world()))).toEqual({ ...found, current: false })
    expect(await query(world(), node, (await person(world())).token)).toBeNull()
    expect(await query(world(), node)).toBeNull()
    await mutate(world(), 'signOutEverywhere', undefined, someone.token)
    expect(await query(world(), node, await adminToken(world()))).toBeNull()
  })

  it.each(['Session:', 'Session:nobody', 'Session:a\\u0000b'])('node(id: "%s") is null', async (id) => {
    expect(await query(world(), `node(id: "${id}") { id }`, await adminToken(world()))).toBeNull()
  })
})

describe('an access token', () => {
  it('an access token ends 30 minutes after it was made', async () => {
    const someone = await person(world())
    world().advance(29 * MINUTE)
    expect(await me(someone.token)).toEqual({ id: someone.id })
    world().advance(MINUTE + 1000)
    expectFailure(await me(someone.token), 'errors', 'UNAUTHENTICATED')
    expect((await mutate(world(), 'refreshSession', { refreshToken: someone.refreshToken })).__typename).toBe('RefreshSessionSuccess')
  })

  it('an access token of no kind is a refresh token, a login code or nonsense', async () => {
    const someone = await withTwoFactor(world())
    const { loginCode } = await mutate(world(), 'signIn', right(someone))
    for (const token of [someone.refreshToken, loginCode, 'nonsense', `${someone.token}x`, 'x'.repeat(5000)])
      expectFailure(await me(token), 'errors', 'UNAUTHENTICATED')
  })

  it('an access token of every surface is a session of GraphQL', async () => {
    const someone = await person(world())
    const login = { email: someone.email, password: PASSWORD }
    const [v1, wekan, authentication] = [
      await world().post('/v1/auth/login', login),
      await world().post('/users/login', login),
      await world().post('/auth/login', login),
    ]
    const tokens = [v1.body.token, v1.body.accessToken, wekan.body.token, authentication.body.tokens.access.token]
    expect(await Promise.all(tokens.map(me))).toEqual(tokens.map(() => ({ id: someone.id })))
  })

  it('an access token of /v1 lives 24 hours', async () => {
    const someone = await person(world())
    const { body } = await world().post('/v1/auth/login', { email: someone.email, password: PASSWORD })
    world().advance(24 * HOUR - MINUTE)
    expect(await me(body.token)).toEqual({ id: someone.id })
    expect(await me(body.accessToken)).toEqual({ id: someone.id })
    world().advance(MINUTE)
    expectFailure(await me(body.token), 'errors', 'UNAUTHENTICATED')
    expectFailure(await me(body.accessToken), 'errors', 'UNAUTHENTICATED')
  })
})
