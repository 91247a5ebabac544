/**
 * Users for Keycloak, as its partial import reads them (Realm settings, Action, Partial import).
 * https://www.keycloak.org/server/importExport,
 * https://github.com/keycloak/keycloak/blob/main/core/src/main/java/org/keycloak/representations/idm/UserRepresentation.java,
 * https://github.com/keycloak/keycloak/blob/main/server-spi/src/main/java/org/keycloak/models/credential/PasswordCredentialModel.java
 *
 * Keycloak checks argon2 since version 24, and PBKDF2 before.
 */
import type { ReturningAccount } from '../domain/moving/goingBack/returning.ts'
import { jsonArrayOf } from '../importers/sources/jsonArray.ts'
import { type Exporter, given, type Json, objectOf, PASSWORD_IS_NEW, PASSWORD_IS_OLD, type Returned } from './exporter.ts'

const ADMIN = 'administrator rights, which are roles there'

const ARGON2 =
  /^\$argon2(?<type>id|i|d)\$v=(?<version>\d+)\$m=(?<memory>\d+),t=(?<passes>\d+),p=(?<lanes>\d+)\$(?<salt>[^$]+)\$(?<hash>[^$]+)$/
const VERSIONS: Readonly<Record<string, string>> = { 16: '1.0', 19: '1.3' }
const PBKDF2 = /^\$pbkdf2-(?<digest>sha1|sha256|sha512)\$i=(?<iterations>\d+)(?:,l=\d+)?\$(?<salt>[^$]*)\$(?<hash>[^$]+)$/

const padded = (base64: string): string => Buffer.from(base64, 'base64').toString('base64')

const credential = (type: string, secretData: Json, credentialData: Json): Json => ({
  type,
  secretData: JSON.stringify(secretData),
  credentialData: JSON.stringify(credentialData),
})

const argon2Of = (text: string): Json | null => {
  const { type = '', version = '', memory = '', passes, lanes = '', salt = '', hash = '' } = ARGON2.exec(text)?.groups ?? {}
  if (passes === undefined) return null
  const parameters = {
    hashLength: [String(Buffer.from(hash, 'base64').length)],
    memory: [memory],
    type: [type],
    version: [VERSIONS[version] ?? version],
    parallelism: [lanes],
  }
  return credential(
    'password',
    { value: padded(hash), salt: padded(salt), additionalParameters: {} },
    { hashIterations: Number(passes), algorithm: 'argon2', additionalParameters: parameters },
  )
}

/** `pbkdf2` is PBKDF2 with SHA-1. */
const pbkdf2Of = (text: string): Json | null => {
  const { digest, iterations, salt = '', hash = '' } = PBKDF2.exec(text)?.groups ?? {}
  if (digest === undefined) return null
  return credential(
    'password',
    { value: padded(hash), salt: padded(salt), additionalParameters: {} },
    { hashIterations: Number(iterations), algorithm: digest === 'sha1' ? 'pbkdf2' : `pbkdf2-${digest}`, additionalParameters: {} },
  )
}

const isOf =
  (...types: string[]) =>
  (each: unknown): boolean =>
    types.includes(String(objectOf(each).type))

const otpOf = ({ totp }: ReturningAccount): Json[] =>
  totp === null
    ? []
    : [
        credential(
          'otp',
          { value: totp.secret },
          {
            subType: 'totp',
            digits: totp.digits,
            counter: 0,
            period: totp.period,
            algorithm: `Hmac${totp.algorithm.toUpperCase()}`,
            secretEncoding: 'BASE32',
          },
        ),
      ]

/** Credentials of other kinds stay, and a password whose hash we have no longer, while it is the right one. */
const credentialsOf = (account: ReturningAccount, old: readonly unknown[]): { credentials: unknown[]; notes: string[] } => {
  const { passwordHash, passwordChanged, came } = account
  const own = passwordHash === null ? null : (argon2Of(passwordHash) ?? pbkdf2Of(passwordHash))
  const isOld = !passwordChanged && came === 'imported'
  const passwords = own !== null ? [own] : isOld && passwordHash !== null ? old.filter(isOf('password')) : []
  const notes = own !== null || passwordHash === null ? [] : [isOld ? PASSWORD_IS_OLD : PASSWORD_IS_NEW]
  const others = old.filter((each) => !isOf('password', 'otp', 'totp')(each))
  return { credentials: [...passwords, ...otpOf(account), ...others], notes }
}

const UPDATE_PASSWORD = 'UPDATE_PASSWORD'

const documentOf = (account: ReturningAccount, over: Json | null): Returned => {
  const old = over ?? {}
  const { credentials, notes } = credentialsOf(account, Array.isArray(old.credentials) ? old.credentials : [])
  const actions = (Array.isArray(old.requiredActions) ? old.requiredActions : []).filter((action) => action !== UPDATE_PASSWORD)
  const mustUpdate = account.mustChangePassword || notes.includes(PASSWORD_IS_NEW)
  const document = given({
    ...old,
    id: account.id,
    username: account.username,
    email: account.email ?? undefined,
    emailVerified: account.emailVerifiedAt !== null,
    firstName: account.firstName,
    lastName: account.lastName ?? '',
    enabled: !account.disabled,
    createdTimestamp: old.createdTimestamp ?? account.createdAt.getTime(),
    credentials,
    requiredActions: [...actions, ...(mustUpdate ? [UPDATE_PASSWORD] : [])],
  })
  return { document, notes: [...notes, ...(account.isAdmin && over === null ? [ADMIN] : [])] }
}

export const keycloak: Exporter = {
  name: 'keycloak',
  summary: 'for a realm of Keycloak, by its partial import',
  documents: (source) => jsonArrayOf(source, 'users'),
  idOf(document) {
    const { id } = objectOf(document)
    return typeof id === 'string' ? id : null
  },
  documentOf,
  frame: ['{"ifResourceExists":"OVERWRITE","users":[\n', ',\n', '\n]}\n'],
}
