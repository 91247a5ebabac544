/**
 * The migrations of this version in `prisma/migrations`, compared with those that a database has had. A checksum is Prisma's:
 * SHA-256 of the script. Line endings may differ, because Git changes them on some machines.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartupError } from './startupError.ts'

export interface Migration {
  /** The name of its directory. It begins with a timestamp, so names sort in order. */
  readonly name: string
  readonly sql: string
}

/** A row of `_prisma_migrations`. */
export interface AppliedMigration {
  readonly migration_name: string
  readonly checksum: string
  readonly finished_at: unknown
  readonly rolled_back_at: unknown
}

export interface History {
  /** In this version, and not applied yet. */
  readonly pending: string[]
  /** Applied, and not in this version. */
  readonly unknown: string[]
  /** Applied with a different script. */
  readonly edited: string[]
  /** Begun and not finished: running in another process, or failed. */
  readonly unfinished: string[]
}

export const migrationsDirectory = (root: string): string => join(root, 'prisma', 'migrations')

/** @throws {StartupError} if a directory has no script */
export async function readMigrations(root: string): Promise<Migration[]> {
  const directory = migrationsDirectory(root)
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const path = join(directory, name, 'migration.sql')
      const sql = await readFile(path, 'utf8').catch(() => Promise.reject(new StartupError(`The migration ${path} cannot be read`)))
      return { name, sql }
    }),
  )
}

export const checksumOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const matches = (sql: string, checksum: string): boolean => {
  const unix = sql.replaceAll('\r\n', '\n')
  return [sql, unix, unix.replaceAll('\n', '\r\n')].some((text) => checksumOf(text) === checksum)
}

export function compareHistory(local: readonly Migration[], rows: readonly AppliedMigration[]): History {
  const standing = rows.filter((row) => row.rolled_back_at === null)
  const applied = new Map(standing.filter((row) => row.finished_at !== null).map((row) => [row.migration_name, row.checksum]))
  const known = new Set(local.map((migration) => migration.name))
  return {
    pending: local.filter(({ name }) => !applied.has(name)).map(({ name }) => name),
    unknown: [...applied.keys()].filter((name) => !known.has(name)),
    edited: local.filter(({ name, sql }) => !matches(sql, applied.get(name) ?? checksumOf(sql))).map(({ name }) => name),
    unfinished: standing.filter((row) => row.finished_at === null).map((row) => row.migration_name),
  }
}
