/**
 * Finds the caller: the facts of a request, and the live session and account of its bearer token or cookie, with one SQL statement for
 * every form of token. JWTs contain the session's id; every other text is looked up by its hash, whatever its length. Refresh tokens,
 * login codes and mail tokens are never found, because `opaque_tokens` has no row with their hash. A cookie's token does not work as a
 * bearer token, nor a bearer token in a cookie. A session that is found counts as used, which costs no statement.
 */

import { inSpan } from '../../tracing/spans.ts'
import type { Surface, Transport } from '../base/surfaces.ts'
import type { Caller, RequestFacts, Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { hashSecret } from '../secrets/secret.ts'
import { isAccessToken, verifyAccessToken } from './accessTokens.ts'
import { isLive } from './live.ts'
import { isSteppedUp, rightsOf } from './rights.ts'
import { type FoundSession, findSessionByHash, findSessionById } from './sessionLookup.ts'

const MAX_TOKEN_LENGTH = 4096

const liveViewer = (domain: Domain, { session, account }: FoundSession, cookie: Viewer['cookie'] = null): Viewer | null => {
  if (account.loginDisabled || !isLive(domain, session)) return null
  domain.lastSeen.touch(session.id, domain.clock.now())
  return { session, account, rights: rightsOf(domain.config, session, account), cookie }
}

const bySession = async (domain: Domain, token: string): Promise<Viewer | null> => {
  const claims = await verifyAccessToken(domain, token)
  const found = claims === null ? null : await findSessionById(domain, claims.sessionId)
  if (found === null || found.account.id !== claims?.userId || found.session.kind === 'cookie') return null
  return liveViewer(domain, found)
}

const byHash = async (domain: Domain, token: string, transport: Transport): Promise<Viewer | null> => {
  const hash = hashSecret(token)
  const found = await findSessionByHash(domain, hash)
  if (found === null || found.expiresAt <= domain.clock.now()) return null
  if ((found.kind === 'cookie') !== (transport === 'cookie')) return null
  const cookie = transport === 'cookie' ? { hash, superseded: found.expiresAt < found.session.expiresAt } : null
  return liveViewer(domain, found, cookie)
}

/** The viewer that a token stands for, or null if it is unknown, expired, ended, of a disabled account, or came the wrong way. */
const authenticate = async (domain: Domain, token: string | null, transport: Transport = 'bearer'): Promise<Viewer | null> => {
  if (token === null || token === '' || token.length > MAX_TOKEN_LENGTH) return null
  if (transport === 'bearer' && isAccessToken(token)) return await bySession(domain, token)
  return await byHash(domain, token, transport)
}

/**
 * Finds the caller of a request to a surface, with one SQL statement if there is a token. The default `transport` is a bearer
 * token.
 */
export async function findCaller(
  domain: Domain,
  facts: RequestFacts,
  surface: Surface,
  token: string | null,
  transport?: Transport,
): Promise<Caller> {
  const viewer = await inSpan('find caller', async () => await authenticate(domain, token, transport))
  const { clientAddress, userAgent, requestId, locale } = facts
  return {
    ...{ clientAddress, userAgent, requestId, locale, surface, viewer },
    presentsDeadToken: viewer === null && token !== null && token !== '',
    get steppedUp() {
      return isSteppedUp(domain, surface, viewer)
    },
    registrationOpen: domain.config.REGISTRATION === 'open',
  }
}
