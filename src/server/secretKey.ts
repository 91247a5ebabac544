/**
 * The keys that encrypt what must not be read out of a database dump: the setting SECRET_KEY, or else a key that is made
 * once and kept in DATA_DIR/secret.key with mode 0600.
 *
 * Losing the file loses the second factors and signs everybody out, so an unusable one is an error and is never replaced.
 */
import { join } from 'node:path'
import { makeDirectory } from '../db/makeDirectory.ts'
import { StartupError } from '../db/startupError.ts'
import type { Log } from '../domain/base/ports.ts'
import { createKeyFile, readKeyFile, warnIfOthersCanRead } from './keyFile.ts'
import { machineFault } from './machineFault.ts'

/**
 * @throws {StartupError} when the key cannot be kept or read.
 */
export async function loadSecretKeys({
  given,
  dataDir,
  log,
}: {
  given: readonly string[] | undefined
  dataDir: string
  log: Log
}): Promise<readonly string[]> {
  if (given !== undefined) return given
  const path = join(dataDir, 'secret.key')
  try {
    await makeDirectory(dataDir)
    await createKeyFile(path)
    const key = await readKeyFile(path)
    await warnIfOthersCanRead(path, log)
    return [key]
  } catch (error) {
    if (error instanceof StartupError) throw error
    throw new StartupError(`The data directory ${dataDir} cannot be used: ${machineFault(error) ?? (error as Error).message}`, {
      cause: error,
    })
  }
}
