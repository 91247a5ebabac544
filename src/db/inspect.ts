/**
 * Checks a database once, before migrations: whether it can be used as we need, and which schema has our tables or is to have them.
 * Cost: a connection and a statement; behind a pooler two more statements.
 */
import type pg from 'pg'
import { POOLER_MODE } from './databaseReasons.ts'
import { StartupError } from './startupError.ts'

interface Found {
  readonly schema: string | null
  /** The schema of a visible migrations table. */
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
 * Whether a pooler gives two connections the same server process. Behind a pooler, the process that the first connection reported
 * at its beginning differs from the one it talks to, so only then is the second connection needed.
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

/** The schema of our tables. @throws {StartupError} if the database cannot be used */
export async function inspect(pool: pg.Pool, name: string): Promise<string> {
  const connection = await pool.connect()
  try {
    const [found] = (await connection.query<Found>(LOOK)).rows as [Found]
    if (await sharesServers(pool, connection, found.pid)) throw new StartupError(`The database at ${name} cannot be used: ${POOLER_MODE}`)
    if (found.encoding !== 'UTF8')
      throw new StartupError(`The database at ${name} cannot be used: its encoding is ${found.encoding}, and must be UTF8`)
    const schema = found.home ?? found.schema
    if (schema !== null) return schema
    throw new StartupError(
      `The database at ${name} cannot be used: no schema of the search_path (${found.search_path}) is there, or the user may not use it`,
    )
  } finally {
    connection.release()
  }
}
