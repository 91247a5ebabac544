/**
 * PBKDF2 (RFC 8018): passlib's `$pbkdf2-sha256$29000$salt$hash`, PHC strings with `i` and `l`, as Ory Kratos writes them, and
 * OpenLDAP's `{PBKDF2-SHA256}29000$salt$hash`. The length of the key is that of the hash.
 */
import { type BinaryLike, pbkdf2 as derive } from 'node:crypto'
import { fromBase64, fromBase64OrNothing, zeros } from './encodings.ts'
import { bounded, type HashFamily, HashRefused, isSame, longEnough, type PasswordHash } from './family.ts'

/** Bytes of a digest, and measured milliseconds of an iteration. */
const DIGESTS: Readonly<Record<string, { readonly bytes: number; readonly ms: number }>> = {
  sha1: { bytes: 20, ms: 0.000_4 },
  sha224: { bytes: 28, ms: 0.000_6 },
  sha256: { bytes: 32, ms: 0.000_6 },
  sha384: { bytes: 48, ms: 0.000_9 },
  sha512: { bytes: 64, ms: 0.000_9 },
}

const derived = (password: string, salt: BinaryLike, iterations: number, length: number, digest: string): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    derive(password, salt, iterations, length, digest, (error, key) => (error ? reject(error) : resolve(key))),
  )

/** @throws {HashRefused} for a digest that PBKDF2 is not used with, no iteration, or too many */
export const pbkdf2Hash = (digest: string, iterations: number, salt: BinaryLike, hash: Uint8Array): PasswordHash => {
  const { bytes, ms } = DIGESTS[digest] ?? { bytes: 0, ms: 0 }
  if (bytes === 0) throw new HashRefused(`PBKDF2 with ${digest} cannot be checked`)
  if (iterations < 1) throw new HashRefused('PBKDF2 takes at least one iteration')
  const made = bounded({
    kind: 'pbkdf2',
    unmatched: `$pbkdf2-${digest}$i=${iterations},l=${hash.length}$${zeros(16)}$${zeros(hash.length)}`,
    work: iterations * Math.ceil(hash.length / bytes) * ms,
    fits: async (password) => isSame(await derived(password, salt, iterations, hash.length, digest), hash),
  })
  return longEnough(hash, made)
}

const FORM =
  /^(?:\$pbkdf2(?:-(?<digest>sha\d{1,3}))?\$|\{PBKDF2(?:-(?<scheme>SHA\d{1,3}))?\})(?:i=(?<i>\d{1,9})(?:,l=\d{1,4})?|(?<rounds>\d{1,9}))\$(?<salt>[^$]*)\$(?<hash>[^$]+)$/
const PREFIX = /^(?:\$pbkdf2[-$]|\{PBKDF2)/

export const pbkdf2: HashFamily = {
  name: 'pbkdf2',
  read(text) {
    if (!PREFIX.test(text)) return null
    const { digest, scheme, i, rounds, salt = '', hash } = FORM.exec(text)?.groups ?? {}
    if (hash === undefined) throw new HashRefused('not the form of a PBKDF2 hash')
    return pbkdf2Hash((digest ?? scheme ?? 'sha1').toLowerCase(), Number(i ?? rounds), fromBase64OrNothing(salt), fromBase64(hash))
  },
}
