/**
 * What ends which session: the table of docs/accounts.md, row by row, on a session of each kind and each of its tokens; and
 * the operations that end sessions from a list, each success and every failure.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, signIn, withTwoFactor } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, DAY, expectFailure, mailedToken, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const works = async (token: string): Promise<boolean> => (await world().get('/v1/profile', token)).status === 200
const refreshes = async (refreshToken: string): Promise<boolean> =>
  (await world().post('/auth/refresh-tokens', { refreshToken })).status === 200
const inADay = () => new Date(Date.now() + DAY).toISOString()

const personalToken = async (token: string): Promise<{ id: string; token: string }> => {
  const made = await mutate(world(), 'createPersonalAccessToken', { name: 'a script', scopes: [], expiresAt: inADay() }, token)
  return { id: made.personalAccessToken.id, token: made.token }
}
const sessionIds = async (token: string): Promise<string[]> =>
  (await query(world(), 'me { sessions { id } }', token)).sessions.map(({ id }: { id: string }) => id)
const currentId = async (token: string): Promise<string> =>
  (await query(world(), 'me { sessions { id current } }', token)).sessions.find(({ current }: { current: boolean }) => current).id
const eventsOf = async ({ id: userId }: Pick<Person, 'id'>, type: string) =>
  await world().db.client.auditEvent.findMany({ where: { userId, type }, select: { actorId: true, details: true } })

/** An account with a session of each kind; `present` is the one that acts. */
interface Kit {
  readonly someone: Person
  readonly tokens: Readonly<Record<'present' | 'sess' | 'v1Jwt' | 'wekan' | 'cookie' | 'jwt' | 'personal', string>>
  readonly refreshTokens: Readonly<Record<'presentRefresh' | 'refresh', string>>
}

const everyKind = async (someone: Person): Promise<Kit> => {
  const login = { email: someone.email, password: someone.password }
  const v1 = (await world().post('/v1/auth/login', login)).body
  const cookie = (await world().post('/users/login', login)).body.token
  await world().db.client.session.updateMany({ where: { userId: someone.id, surface: 'wekan' }, data: { kind: 'cookie' } })
  const chain = (await world().post('/auth/login', login)).body.tokens
  return {
    someone,
    tokens: {
      present: someone.token,
      sess: v1.token,
      v1Jwt: v1.accessToken,
      cookie,
      wekan: (await world().post('/users/login', login)).body.token,
      jwt: chain.access.token,
      personal: (await personalToken(someone.token)).token,
    },
    refreshTokens: { presentRefresh: someone.refreshToken, refresh: chain.refresh.token },
  }
}

/** The names of the tokens that still work. */
const alive = async ({ tokens, refreshTokens }: Kit): Promise<string[]> => {
  const names: string[] = []
  for (const [name, token] of Object.entries(tokens)) if (await works(token)) names.push(name)
  for (const [name, token] of Object.entries(refreshTokens)) if (await refreshes(token)) names.push(name)
  return names.sort()
}

const PRESENT = ['present', 'presentRefresh']
const ALL = [...PRESENT, 'sess', 'v1Jwt', 'cookie', 'wekan', 'jwt', 'refresh', 'personal']
const without = (...names: string[]) => ALL.filter((name) => !names.includes(name))
const moved = () => `moved${Math.random()}@example.com`
const byAdmin = async (name: string, input: object) => await mutate(world(), name, input, await adminToken(world()))

