/**
 * Prisma's schema engine, compiled to WebAssembly: the native one would have to be downloaded. It applies migrations just as
 * `prisma migrate deploy` does and computes the SQL that leads from a database to a schema.
 *
 * Cost: 5 MB of WASM on first use, so nobody loads it when there is nothing to apply. One instance serves the process.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { type Migration, migrationsDirectory } from './migrations.ts'

const wasmModule = '@prisma/schema-engine-wasm/schema_engine_bg'
const filters = { externalTables: [], externalEnums: [] }

let engineClass: Promise<typeof SchemaEngine> | undefined

/** The engine times its lock with a timer of 10 s and leaves it running: it shall not keep a finished process alive. */
const withoutLingering = (imports: Record<string, unknown>): WebAssembly.ModuleImports => {
  const timers = Object.keys(imports).filter((name) => name.startsWith('__wbg_setTimeout_'))
  const setIdleTimeout = (callback: () => void, ms: number): NodeJS.Timeout => setTimeout(callback, ms).unref()
  return { ...imports, ...Object.fromEntries(timers.map((name) => [name, setIdleTimeout])) } as WebAssembly.ModuleImports
}

const loadEngine = async (): Promise<typeof SchemaEngine> => {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const path = join(dirname(createRequire(import.meta.url).resolve(wasmModule)), 'schema_engine_bg.wasm')
  const { instance } = await WebAssembly.instantiate(await readFile(path), { './schema_engine_bg.js': withoutLingering(bindings) })
  const { __wbg_set_wasm, SchemaEngine } = bindings as typeof bindings & { __wbg_set_wasm(wasm: WebAssembly.Exports): void }
  __wbg_set_wasm(instance.exports)
  ;(instance.exports.__wbindgen_start as () => void)()
  return SchemaEngine
}

const withEngine = async <T>(adapter: SqlMigrationAwareDriverAdapterFactory, use: (engine: SchemaEngine) => Promise<T>): Promise<T> => {
  engineClass ??= loadEngine()
  const engine = await (await engineClass).new({ datamodels: undefined }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter))
  try {
    return await use(engine)
  } finally {
    engine.free()
  }
}

const migrationList = (root: string, migrations: readonly Migration[]): MigrationList => ({
  baseDir: migrationsDirectory(root),
  lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
  shadowDbInitScript: '',
  migrationDirectories: migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
  })),
})

/** Applies those of `migrations` that the database has not seen, in order, and names them. Stops at the first that fails. */
export const applyMigrations = (
  adapter: SqlMigrationAwareDriverAdapterFactory,
  root: string,
  migrations: readonly Migration[],
): Promise<string[]> =>
  withEngine(adapter, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: migrationList(root, migrations), filters })
    return appliedMigrationNames
  })

/** Notes that a failed migration left nothing behind, so that it is tried again. */
export const markRolledBack = (adapter: SqlMigrationAwareDriverAdapterFactory, migrationName: string): Promise<void> =>
  withEngine(adapter, async (engine) => {
    await engine.markMigrationRolledBack({ migrationName })
  })

/** The SQL that turns the database into what `schema` (the text of schema.prisma) describes; '' when they agree. */
export const diffToSchema = (adapter: SqlMigrationAwareDriverAdapterFactory, schema: string): Promise<string> =>
  withEngine(adapter, async (engine) => {
    const files = [{ path: 'schema.prisma', content: schema }]
    const from = { tag: 'schemaDatasource' as const, files, configDir: '.' }
    const to = { tag: 'schemaDatamodel' as const, files }
    const { exitCode, stdout } = await engine.diff({ from, to, script: true, exitCode: true, filters })
    return exitCode === 0 ? '' : (stdout ?? '')
  })
