/**
 * Creates the snapshot from which PGlite starts (src/db/snapshot.ts): an empty, migrated database, packed, in `dist`. Older ones
 * are removed. The file appears only when it is complete.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { migratePglite, startPglite } from '../db/pglite.ts'
import { snapshotPath } from '../db/snapshot.ts'
import { silent } from './silent.ts'

export async function main({ root }: { root: string }): Promise<void> {
  const path = await snapshotPath(root)
  const pglite = await startPglite(undefined)
  await migratePglite(pglite, root, silent)
  await pglite.exec('CHECKPOINT')
  const packed = await pglite.dumpDataDir('gzip')
  await pglite.close()
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.${process.pid}`, Buffer.from(await packed.arrayBuffer()))
  await rename(`${path}.${process.pid}`, path)
  const stale = (await readdir(dirname(path))).filter((name) => /^pglite-.*\.tar\.gz$/.test(name) && name !== basename(path))
  await Promise.all(stale.map((name) => rm(join(dirname(path), name), { force: true })))
}
