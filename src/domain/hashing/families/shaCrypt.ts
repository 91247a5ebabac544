/**
 * crypt(3) with SHA-256 (`$5$`) and SHA-512 (`$6$`), of /etc/shadow and LDAP's `{CRYPT}`. After Ulrich Drepper's "Unix crypt using
 * SHA-256 and SHA-512", whose steps are numbered as there.
 */
import { createHash } from 'node:crypto'
import { toCrypt64 } from './encodings.ts'
import { bounded, type HashFamily, HashRefused, isSame } from './family.ts'
import { repeat } from './rounds.ts'

interface Variant {
  readonly digest: 'sha256' | 'sha512'
  readonly bytes: number
  /** The order in which the bytes of the digest are written. */
  readonly order: readonly number[]
}

/** Groups of three bytes, which step on by a fixed rule; the last one or two bytes of the digest stand alone. */
const sha256Order = [20, 10, 0, 11, 1, 21, 2, 22, 12, 23, 13, 3, 14, 4, 24, 5, 25, 15, 26, 16, 6, 17, 7, 27, 8, 28, 18, 29, 19, 9, 30, 31]
const sha512Order = [
  42, 21, 0, 1, 43, 22, 23, 2, 44, 45, 24, 3, 4, 46, 25, 26, 5, 47, 48, 27, 6, 7, 49, 28, 29, 8, 50, 51, 30, 9, 10, 52, 31, 32, 11, 53, 54,
  33, 12, 13, 55, 34, 35, 14, 56, 57, 36, 15, 16, 58, 37, 38, 17, 59, 60, 39, 18, 19, 61, 40, 41, 20, 62, 63,
]

const VARIANTS: Readonly<Record<string, Variant>> = {
  5: { digest: 'sha256', bytes: 32, order: sha256Order },
  6: { digest: 'sha512', bytes: 64, order: sha512Order },
}

const FORM = /^\$(?<id>[56])\$(?:rounds=(?<rounds>\d{1,9})\$)?(?<salt>[^$\n]{0,16})\$(?<hash>[./0-9A-Za-z]+)$/
const USUAL_ROUNDS = 5_000
const LEAST_ROUNDS = 1_000
const MS_PER_ROUND = 0.003

/** `length` bytes of a repeated digest. */
const stretched = (digest: Buffer, length: number): Buffer => Buffer.alloc(length, digest)

/** The digest of a password, with the salt at most 16 bytes long. */
const shaCryptOf = async ({ digest, bytes }: Variant, key: Buffer, salt: Buffer, rounds: number): Promise<Buffer> => {
  const hash = (...parts: readonly Buffer[]): Buffer => createHash(digest).update(Buffer.concat(parts)).digest()
  // Steps 4 to 8: digest B.
  const b = hash(key, salt, key)
  // Steps 1 to 3 and 9 to 12: digest A.
  const parts = [key, salt, stretched(b, key.length)]
  for (let length = key.length; length > 0; length >>= 1) parts.push((length & 1) === 1 ? b : key)
  const a = hash(...parts)
  // Steps 13 to 20: the byte sequences P and S.
  const p = stretched(hash(...Array.from({ length: key.length }, () => key)), key.length)
  const s = stretched(hash(...Array.from({ length: 16 + (a[0] ?? 0) }, () => salt)), salt.length)
  // Step 21.
  let c = a
  await repeat(rounds, (round) => {
    const isOdd = round % 2 === 1
    const between = [...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p])]
    c = isOdd ? hash(p, ...between, c) : hash(c, ...between, p)
  })
  return c.subarray(0, bytes)
}

/** Keys are repeated as often as they have bytes, so a long one costs its square; nobody's password is longer. */
const LONGEST_KEY = 1_024

export const shaCrypt: HashFamily = {
  name: 'crypt',
  read(text) {
    if (!/^\$[56]\$/.test(text)) return null
    const { id = '', rounds = String(USUAL_ROUNDS), salt = '', hash = '' } = FORM.exec(text)?.groups ?? {}
    const variant = VARIANTS[id]
    if (variant === undefined || toCrypt64([...Buffer.alloc(variant.bytes)]).length !== hash.length)
      throw new HashRefused('not the form of a crypt(3) hash')
    const times = Math.max(LEAST_ROUNDS, Number(rounds))
    return bounded({
      kind: 'crypt',
      unmatched: `$${id}$rounds=${times}$........$${'.'.repeat(hash.length)}`,
      work: times * MS_PER_ROUND,
      async fits(password) {
        const key = Buffer.from(password)
        if (key.length > LONGEST_KEY) return false
        const digest = await shaCryptOf(variant, key, Buffer.from(salt), times)
        return isSame(Buffer.from(toCrypt64(variant.order.map((at) => digest[at] ?? 0))), Buffer.from(hash))
      },
    })
  },
}
