/**
 * Dates that PostgreSQL can store but JavaScript or ISO 8601 cannot: `infinity`, BC, years beyond 9999. Imported rows may have
 * them. Each is read as the nearest valid date, so that it causes no error. Times are in UTC.
 *
 * Cost: a check of each date and each JSON value, in which Prisma returns joined rows.
 */
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQueryable,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'

/** One day within four-digit years, so that no time zone leads beyond them. */
const FIRST = '0001-01-02'
const LAST = '9999-12-30'
const MIDNIGHT = 'T00:00:00+00:00'

const BEFORE = /^-infinity$|BC$/
const READABLE = /^\d{4}-[^B]*$/
/** A date in a row that Prisma returns as JSON, by its column or field; within a text, its quotes are escaped. */
const ODD_IN_JSON = /("(?:\w*(?:_at|At|_until|Until)|at|day)" ?: ?)"(-?infinity|[^"\\]* BC|\d{5,}-[^"\\]*)"/g

/** The nearest valid date, with or without a time. */
const nearest = (date: string, time: string): string => (BEFORE.test(date) ? FIRST : LAST) + time

const readable = (value: unknown, time: string): unknown =>
  typeof value !== 'string' || READABLE.test(value) ? value : nearest(value, time)

const readableJson = (value: unknown): unknown =>
  typeof value === 'string'
    ? value.replace(ODD_IN_JSON, (_odd, name: string, date: string) => `${name}"${nearest(date, MIDNIGHT)}"`)
    : value

const readers = new Map<unknown, (value: unknown) => unknown>([
  [ColumnTypeEnum.DateTime, (value) => readable(value, MIDNIGHT)],
  [ColumnTypeEnum.Date, (value) => readable(value, '')],
  [ColumnTypeEnum.Json, readableJson],
])

const readableRows = (result: SqlResultSet): SqlResultSet => {
  const read = result.columnTypes.map((type) => readers.get(type))
  if (read.every((reader) => reader === undefined)) return result
  return { ...result, rows: result.rows.map((row) => row.map((value, at) => read[at]?.(value) ?? value)) }
}

const reading = <T extends SqlQueryable>(target: T): T => {
  const queryRaw = target.queryRaw.bind(target)
  return Object.assign(target, { queryRaw: async (...query: Parameters<typeof queryRaw>) => readableRows(await queryRaw(...query)) })
}

/** The same adapter with readable dates. */
export function withReadableDates(factory: SqlMigrationAwareDriverAdapterFactory): SqlMigrationAwareDriverAdapterFactory {
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = reading(await factory.connect())
    const start = adapter.startTransaction.bind(adapter)
    return Object.assign(adapter, { startTransaction: async (...args: Parameters<typeof start>) => reading(await start(...args)) })
  }
  return { provider: factory.provider, adapterName: factory.adapterName, connect, connectToShadowDb: () => factory.connectToShadowDb() }
}
