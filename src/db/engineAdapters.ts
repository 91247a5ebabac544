/**
 * How the schema engine reaches a database. The stock adapters will not do for scripts: the one of PGlite does not wait for
 * them (a failed migration would pass for applied), the one of `pg` cuts them at every semicolon. Here a script goes out as
 * one simple query, which PostgreSQL runs as one transaction: a migration that fails leaves nothing behind.
 */
import type { PGlite } from '@electric-sql/pglite'
import { PrismaPg } from '@prisma/adapter-pg'
import { DriverAdapterError, type SqlDriverAdapter, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import { PrismaPGlite } from 'pglite-prisma-adapter'

interface ServerError {
  readonly code?: string
  readonly severity?: string
  readonly message: string
  readonly detail?: string
  readonly column?: string
  readonly hint?: string
}

const asDriverError = (error: ServerError): DriverAdapterError => {
  const { code = 'N/A', severity = 'ERROR', message, detail, column, hint } = error
  return new DriverAdapterError({
    kind: 'postgres',
    code,
    severity,
    message,
    detail,
    column,
    hint,
    originalCode: code,
    originalMessage: message,
  })
}

const withScripts = (
  factory: SqlMigrationAwareDriverAdapterFactory,
  run: (script: string) => Promise<unknown>,
): SqlMigrationAwareDriverAdapterFactory => {
  const connect = async (): Promise<SqlDriverAdapter> => {
    const executeScript = async (script: string): Promise<void> => {
      await run(script).catch((error: ServerError) => Promise.reject(asDriverError(error)))
    }
    return Object.assign(await factory.connect(), { executeScript })
  }
  const connectToShadowDb = (): Promise<SqlDriverAdapter> => Promise.reject(new Error('there is no shadow database'))
  return { provider: factory.provider, adapterName: factory.adapterName, connect, connectToShadowDb }
}

export const pgliteEngineAdapter = (database: PGlite): SqlMigrationAwareDriverAdapterFactory =>
  withScripts(new PrismaPGlite(database), (script) => database.exec(script))

/** The pool must hold one connection: the engine keeps an advisory lock in its session. */
export const postgresEngineAdapter = (pool: pg.Pool, schema: string): SqlMigrationAwareDriverAdapterFactory =>
  withScripts(new PrismaPg(pool, { schema }), (script) => pool.query(script))
