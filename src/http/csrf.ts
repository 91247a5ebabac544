/**
 * Whether another site's page could have made a request that acts by a cookie (ASVS 3.5.1, OWASP's cheat sheet on CSRF). The custom header
 * is always required: it cannot cross origins without a preflight, and only listed origins pass that. It is enough for a client that is not
 * a browser. What a browser sends must fit as well: `Origin`, and `Sec-Fetch-Site`. Another site is refused even if its origin is listed,
 * because a SameSite=Strict cookie is not meant for it. `Referer` is not used.
 */
import type { Config } from '../config.ts'
import type { RequestHeaders } from './headers.ts'

export const CSRF_HEADER = 'x-csrf-protection'

/** What is wrong with a request that acts by a cookie, or null. */
export const csrfProblem = (config: Config, headers: RequestHeaders): string | null => {
  if (headers.get(CSRF_HEADER) !== '1') return `A session in a cookie needs the header ${CSRF_HEADER}: 1.`
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  const isListed = origin !== null && (origin === new URL(config.PUBLIC_URL).origin || config.CORS_ORIGINS.includes(origin))
  if (origin !== null && !isListed) return 'The origin is neither that of PUBLIC_URL nor one of CORS_ORIGINS.'
  if (site === null || site === 'same-origin' || (site === 'same-site' && isListed)) return null
  if (site === 'cross-site') return 'A session in a cookie is for pages of the same site: use the transport BEARER.'
  return 'The request does not come from a page of a listed origin.'
}
