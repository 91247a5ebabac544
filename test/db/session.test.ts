/**
 * What PostgreSQL, a role, a URL or a pooler may bring along, and what is made of it: pinned, used, or refused in one line before
 * anything is migrated.
 */
import { createServer, type Server } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { StartupError } from '../../src/db/startupError.ts'
import { silent } from '../../src/tools/silent.ts'
import { person } from '../support/accounts.ts'
import { CERTIFICATE, KEY } from '../support/certificate.ts'
import { createPostgresDatabase, databaseKind, root } from '../support/database.ts'
import { hasPgbouncer, startPgbouncer, withoutPgbouncer } from '../support/pgbouncer.ts'
import { startPostgres } from '../support/postgresServer.ts'
import { openWorld } from '../support/world.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const create = async (options: { empty?: boolean; with?: string } = {}): Promise<string> => {
  const { url, drop } = await createPostgresDatabase(options)
  cleanups.push(drop)
  return url
}

const open = async (url: string): Promise<Database> => {
  const database = await openDatabase({ url, dataDir: '', root, log: silent })
  cleanups.push(database.close)
  return database
}

/** Runs statements on the database, as its owner, in a session that nobody prepared. */
const run = async (url: string, ...statements: string[]): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const rows: unknown[] = []
    for (const statement of statements) rows.splice(0, rows.length, ...(await client.query(statement)).rows)
    return rows
  } finally {
    await client.end()
  }
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1)

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(StartupError)
  expect((error as Error).message).not.toContain('\n')
  return (error as Error).message
}

/** A world on a database stands, and a person signs up and in. */
const expectWorks = async (database: Database): Promise<void> => {
  await database.migrate()
  const world = await openWorld({}, { db: database })
  cleanups.push(world.close)
  const people = await Promise.all(Array.from({ length: 8 }, async () => await person(world)))
  for (const { token } of people) expect((await world.get('/v1/profile', token)).status).toBe(200)
  expect(world.logs.filter(({ level }) => level === 'error')).toEqual([])
}

const tables = (schema: string) => `SELECT count(*)::int AS count FROM pg_tables WHERE schemaname = '${schema}'`

describe.runIf(databaseKind() === 'postgresql')('what a session inherits', () => {
  test.each([
    ['DateStyle', 'German'],
    ['TimeZone', 'America/New_York'],
    ['IntervalStyle', 'iso_8601'],
    ['bytea_output', 'escape'],
    ['extra_float_digits', '-10'],
    ['standard_conforming_strings', 'off'],
    ['array_nulls', 'off'],
    ['transform_null_equals', 'on'],
    ['default_transaction_isolation', 'serializable'],
    ['default_transaction_deferrable', 'on'],
    ['statement_timeout', '500'],
    ['lock_timeout', '1'],
  ])('a setting of the database, %s = %s, does not matter', async (setting, value) => {
    const url = await create()
    await run(url, `ALTER DATABASE ${nameOf(url)} SET ${setting} = '${value}'`)
    await expectWorks(await open(url))
  })

  test('what a session inherits is pinned, on every connection', async () => {
    const url = await create()
    const unusual = ["DateStyle TO 'German'", 'TimeZone TO 5', 'default_transaction_isolation TO serializable', "bytea_output TO 'escape'"]
    await run(url, ...unusual.map((setting) => `ALTER DATABASE ${nameOf(url)} SET ${setting}`))
    const { pool } = await open(url)
    const names = ['DateStyle', 'TimeZone', 'transaction_isolation', 'bytea_output', 'search_path', 'statement_timeout', 'lock_timeout']
    const sql = `SELECT ${names.map((name) => `current_setting('${name}') AS "${name}"`).join(', ')}`
    const reported = await Promise.all(Array.from({ length: 5 }, async () => (await pool?.query(sql))?.rows[0]))
    for (const row of reported)
      expect(row).toEqual({
        DateStyle: 'ISO, MDY',
        TimeZone: 'UTC',
        transaction_isolation: 'read committed',
        bytea_output: 'hex',
        search_path: '"public"',
        statement_timeout: '5s',
        lock_timeout: '4s',
      })
  })
})

describe.runIf(databaseKind() === 'postgresql')('the search_path', () => {
  test.each<[string, (url: string) => Promise<string>]>([
    ['of the database', async (url) => await run(url, `ALTER DATABASE ${nameOf(url)} SET search_path = app`).then(() => url)],
    ['of the URL', async (url) => `${url}?options=-c%20search_path%3Dapp`],
    ['of the URL, with one that is not there in front', async (url) => `${url}?options=-c%20search_path%3Dnowhere%2Capp`],
  ])('%s says where the tables are', async (_, prepare) => {
    const url = await create({ empty: true })
    await run(url, 'CREATE SCHEMA app')
    await expectWorks(await open(await prepare(url)))
    expect(await run(url, tables('app'))).toEqual([{ count: 26 }])
    expect(await run(url, tables('public'))).toEqual([{ count: 0 }])
  })

  test('the search_path that leads nowhere is refused, and nothing is migrated', async () => {
    const url = await create({ empty: true })
    expect(await refusal(open(`${url}?options=-c%20search_path%3Dnowhere`))).toMatch(
      /cannot be used: no schema of the search_path \(nowhere\) is there, or the user may not use it$/,
    )
    expect(await run(url, tables('public'))).toEqual([{ count: 0 }])
  })

  test('the search_path that gets another schema in front keeps to the tables that are there', async () => {
    const url = await create()
    await run(url, 'CREATE SCHEMA app')
    await expectWorks(await open(`${url}?options=-c%20search_path%3Dapp%2Cpublic`))
    expect(await run(url, tables('app'))).toEqual([{ count: 0 }])
  })
})

