/**
 * What is looked at once, before anything is migrated or asked: whether this database can be used as we use it, and in which
 * schema our tables are or are to be. Cost: a connection and a statement; two more statements behind a pooler.
 */
import type pg from 'pg'
import { POOLER_MODE } from './databaseReasons.ts'
import { StartupError } from './startupError.ts'

interface Found {
  readonly schema: string | null
  /** Where the migrations are kept that can be seen. */
  readonly home: string | null
  readonly search_path: string
  readonly encoding: string
  readonly pid: number
}

const LOOK = `SELECT current_schema() AS schema, current_setting('search_path') AS search_path,
  current_setting('server_encoding') AS encoding, pg_backend_pid() AS pid,
  (SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE pg_class.oid = to_regclass('_prisma_migrations')) AS home`

const pidOf = async (connection: pg.ClientBase): Promise<number | undefined> =>
  (await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid

/**
 * Whether two connections are lent the same process of the server. The process that the first one was told of at the beginning is
 * another than it talks to wherever a pooler stands between, so nobody else pays for the second.
 */
const sharesServers = async (pool: pg.Pool, first: pg.PoolClient, pid: number): Promise<boolean> => {
  if ((first as unknown as { processID: number | null }).processID === pid) return false
  const second = await pool.connect()
  try {
    const before = await pidOf(first)
    return (await pidOf(second)) === before || (await pidOf(first)) !== before
  } finally {
    second.release()
  }
}

/** The schema of our tables. @throws {StartupError} when the database cannot be used */
export async function inspect(pool: pg.Pool, name: string): Promise<string> {
  const connection = await pool.connect()
  try {
    const [found] = (await connection.query<Found>(LOOK)).rows as [Found]
    if (await sharesServers(pool, connection, found.pid)) throw new StartupError(`The database at ${name} cannot be used: ${POOLER_MODE}`)
    if (found.encoding !== 'UTF8')
      throw new StartupError(`The database at ${name} cannot be used: its encoding is ${found.encoding}, and has to be UTF8`)
    const schema = found.home ?? found.schema
    if (schema !== null) return schema
    throw new StartupError(
      `The database at ${name} cannot be used: no schema of the search_path (${found.search_path}) is there, or the user may not use it`,
    )
  } finally {
    connection.release()
  }
}
