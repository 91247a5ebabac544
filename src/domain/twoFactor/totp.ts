/**
 * Time-based one-time passwords (RFC 6238). Ours have SHA-1, 6 digits, steps of 30 s and a secret of 160 bits; imported ones may
 * differ, and then their parameters stand behind the secret, as in the query of an otpauth URL. The present step and the previous
 * one are accepted, and no step twice, which one statement ensures.
 */
import { timingSafeEqual } from 'node:crypto'
import { createGuardrails, generateSync, generateURI, ScureBase32Plugin } from 'otplib'
import type { RandomBytes } from '../base/ports.ts'
import type { Account } from '../frame/account.ts'
import type { Domain } from '../frame/domain.ts'

const STEP_SECONDS = 30
const SECRET_BYTES = 20
const ISSUER = 'Vestibule'

/** A new secret, as base32 without padding. */
export const newTotpSecret = (randomBytes: RandomBytes): string =>
  new ScureBase32Plugin().encode(randomBytes(SECRET_BYTES), { padding: false })

/** The URL in the QR code for an authenticator app. */
export const otpauthUrl = (account: Pick<Account, 'email' | 'username'>, secret: string): string =>
  generateURI({ issuer: ISSUER, label: account.email ?? account.username, secret, algorithm: 'sha1', digits: 6, period: STEP_SECONDS })

/** The context that the envelope of an account's secret, pending or not, is bound to. */
export const totpContext = (userId: string): string => `users.two_factor_secret:${userId}`
export const sealTotpSecret = (domain: Domain, userId: string, secret: string): string => domain.secretBox.seal(secret, totpContext(userId))
export const openTotpSecret = (domain: Domain, userId: string, sealed: string): string => domain.secretBox.open(sealed, totpContext(userId))

export type TotpAlgorithm = 'sha1' | 'sha256' | 'sha512'

export interface Totp {
  /** In base32. */
  readonly secret: string
  readonly digits: 6 | 8
  /** The length of a step, in seconds. */
  readonly period: number
  readonly algorithm: TotpAlgorithm
}

/** The stored text of a secret with its parameters, before it is encrypted. */
export const printTotp = ({ secret, digits, period, algorithm }: Totp): string =>
  digits === 6 && period === STEP_SECONDS && algorithm === 'sha1'
    ? secret
    : `${secret}?${new URLSearchParams({ algorithm, digits: String(digits), period: String(period) })}`

/** The secret of a stored text, with its parameters. */
export const readTotp = (text: string): Totp => {
  const [secret = '', query] = text.split('?')
  const parameters = new URLSearchParams(query)
  return {
    secret,
    digits: parameters.get('digits') === '8' ? 8 : 6,
    period: Number(parameters.get('period') ?? STEP_SECONDS),
    algorithm: (parameters.get('algorithm') ?? 'sha1') as TotpAlgorithm,
  }
}

/** Secrets of other programs may have 80 bits, as those of the first authenticator apps; the importers refuse what is shorter than 40. */
const guardrails = createGuardrails({ MIN_SECRET_BYTES: 5 })

/** Whether a normalised code has the form of an authenticator app's codes. */
export const isTotp = (text: string): boolean => /^(?:\d{6}|\d{8})$/.test(text)

/** The step that `code` is valid for now, newest first, or null. `stored` is the text of the secret, with its parameters if it has any. */
export const matchingStep = (domain: Domain, stored: string, code: string): number | null => {
  const { secret, digits, period, algorithm } = readTotp(stored)
  if (code.length !== digits) return null
  const current = Math.floor(domain.clock.now().getTime() / 1000 / period)
  for (const step of [current, current - 1]) {
    const expected = generateSync({ secret, digits, period, algorithm, epoch: step * period, guardrails })
    if (timingSafeEqual(Buffer.from(expected), Buffer.from(code))) return step
  }
  return null
}

/**
 * Accepts a code for an account, once: compare-and-set of the last accepted step, also with parallel requests. If the factor
 * changed since it was read, the account's `credentialVersion` differs; the envelope may change without that, when it is encrypted
 * again.
 */
export async function acceptTotp(domain: Domain, account: Account, code: string): Promise<boolean> {
  if (account.twoFactorSecret === null) return false
  const step = matchingStep(domain, openTotpSecret(domain, account.id, account.twoFactorSecret), code)
  if (step === null) return false
  const { count } = await domain.db.user.updateMany({
    where: {
      id: account.id,
      credentialVersion: account.credentialVersion,
      OR: [{ twoFactorLastStep: null }, { twoFactorLastStep: { lt: step } }],
    },
    data: { twoFactorLastStep: step },
  })
  return count === 1
}
