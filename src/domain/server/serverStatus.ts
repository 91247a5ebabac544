/** How the server is, for administrators: versions, the database, what waits, and the settings. One statement. */
import type { Domain } from '../frame/domain.ts'
import type { QueueLoad } from '../hashing/fairQueue.ts'
import { type SettingState, settingStates } from './settingStates.ts'

export interface DatabaseStatus {
  readonly kind: 'postgresql' | 'pglite'
  readonly version: string
  readonly lastMigration: string
  /** Null without a replica. */
  readonly usesReplica: boolean | null
}

export interface ServerStatus {
  readonly version: string
  readonly nodeVersion: string
  readonly startedAt: Date
  readonly database: DatabaseStatus
  /** How many entries wait in the outbox, and since when the oldest. */
  readonly outboxEntries: number
  readonly oldestOutboxEntryAt: Date | null
  readonly hashQueue: QueueLoad
  readonly settings: readonly SettingState[]
}

interface Row {
  readonly version: string
  readonly lastMigration: string | null
  readonly entries: number
  readonly oldest: Date | null
}

export async function serverStatus({ db, lists, config, hasher, startedAt, program }: Domain): Promise<ServerStatus> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT current_setting('server_version') AS version,
      (SELECT max(migration_name) FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL) AS "lastMigration",
      waiting.entries, waiting.oldest
    FROM (SELECT count(*)::float8 AS entries, min(created_at) AS oldest FROM outbox WHERE failed_at IS NULL) AS waiting`
  return {
    version: program.version,
    nodeVersion: process.version,
    startedAt,
    database: {
      kind: program.database,
      version: row?.version ?? '',
      lastMigration: row?.lastMigration ?? '',
      usesReplica: lists.usesReplica?.() ?? null,
    },
    outboxEntries: row?.entries ?? 0,
    oldestOutboxEntryAt: row?.oldest ?? null,
    hashQueue: hasher.load(),
    settings: settingStates(config),
  }
}
