/**
 * `GET /api/users` of `wekan`, and paths that are not routes.
 */
import { describe, expect, it } from 'vitest'
import { person, unique } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { expectAnswer } from '../support.ts'
import { expectAccountError, expectApiError, FORBIDDEN, NOT_FOUND, register, useWekan } from './support.ts'

const { world, admin } = useWekan()

describe('GET /api/users', () => {
  const path = '/api/users'
  itsGuards({
    world,
    admin: admin,
    method: 'GET',
    path,
    allow: ['POST', 'GET'],
    needs: 'admin',
    body: 'none',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  it('all accounts of all surfaces in creation order, as {_id, username}', async () => {
    const [one, two, three] = [await register(world()), await person(world()), await register(world(), { username: `Ada L. ${unique()}` })]
    const answer = await world().get(path, admin().token)
    const kept = await world().db.client.user.findMany({ orderBy: { seq: 'asc' }, select: { id: true, username: true } })
    expectAnswer(
      answer,
      200,
      kept.map(({ id, username }) => ({ _id: id, username })),
    )
    expect(answer.body[0]).toEqual({ _id: admin().id, username: 'admin' })
    expect(answer.body.slice(-3)).toEqual([one, two, three].map(({ id, username }) => ({ _id: id, username })))
  })

  it('HEAD is GET without the body', async () => {
    const { status, text, headers } = await world().request('HEAD', path, { token: admin().token })
    expect([status, text, headers.get('content-type')]).toEqual([200, '', 'application/json; charset=utf-8'])
  })
})

describe('any other path', () => {
  it.each(['/users', '/users/unknown', '/users/login/more'])('%s is 404 in the form of /users/*', async (path) => {
    expectAccountError(await world().post(path, {}), 404)
  })

  it.each(['/api', '/api/boards', '/api/users/some/more'])('%s is 404 in the form of /api/*', async (path) => {
    expectAnswer(await world().get(path, admin().token), 404, NOT_FOUND)
  })
})
