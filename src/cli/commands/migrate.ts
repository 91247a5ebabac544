/** `vestibule migrate` applies the migrations to the configured database, as a start of the server does. */
import { databaseOptions } from '../../db/databaseOptions.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { warningsOnly } from '../warningsOnly.ts'
import { orSayWhileInUse } from '../whileInUse.ts'

const IS_SERVED = 'A server applies the migrations when it starts'

export const migrate = defineCommand({
  name: 'migrate',
  summary: 'Bring the database up to date, as a start of the server does',
  examples: [
    ['migrate', 'applies the migrations that the database lacks'],
    ['migrate --json', 'the same, and prints their names as JSON'],
  ],
  needs: 'settings',
  async run({ config, dataDir, root, output }) {
    const { openDatabase } = await import('../../db/openDatabase.ts')
    const database = await orSayWhileInUse(
      IS_SERVED,
      openDatabase({ dataDir, root, log: warningsOnly(output), ...databaseOptions(config) }),
    )
    try {
      const applied = await database.migrate()
      await output.result({ applied }, applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`)
      return exitCodes.done
    } finally {
      await database.close()
    }
  },
})
