/** The interface of an open database, PostgreSQL or PGlite, and the options to open one. */
import type pg from 'pg'
import type { Log } from '../domain/base/ports.ts'
import type { DatabaseFiles } from './databaseFiles.ts'
import type { PrismaClient } from './generated/client.ts'
import type { Lists } from './lists.ts'
import type { ReplicaOptions } from './openReplica.ts'
import type { PoolerMode } from './poolerMode.ts'
import type { Reader } from './reader.ts'
import type { Snapshot } from './snapshots.ts'
import type { Waits } from './waits.ts'

export interface OpenOptions {
  /** A PostgreSQL URL. If not set: PGlite in `dataDir`. */
  readonly url?: string | undefined
  readonly dataDir: string
  /** The directory that contains `prisma/migrations` and `dist`. */
  readonly root: string
  readonly log: Log
  /** PGlite in memory; `dataDir` is not used. */
  readonly memory?: boolean
  /** What a new PGlite starts from, instead of the snapshot in `dist`. */
  readonly snapshot?: Blob
  /** How long to wait for PostgreSQL; by default, the defaults of the settings. */
  readonly waits?: Waits
  /** By default `session`. */
  readonly poolerMode?: PoolerMode
  /** A streaming replica to read lists from. */
  readonly replica?: ReplicaOptions | undefined
  /** How many connections to PostgreSQL are opened at most for statements. */
  readonly poolSize?: number
  /** Called with each SQL statement, except those that begin and end transactions. */
  readonly onStatement?: (sql: string) => void
}

export interface Database {
  readonly client: PrismaClient
  /** For what every request reads. */
  readonly reader: Reader
  /** For lists and searches. */
  readonly lists: Lists
  readonly kind: 'postgresql' | 'pglite'
  /** For exports: the whole database as it was at one moment, while others change it. */
  readonly snapshot: Snapshot
  /** The files of the embedded database; undefined for PostgreSQL, and in memory. */
  readonly files: DatabaseFiles | undefined
  /** The connections of `client`, for SQL that Prisma cannot express. Undefined for PGlite. */
  readonly pool: pg.Pool | undefined
  /** How many connections the server leaves to roles that are no superusers; undefined if that is not known. */
  readonly serverConnections: number | undefined
  /**
   * Brings the tables up to date; several processes may do so at once.
   * @returns the names of the applied migrations, usually none
   * @throws {StartupError} if the database was migrated by another version, or a migration fails
   */
  migrate(): Promise<string[]>
  /**
   * The migrations of this version that the database lacks.
   * @throws {StartupError} if its history does not match
   */
  pendingMigrations(): Promise<string[]>
  /** Resolves if the database accepts writes; rejects within about two seconds if it does not, or does not answer. */
  ping(): Promise<void>
  /** `listener` is called with each answer of the database. */
  onAnswer(listener: () => void): void
  /** Closes the connections and releases the data directory. A second call does nothing. */
  close(): Promise<void>
}
