/**
 * `GET /v1/profile` of `xiot`.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD, v1Person as person, unique } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { aDate, enter, expectOk, rawRequest, wekanPerson } from '../v1/support.ts'
import { useXiot } from './support.ts'

const { world, profile } = useXiot()

describe('GET /v1/profile', () => {
  commonCases(world, { method: 'GET', path: '/v1/profile', methods: ['GET', 'PUT'], who: 'session' })

  it('200 with the bare record', async () => {
    const { id, email, token } = await person(world(), { name: 'Mona Lisa' })
    expectOk(await world().get('/v1/profile', token), {
      id,
      email,
      firstName: 'Mona',
      lastName: 'Lisa',
      phone: null,
      name: 'Mona Lisa',
      twoFactorEnabled: false,
      createdAt: aDate,
      updatedAt: aDate,
    })
  })

  it.each(['sess_ token', 'JWT', 'token of Wekan', 'token of authentication', 'token of GraphQL'])('200 with a %s', async (kind) => {
    const someone = await person(world())
    const { email } = someone
    const tokens: Record<string, () => Promise<string>> = {
      'sess_ token': async () => (await enter(world(), someone)).token,
      JWT: async () => (await enter(world(), someone)).accessToken,
      'token of Wekan': async () => (await world().post('/users/login', { email, password: PASSWORD })).body.token,
      'token of authentication': async () => (await world().post('/auth/login', { email, password: PASSWORD })).body.tokens.access.token,
      'token of GraphQL': async () => someone.token,
    }
    expect((await profile((await tokens[kind]?.()) ?? '')).id).toBe(someone.id)
  })

  it.each(['bearer', 'BEARER', 'BeArEr'])('the scheme may be written %s', async (scheme) => {
    const answer = await world().request('GET', '/v1/profile', { headers: { authorization: `${scheme} ${world.admin()}` } })
    expect(answer.status).toBe(200)
  })

  it('the same record as other surfaces have it: Wekan', async () => {
    const username = `board${unique()}`
    const { id, token } = await wekanPerson(world(), { username, email: `${username}@example.com`, password: 'tester' })
    expect(await profile(token)).toMatchObject({
      id,
      email: `${username}@example.com`,
      name: username,
      firstName: username,
      lastName: null,
    })
  })

  it('HEAD as GET, without the body', async () => {
    const answer = await world().request('HEAD', '/v1/profile', { token: world.admin() })
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('a body is ignored', async () => {
    const headers = { authorization: `Bearer ${world.admin()}`, 'content-type': 'text/plain' }
    expect((await rawRequest(world(), 'GET', '/v1/profile', headers, '{"broken')).status).toBe(200)
  })
})
