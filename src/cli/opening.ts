/**
 * Opens the database for a command, and the domain on it, as a start of the server does, but without what serves requests: no job runs, and no
 * administrator of the settings is made.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../db/database.ts'
import { databaseOptions } from '../db/databaseOptions.ts'
import { openDatabase } from '../db/openDatabase.ts'
import { createOutage } from '../db/outage.ts'
import { StartupError } from '../db/startupError.ts'
import type { Log } from '../domain/base/ports.ts'
import type { Caller } from '../domain/frame/caller.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { operatorCaller, withoutLimits } from '../domain/frame/operator.ts'
import { createOperations } from '../domain/operations.ts'
import { openDomain } from '../domain/prepareDomain.ts'
import { createPwnedPasswords } from '../http/pwnedPasswords.ts'
import { readHashFamilies } from '../server/readHashFamilies.ts'
import { loadSecretKeys } from '../server/secretKey.ts'
import { createWebhookSender } from '../webhooks/sender.ts'
import type { CommandContext, SettingsContext } from './command.ts'

type Parts = Pick<SettingsContext, 'config' | 'dataDir' | 'root'> & { readonly log: Log }

/** @throws {StartupError} if there is none in the data directory, or it cannot be opened */
export const openExisting = async ({ config, dataDir, root, log }: Parts): Promise<Database> => {
  if (config.DATABASE_URL === undefined && !existsSync(join(dataDir, 'pglite')))
    throw new StartupError(`There is no database in ${dataDir}, and DATABASE_URL is not set`)
  return await openDatabase({ dataDir, root, log, ...databaseOptions(config) })
}

/** Nobody else uses an embedded database; a PostgreSQL may have servers of another version. @throws {StartupError} */
const bringUpToDate = async (database: Database): Promise<void> => {
  if (database.kind === 'pglite') {
    await database.migrate()
    return
  }
  const pending = await database.pendingMigrations()
  if (pending.length > 0) throw new StartupError(`The database lacks the migrations ${pending.join(', ')}: run \`vestibule migrate\``)
}

/** What is needed beside the domain of a server or a command. */
export const asOperator = (domain: Domain): Pick<CommandContext, 'domain' | 'caller' | 'operations'> => {
  const unlimited = withoutLimits(domain)
  const caller: Caller = operatorCaller(unlimited)
  return { domain: unlimited, caller, operations: createOperations(unlimited) }
}

/** @throws {StartupError} as for a start of the server */
export const openForOperator = async (
  { config, dataDir, log }: Parts,
  database: Database,
): Promise<Pick<CommandContext, 'domain' | 'caller' | 'operations'>> => {
  await bringUpToDate(database)
  const secretKeys = await loadSecretKeys({ given: config.SECRET_KEY, dataDir, log })
  const domain = await openDomain({
    config,
    db: database.client,
    reader: database.reader,
    lists: database.lists,
    pool: database.pool,
    clock: { now: () => new Date() },
    randomBytes,
    log,
    outage: createOutage(log),
    // Mails wait in the outbox for a server.
    deliver: async () => ({ outcome: 'unavailable', reason: 'commands send no mails' }),
    isPwned: createPwnedPasswords({ url: config.PWNED_PASSWORDS_URL, log }),
    webhookSender: createWebhookSender(config),
    secretKeys,
    hashFamilies: await readHashFamilies(config),
  })
  return asOperator(domain)
}
