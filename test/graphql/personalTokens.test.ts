/**
 * Personal access tokens through GraphQL: how one is made, listed, used up and revoked, with every rule and every failure.
 * What one may do on every surface: test/personalTokenRights.test.ts.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, signIn, verifiedPerson } from '../support/accounts.ts'
import { statementsOf } from '../support/database.ts'
import { useWorld, type World } from '../support/world.ts'
import { adminToken, DAY, expectFailure, grantScopes, HOUR, isoDate, MINUTE, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const from = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString()
const input = (more: object = {}) => ({ name: 'backup', scopes: [] as string[], expiresAt: from(30 * DAY), ...more })
const create = (token: string | undefined, more: object = {}, on: World = world()) =>
  mutate(on, 'createPersonalAccessToken', input(more), token)
const revoke = (id: string, token?: string) => mutate(world(), 'revokePersonalAccessToken', { id }, token)
const works = async (token: string): Promise<boolean> => (await world().get('/v1/profile', token)).status === 200
const listed = async (token: string) =>
  (await query(world(), 'me { personalAccessTokens { id name scopes createdAt expiresAt lastUsedAt } }', token)).personalAccessTokens
const namesOf = async (token: string): Promise<string[]> => (await listed(token)).map(({ name }: { name: string }) => name)
const eventsOf = async ({ id: userId }: Pick<Person, 'id'>, type: string) =>
  await world().db.client.auditEvent.findMany({ where: { userId, type }, select: { actorId: true, details: true } })
const rawId = (id: string): string => id.replace('PersonalAccessToken:', '')
const live = (userId: string) => ({ userId, kind: 'personal', endedAt: null })

/** Gives an account `count` live tokens, without the mails. */
const seed = async ({ id: userId }: Pick<Person, 'id'>, count: number): Promise<void> => {
  const now = new Date(Date.now())
  const times = { createdAt: now, lastSeenAt: now, authenticatedAt: now, expiresAt: new Date(now.getTime() + DAY) }
  await world().db.client.session.createMany({
    data: Array.from({ length: count }, (_, index) => ({
      id: `${userId}-${index}`,
      userId,
      kind: 'personal',
      name: `seed ${index}`,
      surface: 'graphql',
      ...times,
    })),
  })
}

