/**
 * Codes as people type them: in the digits of their keyboard, with any dash and any space, on every way that takes one. What has
 * not the form of a code is wrong without the work of a hash.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { mutate } from './graphql/ask.ts'
import { admin, PASSWORD, person, type TwoFactorPerson, totp, withTwoFactor } from './support/accounts.ts'
import { openWorld, useWorld } from './support/world.ts'

const world = useWorld({ VERIFY_EMAIL: 'true' })
beforeAll(async () => void (await admin(world())))

const inDigitsFrom = (zero: number) => (code: string) => code.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))
const grouped = (between: string) => (code: string) => `${code.slice(0, 3)}${between}${code.slice(3)}`
const spellings: readonly [string, (code: string) => string][] = [
  ['in Arabic-Indic digits', inDigitsFrom(0x660)],
  ['in Persian digits', inDigitsFrom(0x6f0)],
  ['in full width', inDigitsFrom(0xff10)],
  ['with a hyphen', grouped('-')],
  ['with a hyphen that does not break', grouped('\u2011')],
  ['with a minus sign', grouped('\u2212')],
  ['with a narrow space', grouped('\u202f')],
  ['between marks of the writing direction', (code) => `\u202b${code}\u202c\u200f`],
]

const loginCode = async ({ email }: TwoFactorPerson): Promise<string> =>
  (await world().post('/v1/auth/login', { email, password: PASSWORD })).body.loginCode
const ways: readonly [string, (owner: TwoFactorPerson, code: string) => Promise<boolean>][] = [
  [
    '/v1/auth/verify-totp',
    async (owner, code) => (await world().post('/v1/auth/verify-totp', { loginCode: await loginCode(owner), code })).status === 200,
  ],
  [
    'verifyTwoFactor',
    async (owner, code) =>
      (await mutate(world(), 'verifyTwoFactor', { loginCode: await loginCode(owner), code })).__typename === 'SignInSuccess',
  ],
  ['/users/login', async ({ email }, code) => (await world().post('/users/login', { email, password: PASSWORD, code })).status === 200],
  [
    'signIn',
    async ({ email }, code) =>
      (await mutate(world(), 'signIn', { identifier: email, password: PASSWORD, code })).__typename === 'SignInSuccess',
  ],
  [
    'reauthenticate',
    async ({ token }, code) =>
      (await mutate(world(), 'reauthenticate', { password: PASSWORD, code }, token)).__typename === 'ReauthenticateSuccess',
  ],
]

describe.each(ways)('at %s', (_way, attempt) => {
  let owner: TwoFactorPerson
  beforeAll(async () => {
    owner = await withTwoFactor(world())
  })

  it.each(spellings)('a code of an app counts %s', async (_how, spell) => {
    expect(await attempt(owner, spell(owner.code()))).toBe(true)
  })

  it.each([
    ['as it was shown', (code: string) => code],
    ['in small letters', (code: string) => code.toLowerCase()],
    ['with en dashes', (code: string) => code.replaceAll('-', '\u2013')],
    ['with hyphens that do not break', (code: string) => code.replaceAll('-', '\u2011')],
    ['in full width', (code: string) => code.replace(/[!-~]/g, (sign) => String.fromCodePoint(sign.charCodeAt(0) + 0xfee0))],
    ['in Arabic-Indic digits', inDigitsFrom(0x660)],
  ])('a recovery code counts %s', async (how, spell) => {
    const at = how.length % 10
    const { recoveryCodes } = await withTwoFactor(world()).then((fresh) => {
      owner = fresh
      return fresh
    })
    expect(await attempt(owner, spell(recoveryCodes[at] ?? ''))).toBe(true)
  })
})

describe('a code that is no proof of anything but itself', () => {
  it.each(spellings)('the first one of an app counts %s', async (_how, spell) => {
    const { token } = await person(world())
    const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, token)
    const { __typename } = await mutate(world(), 'confirmTwoFactorEnrollment', { code: spell(totp(secret)) }, token)
    expect(__typename).toBe('ConfirmTwoFactorEnrollmentSuccess')
  })

  it.each(spellings)('a code that of a mail counts %s', async (_how, spell) => {
    const { email, token } = await person(world())
    const code = /^(\d{6})$/m.exec(world().mails.findLast(({ to }) => to === email)?.text ?? '')?.[1] ?? 'none'
    expect((await mutate(world(), 'confirmEmail', { code: spell(code) }, token)).__typename).toBe('ConfirmEmailSuccess')
  })

  it('one that turns the factor off counts', async () => {
    const owner = await withTwoFactor(world())
    const { status } = await world().post(
      '/v1/security/twofactor-disable',
      { code: inDigitsFrom(0x660)(grouped(' ')(owner.code())) },
      owner.token,
    )
    expect(status).toBe(200)
  })
})

describe('what has not the form of a code', () => {
  it.each(['nonsense', '12345', '1234567', 'AAAA-BBBBB-CCCC', 'AAAA-BBBBB-CCCC0', 'AAAA-BBBBB-CCCCI', '\u2070'.repeat(14), '€'.repeat(14)])(
    'what has not the form of a code is wrong without a hash: %s',
    async (code) => {
      const owner = await withTwoFactor(world())
      const overloaded = await openWorld({}, { db: world().db, isOverloaded: true })
      const disable = async (given: string) => (await mutate(overloaded, 'disableTwoFactor', { proof: { code: given } }, owner.token)).code
      expect(await disable('AAAA-BBBBB-CCCCC')).toBe('OVERLOADED')
      expect(await disable(code)).toBe('WRONG_CODE')
      await overloaded.close()
    },
  )

  it('what has not the form of a code is no recovery code, so it is no try after 100 wrong ones', async () => {
    const owner = await withTwoFactor(world())
    await world().db.client.user.update({ where: { id: owner.id }, data: { twoFactorFailures: 100 } })
    const disable = async (code: string) => (await mutate(world(), 'disableTwoFactor', { proof: { code } }, owner.token)).code
    expect(await disable('nonsense')).toBe('TOO_MANY_REQUESTS')
    const { twoFactorFailures } = await world().db.client.user.findUniqueOrThrow({ where: { id: owner.id } })
    expect(twoFactorFailures).toBe(100)
    expect(await disable('AAAA-BBBBB-CCCCC')).toBe('WRONG_CODE')
  })
})
