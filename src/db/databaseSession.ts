/**
 * The settings of every session, whatever the role, the database or the server set: everything that changes what our SQL means or
 * how answers are written (PostgreSQL 19.11: output follows DateStyle, IntervalStyle, extra_float_digits, bytea_output), and the
 * limits. Cost: one round trip per connection, which also checks that the server accepts writes.
 */
import type pg from 'pg'
import { DatabaseAway } from './passing.ts'
import type { Waits } from './waits.ts'

const pinned = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
} as const

const READ_ONLY = "current_setting('transaction_read_only') AS read_only"

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A schema name as part of `search_path`. */
const quoted = (schema: string): string => `"${schema.replaceAll('"', '""')}"`

/** All settings; the transaction's own come last. `schema`: that of our tables; undefined leaves the search_path unchanged. */
const settingsOf = (waits: Waits, schema: string | undefined): readonly (readonly [name: string, value: string])[] =>
  Object.entries({
    ...pinned,
    statement_timeout: String(waits.statement),
    lock_timeout: String(waits.lock),
    idle_in_transaction_session_timeout: String(waits.idleTransaction),
    ...(schema === undefined ? {} : { search_path: quoted(schema) }),
  })

const selectOf = (settings: readonly (readonly [string, string])[], isLocal: boolean): string => {
  const calls = settings.map(([name, value]) => `set_config('${name}', ${literal(value)}, ${isLocal})`)
  return `SELECT ${[READ_ONLY, ...calls].join(', ')}`
}

/** The statement that prepares a session. */
export const sessionSql = (waits: Waits, schema: string | undefined): string => selectOf(settingsOf(waits, schema), false)

/** What each transaction brings behind a pooler that lends a server for one transaction (`transactionalQuery.ts`). */
export interface TransactionSettings {
  /** Sets them for its transaction; the first column is `transaction_read_only`. */
  readonly select: string
  /** Begins a transaction, sets the same, and shows `transaction_read_only`. */
  readonly begin: string
  /** Whether servers that accept no writes will do. */
  readonly mayBeStandby: boolean
}

export function transactionSettings(waits: Waits, schema: string | undefined, mayBeStandby: boolean): TransactionSettings {
  // Those of the isolation are settings of sessions: BEGIN names it, and a single statement has that of the role, which `inspect` checks.
  const settings = settingsOf(waits, schema).filter(([name]) => !name.startsWith('default_transaction_'))
  const local = settings.map(([name, value]) => `SET LOCAL ${name} = ${name === 'search_path' ? value : literal(value)}`)
  return {
    mayBeStandby,
    select: selectOf(settings, true),
    begin: ['BEGIN ISOLATION LEVEL READ COMMITTED NOT DEFERRABLE', ...local, 'SHOW transaction_read_only'].join('; '),
  }
}

export const readOnly = (): DatabaseAway => new DatabaseAway('the server is read-only', { state: '25006' })

/** Prepares nothing. */
export const LOOK = `SELECT ${READ_ONLY}`

/** Prepares a new session. @throws {DatabaseAway} if its server is read-only: a standby, or a demoted primary, unless that will do */
export async function prepareSession(connection: pg.ClientBase | pg.Pool, sql: string, mayBeStandby = false): Promise<void> {
  const { rows } = await connection.query<{ read_only: string }>(sql)
  if (!mayBeStandby && rows[0]?.read_only === 'on') throw readOnly()
}

/** @throws {DatabaseAway} unless the server of this session accepts writes */
export const requireWrites = async (connection: pg.ClientBase | pg.Pool): Promise<void> => await prepareSession(connection, LOOK)