describe('createPersonalAccessToken', () => {
  it('createPersonalAccessToken answers with the token, this once, and keeps its hash', async () => {
    const someone = await person(world())
    await grantScopes(world(), someone, ['users'])
    const scopes = ['USERS_READ', 'USERS_CREATE']
    const made = await create(someone.token, { name: '  nightly backup ', scopes: [...scopes, 'USERS_READ'] })
    const personalAccessToken = {
      id: expect.stringMatching(/^PersonalAccessToken:[0-9a-f-]{36}$/),
      name: 'nightly backup',
      scopes,
      createdAt: isoDate,
      expiresAt: isoDate,
      lastUsedAt: null,
    }
    const token = expect.stringMatching(/^pat_[\w-]{43}$/)
    expect(made).toEqual({ __typename: 'CreatePersonalAccessTokenSuccess', token, personalAccessToken, user: { id: someone.id } })
    expect(await listed(someone.token)).toEqual([made.personalAccessToken])
    const kept = await world().db.client.opaqueToken.findMany({ where: { sessionId: rawId(made.personalAccessToken.id) } })
    expect(kept).toMatchObject([{ kind: 'personal', hash: expect.stringMatching(/^[\w+/]{43}=$/) }])
    expect(JSON.stringify(kept)).not.toContain(made.token.slice(4))
  })

  it('createPersonalAccessToken mails the owner by mail, and writes an event', async () => {
    const someone = await verifiedPerson(world())
    const { token, personalAccessToken } = await create(someone.token, { name: 'nightly backup' })
    const [mail] = world().mails.filter(({ to }) => to === someone.email)
    expect(mail?.subject).toBe('A personal access token was made')
    expect(mail?.text).toContain('nightly backup')
    expect(mail?.text).toContain(`${new Date(personalAccessToken.expiresAt).getUTCFullYear()}, `)
    expect(mail?.text).not.toContain(token)
    const details = { sessionId: rawId(personalAccessToken.id), scopes: '' }
    expect(await eventsOf(someone, 'token.created')).toEqual([{ actorId: someone.id, details }])
  })

  it.each(['see https://evil.example now', 'write to me@evil.example', 'Reset your password!', 'call 01012345678'])(
    'createPersonalAccessToken carries no message of a stranger in that mail: %s',
    async (name) => {
      const someone = await verifiedPerson(world())
      expect((await create(someone.token, { name })).personalAccessToken.name).toBe(name)
      expect(world().mails.findLast(({ to }) => to === someone.email)?.text).not.toContain(name)
    },
  )

  it('createPersonalAccessToken makes one for an account that has no address', async () => {
    const someone = await person(world(), { email: null })
    const before = world().mails.length
    expect((await create(someone.token)).token).toMatch(/^pat_/)
    expect(world().mails).toHaveLength(before)
  })

  it.each<[string, object, string[]]>([
    ['no name', { name: ' ' }, ['name']],
    ['a name of 101 characters', { name: 'é'.repeat(101) }, ['name']],
    ['a name of two lines', { name: 'a\nb' }, ['name']],
    ['a name that no database holds', { name: 'a\0b' }, ['name']],
    ['a scope that is not documented as such', { scopes: ['USERS'] }, ['scopes.0']],
    ['all scopes at once', { scopes: ['USERS_READ', 'ALL'] }, ['scopes.1']],
    ['an end that has come', { expiresAt: from(0) }, ['expiresAt']],
    ['an end in the past', { expiresAt: from(-DAY) }, ['expiresAt']],
    ['an end more than a year away', { expiresAt: from(365 * DAY + MINUTE) }, ['expiresAt']],
    ['all of them', { name: '', scopes: ['SENSORS'], expiresAt: from(-1) }, ['name', 'scopes.0', 'expiresAt']],
  ])('createPersonalAccessToken refuses %s', async (_what, wrong, fields) => {
    const someone = await person(world())
    await grantScopes(world(), someone, ['perm'])
    expectFailure(await create(someone.token, wrong), 'InputError', 'INVALID_INPUT', fields)
    expect(await listed(someone.token)).toEqual([])
  })

  it('createPersonalAccessToken takes an end a year away, and a name of 100 characters', async () => {
    const made = await create((await person(world())).token, { name: 'é'.repeat(100), expiresAt: from(365 * DAY - MINUTE) })
    expect(made.token).toMatch(/^pat_/)
  })

  it('grants nobody what he lacks', async () => {
    const someone = await person(world())
    await grantScopes(world(), someone, ['users:read', 'sensors'])
    const result = await create(someone.token, { scopes: ['USERS_READ', 'USERS_DELETE'] })
    expectFailure(result, 'PermissionError', 'FORBIDDEN', [], { missingScope: 'USERS_DELETE' })
    expect((await create(someone.token, { scopes: ['SENSORS_STATE_UPDATE', 'USERS_READ'] })).token).toMatch(/^pat_/)
    expect((await create(await adminToken(world()), { name: 'of an administrator', scopes: ['USERS_DELETE'] })).token).toMatch(/^pat_/)
  })

  it('createPersonalAccessToken wants a name that no other live token of the account has', async () => {
    const [someone, other] = [await person(world()), await person(world())]
    const first = await create(someone.token, { expiresAt: from(HOUR) })
    expectFailure(await create(someone.token), 'InputError', 'INVALID_INPUT', ['name'])
    expect((await create(other.token)).token).toMatch(/^pat_/)
    await revoke(first.personalAccessToken.id, someone.token)
    expect((await create(someone.token, { expiresAt: from(HOUR) })).token).toMatch(/^pat_/)
    world().advance(HOUR + 1)
    expect((await create(await signIn(world(), someone))).token).toMatch(/^pat_/)
  })

  it('createPersonalAccessToken needs a fresh proof', async () => {
    const someone = await person(world())
    expectFailure(await create(undefined), 'errors', 'UNAUTHENTICATED')
    world().advance(11 * MINUTE)
    expectFailure(await create(someone.token), 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
    await mutate(world(), 'reauthenticate', { password: PASSWORD }, someone.token)
    expect((await create(someone.token)).token).toMatch(/^pat_/)
  })

  it('createPersonalAccessToken makes none with another personal access token', async () => {
    const { token } = await create((await person(world())).token)
    expectFailure(await create(token, { name: 'offspring' }), 'PermissionError', 'FORBIDDEN')
  })
})

describe('at most 50 live tokens an account', () => {
  it('one more is refused until another is revoked or has expired', async () => {
    const someone = await person(world())
    await seed(someone, 50)
    expectFailure(await create(someone.token), 'ConflictError', 'TOO_MANY_TOKENS')
    expect((await revoke(`${someone.id}-7`, someone.token)).personalAccessToken.name).toBe('seed 7')
    expect((await create(someone.token)).token).toMatch(/^pat_/)
    expectFailure(await create(someone.token, { name: 'another' }), 'ConflictError', 'TOO_MANY_TOKENS')
    world().advance(DAY + 1)
    expect((await create(await signIn(world(), someone), { name: 'another' })).token).toMatch(/^pat_/)
  })

  it('also when 20 are asked for at once', async () => {
    const someone = await person(world())
    await seed(someone, 49)
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => create(someone.token, { name: `at once ${index}` })))
    expect(results.filter(({ token }) => token !== undefined)).toHaveLength(1)
    expect(results.filter(({ code }) => code === 'TOO_MANY_TOKENS')).toHaveLength(19)
    expect(await world().db.client.session.count({ where: live(someone.id) })).toBe(50)
  })

  it('at most 50 live tokens an account, and one of a name, exist when 20 are asked for at once', async () => {
    const someone = await person(world())
    const results = await Promise.all(Array.from({ length: 20 }, () => create(someone.token)))
    expect(results.filter(({ token }) => token !== undefined)).toHaveLength(1)
    expect(results.filter(({ code }) => code === 'INVALID_INPUT')).toHaveLength(19)
  })
})

