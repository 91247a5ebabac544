/**
 * Refresh token rotation, decided by one SQL statement under a lock on the row (RFC 9700, 4.14):
 * - live: the number is the session's counter; the counter is increased;
 * - grace: the number was used at most REFRESH_GRACE ago, wherever the chain is now: the same successor again;
 * - reused: it was used before that: the whole session ends, and an event is recorded.
 *
 * A successor is computed from the session and the number, so the chain cannot fork.
 */
import * as z from 'zod'
import { Prisma, type Session } from '../../db/generated/client.ts'
import { repeatedly } from '../../db/transaction.ts'
import { accountColumns } from '../accounts/userColumns.ts'
import { eventRow, record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { type Credentials, chainCredentials } from './makeSession.ts'

/** The event of a refresh token that was presented too long after its use to be a retry. */
const reuseOf = ({ id: sessionId, userId }: Pick<Session, 'id' | 'userId'>, number: number) =>
  ({ type: 'session.refresh_reused', userId, actorId: null, details: { sessionId, number } }) as const

/** The account, and what its session has become. */
interface Rotated extends Account {
  readonly sessionExpiresAt: Date
  readonly sessionEndedAt: Date | null
  /** When the presented number was used, in ms since the epoch. */
  readonly rotatedAt: bigint | null
}

const rotation = (domain: Domain, sessionId: string, number: number): Prisma.Sql => {
  const now = domain.clock.now()
  const nowMs = BigInt(now.getTime())
  const graceFrom = nowMs - BigInt(domain.config.REFRESH_GRACE)
  const refreshExpiresAt = new Date(now.getTime() + domain.config.REFRESH_TOKEN_LIFE)
  const key = String(number)
  return Prisma.sql`
    UPDATE sessions SET
      refresh_counter = CASE WHEN refresh_counter = ${number} THEN refresh_counter + 1 ELSE refresh_counter END,
      refresh_expires_at = CASE WHEN refresh_counter = ${number} THEN LEAST(${refreshExpiresAt}::timestamptz, expires_at) ELSE refresh_expires_at END,
      refresh_rotations = CASE WHEN refresh_counter = ${number}
        THEN (SELECT coalesce(jsonb_object_agg(spent.key, spent.value), '{}') FROM jsonb_each(refresh_rotations) AS spent WHERE spent.value::text::bigint >= ${graceFrom}::bigint)
          || jsonb_build_object(${key}::text, ${nowMs}::bigint)
        ELSE refresh_rotations END,
      last_seen_at = ${now}::timestamptz,
      ended_at = CASE WHEN refresh_counter > ${number} AND coalesce((refresh_rotations ->> ${key}::text)::bigint < ${graceFrom}::bigint, true)
        THEN ${now}::timestamptz END
    WHERE id = ${sessionId} AND ended_at IS NULL AND expires_at > ${now}::timestamptz
      AND (refresh_counter > ${number} OR (refresh_counter = ${number} AND refresh_expires_at > ${now}::timestamptz))
      AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND NOT users.login_disabled)
    RETURNING user_id, expires_at, ended_at, (refresh_rotations ->> ${key}::text)::bigint AS rotated_at`
}

/** Decides about a token, and records it if the session ends: all in one statement. */
const rotate = async (domain: Domain, caller: Caller, sessionId: string, number: number): Promise<Rotated | undefined> => {
  const event = eventRow(domain, caller, reuseOf({ id: sessionId, userId: '' }, number))
  const rows = await repeatedly(
    async () =>
      await domain.db.$queryRaw<Rotated[]>`
    WITH rotated AS (${rotation(domain, sessionId, number)}),
    event AS (
      INSERT INTO audit_events (at, type, outcome, user_id, actor_id, surface, client_address, user_agent, request_id, details)
      SELECT ${event.at}::timestamptz, ${event.type}, ${event.outcome}, user_id, NULL, ${event.surface}, ${event.clientAddress}, ${event.userAgent},
        ${event.requestId}, ${JSON.stringify(event.details)}::jsonb FROM rotated WHERE ended_at IS NOT NULL)
    SELECT ${accountColumns}, rotated.expires_at AS "sessionExpiresAt", rotated.ended_at AS "sessionEndedAt", rotated.rotated_at AS "rotatedAt"
    FROM rotated JOIN users ON users.id = rotated.user_id`,
  )
  return rows[0]
}

/** Records that a refresh token was presented too long after its use to be a retry. */
export const recordReuse = async (
  domain: Domain,
  tx: Tx,
  caller: Caller,
  session: Pick<Session, 'id' | 'userId'>,
  number: number,
): Promise<void> => await record(domain, tx, caller, reuseOf(session, number))

/** A refresh token that ends no session is only logged: anybody may send as many as the limit allows. */
export const deadRefreshToken = ({ log }: Domain, { surface, clientAddress }: Caller, sessionId?: string): Failure => {
  if (sessionId === undefined) log.warn({ surface, clientAddress }, 'an unknown refresh token was presented')
  else log.info({ surface, clientAddress, sessionId }, 'a refresh token was presented that has expired or whose session has ended')
  return new Failure('INVALID_REFRESH_TOKEN')
}

const schema = z.object({ refreshToken: nonEmpty })

export interface Refreshed {
  readonly account: Account
  readonly credentials: Credentials
}

/**
 * Exchanges a refresh token for its successor and a new access token. It needs no second factor, because the session passed it.
 * @throws {Failure} INVALID_REFRESH_TOKEN, TOO_MANY_REQUESTS
 */
export async function refreshSession(domain: Domain, caller: Caller, input: { refreshToken: string }): Promise<Refreshed> {
  const { refreshToken } = parse(schema, input)
  await domain.limits.attempt(caller.clientAddress)
  const presented = domain.refreshTokens.read(refreshToken)
  if (presented === null) throw deadRefreshToken(domain, caller)
  const { sessionId, number } = presented
  const rotated = await rotate(domain, caller, sessionId, number)
  if (rotated === undefined) throw deadRefreshToken(domain, caller, sessionId)
  const { sessionExpiresAt: expiresAt, sessionEndedAt, rotatedAt, ...account } = rotated
  if (sessionEndedAt !== null) throw new Failure('INVALID_REFRESH_TOKEN')
  const end = Math.min(Number(rotatedAt) + domain.config.REFRESH_TOKEN_LIFE, expiresAt.getTime())
  const session = { id: sessionId, userId: account.id, expiresAt }
  return { account, credentials: chainCredentials(domain, session, { number: number + 1, expiresAt: new Date(end) }) }
}
