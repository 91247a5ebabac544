/**
 * `POST /v1/security/twofactor-disable` of `xiot`.
 */
import { describe, expect, it } from 'vitest'
import {
  PASSWORD,
  v1Person as person,
  type TwoFactorPerson,
  totp,
  v1VerifiedWithTwoFactor as verifiedWithTwoFactor,
  v1WithTwoFactor as withTwoFactor,
} from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { enter, expectOk, expectProblem, expectTooMany, loginCodeOf, resetTokenOf } from '../v1/support.ts'
import { NEW_PASSWORD, useXiot, wrongCode } from './support.ts'

const { world, verify, profile, mailsTo, eventsOf } = useXiot()

describe('POST /v1/security/twofactor-disable', () => {
  const off = async (token: string, json?: object) => await world().post('/v1/security/twofactor-disable', json, token)
  const OFF = { statusCode: 200, message: 'Two factor authentication disabled' }

  commonCases(world, { method: 'POST', path: '/v1/security/twofactor-disable', methods: ['POST'], who: 'session', required: [] })

  it('200 without a body: the password is enough to sign in', async () => {
    const someone = await withTwoFactor(world())
    expectOk(await off(someone.token), OFF)
    const { token, user } = await enter(world(), someone)
    expect(user.twoFactorEnabled).toBe(false)
    expect((await profile(token)).twoFactorEnabled).toBe(false)
  })

  const proofs: readonly [string, (who: TwoFactorPerson) => object][] = [
    ['null for both', () => ({ code: null, password: null })],
    ['a right code', (who) => ({ code: who.code() })],
    ['a recovery code', (who) => ({ code: who.recoveryCodes[0] })],
    ['the right password', () => ({ password: PASSWORD })],
    ['both right', (who) => ({ code: who.code(), password: PASSWORD })],
  ]
  it.each(proofs)('POST /v1/security/twofactor-disable is 200 with %s', async (_name, body) => {
    const someone = await withTwoFactor(world())
    expectOk(await off(someone.token, body(someone)), OFF)
  })

  const wrongs: readonly [string, string, (who: TwoFactorPerson) => object][] = [
    ['a wrong code', 'code', (who) => ({ code: wrongCode(who.secret) })],
    ['a wrong password', 'password', () => ({ password: 'a wrong one' })],
    ['a right code and a wrong password', 'password', (who) => ({ code: who.code(), password: 'a wrong one' })],
    ['a wrong code and the right password', 'code', (who) => ({ code: wrongCode(who.secret), password: PASSWORD })],
    ['an empty code', 'code', () => ({ code: '' })],
    ['an empty password', 'password', () => ({ password: '' })],
    ['a code that is none', 'code', () => ({ code: true })],
  ]
  let kept: Promise<TwoFactorPerson> | undefined
  it.each(wrongs)('400 with %s, and it stays on', async (_name, field, body) => {
    kept ??= withTwoFactor(world())
    const someone = await kept
    expectProblem(await off(someone.token, body(someone)), 400, { errors: [field] })
    expect((await profile(someone.token)).twoFactorEnabled).toBe(true)
  })

  it('400 when it is off', async () => {
    const { token } = await person(world())
    expectProblem(await off(token), 400)
  })

  it('old codes and recovery codes are gone: a new enrolment has its own', async () => {
    const someone = await withTwoFactor(world())
    await off(someone.token)
    expect(await world().db.client.recoveryCode.count({ where: { userId: someone.id } })).toBe(0)
    const again = await world().post('/v1/security/twofactor-enable', undefined, someone.token)
    expect(again.status).toBe(200)
    const loginCode = await loginCodeOf(world(), someone)
    expectProblem(await verify(loginCode, someone.recoveryCodes[0]), 401)
    expect((await verify(loginCode, totp(again.body.secret))).status).toBe(200)
  })

  it('the owner gets a mail, and an event is written', async () => {
    const { id, email, token } = await verifiedWithTwoFactor(world())
    await off(token)
    expect(mailsTo(email)).toHaveLength(2)
    expect(await eventsOf(id)).toContain('two_factor.disabled')
  })

  it('kills pending reset tokens', async () => {
    const someone = await withTwoFactor(world())
    const token = await resetTokenOf(world(), someone)
    await off(someone.token)
    expectProblem(await world().post('/v1/security/reset-password', { token, password: NEW_PASSWORD }), 401)
  })

  it('429 with Retry-After: a wrong password counts as a failure', async () => {
    const someone = await withTwoFactor(world())
    for (let count = 0; count < 10; count += 1)
      expectProblem(await off(someone.token, { password: 'a wrong one' }), 400, { errors: ['password'] })
    expectTooMany(await off(someone.token, { password: PASSWORD }))
  })
})
