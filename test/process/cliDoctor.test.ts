/** What `vestibule doctor` finds, each made for it: settings, keys, mail servers, and a PostgreSQL whose role may little. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cli, cliIn } from '../support/cli.ts'
import { createPostgresDatabase, type PostgresDatabase } from '../support/database.ts'
import { startMailServer } from '../support/smtpServer.ts'

const KEY = 'k'.repeat(40)

let directory: string
let cli: Cli
let postgres: PostgresDatabase
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-doctor-'))
  cli = cliIn(directory)
  postgres = await createPostgresDatabase({ empty: true })
})
afterAll(async () => {
  await postgres.drop()
  rmSync(directory, { recursive: true, force: true })
})

interface Check {
  readonly name: string
  readonly status: 'ok' | 'warning' | 'failed'
  readonly found: string
  readonly remedy?: string
}

interface Looked {
  readonly code: number | null
  readonly checks: readonly Check[]
  /** Those of a name. */
  of(name: string): readonly Check[]
}

const doctor = async (env: Readonly<Record<string, string>> = {}): Promise<Looked> => {
  const { code, out, errors } = await cli(['doctor', '--json'], { env })
  expect(errors).toBe('')
  const { checks } = JSON.parse(out) as { checks: Check[] }
  for (const { status, remedy } of checks) expect(remedy === undefined).toBe(status === 'ok')
  return { code, checks, of: (name) => checks.filter((check) => check.name === name) }
}

