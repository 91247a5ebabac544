/**
 * Whether a session is live: the one place that says so, for every surface and every use. It was not ended, its absolute
 * end has not come, and a cookie session was used within COOKIE_IDLE_LIFE (NIST SP 800-63B-4, 2.2.3).
 *
 * Nobody who was active is signed out: a use in another process may not be known here yet, so that as much time is waited in
 * addition. With the embedded database, which has one process, that is none.
 */
import type { Session } from '../../db/generated/client.ts'
import type { Domain } from '../frame/domain.ts'

export type SessionRow = Pick<Session, 'id' | 'kind' | 'endedAt' | 'expiresAt' | 'lastSeenAt'>

/** How long ago the last known use of a cookie session may be, in ms. */
export const idleLife = ({ config, lastSeen }: Pick<Domain, 'config' | 'lastSeen'>): number => config.COOKIE_IDLE_LIFE + lastSeen.lateness

export const isLive = (domain: Domain, session: SessionRow): boolean => {
  const now = domain.clock.now()
  if (session.endedAt !== null || session.expiresAt <= now) return false
  return session.kind !== 'cookie' || now.getTime() - domain.lastSeen.of(session).getTime() <= idleLife(domain)
}

/** As a condition of a query: what somebody signed in to. The others are personal access tokens. */
export const signedInTo = { kind: { not: 'personal' } } as const

/** What a query can ask for: all live sessions are among these, and `isLive` has the last word. */
export const notEnded = ({ clock }: Pick<Domain, 'clock'>) => ({ endedAt: null, expiresAt: { gt: clock.now() } })