describe.runIf(databaseKind() === 'postgresql')('a database that cannot be used is refused in one line', () => {
  test('a database that takes no writes is refused in one line', async () => {
    const url = await create()
    await run(url, `ALTER DATABASE ${nameOf(url)} SET default_transaction_read_only = on`)
    expect(await refusal(open(url))).toMatch(/cannot be reached: the server is read-only$/)
    await run(url, 'SET default_transaction_read_only = off', `ALTER DATABASE ${nameOf(url)} RESET default_transaction_read_only`)
  })

  test('a database of another encoding is refused in one line', async () => {
    const url = await create({ empty: true, with: "TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'" })
    expect(await refusal(open(url))).toMatch(/cannot be used: its encoding is SQL_ASCII, and must be UTF8$/)
  })

  test('where the user may make no tables', async () => {
    const url = await create({ empty: true })
    const role = nameOf(url).replace('test', 'role')
    await run(url, `CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
    cleanups.push(async () => await run(url, `DROP OWNED BY ${role}`, `DROP ROLE ${role}`))
    const database = await open(Object.assign(new URL(url), { username: role, password: 'x' }).href)
    expect(await refusal(database.migrate())).toMatch(/permission denied for schema public/)
  })
})

describe.runIf(databaseKind() === 'postgresql')('several hosts', () => {
  test('several hosts are tried in turn until one takes writes, and again when it does so no more', { timeout: 60_000 }, async () => {
    const first = await create()
    const other = await startPostgres()
    cleanups.push(other.stop)
    const second = Object.assign(new URL(other.url), { pathname: new URL(first).pathname }).href
    const role = nameOf(first).replace('test', 'both')
    await run(other.url, `CREATE DATABASE ${nameOf(first)}`)
    for (const url of [first, second]) await run(url, `CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'both'`)
    cleanups.push(async () => await run(first, 'SET default_transaction_read_only = off', `DROP ROLE ${role}`))
    const readOnly = (url: string, value: 'on' | 'off') => [
      'SET default_transaction_read_only = off',
      `ALTER DATABASE ${nameOf(url)} SET default_transaction_read_only = ${value}`,
    ]
    await run(second, ...readOnly(second, 'on'))
    const [one, two] = [new URL(first).port, new URL(second).port]
    const database = await open(`postgresql://${role}:both@127.0.0.1:1,127.0.0.1:${two},localhost:${one}${new URL(first).pathname}`)
    const portOf = async () => (await database.pool?.query('SELECT inet_server_port() AS port'))?.rows[0].port
    expect(await portOf()).toBe(Number(one))
    await database.ping()

    await run(first, ...readOnly(first, 'on'))
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`
    await run(first, cut)
    await expect(database.ping()).rejects.toThrow()
    await run(second, ...readOnly(second, 'off'))
    await expect.poll(() => database.ping().then(() => 'answers', String)).toBe('answers')
    expect(await portOf()).toBe(Number(two))
    await database.close()
  })
})

describe.runIf(databaseKind() === 'postgresql')(`PgBouncer${withoutPgbouncer}`, () => {
  test.skipIf(!hasPgbouncer)('PgBouncer that lends connections for a session works', async () => {
    const pooler = await startPgbouncer(await create({ empty: true }), 'session')
    cleanups.push(pooler.stop)
    await expectWorks(await open(pooler.url))
  })

  test.skipIf(!hasPgbouncer).each(['transaction', 'statement'] as const)(
    'PgBouncer that lends connections for a %s is refused',
    async (mode) => {
      const url = await create({ empty: true })
      const pooler = await startPgbouncer(url, mode)
      cleanups.push(pooler.stop)
      expect(await refusal(open(pooler.url))).toMatch(/cannot be used: a connection pooler stands in front of it .* pool_mode = session/)
      expect(await run(url, tables('public'))).toEqual([{ count: 0 }])
    },
  )
})

/** A server that goes as far as its certificate, or says that it has none. */
const tlsServer = async (answer: 'S' | 'N'): Promise<string> => {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(answer)
      if (answer === 'N') return
      const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key: KEY, cert: CERTIFICATE }) })
      secure.on('error', () => {})
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  cleanups.push(() => server.close())
  return `postgresql://ada:secret@localhost:${(server.address() as { port: number }).port}/base`
}

describe.runIf(databaseKind() === 'postgresql')('sslmode', () => {
  test.each(['require', 'prefer', 'verify-ca', 'verify-full'])(
    '%s: a certificate that nobody vouches for is one line that helps',
    async (mode) => {
      const warnings: Error[] = []
      const hear = (warning: Error) => void warnings.push(warning)
      process.on('warning', hear)
      cleanups.push(() => process.off('warning', hear))
      const line = await refusal(open(`${await tlsServer('S')}?sslmode=${mode}`))
      expect(line).toMatch(/cannot be reached: its certificate is not trusted \(self-signed certificate\): name its authority by/)
      for (const help of ['sslmode=verify-full&sslrootcert=', 'NODE_EXTRA_CA_CERTS', 'sslmode=no-verify']) expect(line).toContain(help)
      expect(warnings).toEqual([])
    },
  )

  test('no-verify checks no certificate', async () => {
    expect(await refusal(open(`${await tlsServer('S')}?sslmode=no-verify`))).not.toContain('certificate')
  })

  test('require: a server without TLS is reported', async () => {
    expect(await refusal(open(`${await tlsServer('N')}?sslmode=require`))).toMatch(/it does not speak TLS: leave `sslmode` out/)
  })
})
