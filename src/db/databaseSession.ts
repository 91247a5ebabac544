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

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A schema name as part of `search_path`. */
const quoted = (schema: string): string => `"${schema.replaceAll('"', '""')}"`

/** `schema`: that of our tables; undefined leaves the search_path unchanged. */
export function sessionSql(waits: Waits, schema: string | undefined): string {
  const values: Readonly<Record<string, string>> = {
    ...pinned,
    statement_timeout: String(waits.statement),
    lock_timeout: String(waits.lock),
    idle_in_transaction_session_timeout: String(waits.idleTransaction),
    ...(schema === undefined ? {} : { search_path: quoted(schema) }),
  }
  const settings = Object.entries(values).map(([name, value]) => `set_config('${name}', ${literal(value)}, false)`)
  return `SELECT current_setting('transaction_read_only') AS read_only, ${settings.join(', ')}`
}

const readOnly = (): DatabaseAway => new DatabaseAway('the server is read-only', { code: '25006' })

/** @throws {DatabaseAway} unless the server of this session accepts writes */
export async function requireWrites(connection: pg.ClientBase | pg.Pool): Promise<void> {
  const { rows } = await connection.query<{ read_only: string }>("SELECT current_setting('transaction_read_only') AS read_only")
  if (rows[0]?.read_only === 'on') throw readOnly()
}

/** Prepares a new session. @throws {DatabaseAway} if its server is read-only: a standby, or a demoted primary */
export async function prepareSession(connection: pg.ClientBase, sql: string): Promise<void> {
  const { rows } = await connection.query<{ read_only: string }>(sql)
  if (rows[0]?.read_only === 'on') throw readOnly()
}
