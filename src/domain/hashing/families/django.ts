/**
 * Django's own forms: `pbkdf2_sha256$iterations$salt$base64` and `pbkdf2_sha1`, `scrypt$N$salt$r$p$base64`, `bcrypt$...`,
 * `bcrypt_sha256$...` (over the hex SHA-256) and `argon2$...`. Its fast digests are in `digest.ts`.
 */
import type { Argon2 } from '../argon2.ts'
import { readArgon2 } from './argon2Phc.ts'
import { readBcrypt, sha256Hex } from './bcrypt.ts'
import { fromBase64 } from './encodings.ts'
import { type HashFamily, HashRefused, type PasswordHash } from './family.ts'
import { pbkdf2Hash } from './pbkdf2.ts'
import { scryptHash } from './scrypt.ts'

const PBKDF2 = /^pbkdf2_(?<digest>sha256|sha1)\$(?<iterations>\d{1,9})\$(?<salt>[^$]+)\$(?<hash>[^$]+)$/
const SCRYPT = /^scrypt\$(?<n>\d{1,9})\$(?<salt>[^$]+)\$(?<r>\d{1,4})\$(?<p>\d{1,4})\$(?<hash>[^$]+)$/

const readPbkdf2 = (text: string): PasswordHash | null => {
  const { digest, iterations, salt = '', hash = '' } = PBKDF2.exec(text)?.groups ?? {}
  return digest === undefined ? null : pbkdf2Hash(digest, Number(iterations), salt, fromBase64(hash))
}

const readScrypt = (text: string): PasswordHash | null => {
  const { n, salt = '', r, p, hash = '' } = SCRYPT.exec(text)?.groups ?? {}
  return n === undefined ? null : scryptHash({ N: Number(n), r: Number(r), p: Number(p) }, salt, fromBase64(hash))
}

const NAMES = /^(?<name>pbkdf2_sha256|pbkdf2_sha1|scrypt|bcrypt|bcrypt_sha256|argon2)\$/

export const django = (verify: Argon2['verify']): HashFamily => {
  const readers: Readonly<Record<string, (text: string, rest: string) => PasswordHash | null>> = {
    pbkdf2_sha256: readPbkdf2,
    pbkdf2_sha1: readPbkdf2,
    scrypt: readScrypt,
    bcrypt: (_text, rest) => readBcrypt(rest),
    bcrypt_sha256: (_text, rest) => readBcrypt(rest, sha256Hex),
    argon2: (_text, rest) => readArgon2(`$${rest}`, verify),
  }
  return {
    name: 'django',
    read(text) {
      const { name } = NAMES.exec(text)?.groups ?? {}
      const reader = name === undefined ? undefined : readers[name]
      if (name === undefined || reader === undefined) return null
      const read = reader(text, text.slice(name.length + 1))
      if (read === null) throw new HashRefused(`not the form of a hash of Django's ${name}`)
      return read
    },
  }
}
