/**
 * Applies the migrations of this version, and keeps Prisma's table `_prisma_migrations`, so that `prisma migrate status` and
 * `deploy` agree with it. Several processes may do so at once: one works, the others wait.
 *
 * Cost if there is nothing to do: two small queries, no lock.
 */
import type { Log } from '../domain/base/ports.ts'
import { type AppliedMigration, compareHistory, type History, readMigrations } from './migrations.ts'
import { type MigrationSession, prepareHistory, runMigration } from './runMigrations.ts'
import { StartupError } from './startupError.ts'

/** What migrating needs of a database. */
export interface MigrationTarget {
  query: MigrationSession['query']
  /** Repeats `step` until it has nothing more to do, while no other process runs its own. @returns what the steps did */
  repeatExclusively(step: Step): Promise<string[]>
}

/** Applies the next migration. @returns its name, or undefined if there is none */
export type Step = (session: MigrationSession) => Promise<string | undefined>

/** Repeats `step` on a session that already excludes others. */
export async function repeat(step: Step, session: MigrationSession): Promise<string[]> {
  const done: string[] = []
  for (let name = await step(session); name !== undefined; name = await step(session)) done.push(name)
  return done
}

type Reads = Pick<MigrationSession, 'query'>

const hasTable = async ({ query }: Reads): Promise<boolean> => {
  const { rows } = (await query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`)) as { rows: [{ found: boolean }] }
  return rows[0].found
}

const readApplied = async (session: Reads): Promise<AppliedMigration[]> => {
  if (!(await hasTable(session))) return []
  const { rows } = await session.query('SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations')
  return rows as AppliedMigration[]
}

const misfit = ({ unknown, edited, unfinished }: History): string | undefined => {
  if (unknown.length > 0)
    return `The database has migrations that this version does not know (${unknown.join(', ')}): start the version that made them, or a newer one`
  if (edited.length > 0) return `The database has these migrations in another wording: ${edited.join(', ')}`
  if (unfinished.length === 0) return undefined
  return `A migration of the database began and did not finish: ${unfinished.join(', ')}. See \`npx prisma migrate resolve --help\``
}

/**
 * @returns the names of the migrations that the database lacks
 * @throws {StartupError} if the history of the database does not match
 */
export async function pendingMigrations(reads: Reads, root: string): Promise<string[]> {
  const history = compareHistory(await readMigrations(root), await readApplied(reads))
  const problem = misfit(history)
  if (problem !== undefined) throw new StartupError(problem)
  return history.pending
}

/**
 * @returns the names of the migrations that this call applied
 * @throws {StartupError} if the history of the database does not match, or a migration fails
 */
export async function migrate(target: MigrationTarget, root: string, log: Log): Promise<string[]> {
  const local = await readMigrations(root)
  const look = async (session: Reads): Promise<History> => compareHistory(local, await readApplied(session))
  if (Object.values(await look(target)).every((names) => names.length === 0)) return []
  const applied = await target.repeatExclusively(async (session) => {
    const history = await look(session)
    const problem = misfit(history)
    if (problem !== undefined) throw new StartupError(problem)
    const next = local.find(({ name }) => name === history.pending[0])
    if (next === undefined) return undefined
    if (!(await hasTable(session))) await prepareHistory(session)
    await runMigration(session, next)
    return next.name
  })
  if (applied.length > 0) log.info({ migrations: applied }, 'migrated the database')
  return applied
}
