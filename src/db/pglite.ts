/**
 * Starts and migrates PGlite. A new one comes from the prepared snapshot, or else from initdb and the migrations, which takes
 * seconds.
 */
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import type { Log } from '../domain/base/ports.ts'
import { migrate, repeat } from './migrate.ts'
import type { MigrationSession } from './runMigrations.ts'
import { reasonOf, StartupError } from './startupError.ts'

/** PostgreSQL's default of 128 MB is written to at each start, which takes 0.4 s; the files are in the memory of the system anyway. */
const SETTINGS = ['-c', 'shared_buffers=32MB']

/** Messages of the server are kept for the error of a failed start, and not printed. */
export async function startPglite(dataDir: string | undefined, snapshot?: Blob): Promise<PGlite> {
  const said: string[] = []
  const keep = (text: string): boolean => said.push(text) < 0
  try {
    const origin = { ...(dataDir !== undefined && { dataDir }), ...(snapshot && { loadDataDir: snapshot }) }
    const startParams = [...PGlite.defaultStartParams, ...SETTINGS]
    return await PGlite.create({ ...origin, extensions: { pg_trgm }, startParams, onStdout: keep, onStderr: keep })
  } catch (error) {
    const complaint = said.join('\n').match(/(?:FATAL|PANIC): +(.*)/)?.[1] ?? reasonOf(error)
    throw new StartupError(`The embedded database in ${dataDir ?? 'memory'} cannot be opened: ${complaint}`, { cause: error })
  }
}

export const migratePglite = (pglite: PGlite, root: string, log: Log): Promise<string[]> => {
  const session: MigrationSession = {
    query: (sql, values) => pglite.query(sql, values),
    script: (sql) => pglite.exec(sql),
    // The script may have begun a transaction of its own, and failed in it.
    undo: () => pglite.exec('ROLLBACK'),
  }
  return migrate({ query: session.query, repeatExclusively: (step) => repeat(step, session) }, root, log)
}
