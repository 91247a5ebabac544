/**
 * `POST /auth/logout` of `authentication`.
 */
import { describe, expect, it } from 'vitest'
import { itsGuards } from '../guards.ts'
import { expectAnswer, MINUTE, SECOND } from '../support.ts'
import { expectError, expectInvalid, notText, PLEASE_AUTHENTICATE, register, useAuthentication } from './support.ts'

const { world, admin, logIn, welcome, refresh, logOut, setLogin, resetTokenOf, open } = useAuthentication()

describe('POST /auth/logout', () => {
  const path = '/auth/logout'
  itsGuards({ ...open, path })

  it('POST /auth/logout ends the whole session, once', async () => {
    const { access, refresh: refreshToken } = await register(world())
    expectAnswer(await logOut(refreshToken), 200, { message: 'Logout successful' })
    expectAnswer(await welcome(access), 401, PLEASE_AUTHENTICATE)
    expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
    expectError(await logOut(refreshToken), 400)
  })

  it('POST /auth/logout needs no access token, and leaves other sessions', async () => {
    const { email, password, access, refresh: refreshToken } = await register(world())
    const other = (await logIn(email, password)).body.tokens.access.token
    world().advance(29 * MINUTE)
    expect((await logOut(refreshToken)).status).toBe(200)
    expect([(await welcome(access)).status, (await welcome(other)).status]).toEqual([401, 200])
  })

  it('the newest token of a chain ends it, with every access token', async () => {
    const { access, refresh: first } = await register(world())
    const rotated = (await refresh(first)).body
    expect((await logOut(rotated.refresh.token)).status).toBe(200)
    for (const bearer of [access, rotated.access.token]) expect((await welcome(bearer)).status).toBe(401)
  })

  it('twice at once: one 200, one 400', async () => {
    const { refresh: refreshToken } = await register(world())
    const answers = await Promise.all([logOut(refreshToken), logOut(refreshToken)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
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
    ['one whose end was changed', async () => (await register(world())).refresh.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))],
    ['a reset token', async () => await resetTokenOf((await register(world())).email)],
  ])('an unknown refresh token, %s: 400', async (_name, refreshToken) => {
    expectError(await logOut(await refreshToken()), 400)
  })

  it('spent long ago: 400', async () => {
    const { refresh: first } = await register(world())
    await refresh(first)
    world().advance(11 * SECOND)
    expectError(await logOut(first), 400)
  })

  it('a refresh token of an account that was disabled since, or deleted: 400', async () => {
    const [disabled, deleted] = [await register(world()), await register(world())]
    await setLogin(disabled.id, 'disableLogin')
    await world().delete(`/api/users/${deleted.id}`, admin().token)
    for (const account of [disabled, deleted]) expectError(await logOut(account.refresh), 400)
  })
})
