/**
 * What a request does to the session cookie, as data. The HTTP side states whether the request may have a cookie, a resolver notes
 * the change, and the HTTP side writes it into the answer. If a document makes several changes, the last one wins. The value of a
 * cookie is never part of a body.
 */
import { GraphQLError } from 'graphql'
import type { Transport } from '../domain/base/surfaces.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { IssuedToken } from '../domain/sessions/accessTokens.ts'
import { writeSessionCookie } from '../http/credentials.ts'
import type { HeaderFields } from '../http/headers.ts'

export interface CookieSlot {
  /** The cookie that the request sent. */
  readonly presented: string | undefined
  /** Why the request may not have a cookie: it could be forged, or the surface has no cookies. Null if it may. */
  readonly problem: string | null
  /** A new token for the cookie; `ended`: its session has ended; `dead`: it had ended long before; `refused`: by `checkTransport`. */
  change: IssuedToken | 'ended' | 'dead' | 'refused' | null
}

/** Why a request may not have the cookie that it asks for; its words and its status are for the client. */
export class CookieRefusal extends GraphQLError {
  constructor(problem: string) {
    super(problem, { extensions: { code: 'CSRF', http: { status: 403 } } })
  }
}

/** @throws {CookieRefusal} CSRF, 403, if a request asks for a cookie and may not have one */
export const checkTransport = (cookie: CookieSlot, transport: Transport): void => {
  if (transport === 'bearer' || cookie.problem === null) return
  cookie.change = 'refused'
  throw new CookieRefusal(cookie.problem)
}

/** Notes the cookie's new token from the result of an operation. */
export const keepCookie = (cookie: CookieSlot, { cookieToken }: { readonly cookieToken: IssuedToken | null }): void => {
  if (cookieToken !== null) cookie.change = cookieToken
}

/** Notes that one session, or all of the account, ended; removes the cookie if its session is among them. */
export const dropCookie = (cookie: CookieSlot, { viewer }: Caller, ended: string | 'all'): void => {
  if (viewer?.cookie != null && (ended === 'all' || ended === viewer.session.id)) cookie.change = 'ended'
}

const secondsUntil = (end: Date, now: Date): number => Math.max(0, Math.ceil((end.getTime() - now.getTime()) / 1000))

/**
 * Writes a change into the answer. A sign-out also clears the storage of this origin (ASVS 14.3.1). It does not send "cookies", which
 * would clear those of sibling hosts, nor "cache", which holds nothing of ours and takes Chromium seconds.
 */
export const writeCookie = (headers: HeaderFields, { change }: CookieSlot, now: Date): void => {
  if (change === null || change === 'refused') return
  if (change === 'ended') headers.set('clear-site-data', '"storage"')
  const cookie =
    typeof change === 'string' ? writeSessionCookie('', 0) : writeSessionCookie(change.token, secondsUntil(change.expiresAt, now))
  headers.append('set-cookie', cookie)
}
