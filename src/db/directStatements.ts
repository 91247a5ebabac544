/**
 * Sends statements of raw SQL to the adapter at once. Prisma compiles a raw statement each time that it runs, in WebAssembly, although
 * there is nothing to compile: 1.4 ms of CPU for the three statements of a sign-in. Only statements outside of transactions come here;
 * those of a transaction go through Prisma, which knows its connection.
 *
 * The result is the one of `$queryRaw`: an object a row, with `Date`, `bigint` and parsed JSON.
 */
import { ColumnTypeEnum, DriverAdapterError, type SqlQuery, type SqlQueryable, type SqlResultSet } from '@prisma/driver-adapter-utils'
import { Prisma, type PrismaClient } from './generated/client.ts'

type Read = (value: unknown) => unknown
type Statement = TemplateStringsArray | Prisma.Sql

const asDate: Read = (value) => new Date(value as string)
const asJson: Read = (value) => (typeof value === 'string' ? JSON.parse(value) : value)
const asBigInt: Read = (value) => BigInt(value as string)
const asDecimal: Read = (value) => new Prisma.Decimal(value as string)
const listOf =
  (read: Read): Read =>
  (values) =>
    (values as unknown[]).map((value) => (value === null ? null : read(value)))

/** How values are read that the adapter gives as text. */
const readers = new Map<number, Read>([
  [ColumnTypeEnum.Int64, asBigInt],
  [ColumnTypeEnum.Numeric, asDecimal],
  [ColumnTypeEnum.Date, asDate],
  [ColumnTypeEnum.DateTime, asDate],
  [ColumnTypeEnum.Json, asJson],
  [ColumnTypeEnum.Int64Array, listOf(asBigInt)],
  [ColumnTypeEnum.NumericArray, listOf(asDecimal)],
  [ColumnTypeEnum.DateArray, listOf(asDate)],
  [ColumnTypeEnum.DateTimeArray, listOf(asDate)],
  [ColumnTypeEnum.JsonArray, listOf(asJson)],
])

const rowsOf = ({ columnNames, columnTypes, rows }: SqlResultSet): Record<string, unknown>[] => {
  const read = columnTypes.map((type) => readers.get(type))
  return rows.map((row) => {
    const result: Record<string, unknown> = {}
    for (const [at, name] of columnNames.entries()) {
      const [value, reader] = [row[at], read[at]]
      result[name] = value === null || reader === undefined ? value : reader(value)
    }
    return result
  })
}

/** The adapter tells lists from scalars by itself, and needs no types: the SQL has a cast where PostgreSQL could not know one. */
const UNTYPED = { scalarType: 'unknown', arity: 'scalar' } as const

const queryOf = (statement: Statement, values: readonly unknown[]): SqlQuery => {
  const { text, values: args } = 'raw' in statement ? Prisma.sql(statement, ...values) : statement
  return { sql: text, args, argTypes: args.map(() => UNTYPED) }
}

/** The message of the adapter is only a kind of error; that of PostgreSQL says what is wrong. */
const explained = (error: unknown): unknown => {
  if (error instanceof DriverAdapterError && 'originalMessage' in error.cause)
    error.message = `${error.cause.originalCode}: ${error.cause.originalMessage}`
  return error
}

const explaining = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw explained(error)
  }
}

/** The same client, with `$queryRaw` and `$executeRaw` on `adapter`. */
export const withDirectStatements = (client: PrismaClient, adapter: SqlQueryable): PrismaClient => {
  const direct: Readonly<Record<string | symbol, unknown>> = {
    $queryRaw: async (statement: Statement, ...values: unknown[]) => rowsOf(await explaining(adapter.queryRaw(queryOf(statement, values)))),
    $executeRaw: async (statement: Statement, ...values: unknown[]) => await explaining(adapter.executeRaw(queryOf(statement, values))),
    $transaction: client.$transaction.bind(client),
  }
  return new Proxy(client, { get: (target, name) => (Object.hasOwn(direct, name) ? direct[name] : Reflect.get(target, name)) })
}
