/** The one-time token of a link in a mail, 43 characters of base64url, and the six-digit code beside it. */
import { randomText } from '../base/ids.ts'
import type { RandomBytes } from '../base/ports.ts'
import { hashSecret, newSecret } from './secret.ts'

export const newMailToken = newSecret
export const hashMailToken = hashSecret

const DIGITS = 6

/** Stored like a password, because it can be guessed. */
export const newMailDigits = (randomBytes: RandomBytes): string => randomText(randomBytes, '0123456789', DIGITS)

/** Whether a normalised text has the form of the code. */
export const isMailDigits = (plain: string): boolean => /^\d{6}$/.test(plain)
