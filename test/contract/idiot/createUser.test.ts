/**
 * `POST /v1/users` of `idiot`.
 */
import { describe, expect, it } from 'vitest'
import { person, unique, withUsername } from '../../support/accounts.ts'
import { openWorld } from '../../support/world.ts'
import { commonCases } from '../v1/commonCases.ts'
import { aUuid, enter, expectInvalid, expectOk, expectProblem } from '../v1/support.ts'
import { covering, EVERY, NO_ONE, useIdiot } from './support.ts'

const { world, asAdmin, holder, scopeCases } = useIdiot()

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
    const shown = scope.endsWith('users:create') ? {} : { permissions: [] }
    expectOk(await create(body, token), { id: aUuid, name: body.name, email: body.email, ...shown })
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
  ])('POST /v1/users takes the %s %j', async (field, value) => {
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

  it('POST /v1/users goes on while registration is closed', async () => {
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
