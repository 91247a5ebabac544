/**
 * scrypt (RFC 7914): PHC strings as passlib writes them (`ln` is the logarithm of N) and as Ory Kratos does (`ln` is N itself), and
 * better-auth's `salt:hash` in hex, whose parameters are fixed.
 */
import { type BinaryLike, scrypt as derive } from 'node:crypto'
import { fromBase64, zeros } from './encodings.ts'
import { bounded, type HashFamily, HashRefused, isSame, longEnough, type PasswordHash } from './family.ts'

export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** Measured: 40 ms for N = 16384, r = 8, p = 1. */
const MS_PER_BLOCK = 40 / (16_384 * 8)
/** In bytes; scrypt needs 128 * N * r. */
const MOST_MEMORY = 256 * 2 ** 20

const isPowerOfTwo = (number: number): boolean => number > 1 && Number.isInteger(Math.log2(number))

/** The work of one derivation, in ms. @throws {HashRefused} */
export const scryptWork = ({ N, r, p }: ScryptCost): number => {
  if (!isPowerOfTwo(N) || r < 1 || p < 1) throw new HashRefused('not valid parameters of scrypt')
  if (128 * N * r > MOST_MEMORY) throw new HashRefused(`a check would take more than ${MOST_MEMORY / 2 ** 20} MiB of memory`)
  return N * r * p * MS_PER_BLOCK
}

export const scryptOf = (password: BinaryLike, salt: BinaryLike, length: number, cost: ScryptCost): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    derive(password, salt, length, { ...cost, maxmem: MOST_MEMORY + 2 ** 20 }, (error, key) => (error ? reject(error) : resolve(key))),
  )

export const unmatchedScrypt = ({ N, r, p }: ScryptCost): string => `$scrypt$ln=${Math.log2(N)},r=${r},p=${p}$${zeros(16)}$${zeros(32)}`

/** A hash of scrypt, of which every part is known. */
export const scryptHash = (cost: ScryptCost, salt: BinaryLike, hash: Uint8Array, prepare = (text: string) => text): PasswordHash => {
  const made = bounded({
    kind: 'scrypt',
    unmatched: unmatchedScrypt(cost),
    work: scryptWork(cost),
    fits: async (password) => isSame(await scryptOf(prepare(password), salt, hash.length, cost), hash),
  })
  return longEnough(hash, made)
}

const PHC = /^\$scrypt\$ln=(?<n>\d{1,9}),r=(?<r>\d{1,4}),p=(?<p>\d{1,4})\$(?<salt>[^$]+)\$(?<hash>[^$]+)$/
const BETTER_AUTH = /^(?<salt>[0-9a-f]{32}):(?<hash>[0-9a-f]{128})$/
const BETTER_AUTH_COST: ScryptCost = { N: 16_384, r: 16, p: 1 }
/** No logarithm is larger, and no N smaller. */
const LARGEST_LOGARITHM = 31

const readPhc = (text: string): PasswordHash => {
  const { n = '', r, p, salt = '', hash = '' } = PHC.exec(text)?.groups ?? {}
  if (n === '') throw new HashRefused('not the form of a scrypt hash')
  const N = Number(n) <= LARGEST_LOGARITHM ? 2 ** Number(n) : Number(n)
  return scryptHash({ N, r: Number(r), p: Number(p) }, fromBase64(salt), fromBase64(hash))
}

export const scrypt: HashFamily = {
  name: 'scrypt',
  read(text) {
    if (text.startsWith('$scrypt$')) return readPhc(text)
    const { salt, hash } = BETTER_AUTH.exec(text)?.groups ?? {}
    // The salt is the text of the digits, and not what they stand for.
    return salt === undefined ? null : scryptHash(BETTER_AUTH_COST, salt, Buffer.from(hash ?? '', 'hex'), (text) => text.normalize('NFKC'))
  },
}
