/**
 * PostgreSQL through `pg` and `@prisma/adapter-pg`: at most 10 connections with named prepared statements, two pipelined ones for what
 * every request reads, and one for the readiness check, which must not wait for the others. Every wait is limited (waits.ts).
 *
 * Migrations run on a connection of their own with an advisory lock, so several processes may start at once.
 */
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import type { Log } from '../domain/base/ports.ts'
import { createClient } from './createClient.ts'
import type { Database, OpenOptions } from './database.ts'
import { requireWrites } from './databaseSession.ts'
import { connectionSettings, type DatabaseAddress, readDatabaseUrl, unusable } from './databaseUrl.ts'
import { inspect } from './inspect.ts'
import { type MigrationTarget, migrate } from './migrate.ts'
import { once } from './once.ts'
import { within } from './patience.ts'
import { createPipelinedReader } from './pipelinedReader.ts'
import { createPool, type PoolParts } from './pool.ts'
import { withReadableDates } from './readableDates.ts'
import type { MigrationSession } from './runMigrations.ts'
import { takeTurns } from './servers.ts'
import { reasonOf } from './startupError.ts'
import { statementNames } from './statementNames.ts'
import { createTrust, type Trust } from './trust.ts'
import { patientWaits, usualWaits } from './waits.ts'

/** The lock of Prisma's own engine, so that neither migrates while the other does. It ends with its connection. */
const migrationLock = 72_707_369
const MOST = 10
/** How long the readiness check may take, in ms. */
const PROBE = 2_000

type Shared = Omit<PoolParts, 'max' | 'schema'>

const takeMigrationLock = async (connection: pg.ClientBase, log: Log): Promise<void> => {
  const { rows } = await connection.query('SELECT pg_try_advisory_lock($1) AS held', [migrationLock])
  if (rows[0].held) return
  log.info({}, 'waiting for another process to migrate the database')
  await connection.query('SELECT pg_advisory_lock($1)', [migrationLock])
}

const targetOf = (shared: Shared, schema: string, pool: pg.Pool, log: Log): MigrationTarget => ({
  query: async (sql, values) => await pool.query(sql, values),
  exclusively: async (work) => {
    const own = createPool({ ...shared, waits: patientWaits(shared.waits), schema, max: 1 })
    const connection = await own.pool.connect()
    connection.on('error', (error) => log.warn({ reason: reasonOf(error) }, 'a database connection was lost while migrating'))
    const query: MigrationSession['query'] = async (sql, values) => await connection.query(sql, values)
    try {
      await takeMigrationLock(connection, log)
      return await work({ query, script: query })
    } finally {
      connection.release(true)
      await own.end()
    }
  },
})

/** Finds the schema of our tables, on connections that are not bound to one yet. */
const findSchema = async (shared: Shared, { name }: DatabaseAddress): Promise<string> => {
  const { pool, end } = createPool({ ...shared, schema: undefined, max: 2 })
  return await inspect(pool, name).finally(end)
}

/** The result of a readiness check also applies to the other connections. */
const distrustReadOnly = (trust: Trust) => (error: Error & { code?: string }) => {
  if (error.code === '25006') trust.demoted()
  return Promise.reject(error)
}

/** @throws {StartupError} if the server is away, refuses, or cannot be used as we need */
export async function openPostgres(options: OpenOptions, url: string): Promise<Database> {
  const { root, log, onStatement, waits = usualWaits() } = options
  const address = readDatabaseUrl(url)
  const listeners = new Set<() => void>()
  const answered = () => {
    for (const listener of listeners) listener()
  }
  const trust = createTrust()
  const shared: Shared = {
    settings: connectionSettings(address),
    servers: takeTurns(address.servers),
    waits,
    answered,
    demoted: trust.demoted,
  }
  const failed = (error: unknown) => Promise.reject(unusable(address, error))
  const schema = await findSchema(shared, address).catch(failed)
  const main = createPool({ ...shared, schema, max: MOST, onStatement, trust })
  const { pool } = main
  const probe = createPool({ ...shared, schema, max: 1, idleTimeout: 60_000, trust })
  const reader = createPipelinedReader({ ...shared, schema, onStatement, trust, pool })
  for (const each of [pool, probe.pool])
    each.on('error', (error) => log.debug({ reason: reasonOf(error) }, 'a database connection was lost'))
  const client = createClient(withReadableDates(new PrismaPg(pool, { schema, statementNameGenerator: statementNames() })))
  return {
    client,
    reader,
    kind: 'postgresql',
    pool,
    migrate: () => migrate(targetOf(shared, schema, pool, log), root, log).catch(failed),
    ping: () => within(PROBE, () => requireWrites(probe.pool)).catch(distrustReadOnly(trust)),
    onAnswer: (listener) => void listeners.add(listener),
    close: once(async () => {
      await client.$disconnect()
      await Promise.all([main.end(), probe.end(), reader.end()])
    }),
  }
}
