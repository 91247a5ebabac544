/**
 * DATABASE_READ_URL on a real streaming replica: lists come from there and everything else from the primary, until the replica is behind,
 * frozen or gone; then lists come from the primary, without a failed request. Which server answered is what the servers log themselves.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { silent } from '../../src/tools/silent.ts'
import { type PostgresServer, REPLICATED, startPostgres } from '../support/postgresServer.ts'
import { killAll, logLines, type Program, startProgram } from '../support/program.ts'

const PASSWORD = 'a long enough password of mine'
const MAX_LAG = 4_000

let primary: PostgresServer
let replica: PostgresServer
let directory: string
let program: Program
let base: string
let token: string
let graphqlToken: string
let wekanToken: string
/** What each server has logged. */
const said = { primary: '', replica: '' }

const urlOf = (server: PostgresServer, database = 'main'): string =>
  server.url.replace(/[^/]+@/, 'program:program@').replace(/postgres$/, database)
const env = (): Record<string, string> => ({
  DATABASE_URL: urlOf(primary),
  DATABASE_READ_URL: urlOf(replica),
  DATABASE_READ_MAX_LAG: `${MAX_LAG}ms`,
  SECRET_KEY: 'the-secret-key-of-this-test-is-long-enough',
  LIMIT_ADDRESS_PER_MINUTE: '1000000',
  NEW_DEVICE_NOTICE: 'false',
})

/** A statement as a superuser. */
const ask = async (server: PostgresServer, sql: string, database = 'main'): Promise<pg.QueryResultRow[]> => {
  const client = new pg.Client({ connectionString: server.url.replace(/postgres$/, database) })
  await client.connect()
  return await client
    .query(sql)
    .then(({ rows }) => rows)
    .finally(async () => await client.end())
}

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: bodies of several surfaces
  readonly body: any
}

