/**
 * The limits on waiting for the database, in milliseconds; docs/settings.md explains each. 0 means no limit, which only migrations
 * have.
 */
import { type Config, readConfig } from '../config.ts'

export interface Waits {
  /** To connect, including TLS and authentication. */
  readonly connect: number
  /** For a free connection of the pool. */
  readonly pool: number
  /** For the answer to a statement; then the connection is closed. */
  readonly query: number
  /** Limits that PostgreSQL enforces: a statement, the wait for a lock, an idle transaction. */
  readonly statement: number
  readonly lock: number
  readonly idleTransaction: number
}

type Settings = Pick<
  Config,
  | 'DATABASE_CONNECT_TIMEOUT'
  | 'DATABASE_POOL_TIMEOUT'
  | 'DATABASE_QUERY_TIMEOUT'
  | 'DATABASE_STATEMENT_TIMEOUT'
  | 'DATABASE_LOCK_TIMEOUT'
  | 'DATABASE_IDLE_TRANSACTION_TIMEOUT'
>

export const waitsOf = (config: Settings): Waits => ({
  connect: config.DATABASE_CONNECT_TIMEOUT,
  pool: config.DATABASE_POOL_TIMEOUT,
  query: config.DATABASE_QUERY_TIMEOUT,
  statement: config.DATABASE_STATEMENT_TIMEOUT,
  lock: config.DATABASE_LOCK_TIMEOUT,
  idleTransaction: config.DATABASE_IDLE_TRANSACTION_TIMEOUT,
})

/** The limits without settings. */
export const usualWaits = (): Waits => waitsOf(readConfig({}))

/** Migrations take as long as they need. */
export const patientWaits = (waits: Waits): Waits => ({ ...waits, query: 0, statement: 0, lock: 0, idleTransaction: 0 })
