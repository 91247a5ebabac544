/**
 * Keycloak's credentials. They have their data as JSON texts since version 8; before, they had a field for each.
 * https://github.com/keycloak/keycloak/blob/main/core/src/main/java/org/keycloak/representations/idm/CredentialRepresentation.java
 */
import * as z from 'zod'
import { unpadded } from '../domain/hashing/families/encodings.ts'
import { algorithmOf, digitsOf, type Totp } from './factors.ts'
import { base32Of, json } from './fields.ts'
import { HASHED_CODES, MORE_FACTORS, WEBAUTHN } from './notes.ts'

const secretData = json(z.object({ value: z.string().nullish(), salt: z.string().nullish() }))
const credentialData = json(
  z.object({
    hashIterations: z.number().nullish(),
    algorithm: z.string().nullish(),
    additionalParameters: z.record(z.string(), z.array(z.string())).nullish(),
    subType: z.string().nullish(),
    digits: z.number().nullish(),
    period: z.number().nullish(),
    secretEncoding: z.string().nullish(),
  }),
)

export const credential = z.object({
  type: z.string(),
  secretData: secretData.nullish(),
  credentialData: credentialData.nullish(),
  // Before 8:
  hashedSaltedValue: z.string().nullish(),
  salt: z.string().nullish(),
  hashIterations: z.number().nullish(),
  algorithm: z.string().nullish(),
  value: z.string().nullish(),
  digits: z.number().nullish(),
  period: z.number().nullish(),
})
export type Credential = z.output<typeof credential>

/** Of Keycloak since 24, where a realm says nothing else. */
const ARGON2 = { type: 'id', version: '1.3', memory: '7168', parallelism: '1' } as const
const ARGON2_VERSIONS: ReadonlyMap<string, string> = new Map([
  ['1.0', '16'],
  ['1.3', '19'],
])

const argon2Of = (iterations: number, salt: string, value: string, more: Readonly<Record<string, readonly string[]>>): string => {
  const parameter = (name: keyof typeof ARGON2) => more[name]?.[0] ?? ARGON2[name]
  const version = ARGON2_VERSIONS.get(parameter('version')) ?? parameter('version')
  return `$argon2${parameter('type')}$v=${version}$m=${parameter('memory')},t=${iterations},p=${parameter('parallelism')}$${unpadded(salt)}$${unpadded(value)}`
}

/**
 * `pbkdf2` is PBKDF2 with SHA-1. The length of the key is that of the value, whatever the algorithm's digest is. Undefined for a
 * credential that has no hash.
 */
export const hashOf = (given: Credential): string | undefined => {
  const data = given.credentialData ?? given
  const value = given.secretData?.value ?? given.hashedSaltedValue
  const salt = given.secretData?.salt ?? given.salt ?? ''
  if (value == null) return undefined
  const iterations = data.hashIterations ?? 1
  const algorithm = data.algorithm ?? 'pbkdf2'
  if (algorithm === 'argon2') return argon2Of(iterations, salt, value, given.credentialData?.additionalParameters ?? {})
  const digest = algorithm === 'pbkdf2' ? 'sha1' : algorithm.replace(/^pbkdf2-/, '')
  return `$pbkdf2-${digest}$i=${iterations}$${unpadded(salt)}$${unpadded(value)}`
}

/** Keycloak's secret is a text, whose bytes an authenticator app gets as base32, unless it says that it is base32 already. */
export const totpOf = (given: Credential): Totp => {
  const data = given.credentialData ?? given
  const value = given.secretData?.value ?? given.value ?? ''
  const isBase32 = given.credentialData?.secretEncoding === 'BASE32'
  return {
    secret: isBase32 ? value : base32Of(Buffer.from(value)),
    digits: digitsOf(data.digits),
    period: data.period ?? 30,
    algorithm: algorithmOf(data.algorithm),
  }
}

const isHotp = ({ type, credentialData }: Credential): boolean => type === 'hotp' || (type === 'otp' && credentialData?.subType === 'hotp')
export const isTotp = (given: Credential): boolean => ['totp', 'otp'].includes(given.type) && !isHotp(given)

const NOTES: ReadonlyMap<string, string> = new Map([
  ['webauthn', WEBAUTHN],
  ['webauthn-passwordless', WEBAUTHN],
  ['recovery-authn-codes', HASHED_CODES],
])

/** What of the credentials is not taken over. */
export const notesOf = (credentials: readonly Credential[]): string[] => [
  ...credentials.flatMap(
    ({ type }) => NOTES.get(type) ?? (['password', 'totp', 'otp', 'hotp'].includes(type) ? [] : [`a credential of the type ${type}`]),
  ),
  ...(credentials.some(isHotp) ? ['one-time passwords by counter (HOTP)'] : []),
  ...(credentials.filter(isTotp).length > 1 ? [MORE_FACTORS] : []),
  ...(credentials.some((each) => each.type === 'password' && hashOf(each) === undefined) ? ['a password that the file has in clear'] : []),
]
