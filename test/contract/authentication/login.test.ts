/**
 * `POST /auth/login` of `authentication`, with and without a second factor.
 */
import { describe, expect, it } from 'vitest'
import { withTwoFactor } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { itsPasswordLimit } from '../passwordLimit.ts'
import { DAY, expectAnswer, expectLife, ISO, JWT, MINUTE, SECOND } from '../support.ts'
import { BAD_LOGIN, expectInvalid, expectTooMany, failure, fieldsOf, notText, register, TOKENS, useAuthentication } from './support.ts'

const { world, logIn, welcome, refresh, logOut, setLogin, open } = useAuthentication()

describe('POST /auth/login', () => {
  const path = '/auth/login'
  itsGuards({ ...open, path })

  it('200 with the account and its tokens', async () => {
    const { id, name, email, password } = await register(world())
    const before = Date.now()
    const answer = await logIn(email, password)
    expectAnswer(answer, 200, { user: { id, name, bio: null, email }, tokens: TOKENS })
    const { access, refresh } = answer.body.tokens
    expectLife(access.expires, 30 * MINUTE, before)
    expectLife(refresh.expires, 30 * DAY, before)
    expect((await welcome(access.token)).status).toBe(200)
  })

  it('the e-mail address in another case', async () => {
    const { email, password } = await register(world())
    expect((await logIn(email.toUpperCase(), password)).body.user.email).toBe(email)
  })

  it('an account of wekan signs in, by its Meteor id', async () => {
    const { email } = fieldsOf()
    const { body } = await world().post('/users/register', { email, password: 'secret word' })
    expect((await logIn(email, 'secret word')).body.user).toMatchObject({ id: body.id, email })
  })

  it('a wrong password, an unknown address and the printed body are one 401', async () => {
    const { email } = await register(world())
    for (const [identifier, password] of [
      [email, 'a wrong password'],
      ['nobody@example.com', 'a wrong password'],
      ['string', 'string'],
      ['x'.repeat(5000), 'x'.repeat(5000)],
      ["' OR 1=1 --", '%'],
    ] as const)
      expectAnswer(await logIn(identifier, password), 401, BAD_LOGIN)
  })

  it('both fields missing: 400, naming both', async () => {
    for (const json of [undefined, {}]) expectInvalid(await world().post(path, json), ['email', 'password'])
  })

  it.each(notText)('an e-mail address that is %s: 400', async (_name, email) => {
    expectInvalid(await world().post(path, { email, password: 'secret word' }), ['email'])
  })

  it.each(notText)('a password that is %s: 400', async (_name, password) => {
    expectInvalid(await world().post(path, { email: 'admin@example.com', password }), ['password'])
  })

  it('credentials in the query are not read: 400', async () => {
    const { email, password } = await register(world())
    expectInvalid(await world().post(`${path}?${new URLSearchParams({ email, password })}`), ['email', 'password'])
  })

  it('a disabled account: 403, said only after the right password', async () => {
    const { id, email, password } = await register(world())
    await setLogin(id, 'disableLogin')
    expectAnswer(await logIn(email, password), 403, failure(403, 'Account disabled'))
    expectAnswer(await logIn(email, 'a wrong password'), 401, BAD_LOGIN)
    await setLogin(id, 'enableLogin')
    expect((await logIn(email, password)).status).toBe(200)
  })

  describe('with a second factor', () => {
    const verify = async (loginCode: string, code: string) => await world().post('/v1/auth/verify-totp', { loginCode, code })

    it('401 with a login code, and no token of any kind', async () => {
      const { id, email, password } = await withTwoFactor(world())
      const sessions = await world().db.client.session.count({ where: { userId: id } })
      const answer = await logIn(email, password)
      const { message, loginCode } = answer.body
      expectAnswer(answer, 401, failure(401, message, { loginCode: expect.stringMatching(/^[\w-]{22,}$/) }))
      expect(JSON.stringify(await world().db.client.loginCode.findMany())).not.toContain(loginCode)
      expect(await world().db.client.session.count({ where: { userId: id } })).toBe(sessions)
    })

    it('a wrong password says nothing of the factor', async () => {
      const { email } = await withTwoFactor(world())
      expectAnswer(await logIn(email, 'a wrong password'), 401, BAD_LOGIN)
    })

    it('the code works at verify-totp, whose answer then carries `tokens`: all of one session', async () => {
      const { id, email, password, code } = await withTwoFactor(world())
      const { loginCode } = (await logIn(email, password)).body
      const before = Date.now()
      const answer = await verify(loginCode, code())
      const user = {
        id,
        email,
        name: expect.any(String),
        firstName: 'Person',
        lastName: expect.any(String),
        phone: null,
        twoFactorEnabled: true,
      }
      expectAnswer(answer, 200, {
        token: expect.stringMatching(/^sess_/),
        expire_at: expect.stringMatching(ISO),
        accessToken: expect.stringMatching(JWT),
        user,
        tokens: TOKENS,
      })
      const { token: opaque, accessToken, tokens } = answer.body
      expectLife(tokens.access.expires, 30 * MINUTE, before + 30 * SECOND)
      expectLife(tokens.refresh.expires, 30 * DAY, before + 30 * SECOND)
      for (const bearer of [opaque, accessToken, tokens.access.token]) expect((await welcome(bearer)).status).toBe(200)
      expect((await logOut(tokens.refresh.token)).status).toBe(200)
      for (const bearer of [opaque, accessToken, tokens.access.token]) expect((await welcome(bearer)).status).toBe(401)
    })

    it('a refresh asks for no code', async () => {
      const { email, password, code } = await withTwoFactor(world())
      const { loginCode } = (await logIn(email, password)).body
      const { tokens } = (await verify(loginCode, code())).body
      expectAnswer(await refresh(tokens.refresh.token), 200, TOKENS)
    })

    it('a sign-in that began on xiot carries no `tokens`', async () => {
      const { email, password, code } = await withTwoFactor(world())
      const { loginCode } = (await world().post('/v1/auth/login', { email, password })).body
      expect((await verify(loginCode, code())).body).not.toHaveProperty('tokens')
    })

    it('a login code works once, and an older one beside a newer one', async () => {
      const { email, password, recoveryCodes } = await withTwoFactor(world())
      const [one = '', two = '', three = ''] = recoveryCodes
      const older = (await logIn(email, password)).body.loginCode
      const newer = (await logIn(email, password)).body.loginCode
      expect((await verify(newer, one)).status).toBe(200)
      expect((await verify(newer, two)).status).toBe(401)
      expect((await verify(older, three)).status).toBe(200)
    })

    it('a login code lives 5 minutes', async () => {
      const { email, password, code } = await withTwoFactor(world())
      const { loginCode } = (await logIn(email, password)).body
      world().advance(5 * MINUTE)
      expect((await verify(loginCode, code())).status).toBe(401)
    })
  })

  itsPasswordLimit({
    world,
    signIn: async (email, password) => await logIn(email, password),
    elsewhere: async (email, password) => await world().post('/v1/auth/login', { email, password }),
    invalid: async (email) => await world().post(path, { email, password: '' }),
    expectWrong: (answer) => expectAnswer(answer, 401, BAD_LOGIN),
    expectTooMany,
  })

  it('a client address that no trusted proxy forwards is not believed', async () => {
    const { email, password } = await register(world())
    const from = async (address: string, given: string) =>
      await world().request('POST', path, { json: { email, password: given }, headers: { 'x-forwarded-for': address } })
    for (let round = 1; round <= 10; round += 1) expect((await from(`192.0.2.${round}`, 'a wrong password')).status).toBe(401)
    expectTooMany(await from('192.0.2.99', password))
  })
})
