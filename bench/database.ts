/**
 * A database for one benchmark: embedded in a directory, or new on the server of DATABASE_URL, whose role must be allowed to
 * create one. No database that was there before is ever written to.
 */
import { randomBytes } from 'node:crypto'
import pg from 'pg'

export interface BenchDatabase {
  /** Undefined: the embedded one. */
  readonly url: string | undefined
  drop(): Promise<void>
}

const administer = async (server: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

export async function createBenchDatabase(server: string | undefined): Promise<BenchDatabase> {
  if (server === undefined || server === '') return { url: undefined, drop: async () => {} }
  const name = `vestibule_bench_${randomBytes(6).toString('hex')}`
  await administer(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(server, `DROP DATABASE ${name} WITH (FORCE)`) }
}
