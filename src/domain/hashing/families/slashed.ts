/**
 * WordPress hashes what a person typed without the white space around it, and with a backslash before each quote (`wp_magic_quotes`), so
 * that `O'Neil` is hashed as `O\'Neil`. Written as `$slashed` followed by the hash, because the hash does not say so itself.
 * https://core.trac.wordpress.org/ticket/24367
 */
import { readBcrypt } from './bcrypt.ts'
import { type HashFamily, HashRefused } from './family.ts'
import { phpass, wordpress } from './phpass.ts'

const PREFIX = '$slashed'

const SPACE = ' \t\n\r\0\v'

/** PHP's `trim`. (An expression would take the square of the length of a hostile password.) */
const trimmed = (password: string): string => {
  let start = 0
  let end = password.length
  while (start < end && SPACE.includes(password.charAt(start))) start += 1
  while (end > start && SPACE.includes(password.charAt(end - 1))) end -= 1
  return password.slice(start, end)
}

/** PHP's `trim` and `addslashes`. */
const slashed = (password: string): string =>
  trimmed(password)
    .replaceAll(/['"\\]/g, '\\$&')
    .replaceAll('\0', '\\0')

export const slashedPassword: HashFamily = {
  name: 'slashed',
  read(text) {
    if (!text.startsWith(`${PREFIX}$`)) return null
    const hash = text.slice(PREFIX.length)
    const read = phpass.read(hash) ?? wordpress.read(hash) ?? readBcrypt(hash)
    if (read === null) throw new HashRefused('not a hash of WordPress that can be checked')
    return { ...read, fits: async (password) => await read.fits(slashed(password)) }
  },
}
