/**
 * Brings a database up to the migrations of this version, keeping Prisma's own `_prisma_migrations` table, so that
 * `prisma migrate status` and `deploy` agree with it. Any number of processes may do so at once: one works, the others wait.
 *
 * Cost when there is nothing to do: two small queries, no lock, no engine.
 */
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { Log } from '../domain/base/ports.ts'
import { type AppliedMigration, compareHistory, type History, readMigrations } from './migrations.ts'
import { applyMigrations, markRolledBack } from './schemaEngine.ts'
import { StartupError } from './startupError.ts'

/** What migrating needs of a database. */
export interface MigrationTarget {
  rows<T>(sql: string): Promise<T[]>
  /** Runs `work` while no other process runs its own. */
  exclusively<T>(work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T>
}

const readApplied = async (target: MigrationTarget): Promise<AppliedMigration[]> => {
  const [table] = await target.rows<{ found: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`)
  if (!table?.found) return []
  return target.rows('SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations')
}

const misfit = ({ unknown, edited, unfinished }: History): string | undefined => {
  if (unknown.length > 0)
    return `The database has migrations that this version does not know (${unknown.join(', ')}): start the version that made them, or a newer one`
  if (edited.length > 0) return `The database has these migrations in another wording: ${edited.join(', ')}`
  if (unfinished.length === 0) return undefined
  return `A migration of the database began and did not finish: ${unfinished.join(', ')}. See \`npx prisma migrate resolve --help\``
}

/** The engine puts the reason between a headline and its own stack. */
const engineReason = (error: unknown): string => {
  const lines = String((error as Error).message).split('\n')
  const stack = lines.findIndex((line) => /^\s+\d+: /.test(line))
  return lines
    .slice(0, stack === -1 ? lines.length : stack)
    .join(' ')
    .replace('external connector error', '')
    .trim()
}

/** Each script runs as one transaction (engineAdapters.ts), so that its failure undid it: the next start tries again. */
const reportFailure = async (adapter: SqlMigrationAwareDriverAdapterFactory, [name]: string[], error: unknown): Promise<never> => {
  const reason = engineReason(error)
  if (name === undefined) throw new StartupError(`The database cannot be migrated: ${reason}`, { cause: error })
  await markRolledBack(adapter, name)
  throw new StartupError(`The migration ${name} failed and was undone: ${reason}`, { cause: error })
}

/**
 * @returns the names of the migrations that this call applied.
 * @throws {StartupError} when the history of the database does not fit, or a migration fails.
 */
export async function migrate(target: MigrationTarget, root: string, log: Log): Promise<string[]> {
  const local = await readMigrations(root)
  const look = async (): Promise<History> => compareHistory(local, await readApplied(target))
  const isCurrent = (history: History): boolean => Object.values(history).every((names) => names.length === 0)
  if (isCurrent(await look())) return []
  return target.exclusively(async (adapter) => {
    const history = await look()
    const problem = misfit(history)
    if (problem !== undefined) throw new StartupError(problem)
    if (history.pending.length === 0) return []
    const names = await applyMigrations(adapter, root, local).catch(async (error: unknown) =>
      reportFailure(adapter, (await look()).unfinished, error),
    )
    log.info({ migrations: names }, 'migrated the database')
    return names
  })
}
