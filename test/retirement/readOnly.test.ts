/**
 * Read-only dialects: what changes accounts is 403 in the dialect's own body, whoever asks, and changes nothing; who signs in,
 * refreshes, reads and signs out notices nothing; and GraphQL changes what the dialect does not.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { expectError, routes } from '../guards/routes.ts'
import { admin, PASSWORD, type Person, person } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { ALL, answersTo, contentsOf, statementsFor } from './support.ts'

const TEXT = 'This route is read-only'

const changing = new Set(
  enabledDialects(readConfig({})).flatMap(({ mounts }) =>
    mounts.flatMap(({ rows }) => rows.filter(({ changes }) => changes === 'accounts').map(({ method, path }) => `${method} ${path}`)),
  ),
)

describe('all four dialects', () => {
  const world = useWorld({ READ_ONLY: ALL, DEPRECATION: 'authentication=2026-01-01' })
  let boss: Person
  let before: Awaited<ReturnType<typeof contentsOf>>
  beforeAll(async () => {
    boss = await admin(world())
    before = await contentsOf(world().db)
  })

  it('keep 17 routes from changing accounts', () => {
    expect([...changing].sort()).toEqual([
      'DELETE /api/users/:id',
      'DELETE /v1/users/:id',
      'POST /api/users',
      'POST /auth/forgot-password',
      'POST /auth/register',
      'POST /auth/reset-password',
      'POST /users/register',
      'POST /v1/auth/signup',
      'POST /v1/security/forget-password',
      'POST /v1/security/reset-password',
      'POST /v1/security/twofactor-disable',
      'POST /v1/security/twofactor-enable',
      'POST /v1/users',
      'PUT /api/users/:id',
      'PUT /v1/account/change-email',
      'PUT /v1/profile',
      'PUT /v1/security/change-password',
    ])
  })

  it.each(routes.filter(({ name }) => changing.has(name)))('$name is 403 in its own body, whatever is asked', async (route) => {
    const answers: Awaited<ReturnType<typeof answersTo>> = []
    const statements = await statementsFor(world().db, async () => {
      answers.push(...(await answersTo(world(), route, boss.token)))
    })
    expect(statements).toEqual([])
    for (const [kind, answer] of answers) {
      expectError(route.mount, answer, 403)
      expect([kind, JSON.stringify(answer.body).includes(TEXT)]).toEqual([kind, true])
      expect([kind, answer.headers.get('deprecation')]).toEqual([kind, route.mount === '/auth' ? '@1767225600' : null])
    }
  })

  it('nothing has changed behind the read-only dialects', async () => {
    expect(before.users).toHaveLength(1)
    expect(await contentsOf(world().db)).toEqual(before)
  })

  it.each(routes.filter(({ name }) => !changing.has(name)))('$name goes on', async (route) => {
    for (const [kind, answer] of await answersTo(world(), route, (await person(world())).token))
      expect([kind, answer.text.includes(TEXT)]).toEqual([kind, false])
  })

  it('who comes by /v1 signs in, reads and signs out', async () => {
    const { token } = (await world().post('/v1/auth/login', { email: boss.email, password: PASSWORD })).body
    expect((await world().get('/v1/profile', token)).body.email).toBe(boss.email)
    expect((await world().get(`/v1/users/${boss.id}`, token)).body.email).toBe(boss.email)
    expect((await world().get('/v1/users', token)).status).toBe(200)
    expect((await world().post('/v1/auth/logout', undefined, token)).status).toBe(200)
    expect((await world().get('/v1/profile', token)).status).toBe(401)
  })

  it('who comes by wekan signs in, reads and signs out', async () => {
    const { token } = (await world().post('/users/login', { email: boss.email, password: PASSWORD })).body
    expect((await world().get('/api/user', token)).body._id).toBe(boss.id)
    expect((await world().get(`/api/users/${boss.id}`, token)).body._id).toBe(boss.id)
    expect((await world().post('/users/logout', undefined, token)).status).toBe(200)
    expect((await world().get('/api/user', token)).status).toBe(401)
  })

  it('who comes by authentication signs in, refreshes, reads and signs out', async () => {
    const { tokens } = (await world().post('/auth/login', { email: boss.email, password: PASSWORD })).body
    const refreshed = (await world().post('/auth/refresh-tokens', { refreshToken: tokens.refresh.token })).body
    expect((await world().post('/auth', undefined, refreshed.access.token)).body.user.email).toBe(boss.email)
    expect((await world().post('/auth/logout', { refreshToken: refreshed.refresh.token })).status).toBe(200)
    expect((await world().post('/auth', undefined, refreshed.access.token)).status).toBe(401)
  })

  it('GraphQL changes what they do not', async () => {
    const someone = await person(world())
    const input = { firstName: 'Grace', lastName: 'Hopper' }
    expect((await world().put('/v1/profile', input, someone.token)).status).toBe(403)
    const update = `mutation($input: UpdateProfileInput!) { result: updateProfile(input: $input) { ... on UpdateProfileSuccess { user { name } } ... on Error { code } } }`
    expect((await world().graphql(update, { input }, someone.token)).body.result).toEqual({ user: { name: 'Grace Hopper' } })
    expect((await world().get('/v1/profile', someone.token)).body.name).toBe('Grace Hopper')
  })

  it('the log says so', () => {
    const lines = world().logs.filter(({ message }) => message === 'a dialect is being retired')
    expect(lines.map(({ fields }) => fields)).toEqual([
      { dialect: 'idiot', readOnly: 'all' },
      { dialect: 'wekan', readOnly: 'all' },
      { dialect: 'xiot', readOnly: 'all' },
      { dialect: 'authentication', deprecated: 'all', readOnly: 'all' },
    ])
  })
})

describe('one route', () => {
  const world = useWorld({ READ_ONLY: 'wekan:PUT /api/users/{id},xiot:PUT /v1/profile', WEKAN_ERROR_STATUS: '200' })

  it('one route is read-only, and those beside it are not', async () => {
    const boss = await admin(world())
    const someone = await person(world())
    expect((await world().put('/v1/profile', { firstName: 'Grace' }, someone.token)).status).toBe(403)
    expect((await world().get('/v1/profile', someone.token)).status).toBe(200)
    expect((await world().delete(`/api/users/${someone.id}`, boss.token)).body).toEqual({ _id: someone.id })
  })

  it('hides its 403 behind 200 where wekan hides its errors', async () => {
    const boss = await admin(world())
    const someone = await person(world())
    const answer = await world().put(`/api/users/${someone.id}`, { action: 'disableLogin' }, boss.token)
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 200,
      body: {
        isClientSafe: true,
        error: 'Forbidden',
        reason: TEXT,
        message: `${TEXT} [Forbidden]`,
        errorType: 'Meteor.Error',
        statusCode: 403,
      },
    })
    const seen = (await world().get(`/api/users/${someone.id}`, boss.token)).body
    expect([seen._id, seen.loginDisabled]).toEqual([someone.id, undefined])
  })
})
