/**
 * The span of a statement, by OpenTelemetry's conventions for databases. Its text is that with placeholders; values are never in it.
 */
import { LRUCache } from 'lru-cache'
import { type Beginning, beginSpan, type Span } from '../tracing/spans.ts'

/** Longer texts are cut. */
const LONGEST = 4_000
/** Statements whose spans are known. */
const KNOWN = { max: 500 }

const COMMAND = /^\s*(\w+)/
const TABLE = /\b(?:FROM|INTO|UPDATE)\s+(?:"?\w+"?\.)?"?([a-z]\w*)/i

const beginnings = new LRUCache<string, Beginning>(KNOWN)

const beginningOf = (sql: string): Beginning => {
  const known = beginnings.get(sql)
  if (known !== undefined) return known
  const operation = (COMMAND.exec(sql)?.[1] ?? 'SQL').toUpperCase()
  const table = TABLE.exec(sql)?.[1]
  const beginning: Beginning = {
    name: table === undefined ? operation : `${operation} ${table}`,
    kind: 'client',
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      'db.collection.name': table,
      'db.query.text': sql.trim().slice(0, LONGEST),
    },
  }
  beginnings.set(sql, beginning)
  return beginning
}

/** Begins the span of a statement, which ends when it is answered; undefined outside a trace. */
export const beginStatement = (sql: string): Span | undefined => beginSpan(() => beginningOf(sql))

/** Runs a statement in its span. */
export const inStatement = async <T>(sql: string, work: () => Promise<T>): Promise<T> => {
  const span = beginStatement(sql)
  if (span === undefined) return await work()
  try {
    return await work()
  } catch (error) {
    span.fail(error)
    throw error
  } finally {
    span.end()
  }
}
