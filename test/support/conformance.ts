/**
 * Whether what the dialects answer is what their OpenAPI documents say. The documents are made from the settings of the world, as
 * they are for its clients; each answer that a test reads is looked up by method and path. An answer of a route that two dialects
 * document must conform to both; what is on no route of a mount must have one of the mount's error bodies.
 *
 * Cost: documents and validators are made once for the same settings and thread, in some 100 ms; a check is some 20 us.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../../src/config.ts'
import type { Dialect } from '../../src/rest/dialect.ts'
import { enabledDialects, prefixOf } from '../../src/rest/dialects.ts'
import { openApiOf } from '../../src/rest/openapi/document.ts'
import { type Book, createBook, isRest, judge, type MountFacts } from './conformance/book.ts'
import type { Given } from './conformance/check.ts'
import { describeDocument } from './conformance/described.ts'
import { writeTally } from './conformance/tally.ts'
import type { JsonObject } from './openApiDocument.ts'

/** An answer that its document does not know. */
export class NotConforming extends Error {
  constructor(method: string, path: string, { status, text }: Given, faults: readonly string[]) {
    const shown = text.length > 600 ? `${text.slice(0, 600)}…` : text
    super(
      `${method} ${path} -> ${status} is not what the OpenAPI document says:\n${faults.map((fault) => `  ${fault}\n`).join('')}${shown}`,
    )
    this.name = 'NotConforming'
  }
}

const makeBook = (config: Config, dialects: readonly Dialect[]): Book => {
  const described = dialects.map((dialect) =>
    describeDocument(dialect.name, openApiOf(dialect) as JsonObject, prefixOf(config, dialect.name)),
  )
  const facts = dialects.flatMap(({ name, mounts }) =>
    mounts.map(
      ({ path, errors }): MountFacts => ({
        dialect: name,
        path,
        statusOf: (problem) => errors.problem(problem, '', { requestId: '', params: {}, method: 'GET' }).status,
      }),
    ),
  )
  return createBook(described, facts)
}

interface Kept {
  readonly book: Book
  /** The settings that were read to make it. */
  readonly settings: ReadonlyMap<string, unknown>
}
const kept: Kept[] = []

/** The documents of our dialects under these settings; settings that they do not depend on make no others. */
export const bookOf = (config: Config): Book => {
  const values: Readonly<Record<string, unknown>> = config
  const known = kept.find(({ settings }) => [...settings].every(([name, value]) => isDeepStrictEqual(value, values[name])))
  if (known !== undefined) return known.book
  const settings = new Map<string, unknown>()
  const watched = new Proxy(
    { ...config },
    {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof name === 'string') settings.set(name, value)
        return value
      },
    },
  )
  const book = makeBook(config, enabledDialects(watched))
  kept.push({ book, settings })
  return book
}

export interface Conformance {
  /** A request reached the app, whoever reads the answer. */
  reached(url: string): void
  /** @throws {NotConforming} */
  check(method: string, path: string, answer: Given): void
  /** Tells what was checked; call it once, at the end. */
  close(): void
}

/** Of a world with these settings, which serves these dialects. */
export function createConformance(config: Config, dialects: readonly Dialect[]): Conformance {
  const seen = new Set<string>()
  let book: Book | undefined
  let [answered, checked] = [0, 0]
  const hasOthers = dialects.some(({ surface }) => surface === 'custom')
  const pages = (): Book => (book ??= hasOthers ? makeBook(config, dialects) : bookOf(config))
  return {
    reached(url) {
      if (isRest(pages(), url)) answered += 1
    },
    check(method, path, answer) {
      const verdict = judge(pages(), method, path, answer)
      if (verdict === null) return
      checked += 1
      for (const one of verdict.seen) seen.add(one)
      if (verdict.faults.length > 0) throw new NotConforming(method, path, answer, verdict.faults)
    },
    close: () => writeTally({ answered, checked, seen: [...seen] }),
  }
}
