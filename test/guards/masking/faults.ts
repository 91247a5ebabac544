/** What a layer may throw: errors of libraries, errors that claim to be fit for clients, and values that are not errors. Each has the secret. */
import * as fc from 'fast-check'
import { GraphQLError } from 'graphql'
import * as z from 'zod'

export const SECRET = 'hunter2-in-an-error'

const http = { status: 200, headers: { 'x-leak': SECRET }, spec: true }

const circular = (): Error => {
  const error = new Error(SECRET)
  error.cause = { error, again: [error] }
  return error
}

const hostile = (): unknown =>
  Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      throw new Error(SECRET)
    },
  })

const invalid = (): unknown => z.object({ [SECRET]: z.string() }).safeParse({}).error

/** By what they are. */
export const KINDS: Readonly<Record<string, () => unknown>> = {
  'an error': () => new Error(SECRET),
  'a type error': () => new TypeError(`${SECRET} is not a function`),
  'an error of PostgreSQL': () => Object.assign(new Error(SECRET), { code: '42P01', severity: 'ERROR', detail: SECRET, hint: SECRET }),
  'an error of Prisma': () =>
    Object.assign(new Error(SECRET), { name: 'PrismaClientKnownRequestError', code: 'P2003', meta: { target: SECRET } }),
  'a lost connection': () => Object.assign(new Error(SECRET), { code: 'ECONNRESET' }),
  'a server that ends': () => Object.assign(new Error(SECRET), { code: '57P01' }),
  'an error of GraphQL': () => new GraphQLError(SECRET),
  'an error of GraphQL with a form for HTTP': () => new GraphQLError(SECRET, { extensions: { code: SECRET, http, detail: SECRET } }),
  'an error of GraphQL with an error of GraphQL in it': () => new GraphQLError(SECRET, { originalError: new GraphQLError(SECRET) }),
  'an error that claims a status': () =>
    Object.assign(new Error(SECRET), { status: 200, statusCode: 200, expose: true, headers: { 'x-leak': SECRET }, body: SECRET }),
  'an error that claims a form for HTTP': () => Object.assign(new Error(SECRET), { extensions: { http, code: SECRET } }),
  'an error that claims to be a failure': () =>
    Object.assign(new Error(SECRET), { name: 'Failure', code: 'BAD_CREDENTIALS', details: { message: SECRET } }),
  'an error of validation': invalid,
  'an error with a cause': () => new Error('outer', { cause: new Error(SECRET) }),
  'several errors': () => new AggregateError([new Error(SECRET), SECRET], SECRET),
  'an error that goes round': circular,
  'an error that cannot be read': hostile,
  'an abort': () => new DOMException(SECRET, 'AbortError'),
  'an answer': () => new Response(SECRET, { status: 200, headers: { 'x-leak': SECRET } }),
  'a text': () => SECRET,
  'an object': () => ({ message: SECRET, toString: () => SECRET, toJSON: () => SECRET }),
  nothing: () => undefined,
  null: () => null,
  'a number': () => 42,
  'a long text': () => new Error(SECRET.repeat(50_000)),
}

const FIELDS = [
  'message',
  'name',
  'code',
  'status',
  'statusCode',
  'extensions',
  'errors',
  'details',
  'retryAfter',
  'cause',
  'body',
  'headers',
  'path',
  'locations',
  'data',
  'isClientSafe',
  'reason',
  'fieldErrors',
  'originalError',
  'nodes',
]
const value = fc.oneof(
  fc.constantFrom<unknown>(SECRET, [SECRET], { [SECRET]: SECRET }, null, undefined, 200, 503, '57014', 'NOT_FOUND', { http }),
  fc.anything({ maxDepth: 1 }),
)
const base = fc.constantFrom<() => object>(
  () => new Error(SECRET),
  () => new GraphQLError(SECRET),
  () => ({}),
)

/** An error or object with fields at random, of which those stay that cannot be set. */
const assembled = fc.tuple(base, fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 4 })).map(([make, fields]) => ({
  what: `fields ${fc.stringify(fields).slice(0, 300)}`,
  make: (): unknown => {
    const error = make()
    for (const [name, given] of Object.entries(fields))
      try {
        Object.defineProperty(error, name, { value: given, configurable: true, enumerable: true, writable: true })
      } catch {
        // It stays what it was.
      }
    return error
  },
}))

export const faults = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Object.entries(KINDS).map(([what, make]) => ({ what, make }))) },
  { weight: 2, arbitrary: assembled },
)
