/**
 * What one account can write by repeating what succeeds: changes are bounded by the hour, whatever the session and surface, and what
 * changes nothing leaves nothing.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { DAY, expectFailure, HOUR, mutate } from './graphql/ask.ts'
import { admin, PASSWORD, person, signIn, unique } from './support/accounts.ts'
import { useWorld } from './support/world.ts'

describe('changes of one’s own account', () => {
  const world = useWorld({ LIMIT_CHANGES: '5', PERSONAL_TOKEN_LIFE: '365d' })
  beforeAll(async () => {
    await admin(world())
  })
  const eventsOf = async (userId: string, type: string) => await world().db.client.auditEvent.count({ where: { userId, type } })
  const rename = async (token: string, name = `Name ${unique()}`) => await mutate(world(), 'updateProfile', { name }, token)

  it("changes of one's own account are five an hour: the next is refused on every surface and from every session, and leaves one event", async () => {
    const someone = await person(world())
    const other = await signIn(world(), someone)
    for (let count = 1; count <= 5; count += 1)
      expect((await rename(count % 2 === 0 ? someone.token : other)).__typename).toBe('UpdateProfileSuccess')
    expectFailure(await rename(someone.token), 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter: expect.any(Number) })
    const { status, headers, body } = await world().put('/v1/profile', { firstName: 'Grace' }, other)
    expect([status, body.statusCode, body.message]).toEqual([429, 429, 'Too many requests'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(3_000)
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(3_600)
    expect(await eventsOf(someone.id, 'account.profile_updated')).toBe(5)
    expect(await eventsOf(someone.id, 'limit.reached')).toBe(1)
    expect((await rename((await person(world())).token)).__typename).toBe('UpdateProfileSuccess')
    world().advance(HOUR)
    expect((await rename(await signIn(world(), someone))).__typename).toBe('UpdateProfileSuccess')
  })

  it("changes of one's own account that were refused are not counted", async () => {
    const { token } = await person(world())
    for (let count = 1; count <= 8; count += 1) expectFailure(await rename(token, ''), 'InputError', 'INVALID_INPUT', ['name'])
    for (let count = 1; count <= 5; count += 1) expect((await rename(token)).__typename).toBe('UpdateProfileSuccess')
  })

  it("changes of one's own account of several kinds are counted together, and what revokes a token is not one of them", async () => {
    const someone = await person(world())
    const make = async () =>
      await mutate(
        world(),
        'createPersonalAccessToken',
        { name: `token ${unique()}`, scopes: [], expiresAt: new Date(Date.now() + DAY).toISOString() },
        someone.token,
      )
    await rename(someone.token)
    for (let count = 1; count <= 3; count += 1) {
      const { personalAccessToken } = await make()
      const revoked = await mutate(world(), 'revokePersonalAccessToken', { id: personalAccessToken.id }, someone.token)
      expect(revoked.__typename).toBe('RevokePersonalAccessTokenSuccess')
    }
    expect((await make()).__typename).toBe('CreatePersonalAccessTokenSuccess')
    expectFailure(await make(), 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter: expect.any(Number) })
    expect(await eventsOf(someone.id, 'token.created')).toBe(4)
  })

  it("changes of one's own account by whoever has a stolen token keep the owner neither from ending its session nor from a new password", async () => {
    const owner = await person(world())
    const stolen = await signIn(world(), owner)
    for (let count = 1; count <= 6; count += 1) await rename(stolen)
    expect((await mutate(world(), 'endOtherSessions', undefined, owner.token)).__typename).toBe('EndOtherSessionsSuccess')
    expect((await world().get('/v1/profile', stolen)).status).toBe(401)
    const again = await signIn(world(), owner)
    for (let count = 1; count <= 6; count += 1) await mutate(world(), 'endOtherSessions', undefined, again)
    const passwords = { oldPassword: PASSWORD, newPassword: 'another good one' }
    expect((await mutate(world(), 'changePassword', passwords, again)).__typename).toBe('ChangePasswordSuccess')
  })

  it("changes of one's own account never keep anybody from signing out", async () => {
    const someone = await person(world())
    for (let count = 1; count <= 6; count += 1) await rename(someone.token)
    expect((await world().post('/v1/auth/logout', undefined, someone.token)).status).toBe(200)
  })

  it("changes of one's own account in parallel are five too", async () => {
    const { id, token } = await person(world())
    const results = await Promise.all(Array.from({ length: 12 }, async () => await rename(token)))
    expect(results.filter(({ __typename }) => __typename === 'UpdateProfileSuccess')).toHaveLength(5)
    expect(await eventsOf(id, 'account.profile_updated')).toBe(5)
  })

  it("changes of one's own account that change nothing write nothing", async () => {
    const { id, token } = await person(world())
    const profile = { firstName: 'Grace', lastName: 'Hopper', phone: '01012345678', bio: 'Rear admiral', locale: 'AR' }
    await mutate(world(), 'updateProfile', profile, token)
    const before = await world().db.client.user.findUniqueOrThrow({ where: { id } })
    world().advance(1_000)
    const again = await mutate(world(), 'updateProfile', profile, token)
    expect(again.user).toMatchObject({ id, name: 'Grace Hopper', phone: '01012345678', bio: 'Rear admiral' })
    await mutate(world(), 'updateProfile', { name: 'Grace Hopper' }, token)
    await mutate(world(), 'updateProfile', {}, token)
    expect(await world().db.client.user.findUniqueOrThrow({ where: { id } })).toEqual(before)
    expect(await eventsOf(id, 'account.profile_updated')).toBe(1)
    await mutate(world(), 'updateProfile', { bio: null }, token)
    expect(await eventsOf(id, 'account.profile_updated')).toBe(2)
  })
})

describe('changes of others', () => {
  const world = useWorld({ LIMIT_CHANGES: '1' })

  it("changes of other accounts are a hundred for each one of one's own, and are counted apart from these", {
    timeout: 60_000,
  }, async () => {
    const { token } = await admin(world())
    const create = async () => {
      const username = `made${unique()}`
      return await world().post('/api/users', { username, email: `${username}@example.com`, password: PASSWORD }, token)
    }
    for (let batch = 0; batch < 4; batch += 1) {
      const made = await Promise.all(Array.from({ length: 25 }, create))
      expect(made.filter(({ status }) => status === 200)).toHaveLength(25)
    }
    const { status, headers, body } = await create()
    expect([status, body.error]).toEqual([429, 'too-many-requests'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(3_000)
    expect((await mutate(world(), 'updateProfile', { name: 'Somebody Else' }, token)).__typename).toBe('UpdateProfileSuccess')
    expect((await mutate(world(), 'updateProfile', { name: 'Another One' }, token)).code).toBe('TOO_MANY_REQUESTS')
  })
})

describe('devices', () => {
  const world = useWorld()

  it('an account has at most a hundred devices, those that were seen last', async () => {
    const someone = await person(world())
    const { client } = world().db
    const from = async (userAgent: string) =>
      await world().request('POST', '/users/login', {
        json: { email: someone.email, password: PASSWORD },
        headers: { 'user-agent': userAgent },
      })
    await from('the first')
    // A hundred others since, as a client makes them that names another program each time.
    const at = (seconds: number) => new Date(Date.now() + seconds * 1_000)
    const rows = Array.from({ length: 100 }, (_, index) => ({
      fingerprint: `device ${index}`,
      firstSeenAt: at(index),
      lastSeenAt: at(index),
    }))
    await client.knownDevice.createMany({ data: rows.map((row) => ({ userId: someone.id, ...row })) })
    world().advance(200_000)
    await from('the last')
    expect(await world().db.client.knownDevice.count({ where: { userId: someone.id } })).toBe(100)
    const newest = async () =>
      await world().db.client.auditEvent.findFirstOrThrow({ where: { userId: someone.id }, orderBy: { seq: 'desc' } })
    await from('the last')
    expect((await newest()).details).toMatchObject({ newDevice: false })
    await from('the first')
    expect((await newest()).details).toMatchObject({ newDevice: true })
  })
})
