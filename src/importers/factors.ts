/** One-time passwords as `otpauth://` addresses write them. https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { Untranslatable } from './fromDocuments.ts'

export type Totp = NonNullable<GivenAccount['totp']>

const ALGORITHMS = ['SHA1', 'SHA256', 'SHA512'] as const

/** `sha-256`, `HmacSHA256` and `SHA256` are the same. @throws {Untranslatable} for another one */
export const algorithmOf = (written: string | null | undefined): (typeof ALGORITHMS)[number] => {
  const name = (written ?? 'SHA1').toUpperCase().replace(/^HMAC/, '').replaceAll(/[-_]/g, '')
  const algorithm = ALGORITHMS.find((each) => each === name)
  if (algorithm === undefined) throw new Untranslatable('the one-time passwords use an algorithm other than SHA1, SHA256 and SHA512')
  return algorithm
}

/** @throws {Untranslatable} for others than 6 and 8 */
export const digitsOf = (written: number | string | null | undefined): 6 | 8 => {
  const digits = Number(written ?? 6)
  if (digits !== 6 && digits !== 8) throw new Untranslatable('the one-time passwords have neither 6 nor 8 digits')
  return digits
}

/** @throws {Untranslatable} for an address that is not of TOTP */
export const totpOfUrl = (url: string): Totp => {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed?.protocol !== 'otpauth:' || parsed.host !== 'totp') throw new Untranslatable('the address of the second factor is not of TOTP')
  const parameter = (name: string) => parsed.searchParams.get(name)
  return {
    secret: parameter('secret') ?? '',
    digits: digitsOf(parameter('digits')),
    period: Number(parameter('period') ?? 30),
    algorithm: algorithmOf(parameter('algorithm')),
  }
}