const query = async (url: string, ...statements: string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

test('settings that cannot be used are all named, and nothing else is looked at', async () => {
  const { code, checks } = await doctor({ PORT: 'many', WORKERS: '0', DATABASE_URL: 'mysql://x' })
  expect(code).toBe(1)
  expect(checks.map(({ name, status }) => [name, status])).toEqual(Array(3).fill(['settings', 'failed']))
  for (const [index, name] of ['PORT', 'WORKERS', 'DATABASE_URL'].entries()) expect(checks[index]?.found).toMatch(new RegExp(`^${name}: `))
})

test('before the first start it finds nothing wrong, makes nothing, and says the same to people', async () => {
  const [looked, said] = await Promise.all([doctor(), cli(['doctor'])])
  expect(looked.code).toBe(0)
  expect(looked.checks.filter(({ status, name }) => status !== 'ok' && name !== 'node')).toEqual([])
  expect(said.code).toBe(0)
  expect(said.out).toMatch(/^ok {7}secret key {6}\S+secret\.key is not there yet, and will be made$/m)
  expect(said.out).toMatch(/^\d+ checks: 0 failed, \d warnings?\n$/m)
  expect(existsSync(join(directory, 'data'))).toBe(false)
})

test('a proxy that is not trusted, names that are no settings, and a key that others can read', async () => {
  const data = join(directory, 'open')
  mkdirSync(data, { mode: 0o777 })
  chmodSync(data, 0o777)
  writeFileSync(join(data, 'secret.key'), `${KEY}\n`, { mode: 0o644 })
  writeFileSync(join(directory, '.env'), 'TRUSTED_PROXYS=loopback\n')
  const looked = await doctor({ PUBLIC_URL: 'https://id.example.com', DATA_DIR: data, NODE_ENV: 'production' })
  rmSync(join(directory, '.env'))
  expect(looked.code).toBe(0)
  expect(looked.of('proxy')).toMatchObject([{ status: 'warning', remedy: expect.stringContaining('TRUSTED_PROXIES') }])
  expect(looked.of('secret key')).toMatchObject([{ status: 'warning', found: expect.stringContaining('mode 644') }])
  expect(looked.of('data directory')).toMatchObject([{ status: 'warning', remedy: `run \`chmod 700 ${data}\`` }])
  expect(looked.of('mail')).toMatchObject([{ status: 'warning', found: expect.stringContaining('SMTP_URL is not set') }])
  expect(looked.of('settings').map(({ found }) => found)).toContainEqual(expect.stringContaining('TRUSTED_PROXYS'))
  writeFileSync(join(data, 'secret.key'), 'short\n')
  const trusting = await doctor({ DATA_DIR: data, TRUSTED_PROXIES: 'loopback,10.1.2.3' })
  expect(trusting.of('secret key')).toMatchObject([{ status: 'failed' }])
  expect(trusting.of('proxy')).toEqual([{ name: 'proxy', status: 'ok', found: 'loopback, 10.1.2.3 may name client addresses' }])
})

test('mail servers: their login is tried, and nothing is sent', async () => {
  const received: unknown[] = []
  const users = await startMailServer({
    authOptional: false,
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'ada' && password === 'right' ? done(null, { user: 'ada' }) : done(new Error('535 no, ada')),
    onMailFrom: (address, _session, done) => {
      received.push(address)
      done()
    },
  })
  const at = `127.0.0.1:${users.port}`
  const [right, wrong, open, away] = await Promise.all([
    doctor({ SMTP_URL: `smtp://ada:right@${at}` }),
    doctor({ SMTP_URL: `smtp://ada:wrong@${at}` }),
    doctor({ SMTP_URL: `smtps://ada:right@${at}` }),
    doctor({ SMTP_URL: 'smtp://127.0.0.1:1' }),
  ])
  await users.close()
  expect(right.of('mail')).toEqual([{ name: 'mail', status: 'ok', found: `${at} answers on this machine, the login is accepted` }])
  expect([wrong, open, away].map(({ code, of }) => [code, of('mail')[0]?.status])).toEqual(Array(3).fill([1, 'failed']))
  expect(wrong.of('mail')).toMatchObject([
    { found: expect.stringContaining('EAUTH 535'), remedy: 'correct the user and password in SMTP_URL' },
  ])
  expect(away.of('mail')).toMatchObject([
    { found: expect.stringContaining('ECONNREFUSED'), remedy: expect.stringMatching(/^start the mail server, correct SMTP_URL/) },
  ])
  expect(JSON.stringify([wrong.checks, open.checks])).not.toMatch(/wrong|right|ada/)
  expect(received).toEqual([])
})

test('PostgreSQL: away, without migrations, as it should be, with another key, read-only, and with a role that may nothing', async () => {
  const env = { DATABASE_URL: postgres.url, SECRET_KEY: KEY }
  const [away, empty] = await Promise.all([doctor({ ...env, DATABASE_URL: 'postgresql://127.0.0.1:1/x' }), doctor(env)])
  expect(away.code).toBe(1)
  expect(away.of('database')).toMatchObject([{ status: 'failed', found: expect.stringContaining('127.0.0.1:1/x') }])
  expect(empty.of('migrations')).toMatchObject([{ status: 'failed', remedy: 'run `vestibule migrate`, or start the server' }])
  expect(empty.of('signing keys')).toEqual([])
  const unready = await cli(['user', 'list'], { env })
  expect(unready).toMatchObject({
    code: 1,
    out: '',
    errors: expect.stringMatching(/^vestibule: The database lacks the migrations .*: run `vestibule migrate`\n$/),
  })
  expect((await cli(['migrate', '--json'], { env })).out).toMatch(/"applied": \[\n {4}"\d{14}_/)
  expect((await cli(['keys', 'rotate'], { env })).code).toBe(0)

  const [good, otherKey, many] = await Promise.all([
    doctor(env),
    doctor({ ...env, SECRET_KEY: 'o'.repeat(40) }),
    doctor({ ...env, DATABASE_POOL_SIZE: '200', WORKERS: '2' }),
  ])
  expect(good.code).toBe(0)
  for (const name of [
    'database',
    'database rights',
    'time of the database',
    'connections',
    'migrations',
    'clock',
    'secret key',
    'signing keys',
  ])
    expect(good.of(name)).toMatchObject([{ status: 'ok' }])
  expect(otherKey.of('signing keys')).toMatchObject([{ status: 'failed', found: 'SECRET_KEY does not fit 2 of 2' }])
  expect(many.of('connections')).toMatchObject([{ status: 'failed', found: expect.stringContaining('max_connections') }])

  await query(
    postgres.url,
    "CREATE ROLE reader LOGIN PASSWORD 'reader'",
    'GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader',
    "CREATE ROLE idle LOGIN PASSWORD 'idle'",
    'ALTER ROLE idle SET default_transaction_read_only = on',
    'GRANT ALL ON ALL TABLES IN SCHEMA public TO idle',
  )
  const as = (user: string) => postgres.url.replace(/\/\/[^@]+@/, `//${user}:${user}@`)
  const reader = await doctor({ ...env, DATABASE_URL: as('reader') })
  expect(reader.of('database rights')).toMatchObject([
    { status: 'failed', found: expect.stringMatching(/^the role reader may not .*users/) },
  ])
  expect(JSON.stringify(reader.checks)).not.toContain(KEY)
})
