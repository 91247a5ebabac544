/**
 * `POST /users/logout` of `wekan`, and what it ends on every surface.
 */
import { describe, expect, it } from 'vitest'
import { person } from '../../support/accounts.ts'
import { personalToken } from '../../support/personalToken.ts'
import { type Send, useWorld } from '../../support/world.ts'
import { itsGuards } from '../guards.ts'
import { expectAnswer } from '../support.ts'
import { expectAccountError, expectTooMany, kinds, logIn, MATCH_FAILED, register, UNAUTHORIZED, useWekan } from './support.ts'

const { world, admin, me } = useWekan()

describe('POST /users/logout', () => {
  const path = '/users/logout'
  const LOGGED_OUT = { message: "You've been logged out!" }
  itsGuards({
    world,
    admin: admin,
    method: 'POST',
    path,
    allow: ['POST'],
    needs: 'session',
    body: 'json or form',
    expectError: expectAccountError,
  })

  it.each([['nothing', () => ({})] as const, ...kinds])('%s: ends the session, once', async (_kind, send) => {
    const { token } = await register(world())
    expectAnswer(await world().request('POST', path, { ...send({ some: 'thing' }), token }), 200, LOGGED_OUT)
    expectAnswer(await me(token), 401, UNAUTHORIZED)
    expectAccountError(await world().post(path, undefined, token), 401)
  })

  it('other sessions go on', async () => {
    const { token, username, password } = await register(world())
    const other = (await logIn(world(), username, password)).body.token
    await world().post(path, undefined, token)
    expect((await me(other)).status).toBe(200)
  })

  const EVERYWHERE = { message: 'All login tokens have been invalidated.' }
  const asked: readonly (readonly [string, Send])[] = [
    ['true', { json: { all: true } }],
    ['1', { json: { all: 1 } }],
    ['"true"', { json: { all: 'true' } }],
    ['"1"', { json: { all: '1' } }],
    ['"yes"', { json: { all: 'yes' } }],
    ['" Yes "', { json: { all: ' Yes ' } }],
    ['all=true', { form: { all: 'true' } }],
    ['all=1', { form: { all: '1' } }],
    ['all=yes', { form: { all: 'yes' } }],
  ]

  it.each(asked)('all, %s: every login token of the account ends, and no other', async (_value, send) => {
    const [{ token, id, username, password }, bystander] = [await register(world()), await register(world())]
    const others = [(await logIn(world(), username, password)).body.token, (await logIn(world(), username, password)).body.token]
    const { body } = await world().post('/v1/auth/login', { email: username, password })
    const personal = await personalToken(world(), { id }, [])
    expectAnswer(await world().request('POST', path, { ...send, token }), 200, EVERYWHERE)
    for (const dead of [token, ...others, body.token, body.accessToken, personal])
      expect([dead, (await me(dead)).status]).toEqual([dead, 401])
    expect((await me(bystander.token)).status).toBe(200)
    expect((await logIn(world(), username, password)).body.id).toBe(id)
  })

  const notAsked: readonly (readonly [string, Send])[] = [
    ['false', { json: { all: false } }],
    ['null', { json: { all: null } }],
    ['0', { json: { all: 0 } }],
    ['2', { json: { all: 2 } }],
    ['"false"', { json: { all: 'false' } }],
    ['"on"', { json: { all: 'on' } }],
    ['an empty text', { json: { all: '' } }],
    ['a list', { json: { all: [true] } }],
    ['an object', { json: { all: { all: true } } }],
    ['all=no', { form: { all: 'no' } }],
    ['another key', { json: { ALL: true } }],
  ]

  it.each(notAsked)('all, %s: this session alone ends', async (_value, send) => {
    const { token, username, password } = await register(world())
    const other = (await logIn(world(), username, password)).body.token
    expectAnswer(await world().request('POST', path, { ...send, token }), 200, LOGGED_OUT)
    expect([(await me(token)).status, (await me(other)).status]).toEqual([401, 200])
  })

  it.each(['\0', 'yes\0', '\ud800'])('all that is no text, %j: 400, and nothing ends', async (all) => {
    const { token } = await register(world())
    expectAnswer(await world().post(path, { all }, token), 400, MATCH_FAILED)
    expect((await me(token)).status).toBe(200)
  })

  it('all in the query asks for nothing', async () => {
    const { token, username, password } = await register(world())
    const other = (await logIn(world(), username, password)).body.token
    expectAnswer(await world().request('POST', `${path}?all=true`, { token }), 200, LOGGED_OUT)
    expect((await me(other)).status).toBe(200)
  })

  it('all with a personal access token is 403, ends nothing, and is written down', async () => {
    const someone = await person(world())
    const personal = await personalToken(world(), someone, [])
    expectAnswer(await world().post(path, { all: true }, personal), 403, { error: 403, reason: 'Forbidden' })
    expect([(await me(personal)).status, (await me(someone.token)).status]).toEqual([200, 200])
    const events = await world().db.client.auditEvent.findMany({ where: { userId: someone.id, type: 'access.refused' } })
    const details = { operation: 'POST /users/logout', requirement: 'interactive', code: 'FORBIDDEN' }
    expect(events.map((event) => event.details)).toEqual([details])
    expectAnswer(await world().post(path, undefined, personal), 200, LOGGED_OUT)
    expect((await me(personal)).status).toBe(401)
  })

  it('a token of any surface ends all tokens of its sign-in', async () => {
    const { email, password } = await person(world())
    const { token, accessToken } = (await world().post('/v1/auth/login', { email, password })).body
    expectAnswer(await world().post(path, undefined, token), 200, LOGGED_OUT)
    expect((await me(accessToken)).status).toBe(401)
  })
})

describe('POST /users/logout beyond LIMIT_CHANGES', () => {
  const limited = useWorld({ LIMIT_CHANGES: '1' })

  it('all: the second time within the hour it is 429, and the session goes on', async () => {
    const { token, username, password } = await register(limited())
    const all = async (of: string) => await limited().post('/users/logout', { all: true }, of)
    expectAnswer(await all(token), 200, { message: 'All login tokens have been invalidated.' })
    const again = (await logIn(limited(), username, password)).body.token
    const refused = await all(again)
    expectTooMany(refused)
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await limited().get('/api/user', again)).status).toBe(200)
  })
})
