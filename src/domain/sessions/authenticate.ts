/**
 * From the text behind `Bearer` to a live session and its account: one SQL statement for every form of token. JWTs carry
 * the session's id; everything else is looked up by its hash, whatever its length. Refresh tokens, login codes and mail
 * tokens are never found: no row of `opaque_tokens` has their hash. What is found counts as used, which costs no statement.
 */
import type { Session, User } from '../../db/generated/client.ts'
import type { Domain } from '../domain.ts'
import { verifyAccessToken } from './accessTokens.ts'
import { isLive } from './live.ts'
import { hashToken } from './opaqueTokens.ts'
import { type Rights, rightsOf } from './rights.ts'

/** An account. The row is what operations hand out; each surface shapes its own view of it. */
export type Account = User

/** A live session, its account, and what they may do together. */
export interface Viewer {
  readonly session: Session
  readonly account: Account
  readonly rights: Rights
}

const JWT_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/
const MAX_BEARER_LENGTH = 4096

const liveViewer = (domain: Domain, found: (Session & { user: User }) | null | undefined): Viewer | null => {
  if (found === null || found === undefined) return null
  const { user: account, ...session } = found
  if (account.loginDisabled || !isLive(domain, session)) return null
  domain.lastSeen.touch(session.id, domain.clock.now())
  return { session, account, rights: rightsOf(domain.config, session, account) }
}

const bySession = async (domain: Domain, token: string): Promise<Viewer | null> => {
  const claims = await verifyAccessToken(domain, token)
  if (claims === null) return null
  const session = await domain.db.session.findUnique({
    where: { id: claims.sessionId },
    include: { user: true },
    relationLoadStrategy: 'join',
  })
  return session?.userId === claims.userId ? liveViewer(domain, session) : null
}

const byHash = async (domain: Domain, token: string): Promise<Viewer | null> => {
  const found = await domain.db.opaqueToken.findUnique({
    where: { hash: hashToken(token) },
    include: { session: { include: { user: true } } },
    relationLoadStrategy: 'join',
  })
  return found !== null && found.expiresAt > domain.clock.now() ? liveViewer(domain, found.session) : null
}

/** The viewer that a bearer text stands for, or null if it is unknown, expired, ended, or of a disabled account. */
export const authenticate = async (domain: Domain, bearer: string | null): Promise<Viewer | null> => {
  if (bearer === null || bearer === '' || bearer.length > MAX_BEARER_LENGTH) return null
  return JWT_FORM.test(bearer) ? await bySession(domain, bearer) : await byHash(domain, bearer)
}
