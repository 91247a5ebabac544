/** Checks an open database: version, rights, time, connections, migrations. */
import type { Config } from '../../config.ts'
import type { Database } from '../../db/database.ts'
import { connectionsOfProcess } from '../../db/poolSize.ts'
import { connectionDoubts } from '../../server/connectionDoubt.ts'
import { grouped } from '../wording.ts'
import { type Check, checking, failed, ok, warning } from './check.ts'

/** What the tests of this version run on, and later ones. */
const OLDEST = 13

interface Found {
  readonly version: string
  readonly number: number
  readonly encoding: string
  readonly role: string
  readonly name: string
  readonly readOnly: boolean
  readonly mayCreate: boolean
  /** Tables of ours that the role may not read or change. */
  readonly closed: readonly string[]
  /** How far its clock is from ours, in ms. */
  readonly apart: number
}

const look = async ({ client }: Database): Promise<Found> => {
  const before = Date.now()
  const rows = await client.$queryRaw<(Omit<Found, 'apart'> & { readonly now: number })[]>`
    SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
      current_setting('server_encoding') AS encoding, current_user::text AS role, current_database()::text AS name,
      pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "readOnly",
      has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate",
      (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
      coalesce((SELECT array_agg(tablename::text ORDER BY tablename) FROM pg_tables
        WHERE schemaname = current_schema() AND NOT (
          has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT') AND has_table_privilege(format('%I.%I', schemaname, tablename), 'INSERT')
          AND has_table_privilege(format('%I.%I', schemaname, tablename), 'UPDATE')
          AND has_table_privilege(format('%I.%I', schemaname, tablename), 'DELETE'))), '{}') AS closed`
  const after = Date.now()
  const [row] = rows as [(typeof rows)[number]]
  // The database read its clock between the two.
  return { ...row, apart: Math.round(Math.max(0, before - row.now, row.now - after)) }
}

const rightsCheck = ({ role, name, readOnly, mayCreate, closed }: Found): Check => {
  const what = 'database rights'
  if (readOnly) return failed(what, `the database ${name} is read-only`, 'connect to the primary, or end its read-only mode')
  if (closed.length > 0)
    return failed(
      what,
      `the role ${role} may not read and change ${closed.join(', ')}`,
      `make ${role} the owner of the tables (docs/database.md)`,
    )
  return mayCreate
    ? ok(what, `the role ${role} may read, change and migrate`)
    : warning(what, `the role ${role} may not make tables`, `run \`vestibule migrate\` as the owner, or GRANT CREATE ON SCHEMA to ${role}`)
}

const timeCheck = ({ apart }: Found): Check => {
  const found = `this machine and the database differ by ${grouped(apart)} ms`
  const remedy = 'set both clocks, and keep them by NTP: tokens and codes expire by them'
  if (apart >= 30_000) return failed('time of the database', found, remedy)
  return apart >= 2_000 ? warning('time of the database', found, remedy) : ok('time of the database', found)
}

const connectionCheck = (config: Config, { serverConnections }: Database): Check => {
  const each = connectionsOfProcess(config.DATABASE_POOL_SIZE)
  const name = 'connections'
  if (serverConnections === undefined) return ok(name, `each process opens at most ${each}, through a pooler`)
  const [doubt] = connectionDoubts(config, serverConnections)
  const remedy = 'lower DATABASE_POOL_SIZE or WORKERS, raise max_connections, or use a pooler (docs/scaling.md)'
  if (doubt !== undefined) return failed(name, `${doubt.setting} ${doubt.message}`, remedy)
  return ok(name, `at most ${config.WORKERS * each} of the ${serverConnections} that the server allows`)
}

const versionCheck = ({ version, number, encoding }: Found, { kind }: Database): Check => {
  const found = `${kind === 'pglite' ? 'embedded PostgreSQL' : 'PostgreSQL'} ${version}, encoding ${encoding}`
  if (encoding !== 'UTF8') return failed('database', found, 'make the database anew with the encoding UTF8')
  return number < OLDEST * 10_000
    ? warning('database', found, 'use a version of PostgreSQL that is still maintained')
    : ok('database', found)
}

const migrationCheck = async (database: Database): Promise<Check> => {
  const pending = await database.pendingMigrations()
  return pending.length === 0
    ? ok('migrations', 'all are applied')
    : failed('migrations', `missing: ${pending.join(', ')}`, 'run `vestibule migrate`, or start the server')
}

/** Whatever was written later than now was written by a clock that was ahead, or this one is behind. */
const clockCheck = async ({ client }: Database): Promise<Check> => {
  const [row] = await client.$queryRaw<{ latest: Date | null }[]>`SELECT max(at) AS latest FROM audit_events`
  const ahead = (row?.latest?.getTime() ?? 0) - Date.now()
  return ahead > 5_000
    ? warning(
        'clock',
        `the newest event was written at ${row?.latest?.toISOString()}, which is still to come`,
        'set the clock of this machine',
      )
    : ok('clock', `${new Date().toISOString()}, and no event is from the future`)
}

export const checkDatabase = async (config: Config, database: Database): Promise<readonly Check[]> => {
  const main = await checking('database', 'see docs/database.md', async () => {
    const found = await look(database)
    const general = [versionCheck(found, database), rightsCheck(found)]
    return database.kind === 'pglite' ? general : [...general, timeCheck(found), connectionCheck(config, database)]
  })
  const migrations = await checking('migrations', 'run the version of the server that made the database', async () => [
    await migrationCheck(database),
  ])
  const isCurrent = migrations.every(({ status }) => status === 'ok')
  const clock = isCurrent ? await checking('clock', 'look at the database', async () => [await clockCheck(database)]) : []
  return [...main, ...migrations, ...clock]
}
