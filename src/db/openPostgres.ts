/**
 * PostgreSQL through `pg` and `@prisma/adapter-pg`: at most 10 connections, prepared statements kept by name. Every session is
 * set to UTC, because the adapter writes and reads timestamps without a zone.
 *
 * Migrations run on one connection of their own, which holds an advisory lock: many processes may start at once.
 */
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { Log } from '../domain/ports.ts'
import { createClient } from './createClient.ts'
import type { Database, OpenOptions } from './database.ts'
import { describeServer, unreachable } from './databaseUrl.ts'
import { postgresEngineAdapter } from './engineAdapters.ts'
import { type MigrationTarget, migrate } from './migrate.ts'
import { once } from './once.ts'
import { withReadableDates } from './readableDates.ts'
import { statementNames } from './statementNames.ts'
import { listenToConnection, type StatementListener } from './statements.ts'

const connectionTimeout = 5_000
/** "vestibule" as a number. Prisma's own lock, 72707369, is taken by the engine inside ours. */
const migrationLock = 8_378_429

const connectionOf = (url: string): pg.ClientConfig => ({
  connectionString: url,
  connectionTimeoutMillis: connectionTimeout,
  keepAlive: true,
  application_name: 'vestibule',
})

const createPool = (url: string, options: pg.PoolConfig, listener?: StatementListener): pg.Pool =>
  new pg.Pool({
    ...connectionOf(url),
    ...options,
    onConnect: async (connection) => {
      await connection.query("SET TIME ZONE 'UTC'")
      if (listener) listenToConnection(connection, listener)
    },
  })

const holdMigrationLock = async (holder: pg.Client, log: Log): Promise<void> => {
  await holder.connect()
  const { rows } = await holder.query('SELECT pg_try_advisory_lock($1) AS held', [migrationLock])
  if (rows[0].held) return
  log.info({}, 'waiting for another process to migrate the database')
  await holder.query('SELECT pg_advisory_lock($1)', [migrationLock])
}

const targetOf = (url: string, pool: pg.Pool, log: Log): MigrationTarget => ({
  rows: async <T>(sql: string) => (await pool.query(sql)).rows as T[],
  exclusively: async (work) => {
    const holder = new pg.Client(connectionOf(url))
    const worker = createPool(url, { max: 1, idleTimeoutMillis: 0 })
    const lost = (error: Error): void => log.warn({ err: error }, 'a database connection was lost while migrating')
    holder.on('error', lost)
    worker.on('error', lost)
    try {
      await holdMigrationLock(holder, log)
      return await work(postgresEngineAdapter(worker))
    } finally {
      await Promise.all([holder.end(), worker.end()])
    }
  },
})

/** @throws {StartupError} when the server is away or refuses. */
export async function openPostgres(options: OpenOptions, url: string): Promise<Database> {
  const { root, log, onStatement } = options
  const server = describeServer(url)
  const pool = createPool(url, { max: 10 }, onStatement)
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
  const ping = async (): Promise<void> => void (await pool.query('SELECT 1'))
  await ping().catch(async (error: unknown) => {
    await pool.end()
    throw unreachable(server, error)
  })
  const client = createClient(withReadableDates(new PrismaPg(pool, { statementNameGenerator: statementNames() })))
  return {
    client,
    kind: 'postgresql',
    pool,
    migrate: () => migrate(targetOf(url, pool, log), root, log).catch((error: unknown) => Promise.reject(unreachable(server, error))),
    ping,
    close: once(async () => {
      await client.$disconnect()
      await pool.end()
    }),
  }
}
