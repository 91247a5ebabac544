/**
 * Meteor's passwords, as Wekan has them: clients send the hex SHA-256 of the password, and the server hashes that with bcrypt, or
 * since Meteor 3.3 with argon2. Written as `$meteor` followed by that hash, because the hash does not say so itself.
 */
import type { Argon2 } from '../argon2.ts'
import { readArgon2 } from './argon2Phc.ts'
import { readBcrypt, sha256Hex } from './bcrypt.ts'
import { type HashFamily, HashRefused } from './family.ts'

const PREFIX = '$meteor'

export const meteor = (verify: Argon2['verify']): HashFamily => ({
  name: 'meteor',
  read(text) {
    if (!text.startsWith(PREFIX)) return null
    const hash = text.slice(PREFIX.length)
    const read = readBcrypt(hash, sha256Hex) ?? readArgon2(hash, verify, sha256Hex)
    if (read === null) throw new HashRefused('not a hash of Meteor: neither bcrypt nor argon2 that can be checked')
    return read
  },
})
