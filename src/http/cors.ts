/**
 * CORS. Pages of the origins in CORS_ORIGINS may call every surface, and use the cookie on `/graphql`. Outside production, pages of this
 * machine may call every surface too, whatever their port, but never with the cookie: they get neither `Access-Control-Allow-Credentials` nor
 * the header against CSRF, and `csrf.ts` takes them for strangers.
 */
import type { Config } from '../config.ts'
import type { Log } from '../domain/base/ports.ts'
import { ALLOWED, allowedOf, EXPOSED } from './corsHeaders.ts'
import { CSRF_HEADER } from './csrf.ts'
import type { HeaderFields } from './headers.ts'
import type { HttpRequest } from './message.ts'
import { createRefusedOrigins } from './refusedOrigins.ts'

const MAX_AGE_SECONDS = '600'

const LOOPBACK = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/

const takesCookies = ({ url }: HttpRequest): boolean => /^\/graphql\/?$/.test(url.pathname)

/** Adds what a browser of an allowed origin needs to the headers of an answer. */
export type AddCors = (request: HttpRequest, headers: HeaderFields) => void

export const createCors = (config: Config, log: Log): AddCors => {
  const { CORS_ORIGINS: listed, CORS_ALLOWED_HEADERS: more, production } = config
  const allowed = new Set([...ALLOWED, ...more])
  const allowedWithCookie = new Set([...allowed, CSRF_HEADER])
  const logRefused = createRefusedOrigins(config, log)

  const answerPreflight = ({ headers: asked }: HttpRequest, headers: HeaderFields, withCookie: boolean): void => {
    headers.set('access-control-allow-methods', headers.get('allow') ?? '')
    const names = allowedOf(asked.get('access-control-request-headers'), withCookie ? allowedWithCookie : allowed)
    if (names.length > 0) headers.set('access-control-allow-headers', names.join(', '))
    headers.set('access-control-max-age', MAX_AGE_SECONDS)
  }

  return (request, headers) => {
    if (listed.length > 0 || !production) headers.append('vary', 'Origin')
    const origin = request.headers.get('origin')
    if (origin === null) return
    const isListed = listed.includes(origin)
    if (!isListed && (production || !LOOPBACK.test(origin))) return logRefused(origin, request)
    const withCookie = isListed && takesCookies(request)
    headers.set('access-control-allow-origin', origin)
    headers.set('access-control-expose-headers', EXPOSED)
    if (withCookie) headers.set('access-control-allow-credentials', 'true')
    if (request.method === 'OPTIONS') answerPreflight(request, headers, withCookie)
  }
}
