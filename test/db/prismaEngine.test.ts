/**
 * The runner of migrations against Prisma's own engine: each takes what the other left for its own work, and both leave the same rows
 * in the same table. So `prisma migrate deploy`, `status` and `resolve` can be used on a database that the server migrates.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { migratePglite, startPglite } from '../../src/db/pglite.ts'
import { pgliteEngineAdapter } from '../../src/tools/engineAdapter.ts'
import { silent } from '../../src/tools/silent.ts'
import { createPostgresDatabase, databaseKind, root, testSnapshot } from '../support/database.ts'
import { deploy as deployFrom, postgresEngineAdapter, resolveRolledBack, status as statusFrom } from '../support/prismaEngine.ts'

interface EmptyDatabase {
  /** Our runner. */
  readonly run: () => Promise<string[]>
  /** Lets Prisma's engine work on the database, over a connection that is closed afterwards: the engine's lock ends with it. */
  readonly engine: <T>(work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>) => Promise<T>
  readonly query: (sql: string) => Promise<unknown[]>
}

const cleanups: (() => Promise<unknown>)[] = []
let elsewhere = ''

beforeEach(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'vestibule-engine-'))
  cleanups.push(() => rm(elsewhere, { recursive: true }))
  await cp(join(root, 'prisma'), join(elsewhere, 'prisma'), { recursive: true })
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const emptyPglite = async (): Promise<EmptyDatabase> => {
  const pglite = await startPglite(undefined, await testSnapshot())
  cleanups.push(() => pglite.close())
  await pglite.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  return {
    run: () => migratePglite(pglite, elsewhere, silent),
    engine: (work) => work(pgliteEngineAdapter(pglite)),
    query: async (sql) => (await pglite.query(sql)).rows,
  }
}

const emptyPostgres = async (): Promise<EmptyDatabase> => {
  const { url, drop } = await createPostgresDatabase({ empty: true })
  const withPool = async <T>(work: (pool: pg.Pool) => Promise<T>): Promise<T> => {
    const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0 })
    // `end` does not wait for the server, so dropping the database may find a connection that is still there.
    pool.on('error', () => {})
    return await work(pool).finally(() => pool.end())
  }
  const database = await openDatabase({ url, dataDir: '', root: elsewhere, log: silent })
  cleanups.push(drop, database.close)
  return {
    run: database.migrate,
    engine: (work) => withPool((pool) => work(postgresEngineAdapter(pool))),
    query: (sql) => withPool(async (pool) => (await pool.query(sql)).rows),
  }
}

const emptyDatabase = databaseKind() === 'pglite' ? emptyPglite : emptyPostgres

const write = async (name: string, sql: string): Promise<void> => {
  await mkdir(join(elsewhere, 'prisma/migrations', name), { recursive: true })
  await writeFile(join(elsewhere, 'prisma/migrations', name, 'migration.sql'), sql)
}

/** All that the rows say but for the times themselves. */
const historyOf = ({ query }: EmptyDatabase): Promise<unknown[]> =>
  query(`SELECT migration_name, checksum, logs, rolled_back_at, applied_steps_count, finished_at >= started_at AS in_order,
    id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' AS has_uuid FROM _prisma_migrations ORDER BY started_at`)

const tableOf = ({ query }: EmptyDatabase): Promise<unknown[]> =>
  query(`SELECT column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length,
    (SELECT string_agg(pg_get_constraintdef(oid), ';') FROM pg_constraint WHERE conrelid = '_prisma_migrations'::regclass AND contype = 'p') AS key
    FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`)

const deploy = (adapter: SqlMigrationAwareDriverAdapterFactory) => deployFrom(adapter, elsewhere)
const status = (adapter: SqlMigrationAwareDriverAdapterFactory) => statusFrom(adapter, elsewhere)

const UP_TO_DATE = {
  editedMigrationNames: [],
  failedMigrationNames: [],
  hasMigrationsTable: true,
  history: null,
}

test('both leave the same table with the same rows, and each finds nothing to do after the other', async () => {
  const [ours, theirs] = [await emptyDatabase(), await emptyDatabase()]
  const names = await ours.run()
  expect(names.length).toBeGreaterThan(5)
  expect(await theirs.engine(deploy)).toEqual(names)
  expect(await historyOf(ours)).toEqual(await historyOf(theirs))
  expect(await tableOf(ours)).toEqual(await tableOf(theirs))
  expect(await ours.engine(status)).toMatchObject(UP_TO_DATE)
  expect(await ours.engine(deploy)).toEqual([])
  expect(await theirs.run()).toEqual([])
})

