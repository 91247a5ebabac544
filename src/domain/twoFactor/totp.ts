/**
 * Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, steps of 30 s, a secret of 160 bits. The current step and
 * the one before are taken; a step once accepted is never accepted again, which one statement decides.
 */
import { timingSafeEqual } from 'node:crypto'
import { generateSync, generateURI, ScureBase32Plugin } from 'otplib'
import type { Account } from '../accounts/account.ts'
import type { RandomBytes } from '../base/ports.ts'
import type { Domain } from '../frame/domain.ts'

const STEP_SECONDS = 30
const SECRET_BYTES = 20
const ISSUER = 'Vestibule'

/** A new secret, as base32 without padding. */
export const newTotpSecret = (randomBytes: RandomBytes): string =>
  new ScureBase32Plugin().encode(randomBytes(SECRET_BYTES), { padding: false })

/** What an authenticator app reads from the QR code. */
export const otpauthUrl = (account: Pick<Account, 'email' | 'username'>, secret: string): string =>
  generateURI({ issuer: ISSUER, label: account.email ?? account.username, secret, algorithm: 'sha1', digits: 6, period: STEP_SECONDS })

/** What the envelope of an account's secret, pending or not, is bound to. */
export const totpContext = (userId: string): string => `users.two_factor_secret:${userId}`
export const sealTotpSecret = (domain: Domain, userId: string, secret: string): string => domain.secretBox.seal(secret, totpContext(userId))
export const openTotpSecret = (domain: Domain, userId: string, sealed: string): string => domain.secretBox.open(sealed, totpContext(userId))

/** Whether a plain code has the form of what an authenticator app shows. */
export const isTotp = (text: string): boolean => /^\d{6}$/.test(text)

/** The step that `code` is right for now, newest first, or null. */
export const matchingStep = (domain: Domain, secret: string, code: string): number | null => {
  const current = Math.floor(domain.clock.now().getTime() / 1000 / STEP_SECONDS)
  for (const step of [current, current - 1]) {
    const expected = generateSync({ secret, epoch: step * STEP_SECONDS })
    if (timingSafeEqual(Buffer.from(expected), Buffer.from(code))) return step
  }
  return null
}

/**
 * Takes a code for an account, once: compare and set of the last accepted step, also with parallel requests. A change of the
 * factor since it was read shows in the account's `credentialVersion`; its envelope may change without one, when it is sealed anew.
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
