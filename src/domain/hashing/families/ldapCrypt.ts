/** LDAP's `{CRYPT}`, followed by a hash of crypt(3): SHA-256, SHA-512, bcrypt or MD5. */
import { readBcrypt } from './bcrypt.ts'
import { type HashFamily, HashRefused } from './family.ts'
import { md5Crypt } from './md5Crypt.ts'
import { shaCrypt } from './shaCrypt.ts'

const PREFIX = /^\{CRYPT\}/i

export const ldapCrypt: HashFamily = {
  name: 'ldap-crypt',
  read(text) {
    if (!PREFIX.test(text)) return null
    const hash = text.replace(PREFIX, '')
    const read = shaCrypt.read(hash) ?? readBcrypt(hash) ?? md5Crypt.read(hash)
    if (read === null) throw new HashRefused('a {CRYPT} of DES cannot be checked')
    return read
  },
}
