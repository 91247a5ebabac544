/**
 * PostgreSQL through `pg` and `@prisma/adapter-pg`: at most 10 connections, prepared statements kept by name, and one more for
 * the question whether the database is ready, which must not wait for those. Nothing is waited for without end (waits.ts).
 *
 * Migrations run on one connection of their own, which holds an advisory lock: many processes may start at once.
 */
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import type { Log } from '../domain/base/ports.ts'
import { connectionClass } from './connection.ts'
import { createClient } from './createClient.ts'
import type { Database, OpenOptions } from './database.ts'
import { connectionSettings, type DatabaseAddress, readDatabaseUrl, unusable } from './databaseUrl.ts'
import { postgresEngineAdapter } from './engineAdapters.ts'
import { inspect } from './inspect.ts'
import { type MigrationTarget, migrate } from './migrate.ts'
import { once } from './once.ts'
import { within } from './patience.ts'
import { type BoundPool, createPool, type PoolParts } from './pool.ts'
import { withReadableDates } from './readableDates.ts'
import { takeTurns } from './servers.ts'
import { requireWrites } from './session.ts'
import { reasonOf } from './startupError.ts'
import { statementNames } from './statementNames.ts'
import { patientWaits, usualWaits } from './waits.ts'

/** "vestibule" as a number. Prisma's own lock, 72707369, is taken by the engine inside ours. */
const migrationLock = 8_378_429
const MOST = 10
/** How long the answer to "is it ready?" may take, in ms. */
const PROBE = 2_000

type Shared = Omit<PoolParts, 'max' | 'schema'>

const holdMigrationLock = async (holder: pg.Client, log: Log): Promise<void> => {
  await holder.connect()
  const { rows } = await holder.query('SELECT pg_try_advisory_lock($1) AS held', [migrationLock])
  if (rows[0].held) return
  log.info({}, 'waiting for another process to migrate the database')
  await holder.query('SELECT pg_advisory_lock($1)', [migrationLock])
}

const targetOf = (shared: Shared, schema: string, pool: pg.Pool, log: Log): MigrationTarget => ({
  rows: async <T>(sql: string) => (await pool.query(sql)).rows as T[],
  exclusively: async (work) => {
    const parts = { ...shared, waits: patientWaits(shared.waits) }
    const holder = new (connectionClass({ ...parts, silent: () => {} }))()
    const worker = createPool({ ...parts, schema, max: 1, idleTimeout: 0 })
    const lost = (error: Error): void => log.warn({ reason: reasonOf(error) }, 'a database connection was lost while migrating')
    holder.on('error', lost)
    worker.pool.on('error', lost)
    try {
      await holdMigrationLock(holder, log)
      return await work(postgresEngineAdapter(worker.pool, schema))
    } finally {
      await Promise.all([holder.end(), worker.end()])
    }
  },
})

/** The schema of our tables, found on connections that are not yet bound to one. */
const findSchema = async (shared: Shared, { name }: DatabaseAddress): Promise<string> => {
  const { pool, end } = createPool({ ...shared, schema: undefined, max: 2 })
  pool.on('error', () => {})
  return await inspect(pool, name).finally(end)
}

/** What a probe finds out about its server holds for all connections. */
const distrustReadOnly = (pools: readonly BoundPool[]) => (error: Error & { code?: string }) => {
  if (error.code === '25006') for (const pool of pools) pool.distrust()
  return Promise.reject(error)
}

/** @throws {StartupError} when the server is away or refuses, or cannot be used as we do. */
export async function openPostgres(options: OpenOptions, url: string): Promise<Database> {
  const { root, log, onStatement, waits = usualWaits() } = options
  const address = readDatabaseUrl(url)
  const listeners = new Set<() => void>()
  const answered = () => {
    for (const listener of listeners) listener()
  }
  const shared: Shared = { settings: connectionSettings(address), servers: takeTurns(address.servers), waits, answered }
  const failed = (error: unknown) => Promise.reject(unusable(address, error))
  const schema = await findSchema(shared, address).catch(failed)
  const main = createPool({ ...shared, schema, max: MOST, onStatement })
  const { pool } = main
  const probe = createPool({ ...shared, schema, max: 1, idleTimeout: 60_000 })
  for (const each of [pool, probe.pool])
    each.on('error', (error) => log.debug({ reason: reasonOf(error) }, 'a database connection was lost'))
  const client = createClient(withReadableDates(new PrismaPg(pool, { schema, statementNameGenerator: statementNames() })))
  return {
    client,
    kind: 'postgresql',
    pool,
    migrate: () => migrate(targetOf(shared, schema, pool, log), root, log).catch(failed),
    ping: () => within(PROBE, () => requireWrites(probe.pool)).catch(distrustReadOnly([main, probe])),
    onAnswer: (listener) => void listeners.add(listener),
    close: once(async () => {
      await client.$disconnect()
      await Promise.all([main.end(), probe.end()])
    }),
  }
}
