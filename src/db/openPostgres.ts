/**
 * PostgreSQL through `pg` and `@prisma/adapter-pg`: `poolSize` connections with named prepared statements, two pipelined ones for what
 * every request reads, and one for the readiness check, which must not wait for the others. Every wait is limited (waits.ts).
 *
 * Behind a pooler in transaction mode (`poolerMode.ts`), statements have no names, and what every request reads goes through the pool: while
 * a pipeline is busy, the pooler could not lend its server to others, and some poolers lose the answers of pipelines.
 */
import { PrismaPg } from '@prisma/adapter-pg'
import { createClient } from './createClient.ts'
import type { Database, OpenOptions } from './database.ts'
import { requireWrites } from './databaseSession.ts'
import { connectionSettings, type DatabaseAddress, readDatabaseUrl, unusable } from './databaseUrl.ts'
import { withDirectStatements } from './directStatements.ts'
import { type Inspection, inspect } from './inspect.ts'
import { listsOf } from './lists.ts'
import { migrate, pendingMigrations } from './migrate.ts'
import { migrationTarget } from './migrationTarget.ts'
import { once } from './once.ts'
import { openReplica } from './openReplica.ts'
import { DatabaseAway } from './passing.ts'
import { within } from './patience.ts'
import { createPipelinedReader } from './pipelinedReader.ts'
import { createPool, type PoolParts } from './pool.ts'
import { usualPoolSize } from './poolSize.ts'
import { withReadableDates } from './readableDates.ts'
import { type ClosableReader, pooledReader } from './reader.ts'
import { takeTurns } from './servers.ts'
import { postgresSnapshot } from './snapshots.ts'
import { reasonOf } from './startupError.ts'
import { statementNames } from './statementNames.ts'
import { createTrust, type Trust } from './trust.ts'
import { usualWaits } from './waits.ts'

/** How long the readiness check may take, in ms. */
const PROBE = 2_000

type Shared = Omit<PoolParts, 'max' | 'schema'>

/** Looks at the database on connections that are not bound to a schema yet. */
const look = async (shared: Shared, { name }: DatabaseAddress): Promise<Inspection> => {
  const { pool, end } = createPool({ ...shared, schema: undefined, max: 2 })
  return await inspect(pool, name, shared.poolerMode).finally(end)
}

/** The result of a readiness check also applies to the other connections. */
const distrustReadOnly = (trust: Trust) => (error: unknown) => {
  if (error instanceof DatabaseAway && error.state === '25006') trust.demoted()
  return Promise.reject(error)
}

/** @throws {StartupError} if the server is away, refuses, or cannot be used as we need */
export async function openPostgres(options: OpenOptions, url: string): Promise<Database> {
  const { root, log, onStatement, waits = usualWaits(), poolSize = usualPoolSize(), poolerMode = 'session', replica } = options
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
    poolerMode,
    answered,
    demoted: trust.demoted,
  }
  const failed = (error: unknown) => Promise.reject(unusable(address, error))
  const { schema, connections } = await look(shared, address).catch(failed)
  const main = createPool({ ...shared, schema, max: poolSize, onStatement, trust })
  const { pool } = main
  const probe = createPool({ ...shared, schema, max: 1, idleTimeout: 60_000, trust })
  const lasts = poolerMode === 'session'
  const reader: ClosableReader = lasts ? createPipelinedReader({ ...shared, schema, onStatement, trust, pool }) : pooledReader(pool)
  for (const each of [pool, probe.pool])
    each.on('error', (error) => log.debug({ reason: reasonOf(error) }, 'a database connection was lost'))
  const adapter = withReadableDates(new PrismaPg(pool, { schema, ...(lasts && { statementNameGenerator: statementNames() }) }))
  const client = withDirectStatements(createClient(adapter), await adapter.connect())
  const closeOwn = async (): Promise<unknown> => {
    await client.$disconnect()
    return await Promise.all([main.end(), probe.end(), reader.end()])
  }
  const parts = { waits, poolerMode, onStatement, schema, log, client, primary: probe.pool }
  const opened =
    replica &&
    (await openReplica(replica, parts).catch(async (error: unknown) => {
      await closeOwn()
      throw error
    }))
  return {
    client,
    reader,
    lists: opened ?? listsOf(client),
    kind: 'postgresql',
    snapshot: postgresSnapshot(client),
    files: undefined,
    pool,
    serverConnections: connections,
    migrate: () => migrate(migrationTarget({ ...shared, schema }, pool, log), root, log).catch(failed),
    pendingMigrations: () => pendingMigrations({ query: (sql, values) => pool.query(sql, values) }, root).catch(failed),
    ping: () => within(PROBE, () => requireWrites(probe.pool)).catch(distrustReadOnly(trust)),
    onAnswer: (listener) => void listeners.add(listener),
    close: once(async () => {
      await opened?.close()
      await closeOwn()
    }),
  }
}
