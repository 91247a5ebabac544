/**
 * The second factor through GraphQL: enrolment in two steps, and disabling it, which needs a proof. Every typed failure,
 * the step-up, and that nothing secret is shown twice.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import {
  admin,
  PASSWORD,
  type Person,
  person,
  signIn,
  totp,
  turnOnFactor,
  verifiedPerson,
  verifiedWithTwoFactor,
  withTwoFactor,
} from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { expectFailure, MINUTE, mailedToken, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const begin = (token?: string) => mutate(world(), 'beginTwoFactorEnrollment', undefined, token)
const confirm = (code: string, token?: string) => mutate(world(), 'confirmTwoFactorEnrollment', { code }, token)
const disable = (proof?: object | null, token?: string, more: object = {}) =>
  mutate(world(), 'disableTwoFactor', proof === undefined ? undefined : { proof, ...more }, token)
const isOn = async (token: string) => (await query(world(), 'me { twoFactorEnabled }', token)).twoFactorEnabled
const mailsTo = ({ email }: Person) =>
  world()
    .mails.filter(({ to }) => to === email)
    .map(({ subject }) => subject)
const password = (of: Person) => ({ identifier: of.email, password: PASSWORD })

describe('beginTwoFactorEnrollment', () => {
  it('beginTwoFactorEnrollment shows a secret of 160 bits, its URL and its QR code, and turns nothing on yet', async () => {
    const someone = await person(world())
    const result = await begin(someone.token)
    expect(result).toEqual({
      __typename: 'BeginTwoFactorEnrollmentSuccess',
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      otpauthUrl: expect.stringMatching(/^otpauth:\/\/totp\//),
      qrCode: expect.stringMatching(/^data:image\/png;base64,[\w+/=]+$/),
      recoveryCodes: null,
    })
    expect(new URL(result.otpauthUrl).searchParams.get('secret')).toBe(result.secret)
    expect(decodeURIComponent(result.otpauthUrl)).toContain(someone.email)
    expect(await isOn(someone.token)).toBe(false)
    expect((await mutate(world(), 'signIn', password(someone))).__typename).toBe('SignInSuccess')
  })

  it('beginTwoFactorEnrollment needs a session', async () => {
    expectFailure(await begin(), 'errors', 'UNAUTHENTICATED')
  })

  it('beginTwoFactorEnrollment is refused where a second factor is on', async () => {
    const result = await begin((await withTwoFactor(world())).token)
    expectFailure(result, 'ConflictError', 'TWO_FACTOR_ALREADY_ENABLED')
  })
})

describe('confirmTwoFactorEnrollment', () => {
  const begun = async () => {
    const someone = await verifiedPerson(world())
    return { someone, secret: (await begin(someone.token)).secret as string }
  }

  it('confirmTwoFactorEnrollment turns the factor on with a first code, shows ten recovery codes, and mails the owner', async () => {
    const { someone, secret } = await begun()
    const result = await confirm(totp(secret), someone.token)
    const form = expect.stringMatching(/^[A-Z2-9]{4}-[A-Z2-9]{5}-[A-Z2-9]{5}$/)
    expect(result).toEqual({
      __typename: 'ConfirmTwoFactorEnrollmentSuccess',
      recoveryCodes: Array(10).fill(form),
      endedSessions: 0,
      user: { id: someone.id, twoFactorEnabled: true, recoveryCodesLeft: 10 },
    })
    expect(new Set(result.recoveryCodes).size).toBe(10)
    expect(await isOn(someone.token)).toBe(true)
    expect(mailsTo(someone)).toEqual(['Two-factor authentication is on'])
    expect((await mutate(world(), 'signIn', password(someone))).code).toBe('TWO_FACTOR_REQUIRED')
  })

  it('confirmTwoFactorEnrollment spends the code', async () => {
    const { someone, secret } = await begun()
    const code = totp(secret)
    await confirm(code, someone.token)
    const result = await mutate(world(), 'signIn', { ...password(someone), code })
    expectFailure(result, 'AuthenticationError', 'INVALID_TWO_FACTOR_CODE', ['code'])
  })

  it('confirmTwoFactorEnrollment counts only for the newest secret', async () => {
    const { someone, secret } = await begun()
    const { secret: newer } = await begin(someone.token)
    expectFailure(await confirm(totp(secret), someone.token), 'InputError', 'WRONG_CODE', ['code'])
    expect((await confirm(totp(newer), someone.token)).recoveryCodes).toHaveLength(10)
  })

  it('kills pending reset tokens', async () => {
    const { someone, secret } = await begun()
    await mutate(world(), 'requestPasswordReset', { email: someone.email })
    const token = mailedToken(world(), someone.email)
    await confirm(totp(secret), someone.token)
    const reset = await mutate(world(), 'resetPassword', { token, newPassword: 'another long one' })
    expectFailure(reset, 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('confirmTwoFactorEnrollment takes the code as people type it', async () => {
    const { someone, secret } = await begun()
    const code = totp(secret)
    expect((await confirm(`${code.slice(0, 3)} ${code.slice(3)}`, someone.token)).recoveryCodes).toHaveLength(10)
  })

  it.each(['000000', 'abcdef', '12345'])('confirmTwoFactorEnrollment refuses %j', async (code) => {
    const { someone } = await begun()
    expectFailure(await confirm(code, someone.token), 'InputError', 'WRONG_CODE', ['code'])
    expect(await isOn(someone.token)).toBe(false)
  })

  it('confirmTwoFactorEnrollment writes an event for a wrong code', async () => {
    const { someone } = await begun()
    await confirm('000000', someone.token)
    const events = await world().db.client.auditEvent.findMany({ where: { userId: someone.id, type: 'two_factor.code_failed' } })
    expect(events).toMatchObject([{ outcome: 'failure', actorId: someone.id, surface: 'graphql', details: {} }])
  })

  it('forgets the wrong codes when a new secret is made', async () => {
    const { someone } = await begun()
    for (let count = 1; count <= 11; count += 1) await confirm('000000', someone.token)
    expect((await confirm('000000', someone.token)).code).toBe('TOO_MANY_REQUESTS')
    const { secret } = await begin(someone.token)
    expect((await confirm(totp(secret), someone.token)).recoveryCodes).toHaveLength(10)
  })

  it('slows down after 10 wrong codes', async () => {
    const { someone, secret } = await begun()
    for (let count = 1; count <= 10; count += 1) expect((await confirm('000000', someone.token)).code).toBe('WRONG_CODE')
    const result = await confirm(totp(secret), someone.token)
    expectFailure(result, 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter: expect.any(Number) })
  })

  it('confirmTwoFactorEnrollment needs a code', async () => {
    expectFailure(await confirm('', (await begun()).someone.token), 'InputError', 'INVALID_INPUT', ['code'])
  })

  it('confirmTwoFactorEnrollment needs an enrolment that has begun', async () => {
    expectFailure(await confirm('123456', (await person(world())).token), 'ConflictError', 'TWO_FACTOR_NOT_ENABLED')
  })

  it('confirmTwoFactorEnrollment is refused where a second factor is on', async () => {
    const someone = await withTwoFactor(world())
    expectFailure(await confirm(someone.code(), someone.token), 'ConflictError', 'TWO_FACTOR_ALREADY_ENABLED')
  })

  it('confirmTwoFactorEnrollment needs a session', async () => {
    expectFailure(await confirm('123456'), 'errors', 'UNAUTHENTICATED')
  })
})

describe('disableTwoFactor', () => {
  it.each([
    ['a code', ({ code }: { code(): string }) => ({ code: code() }), []],
    [
      'a recovery code',
      ({ recoveryCodes }: { recoveryCodes: readonly string[] }) => ({ code: recoveryCodes[0] }),
      ['A recovery code was used'],
    ],
    ['the password', () => ({ password: PASSWORD }), []],
    ['both', ({ code }: { code(): string }) => ({ codeAndPassword: { code: code(), password: PASSWORD } }), []],
  ])('disableTwoFactor turns it off with %s, and mails the owner', async (_what, proof, reported) => {
    const someone = await verifiedWithTwoFactor(world())
    const result = await disable(proof(someone), someone.token)
    expect(result).toEqual({ __typename: 'DisableTwoFactorSuccess', user: { id: someone.id, twoFactorEnabled: false }, endedSessions: 0 })
    expect((await mutate(world(), 'signIn', password(someone))).__typename).toBe('SignInSuccess')
    expect(await world().db.client.recoveryCode.count({ where: { userId: someone.id } })).toBe(0)
    expect(mailsTo(someone)).toEqual(['Two-factor authentication is on', ...reported, 'Two-factor authentication is off'])
  })

  it.each([undefined, null])('disableTwoFactor needs a proof: %j is none', async (proof) => {
    const someone = await withTwoFactor(world())
    expectFailure(await disable(proof, someone.token), 'InputError', 'INVALID_INPUT', ['code'])
    expect(await isOn(someone.token)).toBe(true)
  })

  it('disableTwoFactor refuses an empty code and an empty password', async () => {
    const someone = await withTwoFactor(world())
    expectFailure(await disable({ codeAndPassword: { code: '', password: '' } }, someone.token), 'InputError', 'INVALID_INPUT', [
      'code',
      'password',
    ])
  })

  it('disableTwoFactor refuses an empty code and an empty password before it says that there is no factor, as the dialect does', async () => {
    const someone = await person(world())
    expectFailure(await disable({ code: '' }, someone.token), 'InputError', 'INVALID_INPUT', ['code'])
    expectFailure(await disable({ code: '000000' }, someone.token), 'ConflictError', 'TWO_FACTOR_NOT_ENABLED')
  })

  it('disableTwoFactor refuses a wrong code', async () => {
    const someone = await withTwoFactor(world())
    expectFailure(await disable({ code: '000000' }, someone.token), 'InputError', 'WRONG_CODE', ['code'])
  })

  it('disableTwoFactor refuses a wrong password, also beside a right code', async () => {
    const someone = await withTwoFactor(world())
    const wrong = { password: 'not mine' }
    expectFailure(await disable(wrong, someone.token), 'InputError', 'WRONG_PASSWORD', ['password'])
    expectFailure(await disable({ codeAndPassword: { ...wrong, code: someone.code() } }, someone.token), 'InputError', 'WRONG_PASSWORD', [
      'password',
    ])
    expect(await isOn(someone.token)).toBe(true)
  })

  it('slows down after 10 wrong codes, together with those of sign-in', async () => {
    const someone = await withTwoFactor(world())
    for (let count = 1; count <= 5; count += 1) await mutate(world(), 'signIn', { ...password(someone), code: '000000' })
    for (let count = 1; count <= 5; count += 1) await disable({ code: '000000' }, someone.token)
    const result = await disable({ code: someone.recoveryCodes[0] }, someone.token)
    expectFailure(result, 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter: expect.any(Number) })
  })

  it('disableTwoFactor is refused where there is none', async () => {
    const result = await disable({ password: PASSWORD }, (await person(world())).token)
    expectFailure(result, 'ConflictError', 'TWO_FACTOR_NOT_ENABLED')
  })

  it('disableTwoFactor needs a session', async () => {
    expectFailure(await disable({ password: PASSWORD }), 'errors', 'UNAUTHENTICATED')
  })
})

describe('10 minutes after the last proof', () => {
  it('enrolment is refused at both steps until `reauthenticate`', async () => {
    const someone = await person(world())
    const { secret } = await begin(someone.token)
    world().advance(10 * MINUTE + 1000)
    expectFailure(await begin(someone.token), 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
    expectFailure(await confirm(totp(secret), someone.token), 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
    await mutate(world(), 'reauthenticate', { password: PASSWORD }, someone.token)
    expect((await confirm(totp(secret), someone.token)).__typename).toBe('ConfirmTwoFactorEnrollmentSuccess')
  })

  it('disabling is refused until `reauthenticate`', async () => {
    const someone = await withTwoFactor(world())
    world().advance(10 * MINUTE + 1000)
    expectFailure(await disable({ password: PASSWORD }, someone.token), 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
    await mutate(world(), 'reauthenticate', { password: PASSWORD, code: someone.code() }, someone.token)
    expect((await disable({ password: PASSWORD }, someone.token)).__typename).toBe('DisableTwoFactorSuccess')
  })
})

describe('endOtherSessions', () => {
  const others = async (someone: Person): Promise<string[]> => {
    const { body } = await world().post('/users/login', { email: someone.email, password: PASSWORD })
    return [await signIn(world(), someone), body.token]
  }
  const statuses = (tokens: readonly string[]) => Promise.all(tokens.map(async (token) => (await world().get('/api/user', token)).status))
  const detailsOf = async ({ id }: Person, type: string) =>
    (await world().db.client.auditEvent.findMany({ where: { userId: id, type } })).map(({ details }) => details)

  const CHANGES: Readonly<Record<string, (someone: Person, more: object) => Promise<{ endedSessions: number }>>> = {
    'two_factor.enabled': async ({ token }, more) => {
      const { secret } = await begin(token)
      return await mutate(world(), 'confirmTwoFactorEnrollment', { code: totp(secret), ...more }, token)
    },
    'two_factor.disabled': async ({ token }, more) => {
      const { secret } = await turnOnFactor(world(), token)
      return await disable({ code: totp(secret) }, token, more)
    },
  }

  describe.each(Object.entries(CHANGES))('%s', (type, change) => {
    it('endOtherSessions ends all sessions but this one, and says how many', async () => {
      const someone = await person(world())
      const tokens = await others(someone)
      expect((await change(someone, { endOtherSessions: true })).endedSessions).toBe(2)
      expect(await statuses([someone.token, ...tokens])).toEqual([200, 401, 401])
      expect((await detailsOf(someone, type)).flatMap((details) => Object.values(details as object))).toEqual([2])
    })

    it.each([{}, { endOtherSessions: false }, { endOtherSessions: null }])('endOtherSessions leaves them alone with %j', async (more) => {
      const someone = await person(world())
      const tokens = await others(someone)
      expect((await change(someone, more)).endedSessions).toBe(0)
      expect(await statuses([someone.token, ...tokens])).toEqual([200, 200, 200])
    })
  })

  it('endOtherSessions ends nothing when the code is wrong', async () => {
    const someone = await person(world())
    const tokens = await others(someone)
    await begin(someone.token)
    const result = await mutate(world(), 'confirmTwoFactorEnrollment', { code: '000000', endOtherSessions: true }, someone.token)
    expect(result.code).toBe('WRONG_CODE')
    expect(await statuses(tokens)).toEqual([200, 200])
  })
})
