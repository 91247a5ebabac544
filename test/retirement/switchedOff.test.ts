/**
 * Routes that are switched off: 410 in the dialect's own body whoever asks for whatever, without a look at the database or a limit
 * used up; and what they did is still to be had through GraphQL and through the dialects that go on.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { expectError, routes, urlOf } from '../guards/routes.ts'
import { admin, PASSWORD, type Person, person, signIn, unique } from '../support/accounts.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { ALL, answersTo, contentsOf, statementsFor } from './support.ts'

const TEXT = 'This route is switched off'

describe('all four dialects', () => {
  const ORIGIN = 'https://app.example.com'
  const world = useWorld({ SWITCHED_OFF: ALL, READ_ONLY: 'wekan,xiot', SUNSET: 'xiot=2026-01-01', CORS_ORIGINS: ORIGIN })
  let boss: Person
  let before: Awaited<ReturnType<typeof contentsOf>>
  beforeAll(async () => {
    boss = await admin(world())
    before = await contentsOf(world().db)
  })

  it.each(routes)('$name is 410 in its own body, whatever is asked', async (route) => {
    const answers: Awaited<ReturnType<typeof answersTo>> = []
    const statements = await statementsFor(world().db, async () => {
      answers.push(...(await answersTo(world(), route, boss.token)))
    })
    expect(statements).toEqual([])
    for (const [kind, answer] of answers) {
      if (kind === 'HEAD') {
        expect({ status: answer.status, text: answer.text }).toEqual({ status: 410, text: '' })
        continue
      }
      expectError(route.mount, answer, 410)
      expect([kind, JSON.stringify(answer.body).includes(TEXT)]).toEqual([kind, true])
      expect([kind, answer.headers.get('www-authenticate')]).toEqual([kind, null])
    }
  })

  it('nothing has changed behind the dialects that are switched off', async () => {
    expect(before.users).toHaveLength(1)
    expect(await contentsOf(world().db)).toEqual(before)
  })

  it.each([
    ['/v1/profile', (id: string) => ({ statusCode: 410, message: TEXT, request_id: id })],
    ['/users/login', () => ({ error: 410, reason: TEXT })],
    [
      '/api/user',
      () => ({
        isClientSafe: true,
        error: 410,
        reason: TEXT,
        message: `${TEXT} [410]`,
        errorType: 'Meteor.Error',
        statusCode: 410,
      }),
    ],
    ['/auth', () => ({ error: TEXT, message: TEXT, status: 410, code: 410 })],
  ])('the body below %s', async (path, body) => {
    const answer = await world().request(path === '/v1/profile' || path === '/api/user' ? 'GET' : 'POST', path)
    expect(answer.body).toEqual(body(answer.headers.get('x-request-id') ?? ''))
  })

  it('404 and 405 come before it, and 405 still lists what was there', async () => {
    expect((await world().get('/v1/nowhere')).status).toBe(404)
    const answer = await world().request('PATCH', '/api/users/some-id')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE, PUT, OPTIONS'])
  })

  it.each(routes)('$name: OPTIONS still lists the method, so that a page may read the 410', async (route) => {
    const headers = { origin: ORIGIN, 'access-control-request-method': route.method }
    const asked = await world().request('OPTIONS', urlOf(route), { headers })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('allow')?.split(', ')).toContain(route.method)
    expect(asked.headers.get('access-control-allow-methods')?.split(', ')).toContain(route.method)
    const answer = await world().request(route.method, urlOf(route), { headers: { origin: ORIGIN } })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([410, ORIGIN])
  })

  it('a date that is announced goes on being announced', async () => {
    expect((await world().get('/v1/profile')).headers.get('sunset')).toBe('Thu, 01 Jan 2026 00:00:00 GMT')
    expect((await world().get('/api/user')).headers.get('sunset')).toBeNull()
  })

  it('GraphQL does all of it still', async () => {
    const someone = await person(world())
    const token = await signIn(world(), someone)
    const update = `mutation { result: updateProfile(input: {firstName: "Grace", lastName: "Hopper"}) { ... on UpdateProfileSuccess { user { name } } ... on Error { code } } }`
    expect((await world().graphql(update, {}, token)).body.result).toEqual({ user: { name: 'Grace Hopper' } })
    const listed = await world().graphql('{ result: users { edges { node { id } } } }', {}, boss.token)
    expect(listed.body.result.edges.map(({ node }: { node: { id: string } }) => node.id)).toContain(someone.id)
    const remove = `mutation($input: DeleteUserInput!) { result: deleteUser(input: $input) { ... on DeleteUserSuccess { user { id } } ... on Error { code } } }`
    const removed = await world().graphql(remove, { input: { id: someone.id } }, await signIn(world(), boss))
    expect(removed.body.result).toEqual({ user: { id: someone.id } })
  })

  it('the log says so', () => {
    const lines = world().logs.filter(({ message }) => message === 'a dialect is being retired')
    expect(lines.map(({ fields }) => fields)).toEqual([
      { dialect: 'idiot', switchedOff: 'all' },
      { dialect: 'wekan', readOnly: 'all', switchedOff: 'all' },
      {
        dialect: 'xiot',
        sunset: expect.not.arrayContaining(['POST /v1/auth/login']),
        readOnly: 'all',
        switchedOff: 'all',
        heldBySharing: ['POST /v1/auth/login'],
      },
      { dialect: 'authentication', switchedOff: 'all' },
    ])
  })
})

describe('one dialect, and one route of another', () => {
  const world = useWorld({ SWITCHED_OFF: 'idiot,wekan:PUT /api/users/{id}', IDIOT_PREFIX: '', WEKAN_ERROR_STATUS: '200' })
  let boss: Person
  beforeAll(async () => {
    boss = await admin(world())
  })

  it('a route that is switched off goes on where xiot shares it', async () => {
    const login = await world().post('/v1/auth/login', { email: boss.email, password: PASSWORD })
    expect(login.status).toBe(200)
    expect((await world().get('/v1/profile', login.body.token)).body.email).toBe(boss.email)
    expect((await world().post('/v1/auth/logout', undefined, login.body.token)).status).toBe(410)
    expect(world().logs.find(({ fields }) => fields.dialect === 'idiot')?.fields).toEqual({
      dialect: 'idiot',
      switchedOff: ['POST /v1/users', 'GET /v1/users', 'GET /v1/users/:id', 'DELETE /v1/users/:id', 'POST /v1/auth/logout'],
      heldBySharing: ['POST /v1/auth/login'],
    })
  })

  it('a dialect that is switched off leaves what it did to the others: an account is created and deleted', async () => {
    const input = { name: 'New Person', email: `new${unique()}@example.com`, password: PASSWORD }
    expect((await world().post('/v1/users', input, boss.token)).status).toBe(410)
    const { body } = await world().post('/api/users', { username: `new${unique()}`, email: input.email, password: PASSWORD }, boss.token)
    expect((await world().get(`/v1/users/${body._id}`, boss.token)).status).toBe(410)
    expect((await world().get(`/api/users/${body._id}`, boss.token)).body.emails[0].address).toBe(input.email)
    expect((await world().delete(`/v1/users/${body._id}`, boss.token)).status).toBe(410)
    expect((await world().delete(`/api/users/${body._id}`, boss.token)).body).toEqual({ _id: body._id })
  })

  it('SWITCHED_OFF keeps the app from starting where it would have no effect', async () => {
    const refused = openWorld({ DIALECTS: 'idiot', SWITCHED_OFF: 'wekan,idiot:GET /v1/nope' }, { db: world().db })
    await expect(refused).rejects.toThrow(ConfigError)
    await expect(refused).rejects.toMatchObject({
      problems: ['SWITCHED_OFF: wekan: DIALECTS serves no wekan', expect.stringContaining('SWITCHED_OFF: idiot:GET /v1/nope: ')],
    })
  })

  it('a route that is switched off says 410 even where wekan hides its other errors behind 200', async () => {
    const answer = await world().put(`/api/users/${boss.id}`, { action: 'disableLogin' }, boss.token)
    expectError('/api', answer, 410)
    const refused = await world().get('/api/users', 'no-such-token')
    expect([refused.status, refused.body.statusCode]).toEqual([200, 401])
  })
})

describe('the limits', () => {
  const world = useWorld({
    SWITCHED_OFF: 'wekan,authentication:POST /auth/login,idiot:POST /v1/auth/login,xiot:POST /v1/auth/login',
    READ_ONLY: 'xiot,authentication:POST /auth/register',
    LIMIT_ADDRESS_PER_MINUTE: '4',
    LIMIT_PASSWORD_FAILURES: '1',
  })

  it('know nothing of what was refused so', async () => {
    const someone = await person(world())
    const wrong = { email: someone.email, password: 'a wrong password' }
    for (let round = 0; round < 10; round += 1) {
      for (const path of ['/users/login', '/v1/auth/login', '/auth/login']) expect((await world().post(path, wrong)).status).toBe(410)
      for (const path of ['/v1/auth/signup', '/v1/security/forget-password', '/auth/register'])
        expect((await world().post(path, wrong)).status).toBe(403)
    }
    expect(await signIn(world(), someone)).toMatch(/./)
    expect((await world().post('/v1/auth/verify-totp', { loginCode: 'none', code: '000000' })).status).toBe(401)
  })
})
