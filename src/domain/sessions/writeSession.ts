/**
 * The SQL that writes a sign-in: the session, its tokens, the address that it came from, and the event. One statement each:
 *
 * - `writeUsual`, for the usual sign-in: the account's credentials are those that were checked, it knows the device, has few
 *   sessions, and none that is idle. It does everything or nothing. It locks the account's row, so a concurrent change of
 *   credentials either is seen, or ends this session. Sign-ins that run at the same time do not count each other's sessions;
 *   hence ROOM, which is more than all processes together run at once for one account.
 * - `writeFirst`, for the first session of an account that this transaction created.
 *
 * All other sign-ins take the longer way through `openSession.ts`.
 */
import { Prisma } from '../../db/generated/client.ts'
import { eventRow } from '../auditLog/events.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { clientOf, MOST_CLIENTS } from './devices.ts'
import { idleLife } from './live.ts'
import type { NewSession } from './makeSession.ts'

const { sql } = Prisma

/** So many sessions below MAX_SESSIONS, an account has few. */
const ROOM = 50

/** Writes the session of an account. `device` is a part of the statement that returns the account's id, or nothing. */
const write = async (domain: Domain, tx: Tx, caller: Caller, account: Account, made: NewSession, device: Prisma.Sql): Promise<boolean> => {
  const { session, tokens } = made
  const details = { sessionId: session.id, twoFactor: account.twoFactorSecret !== null, newDevice: false }
  const event = eventRow(domain, caller, { type: 'session.signed_in', userId: account.id, actorId: account.id, details })
  const { fingerprint, client } = clientOf(caller)
  const now = sql`${session.createdAt}::timestamptz`
  const found = await tx.$queryRaw<unknown[]>`
    WITH ${device},
    client AS (
      INSERT INTO known_clients (user_id, fingerprint, client, first_seen_at, last_seen_at)
      SELECT user_id, ${fingerprint}, ${client}, ${now}, ${now} FROM device
      ON CONFLICT (user_id, fingerprint, client) DO UPDATE SET last_seen_at = excluded.last_seen_at),
    opened AS (
      INSERT INTO sessions (id, user_id, kind, surface, origin, created_at, last_seen_at, authenticated_at, expires_at, client_address, user_agent, refresh_counter, refresh_expires_at)
      SELECT ${session.id}, user_id, ${session.kind}, ${session.surface}, ${session.origin}, ${now}, ${now}, ${now}, ${session.expiresAt}::timestamptz,
        ${session.clientAddress}, ${session.userAgent}, ${session.refreshCounter}::int, ${session.refreshExpiresAt}::timestamptz FROM device
      RETURNING id),
    tokens AS (
      INSERT INTO opaque_tokens (hash, session_id, kind, created_at, expires_at)
      SELECT hash, id, kind, ${now}, expires_at FROM opened,
        unnest(${tokens.map(({ hash }) => hash)}::text[], ${tokens.map(({ kind }) => kind)}::text[],
          ${tokens.map(({ expiresAt }) => expiresAt.toISOString())}::text[]::timestamptz[]) AS given (hash, kind, expires_at)),
    event AS (
      INSERT INTO audit_events (at, type, outcome, user_id, actor_id, surface, client_address, user_agent, request_id, details)
      SELECT ${now}, ${event.type}, ${event.outcome}, ${event.userId}, ${event.actorId}, ${event.surface}, ${event.clientAddress},
        ${event.userAgent}, ${event.requestId}, ${JSON.stringify(event.details)}::jsonb FROM opened)
    SELECT id FROM opened`
  return found.length === 1
}

/** Writes the usual sign-in; false if it is not the usual one, and nothing was written. */
export const writeUsual = async (domain: Domain, caller: Caller, seen: Account, made: NewSession): Promise<boolean> => {
  const { id, credentialVersion } = seen
  const { fingerprint, client } = clientOf(caller)
  const now = made.session.createdAt
  const idleSince = new Date(now.getTime() - idleLife(domain))
  const device = sql`live AS (
      SELECT count(*) AS number, coalesce(bool_or(kind = 'cookie' AND last_seen_at < ${idleSince}::timestamptz), false) AS idle FROM sessions
      WHERE user_id = ${id} AND kind <> 'personal' AND ended_at IS NULL AND expires_at > ${now}::timestamptz),
    account AS MATERIALIZED (
      SELECT id FROM users WHERE id = ${id} AND credential_version = ${credentialVersion}::int AND NOT login_disabled
        AND (SELECT number < ${domain.config.MAX_SESSIONS - ROOM}::int AND NOT idle FROM live)
        AND (EXISTS (SELECT 1 FROM known_clients WHERE user_id = ${id} AND fingerprint = ${fingerprint} AND client = ${client})
          OR (SELECT count(*) FROM known_clients WHERE user_id = ${id}) < ${MOST_CLIENTS}::int)
      FOR UPDATE),
    device AS (
      UPDATE known_devices SET last_seen_at = ${now}::timestamptz FROM account
      WHERE user_id = account.id AND fingerprint = ${fingerprint} RETURNING user_id)`
  return await write(domain, domain.db, caller, seen, made, device)
}

/** Writes the first session of an account, with its first device. */
export const writeFirst = async (domain: Domain, tx: Tx, caller: Caller, account: Account, made: NewSession): Promise<void> => {
  const now = made.session.createdAt
  const device = sql`device AS (
      INSERT INTO known_devices (user_id, fingerprint, first_seen_at, last_seen_at)
      VALUES (${account.id}, ${clientOf(caller).fingerprint}, ${now}::timestamptz, ${now}::timestamptz) RETURNING user_id)`
  await write(domain, tx, caller, account, made, device)
}
