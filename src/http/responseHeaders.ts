/**
 * The headers of every answer, whatever its route and also where there is no app to answer (`server/refusals.ts`); an answer that sets
 * one of them keeps its own value. CORS is in `cors.ts`.
 */
import type { Config } from '../config.ts'
import type { HeaderFields } from './headers.ts'

const always: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  // Whoever opens an answer as a page gets nothing that runs, in an origin of its own.
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const ONE_YEAR = 'max-age=31536000; includeSubDomains'

/** The same for all answers of a server whose clients come to `publicUrl`. */
export const commonHeaders = (publicUrl: string): Readonly<Record<string, string>> =>
  publicUrl.startsWith('https:') ? { ...always, 'strict-transport-security': ONE_YEAR } : always

/** Adds what an answer does not set, and the id of its request. */
export type AddHeaders = (requestId: string, headers: HeaderFields) => void

/** Has browsers report what the policy of a page keeps from running (CSP 3, Reporting API). */
const addReporting = (reportUrl: string, headers: HeaderFields): void => {
  headers.set('content-security-policy', `${headers.get('content-security-policy')}; report-uri ${reportUrl}; report-to csp`)
  headers.set('reporting-endpoints', `csp="${reportUrl}"`)
}

export function createHeaders({ PUBLIC_URL, CSP_REPORT_URL }: Pick<Config, 'PUBLIC_URL' | 'CSP_REPORT_URL'>): AddHeaders {
  const common = Object.entries(commonHeaders(PUBLIC_URL))
  return (requestId, headers) => {
    for (const [name, value] of common) if (!headers.has(name)) headers.set(name, value)
    if (CSP_REPORT_URL !== undefined && headers.get('content-type')?.startsWith('text/html')) addReporting(CSP_REPORT_URL, headers)
    headers.set('x-request-id', requestId)
  }
}
