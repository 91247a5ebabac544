/**
 * WEKAN_ERROR_STATUS=200: errors of `wekan` with the status that the original sends.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { person } from '../../support/accounts.ts'
import { type Answer, useWorld } from '../../support/world.ts'
import { expectAnswer } from '../support.ts'
import {
  type Account,
  API_MATCH_FAILED,
  at,
  BAD_LOGIN,
  expectApiError,
  FORBIDDEN,
  fieldsOf,
  logIn,
  loginToken,
  MATCH_FAILED,
  meteorError,
  register,
  UNAUTHORIZED,
  wholeDocument,
} from './support.ts'

describe('WEKAN_ERROR_STATUS=200', () => {
  const original = useWorld({ WEKAN_ERROR_STATUS: '200', WEKAN_QUERY_TOKEN: 'true' })
  let root: Account
  beforeAll(async () => {
    root = await register(original())
  })

  const expectHidden = (answer: Answer, body: unknown) => expectAnswer(answer, 200, body)

  it.each([
    ['GET', '/api/users'],
    ['POST', '/api/users'],
    ['GET', '/api/users/someone'],
    ['PUT', '/api/users/someone'],
    ['DELETE', '/api/users/someone'],
    ['GET', '/api/user'],
  ])('%s %s without a session: Unauthorized', async (method, path) => {
    expectHidden(await original().request(method, path), UNAUTHORIZED)
  })

  it.each([
    ['GET', '/api/users'],
    ['POST', '/api/users'],
    ['GET', '/api/users/someone'],
    ['PUT', '/api/users/someone'],
    ['DELETE', '/api/users/someone'],
  ])('%s %s of somebody: Forbidden', async (method, path) => {
    expectHidden(await original().request(method, path, { token: (await person(original())).token }), FORBIDDEN)
  })

  it.each([
    ['%2F%', '/%'],
    ['a%20%2F%zz', 'a /%zz'],
    ['a%252Fb', 'a%2Fb'],
    ['%ff', '%ff'],
    ['__proto__', '__proto__'],
  ])('DELETE of the unknown id %s: what can be decoded of it is, once', async (sent, id) => {
    expectHidden(await original().delete(`/api/users/${sent}`, root.token), { _id: id })
  })

  it('a name that is taken, and wrong fields', async () => {
    const create = async (fields: object) => await original().post('/api/users', fields, root.token)
    expectHidden(await create(fieldsOf({ username: root.username })), meteorError(400, 403, 'Username already exists.'))
    expectHidden(await create(fieldsOf({ email: root.email })), meteorError(400, 403, 'Email already exists.'))
    expectHidden(await create({ username: 'x' }), API_MATCH_FAILED)
    expectHidden(await original().put(at(root.id), {}, root.token), API_MATCH_FAILED)
  })

  it('an unknown id is an empty 200 on PUT', async () => {
    const { status, text, headers } = await original().put('/api/users/EnhMbvxh65Hr7YvtG', { action: 'disableLogin' }, root.token)
    expect([status, text, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, '', null, 'no-store'])
  })

  it.each(['{"username":', '[]', 'nothing', '{"a": 1}}'])('a body that cannot be parsed, %s, keeps its 400', async (raw) => {
    for (const [method, path] of [
      ['POST', '/api/users'],
      ['PUT', at(root.id)],
    ] as const) {
      const send = { raw, headers: { 'content-type': 'application/json' }, token: root.token }
      expectApiError(await original().request(method, path, send), 400)
    }
  })

  it('an unknown id is {} on GET and {_id} on DELETE', async () => {
    expectHidden(await original().get('/api/users/EnhMbvxh65Hr7YvtG', root.token), {})
    expectHidden(await original().delete('/api/users/EnhMbvxh65Hr7YvtG', root.token), { _id: 'EnhMbvxh65Hr7YvtG' })
  })

  it('what succeeds is as ever', async () => {
    const account = await register(original())
    expectHidden(await original().get(at(account.id), root.token), wholeDocument(account, [loginToken]))
    expectHidden(await original().delete(at(account.id), root.token), { _id: account.id })
  })

  it('/users/* keeps its statuses', async () => {
    expectAnswer(await logIn(original(), root.username, 'a wrong password'), 401, BAD_LOGIN)
    expectAnswer(await original().post('/users/register', {}), 400, MATCH_FAILED)
  })
})

describe('WEKAN_ERROR_STATUS=200, outside every operation', () => {
  const original = useWorld({ WEKAN_ERROR_STATUS: '200' })

  it.each([
    ['a route that is not there', 'GET', '/api/nothing', 404],
    ['no session', 'GET', '/api/user', 401],
  ])('WEKAN_ERROR_STATUS=200 sends %s with HTTP 200 and says its status in the body', async (_what, method, path, statusCode) => {
    const { status, body } = await original().request(method, path)
    expect([status, body.statusCode, body.errorType]).toEqual([200, statusCode, 'Meteor.Error'])
  })

  it('WEKAN_ERROR_STATUS=200 leaves what the original never said as it is', async () => {
    expect((await original().request('PATCH', '/api/users')).status).toBe(405)
  })
})
