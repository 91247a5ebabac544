/**
 * Copies of the files of the embedded database while it is in use. Its only connection is held while they are copied, so nothing is written
 * meanwhile; requests wait. After a checkpoint the files are a whole database, as after a clean stop.
 *
 * Cost for 100,000 accounts with their sessions (440 MB): 0.8 s, and 1.2 s more for the sums. PGlite's own `dumpDataDir` needs as long, and the
 * whole database three times in memory.
 */
import { constants } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import type { PGlite, Transaction } from '@electric-sql/pglite'
import { type Ask, type TableSums, tableSums } from './tableSums.ts'

export interface DatabaseFiles {
  /**
   * Copies the database into `directory`, which is made.
   * @returns of the same moment, if `sums`: what a copy is compared by
   */
  copy(directory: string, options: { readonly sums: boolean }): Promise<TableSums | undefined>
}

/** How an embedded database, or a transaction of it, is asked directly, without Prisma. */
export const asking =
  (database: Pick<Transaction, 'query'>): Ask =>
  async (sql) =>
    (await database.query<Record<string, unknown>>(sql)).rows

/** Files of the running process alone. */
const OWN = /(?:^|\/)postmaster\.(?:pid|opts)$/

export const databaseFiles = (pglite: PGlite, dataDir: string): DatabaseFiles => ({
  async copy(directory, { sums }) {
    await rm(directory, { recursive: true, force: true })
    await mkdir(directory, { mode: 0o700 })
    return await pglite.transaction(async (tx) => {
      await tx.query('CHECKPOINT')
      const found = sums ? await tableSums(asking(tx), 'logged') : undefined
      await cp(dataDir, directory, { recursive: true, mode: constants.COPYFILE_FICLONE, filter: (source) => !OWN.test(source) })
      return found
    })
  },
})
