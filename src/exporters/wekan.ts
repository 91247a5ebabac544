/**
 * Users for Wekan, as `mongoexport --jsonFormat=canonical` writes them and `mongoimport` reads them.
 * https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/, https://docs.meteor.com/api/accounts
 *
 * Meteor hashes the SHA-256 of a password, so that it can check none of our hashes.
 */
import type { ReturningAccount } from '../domain/moving/goingBack/returning.ts'
import { jsonOf } from '../importers/sources/rows.ts'
import { type Exporter, given, type Json, NO_TOTP, objectOf, PASSWORD_IS_NEW, PASSWORD_IS_OLD, type Returned } from './exporter.ts'

const date = (time: Date): Json => ({ $date: { $numberLong: String(time.getTime()) } })

const METEOR = '$meteor'

/** Meteor's own hash, with its field; undefined for a hash that it cannot check. */
const passwordOf = ({ passwordHash }: ReturningAccount): Json | undefined => {
  if (passwordHash?.startsWith(METEOR) !== true) return undefined
  const hash = passwordHash.slice(METEOR.length)
  return hash.startsWith('$argon2') ? { argon2: hash } : { bcrypt: hash }
}

const tokensOf = ({ sessions }: ReturningAccount): Json[] =>
  sessions
    .filter(({ surface }) => surface === 'wekan')
    .map(({ tokenHash, tokenCreatedAt }) => ({ when: date(tokenCreatedAt), hashedToken: tokenHash }))

/** The password of the origin stays where it is still the right one. */
const servicesOf = (account: ReturningAccount, over: Json): { services: Json; notes: string[] } => {
  const { password: old, ...others } = over
  const own = passwordOf(account)
  const isOld = !account.passwordChanged && account.came === 'imported'
  const password = own ?? (isOld && account.passwordHash !== null ? old : undefined)
  const notes = own !== undefined || account.passwordHash === null ? [] : [isOld ? PASSWORD_IS_OLD : PASSWORD_IS_NEW]
  const { totp } = account
  const isUsual = totp !== null && totp.digits === 6 && totp.period === 30 && totp.algorithm === 'sha1'
  if (totp !== null && !isUsual) notes.push(NO_TOTP)
  const services = given({
    ...others,
    password,
    resume: { loginTokens: tokensOf(account) },
    twoFactorAuthentication: isUsual ? { type: 'otp', secret: totp.secret } : undefined,
  })
  return { services, notes }
}

/** The further addresses of the origin stay. */
const emailsOf = ({ email, emailVerifiedAt }: ReturningAccount, over: unknown): unknown[] => {
  const [, ...others] = Array.isArray(over) ? over : []
  return email === null ? others : [{ address: email, verified: emailVerifiedAt !== null }, ...others]
}

const documentOf = (account: ReturningAccount, over: Json | null): Returned => {
  const old = over ?? {}
  const { services, notes } = servicesOf(account, objectOf(old.services))
  const profile = { ...objectOf(old.profile), fullname: account.name }
  const document = {
    authenticationMethod: 'password',
    ...old,
    _id: over === null ? account.id : old._id,
    username: account.username,
    emails: emailsOf(account, old.emails),
    createdAt: old.createdAt ?? date(account.createdAt),
    modifiedAt: date(account.updatedAt),
    isAdmin: account.isAdmin,
    loginDisabled: account.disabled,
    profile: over === null ? { ...profile, language: account.locale } : profile,
    services,
  }
  return { document, notes }
}

export const wekan: Exporter = {
  name: 'wekan',
  summary: 'for the collection `users` of Wekan, by `mongoimport`',
  documents: jsonOf,
  idOf(document) {
    const { _id: id } = objectOf(document)
    if (typeof id === 'string') return id
    const { $oid } = objectOf(id)
    return typeof $oid === 'string' ? $oid : null
  },
  documentOf,
  frame: ['', '\n', '\n'],
}
