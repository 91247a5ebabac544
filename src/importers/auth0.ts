/**
 * Auth0's users: the bulk export (`POST /api/v2/jobs/users-exports`, JSON Lines or CSV), the export of password hashes that Auth0's
 * support gives, and that of the secrets of authenticator apps; each is a file of its own, and the ids are the same in all.
 * https://auth0.com/docs/manage-users/user-migration/bulk-user-exports,
 * https://auth0.com/docs/manage-users/user-migration/export-password-hashes-and-mfa-secrets
 */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { flag, object, rows, text, time } from './fields.ts'
import { importerOf, type Translated } from './fromDocuments.ts'
import { id } from './mongo.ts'
import { signsInBy } from './notes.ts'
import { rowsOf } from './sources/rows.ts'

/** Of the export of password hashes: the id is that of the database of Auth0, unless the account came with one of its own. */
const hashed = z.object({
  _id: id,
  alt_id: text,
  username: text,
  email: text,
  email_verified: flag,
  passwordHash: z.string(),
})

const profile = z.object({
  user_id: z.string({ error: 'is missing: neither an exported user nor a password hash' }),
  username: text,
  email: text,
  email_verified: flag,
  name: text,
  given_name: text,
  family_name: text,
  phone_number: text,
  blocked: flag,
  created_at: time,
  updated_at: time,
  identities: rows(z.looseObject({ provider: z.string() })),
  multifactor: rows(z.string()),
  app_metadata: object,
  /** Of the export of secrets. */
  otp_secret: text,
  recovery_code: text,
})
type Profile = z.output<typeof profile>

const translateHash = (document: unknown): Translated => {
  const { _id, alt_id, username, email, email_verified, passwordHash } = hashed.parse(document)
  return {
    account: { id: `auth0|${alt_id ?? _id}`, username, email, emailVerified: email_verified === true, passwordHash },
  }
}

/** Auth0 takes the address for the name of a person who gave none. */
const nameOf = ({ name, email }: Profile): string | undefined => (name === email ? undefined : name)

/** Auth0's own factors: Guardian, authenticator apps, SMS. */
const FACTORS = 'a second factor, whose secret is not in this export'

const notesOf = ({ identities, multifactor, user_id }: Profile): string[] => {
  const providers = identities.length > 0 ? identities.map(({ provider }) => provider) : [user_id.split('|')[0] ?? '']
  return [...providers.filter((provider) => provider !== 'auth0').map(signsInBy), ...(multifactor.length > 0 ? [FACTORS] : [])]
}

const translateProfile = (document: unknown): Translated => {
  const read = profile.parse(document)
  const account: GivenAccount = {
    id: read.user_id,
    username: read.username,
    email: read.email,
    emailVerified: read.email_verified === true,
    name: nameOf(read),
    firstName: read.given_name,
    lastName: read.family_name,
    phone: read.phone_number,
    disabled: read.blocked === true,
    totp: read.otp_secret === undefined ? undefined : { secret: read.otp_secret },
    recoveryCodes: read.recovery_code === undefined ? [] : [read.recovery_code],
    createdAt: read.created_at,
    updatedAt: read.updated_at,
  }
  return { account, notes: notesOf(read) }
}

const isHash = (document: unknown): boolean => typeof document === 'object' && document !== null && 'passwordHash' in document

/** CSV has a quote before texts that a spreadsheet would take for formulas. */
const unquoted = (document: unknown): unknown =>
  typeof document !== 'object' || document === null
    ? document
    : Object.fromEntries(
        Object.entries(document).map(([name, value]) => [name, typeof value === 'string' ? value.replace(/^'(?=[=+\-@])/, '') : value]),
      )

export const auth0 = importerOf({
  name: 'auth0',
  summary: 'the users of Auth0, by its bulk export, and its export of password hashes',
  documents: rowsOf,
  translator: () => (document) => (isHash(document) ? translateHash(document) : translateProfile(unquoted(document))),
})
