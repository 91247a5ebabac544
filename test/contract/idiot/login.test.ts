/**
 * `POST /v1/auth/login` of `idiot`, as its document prints it; the rest is in `../xiot/login.test.ts`.
 */
import { describe, expect, it } from 'vitest'
import { person } from '../../support/accounts.ts'
import { aDate, enter, expectInvalid, expectProblem, expectTooMany, someText } from '../v1/support.ts'
import { NO_ONE, SCOPES, useIdiot } from './support.ts'

const { world, holder } = useIdiot()

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