test('a history that one began is continued by the other, with identical rows', async () => {
  const [first, second] = [await emptyDatabase(), await emptyDatabase()]
  await first.run()
  await second.engine(deploy)
  await write('29990101000000_next', "CREATE TABLE next (text text); INSERT INTO next VALUES ('a;b');")
  expect(await first.engine(status)).toMatchObject({
    history: { diagnostic: 'databaseIsBehind', unappliedMigrationNames: ['29990101000000_next'] },
  })
  expect(await first.engine(deploy)).toEqual(['29990101000000_next'])
  expect(await second.run()).toEqual(['29990101000000_next'])
  await write('29990102000000_last', 'CREATE TABLE last ();\r\n')
  expect(await first.run()).toEqual(['29990102000000_last'])
  expect(await second.engine(deploy)).toEqual(['29990102000000_last'])
  expect(await historyOf(first)).toEqual(await historyOf(second))
})

test('a migration that failed here is no failed one to the engine, which applies it once it is mended', async () => {
  const database = await emptyDatabase()
  await database.run()
  await write('29990101000000_broken', 'BEGIN; CREATE TABLE half (); INSERT INTO nowhere VALUES (1); COMMIT;')
  await expect(database.run()).rejects.toThrow('29990101000000_broken failed and was undone: relation "nowhere" does not exist')
  expect(await database.engine(status)).toMatchObject({ failedMigrationNames: [] })
  await write('29990101000000_broken', 'CREATE TABLE half ();')
  expect(await database.engine(deploy)).toEqual(['29990101000000_broken'])
  expect(await database.run()).toEqual([])
})

test('a migration that failed in the engine is refused, until `prisma migrate resolve` says that it was rolled back', async () => {
  const database = await emptyDatabase()
  await database.run()
  await write('29990101000000_broken', 'INSERT INTO nowhere VALUES (1);')
  await expect(database.engine(deploy)).rejects.toThrow('nowhere')
  await write('29990101000000_broken', 'CREATE TABLE half ();')
  await expect(database.run()).rejects.toThrow('began and did not finish: 29990101000000_broken')
  await database.engine((adapter) => resolveRolledBack(adapter, '29990101000000_broken'))
  expect(await database.run()).toEqual(['29990101000000_broken'])
  expect(await database.engine(status)).toMatchObject(UP_TO_DATE)
})

test('a migration that was edited since is one to both', async () => {
  const database = await emptyDatabase()
  await write('29990101000000_edited', 'CREATE TABLE edited ();')
  await database.run()
  await write('29990101000000_edited', 'CREATE TABLE edited (id int);')
  expect(await database.engine(status)).toMatchObject({ editedMigrationNames: ['29990101000000_edited'] })
  await expect(database.run()).rejects.toThrow('in another wording: 29990101000000_edited')
})

test.each([
  ['refused', 'CREATE TABLE other ()'],
  ['taken', 'CREATE VIEW other AS SELECT 1 AS one'],
  ['taken', "CREATE TYPE other AS ENUM ('one')"],
  ['taken', 'CREATE SEQUENCE other'],
  ['taken', 'CREATE FUNCTION other() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'],
])('a schema without a history is %s by both after %s', async (verdict, sql) => {
  const [ours, theirs] = [await emptyDatabase(), await emptyDatabase()]
  for (const { query } of [ours, theirs]) await query(sql)
  const verdictOf = (work: Promise<unknown>) => work.then(() => 'taken').catch(() => 'refused')
  expect([await verdictOf(ours.run()), await verdictOf(theirs.engine(deploy))]).toEqual([verdict, verdict])
})

if (databaseKind() === 'postgresql') {
  test('neither migrates while the other does: the lock is the same', async () => {
    const { url, drop } = await createPostgresDatabase({ empty: true })
    const engine = new pg.Client({ connectionString: url })
    await engine.connect()
    const said: string[] = []
    const log = { ...silent, info: (_: object, text: string) => void said.push(text) }
    const database = await openDatabase({ url, dataDir: '', root: elsewhere, log })
    cleanups.push(drop, database.close)
    await engine.query('SELECT pg_advisory_lock(72707369)')
    const migrated = database.migrate()
    await expect.poll(() => said).toEqual(['waiting for another process to migrate the database'])
    await engine.end()
    expect((await migrated).length).toBeGreaterThan(5)
  })
}
