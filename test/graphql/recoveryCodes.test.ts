/**
 * Recovery codes through GraphQL: how many are left and who sees it, ten new ones in place of the old, what each use tells the
 * owner, and what asks for a fresh proof.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import {
  admin,
  grant,
  PASSWORD,
  type Person,
  person,
  signIn,
  signInOnV1,
  type TwoFactorPerson,
  totp,
  verifiedWithTwoFactor,
  withTwoFactor,
} from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, expectFailure, MINUTE, mailedToken, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const regenerate = (token?: string) => mutate(world(), 'regenerateRecoveryCodes', undefined, token)
const signInWith = async ({ email }: Person, code: string | undefined) =>
  await mutate(world(), 'signIn', { identifier: email, password: PASSWORD, code })
const left = async (id: string, token: string): Promise<number | null> =>
  (await query(world(), 'node(id: $id) { ... on User { recoveryCodesLeft } }', token, { id }, '($id: ID!)')).recoveryCodesLeft
const mailsTo = ({ email }: Person) => world().mails.filter(({ to }) => to === email)
const eventsOf = async ({ id }: Person, type: string) => await world().db.client.auditEvent.findMany({ where: { userId: id, type } })

describe('regenerateRecoveryCodes', () => {
  let someone: TwoFactorPerson
  let fresh: readonly string[]
  beforeAll(async () => {
    someone = await verifiedWithTwoFactor(world())
    fresh = (await regenerate(someone.token)).recoveryCodes
  })

  it('regenerateRecoveryCodes shows ten new codes', () => {
    expect(fresh).toEqual(Array(10).fill(expect.stringMatching(/^[A-Z2-9]{4}-[A-Z2-9]{5}-[A-Z2-9]{5}$/)))
    expect(new Set([...fresh, ...someone.recoveryCodes]).size).toBe(20)
  })

  it('regenerateRecoveryCodes mails the owner, and leaves the other sessions alone', async () => {
    const reported = ['Two-factor authentication is on', expect.stringMatching(/recovery codes/)]
    expect(mailsTo(someone).map(({ subject }) => subject)).toEqual(reported)
    expect((await query(world(), 'me { id }', someone.token)).id).toBe(someone.id)
  })

  it('regenerateRecoveryCodes writes an event without a code in it', async () => {
    const events = await eventsOf(someone, 'two_factor.recovery_codes_regenerated')
    expect(events).toMatchObject([{ outcome: 'success', actorId: someone.id, surface: 'graphql', details: {} }])
  })

  it('kills the old codes at once; each new one works once', async () => {
    for (const old of someone.recoveryCodes.slice(0, 3))
      expectFailure(await signInWith(someone, old), 'AuthenticationError', 'INVALID_TWO_FACTOR_CODE', ['code'])
    expect((await signInWith(someone, fresh[0])).__typename).toBe('SignInSuccess')
    expectFailure(await signInWith(someone, fresh[0]), 'AuthenticationError', 'INVALID_TWO_FACTOR_CODE', ['code'])
    expect((await signInWith(someone, fresh[1])).__typename).toBe('SignInSuccess')
  })

  it('regenerateRecoveryCodes leaves the authenticator app as it is', async () => {
    expect((await signInWith(someone, someone.code())).__typename).toBe('SignInSuccess')
  })

  it('regenerateRecoveryCodes ends sign-ins that wait for a code, and no reset link', async () => {
    const other = await withTwoFactor(world())
    const { loginCode } = await signInWith(other, undefined)
    await mutate(world(), 'requestPasswordReset', { email: other.email })
    const token = mailedToken(world(), other.email)
    const { recoveryCodes } = await regenerate(other.token)
    const verified = await mutate(world(), 'verifyTwoFactor', { loginCode, code: recoveryCodes[0] })
    expectFailure(verified, 'AuthenticationError', 'INVALID_LOGIN_CODE')
    const reset = await mutate(world(), 'resetPassword', { token, newPassword: 'another long one' })
    expect(reset.__typename).toBe('ResetPasswordSuccess')
  })

  it('regenerateRecoveryCodes is refused where there is no second factor', async () => {
    expectFailure(await regenerate((await person(world())).token), 'ConflictError', 'TWO_FACTOR_NOT_ENABLED')
  })

  it('regenerateRecoveryCodes is refused while an enrolment waits', async () => {
    const { token } = await person(world())
    await mutate(world(), 'beginTwoFactorEnrollment', undefined, token)
    expectFailure(await regenerate(token), 'ConflictError', 'TWO_FACTOR_NOT_ENABLED')
  })

  it('regenerateRecoveryCodes needs a session', async () => {
    expectFailure(await regenerate(), 'errors', 'UNAUTHENTICATED')
  })
})

describe('10 minutes after the last proof', () => {
  const later = async () => {
    const someone = await withTwoFactor(world())
    world().advance(10 * MINUTE + 1000)
    return someone
  }

  it('new codes are refused until `reauthenticate`, which asks for both password and code', async () => {
    const someone = await later()
    expectFailure(await regenerate(someone.token), 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
    expectFailure(await mutate(world(), 'reauthenticate', { password: PASSWORD }, someone.token), 'InputError', 'INVALID_INPUT', ['code'])
    expectFailure(await regenerate(someone.token), 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
    await mutate(world(), 'reauthenticate', { password: PASSWORD, code: someone.code() }, someone.token)
    expect((await regenerate(someone.token)).recoveryCodes).toHaveLength(10)
  })

  it('a change of password is no fresh proof where there is a second factor', async () => {
    const someone = await later()
    const changed = await mutate(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: 'another long one' }, someone.token)
    expect(changed.__typename).toBe('ChangePasswordSuccess')
    for (const [name, input] of [['regenerateRecoveryCodes'], ['disableTwoFactor', { proof: { password: 'another long one' } }]] as const)
      expectFailure(await mutate(world(), name, input, someone.token), 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
  })
})

describe('a recovery code that was used', () => {
  it('the use of a recovery code is mailed to the owner each time, with the number that is left', async () => {
    const someone = await verifiedWithTwoFactor(world())
    for (const code of someone.recoveryCodes) expect((await signInWith(someone, code)).__typename).toBe('SignInSuccess')
    const reported = mailsTo(someone).filter(({ subject }) => subject === 'A recovery code was used')
    expect(reported.map(({ text }) => /(?:left:|You have) (\d)/.exec(text)?.[1] ?? '0')).toEqual([...'9876543210'])
    expect(await eventsOf(someone, 'two_factor.recovery_code_used')).toHaveLength(10)
    for (const { text } of reported) for (const code of someone.recoveryCodes) expect(text).not.toContain(code)
  })

  it('the use of a recovery code is mailed once, however often it is tried', async () => {
    const someone = await verifiedWithTwoFactor(world())
    for (let count = 1; count <= 3; count += 1) await signInWith(someone, someone.recoveryCodes[0])
    expect(mailsTo(someone).filter(({ subject }) => subject === 'A recovery code was used')).toHaveLength(1)
  })
})

describe('recoveryCodesLeft', () => {
  let someone: TwoFactorPerson
  beforeAll(async () => {
    someone = await withTwoFactor(world())
    for (const code of someone.recoveryCodes.slice(0, 3)) await signInWith(someone, code)
  })

  it('recoveryCodesLeft is shown to the owner and to an administrator', async () => {
    expect(await left(someone.id, someone.token)).toBe(7)
    expect(await left(someone.id, await adminToken(world()))).toBe(7)
  })

  it('recoveryCodesLeft is FORBIDDEN to everybody else, also to one who may read all accounts', async () => {
    const reader = await person(world())
    const leftTo = async (token: string) => await query(world(), `node(id: "${someone.id}") { ... on User { recoveryCodesLeft } }`, token)
    expectFailure(await leftTo(reader.token), 'errors', 'FORBIDDEN')
    await grant(world(), reader, ['users:read'])
    expectFailure(await leftTo(await signIn(world(), reader)), 'errors', 'FORBIDDEN')
  })

  it('recoveryCodesLeft is null without a second factor, and ten again after new codes', async () => {
    const other = await withTwoFactor(world())
    await signInWith(other, other.recoveryCodes[0])
    expect(await left(other.id, other.token)).toBe(9)
    await regenerate(other.token)
    expect(await left(other.id, other.token)).toBe(10)
    await mutate(world(), 'disableTwoFactor', { proof: { password: PASSWORD } }, other.token)
    expect(await left(other.id, other.token)).toBeNull()
  })

  it('recoveryCodesLeft is zero when all are used', async () => {
    const other = await withTwoFactor(world())
    for (const code of other.recoveryCodes) await signInWith(other, code)
    expect(await left(other.id, other.token)).toBe(0)
  })
})

describe('ten hashes', () => {
  const slow = useWorld({ LIMIT_ADDRESS_PER_MINUTE: '5' })

  it('count as an attempt from the address, wherever recovery codes are made', async () => {
    const onV1 = await signInOnV1(slow(), await admin(slow()))
    const someone = await withTwoFactor(slow())
    const again = () => mutate(slow(), 'regenerateRecoveryCodes', undefined, someone.token)
    for (let count = 5; count <= 5; count += 1) expect((await again()).recoveryCodes).toHaveLength(10)
    expectFailure(await again(), 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter: expect.any(Number) })
    const { token } = await admin(slow())
    expect((await slow().post('/v1/security/twofactor-enable', undefined, onV1)).status).toBe(429)
    const { secret } = await mutate(slow(), 'beginTwoFactorEnrollment', undefined, token)
    expect((await mutate(slow(), 'confirmTwoFactorEnrollment', { code: totp(secret) }, token)).code).toBe('TOO_MANY_REQUESTS')
    slow().advance(MINUTE)
    expect((await again()).recoveryCodes).toHaveLength(10)
  })
})
