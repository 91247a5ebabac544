/**
 * What is done to the accounts of others, and to the signing keys, through GraphQL: who may, every typed failure, and that
 * nobody grants what he lacks, only an administrator touches one, and the last enabled one stays.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, signIn, unique, withTwoFactor } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, expectFailure, grantScopes, MINUTE, mailedToken, mutate, mutationOf, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const run = (name: string, input: object, token?: string) => mutate(world(), name, input, token)
const meOf = (token: string) => query(world(), 'me { id isAdmin scopes }', token)
const holder = async (...scopes: string[]): Promise<Person> => {
  const someone = await person(world())
  if (scopes.length > 0) await grantScopes(world(), someone, scopes)
  return someone
}
const anotherAdmin = async (): Promise<Person> => {
  const someone = await person(world())
  await run('setAdmin', { id: someone.id, isAdmin: true }, await adminToken(world()))
  return someone
}
const newcomer = () => ({ email: `new${unique()}@example.com`, password: PASSWORD })

const ADMIN_ONLY: [string, (id: string) => object | undefined][] = [
  ['setLoginEnabled', (id) => ({ id, enabled: false })],
  ['setAdmin', (id) => ({ id, isAdmin: true })],
  ['setScopes', (id) => ({ id, scopes: [] })],
  ['rotateSigningKey', () => undefined],
]

describe.each(ADMIN_ONLY)('%s', (name, input) => {
  it('each of these operations needs a session', async () => {
    const { id } = await person(world())
    expectFailure(await mutate(world(), name, input(id)), 'errors', 'UNAUTHENTICATED')
  })

  it('each of these operations is for administrators, whatever scopes one holds', async () => {
    const someone = await holder('users', 'sensors')
    const everything = await holder('perm')
    for (const { token } of [someone, everything])
      expectFailure(await mutate(world(), name, input((await person(world())).id), token), 'PermissionError', 'FORBIDDEN')
  })
})

describe.each([
  ['setLoginEnabled', { enabled: false }],
  ['setAdmin', { isAdmin: true }],
  ['setScopes', { scopes: [] }],
  ['deleteUser', {}],
])('%s of nobody', (name, more) => {
  it.each(['nobody', '', "' OR 1=1 --"])('the id %j is NOT_FOUND', async (id) => {
    expectFailure(await run(name, { id, ...more }, await adminToken(world())), 'NotFoundError', 'NOT_FOUND')
  })

  it.each(['a\0b', '\ud800'])('%j is no text, which is INVALID_INPUT', async (id) => {
    expectFailure(await run(name, { id, ...more }, await adminToken(world())), 'InputError', 'INVALID_INPUT', ['id'])
  })
})

describe('createUser', () => {
  it('createUser makes an account whose owner is asked to change the password', async () => {
    const input = {
      ...newcomer(),
      username: `chosen${unique()}`,
      name: 'Ada Lovelace',
      scopes: ['USERS_READ', 'SENSORS', 'USERS_READ'],
    }
    const result = await run('createUser', input, await adminToken(world()))
    const user = { username: input.username, email: input.email, name: 'Ada Lovelace' }
    const { createdUserId: id } = result
    expect(result).toEqual({ __typename: 'CreateUserSuccess', createdUserId: expect.any(String), user: { id, ...user } })
    const made = await query(world(), `user(by: { id: "${id}" }) { scopes mustChangePassword isAdmin }`, await adminToken(world()))
    expect(made).toEqual({ scopes: ['USERS_READ', 'SENSORS'], mustChangePassword: true, isAdmin: false })
    const token = await signIn(world(), input)
    expect(await query(world(), 'me { mustChangePassword }', token)).toEqual({ mustChangePassword: true })
    await run('changePassword', { oldPassword: PASSWORD, newPassword: 'one of my own' }, token)
    expect(await query(world(), 'me { mustChangePassword }', token)).toEqual({ mustChangePassword: false })
  })

  it.each(['users:create', 'users', 'perm'])('createUser is for those who hold %s', async (scope) => {
    const { token } = await holder(scope)
    expect((await run('createUser', newcomer(), token)).__typename).toBe('CreateUserSuccess')
  })

  it.each([[[]], [['users:read', 'users:delete']], [['sensors']]])('createUser is not for those who hold %j', async (scopes) => {
    const { token } = await holder(...scopes)
    expectFailure(await run('createUser', newcomer(), token), 'PermissionError', 'FORBIDDEN', [], { missingScope: 'USERS_CREATE' })
  })

  it('createUser needs a session', async () => {
    expectFailure(await run('createUser', newcomer()), 'errors', 'UNAUTHENTICATED')
  })

  it.each([
    ['USERS_DELETE', 'USERS_DELETE'],
    ['USERS', 'USERS_READ'],
    ['SENSORS_STATE', 'SENSORS_STATE_UPDATE'],
    ['ALL', 'USERS_READ'],
  ])('grants no scope that the caller lacks: %s', async (scope, missingScope) => {
    const { token } = await holder('users:create')
    const result = await run('createUser', { ...newcomer(), scopes: ['USERS_CREATE', scope] }, token)
    expectFailure(result, 'PermissionError', 'FORBIDDEN', [], { missingScope })
  })

  it('grants what the caller holds by a broader scope', async () => {
    const { token } = await holder('users')
    const scopes = ['USERS_CREATE', 'USERS']
    const { createdUserId } = await run('createUser', { ...newcomer(), scopes }, token)
    expect(await query(world(), `user(by: { id: "${createdUserId}" }) { scopes }`, token)).toEqual({ scopes })
  })

  it.each(['users:read', 'USER', 'SENSORS_STATE_UPDATE_NOW', '', 'perm', 'ADMIN', 'USERS_'])(
    'createUser knows no scope %j',
    async (scope) => {
      const answer = await world().graphql(
        mutationOf('createUser', {}),
        { input: { ...newcomer(), scopes: [scope] } },
        await adminToken(world()),
      )
      expect(answer.text).toContain('got an invalid value at \\"input.scopes[0]\\".')
    },
  )

  it('createUser says all wrong fields at once', async () => {
    const input = { email: 'no address', username: '', password: 'password1', name: '', firstName: '', lastName: '', phone: 'x', bio: '\0' }
    const fields = ['email', 'username', 'password', 'name', 'firstName', 'lastName', 'phone', 'bio']
    expectFailure(await run('createUser', input, await adminToken(world())), 'InputError', 'INVALID_INPUT', fields)
  })

  it('createUser needs a username or an address', async () => {
    expectFailure(await run('createUser', { password: PASSWORD }, await adminToken(world())), 'InputError', 'IDENTIFIER_REQUIRED', [
      'email',
    ])
  })

  it('createUser refuses what is taken', async () => {
    const taken = await person(world())
    const token = await adminToken(world())
    const byEmail = await run('createUser', { email: taken.email, password: PASSWORD }, token)
    expectFailure(byEmail, 'ConflictError', 'EMAIL_TAKEN', ['email'])
    const byName = await run('createUser', { username: taken.username, password: PASSWORD }, token)
    expectFailure(byName, 'ConflictError', 'USERNAME_TAKEN', ['username'])
  })
})

describe('deleteUser', () => {
  it('deleteUser deletes the account and everything of it, and shows it one last time', async () => {
    const someone = await withTwoFactor(world())
    await run('requestPasswordReset', { email: someone.email })
    await run('signIn', { identifier: someone.email, password: PASSWORD })
    const { token } = await holder('users:delete')
    const { __typename, user } = await run('deleteUser', { id: someone.id }, token)
    expect({ __typename, user }).toMatchObject({ __typename: 'DeleteUserSuccess', user: { id: someone.id, email: someone.email } })
    const { client } = world().db
    const where = { where: { userId: someone.id } }
    const left = [client.identifier, client.session, client.loginCode, client.recoveryCode, client.mailToken].map((table) =>
      (table as typeof client.session).count(where),
    )
    expect(await Promise.all(left)).toEqual([0, 0, 0, 0, 0])
    expectFailure(await query(world(), 'me { id }', someone.token), 'errors', 'UNAUTHENTICATED')
    expect((await mutate(world(), 'signUp', { email: someone.email, username: someone.username, password: PASSWORD })).__typename).toBe(
      'SignUpSuccess',
    )
    expect(await client.auditEvent.count({ where: { userId: someone.id, type: 'account.deleted' } })).toBe(1)
  })

  it('deleteUser lets one delete oneself, with the scope', async () => {
    const someone = await holder('users:delete')
    expect((await run('deleteUser', { id: someone.id }, someone.token)).user.id).toBe(someone.id)
  })

  it('deleteUser needs a session', async () => {
    expectFailure(await run('deleteUser', { id: (await person(world())).id }), 'errors', 'UNAUTHENTICATED')
  })

  it("deleteUser needs the scope, also for one's own account", async () => {
    const someone = await holder('users:create', 'users:read')
    const result = await run('deleteUser', { id: someone.id }, someone.token)
    expectFailure(result, 'PermissionError', 'FORBIDDEN', [], { missingScope: 'USERS_DELETE' })
  })

  it('deleteUser is refused for an administrator, unless by another one', async () => {
    const target = await anotherAdmin()
    const { token } = await holder('users')
    expectFailure(await run('deleteUser', { id: target.id }, token), 'PermissionError', 'FORBIDDEN')
    expect((await run('deleteUser', { id: target.id }, await adminToken(world()))).__typename).toBe('DeleteUserSuccess')
  })

  it('deleteUser is refused for a second time', async () => {
    const { id } = await person(world())
    const token = await adminToken(world())
    await run('deleteUser', { id }, token)
    expectFailure(await run('deleteUser', { id }, token), 'NotFoundError', 'NOT_FOUND')
  })
})

describe('setLoginEnabled', () => {
  const set = async (id: string, enabled: boolean) => run('setLoginEnabled', { id, enabled }, await adminToken(world()))

  it('setLoginEnabled ends the sessions at once, on every surface, and lets nobody in', async () => {
    const someone = await person(world())
    const { body } = await world().post('/users/login', { email: someone.email, password: PASSWORD })
    expect(await set(someone.id, false)).toEqual({ __typename: 'SetLoginEnabledSuccess', user: { id: someone.id, loginDisabled: true } })
    expectFailure(await query(world(), 'me { id }', someone.token), 'errors', 'UNAUTHENTICATED')
    expect((await world().get('/api/user', body.token)).status).toBe(401)
    const refreshed = await mutate(world(), 'refreshSession', { refreshToken: someone.refreshToken })
    expectFailure(refreshed, 'AuthenticationError', 'INVALID_REFRESH_TOKEN')
  })

  it('kills pending reset tokens, and sends none while disabled', async () => {
    const someone = await person(world())
    await run('requestPasswordReset', { email: someone.email })
    const token = mailedToken(world(), someone.email)
    await set(someone.id, false)
    await run('requestPasswordReset', { email: someone.email })
    expect(world().mails.filter(({ to }) => to === someone.email)).toHaveLength(1)
    await set(someone.id, true)
    const result = await run('resetPassword', { token, newPassword: 'another long one' })
    expectFailure(result, 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('setLoginEnabled lets the account in again, but revives no session', async () => {
    const someone = await person(world())
    await set(someone.id, false)
    expect((await set(someone.id, true)).user).toEqual({ id: someone.id, loginDisabled: false })
    expectFailure(await query(world(), 'me { id }', someone.token), 'errors', 'UNAUTHENTICATED')
    expect(await query(world(), 'me { id }', await signIn(world(), someone))).toEqual({ id: someone.id })
  })

  it("setLoginEnabled is refused for one's own account", async () => {
    const { id } = await admin(world())
    expectFailure(await set(id, false), 'ConflictError', 'OWN_ACCOUNT')
  })

  it('setLoginEnabled takes an administrator too, while another is left', async () => {
    expect((await set((await anotherAdmin()).id, false)).user.loginDisabled).toBe(true)
  })
})

describe('setAdmin', () => {
  const set = async (id: string, isAdmin: boolean) => run('setAdmin', { id, isAdmin }, await adminToken(world()))

  it('setAdmin makes and unmakes an administrator, who holds every scope at once', async () => {
    const someone = await person(world())
    expect(await set(someone.id, true)).toEqual({ __typename: 'SetAdminSuccess', user: { id: someone.id, isAdmin: true } })
    expect((await run('createUser', { ...newcomer(), scopes: ['ALL'] }, someone.token)).__typename).toBe('CreateUserSuccess')
    await set(someone.id, false)
    expect(await meOf(someone.token)).toEqual({ id: someone.id, isAdmin: false, scopes: [] })
    expectFailure(await run('createUser', newcomer(), someone.token), 'PermissionError', 'FORBIDDEN', [], { missingScope: 'USERS_CREATE' })
  })

  it('setAdmin writes an event of each', async () => {
    const { id } = await anotherAdmin()
    await set(id, false)
    const events = await world().db.client.auditEvent.findMany({ where: { userId: id, type: { startsWith: 'account.admin' } } })
    const { id: actorId } = await admin(world())
    expect(events.map(({ type, actorId: actor, surface }) => [type, actor, surface])).toEqual([
      ['account.admin_granted', actorId, 'graphql'],
      ['account.admin_revoked', actorId, 'graphql'],
    ])
  })
})

describe('setScopes', () => {
  it('replaces the scopes, which count at once', async () => {
    const someone = await holder('users:read')
    const result = await run('setScopes', { id: someone.id, scopes: ['USERS_CREATE', 'SENSORS'] }, await adminToken(world()))
    expect(result).toEqual({ __typename: 'SetScopesSuccess', user: { id: someone.id, scopes: ['USERS_CREATE', 'SENSORS'] } })
    expect((await run('createUser', newcomer(), someone.token)).__typename).toBe('CreateUserSuccess')
    expectFailure(await query(world(), 'users { __typename }', someone.token), 'errors', 'FORBIDDEN', [], { missingScope: 'USERS_READ' })
  })

  it('setScopes knows only documented scopes, and says which are wrong', async () => {
    const { id } = await person(world())
    const input = { id, scopes: ['USERS', 'CARS', 'USERS_REED'] }
    const { text } = await world().graphql(mutationOf('setScopes', {}), { input }, await adminToken(world()))
    expect(JSON.parse(text).errors).toMatchObject([
      { message: 'Variable "$input" got an invalid value at "input.scopes[1]".' },
      { message: 'Variable "$input" got an invalid value at "input.scopes[2]".' },
    ])
  })
})

describe('the last enabled administrator', () => {
  const lonely = useWorld()

  it.each([
    ['deleted', 'deleteUser', {}, 'LAST_ADMIN'],
    ['demoted', 'setAdmin', { isAdmin: false }, 'LAST_ADMIN'],
    ['disabled', 'setLoginEnabled', { enabled: false }, 'OWN_ACCOUNT'],
  ])('the last enabled administrator cannot be %s', async (_what, name, more, code) => {
    const { id, token } = await admin(lonely())
    expectFailure(await mutate(lonely(), name, { id, ...more }, token), 'ConflictError', code)
    expect(await query(lonely(), 'me { isAdmin loginDisabled }', token)).toEqual({ isAdmin: true, loginDisabled: false })
  })

  it('a disabled administrator does not count as another one', async () => {
    const root = await admin(lonely())
    const second = await person(lonely())
    await mutate(lonely(), 'setAdmin', { id: second.id, isAdmin: true }, root.token)
    await mutate(lonely(), 'setLoginEnabled', { id: second.id, enabled: false }, root.token)
    expectFailure(await mutate(lonely(), 'deleteUser', { id: root.id }, root.token), 'ConflictError', 'LAST_ADMIN')
    expectFailure(await mutate(lonely(), 'setAdmin', { id: root.id, isAdmin: false }, root.token), 'ConflictError', 'LAST_ADMIN')
    const removed = await mutate(lonely(), 'deleteUser', { id: second.id }, root.token)
    expect(removed.__typename).toBe('DeleteUserSuccess')
  })

  it('the last enabled administrator may go when another is there', async () => {
    const root = await admin(lonely())
    const heir = await person(lonely())
    await mutate(lonely(), 'setAdmin', { id: heir.id, isAdmin: true }, root.token)
    expect((await mutate(lonely(), 'deleteUser', { id: root.id }, root.token)).__typename).toBe('DeleteUserSuccess')
    expectFailure(await mutate(lonely(), 'deleteUser', { id: heir.id }, heir.token), 'ConflictError', 'LAST_ADMIN')
  })
})

describe('rotateSigningKey', () => {
  const kids = async (): Promise<string[]> => (await world().get('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid)
  const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())

  it('rotateSigningKey makes a new key sign, and signs nobody out', async () => {
    const someone = await person(world())
    const before = await kids()
    const result = await mutate(world(), 'rotateSigningKey', undefined, await adminToken(world()))
    expect(result).toEqual({ __typename: 'RotateSigningKeySuccess', kid: expect.any(String) })
    expect(await kids()).toEqual([result.kid, ...before])
    const fresh = await signIn(world(), someone)
    expect(headerOf(fresh)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: result.kid })
    expect(headerOf(someone.token).kid).toBe(before[0])
    for (const token of [someone.token, fresh]) expect((await meOf(token)).id).toBe(someone.id)
    expect((await world().get('/v1/profile', someone.token)).status).toBe(200)
  })

  it('rotateSigningKey shows no private key', async () => {
    const { body, headers } = await world().get('/.well-known/jwks.json')
    for (const key of body.keys)
      expect(key).toEqual({
        kty: 'EC',
        crv: 'P-256',
        alg: 'ES256',
        use: 'sig',
        kid: expect.any(String),
        x: expect.any(String),
        y: expect.any(String),
      })
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  })

  it('rotateSigningKey writes an event', async () => {
    const { kid } = await mutate(world(), 'rotateSigningKey', undefined, await adminToken(world()))
    const [event] = await world().db.client.auditEvent.findMany({ where: { type: 'keys.rotated' }, orderBy: { seq: 'desc' }, take: 1 })
    expect(event).toMatchObject({ actorId: (await admin(world())).id, surface: 'graphql', details: { kid } })
  })

  it('rotateSigningKey may be done again at once', async () => {
    world().advance(MINUTE)
    const token = await adminToken(world())
    const made = [
      (await mutate(world(), 'rotateSigningKey', undefined, token)).kid,
      (await mutate(world(), 'rotateSigningKey', undefined, token)).kid,
    ]
    expect((await kids()).slice(0, 2)).toEqual(made.reverse())
  })
})
