/**
 * Runs migrations and keeps the table `_prisma_migrations`, as `prisma migrate deploy` does: a row is written before a script runs
 * and completed after it. test/db/prismaEngine.test.ts compares the rows with those of Prisma's engine.
 *
 * A script is sent as one simple query, which PostgreSQL runs as one transaction, or within one, so a failed script changes nothing.
 */
import { randomUUID } from 'node:crypto'
import { checksumOf, type Migration } from './migrations.ts'
import { reasonOf, StartupError } from './startupError.ts'

/** One connection to the database. */
export interface MigrationSession {
  query(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  /** Runs statements separated by semicolons. */
  script(sql: string): Promise<unknown>
  /** Ends what a failed script has begun, and left open. */
  undo(): Promise<unknown>
}

/** The table as Prisma creates it. */
const TABLE = `CREATE TABLE _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`

const STARTED = `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, clock_timestamp())`
const FINISHED = `UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = applied_steps_count + 1 WHERE id = $1`
const UNDONE = `UPDATE _prisma_migrations SET rolled_back_at = clock_timestamp(), logs = $2 WHERE id = $1`

/** Tables of another program, which Prisma refuses too. */
const OCCUPIED = `SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema()) AS occupied`

const createTable = async ({ query }: MigrationSession): Promise<void> => {
  const { rows } = (await query(OCCUPIED)) as { rows: [{ occupied: boolean }] }
  if (rows[0].occupied) throw new StartupError('The database cannot be migrated: it has tables, but no history of migrations')
  await query(TABLE)
}

/** @throws {StartupError} if the table cannot be created */
export const prepareHistory = (session: MigrationSession): Promise<void> =>
  createTable(session).catch((error: unknown) => {
    if (error instanceof StartupError) throw error
    throw new StartupError(`The database cannot be migrated: ${reasonOf(error)}`, { cause: error })
  })

const noteFailure = async ({ query, undo }: MigrationSession, id: string, reason: string): Promise<void> => {
  await undo()
  await query(UNDONE, [id, reason])
}

/** @throws {StartupError} if the script fails; the migration can then be tried again */
export async function runMigration(session: MigrationSession, { name, sql }: Migration): Promise<void> {
  const id = randomUUID()
  await session.query(STARTED, [id, checksumOf(sql), name])
  try {
    await session.script(sql)
  } catch (error) {
    const reason = reasonOf(error)
    await noteFailure(session, id, reason).catch(() => {
      throw new StartupError(`The migration ${name} was interrupted: ${reason}`, { cause: error })
    })
    throw new StartupError(`The migration ${name} failed and was undone: ${reason}`, { cause: error })
  }
  await session.query(FINISHED, [id])
}
