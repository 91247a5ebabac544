/**
 * Reads the whole database as it was at one moment, while others change it, for as long as it takes.
 *
 * On PostgreSQL this is one transaction (repeatable read), without PostgreSQL's limits of time; each statement must be short, because the
 * limit on waiting for its answer remains. The embedded database has one connection, so it is copied first (`databaseFiles.ts`): the server
 * answers again after that, whatever the reader does. Cost of the copy: its size on the disk, and 200 MB of memory.
 */
import type { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { createClient } from './createClient.ts'
import type { DatabaseFiles } from './databaseFiles.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'
import { longTransaction } from './longTransaction.ts'
import { startPglite } from './pglite.ts'
import { withPreparedStatements } from './preparedPglite.ts'
import { withTemporaryDirectory } from './temporaryDirectory.ts'

/** Runs `work`, which only reads. */
export type Snapshot = <T>(work: (db: Prisma.TransactionClient) => Promise<T>) => Promise<T>

export const postgresSnapshot =
  (client: PrismaClient): Snapshot =>
  async (work) =>
    await longTransaction(client, work, { isSnapshot: true })

/** Of a database that nobody else uses, or whose other users may wait. */
const alone =
  (client: PrismaClient): Snapshot =>
  async (work) =>
    await longTransaction(client, work)

const ofCopy =
  (files: DatabaseFiles, dataDir: string): Snapshot =>
  async (work) =>
    await withTemporaryDirectory(dataDir, async (directory) => {
      await files.copy(directory, { sums: false })
      const copy = await startPglite(directory)
      try {
        const client = createClient(new PrismaPGlite(withPreparedStatements(copy) as unknown as PGlite))
        return await alone(client)(work).finally(async () => await client.$disconnect())
      } finally {
        await copy.close()
      }
    })

/** `dataDir`: where the copy is for a while. A database in memory has no files, and waits. */
export const embeddedSnapshot = (client: PrismaClient, files: DatabaseFiles | undefined, dataDir: string): Snapshot =>
  files === undefined ? alone(client) : ofCopy(files, dataDir)
