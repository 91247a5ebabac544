/**
 * `POST /auth/refresh-tokens` of `authentication`: the rotation of refresh tokens in all its states.
 */
import { describe, expect, it } from 'vitest'
import { itsGuards } from '../guards.ts'
import { DAY, expectAnswer, expectLife, MINUTE, SECOND } from '../support.ts'
import { expectInvalid, notText, PLEASE_AUTHENTICATE, register, TOKENS, useAuthentication } from './support.ts'

const { world, admin, logIn, welcome, refresh, setLogin, resetTokenOf, open } = useAuthentication()

describe('POST /auth/refresh-tokens', () => {
  const path = '/auth/refresh-tokens'
  itsGuards({ ...open, path })

  /** Rotates again and again; every pair of tokens. */
  const rotate = async (first: string, times: number) => {
    const pairs: { access: string; refresh: string }[] = []
    for (let presented = first; pairs.length < times; ) {
      const { body } = await refresh(presented)
      presented = body.refresh.token
      pairs.push({ access: body.access.token, refresh: presented })
    }
    return pairs
  }

  const reusesOf = async (userId: string) => await world().db.client.auditEvent.count({ where: { userId, type: 'session.refresh_reused' } })

  it('200 with new tokens at the top level, for 30 minutes and 30 days', async () => {
    const { email, access, refresh: first } = await register(world())
    const before = Date.now()
    const answer = await refresh(first)
    expectAnswer(answer, 200, TOKENS)
    expectLife(answer.body.access.expires, 30 * MINUTE, before)
    expectLife(answer.body.refresh.expires, 30 * DAY, before)
    expect(answer.body.refresh.token).not.toBe(first)
    expect(answer.body.access.token).not.toBe(access)
    expect((await welcome(answer.body.access.token)).body.user.email).toBe(email)
  })

  it('the successor works, and so on', async () => {
    const { refresh: first } = await register(world())
    const pairs = await rotate(first, 4)
    expect(new Set(pairs.map(({ refresh }) => refresh)).size).toBe(4)
  })

  it('POST /auth/refresh-tokens needs no live access token', async () => {
    const { access, refresh: first } = await register(world())
    world().advance(DAY)
    expect((await welcome(access)).status).toBe(401)
    expect((await refresh(first)).status).toBe(200)
  })

  it('presented again within 10 s: the same successor, with a fresh access token', async () => {
    const { refresh: first } = await register(world())
    const one = (await refresh(first)).body
    world().advance(7 * SECOND)
    const two = (await refresh(first)).body
    expect(two.refresh).toEqual(one.refresh)
    expect(two.access.token).not.toBe(one.access.token)
    for (const { access } of [one, two]) expect((await welcome(access.token)).status).toBe(200)
  })

  it('many at once: one and the same successor', async () => {
    const { refresh: first } = await register(world())
    const answers = await Promise.all([1, 2, 3, 4, 5].map(async () => await refresh(first)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(answers.map(({ body }) => body.refresh.token)).size).toBe(1)
  })

  it('presented again within 10 s when the chain has moved on: its own successor, never a fork', async () => {
    const { id, refresh: first } = await register(world())
    const [one, two, three] = await rotate(first, 3)
    world().advance(5 * SECOND)
    expect((await refresh(first)).body.refresh.token).toBe(one?.refresh)
    expect((await refresh(one?.refresh ?? '')).body.refresh.token).toBe(two?.refresh)
    expect((await refresh(three?.refresh ?? '')).status).toBe(200)
    expect((await refresh(first)).body.refresh.token).toBe(one?.refresh)
    expect(await reusesOf(id)).toBe(0)
  })

  it('the 10 s are those of its own rotation, not of the chain’s last', async () => {
    const { id, refresh: first } = await register(world())
    const [one] = await rotate(first, 1)
    world().advance(7 * SECOND)
    const [two] = await rotate(one?.refresh ?? '', 1)
    world().advance(4 * SECOND)
    expect((await refresh(one?.refresh ?? '')).body.refresh.token).toBe(two?.refresh)
    expectAnswer(await refresh(first), 401, PLEASE_AUTHENTICATE)
    expect(await reusesOf(id)).toBe(1)
  })

  it('presented again later: the whole session ends, and an event is written', async () => {
    const { id, access, refresh: first } = await register(world())
    const pairs = await rotate(first, 2)
    world().advance(11 * SECOND)
    const answer = await refresh(first)
    expectAnswer(answer, 401, PLEASE_AUTHENTICATE)
    for (const bearer of [access, ...pairs.map((pair) => pair.access)]) expectAnswer(await welcome(bearer), 401, PLEASE_AUTHENTICATE)
    for (const { refresh: presented } of pairs) expectAnswer(await refresh(presented), 401, PLEASE_AUTHENTICATE)
    const events = await world().db.client.auditEvent.findMany({ where: { userId: id, type: 'session.refresh_reused' } })
    expect(events).toMatchObject([{ outcome: 'failure', surface: 'authentication', requestId: answer.headers.get('x-request-id') }])
  })

  it('other sessions of the account go on after that', async () => {
    const { email, password, refresh: first } = await register(world())
    const other = (await logIn(email, password)).body.tokens
    await rotate(first, 1)
    world().advance(11 * SECOND)
    expect((await refresh(first)).status).toBe(401)
    expect((await welcome(other.access.token)).status).toBe(200)
    expect((await refresh(other.refresh.token)).status).toBe(200)
  })

  it('a missing refresh token: 400', async () => {
    const { refresh: refreshToken } = await register(world())
    for (const where of [path, `${path}?refreshToken=${refreshToken}`]) expectInvalid(await world().post(where), ['refreshToken'])
  })

  it.each(notText)('a token that is %s: 400', async (_name, refreshToken) => {
    expectInvalid(await world().post(path, { refreshToken }), ['refreshToken'])
  })

  it.each([
    ['the printed one', async () => 'string'],
    ['an access token', async () => (await register(world())).access],
    ['one whose tag was changed', async () => (await register(world())).refresh.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))],
    ['one whose number was changed', async () => (await register(world())).refresh.replace(/\.0\./, '.1.')],
    ['a reset token', async () => await resetTokenOf((await register(world())).email)],
    ['a token of wekan', async () => admin().token],
  ])('a text that is not a refresh token, %s: 401', async (_name, refreshToken) => {
    expectAnswer(await refresh(await refreshToken()), 401, PLEASE_AUTHENTICATE)
  })

  it('a refresh token of an account that was disabled, also when it is enabled again: 401', async () => {
    const { id, refresh: refreshToken } = await register(world())
    for (const action of ['disableLogin', 'enableLogin'] as const) {
      await setLogin(id, action)
      expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
    }
  })

  it('a refresh token of an account that was deleted: 401', async () => {
    const { id, refresh: refreshToken } = await register(world())
    await world().delete(`/api/users/${id}`, admin().token)
    expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
  })

  it('a refresh token of before a change of the password elsewhere: 401', async () => {
    const { email, password, refresh: refreshToken } = await register(world())
    const { token: other } = (await world().post('/v1/auth/login', { email, password })).body
    const change = { oldPassword: password, password: 'another word', passwordConfirmation: 'another word' }
    expect((await world().put('/v1/security/change-password', change, other)).status).toBe(200)
    expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
  })
})
