/** Writes the planned accounts of a batch, in a few statements whatever its size. Call it in a transaction. */
import { Prisma } from '../../db/generated/client.ts'
import { eventRow } from '../auditLog/events.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { importedCodeRows } from '../twoFactor/importedCodes.ts'
import { sealTotpSecret } from '../twoFactor/totp.ts'
import { type Merged, mergeAccounts } from './mergeAccounts.ts'
import type { Planned } from './planBatch.ts'
import type { PreparedAccount, SessionRow } from './preparedAccount.ts'

const { sql } = Prisma

/** Somebody took an identifier after it was looked up: plan the batch again. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

type Created = Extract<Planned, { outcome: 'created' }>

const COLUMNS = sql`id, created_at, updated_at, email, email_verified_at, username, name, name_key, first_name, last_name, identifier_keys, phone,
  phone_e164, bio, locale, is_admin, login_disabled, scopes, password_hash, must_change_password, two_factor_secret`

/** The envelope of an account's second factor is bound to the account that it is written to. */
const factorOf = (domain: Domain, { totp, id }: PreparedAccount): string | null => (totp === null ? null : sealTotpSecret(domain, id, totp))

const rowsOf = (rows: readonly object[]): Prisma.Sql => sql`${JSON.stringify(rows)}::json`

/** The accounts, in the order of the source, with their identifiers and recovery codes. @throws {Overtaken} */
const writeAccounts = async (domain: Domain, tx: Tx, created: readonly Created[]): Promise<void> => {
  const rows = created.map(({ account }) => ({ ...account.row, two_factor_secret: factorOf(domain, account) }))
  const identifiers = created.flatMap(({ account }) => account.keys.map((value) => ({ value, user_id: account.id })))
  await tx.$executeRaw`INSERT INTO users (${COLUMNS}) SELECT ${COLUMNS} FROM json_populate_recordset(NULL::users, ${rowsOf(rows)})`
  const taken = await tx.$executeRaw`
    INSERT INTO identifiers (value, user_id) SELECT value, user_id FROM json_populate_recordset(NULL::identifiers, ${rowsOf(identifiers)})
    ON CONFLICT (value) DO UPDATE SET user_id = excluded.user_id, reserved_until = NULL WHERE identifiers.reserved_until <= ${domain.clock.now()}::timestamptz`
  if (taken !== identifiers.length) throw new Overtaken()
  const codes = created.flatMap(({ account }) => importedCodeRows(domain, account.id, account.recoveryCodes))
  if (codes.length > 0)
    await tx.$executeRaw`INSERT INTO recovery_codes (user_id, selector, hash, sealed_key)
      SELECT user_id, selector, hash, sealed_key FROM json_populate_recordset(NULL::recovery_codes, ${rowsOf(codes)})`
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

const recordEvents = async (domain: Domain, tx: Tx, caller: Caller, created: readonly Created[]): Promise<void> => {
  const rows = created.map(({ account }) => {
    const details = { isAdmin: account.record.isAdmin, scopes: account.record.scopes.join(' ') }
    const event = eventRow(domain, caller, { type: 'account.created', userId: account.id, actorId: null, details })
    return {
      at: event.at,
      type: event.type,
      outcome: event.outcome,
      user_id: account.id,
      surface: event.surface,
      client_address: event.clientAddress,
      request_id: event.requestId,
      details,
    }
  })
  const columns = sql`at, type, outcome, user_id, surface, client_address, request_id, details`
  await tx.$executeRaw`INSERT INTO audit_events (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::audit_events, ${rowsOf(rows)})`
}

/** Writes all that is planned to be created or merged. Returns the filled columns of each merge, in order. @throws {Overtaken} */
export const writeBatch = async (domain: Domain, tx: Tx, caller: Caller, plans: readonly Planned[]): Promise<string[][]> => {
  const created = plans.filter((planned): planned is Created => planned.outcome === 'created')
  const merged = plans.filter((planned): planned is Merged => planned.outcome === 'merged')
  if (created.length > 0) {
    await writeAccounts(domain, tx, created)
    await recordEvents(domain, tx, caller, created)
  }
  const filled = await mergeAccounts(domain, tx, caller, merged)
  await writeSessions(tx, [
    ...created.flatMap(({ account, sessions }) => sessions.map((session) => ({ ...session, user_id: account.id }))),
    ...merged.flatMap(({ userId, sessions }) => sessions.map((session) => ({ ...session, user_id: userId }))),
  ])
  return filled
}
