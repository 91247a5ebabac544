/**
 * crypt(3) with MD5, `$1$`, and Apache's `$apr1$`, as of old LDAP servers and htpasswd files. A thousand rounds of MD5 cost next to
 * nothing, so they are imported only on request.
 */
import { createHash } from 'node:crypto'
import { toCrypt64 } from './encodings.ts'
import { type HashFamily, HashRefused, isSame } from './family.ts'
import { repeat } from './rounds.ts'

const FORM = /^(?<magic>\$(?:1|apr1)\$)(?<salt>[^$\n]{0,8})\$(?<hash>[./0-9A-Za-z]{22})$/
const ROUNDS = 1_000
const LONGEST_KEY = 1_024
/** The order in which the bytes of the digest are written. */
const ORDER = [12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11]

const md5 = (parts: readonly Uint8Array[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest()

const first = (key: Buffer, magic: Buffer, salt: Buffer): Buffer => {
  const parts = [key, magic, salt, Buffer.alloc(key.length, md5([key, salt, key]))]
  for (let length = key.length; length > 0; length >>= 1) parts.push((length & 1) === 1 ? Buffer.alloc(1) : key.subarray(0, 1))
  return md5(parts)
}

const md5CryptOf = async (key: Buffer, magic: Buffer, salt: Buffer): Promise<Buffer> => {
  let digest = first(key, magic, salt)
  await repeat(ROUNDS, (round) => {
    const isOdd = round % 2 === 1
    const between = [...(round % 3 === 0 ? [] : [salt]), ...(round % 7 === 0 ? [] : [key])]
    digest = isOdd ? md5([key, ...between, digest]) : md5([digest, ...between, key])
  })
  return digest
}

/** A hash in its parts: `$1$` or `$apr1$` with the salt, and the digest. */
export interface Md5CryptParts {
  readonly start: string
  readonly digest: string
}

/** Null for the text of another family. @throws {HashRefused} */
export const readMd5Crypt = (text: string): Md5CryptParts | null => {
  if (!/^\$(?:1|apr1)\$/.test(text)) return null
  const { magic = '', salt = '', hash } = FORM.exec(text)?.groups ?? {}
  if (hash === undefined) throw new HashRefused('not the form of an MD5 hash of crypt(3)')
  return { start: `${magic}${salt}`, digest: hash }
}

/** The digest of a password for what a hash begins with; null for a password that is too long. */
export const md5CryptDigest = async (start: string, password: string): Promise<string | null> => {
  const at = start.indexOf('$', 1) + 1
  const key = Buffer.from(password)
  if (key.length > LONGEST_KEY) return null
  const digest = await md5CryptOf(key, Buffer.from(start.slice(0, at)), Buffer.from(start.slice(at)))
  return toCrypt64(ORDER.map((each) => digest[each] ?? 0))
}

export const md5Crypt: HashFamily = {
  name: 'md5-crypt',
  read(text) {
    const parts = readMd5Crypt(text)
    if (parts === null) return null
    return {
      kind: 'digest',
      unmatched: `$1$........$${'.'.repeat(22)}`,
      work: 2,
      isFast: true,
      fits: async (password) => isSame(Buffer.from((await md5CryptDigest(parts.start, password)) ?? ''), Buffer.from(parts.digest)),
    }
  },
}
