/**
 * Backs up the embedded database while it is in use (`manifest.ts` has the form). The database stands still while its files are copied into
 * a directory beside it; it is packed after that. Cost: the size of the database on the disk for a while, and no more memory than a part.
 */
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { create } from 'tar'
import type { DatabaseFiles } from '../databaseFiles.ts'
import { StartupError } from '../startupError.ts'
import { withTemporaryDirectory } from '../temporaryDirectory.ts'
import { DATABASE, KEY, MANIFEST, type Manifest } from './manifest.ts'

export interface BackupOptions {
  readonly files: DatabaseFiles
  readonly dataDir: string
  /** Whether to leave out the key of DATA_DIR. */
  readonly withoutKey: boolean
  readonly now: Date
  readonly signal: AbortSignal
}

/** Gzip's fastest: a better one takes five times as long, for a tenth less. */
const GZIP = { level: 1 }

/** Writes a backup in parts. `stoodStill` is called with the ms for which requests had to wait. */
export const writeBackup = async (
  { files, dataDir, withoutKey, now, signal }: BackupOptions,
  write: (part: Uint8Array) => Promise<void>,
  stoodStill: (ms: number) => void,
): Promise<Manifest> =>
  await withTemporaryDirectory(dataDir, async (directory) => {
    await mkdir(directory, { mode: 0o700 })
    const begun = performance.now()
    const tables = (await files.copy(join(directory, DATABASE), { sums: true })) ?? {}
    stoodStill(Math.round(performance.now() - begun))
    const hasKey = !withoutKey && existsSync(join(dataDir, KEY))
    if (hasKey) await copyFile(join(dataDir, KEY), join(directory, KEY))
    const postgresql = (await readFile(join(directory, DATABASE, 'PG_VERSION'), 'utf8')).trim()
    const manifest: Manifest = { format: 'vestibule-backup', version: 1, madeAt: now.toISOString(), postgresql, hasKey, tables }
    await writeFile(join(directory, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    const archive = create({ cwd: directory, gzip: GZIP, portable: true }, [MANIFEST, ...(hasKey ? [KEY] : []), DATABASE])
    for await (const part of archive) {
      if (signal.aborted) throw new StartupError('interrupted')
      await write(part)
    }
    return manifest
  })
