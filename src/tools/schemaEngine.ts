/**
 * Prisma's schema engine as WebAssembly (the native one would have to be downloaded). It computes the SQL from a database to a
 * schema. Only development uses it: the server runs migrations with src/db/migrate.ts, and tests check that both agree.
 *
 * Cost: 5 MB of WASM on first use. One instance serves the process.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'

const wasmModule = '@prisma/schema-engine-wasm/schema_engine_bg'
export const filters = { externalTables: [], externalEnums: [] }

let engineClass: Promise<typeof SchemaEngine> | undefined

/** The engine starts a timer of 10 s for its lock and leaves it running: it must not keep a finished process alive. */
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

export const withSchemaEngine = async <T>(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> => {
  engineClass ??= loadEngine()
  const engine = await (await engineClass).new({ datamodels: undefined }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter))
  try {
    return await use(engine)
  } finally {
    engine.free()
  }
}

/** The SQL that turns the database into what `schema` (the text of schema.prisma) describes; '' if they match. */
export const diffToSchema = (adapter: SqlMigrationAwareDriverAdapterFactory, schema: string): Promise<string> =>
  withSchemaEngine(adapter, async (engine) => {
    const files = [{ path: 'schema.prisma', content: schema }]
    const from = { tag: 'schemaDatasource' as const, files, configDir: '.' }
    const to = { tag: 'schemaDatamodel' as const, files }
    const { exitCode, stdout } = await engine.diff({ from, to, script: true, exitCode: true, filters })
    return exitCode === 0 ? '' : (stdout ?? '')
  })
