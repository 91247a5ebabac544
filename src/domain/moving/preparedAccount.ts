/** What an import writes for an account: the rows of the tables, made from a record whose form was checked. */
import { createHash } from 'node:crypto'
import { identifierKey, searchedOf } from '../accounts/identifiers.ts'
import { fromFullName, fromParts, fromUsername, type Names } from '../accounts/personNames.ts'
import { newAccountId, uuid } from '../base/ids.ts'
import { phone as phoneRule } from '../base/input.ts'
import type { Domain } from '../frame/domain.ts'
import { hashSecret } from '../secrets/secret.ts'
import { printTotp, type TotpAlgorithm } from '../twoFactor/totp.ts'
import type { AccountRecord } from './accountRecord.ts'

/** A row of `sessions`, with its opaque token. Names are those of the columns. */
export interface SessionRow {
  readonly id: string
  readonly surface: string
  readonly token_hash: string
  readonly token_kind: 'resume' | 'sess'
  readonly created_at: Date
  readonly expires_at: Date
  readonly last_seen_at: Date
  readonly client_address: string | null
  readonly user_agent: string | null
}

export interface PreparedAccount {
  readonly record: AccountRecord
  /** SHA-256 of the record. */
  readonly digest: string
  readonly id: string
  /** Null if one must be derived. */
  readonly username: string | null
  readonly email: string | null
  /** The normal forms of both. */
  readonly keys: readonly string[]
  /** The columns of `users`, but for those that depend on the username, and the second factor. */
  readonly row: Readonly<Record<string, unknown>>
  /** The secret of the second factor with its parameters, or null. */
  readonly totp: string | null
  readonly sessions: readonly SessionRow[]
}

const digestOf = (record: AccountRecord): string => createHash('sha256').update(JSON.stringify(record)).digest('base64url')

/** The names of an account; without any, its username stands for them. */
export const namesOf = ({ name, firstName, lastName }: AccountRecord, username: string): Names => {
  const full = name?.trim() ?? ''
  const first = firstName?.trim() ?? ''
  const last = lastName?.trim() ?? ''
  if (full !== '') return fromFullName(full)
  if (first !== '' || last !== '') return first === '' ? fromFullName(last) : fromParts(first, last === '' ? null : last)
  return fromUsername(username)
}

/** The columns that depend on the username. */
export const namedColumns = (record: AccountRecord, username: string, email: string | null): Readonly<Record<string, unknown>> => {
  const { name, nameKey, firstName, lastName } = namesOf(record, username)
  const { identifierKeys } = searchedOf({ username, email })
  return { username, name, name_key: nameKey, first_name: firstName, last_name: lastName, identifier_keys: identifierKeys }
}

/** A number that cannot be one is kept as it was sent. */
const phoneColumns = (phone: string | undefined) => {
  const read = phoneRule.safeParse(phone ?? null)
  return { phone: phone?.trim() || null, phone_e164: read.success ? (read.data?.e164 ?? null) : null }
}

const tokenHashOf = ({ token, tokenHash = '' }: AccountRecord['sessions'][number]): string => {
  if (token !== undefined) return hashSecret(token)
  return tokenHash.length === 64 ? Buffer.from(tokenHash, 'hex').toString('base64') : tokenHash
}

const sessionsOf = (domain: Domain, { sessions, disabled }: AccountRecord, now: Date): SessionRow[] =>
  sessions
    .filter(({ expiresAt }) => expiresAt > now && !disabled)
    .map((session) => ({
      id: uuid(domain.randomBytes),
      surface: session.surface,
      token_hash: tokenHashOf(session),
      token_kind: session.surface === 'wekan' ? 'resume' : 'sess',
      created_at: session.createdAt,
      expires_at: session.expiresAt,
      last_seen_at: session.lastSeenAt ?? session.createdAt,
      client_address: session.clientAddress ?? null,
      user_agent: session.userAgent ?? null,
    }))

/** `now`: when the run writes; sessions that have ended by then, or belong to a disabled account, are left out. */
export const prepareAccount = (domain: Domain, record: AccountRecord, passwordHash: string | null, now: Date): PreparedAccount => {
  const id = record.id ?? newAccountId(domain.randomBytes, 'graphql')
  const email = record.email ?? null
  const username = record.username ?? null
  const createdAt = record.createdAt ?? now
  const { emailVerified, totp } = record
  const verifiedAt = emailVerified === true ? (record.updatedAt ?? createdAt) : emailVerified || null
  const row = {
    id,
    created_at: createdAt,
    updated_at: record.updatedAt ?? createdAt,
    email,
    email_verified_at: email === null ? null : verifiedAt,
    ...phoneColumns(record.phone),
    bio: record.bio ?? null,
    locale: record.locale ?? domain.config.DEFAULT_LOCALE,
    is_admin: record.isAdmin,
    login_disabled: record.disabled,
    scopes: [...new Set(record.scopes)],
    password_hash: passwordHash,
    must_change_password: record.mustChangePassword,
  }
  const keys = [...new Set([username, email].flatMap((value) => (value === null ? [] : [identifierKey(value)])))]
  return {
    record,
    digest: digestOf(record),
    id,
    username,
    email,
    keys,
    row,
    totp: totp === undefined ? null : printTotp({ ...totp, algorithm: totp.algorithm.toLowerCase() as TotpAlgorithm }),
    sessions: sessionsOf(domain, record, now),
  }
}