describe('of sessions of every kind', () => {
  const ends: readonly (readonly [string, (kit: Kit) => Promise<unknown>, readonly string[]])[] = [
    ['signOut ends the present one', ({ tokens }) => mutate(world(), 'signOut', undefined, tokens.present), without(...PRESENT)],
    [
      'signOut of a refresh token ends its own',
      ({ refreshTokens: { refresh } }) => mutate(world(), 'signOut', { refreshToken: refresh }),
      without('jwt', 'refresh'),
    ],
    [
      'POST /v1/auth/logout ends the present one',
      ({ tokens }) => world().post('/v1/auth/logout', undefined, tokens.sess),
      without('sess', 'v1Jwt'),
    ],
    ['POST /users/logout ends the present one', ({ tokens }) => world().post('/users/logout', undefined, tokens.wekan), without('wekan')],
    [
      'signOut with a personal access token revokes it',
      ({ tokens }) => mutate(world(), 'signOut', undefined, tokens.personal),
      without('personal'),
    ],
    [
      'endSession ends one',
      async ({ tokens }) => mutate(world(), 'endSession', { id: await currentId(tokens.jwt) }, tokens.present),
      without('jwt', 'refresh'),
    ],
    [
      'revokePersonalAccessToken ends one',
      async ({ tokens }) => {
        const { personalAccessTokens } = await query(world(), 'me { personalAccessTokens { id } }', tokens.present)
        return await mutate(world(), 'revokePersonalAccessToken', { id: personalAccessTokens[0].id }, tokens.present)
      },
      without('personal'),
    ],
    ['endOtherSessions ends the others', ({ tokens }) => mutate(world(), 'endOtherSessions', undefined, tokens.present), PRESENT],
    ['signOutEverywhere ends all', ({ tokens }) => mutate(world(), 'signOutEverywhere', undefined, tokens.present), []],
    ['endUserSessions ends all', ({ someone }) => byAdmin('endUserSessions', { id: someone.id }), []],
    [
      'changePassword ends the others',
      ({ tokens }) => mutate(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: 'quite another one' }, tokens.present),
      PRESENT,
    ],
    [
      'resetPassword ends all',
      async ({ someone: { email } }) => {
        await mutate(world(), 'requestPasswordReset', { email })
        return await mutate(world(), 'resetPassword', { token: mailedToken(world(), email), newPassword: 'quite another one' })
      },
      [],
    ],
    [
      'setLoginEnabled(enabled: false) ends all, for good',
      async ({ someone: { id } }) => {
        await byAdmin('setLoginEnabled', { id, enabled: false })
        return await byAdmin('setLoginEnabled', { id, enabled: true })
      },
      [],
    ],
    ['deleteUser ends all', ({ someone: { id } }) => byAdmin('deleteUser', { id }), []],
    ['change-email of xiot ends none', ({ tokens }) => world().put('/v1/account/change-email', { email: moved() }, tokens.sess), ALL],
    [
      'confirmEmail ends none',
      async ({ tokens }) => {
        const email = moved()
        await mutate(world(), 'changeEmail', { email }, tokens.present)
        return await mutate(world(), 'confirmEmail', { token: mailedToken(world(), email) })
      },
      ALL,
    ],
    [
      'a second factor that is turned on ends none',
      ({ tokens }) => world().post('/v1/security/twofactor-enable', undefined, tokens.sess),
      ALL,
    ],
    [
      'one that is turned off ends none',
      async ({ tokens }) => {
        await world().post('/v1/security/twofactor-enable', undefined, tokens.sess)
        return await world().post('/v1/security/twofactor-disable', undefined, tokens.sess)
      },
      ALL,
    ],
    [
      'one that is reset by an administrator ends none',
      async ({ tokens, someone: { id } }) => {
        await world().post('/v1/security/twofactor-enable', undefined, tokens.sess)
        return await byAdmin('resetTwoFactor', { id })
      },
      ALL,
    ],
    ['new scopes end none', ({ someone: { id } }) => byAdmin('setScopes', { id, scopes: ['USERS_READ'] }), ALL],
  ]
  it.each(ends)('%s', async (_what, end, left) => {
    const kit = await everyKind(await person(world()))
    const result = (await end(kit)) as { code?: string; status?: number }
    expect(result.code).toBeUndefined()
    expect(result.status ?? 200).toBe(200)
    expect(await alive(kit)).toEqual([...left].sort())
  })

  it('a refresh token that is used again too late ends its own', async () => {
    const kit = await everyKind(await person(world()))
    const { refresh } = kit.refreshTokens
    expect(await refreshes(refresh)).toBe(true)
    world().advance(11_000)
    expect(await refreshes(refresh)).toBe(false)
    expect(await alive(kit)).toEqual(without('jwt', 'refresh').sort())
  })

  it('all work before anything ends them', async () => {
    expect(await alive(await everyKind(await person(world())))).toEqual([...ALL].sort())
  })
})

