/**
 * Recovery codes of other programs, as imports bring them. They have no selector, and their owners have them on paper in any form, so an
 * account's codes are kept as HMAC-SHA-256 under a key of that account, which is encrypted like its TOTP secret. A check compares with all of
 * them in constant time and costs microseconds. Who has the database alone can try no code. Who has SECRET_KEY too could try all easy ones,
 * but reads the TOTP secret anyway.
 *
 * A code that can be guessed is not taken over. Guesses are counted as for all codes (`guesses.ts`): fewer than a hundred a day.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Domain } from '../frame/domain.ts'

/** The context that the envelope of an account's key is bound to. */
export const recoveryKeyContext = (userId: string): string => `recovery_codes.sealed_key:${userId}`

const KEY_BYTES = 32
/** Of letters and digits; of digits alone. Both are about 2^40 codes. */
const LEAST = 8
const LEAST_DIGITS = 12
const MOST = 100
const LEAST_DIFFERENT = 5

/** Whether a normalised text has the form of an imported code. No code of an app has it. */
export const isImportedCode = (plain: string): boolean =>
  /^[^\p{Cc}]+$/u.test(plain) && plain.length <= MOST && plain.length >= (/^\d+$/.test(plain) ? LEAST_DIGITS : LEAST)

/** Whether a normalised code is long enough, and not the same few characters again and again. */
export const isHardToGuess = (plain: string): boolean => isImportedCode(plain) && new Set(plain).size >= LEAST_DIFFERENT

/** A row of `recovery_codes`; names are those of the columns. */
export interface ImportedCodeRow {
  readonly user_id: string
  readonly selector: string
  readonly hash: string
  readonly sealed_key: string
}

const hashOf = (key: Uint8Array, plain: string): Buffer => createHmac('sha256', key).update(plain).digest()

/** The rows of normalised codes. Selectors of ours have capital letters. */
export const importedCodeRows = (domain: Domain, userId: string, codes: readonly string[]): ImportedCodeRow[] => {
  if (codes.length === 0) return []
  const key = domain.randomBytes(KEY_BYTES)
  const sealedKey = domain.secretBox.seal(key.toString('base64'), recoveryKeyContext(userId))
  return [...new Set(codes)].map((code, index) => ({
    user_id: userId,
    selector: `i${index}`,
    hash: hashOf(key, code).toString('base64'),
    sealed_key: sealedKey,
  }))
}

interface Row {
  readonly hash: string
  readonly sealedKey: string | null
}

/** The row of a normalised code among those of an account. Rows of our own codes fit none. */
export const findImportedCode = <R extends Row>(domain: Domain, userId: string, rows: readonly R[], plain: string): R | undefined => {
  const hashes = new Map<string, Buffer>()
  const fits = ({ hash, sealedKey }: R): boolean => {
    if (sealedKey === null) return false
    const key = () => Buffer.from(domain.secretBox.open(sealedKey, recoveryKeyContext(userId)), 'base64')
    const wanted = hashes.get(sealedKey) ?? hashOf(key(), plain)
    hashes.set(sealedKey, wanted)
    const known = Buffer.from(hash, 'base64')
    return known.length === wanted.length && timingSafeEqual(known, wanted)
  }
  // All are compared, so that the time does not tell which one fits.
  return rows.filter(fits)[0]
}
