/**
 * The one statement of every request with a token: the session and its account, by the id of the session or by the hash of an opaque token.
 * It is short to parse and always planned alike, so it takes constant time (`db/reader.ts`).
 */
import {
  asBigInt,
  asBoolean,
  asDate,
  asNullableDate,
  asNullableNumber,
  asNullableText,
  asNumber,
  asText,
  asTextArray,
} from '../../db/jsonColumns.ts'
import type { ReadStatement } from '../../db/reader.ts'
import type { Account } from '../frame/account.ts'
import type { Domain } from '../frame/domain.ts'
import type { SessionFacts } from '../frame/sessionFacts.ts'

type Column<Value> = readonly [name: string, read: (value: unknown) => Value]
type Columns<Row> = { readonly [Name in keyof Row]-?: Column<Row[Name]> }

const sessionColumns: Columns<SessionFacts> = {
  id: ['id', asText],
  userId: ['user_id', asText],
  kind: ['kind', asText],
  name: ['name', asNullableText],
  scopes: ['scopes', asTextArray],
  surface: ['surface', asText],
  origin: ['origin', asNullableText],
  createdAt: ['created_at', asDate],
  expiresAt: ['expires_at', asDate],
  endedAt: ['ended_at', asNullableDate],
  lastSeenAt: ['last_seen_at', asDate],
  authenticatedAt: ['authenticated_at', asDate],
}

const accountColumns: Columns<Account> = {
  id: ['id', asText],
  seq: ['seq::text', asBigInt],
  createdAt: ['created_at', asDate],
  updatedAt: ['updated_at', asDate],
  email: ['email', asNullableText],
  emailVerifiedAt: ['email_verified_at', asNullableDate],
  heldEmail: ['held_email', asNullableText],
  heldVerifiedAt: ['held_verified_at', asNullableDate],
  heldUntil: ['held_until', asNullableDate],
  username: ['username', asText],
  name: ['name', asText],
  firstName: ['first_name', asText],
  lastName: ['last_name', asNullableText],
  phone: ['phone', asNullableText],
  phoneE164: ['phone_e164', asNullableText],
  bio: ['bio', asNullableText],
  locale: ['locale', asText],
  isAdmin: ['is_admin', asBoolean],
  loginDisabled: ['login_disabled', asBoolean],
  scopes: ['scopes', asTextArray],
  passwordHash: ['password_hash', asNullableText],
  mustChangePassword: ['must_change_password', asBoolean],
  credentialVersion: ['credential_version', asNumber],
  twoFactorSecret: ['two_factor_secret', asNullableText],
  twoFactorPending: ['two_factor_pending', asNullableText],
  twoFactorLastStep: ['two_factor_last_step', asNullableNumber],
}

const selected = (alias: string, columns: Readonly<Record<string, Column<unknown>>>): string[] =>
  Object.values(columns).map(([name]) => `${alias}.${name}`)

const COLUMNS = [...selected('s', sessionColumns), ...selected('u', accountColumns)].join(', ')
const JOINED = 'JOIN users u ON u.id = s.user_id'

const BY_ID: ReadStatement = {
  name: 'session_by_id',
  text: `SELECT json_build_array(${COLUMNS})::text FROM sessions s ${JOINED} WHERE s.id = $1`,
}
const BY_HASH: ReadStatement = {
  name: 'session_by_token_hash',
  text: `SELECT json_build_array(${COLUMNS}, t.kind, t.expires_at)::text FROM opaque_tokens t JOIN sessions s ON s.id = t.session_id ${JOINED} WHERE t.hash = $1`,
}

type JsonRow = readonly unknown[]

/** Reads columns from `start` on. */
const readerOf = <Row>(columns: Columns<Row>, start: number): ((row: JsonRow) => Row) => {
  const fields = Object.entries<Column<unknown>>(columns).map(([name, [, read]], index) => ({ name, read, at: start + index }))
  return (row) => {
    const result: Record<string, unknown> = {}
    for (const { name, read, at } of fields) result[name] = read(row[at])
    return result as Row
  }
}

const ACCOUNT_START = Object.keys(sessionColumns).length
const TOKEN_START = ACCOUNT_START + Object.keys(accountColumns).length

const readSession = readerOf(sessionColumns, 0)
const readAccount = readerOf(accountColumns, ACCOUNT_START)

export interface FoundSession {
  readonly session: SessionFacts
  readonly account: Account
}

export interface FoundToken extends FoundSession {
  readonly kind: string
  readonly expiresAt: Date
}

type Parts = Pick<Domain, 'reader'>

/** The session of an id, and its account; null if there is none. */
export async function findSessionById({ reader }: Parts, id: string): Promise<FoundSession | null> {
  const row = await reader.first(BY_ID, id)
  return row === undefined ? null : { session: readSession(row), account: readAccount(row) }
}

/** The session of an opaque token, by the hash of the token. */
export async function findSessionByHash({ reader }: Parts, hash: string): Promise<FoundToken | null> {
  const row = await reader.first(BY_HASH, hash)
  if (row === undefined) return null
  const [kind, expiresAt] = row.slice(TOKEN_START)
  return { session: readSession(row), account: readAccount(row), kind: asText(kind), expiresAt: asDate(expiresAt) }
}
