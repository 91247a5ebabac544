/**
 * What every answer of `/v1` has, and how long a session of `/v1` lives.
 */
import { describe, expect, it } from 'vitest'
import { person } from '../../support/accounts.ts'
import { openWorld, useWorld } from '../../support/world.ts'
import { enter, expectProblem, HOUR, wekanPerson } from '../v1/support.ts'
import { useIdiot } from './support.ts'

const { world } = useIdiot()

describe('every answer', () => {
  it('every answer carries a request id of its own, the same in the body', async () => {
    const [one, two] = [await world().get('/v1/users'), await world().get('/v1/users')]
    expect(one.body.request_id).toBe(one.headers.get('x-request-id'))
    expect(one.body.request_id).not.toBe(two.body.request_id)
  })

  it.each(['a', 'client-7_X', 'i'.repeat(64)])('every answer keeps the request id %s of a trusted peer', async (id) => {
    const answer = await world().request('GET', '/v1/users', { headers: { 'x-request-id': id } })
    expect(answer.body.request_id).toBe(id)
    expect(answer.headers.get('x-request-id')).toBe(id)
  })

  it.each(['two words', 'i'.repeat(65), 'semi;colon', '<script>'])('every answer does not keep the request id %j', async (id) => {
    const answer = await world().request('GET', '/v1/users', { headers: { 'x-request-id': id } })
    expect(answer.body.request_id).not.toBe(id)
    expectProblem(answer, 401)
  })

  it('every answer has CORS headers for an origin of the settings, errors too', async () => {
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

  it.each(['/nowhere', '/v2/users', '/v1users', '/users'])('404 in the plain body outside: %s', async (path) => {
    const answer = await world().get(path)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json; ?charset=utf-8$/i)
    if (path !== '/users') expect(answer.body).toEqual({ message: 'Not found', request_id: answer.headers.get('x-request-id') })
  })
})

describe('a session', () => {
  const lasting = useWorld()

  it('a session of /v1 lives 24 hours, both tokens, not a moment longer', async () => {
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

  it('a session of Wekan lives 90 days, here too', async () => {
    const { id, token } = await wekanPerson(lasting(), { username: 'board', password: 'tester' })
    lasting().advance(90 * 24 * HOUR - 60_000)
    expect((await lasting().get(`/v1/users/${id}`, token)).status).toBe(200)
    lasting().advance(60_001)
    expectProblem(await lasting().get(`/v1/users/${id}`, token), 401)
  })

  it('a session is one of at most MAX_SESSIONS of an account; the one not used for the longest time ends', async () => {
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