describe('one that is made while', () => {
  it.each([
    ['all sessions end', 'signOutEverywhere', undefined],
    ['the password changes', 'changePassword', { oldPassword: PASSWORD, newPassword: 'quite another one' }],
  ])('%s does not outlive them', async (_what, name, given) => {
    for (let round = 1; round <= 5; round += 1) {
      const someone = await person(world())
      const creates = Array.from({ length: 4 }, (_, index) => create(someone.token, { name: `round ${index}` }))
      const [end, ...results] = await Promise.all([mutate(world(), name, given, someone.token), ...creates])
      expect(end.code).toBeUndefined()
      const refused = results.filter(({ code }) => code !== undefined).map(({ code }) => code)
      for (const code of refused) expect(['UNAUTHENTICATED', 'REAUTHENTICATION_REQUIRED']).toContain(code)
      expect(await world().db.client.session.count({ where: live(someone.id) })).toBe(0)
    }
  })
})

describe('User.personalAccessTokens', () => {
  it('lists the live ones, newest first, with their last use', async () => {
    const someone = await person(world())
    const first = await create(someone.token, { name: 'first', expiresAt: from(HOUR) })
    world().advance(1000)
    const second = await create(someone.token, { name: 'second' })
    expect(await listed(someone.token)).toEqual([second.personalAccessToken, first.personalAccessToken])
    world().advance(5 * MINUTE)
    expect(await works(first.token)).toBe(true)
    const [, used] = await listed(someone.token)
    expect(Date.parse(used.lastUsedAt) - Date.parse(used.createdAt)).toBeGreaterThanOrEqual(5 * MINUTE)
    world().advance(HOUR)
    expect(await namesOf(await signIn(world(), someone))).toEqual(['second'])
  })

  it('User.personalAccessTokens is for the owner and administrators alone, and so are the nodes', async () => {
    const someone = await person(world())
    const { personalAccessToken, token } = await create(someone.token)
    const { id } = personalAccessToken
    const field = `user(by: { id: "${someone.id}" }) { personalAccessTokens { id } }`
    const node = `node(id: "${id}") { __typename id ... on PersonalAccessToken { name } }`
    const reader = await person(world())
    await grantScopes(world(), reader, ['users:read'])
    for (const allowed of [someone.token, await adminToken(world())]) {
      expect(await query(world(), field, allowed)).toEqual({ personalAccessTokens: [{ id }] })
      expect(await query(world(), node, allowed)).toEqual({ __typename: 'PersonalAccessToken', id, name: 'backup' })
    }
    for (const refused of [reader.token, (await person(world())).token, token]) {
      expectFailure(await query(world(), field, refused), 'errors', 'FORBIDDEN')
      expect(await query(world(), node, refused)).toBeNull()
    }
    expect(await query(world(), node)).toBeNull()
    expect(await query(world(), `node(id: "${id.replace('PersonalAccessToken', 'Session')}") { id }`, someone.token)).toBeNull()
  })

  it.each(['', 'nobody', 'a\\u0000b'])('node(id: "PersonalAccessToken:%s") is null', async (id) => {
    expect(await query(world(), `node(id: "PersonalAccessToken:${id}") { id }`, await adminToken(world()))).toBeNull()
  })

  it('costs one statement for a page of users', async () => {
    const page = 'users(first: 5) { ... on UserConnection { edges { node { personalAccessTokens { id } } } } }'
    const token = await adminToken(world())
    expect(await statementsOf(world().db, async () => await query(world(), page, token))).toHaveLength(3)
  })
})

