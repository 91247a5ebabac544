/** All families of hashes that other programs make. A text belongs to the first one that reads it. */
import type { Argon2 } from '../argon2.ts'
import { bcrypt } from './bcrypt.ts'
import { bcryptSha256 } from './bcryptSha256.ts'
import { digest, layeredDigest } from './digest.ts'
import { django } from './django.ts'
import type { ForeignHash, HashFamily } from './family.ts'
import { firebase } from './firebase.ts'
import { ldapCrypt } from './ldapCrypt.ts'
import { md5Crypt } from './md5Crypt.ts'
import { meteor } from './meteor.ts'
import { pbkdf2 } from './pbkdf2.ts'
import { phpass, wordpress } from './phpass.ts'
import { scrypt } from './scrypt.ts'
import { shaCrypt } from './shaCrypt.ts'

/** `verify` checks argon2, which some families contain. */
export const familiesWith = (verify: Argon2['verify']): readonly HashFamily[] => [
  bcrypt,
  bcryptSha256,
  meteor(verify),
  scrypt,
  firebase,
  pbkdf2,
  phpass,
  wordpress,
  shaCrypt,
  md5Crypt,
  ldapCrypt,
  django(verify),
  layeredDigest(verify),
  digest,
]

export interface FoundHash {
  readonly family: string
  readonly hash: ForeignHash
}

/**
 * The hash of a text; null if no family reads it.
 * @throws {HashRefused} if it is damaged, or a check would take too much work
 */
export const findHash = (families: readonly HashFamily[], text: string): FoundHash | null => {
  for (const { name, read } of families) {
    const hash = read(text)
    if (hash !== null) return { family: name, hash }
  }
  return null
}
