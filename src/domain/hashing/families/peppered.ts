/**
 * bcrypt over a password that is followed by a text of the application, Devise's `pepper`. Written as `$peppered$`, the pepper in base64,
 * and the hash.
 * https://github.com/heartcombo/devise/blob/main/lib/devise/encryptor.rb
 */
import { readBcrypt } from './bcrypt.ts'
import { fromBase64 } from './encodings.ts'
import { type HashFamily, HashRefused } from './family.ts'

const FORM = /^\$peppered\$(?<pepper>[A-Za-z0-9+/]{2,1000})(?<hash>\$.+)$/

export const peppered: HashFamily = {
  name: 'peppered',
  read(text) {
    if (!text.startsWith('$peppered$')) return null
    const { pepper = '', hash = '' } = FORM.exec(text)?.groups ?? {}
    const suffix = pepper === '' ? '' : fromBase64(pepper).toString()
    const read = readBcrypt(hash, (password) => password + suffix)
    if (read === null) throw new HashRefused('not the form of a bcrypt hash with a pepper')
    return read
  },
}
