/**
 * What the contract tests of `xiot` share: its requests in one word each, wrong codes, and values that its rules accept or
 * refuse (sections 1 and 3 of the contract).
 */
import { expect } from 'vitest'
import { type TwoFactorPerson, totp, v1WithTwoFactor as withTwoFactor } from '../../support/accounts.ts'
import type { World } from '../../support/world.ts'
import { loginCodeOf } from '../v1/support.ts'
import { useV1World } from '../v1/world.ts'

export const NEW_PASSWORD = 'another horse battery'
export const STEP = 30_000

/** Six digits that are right neither now nor in the steps beside. */
export const wrongCode = (secret: string): string => {
  const right = [-1, 0, 1].map((step) => totp(secret, step))
  return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code)) ?? ''
}

export const LETTERS: readonly string[] = ['Ada', 'abc', 'Z'.repeat(50), 'مصطفى', 'أحمد', 'فاطمة', 'مُحَمَّد', 'رحمٰن', 'Adaأدا', 'ءءء', 'ييي']

export const NO_LETTERS: readonly unknown[] = [
  '',
  'Al',
  'من',
  'Z'.repeat(51),
  'ي'.repeat(51),
  'Anne Marie',
  'Jean-Luc',
  "O'Neil",
  'Ada1',
  'أحمد١',
  'محـمد',
  'پدرام',
  'José',
  'Иван',
  'Ada!',
  'Ada\0',
  'أحمد\n\nأحمد',
  '\ud800Ada',
  '   ',
  12345,
  true,
  ['Ada'],
]

export const PHONES: readonly [string, string][] = [
  ['01012345678', '+201012345678'],
  ['01112345678', '+201112345678'],
  ['01212345678', '+201212345678'],
  ['01512345678', '+201512345678'],
  ['1012345678', '+201012345678'],
  ['201012345678', '+201012345678'],
  ['+201112345678', '+201112345678'],
  ['+201512345678', '+201512345678'],
]

export const NO_PHONES: readonly unknown[] = [
  '01312345678',
  '0101234567',
  '010123456789',
  '00201012345678',
  '+2001012345678',
  '+441012345678',
  '+14155552671',
  '010 1234 5678',
  '010-12345678',
  '٠١٠١٢٣٤٥٦٧٨',
  '01012345678x',
  'phone',
  '01012345678\0',
  1012345678,
  false,
  [],
]

export const EMAILS: readonly unknown[] = [
  '',
  'x',
  'x@',
  '@example.com',
  'a b@example.com',
  'nul\0@example.com',
  '\ud800@example.com',
  7,
  {},
]

/** One world for a file, with an administrator, and the requests of `xiot` to it. */
export function useXiot() {
  const world = useV1World()
  /** Moves on to the start of a step of authenticators, so that none ends within a test; the steps before are unused. */
  const nextStep = (): void => world().advance(4 * STEP - (Date.now() % STEP) + 1_000)
  const verify = async (loginCode: unknown, code: unknown) => await world().post('/v1/auth/verify-totp', { loginCode, code })
  /** A session of somebody with a second factor. */
  const enterWithCode = async (who: TwoFactorPerson): Promise<string> => {
    const { body, status } = await verify(await loginCodeOf(world(), who), who.code())
    expect(status).toBe(200)
    return body.token
  }
  let known: Promise<TwoFactorPerson> | undefined
  /** One with a second factor for all cases that leave the account as it is: each ends with a right code. */
  const shared = async (): Promise<TwoFactorPerson> => {
    known ??= withTwoFactor(world(), { name: 'Mona Lisa' })
    return await known
  }
  const profile = async (token: string) => (await world().get('/v1/profile', token)).body
  const isLive = async (token: string): Promise<boolean> => (await world().get('/v1/profile', token)).status === 200
  const isVerified = async (token: string): Promise<boolean> => (await world().get('/api/user', token)).body.emails[0].verified
  const signsIn = async (email: string, password: string): Promise<number> =>
    (await world().post('/v1/auth/login', { email, password })).status
  const mailsTo = (email: string, on: World = world()) => on.mails.filter(({ to }) => to === email)
  const eventsOf = async (userId: string): Promise<string[]> =>
    (await world().db.client.auditEvent.findMany({ where: { userId }, orderBy: { at: 'asc' } })).map(({ type }) => type)

  return { world, nextStep, verify, enterWithCode, shared, profile, isLive, isVerified, signsIn, mailsTo, eventsOf }
}
