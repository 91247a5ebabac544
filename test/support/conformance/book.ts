/**
 * All documents of a world, and what each says of a request: its operation (two, where two dialects document the route), or that
 * the mount refuses it, or nothing, because it is no dialect's. Paths are matched as the router does it: escapes decoded once, a
 * slash at the end is none.
 */
import type { Json } from '../openApiDocument.ts'
import { type Allowed, answerFaults, type Given, optionsFaults, refusalFaults } from './check.ts'
import type { Declared, Described, Operation } from './described.ts'
import { answerSchemas, type Validate } from './schemas.ts'

/** What the document of a mount's dialect does not say: where it is, and which status its refusals have. */
export interface MountFacts {
  readonly dialect: string
  readonly path: string
  statusOf(problem: 404 | 405): number
}

type Compile = (schema: Json) => Validate

interface Route {
  readonly operation: Operation
  readonly matches: RegExp
  readonly compile: Compile
}

interface Place extends MountFacts {
  /** The error responses of the operations below the mount. */
  readonly errors: readonly Declared[]
  readonly compile: Compile
}

export interface Book {
  readonly described: readonly Described[]
  readonly routes: readonly Route[]
  readonly places: readonly Place[]
}

export interface Verdict {
  readonly faults: readonly string[]
  /** `dialect METHOD path status` of each operation that was answered. */
  readonly seen: readonly string[]
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`, 'u')

const isBelow = (path: string, mount: string): boolean => path === mount || path.startsWith(`${mount}/`)

const placeOf = (facts: MountFacts, { operations }: Described, compile: Compile): Place => {
  const errors = operations
    .filter(({ path }) => isBelow(path, facts.path))
    .flatMap(({ responses }) => [...responses].filter(([status]) => Number(status) >= 400).map(([, declared]) => declared))
  return { ...facts, errors, compile }
}

export function createBook(described: readonly Described[], mounts: readonly MountFacts[]): Book {
  const compilers = new Map(described.map(({ dialect, document }) => [dialect, answerSchemas(document)]))
  const compileOf = (dialect: string): Compile => {
    const compile = compilers.get(dialect)
    if (compile === undefined) throw new Error(`there is no document of ${dialect}`)
    return compile
  }
  const routes = described.flatMap(({ dialect, operations }) =>
    operations.map((operation) => ({ operation, matches: patternOf(operation.path), compile: compileOf(dialect) })),
  )
  const places = mounts.flatMap((facts) =>
    described.filter(({ dialect }) => dialect === facts.dialect).map((one) => placeOf(facts, one, compileOf(facts.dialect))),
  )
  return { described, routes, places }
}

const decoded = (path: string): string => {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** The path that the router sees. */
export const routedPath = (url: string): string =>
  decoded(new URL(url.startsWith('/') ? `http://vestibule.test${url}` : url).pathname).replace(/(?<=.)\/$/, '')

const allowedOn = (routes: readonly Route[]): Allowed =>
  new Set([...routes.flatMap(({ operation: { method } }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'])

/** Whether a request is a dialect's. */
export const isRest = ({ places }: Book, url: string): boolean => {
  const path = routedPath(url)
  return places.some((place) => isBelow(path, place.path))
}

/** What the documents say of an answer; null where the request is no dialect's. */
export function judge(book: Book, method: string, url: string, given: Given): Verdict | null {
  const path = routedPath(url)
  const onPath = book.routes.filter(({ matches }) => matches.test(path))
  const place = book.places.find((one) => isBelow(path, one.path))
  if (place === undefined) return onPath.length === 0 ? null : { faults: [`${path} is documented, and below no mount`], seen: [] }
  if (onPath.length > 0 && method === 'OPTIONS') return { faults: optionsFaults(given, allowedOn(onPath)), seen: [] }
  const asked = onPath.filter(({ operation }) => operation.method === (method === 'HEAD' ? 'GET' : method))
  if (asked.length === 0) {
    const allowed = onPath.length > 0 ? allowedOn(onPath) : undefined
    const expected = place.statusOf(allowed === undefined ? 404 : 405)
    return { faults: refusalFaults({ expected, allowed, errors: place.errors }, given, place.compile, method === 'HEAD'), seen: [] }
  }
  return {
    faults: asked.flatMap(({ operation, compile }) =>
      answerFaults(operation, given, compile, method === 'HEAD').map((fault) => `${operation.dialect}: ${fault}`),
    ),
    seen: asked.map(({ operation: { dialect, name } }) => `${dialect} ${name} ${given.status}`),
  }
}
