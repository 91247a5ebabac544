/** Writes the planned accounts of a batch, in a few statements whatever its size. Call it in a transaction. */
import { Prisma } from '../../db/generated/client.ts'
import { identifierKey } from '../accounts/identifiers.ts'
import { eventRow } from '../auditLog/events.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { sealTotpSecret } from '../twoFactor/totp.ts'
import { accountState } from './accountState.ts'
import type { Planned } from './planBatch.ts'
import { namedColumns, type PreparedAccount, type SessionRow } from './preparedAccount.ts'

const { sql } = Prisma

export interface NumberedPlan {
  /** Of the record in the source. */
  readonly number: number
  readonly planned: Planned
}

type Created = Extract<Planned, { outcome: 'created' }>
type Merged = Extract<Planned, { outcome: 'merged' }>
type Written<Kind> = { readonly number: number; readonly planned: Kind }

const COLUMNS = sql`id, created_at, updated_at, email, email_verified_at, username, name, name_key, first_name, last_name, identifier_keys, phone,
  phone_e164, bio, locale, is_admin, login_disabled, scopes, password_hash, must_change_password, two_factor_secret`

/** The envelope of an account's second factor is bound to the account that it is written to. */
const factorOf = (domain: Domain, { totp }: PreparedAccount, userId: string): string | null =>
  totp === null ? null : sealTotpSecret(domain, userId, totp)

const rowsOf = (rows: readonly object[]): Prisma.Sql => sql`${JSON.stringify(rows)}::json`

/** The accounts, in the order of the source, with their identifiers. */
const writeAccounts = async (domain: Domain, tx: Tx, created: readonly Written<Created>[]): Promise<void> => {
  const rows = created.map(({ planned: { account, username } }) => ({
    ...account.row,
    two_factor_secret: factorOf(domain, account, account.id),
    ...namedColumns(account.record, username, account.email),
  }))
  const identifiers = created.flatMap(({ planned: { account, username } }) =>
    [...new Set([...account.keys, identifierKey(username)])].map((value) => ({ value, user_id: account.id })),
  )
  await tx.$executeRaw`INSERT INTO users (${COLUMNS}) SELECT ${COLUMNS} FROM json_populate_recordset(NULL::users, ${rowsOf(rows)})`
  await tx.$executeRaw`INSERT INTO identifiers (value, user_id) SELECT value, user_id FROM json_populate_recordset(NULL::identifiers, ${rowsOf(identifiers)})
    ON CONFLICT (value) DO UPDATE SET user_id = excluded.user_id, reserved_until = NULL WHERE identifiers.reserved_until IS NOT NULL`
}

interface OwnedSession extends SessionRow {
  readonly user_id: string
}

const writeSessions = async (tx: Tx, sessions: readonly OwnedSession[]): Promise<void> => {
  if (sessions.length === 0) return
  const rows = sessions.map(({ token_hash, token_kind, ...row }) => ({ ...row, kind: 'token', authenticated_at: row.created_at }))
  const tokens = sessions.map(({ token_hash, token_kind, id, created_at, expires_at }) => ({
    hash: token_hash,
    kind: token_kind,
    session_id: id,
    created_at,
    expires_at,
  }))
  const columns = sql`id, user_id, kind, surface, created_at, expires_at, last_seen_at, authenticated_at, client_address, user_agent`
  const tokenColumns = sql`hash, session_id, kind, created_at, expires_at`
  await tx.$executeRaw`INSERT INTO sessions (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::sessions, ${rowsOf(rows)})`
  await tx.$executeRaw`INSERT INTO opaque_tokens (${tokenColumns}) SELECT ${tokenColumns} FROM json_populate_recordset(NULL::opaque_tokens, ${rowsOf(tokens)})`
}

/** What a merge may fill, if the account has none. */
const FILLED = ['password_hash', 'email_verified_at', 'two_factor_secret', 'phone', 'phone_e164', 'bio'] as const

