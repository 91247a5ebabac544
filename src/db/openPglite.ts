/**
 * The embedded database: PGlite in `<dataDir>/pglite`, or in memory. Until a first start is complete there is a marker beside the
 * directory. A start that finds the marker deletes the incomplete directory, on which nobody can rely yet.
 *
 * Limits: one connection, one process (dataLock.ts), about 200 MB of memory.
 */
import { existsSync } from 'node:fs'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { createClient } from './createClient.ts'
import type { Database, OpenOptions } from './database.ts'
import { databaseFiles } from './databaseFiles.ts'
import { type DataLock, lockDirectory } from './dataLock.ts'
import { listsOf } from './lists.ts'
import { pendingMigrations } from './migrate.ts'
import { once } from './once.ts'
import { migratePglite, startPglite } from './pglite.ts'
import { withPreparedStatements } from './preparedPglite.ts'
import { withReadableDates } from './readableDates.ts'
import { embeddedReader } from './reader.ts'
import { readSnapshot } from './snapshot.ts'
import { embeddedSnapshot } from './snapshots.ts'
import { reasonOf, StartupError } from './startupError.ts'
import { listenToAdapter } from './statements.ts'
import { removeTemporary } from './temporaryDirectory.ts'

/** Where the database is in a data directory. */
export const databaseDirectory = (dataDir: string): string => join(dataDir, 'pglite')
/** There until its first start is complete. */
export const unfinishedMarker = (dataDir: string): string => join(dataDir, 'pglite.unfinished')
/** Where a restored one is until it takes that place (`backup/restoreBackup.ts`). */
export const restoredDirectory = (dataDir: string): string => join(dataDir, 'pglite.restored')

const startAnew = async (dataDir: string | undefined, { root, log, snapshot }: OpenOptions): Promise<PGlite> => {
  const pglite = await startPglite(dataDir, snapshot ?? (await readSnapshot(root)))
  await migratePglite(pglite, root, log)
  return pglite
}

/** PGlite would run initdb over any other content. */
const requireDatabase = (dataDir: string): void => {
  if (!existsSync(join(dataDir, 'PG_VERSION'))) throw new StartupError(`The directory ${dataDir} contains something other than a database`)
}

const startIn = async (options: OpenOptions): Promise<PGlite> => {
  const dataDir = databaseDirectory(options.dataDir)
  const marker = unfinishedMarker(options.dataDir)
  // A restore was interrupted between its last two steps.
  if (!existsSync(dataDir) && existsSync(restoredDirectory(options.dataDir))) await rename(restoredDirectory(options.dataDir), dataDir)
  const entries = await readdir(dataDir).catch(() => [])
  if (entries.length > 0 && !existsSync(marker)) {
    requireDatabase(dataDir)
    return startPglite(dataDir)
  }
  await writeFile(marker, '')
  await rm(dataDir, { recursive: true, force: true })
  const pglite = await startAnew(dataDir, options)
  await rm(marker)
  return pglite
}

const asDatabase = (pglite: PGlite, lock: DataLock | undefined, { root, log, onStatement, dataDir }: OpenOptions): Database => {
  const prepared = withPreparedStatements(pglite)
  const adapter = withReadableDates(new PrismaPGlite(prepared as unknown as PGlite))
  const client = createClient(onStatement ? listenToAdapter(adapter, onStatement) : adapter)
  const files = lock === undefined ? undefined : databaseFiles(pglite, databaseDirectory(dataDir))
  return {
    client,
    reader: embeddedReader(prepared, onStatement),
    lists: listsOf(client),
    kind: 'pglite',
    snapshot: embeddedSnapshot(client, files, dataDir),
    files,
    pool: undefined,
    serverConnections: undefined,
    migrate: () => migratePglite(pglite, root, log),
    pendingMigrations: () => pendingMigrations({ query: (sql, values) => pglite.query(sql, values) }, root),
    ping: async () => void (await pglite.query('SELECT 1')),
    // It runs in this process: there is no connection to lose.
    onAnswer: () => {},
    close: once(async () => {
      await client.$disconnect()
      await pglite.close()
      await lock?.release()
    }),
  }
}

/** @throws {StartupError} if the directory is in use, cannot be written, or does not contain a valid database */
export async function openPglite(options: OpenOptions): Promise<Database> {
  if (options.memory) return asDatabase(await startAnew(undefined, options), undefined, options)
  const lock = await lockDirectory(options.dataDir)
  try {
    await removeTemporary(options.dataDir)
    return asDatabase(await startIn(options), lock, options)
  } catch (error) {
    await lock.release()
    if (error instanceof StartupError) throw error
    throw new StartupError(`The data directory ${options.dataDir} cannot be used: ${reasonOf(error)}`, { cause: error })
  }
}
