/**
 * The contract of `idiot` (sections 1 and 2): its six routes under `/v1`, each with its success and every error, and the
 * printed bodies of the iDIoT document as they stand there.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, type Person, person, signIn, unique, withTwoFactor, withUsername } from '../support/accounts.ts'
import { type Answer, openWorld, useWorld } from '../support/world.ts'
import {
  aDate,
  aUuid,
  commonCases,
  enter,
  expectInvalid,
  expectOk,
  expectProblem,
  expectTooMany,
  HOUR,
  loginCodeOf,
  rawRequest,
  resetTokenOf,
  someText,
  useV1World,
  wekanPerson,
} from './v1.ts'

const world = useV1World()

const NO_ONE = '00000000-0000-4000-8000-000000000000'
const SCOPES = ['users:create', 'users:read', 'users:delete', 'sensors:read', 'sensors:update', 'sensors:delete', 'sensors:state:update']

const asAdmin = (): { token: string } => ({ token: world.admin() })

/** One person for all questions of scopes, who holds these from now on, as an import leaves them or as the administrator grants them. */
let subject: Person
beforeAll(async () => {
  const made = await person(world())
  subject = { ...made, token: (await enter(world(), made)).token }
})

/** What an administrator has. */
const EVERY = [
  'perm:users:create',
  'perm:users:read',
  'perm:users:delete',
  'perm:sensors:read',
  'perm:sensors:update',
  'perm:sensors:delete',
  'perm:sensors:state:update',
]

const setScopes = async (id: string, scopes: string[]): Promise<void> => {
  const { body } = await world().graphql(
    'mutation($input: SetScopesInput!) { result: setScopes(input: $input) { ... on SetScopesSuccess { user { id } } ... on Error { code } } }',
    { input: { id, scopes } },
    world.admin(),
  )
  expect(body.result).toEqual({ user: { id } })
}

const holder = async (...scopes: string[]): Promise<Person> => {
  await setScopes(subject.id, scopes)
  return subject
}

const imported = async (...scopes: string[]): Promise<Person> => {
  await world().db.client.user.update({ where: { id: subject.id }, data: { scopes } })
  return subject
}

/** Scopes that cover `scope`, and some that do not. */
const covering = (scope: string): string[] => ['users', scope, `perm:${scope}`, 'perm:users', 'perm']
const lacking = (scope: string): string[][] => [[], ...SCOPES.filter((other) => other !== scope).map((other) => [other]), ['sensors']]

const scopeCases = (scope: string, covered: number, call: (token: string) => Promise<Answer>): void => {
  it.each(lacking(scope).map((scopes) => ({ scopes })))('403 with the scopes $scopes', async ({ scopes }) => {
    const { token } = await holder(...scopes)
    expectProblem(await call(token), 403, { message: `missing permission ${scope}` })
  })

  it('403 with all other scopes together', async () => {
    const { token } = await holder(...SCOPES.filter((other) => other !== scope))
    expectProblem(await call(token), 403, { message: `missing permission ${scope}` })
  })

  it.each([scope.slice(0, 7), 'user', 'users:*', '*', `${scope}:more`, 'perm:users:c', ':', ''])(
    'an imported scope %j covers nothing',
    async (scopes) => {
      const { token } = await imported(scopes)
      expectProblem(await call(token), 403, { message: `missing permission ${scope}` })
    },
  )

  it.each(['perm', `perm:${scope}`, 'perm:users', 'users'])('an imported scope %j covers it', async (scopes) => {
    const { token } = await imported(scopes)
    expect((await call(token)).status).toBe(covered)
  })

  it('a scope that was taken away is gone at once', async () => {
    const someone = await holder(scope)
    expect((await call(someone.token)).status).toBe(covered)
    await holder()
    expectProblem(await call(someone.token), 403, { message: `missing permission ${scope}` })
  })
}

