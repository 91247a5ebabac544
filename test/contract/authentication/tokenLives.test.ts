/**
 * How long the tokens of `authentication` live, shown by moving time; and that no secret is logged.
 */
import { describe, expect, it } from 'vitest'
import { useWorld } from '../../support/world.ts'
import { DAY, expectAnswer, expectLife, MINUTE, SECOND } from '../support.ts'
import { expectError, fieldsOf, PLEASE_AUTHENTICATE, register, useAuthentication } from './support.ts'

const { world, welcome, refresh, reset, resetTokenOf } = useAuthentication()

describe('lifetimes', () => {
  const long = useWorld()

  it('an access token lives 30 minutes', async () => {
    const { access } = await register(long())
    long().advance(30 * MINUTE - 5 * SECOND)
    expect((await welcome(access, long())).status).toBe(200)
    long().advance(5 * SECOND)
    expectAnswer(await welcome(access, long()), 401, PLEASE_AUTHENTICATE)
  })

  it('a refresh token lives 30 days', async () => {
    const [used, unused] = [await register(long()), await register(long())]
    long().advance(30 * DAY - 5 * SECOND)
    expect((await refresh(used.refresh, long())).status).toBe(200)
    long().advance(5 * SECOND)
    expectAnswer(await refresh(unused.refresh, long()), 401, PLEASE_AUTHENTICATE)
    expectError(await long().post('/auth/logout', { refreshToken: unused.refresh }), 400)
  })

  it('a chain lives 90 days however it is used, and no token of it longer', async () => {
    const before = Date.now()
    let { refresh: presented } = await register(long())
    let end = ''
    for (let round = 0; round < 3; round += 1) {
      long().advance(29 * DAY)
      const { body } = await refresh(presented, long())
      presented = body.refresh.token
      end = body.refresh.expires
    }
    expectLife(end, 3 * DAY, before + 87 * DAY)
    long().advance(3 * DAY - 10 * MINUTE)
    const last = (await refresh(presented, long())).body
    expect([last.access.expires, last.refresh.expires]).toEqual([end, end])
    expect((await welcome(last.access.token, long())).status).toBe(200)
    long().advance(10 * MINUTE)
    expectAnswer(await welcome(last.access.token, long()), 401, PLEASE_AUTHENTICATE)
    expectAnswer(await refresh(last.refresh.token, long()), 401, PLEASE_AUTHENTICATE)
  })
})

describe('a chain that is shorter than the life of a refresh token', () => {
  const short = useWorld({ REFRESH_CHAIN_LIFE: '1d', REFRESH_TOKEN_LIFE: '30d' })

  it('a chain that is shorter than the life of a refresh token ends its refresh tokens, the first as well as each that follows', async () => {
    const before = Date.now()
    const fields = fieldsOf()
    const { refresh: first } = (await short().post('/auth/register', fields)).body.tokens
    expectLife(first.expires, DAY, before)
    short().advance(DAY / 2)
    const { body } = await short().post('/auth/refresh-tokens', { refreshToken: first.token })
    expect(body.refresh.expires).toBe(first.expires)
    short().advance(DAY / 2 + SECOND)
    expectError(await short().post('/auth/refresh-tokens', { refreshToken: body.refresh.token }), 401)
  })
})

describe('nothing secret', () => {
  it('no secret is in a line of the log', async () => {
    const { email, password, access, refresh: refreshToken } = await register(world())
    await refresh(refreshToken)
    const resetToken = await resetTokenOf(email)
    await reset(resetToken, 'another word')
    const logged = JSON.stringify(world().logs)
    for (const secret of [password, access, refreshToken, resetToken, 'another word', 'argon2id$']) expect(logged).not.toContain(secret)
  })
})
