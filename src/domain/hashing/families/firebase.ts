/**
 * Firebase's scrypt: the project's signer key, encrypted under a key that scrypt derives from the password. In the form of Ory
 * Kratos, which holds the parameters of the project: `$firescrypt$ln=14,r=8,p=1$salt$hash$salt separator$signer key`.
 */
import { createCipheriv } from 'node:crypto'
import { fromBase64, fromBase64OrNothing } from './encodings.ts'
import { bounded, type HashFamily, HashRefused, isSame, longEnough } from './family.ts'
import { scryptOf, scryptWork, unmatchedScrypt } from './scrypt.ts'

const PREFIX = '$firescrypt$'
const FORM =
  /^\$firescrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,4}),p=(?<p>\d{1,4})\$(?<salt>[^$]*)\$(?<hash>[^$]+)\$(?<separator>[^$]*)\$(?<signer>[^$]+)$/
const KEY_BYTES = 32

const encrypt = (key: Uint8Array, text: Uint8Array): Buffer => {
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
  return Buffer.concat([cipher.update(text), cipher.final()])
}

export const firebase: HashFamily = {
  name: 'firebase-scrypt',
  read(text) {
    if (!text.startsWith(PREFIX)) return null
    const { ln, r, p, salt = '', hash = '', separator = '', signer = '' } = FORM.exec(text)?.groups ?? {}
    if (ln === undefined) throw new HashRefused('not the form of a Firebase hash')
    const cost = { N: 2 ** Number(ln), r: Number(r), p: Number(p) }
    const whole = Buffer.concat([fromBase64OrNothing(salt), fromBase64OrNothing(separator)])
    const [expected, signerKey] = [fromBase64(hash), fromBase64(signer)]
    const made = bounded({
      kind: 'scrypt',
      unmatched: unmatchedScrypt(cost),
      work: scryptWork(cost),
      fits: async (password) => isSame(encrypt(await scryptOf(password, whole, KEY_BYTES, cost), signerKey), expected),
    })
    return longEnough(expected, made)
  },
}
