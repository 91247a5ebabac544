/** The part of `vestibule doctor` that needs the database, which only a running server may have open. */
import { defineCommand } from '../command.ts'
import { checkDatabase } from '../doctor/database.ts'
import { checkKeys } from '../doctor/keys.ts'
import { exitCodes } from '../exitCodes.ts'

export const doctorDatabase = defineCommand({
  name: 'doctor-database',
  summary: 'What doctor asks a running server',
  examples: [['doctor-database --json', 'its checks as JSON']],
  needs: 'database',
  isHidden: true,
  async run({ config, dataDir, database, output }) {
    const checks = [...(await checkDatabase(config, database)), ...(await checkKeys(config, dataDir, database))]
    await output.result(checks, JSON.stringify(checks))
    return exitCodes.done
  },
})
