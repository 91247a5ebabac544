/**
 * Faults under load on PostgreSQL: clients write to two servers and keep a ledger of what was acknowledged, while a server or the database is
 * killed, frozen, slow, cut off or replaced. Nothing acknowledged is lost, no session survives its end, `/readyz` says the truth, what
 * cannot be done is refused by 503 in the form of the surface within ten seconds, and all go on without a hand. `npm run chaos` tries
 * every kind, often; the ordinary suite tries the three that stand for them.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ledger, openLedger } from '../support/chaos/ledger.ts'
import { ask } from '../support/chaos/requests.ts'
import { faultTable, tryFault } from '../support/chaos/trials.ts'
import { isFullSize } from '../support/fullSize.ts'
import { hasPgbouncer, startPgbouncer, withoutPgbouncer } from '../support/pgbouncer.ts'
import { freePort, type PostgresServer, startPostgres } from '../support/postgresServer.ts'
import { killAll, type Program, startProgram } from '../support/program.ts'
import { startProxy, type TcpProxy } from '../support/tcpProxy.ts'

/** Flushed to disk, since what is acknowledged has to survive a kill -9. */
const SAFE = ['max_connections=300', 'shared_buffers=64MB', 'wal_keep_size=256MB']
const TRIALS = isFullSize ? Number(process.env.CHAOS_TRIALS ?? 10) : 1
const KILLS = isFullSize ? Number(process.env.CHAOS_KILLS ?? 50) : 1
const FULL = isFullSize ? '' : ' (skipped: npm run chaos)'
const TIMEOUT = 120_000 + 60_000 * Math.max(TRIALS, KILLS)

let server: PostgresServer
let proxy: TcpProxy
let directory: string
let ports: number[]
let programs: Program[]
let ledger: Ledger
/** The server behind PgBouncer, while clients go there. */
let pooled: string | undefined

const basesOf = (): string[] => (pooled === undefined ? ports.map((port) => `http://127.0.0.1:${port}`) : [pooled])

const env = (port: number, url: string): Record<string, string> => ({
  PORT: String(port),
  PUBLIC_URL: 'https://accounts.example.com',
  DATABASE_URL: url,
  SECRET_KEY: 'the-secret-key-of-this-test-is-long-enough',
  LIMIT_ADDRESS_PER_MINUTE: '1000000',
  LIMIT_CHANGES: '1000000',
  NEW_DEVICE_NOTICE: 'false',
  VERIFY_EMAIL: 'false',
  MAX_SESSIONS: '100000',
})

const urlThrough = (port: number): string => {
  const url = new URL(server.url)
  url.port = String(port)
  url.pathname = '/chaos'
  return url.href
}

const start = async (at: number): Promise<void> => {
  const program = startProgram(join(directory), env(ports[at] ?? 0, urlThrough(proxy.port)))
  programs[at] = program
  await program.ready()
}

const killAndStart = async (at: number): Promise<void> => {
  const program = programs[at] as Program
  program.signal('SIGKILL')
  await program.exit
  await start(at)
}

const statusOf = async (base: string): Promise<number> => (await ask(base, '/readyz')).status

/** The truth of `/readyz`: 503 on every server within four seconds. */
const untilNotReady = async (): Promise<void> => {
  for (const base of basesOf()) await expect.poll(async () => await statusOf(base), { timeout: 4_500, interval: 50 }).toBe(503)
}

const untilReady = async (): Promise<void> => {
  for (const base of basesOf()) await expect.poll(async () => await statusOf(base), { timeout: 20_000, interval: 50 }).toBe(200)
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-chaos-'))
  server = await startPostgres(SAFE)
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query('CREATE DATABASE chaos')
  await admin.end()
  proxy = await startProxy(Number(new URL(server.url).port))
  ports = [await freePort(), await freePort()]
  programs = []
  await Promise.all(ports.map(async (_, at) => await start(at)))
  ledger = await openLedger(basesOf, 'client', isFullSize ? 8 : 4)
}, 120_000)

afterAll(async () => {
  process.stdout.write(`\n${faultTable()}\n`)
  await killAll()
  await proxy?.close()
  await server?.stop()
  rmSync(directory, { recursive: true, force: true })
}, 60_000)

test(`one of two servers is killed under load, trials: ${KILLS}`, { timeout: TIMEOUT }, async () => {
  let turn = 0
  const fault = async (): Promise<void> => {
    turn += 1
    await killAndStart(turn % 2)
  }
  await tryFault({ name: 'one of two servers killed (SIGKILL)', ledger, mayBreak: true, fault }, KILLS)
})

