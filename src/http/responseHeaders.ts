/**
 * The headers of every answer; an answer that sets one of them keeps its own value.
 *
 * CORS uses an allow-list. On the dialects tokens are sent in the Authorization header only, so credentials (cookies) are never allowed
 * there; on `/graphql` they are, for listed origins, together with the header against CSRF.
 */
import type { Config } from '../config.ts'
import { CSRF_HEADER } from './csrf.ts'
import type { HttpRequest } from './message.ts'

const always: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const ONE_YEAR = 'max-age=31536000; includeSubDomains'

export function addHeaders(config: Config, requestId: string, headers: Headers): void {
  for (const [name, value] of Object.entries(always)) if (!headers.has(name)) headers.set(name, value)
  if (config.PUBLIC_URL.startsWith('https:')) headers.set('strict-transport-security', ONE_YEAR)
  headers.set('x-request-id', requestId)
}

const EXPOSED = 'x-request-id, retry-after, www-authenticate, deprecation, sunset, link'
/** The last three are of W3C's Trace Context and Baggage: front ends with tracing send them, and nothing here is changed by them. */
const ALLOWED_HEADERS = ['authorization', 'content-type', 'traceparent', 'tracestate', 'baggage']
const MAX_AGE_SECONDS = '600'

const takesCookies = ({ url }: HttpRequest): boolean => /^\/graphql\/?$/.test(url.pathname)

/** Adds what a browser of an allowed origin needs. */
export function addCors(config: Config, request: HttpRequest, headers: Headers): void {
  if (config.CORS_ORIGINS.length === 0) return
  headers.append('vary', 'Origin')
  const origin = request.headers.get('origin')
  if (origin === null || !config.CORS_ORIGINS.includes(origin)) return
  const withCookies = takesCookies(request)
  headers.set('access-control-allow-origin', origin)
  headers.set('access-control-expose-headers', EXPOSED)
  if (withCookies) headers.set('access-control-allow-credentials', 'true')
  if (request.method !== 'OPTIONS') return
  headers.set('access-control-allow-methods', headers.get('allow') ?? '')
  const allowed = [...ALLOWED_HEADERS, ...(withCookies ? [CSRF_HEADER] : []), ...config.CORS_ALLOWED_HEADERS]
  headers.set('access-control-allow-headers', [...new Set(allowed)].join(', '))
  headers.set('access-control-max-age', MAX_AGE_SECONDS)
}
