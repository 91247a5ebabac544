/** Where a command runs that was given at a terminal: in this process, or in the server that has the embedded database open. */
import { resolve } from 'node:path'
import { readConfig, readEnvironment } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { ClientSide } from './clientSide.ts'
import type { SettingsContext } from './command.ts'
import type { Provide } from './runCommand.ts'
import { connectToServer, runRemotely } from './socket/runRemotely.ts'
import { warningsOnly } from './warningsOnly.ts'
import { orSayWhileInUse } from './whileInUse.ts'

const NO_SOCKET = 'It takes no commands: wait until it has started, or stop it'

/** Loaded only where it is needed: most of the time that a short command takes is for loading. */
const loadOpening = async () => await import('./opening.ts')

const open = async (given: SettingsContext): Promise<Database> =>
  await orSayWhileInUse(NO_SOCKET, (await loadOpening()).openExisting({ ...given, log: warningsOnly(given.output) }))

interface Terminal {
  readonly side: ClientSide
  readonly signal: AbortSignal
  /** The command line. */
  readonly words: readonly string[]
  /** Its options that were read from the environment. */
  readonly environmentWords: readonly string[]
}

export const provideHere =
  (terminal: Terminal): Provide =>
  async (command, bare, use) => {
    if (command.needs === 'nothing') return await use(bare)
    const config = readConfig(readEnvironment(process.cwd()))
    const given: SettingsContext = { ...bare, config, dataDir: resolve(config.DATA_DIR) }
    if (command.needs === 'settings') return await use(given)
    const server = config.DATABASE_URL === undefined ? await connectToServer(given.dataDir) : undefined
    if (server !== undefined) return await runRemotely(server, terminal)
    const database = await open(given)
    try {
      if (command.needs === 'database') return await use({ ...given, database })
      const { openForOperator } = await loadOpening()
      return await use({ ...given, database, ...(await openForOperator({ ...given, log: warningsOnly(given.output) }, database)) })
    } finally {
      await database.close()
    }
  }