test.skipIf(!isFullSize)(`both servers are killed under load${FULL}`, { timeout: TIMEOUT }, async () => {
  const fault = async (): Promise<void> => void (await Promise.all([killAndStart(0), killAndStart(1)]))
  await tryFault({ name: 'both servers killed (SIGKILL)', ledger, mayBreak: true, fault }, TRIALS)
})

test('the database is killed under load', { timeout: TIMEOUT }, async () => {
  const fault = async (): Promise<void> => {
    server.crash()
    await untilNotReady()
    await server.restart()
    await untilReady()
  }
  await tryFault({ name: 'database killed (SIGKILL)', ledger, fault }, TRIALS)
})

test('every connection to the database is cut under load, and new ones are for a while', { timeout: TIMEOUT }, async () => {
  const fault = async (): Promise<void> => {
    proxy.cut(true)
    await untilNotReady()
    proxy.cut(false)
    await untilReady()
  }
  await tryFault({ name: 'database cut off', ledger, fault }, TRIALS)
})

test.skipIf(!isFullSize)(`the database is frozen under load${FULL}`, { timeout: TIMEOUT }, async () => {
  const fault = async (): Promise<void> => {
    server.freeze()
    await untilNotReady().finally(() => sleep(Math.random() * 8_000).then(() => server.thaw()))
    await untilReady()
  }
  await tryFault({ name: 'database frozen (SIGSTOP)', ledger, fault }, TRIALS)
})

test.skipIf(!isFullSize)(`open connections to the database fall silent under load${FULL}`, { timeout: TIMEOUT }, async () => {
  const fault = async (): Promise<void> => {
    proxy.silence()
    await sleep(12_000)
    await untilReady()
  }
  await tryFault({ name: 'connections silent', ledger, fault }, TRIALS)
})

test.skipIf(!isFullSize)(`the database answers each statement late${FULL}`, { timeout: TIMEOUT }, async () => {
  const fault = async (): Promise<void> => {
    proxy.delay(500 + Math.random() * 3_000)
    await sleep(12_000)
    proxy.delay(0)
    await untilReady()
  }
  await tryFault({ name: 'database slow (0.5 to 3.5 s a statement)', ledger, fault }, TRIALS)
})

test.skipIf(!isFullSize)(`the primary is killed, and its streaming replica is promoted${FULL}`, { timeout: TIMEOUT }, async () => {
  const query = async (url: string, ...statements: string[]): Promise<pg.QueryResult> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    let result: pg.QueryResult | undefined
    for (const sql of statements) result = await client.query(sql)
    await client.end()
    return result as pg.QueryResult
  }
  for (let trial = 0; trial < Math.min(3, TRIALS); trial += 1) {
    const replica = await server.replicate()
    await query(server.url, "ALTER SYSTEM SET synchronous_standby_names = '*'", 'SELECT pg_reload_conf()')
    const isSynchronous = async () => (await query(server.url, 'SELECT sync_state FROM pg_stat_replication')).rows[0]?.sync_state
    await expect.poll(isSynchronous, { timeout: 20_000 }).toBe('sync')
    const old = server
    const fault = async (): Promise<void> => {
      old.crash()
      await untilNotReady()
      await query(replica.url, 'SELECT pg_promote()')
      proxy.target(Number(new URL(replica.url).port))
      await untilReady()
    }
    await tryFault({ name: 'primary killed, synchronous replica promoted', ledger, fault }, 1)
    server = replica
    await old.stop()
  }
})

test.skipIf(!isFullSize || !hasPgbouncer)(
  `PgBouncer is killed and started again${FULL}${withoutPgbouncer}`,
  { timeout: TIMEOUT },
  async () => {
    const pooler = await startPgbouncer(urlThrough(Number(new URL(server.url).port)), 'transaction')
    const port = await freePort()
    const program = startProgram(directory, { ...env(port, pooler.url), DATABASE_POOLER_MODE: 'transaction' })
    pooled = await program.ready()
    const fault = async (): Promise<void> => await pooler.restart(Math.random() * 3_000)
    await tryFault({ name: 'PgBouncer killed (SIGKILL)', ledger, fault }, TRIALS)
    pooled = undefined
    program.signal('SIGKILL')
    await program.exit
    await pooler.stop()
  },
)

test('no session that was ended is live on any server after all of that', { timeout: 120_000 }, async () => {
  expect(await ledger.endedStayEnded()).toBeGreaterThan(0)
  expect(ledger.take().survived).toEqual([])
})
