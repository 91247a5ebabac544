/**
 * What a request does to the session cookie, as data: the HTTP side says whether it may have one, resolvers write what came of
 * it, and the HTTP side puts that into the answer. The last word of a document counts. No value ever stands in a body.
 */
import { GraphQLError } from 'graphql'
import type { Transport } from '../domain/base/surfaces.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { IssuedToken } from '../domain/sessions/accessTokens.ts'
import { writeSessionCookie } from '../http/credentials.ts'

export interface CookieSlot {
  /** The one value that was presented. */
  readonly presented: string | undefined
  /** Why the request may have no cookie: it could be forged, or its surface has none. */
  readonly problem: string | null
  /** A new token for the cookie; `ended`: its session was signed out; `dead`: there was none any more; `refused`: by `checkTransport`. */
  change: IssuedToken | 'ended' | 'dead' | 'refused' | null
}

/** @throws {GraphQLError} CSRF, 403, if a cookie is asked for by a request that may have none */
export const checkTransport = (cookie: CookieSlot, transport: Transport): void => {
  if (transport === 'bearer' || cookie.problem === null) return
  cookie.change = 'refused'
  throw new GraphQLError(cookie.problem, { extensions: { code: 'CSRF', http: { status: 403 } } })
}

/** Takes the token for the cookie out of what an operation came to. */
export const keepCookie = (cookie: CookieSlot, { cookieToken }: { readonly cookieToken: IssuedToken | null }): void => {
  if (cookieToken !== null) cookie.change = cookieToken
}

/** Notes that sessions have ended, all of the account or one: the presented cookie goes with its own. */
export const dropCookie = (cookie: CookieSlot, { viewer }: Caller, ended: string | 'all'): void => {
  if (viewer?.cookie != null && (ended === 'all' || ended === viewer.session.id)) cookie.change = 'ended'
}

const secondsUntil = (end: Date, now: Date): number => Math.max(0, Math.ceil((end.getTime() - now.getTime()) / 1000))

/**
 * Puts a change into an answer. What the pages of this origin have stored goes at a sign-out (ASVS 14.3.1): not by "cookies",
 * which would reach those of sibling hosts, nor by "cache", where nothing of ours is and which takes Chromium seconds.
 */
export const writeCookie = (headers: Headers, { change }: CookieSlot, now: Date): void => {
  if (change === null || change === 'refused') return
  if (change === 'ended') headers.set('clear-site-data', '"storage"')
  const cookie =
    typeof change === 'string' ? writeSessionCookie('', 0) : writeSessionCookie(change.token, secondsUntil(change.expiresAt, now))
  headers.append('set-cookie', cookie)
}
