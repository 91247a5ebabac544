/**
 * `POST /v1/auth/verify-totp` of `xiot`: the answer, and which codes are right.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD, totp, v1WithTwoFactor as withTwoFactor } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { aDate, expectInvalid, expectOk, expectProblem, loginCodeOf, someText } from '../v1/support.ts'
import { STEP, useXiot, wrongCode } from './support.ts'

const { world, nextStep, verify, shared, profile, isLive } = useXiot()

describe('POST /v1/auth/verify-totp', () => {
  const INVALID_CODE = { message: 'Invalid two factor authentication code' }

  commonCases(world, { method: 'POST', path: '/v1/auth/verify-totp', methods: ['POST'], who: 'anyone', required: ['loginCode', 'code'] })

  it('200 with the full login answer', async () => {
    const someone = await shared()
    const answer = await verify(await loginCodeOf(world(), someone), someone.code())
    expectOk(answer, {
      token: expect.stringMatching(/^sess_[\w-]+:[\w-]+$/),
      expire_at: aDate,
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      user: {
        id: someone.id,
        email: someone.email,
        firstName: 'Mona',
        lastName: 'Lisa',
        phone: null,
        name: 'Mona Lisa',
        twoFactorEnabled: true,
      },
    })
    expect([await isLive(answer.body.token), await isLive(answer.body.accessToken)]).toEqual([true, true])
  })

  it('a sign-in that began on authentication gets its tokens too', async () => {
    const someone = await shared()
    const begun = await world().post('/auth/login', { email: someone.email, password: PASSWORD })
    expect(begun.status).toBe(401)
    const pair = { token: someText, expires: aDate }
    const answer = await verify(begun.body.loginCode, someone.code())
    expect(answer.body).toEqual({
      token: someText,
      expire_at: aDate,
      accessToken: someText,
      user: expect.objectContaining({ id: someone.id }),
      tokens: { access: pair, refresh: pair },
    })
    expect(await isLive(answer.body.tokens.access.token)).toBe(true)
    await world().post('/v1/auth/logout', undefined, answer.body.token)
    expect(await isLive(answer.body.tokens.access.token)).toBe(false)
  })

  describe('codes', () => {
    it('the code of the step before is accepted, of two steps before not', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      expectProblem(await verify(await loginCodeOf(world(), someone), totp(secret, -2)), 401, INVALID_CODE)
      expect((await verify(await loginCodeOf(world(), someone), totp(secret, -1))).status).toBe(200)
    })

    it('the code of the next step is not accepted', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      expectProblem(await verify(await loginCodeOf(world(), someone), totp(secret, 1)), 401, INVALID_CODE)
      expect((await verify(await loginCodeOf(world(), someone), totp(secret))).status).toBe(200)
    })

    it('a code works once; the next one works again', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      const code = totp(secret)
      expect((await verify(await loginCodeOf(world(), someone), code)).status).toBe(200)
      expectProblem(await verify(await loginCodeOf(world(), someone), code), 401, INVALID_CODE)
      world().advance(STEP)
      expectProblem(await verify(await loginCodeOf(world(), someone), code), 401, INVALID_CODE)
      expect((await verify(await loginCodeOf(world(), someone), totp(secret))).status).toBe(200)
    })

    it('a code works once in parallel, too', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      const loginCodes = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      const answers = await Promise.all(loginCodes.map(async (loginCode) => await verify(loginCode, totp(secret))))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
    })

    it('a code that is used up at sign-in is used up everywhere', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      const { token } = (await verify(await loginCodeOf(world(), someone), totp(secret))).body
      expectProblem(await world().post('/v1/security/twofactor-disable', { code: totp(secret) }, token), 400, { errors: ['code'] })
      expect((await profile(token)).twoFactorEnabled).toBe(true)
    })

    it('a code of a JSON number is padded to six digits', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      while (!totp(secret).startsWith('0')) world().advance(STEP)
      expect((await verify(await loginCodeOf(world(), someone), Number(totp(secret)))).status).toBe(200)
    })

    it('a wrong code is 401, and the loginCode goes on', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      const loginCode = await loginCodeOf(world(), someone)
      expectProblem(await verify(loginCode, wrongCode(secret)), 401, INVALID_CODE)
      expect((await verify(loginCode, totp(secret))).status).toBe(200)
    })

    it.each(['12345', '1234567', 'nonsense', 'AAAA-BBBBB-CCCCC', '٠٠٠٠٠٠', '1e5'])('401 for the code %s', async (code) => {
      const loginCode = await loginCodeOf(world(), await shared())
      expectProblem(await verify(loginCode, code), 401, INVALID_CODE)
      expect((await verify(loginCode, (await shared()).code())).status).toBe(200)
    })

    it.each(['', true, [], {}, -1, 1.5, 1_000_000, 'nul\0'])('400 for the code %j', async (code) => {
      expectInvalid(await verify(await loginCodeOf(world(), await shared()), code), ['code'])
    })

    it('a recovery code works, once, however it is written', async () => {
      const someone = await shared()
      const [one = '', two = ''] = someone.recoveryCodes
      expect((await verify(await loginCodeOf(world(), someone), one)).status).toBe(200)
      expectProblem(await verify(await loginCodeOf(world(), someone), one), 401, INVALID_CODE)
      expect((await verify(await loginCodeOf(world(), someone), ` ${two.toLowerCase()} `)).status).toBe(200)
      const rows = await world().db.client.recoveryCode.findMany({ where: { userId: someone.id } })
      expect(rows.filter(({ usedAt }) => usedAt !== null)).toHaveLength(2)
    })

    it("another's recovery code is none", async () => {
      const [one, other] = [await shared(), await withTwoFactor(world())]
      expectProblem(await verify(await loginCodeOf(world(), one), other.recoveryCodes[0]), 401, INVALID_CODE)
    })
  })
})