describe('endSession', () => {
  const end = (id: string, token?: string) => mutate(world(), 'endSession', { id }, token)

  it.each([
    ['by its node id', (id: string) => id],
    ['by its raw id', (id: string) => id.replace('Session:', '')],
  ])("endSession ends one of the caller's own %s, and writes who did it", async (_how, form) => {
    const someone = await person(world())
    const elsewhere = await signIn(world(), someone)
    const id = await currentId(elsewhere)
    expect(await end(form(id), someone.token)).toEqual({ __typename: 'EndSessionSuccess', endedSessionId: id, user: { id: someone.id } })
    expect([await works(elsewhere), await works(someone.token)]).toEqual([false, true])
    expect(await eventsOf(someone, 'session.ended')).toEqual([{ actorId: someone.id, details: { sessionId: id.replace('Session:', '') } }])
    expectFailure(await end(form(id), someone.token), 'NotFoundError', 'NOT_FOUND')
  })

  it('endSession ends the present one', async () => {
    const someone = await person(world())
    const id = await currentId(someone.token)
    expect((await end(id, someone.token)).endedSessionId).toBe(id)
    expect(await works(someone.token)).toBe(false)
  })

  it('endSession ends one of any account for an administrator, whose id is in the event', async () => {
    const someone = await person(world())
    const id = await currentId(someone.token)
    expect(await end(id, await adminToken(world()))).toEqual({
      __typename: 'EndSessionSuccess',
      endedSessionId: id,
      user: { id: someone.id },
    })
    expect(await works(someone.token)).toBe(false)
    expect(await eventsOf(someone, 'session.ended')).toMatchObject([{ actorId: (await admin(world())).id }])
  })

  it.each([
    ['one of somebody else', async () => await currentId((await person(world())).token)],
    ['an unknown one', async () => 'Session:00000000-0000-4000-8000-000000000000'],
    ['no id', async () => ''],
    ['an account', async (someone: Person) => someone.id],
    ['a personal access token', async (someone: Person) => (await personalToken(someone.token)).id],
    ['a personal access token by its raw id', async (someone: Person) => (await personalToken(someone.token)).id.replace(/^.*:/, '')],
    [
      'one that ended by itself',
      async (someone: Person) => {
        const id = await currentId((await world().post('/v1/auth/login', { email: someone.email, password: PASSWORD })).body.token)
        await world().db.client.session.update({ where: { id: id.replace('Session:', '') }, data: { expiresAt: new Date() } })
        return id
      },
    ],
  ])('endSession does not find %s', async (_what, idOf) => {
    const someone = await person(world())
    expectFailure(await end(await idOf(someone), someone.token), 'NotFoundError', 'NOT_FOUND')
    expect(await eventsOf(someone, 'session.ended')).toEqual([])
  })

  it('endSession refuses an id that no database holds', async () => {
    for (const id of ['Session:\0', '\ud800'])
      expectFailure(await end(id, (await person(world())).token), 'InputError', 'INVALID_INPUT', ['id'])
  })

  it('endSession needs a session, and no personal access token', async () => {
    const someone = await person(world())
    const id = await currentId(someone.token)
    expectFailure(await end(id), 'errors', 'UNAUTHENTICATED')
    expectFailure(await end(id, (await personalToken(someone.token)).token), 'PermissionError', 'FORBIDDEN')
    expect(await works(someone.token)).toBe(true)
  })

  it('endSession ends a session once, however many ask for it at once', async () => {
    const someone = await person(world())
    const id = await currentId(await signIn(world(), someone))
    const results = await Promise.all(Array.from({ length: 20 }, () => end(id, someone.token)))
    expect(results.filter(({ endedSessionId }) => endedSessionId === id)).toHaveLength(1)
    expect(results.filter(({ code }) => code === 'NOT_FOUND')).toHaveLength(19)
    expect(await eventsOf(someone, 'session.ended')).toHaveLength(1)
  })
})

describe('endOtherSessions', () => {
  it('endOtherSessions says how many ended, and writes an event', async () => {
    const someone = await withTwoFactor(world())
    await world().post('/users/login', { email: someone.email, password: PASSWORD, code: someone.code() })
    await personalToken(someone.token)
    const end = async () => await mutate(world(), 'endOtherSessions', undefined, someone.token)
    expect(await end()).toEqual({ __typename: 'EndOtherSessionsSuccess', endedSessions: 2, user: { id: someone.id } })
    expect((await end()).endedSessions).toBe(0)
    expect(await sessionIds(someone.token)).toHaveLength(1)
    expect(await eventsOf(someone, 'session.others_ended')).toEqual([
      { actorId: someone.id, details: { ended: 2 } },
      { actorId: someone.id, details: { ended: 0 } },
    ])
  })

  it('endOtherSessions needs a session, and no personal access token', async () => {
    expectFailure(await mutate(world(), 'endOtherSessions'), 'errors', 'UNAUTHENTICATED')
    const { token } = await personalToken((await person(world())).token)
    expectFailure(await mutate(world(), 'endOtherSessions', undefined, token), 'PermissionError', 'FORBIDDEN')
  })
})

describe('endUserSessions', () => {
  const end = (id: string, token?: string) => mutate(world(), 'endUserSessions', { id }, token)

  it('endUserSessions ends the sessions of anybody, and writes who did it', async () => {
    const someone = await person(world())
    await signIn(world(), someone)
    await personalToken(someone.token)
    expect(await end(someone.id, await adminToken(world()))).toEqual({
      __typename: 'EndUserSessionsSuccess',
      endedSessions: 3,
      user: { id: someone.id },
    })
    expect(await eventsOf(someone, 'session.all_ended')).toEqual([{ actorId: (await admin(world())).id, details: { ended: 3 } }])
  })

  it("endUserSessions ends those of one's own account, the present one too", async () => {
    const boss = await person(world())
    await byAdmin('setAdmin', { id: boss.id, isAdmin: true })
    const elsewhere = await signIn(world(), boss)
    expect((await end(boss.id, boss.token)).endedSessions).toBe(2)
    expect([await works(boss.token), await works(elsewhere)]).toEqual([false, false])
  })

  it('endUserSessions finds no account that is not there', async () => {
    for (const id of ['', 'nobody', 'Session:nobody']) expectFailure(await end(id, await adminToken(world())), 'NotFoundError', 'NOT_FOUND')
    for (const id of ['\0', '\ud800']) expectFailure(await end(id, await adminToken(world())), 'InputError', 'INVALID_INPUT', ['id'])
  })

  it('endUserSessions is for administrators', async () => {
    const someone = await person(world())
    expectFailure(await end(someone.id), 'errors', 'UNAUTHENTICATED')
    expectFailure(await end(someone.id, someone.token), 'PermissionError', 'FORBIDDEN')
    const { token } = await personalToken(await adminToken(world()))
    expectFailure(await end(someone.id, token), 'PermissionError', 'FORBIDDEN')
    expect(await works(someone.token)).toBe(true)
  })
})
