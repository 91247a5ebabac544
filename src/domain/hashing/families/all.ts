/** All families of hashes. A text belongs to the first one that reads it. */
import type { Argon2 } from '../argon2.ts'
import { argon2 } from './argon2Phc.ts'
import { bcrypt } from './bcrypt.ts'
import { bcryptSha256 } from './bcryptSha256.ts'
import { digest, layeredDigest } from './digest.ts'
import { django } from './django.ts'
import type { HashFamily, PasswordHash } from './family.ts'
import { firebase } from './firebase.ts'
import { ldapCrypt } from './ldapCrypt.ts'
import { md5Crypt } from './md5Crypt.ts'
import { meteor } from './meteor.ts'
import { pbkdf2 } from './pbkdf2.ts'
import { peppered } from './peppered.ts'
import { phpass, wordpress } from './phpass.ts'
import { scrypt } from './scrypt.ts'
import { shaCrypt } from './shaCrypt.ts'
import { slashedPassword } from './slashed.ts'

/** `verify` checks argon2, which several families contain. */
export const familiesWith = (verify: Argon2['verify']): readonly HashFamily[] => [
  argon2(verify),
  bcrypt,
  bcryptSha256,
  meteor(verify),
  scrypt,
  firebase,
  pbkdf2,
  phpass,
  wordpress,
  slashedPassword,
  peppered,
  shaCrypt,
  md5Crypt,
  ldapCrypt,
  django(verify),
  layeredDigest(verify),
  digest,
]

export interface FoundHash {
  readonly family: string
  readonly hash: PasswordHash
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
