/**
 * bcrypt: `$2a$`, `$2b$` and `$2y$`, which mean the same for passwords of fewer than 255 bytes, and with which all common
 * libraries cut passwords after 72 bytes. `$2x$` marks hashes of a faulty version of crypt_blowfish and is refused.
 *
 * Meteor (and so Wekan) and Django hash the hex SHA-256 of the password instead; `sha256Hex` makes that.
 */
import { createHash } from 'node:crypto'
import { compare } from 'bcrypt'
import { bounded, type HashFamily, HashRefused, type PasswordHash } from './family.ts'

const FORM = /^\$2(?<version>[abxy])\$(?<cost>\d\d)\$(?<rest>[./A-Za-z0-9]{53})$/
const MOST_BYTES = 72
/** Measured: 58 ms at a cost of 10. */
const MS_PER_ROUND = 58 / 1024
const LEAST_COST = 4

/** What is hashed in place of a password. */
export type Prepared = (password: string) => string

export const sha256Hex: Prepared = (password) => createHash('sha256').update(password).digest('hex')

/** A bcrypt hash of what `prepare` makes of a password; null for a text of another form. */
export const readBcrypt = (text: string, prepare: Prepared = (password) => password): PasswordHash | null => {
  const { version, cost, rest } = FORM.exec(text)?.groups ?? {}
  if (version === undefined) return null
  if (version === 'x') throw new HashRefused('$2x$ marks a bcrypt hash of a faulty version')
  if (Number(cost) < LEAST_COST) throw new HashRefused(`the cost of a bcrypt hash is at least ${LEAST_COST}`)
  const hash = `$2b$${cost}$${rest}`
  return bounded({
    kind: 'bcrypt',
    unmatched: `$2b$${cost}$${'.'.repeat(53)}`,
    work: 2 ** Number(cost) * MS_PER_ROUND,
    fits: async (password) => await compare(Buffer.from(prepare(password)).subarray(0, MOST_BYTES), hash),
  })
}

export const bcrypt: HashFamily = { name: 'bcrypt', read: (text) => readBcrypt(text) }
