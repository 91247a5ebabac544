/**
 * A key in a file that only its owner can read. If several processes create it at once, one does, and the others wait up to a second for
 * its text.
 */
import { randomBytes } from 'node:crypto'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { StartupError } from '../db/startupError.ts'
import type { Log } from '../domain/base/ports.ts'

const MINIMUM_LENGTH = 32
const WAIT_FOR_WRITER_MS = 1_000

const create = async (path: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(32).toString('base64url')}\n`)
    await file.sync()
  } catch (error) {
    // On a full disk: an empty file would be taken for a key that was lost.
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

export const createKeyFile = async (path: string): Promise<void> => {
  await create(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

/** The text of the file, once its writer is done: the key ends with a line end, unless a person wrote it. */
export const readKeyFile = async (path: string): Promise<string> => {
  const end = Date.now() + WAIT_FOR_WRITER_MS
  for (;;) {
    const text = await readFile(path, 'utf8')
    const key = text.trim()
    const late = Date.now() > end
    if (key.length >= MINIMUM_LENGTH && (late || text.endsWith('\n'))) return key
    if (late)
      throw new StartupError(
        `${path} does not contain a key of at least ${MINIMUM_LENGTH} characters: restore it from a backup, or remove it to get a new key (data encrypted with the old key is lost)`,
      )
    await delay(20)
  }
}

export const warnIfOthersCanRead = async (path: string, log: Log): Promise<void> => {
  if (process.platform === 'win32') return
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0)
    log.warn({ path, mode: (mode & 0o777).toString(8) }, 'other users can read the secret key file: its mode should be 600')
}
