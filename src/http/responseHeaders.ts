/** The headers of every answer, whatever its route; an answer that sets one of them keeps its own value. CORS is in `cors.ts`. */
import type { Config } from '../config.ts'
import type { HeaderFields } from './headers.ts'

const always: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const ONE_YEAR = 'max-age=31536000; includeSubDomains'

export function addHeaders(config: Config, requestId: string, headers: HeaderFields): void {
  for (const [name, value] of Object.entries(always)) if (!headers.has(name)) headers.set(name, value)
  if (config.PUBLIC_URL.startsWith('https:')) headers.set('strict-transport-security', ONE_YEAR)
  headers.set('x-request-id', requestId)
}
