/**
 * How long the database may keep us waiting, in milliseconds; docs/settings.md says what each means. 0 is no limit, which only
 * a migration has.
 */
import { type Config, readConfig } from '../config.ts'

export interface Waits {
  /** For a connection to be made, TLS and sign-in included. */
  readonly connect: number
  /** For one of the pool to be free. */
  readonly pool: number
  /** For the answer to a statement; then the connection is thrown away. */
  readonly query: number
  /** What PostgreSQL itself ends: a statement, the wait for a lock, a transaction that does nothing. */
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

/** Where no settings are at hand. */
export const usualWaits = (): Waits => waitsOf(readConfig({}))

/** A migration takes as long as it takes. */
export const patientWaits = (waits: Waits): Waits => ({ ...waits, query: 0, statement: 0, lock: 0, idleTransaction: 0 })
