/**
 * phpass' portable hashes, `$P$` and `$H$`: MD5 repeated, as WordPress before 6.8, phpBB and Drupal 7's imports have them; and
 * WordPress 6.8's `$wp$2y$`, which is bcrypt over a digest.
 */
import { createHash, createHmac } from 'node:crypto'
import { type Prepared, readBcrypt } from './bcrypt.ts'
import { crypt64Digit, toCrypt64 } from './encodings.ts'
import { bounded, type HashFamily, HashRefused, isSame } from './family.ts'
import { repeat } from './rounds.ts'

const FORM = /^\$[PH]\$(?<cost>[./0-9A-Za-z])(?<salt>[./0-9A-Za-z]{8})(?<hash>[./0-9A-Za-z]{22})$/
/** The password is hashed in each round; nobody's is longer. In bytes. */
const LONGEST_KEY = 1_024
/** phpass itself accepts 7 to 30; 18 are about 0.4 s. */
const LEAST_COST = 7
const MS_PER_ROUND = 0.001_5

const md5 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export const phpass: HashFamily = {
  name: 'phpass',
  read(text) {
    if (!text.startsWith('$P$') && !text.startsWith('$H$')) return null
    const { cost = '', salt = '', hash } = FORM.exec(text)?.groups ?? {}
    if (hash === undefined || crypt64Digit(cost) < LEAST_COST) throw new HashRefused('not the form of a phpass hash')
    const rounds = 2 ** crypt64Digit(cost)
    return bounded({
      kind: 'phpass',
      unmatched: `$P$${cost}${'.'.repeat(30)}`,
      work: rounds * MS_PER_ROUND,
      async fits(password) {
        const key = Buffer.from(password)
        if (key.length > LONGEST_KEY) return false
        let digest = md5(salt, key)
        await repeat(rounds, () => {
          digest = md5(digest, key)
        })
        return isSame(Buffer.from(toCrypt64([...digest])), Buffer.from(hash))
      },
    })
  },
}

const WORDPRESS = '$wp'
const keyed: Prepared = (password) => createHmac('sha384', 'wp-sha384').update(password).digest('base64')

export const wordpress: HashFamily = {
  name: 'wordpress',
  read(text) {
    if (!text.startsWith(`${WORDPRESS}$`)) return null
    const read = readBcrypt(text.slice(WORDPRESS.length), keyed)
    if (read === null) throw new HashRefused('not the form of a WordPress hash')
    return read
  },
}
