/**
 * The ends of a session that its owner asks for: the presented one, that of a refresh token, or all.
 */
import { z } from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../audit.ts'
import { type Caller, viewerOf } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { Failure } from '../errors.ts'
import { nonEmpty, parse } from '../input.ts'
import { endSession, endSessions } from './end.ts'
import { deadRefreshToken, recordReuse } from './refresh.ts'

/**
 * The live session of a refresh token: the newest of its chain, or one spent within the grace. One that was spent earlier
 * is reuse, here as at a refresh: the session ends.
 * @throws {Failure} INVALID_REFRESH_TOKEN
 */
const sessionOf = async (domain: Domain, caller: Caller, refreshToken: string): Promise<{ id: string; userId: string }> => {
  const presented = domain.refreshTokens.read(refreshToken)
  if (presented === null) throw deadRefreshToken(domain, caller)
  const session = await domain.db.session.findUnique({ where: { id: presented.sessionId } })
  const now = domain.clock.now()
  const dead = () => deadRefreshToken(domain, caller, presented.sessionId)
  if (session === null || session.endedAt !== null || session.expiresAt <= now) throw dead()
  if (session.refreshCounter === presented.number) {
    if (session.refreshExpiresAt === null || session.refreshExpiresAt <= now) throw dead()
    return session
  }
  const spentAt = (session.refreshRotations as Record<string, number>)[String(presented.number)] ?? 0
  if (spentAt >= now.getTime() - domain.config.REFRESH_GRACE) return session
  await endSession(domain, domain.db, session.id)
  await recordReuse(domain, caller, session.userId, session.id, presented.number)
  throw new Failure('INVALID_REFRESH_TOKEN')
}

/**
 * Ends the session of `refreshToken`, or else the caller's.
 * @throws {Failure} INVALID_REFRESH_TOKEN for one that is unknown, expired or revoked, UNAUTHENTICATED without either
 */
export async function signOut(domain: Domain, caller: Caller, input: { refreshToken?: string | null | undefined }): Promise<void> {
  const { refreshToken } = parse(z.object({ refreshToken: nonEmpty.nullish() }), input)
  const session = refreshToken == null ? viewerOf(caller).session : await sessionOf(domain, caller, refreshToken)
  const ended = await inTransaction(domain.db, async (tx) => {
    const done = await endSession(domain, tx, session.id)
    const { id: sessionId, userId } = session
    if (done) await record(domain, tx, caller, { type: 'session.signed_out', userId, actorId: userId, details: { sessionId } })
    return done
  })
  if (!ended) throw new Failure(refreshToken == null ? 'UNAUTHENTICATED' : 'INVALID_REFRESH_TOKEN')
}

/** Ends all sessions of the caller's account, this one too; returns how many. */
export async function signOutEverywhere(domain: Domain, caller: Caller): Promise<number> {
  const { account } = viewerOf(caller)
  return await inTransaction(domain.db, async (tx) => {
    const ended = await endSessions(domain, tx, account.id)
    await record(domain, tx, caller, { type: 'session.signed_out_everywhere', userId: account.id, details: { ended } })
    return ended
  })
}
