/** `npm run migrate` applies the migrations to the configured database, as a start of the server does. */
import { resolve } from 'node:path'
import { readConfig, readEnvironment } from '../config.ts'
import { databaseOptions } from '../db/databaseOptions.ts'
import { openDatabase } from '../db/openDatabase.ts'
import { explain } from '../server/explain.ts'
import { silent } from './silent.ts'

const migrate = async (root: string): Promise<string> => {
  const config = readConfig(readEnvironment(process.cwd()))
  const dataDir = resolve(config.DATA_DIR)
  const database = await openDatabase({ dataDir, root, log: silent, ...databaseOptions(config) })
  try {
    const names = await database.migrate()
    return names.length === 0 ? 'The database is up to date.' : `Applied ${names.join(', ')}.`
  } finally {
    await database.close()
  }
}

export async function main({ root }: { root: string }): Promise<void> {
  try {
    process.stdout.write(`${await migrate(root)}\n`)
  } catch (error) {
    process.stderr.write(explain(error))
    process.exitCode = 1
  }
}
