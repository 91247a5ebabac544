/**
 * What is in a backup of the embedded database: a gzipped tar archive (POSIX) with `backup.json`, which says what it holds and is its first
 * entry, the files of the database in `pglite/`, and `secret.key` if the key is kept in DATA_DIR.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { StartupError } from '../startupError.ts'

export const MANIFEST = 'backup.json'
export const KEY = 'secret.key'
export const DATABASE = 'pglite'

const manifest = z.object({
  format: z.literal('vestibule-backup'),
  version: z.literal(1),
  madeAt: z.iso.datetime(),
  /** Of PostgreSQL, as in its data directory. */
  postgresql: z.string(),
  hasKey: z.boolean(),
  tables: z.record(z.string(), z.object({ rows: z.int(), sum: z.string() })),
})
export type Manifest = z.output<typeof manifest>

/** @throws {StartupError} */
export const readManifest = async (directory: string): Promise<Manifest> => {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch(() => {
    throw new StartupError(`It is not a backup of Vestibule: it has no ${MANIFEST}`)
  })
  try {
    return manifest.parse(JSON.parse(text))
  } catch {
    throw new StartupError('It is not a backup that this version can read')
  }
}
