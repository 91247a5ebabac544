/**
 * Keycloak's users, from a realm export (`kc.sh export`): an object with the array `users`, of the generations since 4. Credentials have their
 * data as JSON texts since 8; before, they had a field for each.
 * https://www.keycloak.org/server/importExport
 */
import { ScureBase32Plugin } from 'otplib'
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { given } from './given.ts'

const credential = z.object({
  type: z.string(),
  secretData: z.string().nullish(),
  credentialData: z.string().nullish(),
  // Before 8:
  hashedSaltedValue: z.string().nullish(),
  salt: z.string().nullish(),
  hashIterations: z.number().nullish(),
  algorithm: z.string().nullish(),
  value: z.string().nullish(),
  digits: z.number().nullish(),
  period: z.number().nullish(),
})
type Credential = z.output<typeof credential>

const user = z.object({
  id: z.string().nullish(),
  username: z.string().nullish(),
  email: z.string().nullish(),
  emailVerified: z.boolean().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  enabled: z.boolean().nullish(),
  createdTimestamp: z.number().nullish(),
  credentials: z.array(credential).nullish(),
  requiredActions: z.array(z.string()).nullish(),
})

const secretData = z.object({ value: z.string(), salt: z.string().nullish() })
const parameters = z.record(z.string(), z.array(z.string())).nullish()
const passwordData = z.object({ hashIterations: z.number(), algorithm: z.string(), additionalParameters: parameters })
const otpData = z.object({
  subType: z.string().nullish(),
  digits: z.number().nullish(),
  period: z.number().nullish(),
  algorithm: z.string().nullish(),
  secretEncoding: z.string().nullish(),
})

const json = <S extends z.ZodType>(schema: S, text: string | null | undefined): z.output<S> => schema.parse(JSON.parse(text ?? ''))
const unpadded = (base64: string): string => base64.replace(/=+$/, '')

interface Password {
  readonly algorithm: string
  readonly iterations: number
  readonly salt: string
  readonly value: string
  readonly more: z.output<typeof parameters>
}

const passwordOf = (given: Credential): Password => {
  if (given.secretData == null) {
    const { algorithm, hashIterations, salt, hashedSaltedValue } = given
    return {
      algorithm: algorithm ?? 'pbkdf2',
      iterations: hashIterations ?? 1,
      salt: salt ?? '',
      value: hashedSaltedValue ?? '',
      more: null,
    }
  }
  const { value, salt } = json(secretData, given.secretData)
  const { algorithm, hashIterations, additionalParameters } = json(passwordData, given.credentialData)
  return { algorithm, iterations: hashIterations, salt: salt ?? '', value, more: additionalParameters }
}

const argon2Of = ({ iterations, salt, value, more }: Password): string => {
  const parameter = (name: string, otherwise: string) => more?.[name]?.[0] ?? otherwise
  const [type, memory, lanes] = [parameter('type', 'id'), parameter('memory', '7168'), parameter('parallelism', '1')]
  return `$argon2${type}$v=19$m=${memory},t=${iterations},p=${lanes}$${unpadded(salt)}$${unpadded(value)}`
}

/** `pbkdf2` is PBKDF2 with SHA-1. The length of the key is that of the value, whatever the algorithm's digest is. */
const hashOf = (password: Password): string => {
  const { algorithm, iterations, salt, value } = password
  if (algorithm === 'argon2') return argon2Of(password)
  const digest = algorithm === 'pbkdf2' ? 'sha1' : algorithm.replace(/^pbkdf2-/, '')
  return `$pbkdf2-${digest}$i=${iterations}$${unpadded(salt)}$${unpadded(value)}`
}

/** Keycloak's secret is a text, whose bytes an authenticator app gets as base32, unless it says that it is base32 already. */
const base32Of = (value: string, encoding: string | null | undefined): string =>
  encoding === 'BASE32' ? value : new ScureBase32Plugin().encode(Buffer.from(value), { padding: false })

const totpOf = (given: Credential): GivenAccount['totp'] => {
  const isOld = given.secretData == null
  const { value } = isOld ? { value: given.value ?? '' } : json(secretData, given.secretData)
  const data = isOld ? { ...given, secretEncoding: null } : json(otpData, given.credentialData)
  return {
    secret: base32Of(value, data.secretEncoding),
    digits: data.digits === 8 ? 8 : 6,
    period: data.period ?? 30,
    algorithm: (data.algorithm ?? 'HmacSHA1').replace(/^Hmac/, '') as 'SHA1' | 'SHA256' | 'SHA512',
  }
}

const isTotp = ({ type, credentialData }: Credential): boolean =>
  type === 'totp' || (type === 'otp' && json(otpData, credentialData).subType !== 'hotp')

/** @throws {z.ZodError | SyntaxError} for a document that is no user of Keycloak */
export const fromKeycloak = (document: unknown): GivenAccount => {
  const { id, username, email, emailVerified, firstName, lastName, enabled, createdTimestamp, credentials, requiredActions } =
    user.parse(document)
  const password = credentials?.find(({ type }) => type === 'password')
  const otp = credentials?.find(isTotp)
  return {
    id: given(id),
    username: given(username),
    email: given(email),
    emailVerified: emailVerified === true,
    firstName: given(firstName),
    lastName: given(lastName),
    disabled: enabled === false,
    passwordHash: password === undefined ? undefined : hashOf(passwordOf(password)),
    mustChangePassword: requiredActions?.includes('UPDATE_PASSWORD') === true,
    totp: otp === undefined ? undefined : totpOf(otp),
    createdAt: createdTimestamp ?? undefined,
  }
}
