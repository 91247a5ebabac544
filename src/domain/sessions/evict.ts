/**
 * The limit of live sessions of an account. Beyond MAX_SESSIONS, what was not used for the longest time ends, and an event says so:
 * a client that signs in before every call must not sign out one that is in use. Personal access tokens have a limit of their own.
 *
 * A use through another process of the same database may be known here `lastSeen.lateness` late. What was opened before that
 * time and was used within it may be in use right now, and counts so: of what is in doubt, the newly opened ends first.
 */
import type { Session } from '../../db/generated/client.ts'
import { record } from '../auditLog/events.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { endThese } from './end.ts'
import { isLive, notEnded, signedInTo } from './live.ts'

/** When a session was last used, or may have been. */
const lastUse = ({ clock, lastSeen }: Domain, session: Session): number => {
  const known = lastSeen.of(session).getTime()
  const now = clock.now().getTime()
  const inDoubtSince = now - lastSeen.lateness
  return session.createdAt.getTime() < inDoubtSince && known >= inDoubtSince ? now : known
}

/** The last used first; of those used at the same time, the last opened. */
const byLastUse = (domain: Domain, sessions: readonly Session[]): Session[] => {
  const uses = new Map(sessions.map((session) => [session, lastUse(domain, session)]))
  const useOf = (session: Session) => uses.get(session) ?? 0
  return sessions.toSorted((one, other) => useOf(other) - useOf(one) || other.createdAt.getTime() - one.createdAt.getTime())
}

/**
 * Ends what is beyond the limit, never the session that was just opened. Asks for the account's row to be held. What has gone
 * idle is ended on the way, without an event, and counts no more.
 * Cost: reads the sessions of the account, and writes one event for each that ends: one a sign-in, once the limit is reached.
 */
export const evict = async (domain: Domain, tx: Tx, caller: Caller, { id: opened, userId }: Session): Promise<void> => {
  const others = await tx.session.findMany({ where: { userId, id: { not: opened }, ...signedInTo, ...notEnded(domain) } })
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
