/**
 * Makes a layer of a running app throw: each port of the domain, the client of the database and its transactions, the resolvers of the
 * schema, and the rows of the dialects. Only work of the request that is watched meets the fault, once.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { GraphQLFieldMap, GraphQLObjectType } from 'graphql'
import type { Database } from '../../../src/db/database.ts'
import type { Domain } from '../../../src/domain/frame/domain.ts'
import { schema } from '../../../src/graphql/schema.ts'
import type { Dialect, Row } from '../../../src/rest/dialect.ts'

/** The ports and parts of the domain that a request may call. */
export const PARTS = [
  'clock',
  'randomBytes',
  'limits',
  'hasher',
  'secretBox',
  'signingKeys',
  'refreshTokens',
  'isPwned',
  'lastSeen',
  'usage',
  'auditThrottle',
  'outbox',
  'webhooks',
  'webhookSender',
] as const satisfies readonly (keyof Domain)[]
export const LAYERS = [...PARTS, 'client', 'reader', 'lists', 'resolvers', 'row', 'reply'] as const
export type Layer = (typeof LAYERS)[number]

interface Fault {
  readonly layer: Layer
  /** How many calls of the layer go well before. */
  left: number
  readonly make: () => unknown
  isThrown: boolean
}

const watched = new AsyncLocalStorage<Fault>()

/** The result of `work`, and whether the fault was met. */
export const meeting = async <T>(layer: Layer, after: number, make: () => unknown, work: () => Promise<T>): Promise<[T, boolean]> => {
  const fault: Fault = { layer, left: after, make, isThrown: false }
  return [await watched.run(fault, work), fault.isThrown]
}

const isDue = (layer: Layer): Fault | undefined => {
  const fault = watched.getStore()
  if (fault === undefined || fault.layer !== layer || fault.isThrown) return undefined
  fault.left -= 1
  if (fault.left >= 0) return undefined
  fault.isThrown = true
  return fault
}

type Call = (...args: unknown[]) => unknown

/** A function that rejects where its caller awaits it, and throws where it does not. */
const breakable = (layer: Layer, call: Call, self: unknown, rejects: boolean): Call => {
  const isAsync = rejects || call.constructor.name === 'AsyncFunction'
  return (...args) => {
    const fault = isDue(layer)
    if (fault !== undefined && isAsync) return Promise.reject(fault.make())
    if (fault !== undefined) throw fault.make()
    return Reflect.apply(call, self, args)
  }
}

/** The same object, whose methods, and those of what it holds, meet the fault. */
const broken = <T extends object>(layer: Layer, target: T, rejects = false): T =>
  new Proxy(target, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name)
      if (typeof value === 'function') {
        if (name === '$transaction') return transactionOf(layer, value as Call, of)
        return breakable(layer, value as Call, of, rejects)
      }
      const isFixed = Reflect.getOwnPropertyDescriptor(of, name)?.configurable === false
      return typeof value === 'object' && value !== null && !isFixed ? broken(layer, value, rejects) : value
    },
  })

/** A transaction, each of whose statements may fail, too. */
const transactionOf =
  (layer: Layer, begin: Call, self: unknown): Call =>
  (work, ...options) =>
    Reflect.apply(breakable(layer, begin, self, true), undefined, [(tx: object) => (work as Call)(broken(layer, tx, true)), ...options])

/** A database whose statements may fail. */
export const breakableDatabase = (db: Database): Database => ({
  ...db,
  client: broken('client', db.client, true),
  reader: broken('reader', db.reader, true),
  lists: broken('lists', db.lists, true),
})

export const breakParts = (domain: Domain): void => {
  for (const part of PARTS) {
    const value = domain[part]
    const may = typeof value === 'function' ? breakable(part, value as Call, undefined, part === 'isPwned') : broken(part, value)
    Object.assign(domain, { [part]: may })
  }
}

/** Returns what sets them back, since all worlds of a thread share the schema. */
export const breakResolvers = (): (() => void) => {
  const types = ['Query', 'Mutation', 'User', 'Session'].map((name) => schema.getType(name) as GraphQLObjectType)
  const fields = types.flatMap((type) => Object.values(type.getFields() as GraphQLFieldMap<unknown, unknown>))
  const all = fields.flatMap((field) => (field.resolve === undefined ? [] : [[field, field.resolve] as const]))
  for (const [field, resolve] of all) field.resolve = breakable('resolvers', resolve as Call, undefined, false) as typeof resolve
  return () => {
    for (const [field, resolve] of all) field.resolve = resolve
  }
}

type Prepare = Row['prepare']

const breakablePrepare = (prepare: Prepare): Prepare => {
  const prepareOrThrow = breakable('row', prepare as Call, undefined, false) as Prepare
  return (...args) => {
    const prepared = prepareOrThrow(...args)
    if (prepared.kind !== 'ready') return prepared
    return { ...prepared, answer: breakable('reply', prepared.answer as Call, prepared, true) as typeof prepared.answer }
  }
}

/** Before an app is made, which copies them. Two dialects share a row, which stays one. */
export const breakRows = (dialects: readonly Dialect[]): (() => void) => {
  const rows = new Set(dialects.flatMap(({ mounts }) => mounts.flatMap((mount) => mount.rows)))
  const before = [...rows].map((row) => [row, row.prepare] as const)
  const broken = new Map(before.map(([, prepare]) => [prepare, breakablePrepare(prepare)]))
  for (const [row, prepare] of before) Object.assign(row, { prepare: broken.get(prepare) })
  return () => {
    for (const [row, prepare] of before) Object.assign(row, { prepare })
  }
}