describe('POST /v1/users', () => {
  const printed = { name: 'hi mark', email: 'x@example.com', password: 'DWD21378udh#g3@#d' }
  const fresh = (more: object = {}) => ({ ...printed, email: `made${unique()}@example.com`, ...more })
  const create = async (json: unknown, token = world.admin()) => await world().post('/v1/users', json, token)

  commonCases(world, {
    method: 'POST',
    path: '/v1/users',
    methods: ['GET', 'POST'],
    who: 'session',
    required: ['name', 'email', 'password'],
  })
  scopeCases('users:create', 400, async (token) => await create({}, token))

  it('the printed body works as printed', async () => {
    expectOk(await create(printed), { id: aUuid, name: 'hi mark', email: 'x@example.com', permissions: [] })
    const { user } = await enter(world(), printed)
    expect(user).toMatchObject({ email: 'x@example.com', name: 'hi mark', firstName: 'hi', lastName: 'mark' })
  })

  it.each(covering('users:create'))('200 with the scope %s', async (scope) => {
    const { token } = await holder(scope)
    const body = fresh()
    const told = scope.endsWith('users:create') ? {} : { permissions: [] }
    expectOk(await create(body, token), { id: aUuid, name: body.name, email: body.email, ...told })
  })

  it.each([
    ['with the prefix', ['perm:users:read', 'perm:sensors'], ['perm:users:read', 'perm:sensors'], ['users:read', 'sensors']],
    ['without it', ['users:read'], ['perm:users:read'], ['users:read']],
    ['that are all', ['perm'], ['perm'], ['perm']],
    ['that are none', [], [], []],
  ])('permissions %s are granted, and printed', async (_what, permissions, shown, scopes) => {
    const body = fresh({ permissions })
    const answer = await create(body)
    expectOk(answer, { id: aUuid, name: body.name, email: body.email, permissions: shown })
    expect(await world().db.client.user.findUnique({ where: { id: answer.body.id } })).toMatchObject({ isAdmin: false, scopes })
    const { token } = await enter(world(), body)
    expect((await world().get('/v1/users', token)).status).toBe(scopes.includes('users:read') || scopes.includes('perm') ? 200 : 403)
    expect((await world().get(`/v1/users/${answer.body.id}`, token)).body.permissions).toEqual(shown)
  })

  it('permissions that the caller lacks are 403, and no account is made', async () => {
    const { token } = await holder('users:create')
    const body = fresh({ permissions: ['perm:users:delete'] })
    expectProblem(await create(body, token), 403, { message: 'missing permission users:delete' })
    expect(await world().db.client.user.count({ where: { email: body.email } })).toBe(0)
    const granted = fresh({ permissions: ['perm:users:create'] })
    expectOk(await create(granted, token), { id: aUuid, name: granted.name, email: granted.email })
  })

  it.each([[['nonsense']], [['perm:nonsense']], ['perm'], [[1]], [{}], [Array.from({ length: 51 }, () => 'perm')]])(
    'permissions %j are 400 errors.permissions',
    async (permissions) => {
      const answer = await create(fresh({ permissions }))
      expectProblem(answer, 400, { message: 'Validation errors', errors: expect.any(Object) })
      expect(Object.keys(answer.body.errors)).toEqual([expect.stringMatching(/^permissions(\.0)?$/)])
    },
  )

  it('an administrator has all permissions', async () => {
    const { body } = await world().get('/v1/users', world.admin())
    expect(body[0].permissions).toEqual(EVERY)
  })

  it('the account holds no scope and is no administrator', async () => {
    const body = fresh()
    const { id } = (await create(body)).body
    const { token } = await enter(world(), body)
    expectProblem(await world().get('/v1/users', token), 403, { message: 'missing permission users:read' })
    expect(await world().db.client.user.findUnique({ where: { id } })).toMatchObject({ isAdmin: false, scopes: [] })
  })

  it('the e-mail is trimmed and kept as typed', async () => {
    const number = unique()
    expect((await create(fresh({ email: ` Typed${number}@Example.com\t` }))).body.email).toBe(`Typed${number}@Example.com`)
    await enter(world(), { email: `typed${number}@EXAMPLE.com`, password: printed.password })
  })

  it.each([
    ['Cher', 'Cher', null],
    ['Ada King Lovelace', 'Ada', 'King Lovelace'],
    ['Ünïcode 名前', 'Ünïcode', '名前'],
  ])('the name %j has the first name %j and the last name %j', async (name, firstName, lastName) => {
    const body = fresh({ name })
    await create(body)
    expect((await enter(world(), body)).user).toMatchObject({ name, firstName, lastName })
  })

  it.each([
    ['name', 'a'],
    ['name', 'n'.repeat(100)],
    ['name', '😀'.repeat(100)],
    ['password', '12345678'],
    ['password', 'password'],
    ['password', '😀'.repeat(8)],
    ['password', '😀'.repeat(128)],
    ['password', ' spaces at both ends '],
    ['email', `${'l'.repeat(64)}${unique()}@example.com`.slice(1)],
  ])('takes the %s %j', async (field, value) => {
    const body = fresh({ [field]: value })
    expectOk(await create(body), { id: aUuid, name: body.name, email: body.email, permissions: [] })
    await enter(world(), body)
  })

  const wrong: readonly [string, unknown][] = [
    ['name', ''],
    ['name', 'n'.repeat(101)],
    ['name', 1],
    ['name', ['hi']],
    ['name', 'nul\0'],
    ['name', '\ud800'],
    ['email', ''],
    ['email', 'x'],
    ['email', 'x@'],
    ['email', '@example.com'],
    ['email', 'two@example.com, more@example.com'],
    ['email', 'line@example.com\nBcc: x@example.com'],
    ['email', 'nul\0@example.com'],
    ['email', true],
    ['email', {}],
    ['password', ''],
    ['password', '1234567'],
    ['password', '😀'.repeat(7)],
    ['password', 'p'.repeat(129)],
    ['password', 12345678],
    ['password', 'NUL inside \0'],
    ['password', 'half a pair \udc00'],
  ]
  it.each(wrong)('400 for the %s %j', async (field, value) => {
    expectInvalid(await create(fresh({ [field]: value })), [field])
  })

  it('400 with all wrong fields at once', async () => {
    expectInvalid(await create({ name: '', email: 'x', password: '1' }), ['name', 'email', 'password'])
  })

  it('400 "Email already exists" for an address that is taken', async () => {
    const body = fresh()
    await create(body)
    expectProblem(await create({ ...body, name: 'somebody else' }), 400, { message: 'Email already exists', errors: ['email'] })
  })

  it('400 for a taken address in another case and with spaces', async () => {
    const body = fresh()
    await create(body)
    expectProblem(await create({ ...body, email: ` ${body.email.toUpperCase()} ` }), 400, {
      message: 'Email already exists',
      errors: ['email'],
    })
  })

  it("400 for an address that is another's username", async () => {
    const email = `name${unique()}@example.com`
    await withUsername(world(), { username: email })
    expectProblem(await create(fresh({ email })), 400, { message: 'Email already exists', errors: ['email'] })
  })

  it('of two in parallel with one address, one is made', async () => {
    const body = fresh()
    const answers = await Promise.all([create(body), create(body), create(body)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
    for (const answer of answers.filter(({ status }) => status === 400))
      expectProblem(answer, 400, { message: 'Email already exists', errors: ['email'] })
  })

  it('unknown keys and __proto__ have no effect', async () => {
    const email = `made${unique()}@example.com`
    const raw = `{"__proto__": {"name": "from the prototype"}, "constructor": 1, "isAdmin": true, "scopes": ["perm"], "id": "${NO_ONE}", "name": "plain", "email": "${email}", "password": "12345678"}`
    const answer = await world().request('POST', '/v1/users', { raw, headers: { 'content-type': 'application/json' }, ...asAdmin() })
    expectOk(answer, { id: aUuid, name: 'plain', email, permissions: [] })
    expect(answer.body.id).not.toBe(NO_ONE)
    const { token } = await enter(world(), { email, password: '12345678' })
    expectProblem(await world().get('/v1/users', token), 403, { message: 'missing permission users:read' })
  })

  it('__proto__ gives no required field', async () => {
    const raw = `{"__proto__": ${JSON.stringify(fresh())}}`
    const answer = await world().request('POST', '/v1/users', { raw, headers: { 'content-type': 'application/json' }, ...asAdmin() })
    expectInvalid(answer, ['name', 'email', 'password'])
  })

  it('of duplicate keys the last wins', async () => {
    const email = `made${unique()}@example.com`
    const raw = `{"name": "first", "email": "x", "password": "1", "name": "last", "email": "${email}", "password": "12345678"}`
    const answer = await world().request('POST', '/v1/users', { raw, headers: { 'content-type': 'application/json' }, ...asAdmin() })
    expectOk(answer, { id: aUuid, name: 'last', email, permissions: [] })
  })

  it('403 goes before 400 for fields', async () => {
    const { token } = await person(world())
    expectProblem(await create({}, token), 403, { message: 'missing permission users:create' })
  })

  it('100 KiB exactly are read', async () => {
    const start = JSON.stringify(fresh({ padding: '' })).slice(0, -2)
    const raw = `${start}${'x'.repeat(100 * 1024 - start.length - 2)}"}`
    expect(raw.length).toBe(100 * 1024)
    const answer = await world().request('POST', '/v1/users', { raw, headers: { 'content-type': 'application/json' }, ...asAdmin() })
    expect(answer.status).toBe(200)
  })

  it('goes on while registration is closed', async () => {
    const settings = { REGISTRATION: 'closed', ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: 'the first password' }
    const closed = await openWorld(settings)
    try {
      const { token } = await enter(closed, { email: settings.ADMIN_EMAIL, password: settings.ADMIN_PASSWORD })
      const printedAgain = { id: aUuid, name: 'hi mark', email: 'x@example.com', permissions: [] }
      expectOk(await closed.post('/v1/users', printed, token), printedAgain)
    } finally {
      await closed.close()
    }
  })
})

describe('GET /v1/users', () => {
  commonCases(world, { method: 'GET', path: '/v1/users', methods: ['GET', 'POST'], who: 'session' })
  scopeCases('users:read', 200, async (token) => await world().get('/v1/users', token))

  it.each(covering('users:read'))('200 with the scope %s', async (scope) => {
    const someone = await holder(scope)
    const answer = await world().get('/v1/users', someone.token)
    expectOk(answer, expect.arrayContaining([{ id: someone.id, name: someText, email: someone.email, permissions: expect.any(Array) }]))
  })

  it('HEAD as GET, without the body', async () => {
    const answer = await world().request('HEAD', '/v1/users', asAdmin())
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('')
    expect(answer.headers.get('content-type')).toMatch(/^application\/json; ?charset=utf-8$/i)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('HEAD: 401 without a token', async () => {
    const answer = await world().request('HEAD', '/v1/users')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('a body is ignored', async () => {
    const headers = { authorization: `Bearer ${world.admin()}`, 'content-type': 'text/plain' }
    expect((await rawRequest(world(), 'GET', '/v1/users', headers, '{"limit":')).status).toBe(200)
  })

  it('a trailing slash is none, with a token too', async () => {
    const [plain, slashed] = [await world().get('/v1/users', world.admin()), await world().get('/v1/users/', world.admin())]
    expectOk(slashed, plain.body)
  })

  it.each([
    'limit=-1',
    'limit=x',
    'limit=',
    'limit=1.5',
    'limit=1e2',
    'limit=%2B1',
    'limit=0x10',
    'limit= ',
    'limit=NaN',
    'limit=Infinity',
  ])('400 for ?%s', async (query) => {
    expectInvalid(await world().get(`/v1/users?${query}`, world.admin()), ['limit'])
    expectInvalid(await world().get(`/v1/users?${query.replace('limit', 'offset')}`, world.admin()), ['offset'])
  })

  it('400 for both at once', async () => {
    expectInvalid(await world().get('/v1/users?limit=a&offset=b', world.admin()), ['limit', 'offset'])
  })

  it.each(['limit=1&limit=2', 'offset=0&offset=0', 'limit=1&offset=1&limit=1'])('400 for ?%s, a repeated parameter', async (query) => {
    expectProblem(await world().get(`/v1/users?${query}`, world.admin()), 400)
  })

  it('403 goes before 400 for fields', async () => {
    const { token } = await person(world())
    expectProblem(await world().get('/v1/users?limit=x', token), 403, { message: 'missing permission users:read' })
  })

  it('unknown parameters are ignored', async () => {
    expect((await world().get('/v1/users?page=2&limit=1&__proto__=x', world.admin())).body).toHaveLength(1)
  })
})

describe('GET /v1/users/{id}', () => {
  commonCases(world, { method: 'GET', path: `/v1/users/${NO_ONE}`, methods: ['GET', 'DELETE'], who: 'session' })

  const forms: readonly [string, (who: Person) => Promise<string>][] = [
    ['a sess_ token', async (who) => (await enter(world(), who)).token],
    ['the JWT of /v1', async (who) => (await enter(world(), who)).accessToken],
    ['a token of GraphQL', async (who) => await signIn(world(), who)],
    ['the access token of authentication', async (who) => (await world().post('/auth/login', who)).body.tokens.access.token],
    ['a token of Wekan', async (who) => (await world().post('/users/login', { email: who.email, password: who.password })).body.token],
  ]
  it.each(forms)('200 with %s, of any session', async (_name, tokenOf) => {
    const [caller, other] = [await person(world()), await person(world())]
    const answer = await world().get(`/v1/users/${other.id}`, await tokenOf(caller))
    expectOk(answer, { id: other.id, name: expect.stringMatching(/^Person Number/), email: other.email })
  })

  it.each(['bearer', 'BEARER', 'bEaReR', 'Bearer  '])('200 with the scheme written %j', async (scheme) => {
    const { id, email } = await person(world())
    const answer = await world().request('GET', `/v1/users/${id}`, { headers: { authorization: `${scheme} ${world.admin()}` } })
    expectOk(answer, { id, name: someText, email, permissions: [] })
  })

  it('200 for oneself', async () => {
    const { id, email, token } = await person(world(), { name: 'My Self' })
    expectOk(await world().get(`/v1/users/${id}`, token), { id, name: 'My Self', email, permissions: [] })
  })

  it('200 for an account with a Meteor id and without an e-mail: "" is printed', async () => {
    const username = `board${unique()}`
    const { id } = await wekanPerson(world(), { username, password: 'tester' })
    expectOk(await world().get(`/v1/users/${id}`, world.admin()), { id, name: username, email: '', permissions: [] })
  })

  it('HEAD as GET, without the body', async () => {
    const { id, token } = await person(world())
    const found = await world().request('HEAD', `/v1/users/${id}`, { token })
    expect([found.status, found.text]).toEqual([200, ''])
    const missing = await world().request('HEAD', `/v1/users/${NO_ONE}`, { token })
    expect([missing.status, missing.text]).toEqual([404, ''])
  })

  it.each([
    NO_ONE,
    NO_ONE.slice(1),
    'x',
    '2'.repeat(17),
    'me',
    '0',
    '-1',
    '%20',
    '%ff',
    '%F0%9F%98%80',
    '%27%20OR%201%3D1',
    '__proto__',
    'User:1',
    'i'.repeat(5_000),
  ])('404 for the unknown or malformed id %s', async (id) => {
    expectProblem(await world().get(`/v1/users/${id}`, world.admin()), 404)
  })

  it('400 for an id with NUL', async () => {
    expectInvalid(await world().get('/v1/users/a%00b', world.admin()), ['id'])
  })

  it('404 for a username or an e-mail in the place of the id', async () => {
    const { username, email, token } = await person(world())
    expectProblem(await world().get(`/v1/users/${username}`, token), 404)
    expectProblem(await world().get(`/v1/users/${email}`, token), 404)
  })

  it('404 in the body of /v1 for a path below the id', async () => {
    const { id, token } = await person(world())
    expectProblem(await world().get(`/v1/users/${id}/more`, token), 404)
  })
})

describe('DELETE /v1/users/{id}', () => {
  const remove = async (id: string, token = world.admin()) => await world().delete(`/v1/users/${id}`, token)

  commonCases(world, { method: 'DELETE', path: `/v1/users/${NO_ONE}`, methods: ['GET', 'DELETE'], who: 'session' })
  scopeCases('users:delete', 404, async (token) => await remove(NO_ONE, token))

  it.each(covering('users:delete'))('200 with the scope %s, and the deleted account', async (scope) => {
    const [{ token }, other] = [await holder(scope), await person(world(), { name: 'Long Gone' })]
    const told = scope.endsWith('users:delete') ? {} : { permissions: [] }
    expectOk(await remove(other.id, token), { id: other.id, name: 'Long Gone', email: other.email, ...told })
  })

  it('everything of the account goes with it', async () => {
    const gone = await withTwoFactor(world())
    const loginCode = await loginCodeOf(world(), gone)
    const resetToken = await resetTokenOf(world(), gone)
    expect((await remove(gone.id)).status).toBe(200)
    const { client } = world().db
    const where = { userId: gone.id }
    expect(await client.user.count({ where: { id: gone.id } })).toBe(0)
    expect(await client.identifier.count({ where })).toBe(0)
    expect(await client.session.count({ where })).toBe(0)
    expect(await client.opaqueToken.count({ where: { session: where } })).toBe(0)
    expect(await client.loginCode.count({ where })).toBe(0)
    expect(await client.recoveryCode.count({ where })).toBe(0)
    expect(await client.mailToken.count({ where })).toBe(0)
    expectProblem(await world().get(`/v1/users/${gone.id}`, world.admin()), 404)
    expectProblem(await world().get('/v1/profile', gone.token), 401)
    expectProblem(await world().post('/v1/auth/login', { email: gone.email, password: gone.password }), 401)
    expectProblem(await world().post('/v1/auth/verify-totp', { loginCode, code: gone.code() }), 401)
    expectProblem(await world().post('/v1/security/reset-password', { token: resetToken, password: 'a new password' }), 401)
  })

  it('its address and username are free again', async () => {
    const { id, email, username } = await person(world())
    await remove(id)
    expect((await person(world(), { email, username })).id).not.toBe(id)
  })

  it('404 for the second time', async () => {
    const { id } = await person(world())
    await remove(id)
    expectProblem(await remove(id), 404)
  })

  it('of two in parallel, one deletes', async () => {
    const { id } = await person(world())
    const answers = await Promise.all([remove(id), remove(id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
  })

  it.each([NO_ONE, 'x', '%ff', '%F0%9F%98%80', '__proto__', 'i'.repeat(5_000)])('404 for the unknown or malformed id %s', async (id) => {
    expectProblem(await remove(id), 404)
  })

  it('400 for an id with NUL', async () => {
    expectInvalid(await remove('a%00b'), ['id'])
  })

  it('403 goes before 404', async () => {
    const { token } = await person(world())
    expectProblem(await remove(NO_ONE, token), 403, { message: 'missing permission users:delete' })
  })

  it('a body is ignored, whatever it is', async () => {
    const { id } = await person(world())
    const answer = await world().request('DELETE', `/v1/users/${id}`, {
      raw: '{"id":',
      headers: { 'content-type': 'text/plain' },
      ...asAdmin(),
    })
    expect(answer.status).toBe(200)
  })

  it('200 for oneself, with the scope', async () => {
    const { id, email, token } = await person(world())
    await setScopes(id, ['users:delete'])
    expectOk(await remove(id, token), { id, name: someText, email, permissions: ['perm:users:delete'] })
    expectProblem(await remove(id, token), 401)
  })

  it('400 for the last enabled administrator', async () => {
    expectProblem(await remove((await admin(world())).id), 400)
    expect((await world().get('/v1/profile', world.admin())).status).toBe(200)
  })

  it('403 for an administrator, unless by one', async () => {
    const [other, { token }] = [await person(world()), await holder('users:delete')]
    await world().graphql(
      'mutation($input: SetAdminInput!) { result: setAdmin(input: $input) { __typename } }',
      { input: { id: other.id, isAdmin: true } },
      world.admin(),
    )
    expectProblem(await remove(other.id, token), 403)
    expectOk(await remove(other.id), { id: other.id, name: someText, email: other.email, permissions: EVERY })
  })
})

describe('POST /v1/auth/login', () => {
  it('the documented answer: a token of the printed form', async () => {
    const answer = await world().post('/v1/auth/login', await person(world()))
    expect(answer.status).toBe(200)
    expect(answer.body.token).toMatch(/^sess_[\w-]+:[\w-]+$/)
    expect(answer.body).toMatchObject({ expire_at: aDate, accessToken: someText })
  })

  it.each(SCOPES.filter((scope) => scope.startsWith('users:')))('the token carries the scope %s of its account', async (scope) => {
    const someone = await holder(scope)
    const { token } = await enter(world(), someone)
    const calls = [
      (await world().post('/v1/users', {}, token)).status,
      (await world().get('/v1/users?limit=0', token)).status,
      (await world().delete(`/v1/users/${NO_ONE}`, token)).status,
    ]
    expect(calls).toEqual([scope === 'users:create' ? 400 : 403, scope === 'users:read' ? 200 : 403, scope === 'users:delete' ? 404 : 403])
  })

  it('401 for an unknown address', async () => {
    expectProblem(await world().post('/v1/auth/login', { email: 'nobody@example.com', password: 'a password' }), 401)
  })

  it('400 without fields, and without a body', async () => {
    expectInvalid(await world().post('/v1/auth/login', {}), ['email', 'password'])
    expectInvalid(await world().post('/v1/auth/login'), ['email', 'password'])
  })

  it('429 with Retry-After after ten failures, also for the right password; later it works', async () => {
    const someone = await person(world())
    const guess = { email: someone.email, password: 'a wrong one' }
    for (let count = 0; count < 10; count += 1) expectProblem(await world().post('/v1/auth/login', guess), 401)
    const wait = expectTooMany(await world().post('/v1/auth/login', someone))
    world().advance(wait * 1000)
    expect((await world().post('/v1/auth/login', someone)).status).toBe(200)
  })
})

describe('POST /v1/auth/logout', () => {
  const logout = async (token?: string) => await world().post('/v1/auth/logout', undefined, token)

  commonCases(world, { method: 'POST', path: '/v1/auth/logout', methods: ['POST'], who: 'session' })

  /** What each surface says to a token. */
  const seenBy = async (token: string): Promise<number[]> => [
    (await world().get('/v1/profile', token)).status,
    (await world().get('/api/user', token)).status,
    (await world().post('/auth', undefined, token)).status,
    (await world().graphql('{ result: me { id } }', {}, token)).body.result === null ? 401 : 200,
  ]

  it('200 {}; a second call is 401', async () => {
    const { token } = await enter(world(), await person(world()))
    expectOk(await logout(token), {})
    expectProblem(await logout(token), 401)
  })

  it.each(['token', 'accessToken'])('by the %s: both tokens of the session are dead, on every surface', async (presented) => {
    const session = await enter(world(), await person(world()))
    expect(await seenBy(session.token)).toEqual([200, 200, 200, 200])
    expect(await seenBy(session.accessToken)).toEqual([200, 200, 200, 200])
    expectOk(await logout(session[presented]), {})
    expect(await seenBy(session.token)).toEqual([401, 401, 401, 401])
    expect(await seenBy(session.accessToken)).toEqual([401, 401, 401, 401])
  })

  it('ends only the presented session', async () => {
    const someone = await person(world())
    const [one, two] = [await enter(world(), someone), await enter(world(), someone)]
    await logout(one.token)
    expect((await world().get('/v1/profile', one.token)).status).toBe(401)
    expect((await world().get('/v1/profile', two.token)).status).toBe(200)
    expect((await world().get('/v1/profile', someone.token)).status).toBe(200)
  })

  it("ends a session of Wekan's", async () => {
    const { token } = await wekanPerson(world(), { username: `board${unique()}`, password: 'tester' })
    expectOk(await logout(token), {})
    expect(await seenBy(token)).toEqual([401, 401, 401, 401])
  })

  it('ends a session of authentication, with its refresh token', async () => {
    const { tokens } = (await world().post('/auth/login', await person(world()))).body
    expectOk(await logout(tokens.access.token), {})
    expect(await seenBy(tokens.access.token)).toEqual([401, 401, 401, 401])
    expect((await world().post('/auth/refresh-tokens', { refreshToken: tokens.refresh.token })).status).toBe(401)
  })

  it('ends a session of GraphQL, with its refresh token', async () => {
    const { token, refreshToken } = await person(world())
    expectOk(await logout(token), {})
    expect(await seenBy(token)).toEqual([401, 401, 401, 401])
    expect((await world().post('/auth/refresh-tokens', { refreshToken })).status).toBe(401)
  })

  it('of two calls in parallel, one ends it', async () => {
    const { token } = await person(world())
    const answers = await Promise.all([logout(token), logout(token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  it('a body that nobody asked for is no error', async () => {
    const { token } = await person(world())
    expectOk(await world().post('/v1/auth/logout', { everything: true }, token), {})
  })
})

describe('every answer', () => {
  it('carries a request id of its own, the same in the body', async () => {
    const [one, two] = [await world().get('/v1/users'), await world().get('/v1/users')]
    expect(one.body.request_id).toBe(one.headers.get('x-request-id'))
    expect(one.body.request_id).not.toBe(two.body.request_id)
  })

  it.each(['a', 'client-7_X', 'i'.repeat(64)])('keeps the request id %s of a trusted peer', async (id) => {
    const answer = await world().request('GET', '/v1/users', { headers: { 'x-request-id': id } })
    expect(answer.body.request_id).toBe(id)
    expect(answer.headers.get('x-request-id')).toBe(id)
  })

  it.each(['two words', 'i'.repeat(65), 'semi;colon', '<script>'])('does not keep the request id %j', async (id) => {
    const answer = await world().request('GET', '/v1/users', { headers: { 'x-request-id': id } })
    expect(answer.body.request_id).not.toBe(id)
    expectProblem(answer, 401)
  })

  it('has CORS headers for an origin of the settings, errors too', async () => {
    for (const token of [world.admin(), undefined]) {
      const answer = await world().request('GET', '/v1/users', { token, headers: { origin: 'https://app.example.com' } })
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    }
  })

  it('404 in the body of /v1 below the mount, for any method', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) expectProblem(await world().request(method, '/v1/nothing'), 404)
    expectProblem(await world().get('/v1'), 404)
    expectProblem(await world().get('/v1/'), 404)
    expectProblem(await world().get('/v1/nothing', world.admin()), 404)
  })

  it.each(['/', '/v2/users', '/v1users', '/users'])('404 in the plain body outside: %s', async (path) => {
    const answer = await world().get(path)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json; ?charset=utf-8$/i)
    if (path !== '/users') expect(answer.body).toEqual({ message: 'Not found', request_id: answer.headers.get('x-request-id') })
  })
})

describe('a session', () => {
  const lasting = useWorld()

  it('of /v1 lives 24 hours, both tokens, not a moment longer', async () => {
    const someone = await person(lasting())
    const before = Date.now()
    const { token, accessToken, expire_at } = await enter(lasting(), someone)
    const end = Date.parse(expire_at)
    expect(end).toBeGreaterThanOrEqual(before + 24 * HOUR)
    expect(end).toBeLessThanOrEqual(Date.now() + 24 * HOUR)
    const statuses = async () => [
      (await lasting().get('/v1/profile', token)).status,
      (await lasting().get(`/v1/users/${someone.id}`, accessToken)).status,
    ]
    lasting().advance(end - Date.now() - 10_000)
    expect(await statuses()).toEqual([200, 200])
    lasting().advance(10_001)
    expect(await statuses()).toEqual([401, 401])
  })

  it('of Wekan lives 90 days, here too', async () => {
    const { id, token } = await wekanPerson(lasting(), { username: 'board', password: 'tester' })
    lasting().advance(90 * 24 * HOUR - 60_000)
    expect((await lasting().get(`/v1/users/${id}`, token)).status).toBe(200)
    lasting().advance(60_001)
    expectProblem(await lasting().get(`/v1/users/${id}`, token), 401)
  })

  it('is one of at most MAX_SESSIONS of an account; the one not used for the longest time ends', async () => {
    const few = await openWorld({ MAX_SESSIONS: '3' })
    try {
      const someone = await person(few)
      const opened: { token: string }[] = []
      for (let count = 0; count < 3; count += 1) {
        few.advance(1_000)
        opened.push(await enter(few, someone))
      }
      const statuses = []
      for (const token of [someone.token, ...opened.map((session) => session.token)])
        statuses.push((await few.get('/v1/profile', token)).status)
      expect(statuses).toEqual([401, 200, 200, 200])
    } finally {
      await few.close()
    }
  })
})

describe('a world of five accounts', () => {
  const small = useWorld()

  describe('GET /v1/users', () => {
    const list = async (query = '') => await small().get(`/v1/users${query}`, (await admin(small())).token)
    const everybody = [
      { id: aUuid, name: expect.any(String), email: expect.any(String), permissions: EVERY },
      { id: expect.stringMatching(/^[2-9A-HJ-NP-Za-z]{17}$/), name: 'board', email: '', permissions: [] },
      { id: aUuid, name: 'Zoe Adams', email: 'Zoe@example.com', permissions: [] },
      { id: aUuid, name: 'Amy Young', email: 'amy@example.com', permissions: [] },
      { id: aUuid, name: 'hi mark', email: 'x@example.com', permissions: [] },
    ]

    it('the accounts of every surface, in the order of their creation', async () => {
      const { token } = await admin(small())
      await wekanPerson(small(), { username: 'board', password: 'tester' })
      const names = { firstName: 'Zoe', lastName: 'Adams', password: 'password', passwordConfirmation: 'password' }
      await small().post('/v1/auth/signup', { ...names, email: 'Zoe@example.com' })
      await small().post('/auth/register', { name: 'Amy Young', email: 'amy@example.com', password: 'string', confirm: 'string' })
      await small().post('/v1/users', { name: 'hi mark', email: 'x@example.com', password: 'DWD21378udh#g3@#d' }, token)
      expectOk(await list(), everybody)
    })

    it.each([
      ['limit=2', 0, 2],
      ['offset=2', 2, 5],
      ['limit=2&offset=1', 1, 3],
      ['limit=0', 0, 0],
      ['limit=0&offset=3', 0, 0],
      ['offset=5', 5, 5],
      ['offset=6&limit=3', 5, 5],
      ['limit=5', 0, 5],
      ['limit=500', 0, 5],
      ['limit=1000000', 0, 5],
      ['limit=002', 0, 2],
      ['offset=4&limit=9007199254740993', 4, 5],
      ['limit=100000000000000000000', 0, 5],
      ['offset=100000000000000000000', 5, 5],
    ])('?%s: from %i to %i', async (query, from, to) => {
      expectOk(await list(`?${query}`), everybody.slice(from, to))
    })

    it('the order is that of creation, whatever is changed', async () => {
      const zoe = await enter(small(), { email: 'Zoe@example.com', password: 'password' })
      await small().put('/v1/profile', { firstName: 'Aaa' }, zoe.token)
      expectOk(
        await list(),
        everybody.map((user) => (user.email === 'Zoe@example.com' ? { ...user, name: 'Aaa Adams' } : user)),
      )
    })
  })
})
