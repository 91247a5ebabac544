/**
 * `npm run usage` prints which clients still use which routes of the served dialects, and which routes nobody uses: `-- --since
 * 30d`, `-- --dialect wekan`, `-- --json`. It only reads the database of the settings. An embedded database belongs to one process,
 * so stop the server first, or ask it with GraphQL.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { duration } from '../config/durations.ts'
import { type Config, readConfig, readEnvironment } from '../config.ts'
import type { Database } from '../db/database.ts'
import { databaseOptions } from '../db/databaseOptions.ts'
import { openDatabase } from '../db/openDatabase.ts'
import { reasonOf, StartupError } from '../db/startupError.ts'
import { type UsageReport, usageReport } from '../domain/usage/report.ts'
import { explain } from '../server/explain.ts'
import { readDialects } from '../server/readDialects.ts'
import { type RouteElsewhere, type ServedRoutes, servedRoutes } from './servedRoutes.ts'
import { silent } from './silent.ts'
import { usageText } from './usageText.ts'

const ASK_THE_SERVER = 'Stop the server and try again, or ask it while it runs: the query `dialectUses` of GraphQL, as an administrator.'

interface Options {
  readonly since: Date
  readonly dialect: string | undefined
  readonly json: boolean
}

const periodOf = (text: string): number => {
  const period = duration.safeParse(text)
  if (period.success) return period.data
  throw new StartupError(`--since: ${period.error.issues[0]?.message}`)
}

/** @throws {StartupError} for an unknown option */
const readOptions = (args: readonly string[]): Options => {
  const options = {
    since: { type: 'string', default: '30d' },
    dialect: { type: 'string' },
    json: { type: 'boolean', default: false },
  } as const
  try {
    const { since, dialect, json } = parseArgs({ args: [...args], options }).values
    return { since: new Date(Date.now() - periodOf(since)), dialect, json }
  } catch (error) {
    throw error instanceof StartupError ? error : new StartupError(reasonOf(error))
  }
}

const open = async (config: Config, root: string): Promise<Database> => {
  const dataDir = resolve(config.DATA_DIR)
  const embedded = config.DATABASE_URL === undefined
  if (embedded && !existsSync(join(dataDir, 'pglite'))) throw new StartupError(`There is no database in ${dataDir}`)
  return await openDatabase({ dataDir, root, log: silent, ...databaseOptions(config) }).catch((error: unknown) => {
    throw embedded && error instanceof StartupError ? new StartupError(`${error.message}. ${ASK_THE_SERVER}`) : error
  })
}

const hasTable = async ({ client }: Database): Promise<boolean> => {
  const rows = await client.$queryRaw<{ found: boolean }[]>`SELECT to_regclass('dialect_uses') IS NOT NULL AS found`
  return rows[0]?.found === true
}

interface Report extends UsageReport {
  readonly elsewhere: readonly RouteElsewhere[]
}

const readReport = async (config: Config, root: string, { counted }: ServedRoutes, { since, dialect }: Options): Promise<UsageReport> => {
  const database = await open(config, root)
  try {
    if (!(await hasTable(database)))
      throw new StartupError('The database is from an older version, which did not count uses: run `npm run migrate`')
    return await usageReport({ db: database.client }, counted, since, dialect)
  } finally {
    await database.close()
  }
}

const report = async (root: string, options: Options): Promise<Report> => {
  const config = readConfig(readEnvironment(process.cwd()))
  const served = servedRoutes(await readDialects(config))
  const { dialect } = options
  const elsewhere = served.elsewhere.filter((route) => dialect === undefined || route.dialect === dialect)
  return { ...(await readReport(config, root, served, options)), elsewhere }
}

export async function main({ root, args }: { root: string; args: readonly string[] }): Promise<void> {
  try {
    const options = readOptions(args)
    const found = await report(root, options)
    if (options.dialect !== undefined && found.routes.length === 0)
      throw new StartupError(`--dialect: there is no dialect ${options.dialect}`)
    process.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : usageText(found, found.elsewhere))
  } catch (error) {
    process.stderr.write(explain(error))
    process.exitCode = 1
  }
}
