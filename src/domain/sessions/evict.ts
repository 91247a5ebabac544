/**
 * The limit on live sessions. Beyond MAX_SESSIONS, the session that was not used for the longest time ends, and an event records
 * it: a client that signs in before every call must not end a session in use. Personal access tokens have a limit of their own.
 *
 * A use in another process of the same database may be known here up to `lastSeen.lateness` later. A session opened before that
 * time and used within it may be in use right now, so it counts as in use; if in doubt, the newest session ends first.
 */
import type { Session } from '../../db/generated/client.ts'
import { record } from '../auditLog/events.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { endThese } from './end.ts'
import { isLive, notEnded, type SessionRow, signedInTo } from './live.ts'

type Candidate = SessionRow & Pick<Session, 'createdAt'>
const columns = { id: true, kind: true, endedAt: true, expiresAt: true, lastSeenAt: true, createdAt: true } as const

/** When a session was last used, or may have been. */
const lastUse = ({ clock, lastSeen }: Domain, session: Candidate): number => {
  const known = lastSeen.of(session).getTime()
  const now = clock.now().getTime()
  const inDoubtSince = now - lastSeen.lateness
  return session.createdAt.getTime() < inDoubtSince && known >= inDoubtSince ? now : known
}

/** The most recently used first; of those used at the same time, the most recently opened. */
const byLastUse = (domain: Domain, sessions: readonly Candidate[]): Candidate[] => {
  const uses = new Map(sessions.map((session) => [session, lastUse(domain, session)]))
  const useOf = (session: Candidate) => uses.get(session) ?? 0
  return sessions.toSorted((one, other) => useOf(other) - useOf(one) || other.createdAt.getTime() - one.createdAt.getTime())
}

/**
 * Ends the sessions beyond the limit, but never the one just opened. The account's row must be locked. Idle sessions are ended too,
 * without an event, and do not count. Cost: reads the account's sessions, and writes one event for each that ends; once the limit
 * is reached, that is one per sign-in.
 */
export const evict = async (domain: Domain, tx: Tx, caller: Caller, { id: opened, userId }: Session): Promise<void> => {
  const others = await tx.session.findMany({ where: { userId, id: { not: opened }, ...signedInTo, ...notEnded(domain) }, select: columns })
  const live = others.filter((session) => isLive(domain, session))
  const evicted = new Set(byLastUse(domain, live).slice(domain.config.MAX_SESSIONS - 1))
  const ending = others.filter((session) => evicted.has(session) || !live.includes(session))
  if (ending.length === 0) return
  const ended = await endThese(
    domain,
    tx,
    ending.map(({ id }) => id),
  )
  for (const { id: sessionId } of evicted)
    if (ended.has(sessionId)) await record(domain, tx, caller, { type: 'session.evicted', userId, actorId: userId, details: { sessionId } })
}
