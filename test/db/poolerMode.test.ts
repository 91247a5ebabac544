/**
 * DATABASE_POOLER_MODE=transaction on PostgreSQL, through a PgBouncer of three server connections and without a pooler: each transaction
 * brings its settings, nothing else is taken to last, and nothing is left behind on the servers that others are lent.
 */
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import type { Database, OpenOptions } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { StartupError } from '../../src/db/startupError.ts'
import { usualWaits } from '../../src/db/waits.ts'
import { silent } from '../../src/tools/silent.ts'
import { person } from '../support/accounts.ts'
import { createPostgresDatabase, databaseKind, root } from '../support/database.ts'
import { hasPgbouncer, startPgbouncer, withoutPgbouncer } from '../support/pgbouncer.ts'
import { openWorld } from '../support/world.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const create = async (options: { empty?: boolean } = {}): Promise<string> => {
  const { url, drop } = await createPostgresDatabase(options)
  cleanups.push(drop)
  return url
}

const behindPooler = async (url: string, mode: 'transaction' | 'statement' = 'transaction'): Promise<string> => {
  const pooler = await startPgbouncer(url, mode, 3)
  cleanups.push(pooler.stop)
  return pooler.url
}

const open = async (url: string, options: Partial<OpenOptions> = {}): Promise<Database> => {
  const database = await openDatabase({ url, dataDir: '', root, log: silent, poolerMode: 'transaction', ...options })
  cleanups.push(database.close)
  return database
}

/** Runs statements in a session that nobody prepared. */
const run = async (url: string, ...statements: string[]): Promise<pg.QueryResultRow[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    let rows: pg.QueryResultRow[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1)

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(StartupError)
  expect((error as Error).message).not.toContain('\n')
  return (error as Error).message
}

const expectWorks = async (database: Database): Promise<void> => {
  const world = await openWorld({}, { db: database })
  cleanups.push(world.close)
  const people = await Promise.all(Array.from({ length: 8 }, async () => await person(world)))
  for (const { token } of people) expect((await world.get('/v1/profile', token)).status).toBe(200)
  expect(world.logs.filter(({ level }) => level === 'error')).toEqual([])
}

const WANTED = {
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  transaction_isolation: 'read committed',
  search_path: 'public',
  statement_timeout: '5s',
  lock_timeout: '4s',
  idle_in_transaction_session_timeout: '10s',
}
const SHOWN = `SELECT ${Object.keys(WANTED)
  .map((name) => `trim('"' FROM current_setting('${name}')) AS "${name}"`)
  .join(', ')}`
const OTHERS = {
  DateStyle: "'German, DMY'",
  TimeZone: "'America/New_York'",
  IntervalStyle: 'iso_8601',
  bytea_output: 'escape',
  statement_timeout: '777',
  search_path: 'public, pg_temp',
}

