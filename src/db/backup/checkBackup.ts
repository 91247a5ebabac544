/** Reads a backup back: unpacks it, opens the database that is in it, and compares every table with what the backup says. */
import { chmod, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { extract } from 'tar'
import { asking } from '../databaseFiles.ts'
import { pendingMigrations } from '../migrate.ts'
import { startPglite } from '../pglite.ts'
import { reasonOf, StartupError } from '../startupError.ts'
import { type Ask, differences, tableSums } from '../tableSums.ts'
import { DATABASE, KEY, MANIFEST, type Manifest, readManifest } from './manifest.ts'

const isPart = (path: string): boolean => [MANIFEST, KEY].includes(path) || path === DATABASE || path.startsWith(`${DATABASE}/`)

/** Whatever else an archive may have, such as links or other paths, is left out. */
const unpackInto = async (source: AsyncIterable<Uint8Array>, directory: string): Promise<void> => {
  const target = extract({
    cwd: directory,
    strict: true,
    preserveOwner: false,
    filter: (path, entry) => isPart(path.replace(/\/$/, '')) && 'type' in entry && ['File', 'Directory'].includes(entry.type),
  })
  const done = new Promise<void>((resolve, reject) => target.once('close', resolve).once('error', reject))
  // It may fail before anybody waits for it.
  done.catch(() => undefined)
  for await (const part of source) {
    if (!target.write(Buffer.from(part))) await Promise.race([new Promise((resolve) => target.once('drain', resolve)), done])
  }
  target.end()
  await done
}

/** The archive decides neither whether there is a key nor who may read it. */
const checkKey = async (file: string): Promise<void> => {
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true) throw new StartupError(`The backup is damaged: its ${KEY} is missing`)
  await chmod(file, 0o600)
}

export interface CheckOptions {
  /** Of package.json: the migrations must be known. */
  readonly root: string
  /** Looks at the database that was opened. */
  readonly inspect?: (ask: Ask, manifest: Manifest) => Promise<void>
}

/**
 * Unpacks a backup into `directory`, which is made, and checks it.
 * @throws {StartupError} that says what is wrong with it
 */
export async function checkBackup(
  source: AsyncIterable<Uint8Array>,
  directory: string,
  { root, inspect }: CheckOptions,
): Promise<Manifest> {
  await mkdir(directory, { mode: 0o700 })
  await unpackInto(source, directory).catch((error: unknown) => {
    throw new StartupError(`The backup cannot be unpacked: ${reasonOf(error)}`, { cause: error })
  })
  const manifest = await readManifest(directory)
  if (manifest.hasKey) await checkKey(join(directory, KEY))
  const database = await startPglite(join(directory, DATABASE))
  try {
    const ask = asking(database)
    await pendingMigrations({ query: (sql, values) => database.query(sql, values) }, root)
    const wrong = differences(manifest.tables, await tableSums(ask, 'logged'))
    if (wrong.length > 0) throw new StartupError(`The backup is damaged: ${wrong.join(', ')}`)
    await inspect?.(ask, manifest)
    return manifest
  } finally {
    await database.close()
  }
}
