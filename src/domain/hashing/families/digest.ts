/**
 * One digest of salt and password: LDAP's `{SHA}`, `{SSHA}`, `{SSHA256}`, `{SSHA384}`, `{SSHA512}`, `{MD5}` and `{SMD5}`, Django's
 * `md5$salt$hex` and `sha1$salt$hex`, MD5 in hex, and Ory Kratos' `$md5$pf=...` and kin. Guessing such a password costs next to nothing, so they
 * are imported only on request, and then hashed again with argon2id, without the password: `$layered$`, followed by what stood before
 * and after the password, and the PHC string of the hex digest.
 */
import { createHash } from 'node:crypto'
import type { Argon2 } from '../argon2.ts'
import { readArgon2 } from './argon2Phc.ts'
import { fromBase64, fromBase64OrNothing, toBase64 } from './encodings.ts'
import { type HashFamily, HashRefused, isSame, type PasswordHash } from './family.ts'
import { md5CryptDigest, readMd5Crypt } from './md5Crypt.ts'

/** A digest of `before`, the password, and `after`. */
interface Recipe {
  readonly algorithm: string
  readonly before: Uint8Array
  readonly after: Uint8Array
}

export interface Digest extends PasswordHash {
  readonly recipe: Recipe
  readonly digest: Uint8Array
}

const MD5_CRYPT = 'md5-crypt'
const BYTES: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64, [MD5_CRYPT]: 22 }
const NOTHING = Buffer.alloc(0)

/** For MD5 of crypt(3), `before` is what the hash begins with, and the digest is its text. Empty for a password that is too long. */
const digestOf = async ({ algorithm, before, after }: Recipe, password: string): Promise<Buffer> =>
  algorithm === MD5_CRYPT
    ? Buffer.from((await md5CryptDigest(Buffer.from(before).toString(), password)) ?? '')
    : createHash(algorithm).update(before).update(password).update(after).digest()

const fastHash = (recipe: Recipe, digest: Uint8Array): Digest => {
  if (digest.length !== BYTES[recipe.algorithm]) throw new HashRefused(`not a digest of ${recipe.algorithm}`)
  return {
    kind: 'digest',
    unmatched: '0'.repeat(32),
    recipe,
    digest,
    work: 0.01,
    isFast: true,
    fits: async (password) => isSame(await digestOf(recipe, password), digest),
  }
}

const LDAP = /^\{(?<scheme>SHA|SSHA|SHA256|SSHA256|SHA384|SSHA384|SHA512|SSHA512|MD5|SMD5)\}(?<base64>.+)$/i

const readLdap = (text: string): Digest | null => {
  const { scheme, base64 = '' } = LDAP.exec(text)?.groups ?? {}
  if (scheme === undefined) return null
  const name = scheme.toLowerCase().replace(/^s(?=sha|md5)/, '')
  const algorithm = name === 'sha' ? 'sha1' : name
  const bytes = fromBase64(base64)
  const length = BYTES[algorithm] ?? 0
  if (scheme.toLowerCase() === name && bytes.length > length) throw new HashRefused(`not a digest of ${algorithm}`)
  return fastHash({ algorithm, before: NOTHING, after: bytes.subarray(length) }, bytes.subarray(0, length))
}

const DJANGO = /^(?<algorithm>md5|sha1)\$(?<salt>[^$]*)\$(?<hex>[0-9a-f]+)$/

const readDjango = (text: string): Digest | null => {
  const { algorithm, salt = '', hex = '' } = DJANGO.exec(text)?.groups ?? {}
  return algorithm === undefined ? null : fastHash({ algorithm, before: Buffer.from(salt), after: NOTHING }, Buffer.from(hex, 'hex'))
}

const KRATOS = /^\$(?<algorithm>md5|sha1|sha256|sha512)\$(?:pf=(?<form>[^$]+)\$(?<salt>[^$]*)\$)?(?<base64>[^$]+)$/
const PASSWORD = '{PASSWORD}'
/** In characters; a form may have its salt many times. */
const LONGEST_RECIPE = 2_048

const readKratos = (text: string): Digest | null => {
  const { algorithm, form, salt = '', base64 = '' } = KRATOS.exec(text)?.groups ?? {}
  if (algorithm === undefined) return null
  // As a function, because `$&` and kin in a text would mean something.
  const saltText = fromBase64OrNothing(salt).toString('latin1')
  const written =
    form === undefined
      ? PASSWORD
      : fromBase64(form)
          .toString()
          .replaceAll('{SALT}', () => saltText)
  const [before, after, more] = written.split(PASSWORD)
  if (before === undefined || after === undefined || more !== undefined)
    throw new HashRefused('the form of the hash must have one {PASSWORD}')
  if (written.length > LONGEST_RECIPE) throw new HashRefused('the form of the hash is too long')
  return fastHash({ algorithm, before: Buffer.from(before, 'latin1'), after: Buffer.from(after, 'latin1') }, fromBase64(base64))
}

const HEX = /^[0-9a-f]{32}$/

/** MD5 without salt, in hex: Django's oldest form, and WordPress' before 2.5. */
const readHex = (text: string): Digest | null =>
  HEX.test(text) ? fastHash({ algorithm: 'md5', before: NOTHING, after: NOTHING }, Buffer.from(text, 'hex')) : null

/** MD5 of crypt(3), also within LDAP's {CRYPT}. */
const readCrypt = (text: string): Digest | null => {
  const parts = readMd5Crypt(text.replace(/^\{CRYPT\}/i, ''))
  return parts === null
    ? null
    : fastHash({ algorithm: MD5_CRYPT, before: Buffer.from(parts.start), after: NOTHING }, Buffer.from(parts.digest))
}

/** A fast digest; null for any other text. @throws {HashRefused} */
export const readDigest = (text: string): Digest | null =>
  readLdap(text) ?? readDjango(text) ?? readKratos(text) ?? readHex(text) ?? readCrypt(text)

export const digest: HashFamily = { name: 'digest', read: readDigest }

const LAYERED =
  /^\$layered\$(?<algorithm>md5|md5-crypt|sha1|sha256|sha384|sha512)\$(?<before>[^$]*)\$(?<after>[^$]*)(?<phc>\$argon2id\$.+)$/
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A fast digest, hashed again with argon2id by `hash`. */
export const layered = async ({ recipe, digest }: Digest, hash: (text: string) => Promise<string>): Promise<string> =>
  `$layered$${recipe.algorithm}$${toBase64(recipe.before)}$${toBase64(recipe.after)}${await hash(hexOf(digest))}`

export const layeredDigest = (verify: Argon2['verify']): HashFamily => ({
  name: 'layered-digest',
  read(text) {
    if (!text.startsWith('$layered$')) return null
    const { algorithm = '', before = '', after = '', phc = '' } = LAYERED.exec(text)?.groups ?? {}
    const inner = readArgon2(phc, verify)
    if (inner === null) throw new HashRefused('not the form of a layered hash')
    const recipe = { algorithm, before: fromBase64OrNothing(before), after: fromBase64OrNothing(after) }
    return { ...inner, fits: async (password) => await inner.fits(hexOf(await digestOf(recipe, password))) }
  },
})
