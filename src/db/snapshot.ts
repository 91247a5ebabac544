/**
 * A prepared, migrated database for PGlite to start from: initdb takes seconds, unpacking this half a second. The build creates it
 * (src/tools/snapshot.ts). Its name contains a hash of PGlite's version and the migrations, so an outdated one is never used.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Migration, readMigrations } from './migrations.ts'

const nameOf = (pgliteVersion: string, migrations: readonly Migration[]): string =>
  `pglite-${createHash('sha256')
    .update(JSON.stringify([pgliteVersion, migrations]))
    .digest('hex')
    .slice(0, 16)}.tar.gz`

export async function snapshotPath(root: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
  return join(root, 'dist', nameOf(manifest.dependencies['@electric-sql/pglite'] ?? '', await readMigrations(root)))
}

/** The snapshot for these migrations, if the build has created it. */
export async function readSnapshot(root: string): Promise<Blob | undefined> {
  const bytes = await readFile(await snapshotPath(root)).catch(() => undefined)
  return bytes && new Blob([bytes], { type: 'application/x-gzip' })
}
