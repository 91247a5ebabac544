/** Sign-out: of the present session, of the session of a refresh token, or of all sessions. */
import * as z from 'zod'
import type { Session } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { dropPending } from '../accounts/pending.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { endSession, endSessions } from './end.ts'
import { isLive } from './live.ts'
import { deadRefreshToken, recordReuse } from './refresh.ts'

const schema = z.object({ refreshToken: nonEmpty.nullish() })

/**
 * The live session of a refresh token: the newest of its chain, or one used within the grace time. An earlier one is reuse, as at a
 * refresh: the session ends.
 * @throws {Failure} INVALID_REFRESH_TOKEN
 */
const sessionOf = async (domain: Domain, caller: Caller, refreshToken: string): Promise<Session> => {
  const presented = domain.refreshTokens.read(refreshToken)
  if (presented === null) throw deadRefreshToken(domain, caller)
  const session = await domain.db.session.findUnique({ where: { id: presented.sessionId } })
  const now = domain.clock.now()
  const dead = () => deadRefreshToken(domain, caller, presented.sessionId)
  if (session === null || !isLive(domain, session)) throw dead()
  if (session.refreshCounter === presented.number) {
    if (session.refreshExpiresAt === null || session.refreshExpiresAt <= now) throw dead()
    return session
  }
  const spentAt = (session.refreshRotations as Record<string, number>)[String(presented.number)] ?? 0
  if (spentAt >= now.getTime() - domain.config.REFRESH_GRACE) return session
  await inTransaction(domain.db, async (tx) => {
    if (await endSession(domain, tx, session.id)) await recordReuse(domain, tx, caller, session, presented.number)
  })
  throw new Failure('INVALID_REFRESH_TOKEN')
}

/**
 * Ends the session of `refreshToken`, or else the caller's, which may be a personal access token; returns its id.
 * @throws {Failure} INVALID_REFRESH_TOKEN if it is unknown, expired or revoked, UNAUTHENTICATED without a refresh token and a
 * session
 */
export async function signOut(domain: Domain, caller: Caller, input: { refreshToken?: string | null | undefined }): Promise<string> {
  const { refreshToken } = parse(schema, input)
  const session = refreshToken == null ? viewerOf(caller).session : await sessionOf(domain, caller, refreshToken)
  const type = session.kind === 'personal' ? 'token.revoked' : 'session.signed_out'
  const ended = await inTransaction(domain.db, async (tx) => {
    const done = await endSession(domain, tx, session.id)
    const { id: sessionId, userId } = session
    if (done) await record(domain, tx, caller, { type, userId, actorId: userId, details: { sessionId } })
    return done
  })
  if (!ended) throw refreshToken == null ? new Failure('UNAUTHENTICATED', { isTokenDead: true }) : new Failure('INVALID_REFRESH_TOKEN')
  return session.id
}

/** Ends all sessions and personal access tokens of the caller's account, including this session; returns how many. */
export async function signOutEverywhere(domain: Domain, caller: Caller): Promise<number> {
  const { account } = viewerOf(caller)
  return await inTransaction(domain.db, async (tx) => {
    const ended = await endSessions(domain, tx, account.id)
    await dropPending(tx, account.id)
    await record(domain, tx, caller, { type: 'session.signed_out_everywhere', userId: account.id, details: { ended } })
    return ended
  })
}
