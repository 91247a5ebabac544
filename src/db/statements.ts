/**
 * Calls a listener with each SQL statement that is sent: at the connections of PostgreSQL, at the adapter of PGlite. Statements
 * that only begin and end transactions are left out, because PGlite's adapter does not send them either.
 */
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory, SqlQuery, SqlQueryable } from '@prisma/driver-adapter-utils'
import type pg from 'pg'

export type StatementListener = (sql: string) => void

const transactionControl = /^\s*(begin|start transaction|commit|rollback|savepoint|release)\b/i

/** Reports every query of `connection`, from Prisma or other code. */
export function listenToConnection(connection: pg.ClientBase, listener: StatementListener): void {
  const send = connection.query as (...args: unknown[]) => unknown
  const heard = (...args: unknown[]): unknown => {
    const [query] = args as [string | { text: string }]
    const sql = typeof query === 'string' ? query : query.text
    if (!transactionControl.test(sql)) listener(sql)
    return send.apply(connection, args)
  }
  Object.assign(connection, { query: heard })
}

const listenToQueries = <T extends SqlQueryable>(target: T, listener: StatementListener): T => {
  const queryRaw = target.queryRaw.bind(target)
  const executeRaw = target.executeRaw.bind(target)
  const heard =
    <R>(send: (query: SqlQuery) => Promise<R>): ((query: SqlQuery) => Promise<R>) =>
    (query) => {
      if (!transactionControl.test(query.sql)) listener(query.sql)
      return send(query)
    }
  return Object.assign(target, { queryRaw: heard(queryRaw), executeRaw: heard(executeRaw) })
}

/** The same adapter, which reports every query. */
export function listenToAdapter(
  factory: SqlMigrationAwareDriverAdapterFactory,
  listener: StatementListener,
): SqlMigrationAwareDriverAdapterFactory {
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = listenToQueries(await factory.connect(), listener)
    const start = adapter.startTransaction.bind(adapter)
    return Object.assign(adapter, {
      startTransaction: async (...args: Parameters<typeof start>) => listenToQueries(await start(...args), listener),
    })
  }
  return { provider: factory.provider, adapterName: factory.adapterName, connect, connectToShadowDb: () => factory.connectToShadowDb() }
}
