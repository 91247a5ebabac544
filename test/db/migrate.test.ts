/** Migrations: they agree with the schema, are applied once, and a history that does not fit is refused with a clear line. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { startPglite } from '../../src/db/pglite.ts'
import { StartupError } from '../../src/db/startupError.ts'
import { pgliteEngineAdapter } from '../../src/tools/engineAdapter.ts'
import { diffToSchema } from '../../src/tools/schemaEngine.ts'
import { silent } from '../../src/tools/silent.ts'
import { createPostgresDatabase, databaseKind, root, testSnapshot } from '../support/database.ts'

const onPostgres = databaseKind() === 'postgresql'
const cleanups: (() => Promise<unknown>)[] = []

/** A root with the migrations of this version, to add to. */
let elsewhere = ''

beforeEach(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'vestibule-migrate-'))
  cleanups.push(() => rm(elsewhere, { recursive: true }))
  await cp(join(root, 'prisma'), join(elsewhere, 'prisma'), { recursive: true })
  await cp(join(root, 'package.json'), join(elsewhere, 'package.json'))
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const addMigration = async (name: string, sql: string): Promise<string> => {
  const path = join(elsewhere, 'prisma', 'migrations', name, 'migration.sql')
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, sql)
  return path
}

/** A database that has the migrations of this version, and no more until `migrate`. */
const openMigrated = async (): Promise<Database> => {
  const { url, drop } = onPostgres ? await createPostgresDatabase() : { url: undefined, drop: async () => {} }
  const fresh = onPostgres ? {} : { memory: true, snapshot: await testSnapshot() }
  const database = await openDatabase({ url, dataDir: '', root: elsewhere, log: silent, ...fresh })
  cleanups.push(drop, database.close)
  return database
}

const refusal = async (database: Database): Promise<string> => {
  const error = await database.migrate().catch((error: unknown) => error)
  expect(error).toBeInstanceOf(StartupError)
  return (error as StartupError).message
}

test('what is applied is not applied again; what is new is, in order', async () => {
  const database = await openMigrated()
  expect(await database.migrate()).toEqual([])
  await addMigration('29990101000000_first', 'CREATE TABLE extra (text text);')
  await addMigration('29990102000000_second', "INSERT INTO extra VALUES ('a;b'); INSERT INTO extra VALUES ('c');")
  expect(await database.migrate()).toEqual(['29990101000000_first', '29990102000000_second'])
  expect(await database.migrate()).toEqual([])
  expect(await database.client.$queryRaw`SELECT text FROM extra`).toEqual([{ text: 'a;b' }, { text: 'c' }])
})

test('a database of a newer version is refused', async () => {
  const database = await openMigrated()
  const path = await addMigration('29990101000000_future', 'CREATE TABLE future ();')
  await database.migrate()
  await rm(join(path, '..'), { recursive: true })
  expect(await refusal(database)).toMatch(/migrations that this version does not know \(29990101000000_future\)/)
})

test('a migration that was edited after it had been applied is refused; other line endings are no edit', async () => {
  const database = await openMigrated()
  const path = await addMigration('29990101000000_edited', 'CREATE TABLE edited ();\n')
  await database.migrate()
  await writeFile(path, 'CREATE TABLE edited ();\r\n')
  expect(await database.migrate()).toEqual([])
  await writeFile(path, 'CREATE TABLE edited (id int);\n')
  expect(await refusal(database)).toMatch(/in another wording: 29990101000000_edited/)
})

test('a migration that fails leaves nothing behind, and is tried again when it was mended', async () => {
  const database = await openMigrated()
  const path = await addMigration('29990101000000_broken', 'CREATE TABLE half (id int); INSERT INTO nowhere VALUES (1);')
  expect(await refusal(database)).toMatch(/29990101000000_broken failed and was undone: .*nowhere/)
  expect(await database.client.$queryRaw`SELECT to_regclass('half') IS NULL AS gone`).toEqual([{ gone: true }])
  await writeFile(path, 'CREATE TABLE half (id int);')
  expect(await database.migrate()).toEqual(['29990101000000_broken'])
})

test('a migration that never finished is refused', async () => {
  const database = await openMigrated()
  await database.client.$executeRaw`INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '29990101000000_lost')`
  expect(await refusal(database)).toMatch(/began and did not finish: 29990101000000_lost/)
})

if (!onPostgres) {
  test('the migrations agree with prisma/schema.prisma', async () => {
    const schema = await readFile(join(root, 'prisma', 'schema.prisma'), 'utf8')
    const pglite = await startPglite(undefined, await testSnapshot())
    cleanups.push(() => pglite.close())
    expect(await diffToSchema(pgliteEngineAdapter(pglite), schema)).toBe('')
    expect(await diffToSchema(pgliteEngineAdapter(pglite), `${schema}\nmodel Extra {\n  id Int @id\n}\n`)).toMatch(/CREATE TABLE "Extra"/)
  })
}

if (onPostgres) {
  test('four processes may migrate an empty database at once', async () => {
    const { url, drop } = await createPostgresDatabase({ empty: true })
    const databases = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url, dataDir: '', root, log: silent })))
    cleanups.push(drop, ...databases.map((database) => database.close))
    const applied = await Promise.all(databases.map((database) => database.migrate()))
    const local = (await readdir(join(root, 'prisma', 'migrations'))).filter((name) => /^\d/.test(name)).sort()
    expect(applied.filter((names) => names.length > 0)).toEqual([local])
  })
}
