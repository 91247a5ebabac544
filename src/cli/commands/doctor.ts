/** `vestibule doctor` looks for what keeps the server from serving well, and says what to do. It changes nothing, and sends no mail. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../../config.ts'
import { databaseOptions } from '../../db/databaseOptions.ts'
import { type BareContext, defineCommand } from '../command.ts'
import { type Check, checking, ok } from '../doctor/check.ts'
import { checkMachine } from '../doctor/machine.ts'
import { checkMail } from '../doctor/mail.ts'
import { checkSettings } from '../doctor/settings.ts'
import { askServer } from '../doctor/viaServer.ts'
import { exitCodes } from '../exitCodes.ts'
import { connectToServer } from '../socket/runRemotely.ts'
import { warningsOnly } from '../warningsOnly.ts'
import { counted } from '../wording.ts'

const openHere = async (config: Config, dataDir: string, { root, output }: BareContext): Promise<readonly Check[]> => {
  const { openDatabase } = await import('../../db/openDatabase.ts')
  const { checkDatabase } = await import('../doctor/database.ts')
  const { checkKeys } = await import('../doctor/keys.ts')
  const database = await openDatabase({ dataDir, root, log: warningsOnly(output), ...databaseOptions(config) })
  try {
    return [...(await checkDatabase(config, database)), ...(await checkKeys(config, dataDir, database))]
  } finally {
    await database.close()
  }
}

const checkEmbedded = async (config: Config, dataDir: string, context: BareContext): Promise<readonly Check[]> => {
  const socket = await connectToServer(dataDir)
  if (socket !== undefined) return [ok('server', 'it runs, and takes commands'), ...(await askServer(socket, context.signal))]
  if (existsSync(join(dataDir, 'pglite'))) return await openHere(config, dataDir, context)
  const { checkKeys } = await import('../doctor/keys.ts')
  return [ok('database', `there is none in ${dataDir} yet, and one will be made`), ...(await checkKeys(config, dataDir, undefined))]
}

const REMEDIES = {
  embedded: 'stop the other process that uses DATA_DIR, or wait until it has started',
  postgresql: 'start PostgreSQL, or correct DATABASE_URL (docs/database.md)',
}

const checkAll = async (config: Config, context: BareContext): Promise<readonly Check[]> => {
  const dataDir = resolve(config.DATA_DIR)
  const isEmbedded = config.DATABASE_URL === undefined
  const database = await checking('database', isEmbedded ? REMEDIES.embedded : REMEDIES.postgresql, async () =>
    isEmbedded ? await checkEmbedded(config, dataDir, context) : await openHere(config, dataDir, context),
  )
  const { checkKeys } = await import('../doctor/keys.ts')
  const hasKeys = database.some(({ name }) => name === 'secret key')
  const keys = hasKeys ? [] : await checkKeys(config, dataDir, undefined)
  return [...database, ...keys, ...(await checkMail(config)), ...(await checkMachine(config, dataDir))]
}

const marks: Readonly<Record<Check['status'], string>> = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' }

const lineOf =
  (width: number) =>
  ({ name, status, found, remedy }: Check) =>
    `${marks[status]}  ${name.padEnd(width)}  ${found}${remedy === undefined ? '' : `\n${' '.repeat(9)}${' '.repeat(width)}  -> ${remedy}`}`

const sumOf = (checks: readonly Check[]): string => {
  const count = (status: Check['status']) => checks.filter((check) => check.status === status).length
  return `${checks.length} checks: ${count('failed')} failed, ${counted(count('warning'), 'warning')}`
}

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check settings, database, keys, mail and machine, and say what to do',
  examples: [
    ['doctor', 'ends with 1 if a check failed'],
    ['doctor --json', 'the same for programs'],
  ],
  needs: 'nothing',
  async run(context) {
    const settings = checkSettings(process.cwd())
    const checks = [...settings.checks, ...(settings.config === undefined ? [] : await checkAll(settings.config, context))]
    const width = Math.max(...checks.map(({ name }) => name.length))
    await context.output.result({ checks }, [...checks.map(lineOf(width)), '', sumOf(checks)].join('\n'))
    return checks.some(({ status }) => status === 'failed') ? exitCodes.failed : exitCodes.done
  },
})
