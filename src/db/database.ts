/**
 * What an open database is, and what it takes to open one, whichever it is.
 */
import type pg from 'pg'
import type { Log } from '../domain/base/ports.ts'
import type { PrismaClient } from './generated/client.ts'
import type { Waits } from './waits.ts'

export interface OpenOptions {
  /** A PostgreSQL URL. Absent: PGlite in `dataDir`. */
  readonly url?: string | undefined
  readonly dataDir: string
  /** The directory that holds `prisma/migrations` and `dist`. */
  readonly root: string
  readonly log: Log
  /** PGlite in memory; `dataDir` is left alone. */
  readonly memory?: boolean
  /** What a fresh PGlite starts from, instead of the snapshot in `dist`. */
  readonly snapshot?: Blob
  /** How long PostgreSQL may keep us waiting; by default as the settings have it by default. */
  readonly waits?: Waits
  /** Hears each SQL statement that is sent, without those that begin and end transactions. Switches nothing else. */
  readonly onStatement?: (sql: string) => void
}

export interface Database {
  readonly client: PrismaClient
  readonly kind: 'postgresql' | 'pglite'
  /** The connections of `client`, for SQL that Prisma does not speak. Undefined on PGlite. */
  readonly pool: pg.Pool | undefined
  /**
   * Brings the tables up to date; many processes may do so at once.
   * @returns the names of the migrations that were applied, none as a rule.
   * @throws {StartupError} when the database was migrated by another version, or a migration fails.
   */
  migrate(): Promise<string[]>
  /** Resolves when the database takes writes; rejects within about two seconds when it does not, or does not answer. */
  ping(): Promise<void>
  /** `listener` is called with each answer of the database: it is there. */
  onAnswer(listener: () => void): void
  /** Ends the connections and gives the data directory free. A second call does nothing. */
  close(): Promise<void>
}