const request = async (path: string, { body, bearer }: { body?: object; bearer?: string } = {}): Promise<Answer> => {
  const answer = await fetch(base + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

const signUp = async (name: string): Promise<Answer> =>
  await request('/auth/register', { body: { name, email: `${name}@example.com`, password: PASSWORD, confirm: PASSWORD } })
const signIn = async (): Promise<string> =>
  (await request('/v1/auth/login', { body: { email: 'ada@example.com', password: PASSWORD } })).body.token
const graphql = async (query: string): Promise<Answer> => await request('/graphql', { body: { query }, bearer: graphqlToken })
const list = async (): Promise<Answer> => await request('/v1/users', { bearer: token })
const emails = async (): Promise<string[]> => {
  const { status, body } = await list()
  expect(status).toBe(200)
  return body.map(({ email }: { email: string }) => email)
}

/** What each server ran meanwhile. */
const during = async (work: () => Promise<unknown>): Promise<{ readonly primary: string; readonly replica: string }> => {
  const before = { primary: said.primary.length, replica: said.replica.length }
  await work()
  await sleep(200)
  return { primary: said.primary.slice(before.primary), replica: said.replica.slice(before.replica) }
}

const LIST = /FROM users WHERE|FROM "public"."audit_events"|FROM dialect_uses WHERE/
const SESSION = /json_build_array\(s\.id/

const isFromReplica = async (): Promise<boolean> => LIST.test((await during(list)).replica)

/** The lines about where lists are read, without their times. */
const changes = (): string[] =>
  logLines(program.out())
    .filter(({ msg }) => msg.startsWith('lists are read'))
    .map(({ level, msg }) => `${level}: ${msg}`)
const changesOf = async (work: () => Promise<unknown>): Promise<string[]> => {
  const before = changes().length
  await work()
  return changes().slice(before)
}
const untilUsed = async (): Promise<void> => {
  await expect.poll(() => changes().at(-1), { interval: 50 }).toBe('info: lists are read from the replica again')
  expect(await isFromReplica()).toBe(true)
}
const AWAY_AND_BACK = ['warn: lists are read from the primary', 'info: lists are read from the replica again']

/** On a busy machine a replica that is back may fall behind, and so be left, once more. */
const expectAwayAndBack = (lines: readonly string[]): void => {
  expect(lines.length).toBeGreaterThanOrEqual(2)
  expect(lines).toEqual(lines.map((_, at) => AWAY_AND_BACK[at % 2]))
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-replica-'))
  const settings = [...REPLICATED, 'log_statement=all', 'max_standby_streaming_delay=0']
  primary = await startPostgres(settings, (text) => {
    said.primary += text
  })
  await ask(primary, "CREATE ROLE program LOGIN PASSWORD 'program'", 'postgres')
  await ask(primary, 'CREATE DATABASE main OWNER program', 'postgres')
  replica = await primary.replicate((text) => {
    said.replica += text
  })
  program = startProgram(directory, env())
  base = await program.ready()
  for (const name of ['ada', 'ben', 'cyd']) expect((await signUp(name)).status).toBe(201)
  token = await signIn()
  wekanToken = (await request('/users/login', { body: { email: 'ada@example.com', password: PASSWORD } })).body.token
  const query = `mutation { signIn(input: { identifier: "ada@example.com", password: "${PASSWORD}" }) {
    ... on SignInSuccess { credentials { accessToken { token } } } } }`
  graphqlToken = (await request('/graphql', { body: { query } })).body.data.signIn.credentials.accessToken.token
}, 120_000)

afterAll(async () => {
  await killAll()
  replica?.thaw()
  await replica?.stop()
  await primary?.stop()
  rmSync(directory, { recursive: true, force: true })
}, 60_000)

describe.skipIf(process.platform !== 'linux')('a streaming replica', () => {
  test('it lists within moments what was created on the primary', async () => {
    await expect.poll(emails, { interval: 20, timeout: 2_000 }).toEqual(['ada@example.com', 'ben@example.com', 'cyd@example.com'])
    expect(changes()).toEqual([])
  })

  test.each<[string, () => Promise<Answer>]>([
    ['GET /v1/users', list],
    ['GET /v1/users, a page', async () => await request('/v1/users?limit=2&offset=1', { bearer: token })],
    ['GET /api/users', async () => await request('/api/users', { bearer: wekanToken })],
    [
      'users of GraphQL, a search and its count',
      async () => await graphql('{ users(first: 2, search: "ada") { totalCount edges { node { username } } } }'),
    ],
    ['auditEvents of GraphQL', async () => await graphql('{ auditEvents(first: 2) { edges { node { type } } } }')],
    ['dialectUses of GraphQL', async () => await graphql('{ dialectUses(first: 2) { edges { node { route } } } }')],
  ])('%s is read there, and the session of its caller on the primary', async (_, work) => {
    const ran = await during(async () => {
      const { status, body } = await work()
      expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined })
    })
    expect(ran.replica).toMatch(LIST)
    expect(ran.replica).not.toMatch(SESSION)
    expect(ran.primary).toMatch(SESSION)
    expect(ran.primary).not.toMatch(LIST)
  })

  test('an account of its own, and one by its id, is read on the primary', async () => {
    const ran = await during(async () => {
      expect((await request('/v1/profile', { bearer: token })).status).toBe(200)
      expect((await graphql('{ me { id auditEvents(first: 1) { edges { node { type } } } sessions { id } } }')).body.errors).toBeUndefined()
    })
    expect(ran.replica).not.toMatch(/FROM "public"\."(?:users|sessions)"|json_build_array/)
  })

  test('while replay is paused, a sign-out acts at once, and lists come from the primary once they are too old', async () => {
    const lines = await changesOf(async () => {
      const ended = await signIn()
      expect((await request('/v1/profile', { bearer: ended })).status).toBe(200)
      await ask(replica, 'SELECT pg_wal_replay_pause()')
      await expect.poll(async () => (await ask(replica, 'SELECT pg_get_wal_replay_pause_state() AS state'))[0]?.state).toBe('paused')
      expect((await request('/v1/auth/logout', { body: {}, bearer: ended })).status).toBe(200)
      expect((await request('/v1/profile', { bearer: ended })).status).toBe(401)
      expect((await request('/v1/users', { bearer: ended })).status).toBe(401)
      expect((await signUp('dan')).status).toBe(201)
      const begun = performance.now()
      expect(await emails()).not.toContain('dan@example.com')
      await expect.poll(emails, { interval: 100 }).toContain('dan@example.com')
      const waited = performance.now() - begun
      process.stdout.write(`replica: behind, and left after ${Math.round(waited)} ms\n`)
      expect(waited).toBeLessThan(MAX_LAG + 4_000)
      expect(await isFromReplica()).toBe(false)
      await ask(replica, 'SELECT pg_wal_replay_resume()')
      await untilUsed()
    })
    expectAwayAndBack(lines)
    expect(logLines(program.out()).find(({ level, reason }) => level === 'warn' && reason !== undefined)?.reason).toBe(
      'the replica is more than 4000 ms behind',
    )
  })

  test('the replica is killed while long lists are read: none fails, and none loses or repeats a row; once it is back, it is used again', async () => {
    // Read in four steps each (docs/lists.md), so that the server changes within a list.
    await ask(
      primary,
      `INSERT INTO users (id, created_at, updated_at, email, username, name, first_name)
       SELECT 'many-' || i, now(), now(), i || '@example.org', 'many-' || i, 'x', 'x' FROM generate_series(1, 3000) AS i`,
    )
    await expect.poll(async () => (await emails()).length).toBe(3_004)
    await untilUsed()
    const lines = await changesOf(async () => {
      let isOver = false
      const seen: string[] = []
      const load = async (): Promise<void> => {
        while (!isOver) {
          const { status, body } = await list()
          seen.push(`${status}: ${body.length} rows, ${new Set(body.map(({ id }: { id: string }) => id)).size} accounts`)
        }
      }
      const loads = Array.from({ length: 4 }, load)
      await sleep(300)
      replica.crash()
      await sleep(700)
      await replica.restart()
      await untilUsed()
      isOver = true
      await Promise.all(loads)
      process.stdout.write(`replica: killed under ${seen.length} lists\n`)
      expect([...new Set(seen)]).toEqual(['200: 3004 rows, 3004 accounts'])
    })
    expectAwayAndBack(lines)
  })

  test('the replica is frozen: lists are late once, and do not fail', async () => {
    await untilUsed()
    const lines = await changesOf(async () => {
      replica.freeze()
      const begun = performance.now()
      expect((await Promise.all([list(), list(), list()])).map(({ status }) => status)).toEqual([200, 200, 200])
      const late = performance.now() - begun
      const again = performance.now()
      expect((await list()).status).toBe(200)
      const next = performance.now() - again
      process.stdout.write(`replica: frozen, ${Math.round(late)} ms at first, then ${Math.round(next)} ms\n`)
      expect(late).toBeLessThan(15_000)
      expect(next).toBeLessThan(late)
      replica.thaw()
      await untilUsed()
    })
    expectAwayAndBack(lines)
  })

  test('a statement that conflicts with recovery is repeated on the primary, and the replica is used all the same, also in transaction mode', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const replicaOptions = { url: urlOf(replica), maxLag: 60_000 }
    const options = { dataDir: '', root, log: silent, poolerMode: 'transaction', replica: replicaOptions } as const
    const database = await openDatabase({ url: urlOf(primary), ...options })
    try {
      const conflicting = async () =>
        await during(async () => {
          const slow = database.lists.read(
            async (db) => await db.$queryRaw<{ count: bigint }[]>`SELECT count(*), pg_sleep(1.5)::text FROM users`,
          )
          await sleep(300)
          await ask(primary, "UPDATE users SET bio = 'x'")
          await ask(primary, 'VACUUM users')
          expect(Number((await slow)[0]?.count)).toBe(3_004)
        })
      const isConflict = ({ replica }: { readonly replica: string }) => /canceling statement due to conflict with recovery/.test(replica)
      let ran = await conflicting()
      // On a busy machine the clean-up may reach the replica only after the statement.
      for (let tries = 1; tries < 5 && !isConflict(ran); tries += 1) ran = await conflicting()
      expect(isConflict(ran), ran.replica).toBe(true)
      expect(ran.primary).toMatch(/count\(\*\), pg_sleep/)
      const next = await during(async () => await database.lists.read(async (db) => await db.$queryRaw`SELECT count(*) FROM users`))
      expect(next.replica).toMatch(/SELECT count\(\*\) FROM users/)
    } finally {
      await database.close()
    }
  })

  test('a replica that is away at the start is one line in the log, and lists come from the primary', async () => {
    const logged: string[] = []
    const note = (fields: object, message: string) => void logged.push(`${message}: ${(fields as { reason?: string }).reason}`)
    const log = { ...silent, warn: note, error: note }
    const away = { url: 'postgresql://program:program@127.0.0.1:1/main', maxLag: MAX_LAG }
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const database = await openDatabase({ url: urlOf(primary), dataDir: '', root, log, replica: away })
    try {
      const ran = await during(async () => await database.lists.read(async (db) => await db.$queryRaw`SELECT count(*) FROM users`))
      expect(ran.primary).toMatch(/SELECT count\(\*\) FROM users/)
      expect(logged).toEqual(['lists are read from the primary: nothing listens there'])
    } finally {
      await database.close()
    }
  })

  test('where the URL is that of another database, the start fails with one line', async () => {
    const wrong = startProgram(mkdtempSync(join(directory, 'wrong-')), { ...env(), DATABASE_READ_URL: urlOf(replica, 'postgres') })
    expect(await wrong.exit).toEqual({ code: 1, signal: null })
    expect(wrong.errors().trim()).toMatch(
      /^[^\n]*DATABASE_READ_URL, 127\.0\.0\.1:\d+\/postgres, is not a replica of DATABASE_URL: it is another database$/,
    )
  })
})
