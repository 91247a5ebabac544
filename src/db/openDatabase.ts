/**
 * Opens the database: PostgreSQL if there is a URL, else the embedded one (PGlite) in the data directory, or in memory for tests.
 * The caller must call `migrate()` before use and `close()` at the end.
 *
 * Cost: PostgreSQL one round trip; PGlite about 0.5 s to reopen, 0.7 s from the snapshot, 4 s and more without one.
 */
import type { Database, OpenOptions } from './database.ts'
import { openPglite } from './openPglite.ts'
import { openPostgres } from './openPostgres.ts'

/** @throws {StartupError} if the database cannot be reached or opened */
export const openDatabase = (options: OpenOptions): Promise<Database> =>
  options.url === undefined ? openPglite(options) : openPostgres(options, options.url)
