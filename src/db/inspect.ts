/**
 * Checks a database once, before migrations: whether it can be used as we need, and which schema has our tables or is to have them.
 * Cost: a connection and a statement; behind a pooler two more statements.
 */
import type pg from 'pg'
import { POOLER_MODE } from './databaseReasons.ts'
import type { PoolerMode } from './poolerMode.ts'
import { StartupError } from './startupError.ts'

interface Found {
  readonly schema: string | null
  /** The schema of a visible migrations table. */
  readonly home: string | null
  readonly search_path: string
  readonly encoding: string
  readonly isolation: string
  /** The statement that gives this role the isolation that we need. */
  readonly remedy: string
  readonly pid: number
  readonly connections: number
}

export interface Inspection {
  /** The schema of our tables. */
  readonly schema: string
  /** How many connections the server leaves to roles that are no superusers; undefined behind a pooler. */
  readonly connections: number | undefined
}

const LOOK = `SELECT current_schema() AS schema, current_setting('search_path') AS search_path,
  current_setting('server_encoding') AS encoding, pg_backend_pid() AS pid, current_setting('default_transaction_isolation') AS isolation,
  format('ALTER ROLE %I IN DATABASE %I SET default_transaction_isolation = %L', current_user, current_database(), 'read committed') AS remedy,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0) AS connections,
  (SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE pg_class.oid = to_regclass('_prisma_migrations')) AS home`

const pidOf = async (connection: pg.ClientBase): Promise<number | undefined> =>
  (await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid

/** Behind a pooler, the process that a connection reported at its beginning differs from the one it talks to. */
const isPooled = (connection: pg.PoolClient, pid: number): boolean =>
  (connection as unknown as { processID: number | null }).processID !== pid

/** Whether a pooler gives two connections the same server process. */
const sharesServers = async (pool: pg.Pool, first: pg.PoolClient): Promise<boolean> => {
  const second = await pool.connect()
  try {
    const before = await pidOf(first)
    return (await pidOf(second)) === before || (await pidOf(first)) !== before
  } finally {
    second.release()
  }
}

/** What the database says; in transaction mode within a transaction, which a pooler that lends connections for a statement refuses. */
const look = async (connection: pg.PoolClient, poolerMode: PoolerMode): Promise<Found> => {
  if (poolerMode === 'transaction') await connection.query('BEGIN')
  const [found] = (await connection.query<Found>(LOOK)).rows as [Found]
  if (poolerMode === 'transaction') await connection.query('COMMIT')
  return found
}

const requireSessions = async (pool: pg.Pool, connection: pg.PoolClient, name: string): Promise<void> => {
  if (await sharesServers(pool, connection)) throw new StartupError(`The database at ${name} cannot be used: ${POOLER_MODE}`)
}

/** A statement that is a transaction by itself has the isolation of its role, where no session has another. */
const requireIsolation = ({ isolation, remedy }: Found, name: string): void => {
  if (isolation === 'read committed') return
  const what = `its default_transaction_isolation is ${isolation}: run \`${remedy}\`, and let the pooler connect anew`
  throw new StartupError(`The database at ${name} cannot be used: ${what}`)
}

/** @throws {StartupError} if the database cannot be used */
export async function inspect(pool: pg.Pool, name: string, poolerMode: PoolerMode): Promise<Inspection> {
  const connection = await pool.connect()
  try {
    const found = await look(connection, poolerMode)
    const pooled = isPooled(connection, found.pid)
    if (poolerMode === 'transaction') requireIsolation(found, name)
    else if (pooled) await requireSessions(pool, connection, name)
    if (found.encoding !== 'UTF8')
      throw new StartupError(`The database at ${name} cannot be used: its encoding is ${found.encoding}, and must be UTF8`)
    const schema = found.home ?? found.schema
    if (schema !== null) return { schema, connections: pooled ? undefined : found.connections }
    throw new StartupError(
      `The database at ${name} cannot be used: no schema of the search_path (${found.search_path}) is there, or the user may not use it`,
    )
  } finally {
    connection.release()
  }
}
