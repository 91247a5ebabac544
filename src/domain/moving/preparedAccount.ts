/** What an import writes for an account: the rows of the tables, made from a record whose form was checked. */
import { plainScopes } from '../accounts/accountScopes.ts'
import { identifierKey, searchedOf } from '../accounts/identifiers.ts'
import { fromFullName, fromParts, fromUsername, type Names } from '../accounts/personNames.ts'
import { newAccountId, uuid } from '../base/ids.ts'
import { phone as phoneRule } from '../base/input.ts'
import { plainCode } from '../base/plainCode.ts'
import type { Domain } from '../frame/domain.ts'
import { hashSecret } from '../secrets/secret.ts'
import { isHardToGuess } from '../twoFactor/importedCodes.ts'
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
  readonly id: string
  readonly username: string
  readonly email: string | null
  /** The normal forms of both. */
  readonly keys: readonly string[]
  /** The columns of `users`, but for the second factor. */
  readonly row: Readonly<Record<string, unknown>>
  /** The secret of the second factor with its parameters, or null. */
  readonly totp: string | null
  /** In normal form. */
  readonly recoveryCodes: readonly string[]
  readonly sessions: readonly SessionRow[]
  /** What was left out, in words that are the same for all accounts. */
  readonly notes: readonly string[]
}

export const notes = {
  otherEmails: 'e-mail addresses beside the first one were left out',
  endedSessions: 'sessions that have ended were left out',
  disabledSessions: 'sessions were left out, because sign-in is disabled',
  usedTokens: 'sessions whose token is in use already were left out',
  easyCodes: 'recovery codes that can be guessed were left out',
  codesAlone: 'recovery codes without a second factor were left out',
  noPassword: 'without a password: signs in after a reset by mail',
  layered: 'a fast hash was hashed again with argon2id',
  factorKept: 'recovery codes were left out, because the account has a second factor of its own',
} as const

/** The names of an account; without any, what stands before the @ of its username stands for them. */
const namesOf = ({ name, firstName, lastName }: AccountRecord, username: string): Names => {
  const full = name?.trim() ?? ''
  const first = firstName?.trim() ?? ''
  const last = lastName?.trim() ?? ''
  if (full !== '') return fromFullName(full)
  if (first !== '' || last !== '') return first === '' ? fromFullName(last) : fromParts(first, last === '' ? null : last)
  return fromUsername(username.split('@')[0] || username)
}

const nameColumns = (record: AccountRecord, username: string): Readonly<Record<string, unknown>> => {
  const { name, nameKey, firstName, lastName } = namesOf(record, username)
  return { name, name_key: nameKey, first_name: firstName, last_name: lastName }
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

/** A sign-in of the future would count as a fresh one for as long: nobody would be asked for a password before a dangerous change. */
const notAfter = (time: Date, now: Date): Date => (time > now ? now : time)

const sessionsOf = (domain: Domain, { sessions, disabled }: AccountRecord, now: Date): SessionRow[] =>
  sessions
    .filter(({ expiresAt }) => expiresAt > now && !disabled)
    .map((session) => ({
      id: uuid(domain.randomBytes),
      surface: session.surface,
      token_hash: tokenHashOf(session),
      token_kind: session.surface === 'wekan' ? 'resume' : 'sess',
      created_at: notAfter(session.createdAt, now),
      expires_at: session.expiresAt,
      last_seen_at: notAfter(session.lastSeenAt ?? session.createdAt, now),
      client_address: session.clientAddress ?? null,
      user_agent: session.userAgent ?? null,
    }))

const codesOf = ({ recoveryCodes, totp }: AccountRecord): string[] =>
  totp === undefined ? [] : [...new Set(recoveryCodes.map(plainCode))].filter(isHardToGuess)

const notesOf = (record: AccountRecord, sessions: readonly SessionRow[], codes: readonly string[], now: Date): string[] => {
  const { otherEmails, recoveryCodes, disabled, totp, passwordHash = '' } = record
  const isLive = ({ expiresAt }: { expiresAt: Date }) => expiresAt > now
  const found: readonly (readonly [boolean, string])[] = [
    [otherEmails.length > 0, notes.otherEmails],
    [!record.sessions.every(isLive), notes.endedSessions],
    [disabled && record.sessions.some(isLive) && sessions.length === 0, notes.disabledSessions],
    [totp === undefined && recoveryCodes.length > 0, notes.codesAlone],
    [totp !== undefined && codes.length < new Set(recoveryCodes.map(plainCode)).size, notes.easyCodes],
    [passwordHash === '', notes.noPassword],
  ]
  return found.flatMap(([is, note]) => (is ? [note] : []))
}

/**
 * Without a username, an account gets its address as one, or its id: no other account can have that as its username, so nobody loses theirs.
 * `now`: when the run writes; sessions that have ended by then, or belong to a disabled account, are left out.
 */
export const prepareAccount = (domain: Domain, record: AccountRecord, passwordHash: string | null, now: Date): PreparedAccount => {
  const id = record.id ?? newAccountId(domain.randomBytes, 'graphql')
  const email = record.email ?? null
  const username = record.username ?? email ?? id
  const createdAt = record.createdAt ?? now
  const { emailVerified, totp } = record
  const verifiedAt = emailVerified === true ? (record.updatedAt ?? createdAt) : emailVerified || null
  const row = {
    id,
    created_at: createdAt,
    updated_at: record.updatedAt ?? createdAt,
    email,
    email_verified_at: email === null ? null : verifiedAt,
    username,
    ...nameColumns(record, username),
    identifier_keys: searchedOf({ username, email }).identifierKeys,
    ...phoneColumns(record.phone),
    bio: record.bio ?? null,
    locale: record.locale ?? domain.config.DEFAULT_LOCALE,
    is_admin: record.isAdmin,
    login_disabled: record.disabled,
    scopes: plainScopes(record.scopes),
    password_hash: passwordHash,
    must_change_password: record.mustChangePassword,
  }
  const sessions = sessionsOf(domain, record, now)
  const recoveryCodes = codesOf(record)
  return {
    record,
    id,
    username,
    email,
    keys: [...new Set([username, email].flatMap((value) => (value === null ? [] : [identifierKey(value)])))],
    row,
    totp: totp === undefined ? null : printTotp({ ...totp, algorithm: totp.algorithm.toLowerCase() as TotpAlgorithm }),
    recoveryCodes,
    sessions,
    notes: notesOf(record, sessions, recoveryCodes, now),
  }
}
