/** passlib's `bcrypt_sha256`, in both versions: bcrypt over a base64 digest, so that no password is cut. */
import { createHash, createHmac } from 'node:crypto'
import { type Prepared, readBcrypt } from './bcrypt.ts'
import { type HashFamily, HashRefused } from './family.ts'

const FORM =
  /^\$bcrypt-sha256\$(?:v=2,t=2b,r=(?<cost>\d{1,2})|2[abxy],(?<cost1>\d{1,2}))\$(?<salt>[./A-Za-z0-9]{22})\$(?<digest>[./A-Za-z0-9]{31})$/
const PREFIX = '$bcrypt-sha256$'

const keyed =
  (salt: string): Prepared =>
  (password) =>
    createHmac('sha256', salt).update(password).digest('base64')
const plain: Prepared = (password) => createHash('sha256').update(password).digest('base64')

export const bcryptSha256: HashFamily = {
  name: 'bcrypt-sha256',
  read(text) {
    if (!text.startsWith(PREFIX)) return null
    const { cost, cost1, salt = '', digest } = FORM.exec(text)?.groups ?? {}
    if (digest === undefined) throw new HashRefused('not the form of a bcrypt-sha256 hash')
    return readBcrypt(`$2b$${(cost ?? cost1 ?? '').padStart(2, '0')}$${salt}${digest}`, cost === undefined ? plain : keyed(salt))
  },
}
