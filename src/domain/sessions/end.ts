/** Ends sessions. A session that has ended stays ended for all its tokens, on every surface, from the next request on. */

import { lockRow } from '../accounts/lock.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { isLive, notEnded, type SessionRow } from './live.ts'

/** Locks the sessions of an account that have not ended, in the order of their ids, as `lastSeen` does. */
const holdSessions = async (domain: Domain, tx: Tx, userId: string): Promise<SessionRow[]> => {
  await tx.$queryRaw`SELECT id FROM sessions WHERE user_id = ${userId} AND ended_at IS NULL ORDER BY id FOR UPDATE`
  return await tx.session.findMany({ where: { userId, ...notEnded(domain) } })
}

/**
 * Ends the sessions of an account, including personal access tokens, all or all but one; returns how many were live. Locks the
 * account's row first, as `openSession` does: a concurrent sign-in is either ended here, or sees the change.
 */
export const endSessions = async (domain: Domain, tx: Tx, userId: string, options: { except?: string } = {}): Promise<number> => {
  await lockRow(tx, userId)
  const ending = (await holdSessions(domain, tx, userId)).filter(({ id }) => id !== options.except)
  await tx.session.updateMany({ where: { id: { in: ending.map(({ id }) => id) } }, data: { endedAt: domain.clock.now() } })
  return ending.filter((session) => isLive(domain, session)).length
}

/** Ends some sessions, locked in the order of their ids; returns those that had not ended before. */
export const endThese = async (domain: Domain, tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const held = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM sessions WHERE id = ANY(${[...ids]}::text[]) AND ended_at IS NULL ORDER BY id FOR UPDATE`
  const ended = held.map(({ id }) => id)
  await tx.session.updateMany({ where: { id: { in: ended } }, data: { endedAt: domain.clock.now() } })
  return new Set(ended)
}

/** Ends one session; false if it had already ended. */
export const endSession = async (domain: Domain, tx: Tx, sessionId: string): Promise<boolean> => {
  const { count } = await tx.session.updateMany({ where: { id: sessionId, endedAt: null }, data: { endedAt: domain.clock.now() } })
  return count === 1
}
