/** The part of `vestibule doctor` that needs the database, which only a running server may have open. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'

export const doctorDatabase = defineCommand({
  name: 'doctor-database',
  summary: 'What doctor asks a running server',
  examples: [['doctor-database --json', 'its checks as JSON']],
  needs: 'database',
  isHidden: true,
  async run({ config, dataDir, database, output }) {
    const { checkDatabase } = await import('../doctor/database.ts')
    const { checkKeys } = await import('../doctor/keys.ts')
    const checks = [...(await checkDatabase(config, database)), ...(await checkKeys(config, dataDir, database))]
    await output.result(checks, JSON.stringify(checks))
    return exitCodes.done
  },
})
