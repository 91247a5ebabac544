/**
 * A fresh, migrated database for each test file, on whichever database the project stands for: PGlite in memory from the
 * prepared snapshot, or a copy of the template on this run's own PostgreSQL server. A database is only ever created and
 * dropped on the server that the run itself started; DATABASE_URL is never looked at.
 *
 * Cost of one: see `useDatabase`.
 */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import type { Database, OpenOptions } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { readSnapshot } from '../../src/db/snapshot.ts'
import type { StatementListener } from '../../src/db/statements.ts'
import { silent } from '../../src/tools/silent.ts'
import { DAY, moved } from './clock.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The database that this project runs on. */
export const databaseKind = (): Database['kind'] => inject('databaseKind')

const listeners = new WeakMap<Database['client'], Set<StatementListener>>()

/** Opens a database whose statements can be counted. */
const openListening = async (options: Partial<OpenOptions>): Promise<Database> => {
  const heard = new Set<StatementListener>()
  const onStatement: StatementListener = (sql) => {
    for (const listener of heard) listener(sql)
  }
  const database = await openDatabase({ dataDir: '/nowhere', root, log: silent, onStatement, ...options })
  listeners.set(database.client, heard)
  return database
}

/** Runs one statement on the server of this run, as its superuser. */
const administer = async (sql: string): Promise<void> => {
  const admin = new pg.Client({ connectionString: inject('postgres').socketUrl })
  await admin.connect()
  await admin.query(sql).finally(() => admin.end())
}

export interface PostgresDatabase {
  readonly url: string
  /** The same over a socket of the file system. */
  readonly socketUrl: string
  drop(): Promise<void>
}

/** A database of its own on the server of this run: a copy of the migrated template, or empty, `with` options of its own. Projects `postgresql` and `process` only. */
export async function createPostgresDatabase({ empty = false, with: given = '' } = {}): Promise<PostgresDatabase> {
  const { url: server, socketUrl: socket, template } = inject('postgres')
  const name = `vestibule_test_${randomBytes(6).toString('hex')}`
  await administer(`CREATE DATABASE ${name} ${empty ? given : `TEMPLATE ${template} STRATEGY file_copy`}`)
  const [url, socketUrl] = [server, socket].map((each) => each.replace(/[^/]+$/, name)) as [string, string]
  return { url, socketUrl, drop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) }
}

/**
 * The settings of programs on a migrated database of PostgreSQL that the tests of a file share: starting on it takes a third of the time of
 * the embedded one. Projects `postgresql` and `process` only.
 */
export function useProgramDatabase(): () => { readonly DATABASE_URL: string; readonly SECRET_KEY: string } {
  let database: PostgresDatabase | undefined
  beforeAll(async () => {
    database = await createPostgresDatabase()
  })
  afterAll(async () => await database?.drop())
  return () => ({ DATABASE_URL: database?.url ?? '', SECRET_KEY: 'the-secret-key-of-this-test-is-long-enough' })
}

let unpackedSnapshot: Promise<Blob> | undefined

/** The snapshot, unpacked once a worker: it then loads in half the time. */
export const testSnapshot = (): Promise<Blob> => {
  unpackedSnapshot ??= (async () => {
    const packed = await readSnapshot(root)
    if (!packed) throw new Error('there is no snapshot in dist: run the tests by `npm test`')
    return new Blob([gunzipSync(await packed.arrayBuffer())], { type: 'application/x-tar' })
  })()
  return unpackedSnapshot
}

/** Everything that a test may have changed beside rows: a database of another form than the first one is not used again. */
const FORM = `
  SELECT md5(string_agg(line, '|' ORDER BY line)) AS form FROM (
    SELECT concat_ws(' ', attrelid::regclass, attname, attnotnull, attisdropped) AS line FROM pg_attribute
      WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', setrole::text, setconfig::text) FROM pg_db_role_setting
      WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) AS lines`

const formOf = async ({ client }: Database): Promise<string> => (await client.$queryRawUnsafe<{ form: string }[]>(FORM))[0]?.form ?? ''

/**
 * Takes every row out, and begins every sequence anew; the audit log's own trigger would refuse it. Few rows are deleted, since
 * TRUNCATE makes new files of all tables and has every prepared statement planned anew; many are truncated, for they leave dead rows.
 */
const EMPTY = `
  DO $$ DECLARE
    names text[]; most bigint; name text;
  BEGIN
    SET LOCAL session_replication_role = replica;
    SELECT array_agg(oid::regclass), max(pg_relation_size(oid)) INTO names, most FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations';
    IF most > 200000 THEN
      EXECUTE 'TRUNCATE ' || array_to_string(names, ', ');
    ELSE
      FOREACH name IN ARRAY names LOOP
        IF pg_relation_size(name::regclass) > 0 THEN EXECUTE 'DELETE FROM ' || name; END IF;
      END LOOP;
    END IF;
    PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
  END $$`

const empty = async ({ client }: Database): Promise<unknown> => await client.$executeRawUnsafe(EMPTY)

/**
 * Embedded databases of this worker that a test has closed: emptying one takes a tenth of the time of opening one. A database of
 * PostgreSQL is not used again: its connections keep plans that were made for the rows of other tests.
 */
const spare: Database[] = []

const openNew = async (): Promise<Database> => {
  if (databaseKind() === 'pglite') return await openListening({ memory: true, snapshot: await testSnapshot() })
  const { socketUrl: url, drop } = await createPostgresDatabase()
  const database = await openListening({ url })
  const close = async (): Promise<void> => {
    await database.close()
    await drop()
  }
  return { ...database, close }
}

/** A fresh migrated database. `close` also deletes it, or has it emptied for the next one. `useDatabase` is what most tests want. */
export async function openTestDatabase(): Promise<Database> {
  const database = (databaseKind() === 'pglite' ? spare.pop() : undefined) ?? (await openNew())
  const form = database.kind === 'pglite' ? await formOf(database) : ''
  let isClosed = false
  return {
    ...database,
    async close() {
      if (isClosed) return
      isClosed = true
      // PostgreSQL's own timers within PGlite would wait for a time that was moved by long, and is set back.
      const isFit = database.kind === 'pglite' && moved() <= DAY && (await formOf(database).catch(() => '')) === form
      if (!isFit) return await database.close()
      await empty(database)
      spare.push(database)
    },
  }
}

/**
 * Call it once at the top of a test file or a `describe`: the tests then share one fresh database, which goes away after
 * them. Give each test accounts of its own, or take a second `describe`.
 */
export function useDatabase(): () => Database {
  let database: Database | undefined
  beforeAll(async () => {
    database = await openTestDatabase()
  }, 30_000)
  afterAll(() => database?.close())
  return () => {
    if (!database) throw new Error('the database is there in tests and hooks only')
    return database
  }
}

/** The SQL statements that `work` sends through `database`, in order, without BEGIN, COMMIT and ROLLBACK. `work` sees those so far. */
export async function statementsOf(database: Database, work: (sent: readonly string[]) => Promise<unknown>): Promise<string[]> {
  const heard = listeners.get(database.client)
  if (!heard) throw new Error('this database was not opened by openTestDatabase')
  const statements: string[] = []
  const listener: StatementListener = (sql) => void statements.push(sql)
  heard.add(listener)
  await work(statements).finally(() => heard.delete(listener))
  return statements
}

/** How many they are. */
export const countStatements = async (database: Database, work: () => Promise<unknown>): Promise<number> =>
  (await statementsOf(database, work)).length
