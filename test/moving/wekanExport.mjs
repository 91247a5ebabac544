/**
 * Makes an export of Wekan's users as `mongoexport` writes it, of made-up people, with bcryptjs and node:crypto alone: nothing of ours is
 * used. `node test/moving/wekanExport.mjs ACCOUNTS [DISTINCT]` writes it to standard output. DISTINCT passwords are hashed, 16 by default,
 * since each hash takes 50 ms; everybody has one of them, and tokens of their own.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { argv, stdout } from 'node:process'
import bcrypt from 'bcryptjs'

const HOUR = 3_600_000
const sha256 = (text, encoding) => createHash('sha256').update(text).digest(encoding)

/** What Meteor's clients send in place of a password, hashed as its server does. */
const meteorHash = (password, cost) => bcrypt.hashSync(sha256(password, 'hex'), cost)

export const passwordOf = (number, distinct = 16) => `the old password ${number % distinct}`
export const tokenOf = (number, which = 0) => sha256(`login token ${number} ${which}`, 'base64url')
export const idOf = (number) =>
  sha256(`id ${number}`, 'base64')
    .replaceAll(/[^A-Za-z2-9]/g, '')
    .slice(0, 17)
    .padEnd(17, 'x')

/** Every 10th has no username, every 50th is disabled, every 7th has two addresses, every 20th came by LDAP and has no password. */
export const personOf = (number, { hashes, now = Date.now() }) => {
  const day = (days) => ({ $date: new Date(now - days * 24 * HOUR).toISOString() })
  const older = (days) => ({ $date: { $numberLong: String(now - days * 24 * HOUR) } })
  const isLdap = number % 20 === 19
  const loginTokens = [0, 1]
    .slice(0, number % 3)
    .map((which) => ({ when: day(which + 1), hashedToken: sha256(tokenOf(number, which), 'base64') }))
  return {
    _id: idOf(number),
    createdAt: number % 2 === 0 ? day(400 + (number % 1000)) : older(400 + (number % 1000)),
    ...(number % 10 === 9 ? {} : { username: `wekan${number}` }),
    emails: [
      { address: `wekan${number}@example.org`, verified: number % 3 !== 0 },
      ...(number % 7 === 6 ? [{ address: `second${number}@example.org`, verified: false }] : []),
    ],
    services: {
      ...(isLdap ? { ldap: { id: `uid=${number}`, idAttribute: 'uid' } } : { password: { bcrypt: hashes[number % hashes.length] } }),
      resume: { loginTokens: [...loginTokens, { when: day(200), hashedToken: sha256(`ended ${number}`, 'base64') }] },
    },
    profile: { fullname: `Person Number ${number}`, language: number % 5 === 0 ? 'ar' : 'en-GB', boardView: 'board-view-swimlanes' },
    ...(number === 0 ? { isAdmin: true } : {}),
    ...(number % 50 === 49 ? { loginDisabled: true } : {}),
    authenticationMethod: isLdap ? 'ldap' : 'password',
    modifiedAt: day(3),
  }
}

export const hashesOf = (distinct = 16, cost = 10) =>
  Array.from({ length: distinct }, (_, number) => meteorHash(passwordOf(number, distinct), cost))

export const exportLines = (accounts, { distinct = 16, cost = 10, now = Date.now() } = {}) => {
  const hashes = hashesOf(distinct, cost)
  return Array.from({ length: accounts }, (_, number) => `${JSON.stringify(personOf(number, { hashes, now }))}\n`)
}

if (argv[1]?.endsWith('wekanExport.mjs')) {
  const [accounts, distinct = 16] = argv.slice(2).map(Number)
  const hashes = hashesOf(distinct)
  const now = Date.now()
  for (let number = 0; number < accounts; number += 1) {
    if (!stdout.write(`${JSON.stringify(personOf(number, { hashes, now }))}\n`)) await once(stdout, 'drain')
  }
}
