/**
 * Forms of password hashes: ours, argon2id, and those of other programs, which are checked as they are until the next sign-in
 * replaces them. A family reads one form; `all.ts` lists them. A hash that would take too much work is refused when it is read, so
 * that no import can make a check of a password slow.
 */
import { timingSafeEqual } from 'node:crypto'

/** What the work of a check is made of. Families of modules may have kinds of their own. */
export type Kind = 'argon2' | 'bcrypt' | 'scrypt' | 'pbkdf2' | 'phpass' | 'crypt' | 'digest' | (string & {})

/** A hash that can be checked. */
export interface PasswordHash {
  readonly kind: Kind
  /** The work of one check, in milliseconds of one core of an ordinary server: an estimate from the parameters. */
  readonly work: number
  /** A hash of the same kind and parameters that no password matches. To check it takes the same work. */
  readonly unmatched: string
  /** One guess costs so little that stolen hashes are as good as passwords. Imported only on request, and in another form. */
  readonly isFast?: boolean
  fits(password: string): Promise<boolean>
}

export interface HashFamily {
  /** Such as `bcrypt`. */
  readonly name: string
  /**
   * A hash of this family; null for the text of another one.
   * @throws {HashRefused} for one that is damaged, or would take too much work
   */
  read(text: string): PasswordHash | null
}

/** Why a hash cannot be used, in words for the person who imports it. It never contains the hash. */
export class HashRefused extends Error {
  override readonly name = 'HashRefused'
}

/** The most work of a check, in milliseconds: that of bcrypt with a cost of 15, and of crypt(3) with the 656,000 rounds that passlib takes. */
export const MOST_WORK = 2_000

/**
 * The most work of a failed check, in milliseconds, which takes that of the dearest hash of each kind (`hasher.ts`): one of the dearest,
 * and room for ordinary ones of other kinds. A hostile import could bring all kinds.
 */
export const MOST_TOGETHER = 2_500

/** @throws {HashRefused} if a check would take more than MOST_WORK, or the work is no number */
export const bounded = <Hash extends PasswordHash>(hash: Hash): Hash => {
  if (hash.work <= MOST_WORK) return hash
  const work = Number.isFinite(hash.work) ? `about ${Math.round(hash.work)} ms` : 'no end'
  throw new HashRefused(`a check would take ${work}; at most ${MOST_WORK} ms are allowed`)
}

/** Shorter ones, such as those that a column cut off, are fit by many passwords. In bytes. */
const SHORTEST = 12

/** The same hash. @throws {HashRefused} if the bytes that a password must fit are too few */
export const longEnough = <Hash extends PasswordHash>(bytes: Uint8Array, hash: Hash): Hash => {
  if (bytes.length >= SHORTEST) return hash
  throw new HashRefused(`the hash has fewer than ${SHORTEST} bytes; it may have been cut off`)
}

/** Compares in constant time. */
export const isSame = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && timingSafeEqual(one, other)
