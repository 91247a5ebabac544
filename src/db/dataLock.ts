/**
 * Allows only one process on a data directory: two would corrupt PGlite. The holder has `pglite.lock.<n>`, created exclusively,
 * with its identity inside, and touches it every few seconds. A lock is dead if its process has ended or, if that cannot be
 * determined (another container), if it was not touched for a while.
 *
 * A dead lock is not deleted, because two starting processes could delete each other's new lock. Instead the successor creates lock
 * n + 1, which only one process can, and holds it if there is no higher number. Works after kill -9.
 */
import { open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory } from './makeDirectory.ts'
import { isRunning, ownIdentity, type ProcessIdentity } from './processIdentity.ts'
import { InUse, reasonOf, StartupError } from './startupError.ts'

export interface DataLock {
  release(): Promise<void>
}

const prefix = 'pglite.lock.'
const touchEvery = 5_000
const deadAfter = 20_000

const pathOf = (directory: string, n: number): string => join(directory, `${prefix}${n}`)

const numbers = async (directory: string): Promise<number[]> => {
  const names = (await readdir(directory)).filter((name) => /^pglite\.lock\.\d+$/.test(name))
  return names.map((name) => Number(name.slice(prefix.length))).sort((a, b) => b - a)
}

/** An unreadable lock is just being written, or was interrupted; its age decides. */
const refuseIfAlive = async (directory: string, n: number): Promise<void> => {
  const text = await readFile(pathOf(directory, n), 'utf8').catch(() => '')
  const holder = ((): ProcessIdentity | undefined => {
    try {
      return JSON.parse(text) as ProcessIdentity
    } catch {
      return undefined
    }
  })()
  const touched = await stat(pathOf(directory, n)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
  const alive = (holder && isRunning(holder)) ?? Date.now() - touched < deadAfter
  if (alive) throw new InUse(`The data directory ${directory} is in use by process ${holder?.pid ?? 'another'}`)
}

/** Creates lock n; false if another process was faster. */
const create = async (directory: string, n: number): Promise<boolean> => {
  const file = await open(pathOf(directory, n), 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined
    throw error
  })
  await file?.writeFile(JSON.stringify(ownIdentity()))
  await file?.close()
  return file !== undefined
}

const acquire = async (directory: string): Promise<number> => {
  for (;;) {
    const [last = 0] = await numbers(directory)
    if (last > 0) await refuseIfAlive(directory, last)
    if (!(await create(directory, last + 1))) continue
    const [highest, ...dead] = await numbers(directory)
    const loser = highest === last + 1 ? dead : [last + 1]
    await Promise.all(loser.map((n) => rm(pathOf(directory, n), { force: true })))
    if (highest === last + 1) return highest
  }
}

/** @throws {StartupError} if another process holds the lock, or the directory cannot be written */
export async function lockDirectory(directory: string): Promise<DataLock> {
  try {
    await makeDirectory(directory)
    const path = pathOf(directory, await acquire(directory))
    const touch = setInterval(() => utimes(path, new Date(), new Date()).catch(() => {}), touchEvery).unref()
    const release = async (): Promise<void> => {
      clearInterval(touch)
      await rm(path, { force: true })
    }
    return { release }
  } catch (error) {
    if (error instanceof StartupError) throw error
    throw new StartupError(`The data directory ${directory} cannot be used: ${reasonOf(error)}`, { cause: error })
  }
}
