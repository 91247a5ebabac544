/**
 * Every answer that a row may give, by status: its success, the failures of its operation and requirement, and errors before it. Statuses
 * and examples come from the forms that answer requests.
 */
import * as z from 'zod'
import { isScope, refusalsOf } from '../../domain/access/requirements.ts'
import { type ErrorCode, errorCodes, type FieldError } from '../../domain/base/errors.ts'
import { fieldErrorsOf } from '../../domain/base/input.ts'
import { isBodiless } from '../../http/readBody.ts'
import { type Dialect, type FailureView, type Mount, type Reply, type ReplyContext, type Row, withInstead } from '../dialect.ts'
import { closedBy, READ_ONLY, SWITCHED_OFF } from '../retired.ts'
import { alternatives } from './alternatives.ts'
import { headersOf } from './headers.ts'
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
  503: 'Service unavailable',
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

/** An answer with its name, for the list of examples. */
interface NamedReply {
  readonly name: string
  readonly reply: Reply
  readonly schema: z.ZodType
}

type Problem = readonly [status: number, name: string, message: string]

const switchedOff: Problem = [410, 'switched-off', SWITCHED_OFF]
const readOnly: Problem = [403, 'read-only', READ_ONLY]

/** All answers of a row that the settings have closed: the present one, and what may come next. */
const closedProblems: Readonly<Record<403 | 410, readonly Problem[]>> = { 403: [readOnly, switchedOff], 410: [switchedOff] }

/** What goes wrong before or outside an operation. */
const problems = (row: Row): readonly Problem[] => [
  [400, 'unreadable', row.parts.body === undefined ? 'A parameter is repeated' : 'The body is not valid JSON'],
  ...(row.changes === 'accounts' ? [readOnly] : []),
  switchedOff,
  ...(isBodiless(row.method) ? [] : ([[413, 'too-large', 'Payload too large']] as const)),
  ...(row.parts.body === undefined ? [] : ([[415, 'media-type', 'Unsupported media type']] as const)),
  [500, 'fault', 'Internal server error'],
]

/** A row is refused by these codes; each asks the database, which may be away. */
export const codesOf = (row: Row): readonly ErrorCode[] => {
  const checksInput = Object.keys(row.parts).length > 0
  const ofOperations = withInstead(row).flatMap(({ who, fails }) => [...refusalsOf(who), ...fails])
  return [...new Set([...(checksInput ? (['INVALID_INPUT'] as const) : []), ...ofOperations, 'SERVICE_UNAVAILABLE' as const])]
}

/** What a row's own schemas say of a request without anything in it; undefined where that is valid. */
const emptyFaults = ({ parts: { query, body } }: Row): readonly FieldError[] | undefined => {
  const faults = [query, body].flatMap((schema) => {
    const error = schema?.safeParse({}).error
    return error === undefined ? [] : fieldErrorsOf(error)
  })
  return faults.length === 0 ? undefined : faults
}

const failuresOf = (mount: Mount, row: Row): readonly NamedReply[] => {
  const { errors } = mount
  const faults = emptyFaults(row)
  const context: ReplyContext = {
    requestId: 'b6a1c9d0-4f0e-4d0b-9a53-0f3a7c1e2d4f',
    params: { id: 'XQMZgynx9M79qTtQc' },
    method: row.method,
  }
  const closed = closedBy(row)
  const ofCodes = (closed === undefined ? codesOf(row) : []).map((code) => {
    if (code === 'INVALID_INPUT' && faults !== undefined) return { name: code, reply: errors.invalid(faults, context), schema: errors.body }
    const form = row.failures?.[code] ?? errors.failures[code]
    const sample = sampleOf(code)
    const missing = code === 'FORBIDDEN' && isScope(row.who) ? { message: `missing permission ${row.who}` } : {}
    return { name: code, reply: form({ ...sample, ...missing }, context), schema: errors.bodies?.[code] ?? errors.body }
  })
  const ofProblems = (closed === undefined ? problems(row) : closedProblems[closed.status]).map(([status, name, message]) => ({
    name,
    reply: errors.problem(status, message, context),
    schema: errors.body,
  }))
  return [...ofCodes, ...ofProblems]
}

const hasBody = ({ reply }: NamedReply): boolean => reply.body !== undefined

/** The shapes of a schema: those of a union, or itself. */
const shapesOf = (schema: z.ZodType): readonly z.ZodType[] =>
  schema instanceof z.ZodUnion ? (schema.options as readonly z.ZodType[]) : [schema]

const shapeOf = ({ schema, reply }: NamedReply): z.ZodType =>
  shapesOf(schema).find((shape) => shape.safeParse(reply.body).success) ?? schema

const contentOf = (schemas: readonly z.ZodType[], replies: readonly NamedReply[], components: Components): JsonObject => {
  const examples = Object.fromEntries(replies.map(({ name, reply }) => [name, { value: reply.body }]))
  const schema = alternatives(
    schemas.map((one) => components.add(one)),
    components,
  )
  return { 'application/json': { schema, ...(replies.length === 0 ? {} : { examples }) } }
}

/** The answer of a row whose operation runs, when all goes well. */
const successOf = ({ success }: Row): z.ZodType => (success.isList ? z.array(success.body) : success.body)

/** Where failures have the status of success, its own example is listed beside theirs, if its schema has one. */
const exampleOf = (row: Row): readonly NamedReply[] => {
  const schema = successOf(row)
  const body = schema.meta()?.example
  return body === undefined ? [] : [{ name: 'success', reply: { status: row.success.status, body }, schema }]
}

const defaultOf = ({ defaultResponse }: Dialect, { errors }: Mount, components: Components): JsonObject =>
  defaultResponse === undefined ? {} : { default: { description: defaultResponse, content: contentOf([errors.body], [], components) } }

export const responsesOf = (dialect: Dialect, mount: Mount, row: Row, components: Components): JsonObject => {
  const { success, texts } = row
  const runs = closedBy(row) === undefined
  const failures = failuresOf(mount, row)
  const statuses = [...new Set([...(runs ? [success.status] : []), ...failures.map(({ reply }) => reply.status)])].sort((a, b) => a - b)
  const entries = statuses.map((status) => {
    const succeeds = runs && status === success.status
    const replies = failures.filter(({ reply }) => reply.status === status)
    const bodies = replies.filter(hasBody)
    const examples = [...(succeeds && bodies.length > 0 ? exampleOf(row) : []), ...bodies]
    const schemas = [...new Set([...(succeeds ? shapesOf(successOf(row)) : []), ...bodies.map(shapeOf)])]
    const description = (runs ? texts.descriptions?.[status] : undefined) ?? (succeeds ? texts.success : (phrases[status] ?? 'Error'))
    const empty = replies.every(hasBody) ? {} : { 'x-may-be-empty': true }
    const content = schemas.length === 0 ? {} : { content: contentOf(schemas, examples, components) }
    return [status, { description, ...empty, headers: headersOf(row, status), ...content }] as const
  })
  return { ...Object.fromEntries(entries), ...(runs ? defaultOf(dialect, mount, components) : {}) }
}
