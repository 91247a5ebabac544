/**
 * Refresh token rotation, decided by one SQL statement under a lock on the row (RFC 9700, 4.14):
 * - live: the number is the session's counter; the counter is increased;
 * - grace: the number was used at most REFRESH_GRACE ago, wherever the chain is now: the same successor again;
 * - reused: it was used before that: the whole session ends, and an event is recorded.
 *
 * A successor is computed from the session and the number, so the chain cannot fork.
 */

import { z } from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { type Credentials, chainCredentials } from './openSession.ts'

interface Rotated {
  readonly userId: string
  readonly expiresAt: Date
  readonly endedAt: Date | null
  /** When the presented number was used, in ms since the epoch. */
  readonly rotatedAt: bigint | null
}

const rotate = async (domain: Domain, tx: Tx, sessionId: string, number: number): Promise<Rotated | undefined> => {
  const now = domain.clock.now()
  const nowMs = BigInt(now.getTime())
  const graceFrom = nowMs - BigInt(domain.config.REFRESH_GRACE)
  const refreshExpiresAt = new Date(now.getTime() + domain.config.REFRESH_TOKEN_LIFE)
  const key = String(number)
  const rows = await tx.$queryRaw<Rotated[]>`
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
    RETURNING user_id AS "userId", expires_at AS "expiresAt", ended_at AS "endedAt", (refresh_rotations ->> ${key}::text)::bigint AS "rotatedAt"`
  return rows[0]
}

/** Records that a refresh token was presented too long after its use to be a retry. */
export const recordReuse = async (
  domain: Domain,
  tx: Tx,
  caller: Caller,
  { id: sessionId, userId }: { id: string; userId: string },
  number: number,
): Promise<void> =>
  await record(domain, tx, caller, { type: 'session.refresh_reused', userId, actorId: null, details: { sessionId, number } })

/** A refresh token that ends no session is only logged: anybody may send as many as the limit allows. */
export const deadRefreshToken = ({ log }: Domain, { surface, clientAddress }: Caller, sessionId?: string): Failure => {
  if (sessionId === undefined) log.warn({ surface, clientAddress }, 'an unknown refresh token was presented')
  else log.info({ surface, clientAddress, sessionId }, 'a refresh token was presented that has expired or whose session has ended')
  return new Failure('INVALID_REFRESH_TOKEN')
}

export interface Refreshed {
  readonly account: Account
  readonly credentials: Credentials
}

/**
 * Exchanges a refresh token for its successor and a new access token. It needs no second factor, because the session passed it.
 * @throws {Failure} INVALID_REFRESH_TOKEN, TOO_MANY_REQUESTS
 */
export async function refreshSession(domain: Domain, caller: Caller, input: { refreshToken: string }): Promise<Refreshed> {
  const { refreshToken } = parse(z.object({ refreshToken: nonEmpty }), input)
  await domain.limits.attempt(caller.clientAddress)
  const presented = domain.refreshTokens.read(refreshToken)
  if (presented === null) throw deadRefreshToken(domain, caller)
  const { sessionId, number } = presented
  const rotated = await inTransaction(domain.db, async (tx) => {
    const found = await rotate(domain, tx, sessionId, number)
    if (found !== undefined && found.endedAt !== null)
      await recordReuse(domain, tx, caller, { id: sessionId, userId: found.userId }, number)
    return found
  })
  if (rotated === undefined) throw deadRefreshToken(domain, caller, sessionId)
  if (rotated.endedAt !== null) throw new Failure('INVALID_REFRESH_TOKEN')
  const account = await domain.db.user.findUnique({ where: { id: rotated.userId } })
  if (account === null) throw new Failure('INVALID_REFRESH_TOKEN')
  const end = Math.min(Number(rotated.rotatedAt) + domain.config.REFRESH_TOKEN_LIFE, rotated.expiresAt.getTime())
  const session = { id: sessionId, userId: rotated.userId, expiresAt: rotated.expiresAt }
  return { account, credentials: await chainCredentials(domain, session, { number: number + 1, expiresAt: new Date(end) }) }
}
