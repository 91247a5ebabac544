/**
 * `vestibule usage` prints which clients still use which routes of the served dialects, and which routes nobody uses. It only reads the
 * database of the settings, and needs no key.
 */
import { duration } from '../../config/durations.ts'
import type { Config } from '../../config.ts'
import type { Database } from '../../db/database.ts'
import { StartupError } from '../../db/startupError.ts'
import type { UsageReport } from '../../domain/usage/report.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import type { RouteElsewhere, ServedRoutes } from '../servedRoutes.ts'
import { usageText } from '../usageText.ts'

interface Args {
  readonly since: string
  readonly dialect?: string
}

interface Report extends UsageReport {
  readonly elsewhere: readonly RouteElsewhere[]
}

/** @throws {WrongUse} */
const periodOf = (text: string): number => {
  const period = duration.safeParse(text)
  if (period.success) return period.data
  throw new WrongUse(`--since: ${period.error.issues[0]?.message}`)
}

const hasTable = async ({ client }: Database): Promise<boolean> => {
  const rows = await client.$queryRaw<{ found: boolean }[]>`SELECT to_regclass('dialect_uses') IS NOT NULL AS found`
  return rows[0]?.found === true
}

const readReport = async (
  database: Database,
  { counted }: ServedRoutes,
  since: Date,
  dialect: string | undefined,
): Promise<UsageReport> => {
  if (!(await hasTable(database)))
    throw new StartupError('The database is from an older version, which did not count uses: run `vestibule migrate`')
  const { usageReport } = await import('../../domain/usage/report.ts')
  return await usageReport({ db: database.client }, counted, since, dialect)
}

const report = async (config: Config, database: Database, since: Date, dialect: string | undefined): Promise<Report> => {
  // The whole schema, which no other command needs.
  const { readDialects } = await import('../../server/readDialects.ts')
  const { servedRoutes } = await import('../servedRoutes.ts')
  const served = servedRoutes(await readDialects(config))
  const elsewhere = served.elsewhere.filter((route) => dialect === undefined || route.dialect === dialect)
  return { ...(await readReport(database, served, since, dialect)), elsewhere }
}

export const usage = defineCommand<'database', Args>({
  name: 'usage',
  summary: 'Tell which clients still use which legacy routes',
  examples: [
    ['usage', 'the last 30 days'],
    ['usage --since 90d --dialect wekan', 'who still needs this dialect, and which of its routes nobody does'],
    ['usage --json', 'the same for programs'],
  ],
  needs: 'database',
  define: (command) =>
    void command.option('--since <period>', 'how far back, such as 90d', '30d').option('--dialect <name>', 'only one dialect'),
  async run({ config, database, output }, { since, dialect }) {
    const found = await report(config, database, new Date(Date.now() - periodOf(since)), dialect)
    if (dialect !== undefined && found.routes.length === 0) throw new WrongUse(`--dialect: there is no dialect ${dialect}`)
    await output.result(found, usageText(found, found.elsewhere))
    return exitCodes.done
  },
})
