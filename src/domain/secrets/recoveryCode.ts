/**
 * Recovery codes, written `SSSS-XXXXX-XXXXX`: a selector, which finds the row, and a secret, stored like a password. The alphabet
 * has no letters and digits that look alike.
 */
import { randomText } from '../base/ids.ts'
import type { RandomBytes } from '../base/ports.ts'

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const SELECTOR_LENGTH = 4
const SECRET_LENGTH = 10
const FORM = new RegExp(`^[${ALPHABET}]{${SELECTOR_LENGTH + SECRET_LENGTH}}$`)

export interface RecoveryCode {
  readonly selector: string
  readonly secret: string
}

/** Whether a normalised code has the form of a recovery code. */
export const isRecoveryCode = (plain: string): boolean => FORM.test(plain)

/** A number of codes with different selectors. */
export const newRecoveryCodeParts = (randomBytes: RandomBytes, count: number): RecoveryCode[] => {
  const selectors = new Set<string>()
  while (selectors.size < count) selectors.add(randomText(randomBytes, ALPHABET, SELECTOR_LENGTH))
  return [...selectors].map((selector) => ({ selector, secret: randomText(randomBytes, ALPHABET, SECRET_LENGTH) }))
}

export const partsOfRecoveryCode = (plain: string): RecoveryCode => ({
  selector: plain.slice(0, SELECTOR_LENGTH),
  secret: plain.slice(SELECTOR_LENGTH),
})

export const printRecoveryCode = ({ selector, secret }: RecoveryCode): string => `${selector}-${secret.slice(0, 5)}-${secret.slice(5)}`
