/**
 * More than the server can do, for ten minutes: `npm run soak`, or `SOAK_SECONDS=30 npm run soak`; in the ordinary size for some seconds, with
 * a tenth of the clients. A flood of sign-ins that keeps the queue of hashes full, ten thousand idle connections, and a thousand lists that nobody
 * reads on. Memory stays below a ceiling, what is too much is refused by 503 or 429 with `Retry-After`, and the reads of another client are answered
 * all the time.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, PASSWORD, signIn, signUp } from '../support/chaos/requests.ts'
import { createPostgresDatabase, type PostgresDatabase } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { killAll, type Program, startProgram } from '../support/program.ts'

/** In MiB, of the resident set of one process with the settings of production. */
const CEILING = 1_024
const SECONDS = Number(process.env.SOAK_SECONDS ?? (isFullSize ? 600 : 3))
const PART = isFullSize ? 1 : 10
const IDLE = 10_000 / PART
const LISTS = 1_000 / PART
const FLOOD = 200 / PART
/** The longest that 99 of 100 reads may take, in ms; other tests may run beside the ordinary size. */
const READ = isFullSize ? 2_000 : 30_000

let database: PostgresDatabase
let directory: string
let program: Program
let base: string
let token: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-soak-'))
  database = await createPostgresDatabase({ empty: true })
  program = startProgram(directory, {
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    SECRET_KEY: 'the-secret-key-of-this-test-is-long-enough',
    LIMIT_ADDRESS_PER_MINUTE: '1000000',
    LIMIT_PASSWORD_FAILURES: '99',
    TRUSTED_PROXIES: '127.0.0.1',
    ADMIN_EMAIL: 'admin@example.com',
    ADMIN_PASSWORD: PASSWORD,
    PORT: '0',
  })
  base = await program.ready()
}, 120_000)

afterAll(async () => {
  await killAll()
  await database?.drop()
  rmSync(directory, { recursive: true, force: true })
}, 60_000)

const resident = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))?.[1]) / 1_024

/** Accounts for lists of several pages, whose first does not fit into the buffers of a connection. */
const fill = async (): Promise<void> => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`INSERT INTO users (id, created_at, updated_at, email, username, name, first_name)
    SELECT 'soak-' || i, now(), now(), 'soak-' || i || repeat('x', 400) || '@example.com', 'soak-' || i, repeat('n', 400), 'x'
    FROM generate_series(1, 12000) AS i`)
  await client.end()
}

/** Connections that say nothing; each that the server closes is opened again. */
const holdIdle = async (goesOn: () => boolean): Promise<{ close(): void }> => {
  const sockets = new Set<Socket>()
  const { port } = new URL(base)
  const hold = async (): Promise<void> =>
    await new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => resolve())
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.resume().once('close', () => {
        sockets.delete(socket)
        resolve()
        if (goesOn()) void hold()
      })
    })
  for (let left = IDLE; left > 0; left -= 250) await Promise.all(Array.from({ length: Math.min(250, left) }, hold))
  return {
    close: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** A list from one of many clients, whose answer nobody reads; undefined if the connection is cut. */
const openList = async (client: number): Promise<IncomingMessage | undefined> =>
  await new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': `192.0.2.${client % 250}` }
    get(`${base}/v1/users`, { headers, agent: false }, resolve).on('error', () => resolve(undefined))
  })

test(`memory stays below ${CEILING} MiB, and reads are answered, in a flood`, {
  timeout: SECONDS * 1_000 + 120_000,
}, async () => {
  const admin = await ask(base, '/v1/auth/login', { email: 'admin@example.com', password: PASSWORD })
  token = admin.body.token
  await ask(base, signUp(0, 'ada@example.com').path, signUp(0, 'ada@example.com').body)
  await fill()
  let until = Number.POSITIVE_INFINITY
  const goesOn = () => performance.now() < until
  const idle = await holdIdle(goesOn)
  until = performance.now() + SECONDS * 1_000
  const statuses = new Map<number, number>()
  const odd: string[] = []
  const reads: number[] = []
  let refusedReads = 0
  const curve: [second: number, mebibytes: number][] = []
  const note = (status: number, retryAfter: string | undefined, expected: readonly number[]): void => {
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (!expected.includes(status) || (status >= 429 && retryAfter === undefined)) odd.push(`${status} ${retryAfter}`)
  }
  const flood = async (_: unknown, at: number): Promise<void> => {
    for (let turn = at; goesOn(); turn += 1) {
      const { path, body } = signIn(turn, turn % 2 === 0 ? 'ada@example.com' : `nobody-${turn}-${at}@example.com`)
      const { status, retryAfter } = await ask(base, path, body)
      note(status, retryAfter, [200, 400, 401, 403, 429, 503])
      if (status === 429 || status === 503) await sleep(100)
    }
  }
  const readOn = async (): Promise<void> => {
    while (goesOn()) {
      const { status, retryAfter, ms } = await ask(base, '/v1/profile', undefined, token, '198.51.100.1')
      if (status === 503 && retryAfter !== undefined) refusedReads += 1
      else if (status !== 200) odd.push(`a read: ${status}`)
      reads.push(ms)
      await sleep(50)
    }
  }
  const measure = async (): Promise<void> => {
    for (let second = 0; goesOn(); second += SECONDS / 20) {
      curve.push([Math.round(second), Math.round(resident())])
      await sleep(SECONDS * 50)
    }
  }
  const askForLists = async (_: unknown, at: number): Promise<void> => {
    while (goesOn()) {
      const list = await openList(at)
      if (list !== undefined) note(list.statusCode ?? 0, list.headers['retry-after'], [200, 429, 503])
      // It is cut by the server after a minute, or by us; one that was refused is tried again after ten seconds.
      const tried = performance.now()
      const isOver = () => (list?.statusCode === 200 ? list.destroyed : performance.now() - tried > 10_000)
      list?.on('error', () => undefined)
      while (goesOn() && !isOver()) await sleep(500)
      list?.destroy()
    }
  }
  const clients = [...Array.from({ length: FLOOD }, flood), ...Array.from({ length: LISTS }, askForLists)]
  await Promise.all([...clients, readOn(), measure()])
  idle.close()
  reads.sort((one, other) => one - other)
  const p99 = Math.round(reads[Math.floor(reads.length * 0.99)] ?? 0)
  const most = Math.max(...curve.map(([, mebibytes]) => mebibytes))
  process.stdout.write(`\nsoak: ${SECONDS} s, ${IDLE} idle connections, ${LISTS} lists, ${FLOOD} clients that sign in
answers by status: ${JSON.stringify(Object.fromEntries(statuses))}; ${reads.length} reads, ${refusedReads} of them refused, p99 ${p99} ms
RSS in MiB by second: ${curve.map(([second, mebibytes]) => `${second}: ${mebibytes}`).join(', ')}\n`)
  expect(odd.slice(0, 5)).toEqual([])
  // A tenth of the clients is not too much.
  if (isFullSize) expect(statuses.get(503)).toBeGreaterThan(0)
  expect(most).toBeLessThan(CEILING)
  expect(p99).toBeLessThan(READ)
  expect(refusedReads).toBeLessThanOrEqual(reads.length / 50)
  expect((await ask(base, '/readyz')).status).toBe(200)
})
