/**
 * `GET /v1/users` of `idiot`: scopes, pages, order.
 */
import { describe, expect, it } from 'vitest'
import { admin, person } from '../../support/accounts.ts'
import { useWorld } from '../../support/world.ts'
import { commonCases } from '../v1/commonCases.ts'
import { aUuid, enter, expectInvalid, expectOk, expectProblem, rawRequest, someText, wekanPerson } from '../v1/support.ts'
import { covering, EVERY, useIdiot } from './support.ts'

const { world, asAdmin, holder, scopeCases } = useIdiot()

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
  ])('GET /v1/users is 400 for ?%s', async (query) => {
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
