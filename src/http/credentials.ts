/**
 * The two ways in which a request brings a session.
 *
 * The token of an Authorization header (RFC 6750, 2.1) is read as it stands, whatever the case of the scheme.
 *
 * The cookie of a browser session (RFC 6265bis) is bound to this very host by its prefix, unreadable for scripts, and sent in requests
 * of the same site only. Names are compared as the browser sends them; nothing but spaces and tabs is trimmed, so that no name
 * with odd white space passes for ours.
 */
import type { RequestHeaders } from './headers.ts'

const SCHEME = /^bearer +(\S+) *$/i

export const bearerToken = (headers: RequestHeaders): string | null => SCHEME.exec(headers.get('authorization') ?? '')?.[1] ?? null

export const SESSION_COOKIE = '__Host-vestibule-session'

const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** Every value that a request presents; a browser has one at most. */
export const sessionCookies = (headers: RequestHeaders): string[] =>
  (headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, ''))
    .filter((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    .map((pair) => pair.slice(SESSION_COOKIE.length + 1))

/** A `Set-Cookie` for `seconds`; none delete the cookie. */
export const writeSessionCookie = (token: string, seconds: number): string =>
  `${SESSION_COOKIE}=${token}; ${ATTRIBUTES}; Max-Age=${seconds}`
