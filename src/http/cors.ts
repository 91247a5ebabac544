/**
 * CORS by allow-list, the same on every surface. Tokens travel in the Authorization header, so credentials (cookies) are
 * never allowed.
 */
import type { Config } from '../config.ts'

const EXPOSED = 'x-request-id, retry-after, www-authenticate'
const ALLOWED_HEADERS = 'authorization, content-type'
const MAX_AGE_SECONDS = '600'

/** Adds what a browser of an allowed origin needs. */
export function addCors(config: Config, request: Request, headers: Headers): void {
  if (config.CORS_ORIGINS.length === 0) return
  headers.append('vary', 'Origin')
  const origin = request.headers.get('origin')
  if (origin === null || !config.CORS_ORIGINS.includes(origin)) return
  headers.set('access-control-allow-origin', origin)
  headers.set('access-control-expose-headers', EXPOSED)
  if (request.method !== 'OPTIONS') return
  headers.set('access-control-allow-methods', headers.get('allow') ?? '')
  headers.set('access-control-allow-headers', ALLOWED_HEADERS)
  headers.set('access-control-max-age', MAX_AGE_SECONDS)
}
