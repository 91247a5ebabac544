/**
 * `POST /auth/reset-password` of `authentication`.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { person, unique, verify, withTwoFactor } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { expectAnswer, MINUTE, mailedToken } from '../support.ts'
import { type Account, expectError, expectInvalid, notText, PLEASE_AUTHENTICATE, register, useAuthentication } from './support.ts'

const { world, logIn, welcome, refresh, reset, setLogin, resetTokenOf, open } = useAuthentication()

describe('POST /auth/reset-password', () => {
  const path = '/auth/reset-password'
  itsGuards({ ...open, path })

  it('the printed body: 200, the new password signs in and the old one does not', async () => {
    const { email, password } = await register(world())
    const raw = '{"password": "string"}'
    const target = `${path}?token=${await resetTokenOf(email)}`
    const answer = await world().request('POST', target, { raw, headers: { 'content-type': 'application/json' } })
    expectAnswer(answer, 200, { message: 'Password reset successful' })
    expect([(await logIn(email, 'string')).status, (await logIn(email, password)).status]).toEqual([200, 401])
  })

  it('POST /auth/reset-password ends all sessions, of every surface', async () => {
    const { email, password, access, refresh: refreshToken } = await register(world())
    const v1 = (await world().post('/v1/auth/login', { email, password })).body
    const wekan = (await world().post('/users/login', { email, password })).body
    await reset(await resetTokenOf(email), 'another word')
    for (const bearer of [access, v1.token, v1.accessToken, wekan.token]) expect((await welcome(bearer)).status).toBe(401)
    expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
  })

  it('POST /auth/reset-password shows that the address is the owner’s, and mails the owner', async () => {
    const { email } = await register(world())
    await reset(await resetTokenOf(email), 'another word')
    const { access } = (await logIn(email, 'another word')).body.tokens
    expect((await world().get('/api/user', access.token)).body.emails).toEqual([{ address: email, verified: true }])
    expect(world().mails.at(-1)).toMatchObject({ to: email, text: expect.not.stringContaining('#token=') })
  })

  it('POST /auth/reset-password ends the flow that forget-password of xiot starts', async () => {
    const { email } = await register(world())
    expect((await world().post('/v1/security/forget-password', { email })).status).toBe(200)
    expect((await reset(mailedToken(world(), email), 'another word')).status).toBe(200)
  })

  it('opening the link spends nothing', async () => {
    const { email } = await register(world())
    const resetToken = await resetTokenOf(email)
    expect((await world().get('/reset-password')).status).toBe(200)
    expect((await reset(resetToken, 'another word')).status).toBe(200)
  })

  it('POST /auth/reset-password leaves the second factor on, and kills pending login codes', async () => {
    const someone = await withTwoFactor(world())
    await verify(world(), someone)
    const { email, password, code } = someone
    const { loginCode } = (await logIn(email, password)).body
    await reset(await resetTokenOf(email), 'another word')
    expect((await world().post('/v1/auth/verify-totp', { loginCode, code: code() })).status).toBe(401)
    expect((await logIn(email, 'another word')).body).toMatchObject({ status: 401, loginCode: expect.any(String) })
  })

  it('a missing or empty token: 400', async () => {
    const { email } = await register(world())
    const resetToken = await resetTokenOf(email)
    for (const where of [path, `${path}?token=`, `${path}?Token=${resetToken}`])
      expectInvalid(await world().post(where, { password: 'another word', token: resetToken }), ['token'])
    expect((await reset(resetToken, 'another word')).status).toBe(200)
  })

  describe('a weak password', () => {
    let account: Account
    let resetToken = ''
    beforeAll(async () => {
      account = await register(world())
      resetToken = await resetTokenOf(account.email)
    })

    it.each([...notText, ['of 5 characters', '12345'] as const, ['of 129 characters', 'x'.repeat(129)] as const])(
      '%s: 400, and the token is not spent',
      async (_name, password) => {
        expectInvalid(await reset(resetToken, password), ['password'])
        expect(await world().db.client.mailToken.count({ where: { userId: account.id } })).toBe(1)
      },
    )

    it('a weak password leaves the token to a better one', async () => {
      expectInvalid(await reset(resetToken, '12345'), ['password'])
      expect((await reset(resetToken, 'another word')).status).toBe(200)
    })
  })

  it('a password in the query only: 400', async () => {
    const resetToken = await resetTokenOf((await register(world())).email)
    expectInvalid(await world().post(`${path}?token=${resetToken}&password=another+word`), ['password'])
  })

  it('token and password missing: 400, naming both', async () => {
    expectInvalid(await world().post(path), ['token', 'password'])
  })

  it('a weak password goes before an unknown token: 400', async () => {
    expectInvalid(await reset('string', '12345'), ['password'])
  })

  it.each([
    ['the printed one', async () => 'string'],
    ['an access token', async () => (await register(world())).access],
    ['a refresh token', async () => (await register(world())).refresh],
    [
      'the token of a mail that confirms an address',
      async () => {
        const { token: bearer } = await person(world())
        const email = `new${unique()}@example.com`
        await world().graphql(
          'mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }',
          { input: { email } },
          bearer,
        )
        return mailedToken(world(), email)
      },
    ],
  ])('an unknown reset token, %s: 401', async (_name, resetToken) => {
    expectError(await reset(await resetToken(), 'another word'), 401)
  })

  it('an expired reset token: 401', async () => {
    const { email, password } = await register(world())
    const resetToken = await resetTokenOf(email)
    world().advance(60 * MINUTE)
    expectError(await reset(resetToken, 'another word'), 401)
    expect((await logIn(email, password)).status).toBe(200)
  })

  it('a used reset token: 401', async () => {
    const { email } = await register(world())
    const resetToken = await resetTokenOf(email)
    await reset(resetToken, 'another word')
    expectError(await reset(resetToken, 'a third word'), 401)
    expect((await logIn(email, 'another word')).status).toBe(200)
  })

  it('used twice at once: one 200, one 401', async () => {
    const resetToken = await resetTokenOf((await register(world())).email)
    const answers = await Promise.all([reset(resetToken, 'another word'), reset(resetToken, 'another word')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  it('a reset token of before a disablement, or of before another reset: 401', async () => {
    const [disabled, changed] = [await register(world()), await register(world())]
    const ofDisabled = await resetTokenOf(disabled.email)
    await setLogin(disabled.id, 'disableLogin')
    expectError(await reset(ofDisabled, 'another word'), 401)
    const [older, newer] = [await resetTokenOf(changed.email), await resetTokenOf(changed.email)]
    expect((await reset(newer, 'another word')).status).toBe(200)
    expectError(await reset(older, 'a third word'), 401)
  })
})
