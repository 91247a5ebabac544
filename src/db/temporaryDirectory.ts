/** Directories within the data directory that are needed for a while. Those of processes that were killed go with the next use of the database. */
import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

const FORM = /^vestibule-[0-9a-f]{12}\.tmp$/

/** Its path; it does not exist yet. */
const newPath = (dataDir: string): string => join(dataDir, `vestibule-${randomBytes(6).toString('hex')}.tmp`)

/** Runs `work` with the path of a directory for it, and deletes the directory. */
export async function withTemporaryDirectory<T>(dataDir: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = newPath(dataDir)
  try {
    return await work(path)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

/** Only for who holds the lock of the data directory. */
export const removeTemporary = async (dataDir: string): Promise<void> => {
  const names = await readdir(dataDir).catch(() => [])
  for (const name of names.filter((name) => FORM.test(name))) await rm(join(dataDir, name), { recursive: true, force: true })
}