/** Fills what the accounts lack; returns the filled columns by account. */
const fillAccounts = async (
  domain: Domain,
  tx: Tx,
  merged: readonly Written<Merged>[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  if (merged.length === 0) return new Map()
  const rows = merged.map(({ planned: { account, userId } }) => ({
    ...account.row,
    id: userId,
    two_factor_secret: factorOf(domain, account, userId),
  }))
  const found = await tx.$queryRaw<{ id: string; filled: string[] }[]>`
    WITH given AS (
      SELECT DISTINCT ON (id) * FROM json_to_recordset(${rowsOf(rows)}) AS given (id text, email text, password_hash text, email_verified_at timestamptz,
        two_factor_secret text, phone text, phone_e164 text, bio text)),
    before AS (SELECT users.* FROM users JOIN given USING (id) FOR UPDATE OF users),
    filled AS (
      UPDATE users SET password_hash = coalesce(users.password_hash, given.password_hash),
        email_verified_at = CASE WHEN lower(users.email) = lower(given.email) THEN coalesce(users.email_verified_at, given.email_verified_at) ELSE users.email_verified_at END,
        two_factor_secret = coalesce(users.two_factor_secret, given.two_factor_secret),
        phone = coalesce(users.phone, given.phone), phone_e164 = coalesce(users.phone_e164, given.phone_e164), bio = coalesce(users.bio, given.bio)
      FROM given WHERE users.id = given.id RETURNING users.*)
    SELECT filled.id, array_remove(ARRAY[${Prisma.join(
      FILLED.map((column) => sql`CASE WHEN before.${Prisma.raw(column)} IS DISTINCT FROM filled.${Prisma.raw(column)} THEN ${column} END`),
    )}], NULL) AS filled
    FROM filled JOIN before USING (id)`
  return new Map(found.map(({ id, filled }) => [id, filled]))
}

const recordEvents = async (domain: Domain, tx: Tx, caller: Caller, created: readonly Written<Created>[]): Promise<void> => {
  const rows = created.map(({ planned: { account } }) => {
    const details = { isAdmin: account.record.isAdmin, scopes: account.record.scopes.join(' ') }
    const event = eventRow(domain, caller, { type: 'account.created', userId: account.id, actorId: null, details })
    return {
      at: domain.clock.now(),
      type: event.type,
      outcome: event.outcome,
      user_id: account.id,
      surface: event.surface,
      request_id: event.requestId,
      details,
    }
  })
  const columns = sql`at, type, outcome, user_id, surface, request_id, details`
  await tx.$executeRaw`INSERT INTO audit_events (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::audit_events, ${rowsOf(rows)})`
}

const recordRun = async (
  tx: Tx,
  runId: string,
  written: readonly Written<Created | Merged>[],
  filled: ReadonlyMap<string, readonly string[]>,
): Promise<void> => {
  const rows = written.map(({ number, planned }) => {
    const userId = planned.outcome === 'created' ? planned.account.id : planned.userId
    return {
      number,
      user_id: userId,
      outcome: planned.outcome,
      digest: planned.account.digest,
      sessions: planned.sessions.map(({ id }) => id),
      filled: planned.outcome === 'merged' ? (filled.get(userId) ?? []) : [],
    }
  })
  await tx.$executeRaw`
    INSERT INTO import_records (run_id, number, user_id, outcome, digest, sessions, filled, state)
    SELECT ${runId}, given.number, given.user_id, given.outcome, given.digest, given.sessions, given.filled, ${accountState}
    FROM json_populate_recordset(NULL::import_records, ${rowsOf(rows)}) AS given JOIN users AS account ON account.id = given.user_id`
}

/** Writes all that is planned to be created or merged. */
export const writeBatch = async (domain: Domain, tx: Tx, caller: Caller, runId: string, plans: readonly NumberedPlan[]): Promise<void> => {
  const created = plans.filter((plan): plan is Written<Created> => plan.planned.outcome === 'created')
  const merged = plans.filter((plan): plan is Written<Merged> => plan.planned.outcome === 'merged')
  if (created.length > 0) {
    await writeAccounts(domain, tx, created)
    await recordEvents(domain, tx, caller, created)
  }
  const filled = await fillAccounts(domain, tx, merged)
  await writeSessions(tx, [
    ...created.flatMap(({ planned }) => planned.sessions.map((session) => ({ ...session, user_id: planned.account.id }))),
    ...merged.flatMap(({ planned }) => planned.sessions.map((session) => ({ ...session, user_id: planned.userId }))),
  ])
  if (created.length + merged.length > 0) await recordRun(tx, runId, [...created, ...merged], filled)
}
