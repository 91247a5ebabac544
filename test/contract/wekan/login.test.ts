/**
 * `POST /users/login` of `wekan`, with and without a second factor.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD, person, totp, withTwoFactor } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { itsPasswordLimit } from '../passwordLimit.ts'
import { expectAnswer, expectLife, ISO, retryAfter, SECOND } from '../support.ts'
import {
  type Account,
  accountError,
  at,
  BAD_LOGIN,
  expectAccountError,
  expectTooMany,
  kinds,
  logIn,
  MATCH_FAILED,
  NINETY_DAYS,
  register,
  TOKEN,
  useWekan,
} from './support.ts'

const { world, admin, me } = useWekan()

describe('POST /users/login', () => {
  const path = '/users/login'
  itsGuards({
    world,
    admin: admin,
    method: 'POST',
    path,
    allow: ['POST'],
    needs: 'nothing',
    body: 'json or form',
    expectError: expectAccountError,
  })

  it.each(kinds)('%s: signs in for 90 days', async (_kind, send) => {
    const { id, username, password } = await register(world())
    const before = Date.now()
    const answer = await world().request('POST', path, send({ username, password }))
    expectAnswer(answer, 200, { id, token: expect.stringMatching(TOKEN), tokenExpires: expect.stringMatching(ISO) })
    expectLife(answer.body.tokenExpires, NINETY_DAYS, before)
    expect((await me(answer.body.token)).body._id).toBe(id)
  })

  it.each([
    ['the username', ({ username }: Account) => ({ username })],
    ['the username in another case', ({ username }: Account) => ({ username: username.toUpperCase() })],
    ['the e-mail address', ({ email }: Account) => ({ email })],
    ['the e-mail address in another case', ({ email }: Account) => ({ email: email.toUpperCase() })],
    ['the e-mail address in `username`', ({ email }: Account) => ({ username: email })],
  ])('an account logs in by %s', async (_name, identifier) => {
    const account = await register(world())
    const { status, body } = await world().post(path, { ...identifier(account), password: account.password })
    expect([status, body.id]).toEqual([200, account.id])
  })

  it('an account of another surface signs in, by its UUID', async () => {
    const { id, username, password } = await person(world())
    expect((await logIn(world(), username, password)).body.id).toBe(id)
  })

  it.each(kinds)('%s: both, although each is right: 400 Match failed, and no session', async (_kind, send) => {
    const { id, username, email, password } = await register(world())
    expectAnswer(await world().request('POST', path, send({ username, email, password })), 400, MATCH_FAILED)
    expect(await world().db.client.session.count({ where: { userId: id } })).toBe(1)
    expect((await world().request('POST', path, { form: { username, email: '', password } })).status).toBe(200)
  })

  it('a password is the same in each Unicode form', async () => {
    const { username } = await register(world(), { password: 'geh\u00e9im\u00e9' })
    expect((await logIn(world(), username, 'gehe\u0301ime\u0301')).status).toBe(200)
  })

  it('a wrong password and an unknown account are one 401', async () => {
    const { username, email } = await register(world())
    for (const fields of [{ username }, { email }, { username: 'no such user' }, { email: 'nobody@example.com' }, { username: '%' }])
      expectAnswer(await world().post(path, { ...fields, password: 'a wrong password' }), 401, BAD_LOGIN)
  })

  it.each([
    ['no password', { username: 'admin' }],
    ['neither username nor e-mail address', { password: PASSWORD }],
    ['a password that is a number', { username: 'admin', password: 12_345_678 }],
    ['a password that is null', { username: 'admin', password: null }],
    ['a password that is an object', { username: 'admin', password: { digest: 'x', algorithm: 'sha-256' } }],
    ['a username that is an object', { username: { $gt: '' }, password: PASSWORD }],
    ['an e-mail address that is an array', { email: ['admin@example.com'], password: PASSWORD }],
    ['a code that is an object', { username: 'admin', password: PASSWORD, code: {} }],
    ['both username and e-mail address', { username: 'admin', email: 'admin@example.com', password: PASSWORD }],
    ['the e-mail address of somebody else', { username: 'admin', email: 'nobody@example.com', password: PASSWORD }],
    ['no body', undefined],
  ])('%s: 400 Match failed', async (_name, json) => {
    expectAnswer(await world().request('POST', path, { json }), 400, MATCH_FAILED)
  })

  it.each([
    ['NUL in the username', { username: 'ad\0min', password: PASSWORD }],
    ['NUL in the password', { username: 'admin', password: 'a\0b' }],
    ['a lone surrogate', { username: 'admin', password: '\udfff' }],
  ])('%s: 400', async (_name, json) => {
    expectAccountError(await world().request('POST', path, { json }), 400)
  })

  it('a disabled account: 403, said only after the right password', async () => {
    const { id, username, password } = await register(world())
    await world().put(at(id), { action: 'disableLogin' }, admin().token)
    expectAnswer(await logIn(world(), username, password), 403, accountError(403, 'Login forbidden'))
    expectAnswer(await logIn(world(), username, 'a wrong password'), 401, BAD_LOGIN)
  })

  describe('with a second factor', () => {
    const NO_CODE = accountError('no-2fa-code', '2FA code must be informed')
    const WRONG_CODE = accountError('invalid-2fa-code', 'Invalid 2FA code')

    it.each(kinds)('%s: the code signs in', async (_kind, send) => {
      const { id, username, password, code } = await withTwoFactor(world())
      const answer = await world().request('POST', path, send({ username, password, code: code() }))
      expectAnswer(answer, 200, { id, token: expect.stringMatching(TOKEN), tokenExpires: expect.stringMatching(ISO) })
    })

    it('a recovery code signs in, once', async () => {
      const { username, password, recoveryCodes } = await withTwoFactor(world())
      const [code] = recoveryCodes
      expect((await world().post(path, { username, password, code })).status).toBe(200)
      expectAnswer(await world().post(path, { username, password, code }), 403, WRONG_CODE)
    })

    it('no code: 403 no-2fa-code, which counts as no failure', async () => {
      const { id, username, password, code } = await withTwoFactor(world())
      const sessions = await world().db.client.session.count({ where: { userId: id } })
      for (let round = 0; round < 11; round += 1) expectAnswer(await logIn(world(), username, password), 403, NO_CODE)
      expect(await world().db.client.session.count({ where: { userId: id } })).toBe(sessions)
      expect((await world().post(path, { username, password, code: code() })).status).toBe(200)
    })

    it('an empty code is none', async () => {
      const { username, password } = await withTwoFactor(world())
      expectAnswer(await world().request('POST', path, { form: { username, password, code: '' } }), 403, NO_CODE)
    })

    it('a wrong password says nothing of the factor', async () => {
      const { username, code } = await withTwoFactor(world())
      expectAnswer(await world().post(path, { username, password: 'a wrong password', code: code() }), 401, BAD_LOGIN)
    })

    it('the code of the step before signs in; an older and a used one are 403 invalid-2fa-code', async () => {
      const { username, password, secret } = await withTwoFactor(world())
      world().advance(120 * SECOND - (Date.now() % (30 * SECOND)))
      const send = async (code: string) => await world().post(path, { username, password, code })
      const [older, before, current] = [totp(secret, -3), totp(secret, -1), totp(secret)]
      expectAnswer(await send(older), 403, WRONG_CODE)
      expect((await send(before)).status).toBe(200)
      expectAnswer(await send(before), 403, WRONG_CODE)
      expect((await send(current)).status).toBe(200)
      expectAnswer(await send(current), 403, WRONG_CODE)
      expectAnswer(await send(before), 403, WRONG_CODE)
    })

    it('a code signs in once, also twice at once', async () => {
      const { username, password, code: next } = await withTwoFactor(world())
      const code = next()
      const answers = await Promise.all([1, 2].map(async () => await world().post(path, { username, password, code })))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
    })

    it('ten wrong codes: 429 with Retry-After, until that has passed', async () => {
      const { username, password, secret } = await withTwoFactor(world())
      const send = async (code: string) => await world().post(path, { username, password, code })
      for (let round = 0; round < 10; round += 1) expectAnswer(await send('not a code'), 403, WRONG_CODE)
      const refused = await send(totp(secret))
      expectTooMany(refused)
      world().advance(retryAfter(refused) * SECOND)
      expect((await send(totp(secret))).status).toBe(200)
    })
  })

  itsPasswordLimit({
    world,
    signIn: async (username, password) => await logIn(world(), username, password),
    elsewhere: async (email, password) => await world().post('/auth/login', { email, password }),
    invalid: async (username) => await world().post(path, { username }),
    expectWrong: (answer) => expectAnswer(answer, 401, BAD_LOGIN),
    expectTooMany,
  })
})
