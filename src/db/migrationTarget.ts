/**
 * Migrating PostgreSQL on a connection of its own, without limits of time, under an advisory lock, so that several processes may start at
 * once: one works, the others wait.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Log } from '../domain/base/ports.ts'
import { type MigrationTarget, repeat, type Step } from './migrate.ts'
import { createPool, type PoolParts } from './pool.ts'
import type { MigrationSession } from './runMigrations.ts'
import { reasonOf } from './startupError.ts'
import { patientWaits } from './waits.ts'

/** The lock of Prisma's own engine, so that neither migrates while the other does. It ends with its connection, or its transaction. */
const LOCK = 72_707_369
/** How often a process asks for the lock of a transaction, in ms. It holds no server of the pooler meanwhile. */
const PAUSE = 250

interface Parts {
  readonly query: MigrationSession['query']
  readonly log: Log
}

const sayWaiting = (log: Log): void => log.info({}, 'waiting for another process to migrate the database')

/** One lock of the session for all steps; each script is a transaction. */
const bySession = async (step: Step, { query, log }: Parts): Promise<string[]> => {
  const { rows } = (await query('SELECT pg_try_advisory_lock($1) AS held', [LOCK])) as { rows: [{ held: boolean }] }
  if (!rows[0].held) {
    sayWaiting(log)
    await query('SELECT pg_advisory_lock($1)', [LOCK])
  }
  // A script may have begun a transaction of its own, and failed in it.
  return await repeat(step, { query, script: query, undo: async () => await query('ROLLBACK') })
}

const beginLocked = async ({ query, log }: Parts): Promise<void> => {
  for (let tries = 0; ; tries += 1) {
    await query('BEGIN')
    const { rows } = (await query('SELECT pg_try_advisory_xact_lock($1) AS held', [LOCK])) as { rows: [{ held: boolean }] }
    if (rows[0].held) return
    await query('ROLLBACK')
    if (tries === 0) sayWaiting(log)
    await sleep(PAUSE)
  }
}

/** Each step is a transaction with its lock, in which its script is a savepoint: what failed is noted all the same. */
const byTransaction = async (step: Step, parts: Parts): Promise<string[]> => {
  const { query } = parts
  const session: MigrationSession = {
    query,
    script: async (sql) => {
      await query('SAVEPOINT migration')
      await query(sql)
    },
    undo: async () => await query('ROLLBACK TO SAVEPOINT migration'),
  }
  const locked: Step = async () => {
    await beginLocked(parts)
    try {
      return await step(session)
    } finally {
      await query('COMMIT')
    }
  }
  return await repeat(locked, session)
}

/** `pool`: for queries that need no lock. */
export const migrationTarget = (parts: Omit<PoolParts, 'max'>, pool: pg.Pool, log: Log): MigrationTarget => ({
  query: async (sql, values) => await pool.query(sql, values),
  repeatExclusively: async (step) => {
    const own = createPool({ ...parts, waits: patientWaits(parts.waits), max: 1 })
    const connection = await own.pool.connect()
    connection.on('error', (error) => log.warn({ reason: reasonOf(error) }, 'a database connection was lost while migrating'))
    const query: MigrationSession['query'] = async (sql, values) => await connection.query(sql, values)
    try {
      return await (parts.poolerMode === 'session' ? bySession : byTransaction)(step, { query, log })
    } finally {
      connection.release(true)
      await own.end()
    }
  },
})
