/** Checks the machine: the data directory, the disk, the library that computes hashes. */
import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '../../config.ts'
import { loadArgon2 } from '../../domain/hashing/argon2.ts'
import { machineFault } from '../../server/machineFault.ts'
import { grouped } from '../wording.ts'
import { type Check, checking, failed, ok, warning } from './check.ts'

const MEGABYTE = 1024 * 1024

/** The nearest directory that is there: a start makes the rest. */
const nearest = async (directory: string): Promise<string> => {
  try {
    await stat(directory)
    return directory
  } catch {
    return dirname(directory) === directory ? directory : await nearest(dirname(directory))
  }
}

const directoryCheck = async (dataDir: string): Promise<Check> => {
  const name = 'data directory'
  const remedy = 'make it writable for the user of the server'
  const there = await nearest(dataDir)
  try {
    await access(there, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    return failed(name, `${there} cannot be used: ${machineFault(error) ?? 'unknown'}`, remedy)
  }
  if (there !== dataDir) return ok(name, `${dataDir} is not there yet, and will be made`)
  const { mode } = await stat(dataDir)
  return process.platform !== 'win32' && (mode & 0o022) !== 0
    ? warning(name, `others may write in ${dataDir} (mode ${(mode & 0o777).toString(8)})`, `run \`chmod 700 ${dataDir}\``)
    : ok(name, `${dataDir} can be written`)
}

/** An embedded database on a full disk cannot even be opened; mails and the key need little. */
const diskCheck = async (dataDir: string, embedded: boolean): Promise<Check> => {
  const { bavail, blocks, bsize } = await statfs(await nearest(dataDir))
  const free = Math.floor((bavail * bsize) / MEGABYTE)
  const found = `${grouped(free)} MiB are free for ${dataDir}`
  if (free < 100) return failed('disk', found, 'make room: without it nothing can be written')
  const isLow = embedded && (free < 1_024 || bavail < blocks / 20)
  return isLow ? warning('disk', found, 'make room before it is used up: the embedded database grows') : ok('disk', found)
}

const hashCheck = async ({ ARGON2_MEMORY_KIB, ARGON2_PASSES }: Config): Promise<Check> => {
  const library = await loadArgon2()
  const begun = performance.now()
  await library.hash('doctor', { memoryCost: ARGON2_MEMORY_KIB, timeCost: ARGON2_PASSES, parallelism: 1 })
  const took = Math.round(performance.now() - begun)
  const found = `${library.name}, ${took} ms for a hash`
  if (took > 1_000)
    return warning('hashes', found, 'lower ARGON2_MEMORY_KIB or ARGON2_PASSES, or use a faster machine: each sign-in takes as long')
  return library.name === 'argon2'
    ? warning('hashes', found, 'install the optional package @node-rs/argon2, which takes half the time (docs/sign-in.md)')
    : ok('hashes', found)
}

export const checkMachine = async (config: Config, dataDir: string): Promise<readonly Check[]> => [
  ...(await checking('data directory', 'make it readable for this user', async () => [await directoryCheck(dataDir)])),
  ...(await checking('disk', 'look at the file system of DATA_DIR', async () => [
    await diskCheck(dataDir, config.DATABASE_URL === undefined),
  ])),
  ...(await checking('hashes', 'install the packages again: `npm ci --omit=dev`', async () => [await hashCheck(config)])),
]
