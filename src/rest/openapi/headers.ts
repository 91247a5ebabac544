/**
 * The headers that answers may have in addition to common ones, as Header Objects (OpenAPI 3.1, section 4.8.21). A document lists those
 * that its answers have; headers about a retirement only if a row has one.
 */
import type { Row } from '../dialect.ts'
import { retirementHeaders } from '../retired.ts'
import type { JsonObject } from './schemas.ts'

const text = { type: 'string' }

/** By their names. */
const headers: Readonly<Record<string, JsonObject>> = {
  'X-Request-Id': { description: 'Names the request in the log', required: true, schema: text },
  'Cache-Control': { description: '`no-store`: answers are nobody else’s', required: true, schema: { const: 'no-store' } },
  'WWW-Authenticate': {
    description: 'RFC 6750, section 3; RFC 9470, section 3',
    required: true,
    schema: { type: 'string', pattern: '^Bearer' },
  },
  'Retry-After': { description: 'In seconds', required: true, schema: { type: 'integer', minimum: 1 } },
  Deprecation: {
    description: 'RFC 9745: when the route is or was deprecated, in seconds since 1970',
    required: true,
    schema: { type: 'string', pattern: String.raw`^@-?\d+$` },
  },
  Sunset: {
    description: 'RFC 8594: when the route is going to be switched off',
    required: true,
    schema: { type: 'string', pattern: String.raw`^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$` },
  },
  Link: {
    description: 'RFC 9745, section 3, and RFC 8594, section 6: a page for those who maintain clients',
    required: true,
    schema: { type: 'string', pattern: '^<' },
  },
}

/** The headers of an answer of a row, by its status. */
export const headersOf = (row: Row, status: number): JsonObject => {
  const own = status === 401 ? ['WWW-Authenticate'] : status === 429 || status === 503 ? ['Retry-After'] : []
  const names = ['X-Request-Id', 'Cache-Control', ...own, ...Object.keys(retirementHeaders(row))]
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** Those that some of these responses refer to. */
export const headerComponents = (responses: readonly JsonObject[]): JsonObject => {
  const used = new Set(responses.flatMap((response) => Object.keys(response.headers ?? {})))
  return Object.fromEntries(Object.entries(headers).filter(([name]) => used.has(name)))
}
