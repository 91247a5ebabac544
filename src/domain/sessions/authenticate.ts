/**
 * From the text behind `Bearer`, or from a cookie, to a live session and its account: one SQL statement for every form of token.
 * JWTs carry the session's id; everything else is looked up by its hash, whatever its length. Refresh tokens, login codes and
 * mail tokens are never found: no row of `opaque_tokens` has their hash. A cookie's token is no bearer's, and the reverse. What
 * is found counts as used, which costs no statement.
 */
import type { Session, User } from '../../db/generated/client.ts'
import type { Transport } from '../base/surfaces.ts'
import type { Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { hashSecret } from '../secrets/secret.ts'
import { verifyAccessToken } from './accessTokens.ts'
import { isLive } from './live.ts'
import { rightsOf } from './rights.ts'

const JWT_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/
const MAX_TOKEN_LENGTH = 4096

const liveViewer = (domain: Domain, found: Session & { user: User }, cookie: Viewer['cookie'] = null): Viewer | null => {
  const { user: account, ...session } = found
  if (account.loginDisabled || !isLive(domain, session)) return null
  domain.lastSeen.touch(session.id, domain.clock.now())
  return { session, account, rights: rightsOf(domain.config, session, account), cookie }
}

const bySession = async (domain: Domain, token: string): Promise<Viewer | null> => {
  const claims = await verifyAccessToken(domain, token)
  if (claims === null) return null
  const session = await domain.db.session.findUnique({
    where: { id: claims.sessionId },
    include: { user: true },
    relationLoadStrategy: 'join',
  })
  return session?.userId === claims.userId && session.kind !== 'cookie' ? liveViewer(domain, session) : null
}

const byHash = async (domain: Domain, token: string, transport: Transport): Promise<Viewer | null> => {
  const found = await domain.db.opaqueToken.findUnique({
    where: { hash: hashSecret(token) },
    include: { session: { include: { user: true } } },
    relationLoadStrategy: 'join',
  })
  if (found === null || found.expiresAt <= domain.clock.now()) return null
  if ((found.kind === 'cookie') !== (transport === 'cookie')) return null
  const cookie = transport === 'cookie' ? { hash: found.hash, superseded: found.expiresAt < found.session.expiresAt } : null
  return liveViewer(domain, found.session, cookie)
}

/** The viewer that a token stands for, or null if it is unknown, expired, ended, of a disabled account, or came the wrong way. */
export const authenticate = async (domain: Domain, token: string | null, transport: Transport = 'bearer'): Promise<Viewer | null> => {
  if (token === null || token === '' || token.length > MAX_TOKEN_LENGTH) return null
  if (transport === 'bearer' && JWT_FORM.test(token)) return await bySession(domain, token)
  return await byHash(domain, token, transport)
}
