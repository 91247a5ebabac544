/** Prisma's own engine on a database: what `prisma migrate deploy` and `prisma migrate status` do. */
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import { type Migration, migrationsDirectory, readMigrations } from '../../src/db/migrations.ts'
import { withScripts } from '../../src/tools/engineAdapter.ts'
import { filters, withSchemaEngine } from '../../src/tools/schemaEngine.ts'

/** The pool must hold one connection: the engine keeps an advisory lock in its session. */
export const postgresEngineAdapter = (pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory =>
  withScripts(new PrismaPg(pool, { schema: 'public' }), (script) => pool.query(script))

const listOf = (root: string, migrations: readonly Migration[]) => ({
  baseDir: migrationsDirectory(root),
  lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
  shadowDbInitScript: '',
  migrationDirectories: migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
  })),
})

/** @returns the names of the migrations that it applied */
export const deploy = async (adapter: SqlMigrationAwareDriverAdapterFactory, root: string): Promise<string[]> => {
  const migrationsList = listOf(root, await readMigrations(root))
  return await withSchemaEngine(
    adapter,
    async (engine) => (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames,
  )
}

export const status = async (adapter: SqlMigrationAwareDriverAdapterFactory, root: string) => {
  const migrationsList = listOf(root, await readMigrations(root))
  return await withSchemaEngine(adapter, (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters }),
  )
}

/** What `prisma migrate resolve --rolled-back` notes. */
export const resolveRolledBack = (adapter: SqlMigrationAwareDriverAdapterFactory, migrationName: string): Promise<unknown> =>
  withSchemaEngine(adapter, (engine) => engine.markMigrationRolledBack({ migrationName }))
