/**
 * `GET /api/user` of `wekan`: the account that asks, and how long its token lives.
 */
import { describe, expect, it } from 'vitest'
import { useWorld } from '../../support/world.ts'
import { itsGuards } from '../guards.ts'
import { expectAnswer, MINUTE } from '../support.ts'
import { expectApiError, logIn, NINETY_DAYS, ownDocument, register, UNAUTHORIZED, useWekan } from './support.ts'

const { world, admin, me, allTokens, openedBy } = useWekan()

describe('GET /api/user', () => {
  itsGuards({
    world,
    admin: admin,
    method: 'GET',
    path: '/api/user',
    allow: ['GET'],
    needs: 'session',
    body: 'none',
    expectError: expectApiError,
  })

  it('the document of the signed-in account, without services', async () => {
    const account = await register(world())
    expectAnswer(await me(account.token), 200, ownDocument(account))
  })

  it('isAdmin for an administrator', async () => {
    expectAnswer(await me(admin().token), 200, { ...ownDocument(admin()), isAdmin: true })
  })

  it('every token of the account opens it, and Wekan’s opens every surface', async () => {
    const account = await register(world())
    for (const token of await allTokens(account)) expectAnswer(await me(token), 200, ownDocument(account))
    expect(await openedBy(account.token)).toEqual([200, 200, 200, 200])
  })

  it.each(['bearer', 'BEARER', 'Bearer'])('the scheme may be written %s', async (scheme) => {
    const answer = await world().request('GET', '/api/user', { headers: { authorization: `${scheme} ${admin().token}` } })
    expect(answer.status).toBe(200)
  })

  it('a token in the query is not read', async () => {
    expectAnswer(await world().get(`/api/user?access_token=${admin().token}`), 401, UNAUTHORIZED)
  })

  it('HEAD is GET without the body', async () => {
    const { status, text } = await world().request('HEAD', '/api/user', { token: admin().token })
    expect([status, text]).toEqual([200, ''])
  })
})

describe('the life of a token', () => {
  const long = useWorld()

  it('the life of a token is 90 days, and no longer', async () => {
    const { token, username, password } = await register(long())
    long().advance(NINETY_DAYS - MINUTE)
    expect(await openedBy(token, long())).toEqual([200, 200, 200, 200])
    long().advance(MINUTE)
    expect(await openedBy(token, long())).toEqual([401, 401, 401, 401])
    const { body } = await logIn(long(), username, password)
    expect(await openedBy(body.token, long())).toEqual([200, 200, 200, 200])
  })
})
