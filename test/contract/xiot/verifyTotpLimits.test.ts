/**
 * `POST /v1/auth/verify-totp` of `xiot`: the life of a login code, and the limits of wrong codes.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD, type TwoFactorPerson, totp, unique, v1WithTwoFactor as withTwoFactor } from '../../support/accounts.ts'
import { disable, expectInvalid, expectProblem, expectTooMany, loginCodeOf, MINUTE, resetTokenOf } from '../v1/support.ts'
import { NEW_PASSWORD, STEP, useXiot, wrongCode } from './support.ts'

const { world, nextStep, verify, enterWithCode, shared } = useXiot()

describe('POST /v1/auth/verify-totp', () => {
  const INVALID_CODE = { message: 'Invalid two factor authentication code' }
  const INVALID_LOGIN_CODE = { message: 'Invalid or expired login code' }

  describe('login codes', () => {
    it.each(['x', 'A'.repeat(43), 'sess_x:y'])('401 for the unknown loginCode %s', async (loginCode) => {
      expectProblem(await verify(loginCode, '123456'), 401, INVALID_LOGIN_CODE)
    })

    it.each(['', 7, true, [], 'nul\0'])('400 for the loginCode %j', async (loginCode) => {
      expectInvalid(await verify(loginCode, '123456'), ['loginCode'])
    })

    it('an access token is no loginCode', async () => {
      expectProblem(await verify(world.admin(), '123456'), 401, INVALID_LOGIN_CODE)
    })

    it('a login code works once', async () => {
      const someone = await shared()
      const loginCode = await loginCodeOf(world(), someone)
      expect((await verify(loginCode, someone.code())).status).toBe(200)
      expectProblem(await verify(loginCode, someone.code()), 401, INVALID_LOGIN_CODE)
    })

    it('a login code works once in parallel, too', async () => {
      const someone = await shared()
      const loginCode = await loginCodeOf(world(), someone)
      nextStep()
      const codes = [totp(someone.secret, -1), totp(someone.secret)]
      const answers = await Promise.all(codes.map(async (code) => await verify(loginCode, code)))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    })

    it('a login code lives five minutes', async () => {
      const someone = await shared()
      const [one, two] = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      world().advance(5 * MINUTE - STEP - 10_000)
      expect((await verify(one, someone.code())).status).toBe(200)
      world().advance(10_000)
      expectProblem(await verify(two, someone.code()), 401, INVALID_LOGIN_CODE)
    })

    it('several of one account are alive at once', async () => {
      const someone = await shared()
      const codes = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      for (const loginCode of codes) expect((await verify(loginCode, someone.code())).status).toBe(200)
    })

    it('dead after five wrong codes; another of the account is not', async () => {
      const someone = await shared()
      const [one, two] = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      for (let count = 0; count < 5; count += 1) expectProblem(await verify(one, wrongCode(someone.secret)), 401, INVALID_CODE)
      expectProblem(await verify(one, someone.code()), 401, INVALID_LOGIN_CODE)
      expect((await verify(two, someone.code())).status).toBe(200)
    })

    it('alive after four wrong codes, and after any invalid input', async () => {
      const someone = await shared()
      const loginCode = await loginCodeOf(world(), someone)
      for (let count = 0; count < 4; count += 1) expectProblem(await verify(loginCode, wrongCode(someone.secret)), 401, INVALID_CODE)
      for (let count = 0; count < 6; count += 1) expectInvalid(await verify(loginCode, ''), ['code'])
      expect((await verify(loginCode, someone.code())).status).toBe(200)
    })

    const ends: readonly [string, (who: TwoFactorPerson, token: string) => Promise<{ status: number }>][] = [
      [
        'a change of the password',
        async (_who, token) =>
          await world().put(
            '/v1/security/change-password',
            { oldPassword: PASSWORD, password: NEW_PASSWORD, passwordConfirmation: NEW_PASSWORD },
            token,
          ),
      ],
      [
        'a reset of the password',
        async (who) =>
          await world().post('/v1/security/reset-password', { token: await resetTokenOf(world(), who), password: NEW_PASSWORD }),
      ],
      [
        'a change of the e-mail',
        async (_who, token) => await world().put('/v1/account/change-email', { email: `moved${unique()}@example.com` }, token),
      ],
      ['a second factor that is turned off', async (_who, token) => await world().post('/v1/security/twofactor-disable', undefined, token)],
      [
        'a second factor that is another one now',
        async (_who, token) => {
          await world().post('/v1/security/twofactor-disable', undefined, token)
          return await world().post('/v1/security/twofactor-enable', undefined, token)
        },
      ],
      ['disabling the account', async (who) => await world().put(`/api/users/${who.id}`, { action: 'disableLogin' }, world.admin())],
      ['deleting the account', async (who) => await world().delete(`/v1/users/${who.id}`, world.admin())],
    ]
    it.each(ends)('all login codes of an account die on %s', async (_name, end) => {
      const someone = await withTwoFactor(world())
      const codes = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      expect((await end(someone, someone.token)).status).toBe(200)
      for (const loginCode of codes) expectProblem(await verify(loginCode, someone.code()), 401, INVALID_LOGIN_CODE)
    })

    it('one from before the account was disabled stays dead when it is enabled again', async () => {
      const someone = await withTwoFactor(world())
      const loginCode = await loginCodeOf(world(), someone)
      await disable(world(), someone.id, world.admin())
      await world().put(`/api/users/${someone.id}`, { action: 'enableLogin' }, world.admin())
      expectProblem(await verify(loginCode, someone.code()), 401, INVALID_LOGIN_CODE)
    })
  })

  describe('limits', () => {
    /** Ten wrong codes, five for each loginCode. */
    const failTenTimes = async (who: TwoFactorPerson) => {
      for (let count = 0; count < 2; count += 1) {
        const loginCode = await loginCodeOf(world(), who)
        for (let tries = 0; tries < 5; tries += 1) expectProblem(await verify(loginCode, wrongCode(who.secret)), 401, INVALID_CODE)
      }
    }

    it('429 after ten wrong codes whatever the address, with a delay that grows', async () => {
      const someone = await shared()
      nextStep()
      await failTenTimes(someone)
      const json = { loginCode: await loginCodeOf(world(), someone), code: totp(someone.secret) }
      const headers = { 'x-forwarded-for': '198.51.100.9' }
      const first = expectTooMany(await world().request('POST', '/v1/auth/verify-totp', { json, headers }))
      world().advance(first * 1000)
      expectProblem(await verify(await loginCodeOf(world(), someone), wrongCode(someone.secret)), 401, INVALID_CODE)
      const second = expectTooMany(await verify(await loginCodeOf(world(), someone), totp(someone.secret)))
      expect(second).toBeGreaterThan(first)
      world().advance(second * 1000)
      expect((await verify(await loginCodeOf(world(), someone), someone.code())).status).toBe(200)
    })

    it('a refused try is no wrong code: the loginCode outlives the wait', async () => {
      const someone = await withTwoFactor(world())
      nextStep()
      await failTenTimes(someone)
      const loginCode = await loginCodeOf(world(), someone)
      let wait = 0
      for (let count = 0; count < 6; count += 1) wait = expectTooMany(await verify(loginCode, totp(someone.secret)))
      world().advance(wait * 1000)
      expect((await verify(loginCode, totp(someone.secret))).status).toBe(200)
    })

    it('codes count on any route', async () => {
      const someone = await withTwoFactor(world())
      nextStep()
      const token = await enterWithCode(someone)
      for (let count = 0; count < 10; count += 1) {
        const answer = await world().post('/v1/security/twofactor-disable', { code: wrongCode(someone.secret) }, token)
        expectProblem(answer, 400, { errors: ['code'] })
      }
      expectTooMany(await verify(await loginCodeOf(world(), someone), totp(someone.secret)))
      expectTooMany(await world().post('/v1/security/twofactor-disable', { code: totp(someone.secret) }, token))
    })

    it('a right code sets the count back', async () => {
      const someone = await shared()
      nextStep()
      for (let round = 0; round < 3; round += 1) {
        const loginCode = await loginCodeOf(world(), someone)
        for (let tries = 0; tries < 4; tries += 1) expectProblem(await verify(loginCode, wrongCode(someone.secret)), 401, INVALID_CODE)
        expect((await verify(loginCode, someone.code())).status).toBe(200)
      }
    })
  })
})