describe('revokePersonalAccessToken', () => {
  it.each([
    ['by its node id', (id: string) => id],
    ['by its raw id', rawId],
  ])("revokePersonalAccessToken ends one of the caller's own %s, and writes who did it", async (_how, form) => {
    const someone = await person(world())
    const { token, personalAccessToken } = await create(someone.token)
    const { id, name } = personalAccessToken
    const result = await revoke(form(id), someone.token)
    expect(result).toEqual({ __typename: 'RevokePersonalAccessTokenSuccess', personalAccessToken: { id, name } })
    expect([await works(token), await listed(someone.token)]).toEqual([false, []])
    expect(await eventsOf(someone, 'token.revoked')).toEqual([{ actorId: someone.id, details: { sessionId: rawId(id) } }])
    expectFailure(await revoke(form(id), someone.token), 'NotFoundError', 'NOT_FOUND')
  })

  it('revokePersonalAccessToken ends one of any account for an administrator, whose id is in the event', async () => {
    const someone = await person(world())
    const { token, personalAccessToken } = await create(someone.token)
    expect((await revoke(personalAccessToken.id, await adminToken(world()))).personalAccessToken.name).toBe('backup')
    expect(await works(token)).toBe(false)
    expect(await eventsOf(someone, 'token.revoked')).toMatchObject([{ actorId: (await admin(world())).id }])
  })

  it.each([
    ['one of somebody else', async () => (await create((await person(world())).token)).personalAccessToken.id],
    ['an unknown one', async () => 'PersonalAccessToken:nobody'],
    ['no id', async () => ''],
    ['a session', async ({ token }: Person) => (await query(world(), 'me { sessions { id } }', token)).sessions[0].id],
    [
      'a session by its raw id',
      async ({ token }: Person) => (await query(world(), 'me { sessions { id } }', token)).sessions[0].id.slice(8),
    ],
  ])('revokePersonalAccessToken does not find %s', async (_what, idOf) => {
    const someone = await person(world())
    expectFailure(await revoke(await idOf(someone), someone.token), 'NotFoundError', 'NOT_FOUND')
    expect(await works(someone.token)).toBe(true)
  })

  it('revokePersonalAccessToken refuses an id that no database holds', async () => {
    for (const id of ['PersonalAccessToken:\0', '\ud800'])
      expectFailure(await revoke(id, (await person(world())).token), 'InputError', 'INVALID_INPUT', ['id'])
  })

  it('revokePersonalAccessToken needs a session, and no personal access token', async () => {
    const { token, personalAccessToken } = await create((await person(world())).token)
    expectFailure(await revoke(personalAccessToken.id), 'errors', 'UNAUTHENTICATED')
    expectFailure(await revoke(personalAccessToken.id, token), 'PermissionError', 'FORBIDDEN')
    expect(await works(token)).toBe(true)
  })

  it('revokePersonalAccessToken ends one once, however many ask for it at once', async () => {
    const someone = await person(world())
    const { personalAccessToken } = await create(someone.token)
    const results = await Promise.all(Array.from({ length: 20 }, () => revoke(personalAccessToken.id, someone.token)))
    expect(results.filter(({ code }) => code === undefined)).toHaveLength(1)
    expect(await eventsOf(someone, 'token.revoked')).toHaveLength(1)
  })
})

describe('PERSONAL_TOKEN_LIFE', () => {
  const strict = useWorld({ PERSONAL_TOKEN_LIFE: '1h' })

  it('PERSONAL_TOKEN_LIFE is how far away an end may be', async () => {
    const { token } = await person(strict())
    expectFailure(await create(token, { expiresAt: from(HOUR + MINUTE) }, strict()), 'InputError', 'INVALID_INPUT', ['expiresAt'])
    expect((await create(token, { expiresAt: from(HOUR - MINUTE) }, strict())).token).toMatch(/^pat_/)
  })
})
