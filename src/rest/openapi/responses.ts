/**
 * Every answer that a row may give, by status: its success, each failure of its operation and of who may, and what goes
 * wrong before it. Statuses and examples are asked of the very forms that answer requests.
 */
import { z } from 'zod'
import { isScope, refusalsOf } from '../../domain/access.ts'
import { type ErrorCode, errorCodes } from '../../domain/errors.ts'
import type { Dialect, FailureView, Mount, Reply, ReplyContext, Row } from '../dialect.ts'
import { READ_ONLY, SWITCHED_OFF } from '../texts.ts'
import type { Components, JsonObject } from './schemas.ts'

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  410: 'Gone: switched off',
  413: 'Payload too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal server error',
  503: 'Service overloaded',
}

/** What is wrong with which field, where a code says so; of the others, `email` stands for any. */
const blamed: Partial<Record<ErrorCode, { field: string; message: string }>> = {
  INVALID_INPUT: { field: 'email', message: 'is required' },
  EMAIL_TAKEN: { field: 'email', message: 'E-mail already in use' },
  USERNAME_TAKEN: { field: 'username', message: 'Username already in use' },
  EMAIL_UNKNOWN: { field: 'email', message: 'No account has this e-mail address' },
  WRONG_PASSWORD: { field: 'password', message: 'Wrong password' },
  WRONG_CODE: { field: 'code', message: 'Wrong code' },
}

/** A failure of a code, as a form gets it. */
export const sampleOf = (code: ErrorCode): FailureView => {
  const fault = blamed[code]
  return {
    code,
    message: fault?.message ?? errorCodes[code],
    fieldErrors: fault === undefined ? [] : [fault],
    retryAfter: 30,
    loginCode: 'kR3vQ0m1WcB7dD2y8tJ5nA',
  }
}

const text = { type: 'string' }

/** The headers that answers may have beside those of every page on the web, by their names. */
export const headers: Readonly<Record<string, JsonObject>> = {
  'X-Request-Id': { description: 'Names the request in the log', required: true, schema: text },
  'Cache-Control': { description: '`no-store`: answers are nobody else’s', required: true, schema: { const: 'no-store' } },
  'WWW-Authenticate': {
    description: 'RFC 6750, section 3; RFC 9470, section 3',
    required: true,
    schema: { type: 'string', pattern: '^Bearer' },
  },
  'Retry-After': { description: 'In seconds', required: true, schema: { type: 'integer', minimum: 1 } },
}

const headersOf = (status: number): JsonObject => {
  const own = status === 401 ? ['WWW-Authenticate'] : status === 429 || status === 503 ? ['Retry-After'] : []
  return Object.fromEntries(['X-Request-Id', 'Cache-Control', ...own].map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** An answer with its name, for the list of examples. */
interface Told {
  readonly name: string
  readonly reply: Reply
  readonly schema: z.ZodType
}

/** What goes wrong before or outside an operation. */
const problems = (row: Row): readonly (readonly [number, string, string])[] => [
  [400, 'unreadable', row.body === undefined ? 'A parameter is repeated' : 'The body is not valid JSON'],
  ...(row.changes === 'accounts' ? ([[403, 'read-only', READ_ONLY]] as const) : []),
  [410, 'switched-off', SWITCHED_OFF],
  [413, 'too-large', 'Payload too large'],
  ...(row.body === undefined ? [] : ([[415, 'media-type', 'Unsupported media type']] as const)),
  [500, 'fault', 'Internal server error'],
]

/** A row is refused by these codes. */
export const codesOf = (row: Row): readonly ErrorCode[] => {
  const checksInput = row.body !== undefined || row.query !== undefined || row.params !== undefined
  return [...new Set([...(checksInput ? (['INVALID_INPUT'] as const) : []), ...refusalsOf(row.who), ...row.fails])]
}

const failuresOf = (mount: Mount, row: Row): readonly Told[] => {
  const { errors } = mount
  const context: ReplyContext = {
    requestId: 'b6a1c9d0-4f0e-4d0b-9a53-0f3a7c1e2d4f',
    params: { id: 'XQMZgynx9M79qTtQc' },
    method: row.method,
  }
  const ofCodes = codesOf(row).map((code) => {
    const form = row.failures?.[code] ?? errors.failures[code]
    const sample = sampleOf(code)
    const missing = code === 'FORBIDDEN' && isScope(row.who) ? { message: `missing permission ${row.who}` } : {}
    return { name: code, reply: form({ ...sample, ...missing }, context), schema: errors.bodies?.[code] ?? errors.body }
  })
  const ofProblems = problems(row).map(([status, name, message]) => ({
    name,
    reply: errors.problem(status, message, context),
    schema: errors.body,
  }))
  return [...ofCodes, ...ofProblems]
}

const contentOf = (schemas: readonly z.ZodType[], told: readonly Told[], components: Components): JsonObject => {
  const parts = schemas.map((schema) => components.add(schema))
  const examples = Object.fromEntries(told.map(({ name, reply }) => [name, { value: reply.body }]))
  return {
    'application/json': {
      schema: parts.length === 1 ? parts[0] : { anyOf: parts },
      ...(told.length === 0 ? {} : { examples }),
    },
  }
}

export const responsesOf = (dialect: Dialect, mount: Mount, row: Row, components: Components): JsonObject => {
  const { success, run, descriptions } = row
  const failures = failuresOf(mount, row).filter(({ name }) => !success.holds?.some((code) => code === name))
  const body = run.kind === 'paged' ? z.array(success.body) : success.body
  const statuses = [...new Set([success.status, ...failures.map(({ reply }) => reply.status)])].sort((a, b) => a - b)
  const entries = statuses.map((status) => {
    const told = failures.filter(({ reply }) => reply.status === status)
    const schemas = [...new Set([...(status === success.status ? [body] : []), ...told.map(({ schema }) => schema)])]
    const description = descriptions?.[status] ?? (status === success.status ? success.description : (phrases[status] ?? 'Error'))
    return [status, { description, headers: headersOf(status), content: contentOf(schemas, told, components) }] as const
  })
  const fallback =
    dialect.defaultResponse === undefined
      ? {}
      : { default: { description: dialect.defaultResponse, content: contentOf([mount.errors.body], [], components) } }
  return { ...Object.fromEntries(entries), ...fallback }
}
