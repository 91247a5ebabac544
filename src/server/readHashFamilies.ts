/** The families of password hashes of HASH_FAMILIES. Read once, before the database is opened. */

import { defaultExport, firstLine, isSameFile } from '../config/loadModule.ts'
import { type Config, ConfigError } from '../config.ts'
import type { HashFamilyMaker } from '../domain/hashing/families/made.ts'
import { createHasher } from '../domain/hashing/hasher.ts'

const load = async (path: string): Promise<HashFamilyMaker> => {
  const made = await defaultExport(path, 'a bundler')
  if (typeof made !== 'function') throw new Error('its default export is not a function')
  return made as HashFamilyMaker
}

/** @throws {ConfigError} with one line for each problem of a file */
export async function readHashFamilies(config: Config): Promise<readonly HashFamilyMaker[]> {
  const makers: HashFamilyMaker[] = []
  const problems: string[] = []
  for (const [index, path] of config.HASH_FAMILIES.entries()) {
    try {
      if (config.HASH_FAMILIES.slice(0, index).some((other) => isSameFile(path, other))) throw new Error('is there twice')
      const maker = await load(path)
      await createHasher(config, undefined, [...makers, maker])
      makers.push(maker)
    } catch (error) {
      problems.push(`HASH_FAMILIES: ${path}: ${firstLine(error)}`)
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return makers
}
