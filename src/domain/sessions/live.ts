/**
 * Decides whether a session is live, for every surface and use: it has not ended, has not reached its absolute end, and, if it is a
 * cookie session, was used within COOKIE_IDLE_LIFE (NIST SP 800-63B-4, 2.2.3).
 *
 * An active user must not be signed out: because a use in another process may not be known here yet, that delay is added to the
 * idle time. With the embedded database, which has one process, the delay is zero.
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

/** The condition for queries: sessions that somebody signed in to. All others are personal access tokens. */
export const signedInTo = { kind: { not: 'personal' } } as const

/** The condition for queries that all live sessions meet; `isLive` makes the final decision. */
export const notEnded = ({ clock }: Pick<Domain, 'clock'>) => ({ endedAt: null, expiresAt: { gt: clock.now() } })
