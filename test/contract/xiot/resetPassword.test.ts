/**
 * `POST /v1/security/reset-password` of `xiot`.
 */
import { describe, expect, it } from 'vitest'
import {
  PASSWORD,
  type Person,
  v1Person as person,
  verify as verifyAddress,
  v1WithTwoFactor as withTwoFactor,
} from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { disable, enter, expectInvalid, expectOk, expectProblem, HOUR, MINUTE, resetTokenOf, someText } from '../v1/support.ts'
import { NEW_PASSWORD, useXiot } from './support.ts'

const { world, verify, isLive, isVerified, signsIn } = useXiot()
world.wantNoTokens()

describe('POST /v1/security/reset-password', () => {
  const reset = async (token: unknown, password: unknown = NEW_PASSWORD) =>
    await world().post('/v1/security/reset-password', { token, password })

  commonCases(world, {
    method: 'POST',
    path: '/v1/security/reset-password',
    methods: ['POST'],
    who: 'anyone',
    required: ['token', 'password'],
  })

  it('200: the new password works, the old one no more, and nobody is signed in by it', async () => {
    const someone = await person(world())
    const answer = await reset(await resetTokenOf(world(), someone))
    expectOk(answer, { statusCode: 200, message: someText })
    expect([await signsIn(someone.email, PASSWORD), await signsIn(someone.email, NEW_PASSWORD)]).toEqual([401, 200])
  })

  it('401 for the second time', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    await reset(token)
    expectProblem(await reset(token, 'a third password'), 401)
    expect(await signsIn(someone.email, NEW_PASSWORD)).toBe(200)
  })

  it('of two in parallel, one resets', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    const answers = await Promise.all([reset(token, 'the first of two'), reset(token, 'the second of two')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  it.each(['x', 'A'.repeat(43)])('401 for the unknown token %s', async (token) => {
    expectProblem(await reset(token), 401)
  })

  it('401 for an access token or a loginCode', async () => {
    expectProblem(await reset(world.admin()), 401)
    expectProblem(await reset(world.noToken('a login code')), 401)
  })

  it('401 when it has expired', async () => {
    const [one, two] = [await person(world()), await person(world())]
    const [early, late] = [await resetTokenOf(world(), one), await resetTokenOf(world(), two)]
    world().advance(HOUR - MINUTE)
    expect((await reset(early)).status).toBe(200)
    world().advance(MINUTE)
    expectProblem(await reset(late), 401)
  })

  describe('a weak password', () => {
    let known: Promise<{ who: Person; token: string }> | undefined
    const one = async () => {
      known ??= person(world()).then(async (who) => ({ who, token: await resetTokenOf(world(), who) }))
      return await known
    }

    it.each(['', '1234567', '😀'.repeat(7), 'p'.repeat(129), 'NUL \0', 'half \ud800', 12345678])(
      'a weak password: 400 for %j',
      async (weak) => {
        const { who, token } = await one()
        expectInvalid(await reset(token, weak), ['password'])
        expect(await isLive(who.token)).toBe(true)
      },
    )

    it('a weak password spends nothing', async () => {
      const { token } = await one()
      expectInvalid(await reset(token, 'short'), ['password'])
      expect((await reset(token)).status).toBe(200)
    })
  })

  it.each(['', 7, true, [], 'nul\0'])('400 for the token %j', async (token) => {
    expectInvalid(await reset(token), ['token'])
  })

  it('opening the link spends nothing', async () => {
    const token = await resetTokenOf(world(), await person(world()))
    for (let count = 0; count < 3; count += 1) expect((await world().get('/reset-password')).status).toBe(200)
    expect((await reset(token)).status).toBe(200)
  })

  it('marks the address verified', async () => {
    const someone = await person(world())
    expect(await isVerified(someone.token)).toBe(false)
    await reset(await resetTokenOf(world(), someone))
    expect(await isVerified((await enter(world(), { ...someone, password: NEW_PASSWORD })).token)).toBe(true)
  })

  it('POST /v1/security/reset-password ends all sessions of the account', async () => {
    const someone = await person(world())
    const { token, accessToken } = await enter(world(), someone)
    await reset(await resetTokenOf(world(), someone))
    expect([await isLive(token), await isLive(accessToken), await isLive(someone.token)]).toEqual([false, false, false])
  })

  it('the second factor stays on', async () => {
    const someone = await withTwoFactor(world())
    await verifyAddress(world(), someone)
    await reset(await resetTokenOf(world(), someone))
    const answer = await enter(world(), { email: someone.email, password: NEW_PASSWORD })
    expect(Object.keys(answer).sort()).toEqual(['loginCode', 'message', 'statusCode'])
    expect((await verify(answer.loginCode, someone.code())).status).toBe(200)
  })

  it('a token dies when the account is disabled', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    await disable(world(), someone.id, world.admin())
    expectProblem(await reset(token), 401)
    await world().put(`/api/users/${someone.id}`, { action: 'enableLogin' }, world.admin())
    expectProblem(await reset(token), 401)
  })
})
