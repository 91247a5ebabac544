/**
 * `DELETE /api/users/:id` of `wekan`.
 */
import { describe, expect, it } from 'vitest'
import { signIn } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { expectAnswer } from '../support.ts'
import {
  at,
  BAD_LOGIN,
  expectApiError,
  FORBIDDEN,
  kinds,
  logIn,
  meteorError,
  NOT_FOUND,
  register,
  UNAUTHORIZED,
  useWekan,
} from './support.ts'

const { world, admin, me } = useWekan()

describe('DELETE /api/users/:id', () => {
  itsGuards({
    world,
    admin: admin,
    method: 'DELETE',
    path: '/api/users/someone',
    allow: ['GET', 'DELETE', 'PUT'],
    needs: 'admin',
    body: 'none',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  const remove = async (id: string, token = admin().token) => await world().delete(at(id), token)

  it.each([['nothing', () => ({})] as const, ...kinds])('%s: deletes the account, once', async (_kind, send) => {
    const { id } = await register(world())
    const request = async () => await world().request('DELETE', at(id), { ...send({ _id: 'another' }), token: admin().token })
    expectAnswer(await request(), 200, { _id: id })
    expectAnswer(await request(), 404, NOT_FOUND)
    expectAnswer(await world().get(at(id), admin().token), 404, NOT_FOUND)
  })

  it('a body that cannot be parsed is ignored', async () => {
    const { id } = await register(world())
    const send = { raw: '{', headers: { 'content-type': 'application/json' }, token: admin().token }
    expectAnswer(await world().request('DELETE', at(id), send), 200, { _id: id })
  })

  it('everything of the account goes with it, and its names are free again', async () => {
    const { id, token, username, email, password } = await register(world())
    await remove(id)
    expectAnswer(await me(token), 401, UNAUTHORIZED)
    expectAnswer(await logIn(world(), username, password), 401, BAD_LOGIN)
    const { client } = world().db
    expect([await client.session.count({ where: { userId: id } }), await client.identifier.count({ where: { userId: id } })]).toEqual([
      0, 0,
    ])
    expect((await world().post('/users/register', { username, email, password })).status).toBe(200)
  })

  it.each([
    ['unknown', async () => 'EnhMbvxh65Hr7YvtG'],
    ['a username', async () => (await register(world())).username],
    ['an e-mail address', async () => (await register(world())).email],
  ])('%s is no id: 404', async (_name, id) => {
    expectAnswer(await remove(await id()), 404, NOT_FOUND)
  })

  it('the last enabled administrator: 400', async () => {
    const answer = await remove(admin().id)
    expectAnswer(answer, 400, meteorError(400, 400, answer.body.reason))
    expect((await me(admin().token)).status).toBe(200)
  })

  it('an administrator who is not the last goes', async () => {
    const other = await register(world())
    const promote = 'mutation($input: SetAdminInput!) { setAdmin(input: $input) { __typename } }'
    await world().graphql(promote, { input: { id: other.id, isAdmin: true } }, await signIn(world(), admin()))
    expectAnswer(await remove(other.id, other.token), 200, { _id: other.id })
  })
})
