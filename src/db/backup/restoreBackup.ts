/**
 * Puts a backup in the place of the database of a data directory that no process uses. What was there is kept beside it. Nothing is changed
 * before the backup was checked; after that there are only renames, and a start of the server completes what an interruption left.
 */
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lockDirectory } from '../dataLock.ts'
import { databaseDirectory, restoredDirectory, unfinishedMarker } from '../openPglite.ts'
import { removeTemporary, withTemporaryDirectory } from '../temporaryDirectory.ts'
import { type CheckOptions, checkBackup } from './checkBackup.ts'
import { DATABASE, KEY, type Manifest } from './manifest.ts'

export interface Restored {
  readonly manifest: Manifest
  /** The names of what was there before, and is kept. */
  readonly kept: readonly string[]
}

export interface RestoreOptions extends CheckOptions {
  readonly dataDir: string
  readonly now: Date
}

/** Such as `20261129T041530Z`. */
const stampOf = (now: Date): string => now.toISOString().replace(/[-:]|\.\d+/g, '')

/** @throws {StartupError} if a process uses the data directory, or the backup is not good; then nothing was changed */
export async function restoreBackup(source: AsyncIterable<Uint8Array>, { dataDir, now, ...options }: RestoreOptions): Promise<Restored> {
  const lock = await lockDirectory(dataDir)
  try {
    await removeTemporary(dataDir)
    return await withTemporaryDirectory(dataDir, async (directory) => {
      const manifest = await checkBackup(source, directory, options)
      const kept: string[] = []
      const keep = async (name: string): Promise<void> => {
        if (!existsSync(join(dataDir, name))) return
        kept.push(`${name}.before-${stampOf(now)}`)
        await rename(join(dataDir, name), join(dataDir, kept.at(-1) ?? ''))
      }
      await rm(restoredDirectory(dataDir), { recursive: true, force: true })
      await rename(join(directory, DATABASE), restoredDirectory(dataDir))
      await keep(DATABASE)
      await rm(unfinishedMarker(dataDir), { force: true })
      await rename(restoredDirectory(dataDir), databaseDirectory(dataDir))
      if (manifest.hasKey) {
        await keep(KEY)
        await rename(join(directory, KEY), join(dataDir, KEY))
      }
      return { manifest, kept }
    })
  } finally {
    await lock.release()
  }
}