describe.runIf(databaseKind() === 'postgresql' && hasPgbouncer)(`behind PgBouncer in transaction mode${withoutPgbouncer}`, () => {
  test('each transaction has the settings that it needs, by one statement, and the next client has those of its role', async () => {
    const url = await create()
    await run(url, ...Object.entries(OTHERS).map(([name, value]) => `ALTER DATABASE ${nameOf(url)} SET ${name} = ${value}`))
    const pooled = await behindPooler(url)
    const database = await open(pooled)
    const { client, pool } = database
    const singles = await Promise.all(Array.from({ length: 9 }, async () => (await pool?.query(SHOWN))?.rows[0]))
    const withValues = (await pool?.query(`${SHOWN}, $1::int + 1 AS next`, [41]))?.rows[0]
    const inTransactions = await Promise.all(
      Array.from({ length: 9 }, async () => await client.$transaction(async (tx) => (await tx.$queryRawUnsafe<unknown[]>(SHOWN))[0])),
    )
    for (const row of [...singles, ...inTransactions]) expect(row).toEqual(WANTED)
    expect(withValues).toEqual({ ...WANTED, next: 42 })
    for (const row of await Promise.all(Array.from({ length: 5 }, async () => (await run(pooled, SHOWN))[0])))
      expect(row).toMatchObject({ IntervalStyle: 'iso_8601', bytea_output: 'escape', statement_timeout: '777ms', lock_timeout: '0' })
    await expectWorks(database)
  })

  test('a statement is ended by PostgreSQL in time, alone and in a transaction, and an idle transaction too', async () => {
    const { client, pool } = await open(await behindPooler(await create()), {
      waits: { ...usualWaits(), statement: 200, idleTransaction: 300 },
    })
    await expect(pool?.query('SELECT pg_sleep(3)')).rejects.toMatchObject({ code: '57014' })
    const slow = client.$transaction(async (tx) => await tx.$queryRaw`SELECT pg_sleep(3)::text`)
    await expect(slow).rejects.toThrow(/statement timeout/)
    const idle = client.$transaction(async (tx) => {
      await new Promise((resolve) => setTimeout(resolve, 600))
      await tx.$queryRaw`SELECT 1`
    })
    await expect(idle).rejects.toThrow()
    expect((await pool?.query('SELECT 1 AS one'))?.rows).toEqual([{ one: 1 }])
  })

  test('no statement is given a name, whoever asks for one', async () => {
    const url = await create()
    const pooled = await behindPooler(url)
    const database = await open(pooled)
    await expectWorks(database)
    await database.pool?.query({ name: 'named', text: 'SELECT $1::int AS one', values: [1] })
    const names = await Promise.all(
      Array.from({ length: 6 }, async () => await run(pooled, 'SELECT name, pg_sleep(0.02) FROM pg_prepared_statements')),
    )
    expect(names.flat()).toEqual([])
  })

  test('three processes may migrate an empty database at once', async () => {
    const pooled = await behindPooler(await create({ empty: true }))
    const databases = await Promise.all(Array.from({ length: 3 }, async () => await open(pooled)))
    const applied = await Promise.all(databases.map(async (database) => await database.migrate()))
    const local = (await readdir(join(root, 'prisma', 'migrations'))).filter((name) => /^\d/.test(name)).sort()
    expect(applied.flat().sort()).toEqual(local)
    await expectWorks(databases[0] as Database)
  })

  test('a migration that fails is undone and noted, and those before it stay', async () => {
    const url = await create()
    const elsewhere = await mkdtemp(join(tmpdir(), 'vestibule-pooled-'))
    cleanups.push(async () => await rm(elsewhere, { recursive: true }))
    await cp(join(root, 'prisma'), join(elsewhere, 'prisma'), { recursive: true })
    const add = async (name: string, sql: string): Promise<void> => {
      const path = join(elsewhere, 'prisma', 'migrations', name)
      await mkdir(path)
      await writeFile(join(path, 'migration.sql'), sql)
    }
    await add('29990101000000_good', 'CREATE TABLE good (text text);')
    await add('29990102000000_bad', 'CREATE TABLE bad (text text); SELECT 1/0;')
    const database = await open(await behindPooler(url), { root: elsewhere })
    expect(await refusal(database.migrate())).toMatch('The migration 29990102000000_bad failed and was undone: division by zero')
    expect(await run(url, "SELECT to_regclass('good')::text AS good, to_regclass('bad')::text AS bad")).toEqual([
      { good: 'good', bad: null },
    ])
    const history = 'SELECT finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS undone FROM _prisma_migrations'
    expect(await run(url, `${history} WHERE migration_name >= '2999' ORDER BY migration_name`)).toEqual([
      { finished: true, undone: false },
      { finished: false, undone: true },
    ])
  })

  test('a server that became read-only behind the pooler is noticed by the next statement, a read', async () => {
    const url = await create()
    const database = await open(await behindPooler(url))
    await database.ping()
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${nameOf(url)}' AND pid <> pg_backend_pid()`
    await run(url, `ALTER DATABASE ${nameOf(url)} SET default_transaction_read_only = on`)
    await run(url, 'SET default_transaction_read_only = off', cut)
    const read = async () => await database.reader.first({ name: 'x', text: "SELECT '[1]' WHERE $1 <> ''" }, 'x')
    // PgBouncer may lend a connection once more that was cut.
    await expect.poll(async () => await read().catch(({ state }: { state: string }) => state)).toBe('25006')
    await expect(database.client.$transaction(async (tx) => await tx.user.count())).rejects.toThrow(/read-only/)
    await expect(database.ping()).rejects.toThrow(/read-only/)
    await run(url, 'SET default_transaction_read_only = off', `ALTER DATABASE ${nameOf(url)} RESET default_transaction_read_only`, cut)
    await expect.poll(async () => await database.ping().then(() => 'writes', String)).toBe('writes')
    await expect.poll(async () => await read().catch(String)).toEqual([1])
  })

  test('another isolation, which single statements would have, is refused with what to run', async () => {
    const url = await create()
    await run(url, `ALTER DATABASE ${nameOf(url)} SET default_transaction_isolation = serializable`)
    const line = await refusal(open(await behindPooler(url)))
    expect(line).toMatch(
      /its default_transaction_isolation is serializable: run `ALTER ROLE \w+ IN DATABASE \w+ SET default_transaction_isolation/,
    )
    await run(url, /`(.*)`/.exec(line)?.[1] ?? '')
    await expectWorks(await open(await behindPooler(url)))
  })

  test('a pooler that lends connections for a statement is refused', async () => {
    const line = await refusal(open(await behindPooler(await create(), 'statement')))
    expect(line).toMatch(/cannot be used: transaction blocks not allowed in statement pooling mode$/)
  })
})

describe.runIf(databaseKind() === 'postgresql')('without a pooler', () => {
  test('transaction mode works too', async () => {
    const database = await open(await create({ empty: true }))
    const written = (await readdir(join(root, 'prisma/migrations'))).filter((name) => /^\d/.test(name)).sort()
    expect(await database.migrate()).toEqual(written)
    await expectWorks(database)
  })
})
