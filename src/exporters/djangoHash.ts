/**
 * Password hashes as Django keeps them. https://docs.djangoproject.com/en/stable/topics/auth/passwords/
 * Django checks ours by `Argon2PasswordHasher`, if argon2-cffi is installed and PASSWORD_HASHERS has it.
 */

/** Django's own forms, as an import kept them. */
const OWN = /^(?:pbkdf2_sha256|pbkdf2_sha1|argon2|bcrypt_sha256|bcrypt|scrypt|crypt)\$/
const ARGON2 = /^\$argon2(?:id|i|d)\$/
const BCRYPT = /^\$2[aby]\$/
const PBKDF2 = /^\$pbkdf2-(?<digest>sha1|sha256)\$(?:i=)?(?<iterations>\d+)(?:,l=\d+)?\$(?<salt>[^$]*)\$(?<hash>[^$]+)$/
/** The length of the keys that Django derives, in bytes. */
const KEY_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32 }

/** Django's salts are texts. */
const fromPbkdf2 = (text: string): string | null => {
  const { digest = '', iterations, salt = '', hash = '' } = PBKDF2.exec(text)?.groups ?? {}
  const plain = Buffer.from(salt.replaceAll('.', '+'), 'base64').toString('latin1')
  const key = Buffer.from(hash.replaceAll('.', '+'), 'base64')
  if (iterations === undefined || key.length !== KEY_BYTES[digest] || !/^[!-#%-~]+$/.test(plain)) return null
  return `pbkdf2_${digest}$${iterations}$${plain}$${key.toString('base64')}`
}

/** Null for a hash that Django cannot check. */
export const toDjangoHash = (text: string): string | null => {
  if (OWN.test(text)) return text
  if (ARGON2.test(text)) return `argon2${text}`
  if (BCRYPT.test(text)) return `bcrypt$${text}`
  return fromPbkdf2(text)
}
