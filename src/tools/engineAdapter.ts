/**
 * Connects the schema engine to a database. The standard adapters cannot run scripts: that of PGlite does not wait for them, and
 * that of `pg` splits them at every semicolon. This one sends a script as a simple query.
 */
import type { PGlite } from '@electric-sql/pglite'
import { DriverAdapterError, type SqlDriverAdapter, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
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

export const withScripts = (
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
