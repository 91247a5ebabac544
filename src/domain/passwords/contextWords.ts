/**
 * Refuses passwords made of words of their context, which guessers try first (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 6.1.2 and
 * 6.2.11): the owner's names, username and e-mail address, the product, and the host of PUBLIC_URL. These words are removed from
 * the password; the rest must be worth eight characters and not be a common password. docs/passwords.md has examples.
 *
 * Words of three code points or more are compared in NFC, without case. Look-alike spellings are not recognised.
 */
import { codePoints } from '../base/input.ts'

/** What is known of the account that the password is for. */
export interface PasswordOwner {
  readonly email?: string | null | undefined
  readonly username?: string | null | undefined
  readonly name?: string | null | undefined
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
}

const PRODUCT = 'vestibule'
const SHORTEST_WORD = 3
/** The minimum that must remain, in characters. A digit counts half, and a repeated character counts once. */
const LEAST_REST = 8

/** Upper case, so that `ß` equals `SS`, and both small sigmas are equal. */
const fold = (text: string): string => text.normalize('NFC').toUpperCase().normalize('NFC')

const partsOf = (text: string): string[] => [text, ...text.split(/\s+/u), ...(text.match(/[\p{L}\p{M}]+/gu) ?? [])]

/** The labels of a host except the last, which is too common. */
const hostParts = (host: string): string[] => {
  const labels = host.split('.')
  return [host, ...(labels.length === 1 ? labels : labels.slice(0, -1)).flatMap(partsOf)]
}

const emailParts = (email: string): string[] => {
  const at = email.lastIndexOf('@')
  return at < 0 ? partsOf(email) : [email, ...partsOf(email.slice(0, at)), ...hostParts(email.slice(at + 1))]
}

/** The words of an owner and of the service at `publicUrl`, folded, longest first. */
export const contextWords = (publicUrl: string, { email, ...names }: PasswordOwner): readonly string[] => {
  const ofOwner = [names.name, names.firstName, names.lastName, names.username].flatMap((name) => partsOf(fold(name ?? '').trim()))
  const all = [...ofOwner, ...emailParts(fold(email ?? '').trim()), fold(PRODUCT), ...hostParts(fold(new URL(publicUrl).hostname))]
  return [...new Set(all)].filter((word) => codePoints(word) >= SHORTEST_WORD).sort((a, b) => b.length - a.length)
}

const worth = (rest: string): number => {
  const single = [...rest.replace(/(.)\1+/gsu, '$1')]
  return single.reduce((sum, character) => sum + (/\p{Nd}/u.test(character) ? 0.5 : 1), 0)
}

/** Whether a password is little more than words of its context. */
export const isMadeOf = (words: readonly string[], password: string, isCommon: (text: string) => boolean): boolean => {
  const folded = fold(password)
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), folded)
  if (rest === folded) return false
  return worth(rest) < LEAST_REST || isCommon(rest.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
}
