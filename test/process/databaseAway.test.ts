/**
 * Two programs on one PostgreSQL, which is refused, frozen, killed, cut off, slow and read-only: every request is answered within
 * ten seconds, by nothing but 503 with `Retry-After` in the surface's own body, the log has one line for the beginning of each
 * outage and one for its end, and both programs find back by themselves.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../support/postgresServer.ts'
import { killAll, type Program, startProgram } from '../support/program.ts'
import { startProxy, type TcpProxy } from '../support/tcpProxy.ts'

const LIMIT = 10_000
const PASSWORD = 'a long enough password of mine'
const EMAIL = 'ada@example.com'

let server: PostgresServer
let proxy: TcpProxy
let directory: string
let programs: Program[]
let bases: string[]
let admin: pg.Client
let tokens: { readonly sess: string; readonly wekan: string }

interface Given {
  readonly name: string
  readonly status: number
  readonly retryAfter: string | null
  readonly ms: number
  readonly text: string
}

const json = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** A request to each kind of route of each surface, with and without a token, and before and within an operation. */
const requests = (): readonly (readonly [string, string, RequestInit])[] => {
  const sess = { authorization: `Bearer ${tokens.sess}` }
  const signIn = `mutation { result: signIn(input: { identifier: "${EMAIL}", password: "${PASSWORD}" }) { __typename } }`
  return [
    ['xiot, a token', '/v1/profile', { headers: sess }],
    ['idiot, a list', '/v1/users', { headers: sess }],
    ['v1, sign-in', '/v1/auth/login', json({ email: EMAIL, password: PASSWORD })],
    ['authentication, sign-in', '/auth/login', json({ email: EMAIL, password: PASSWORD })],
    ['authentication, a token', '/auth', { ...json({}), headers: sess }],
    ['wekan, sign-in', '/users/login', json({ email: EMAIL, password: PASSWORD })],
    ['wekan, a token', '/api/user', { headers: { authorization: `Bearer ${tokens.wekan}` } }],
    ['graphql, sign-in', '/graphql', json({ query: signIn })],
    ['graphql, a token', '/graphql', { ...json({ query: '{ me { id } }' }), headers: { ...sess, 'content-type': 'application/json' } }],
  ]
}

const ask = async (base: string, [name, path, init]: readonly [string, string, RequestInit]): Promise<Given> => {
  const begun = performance.now()
  const answer = await fetch(base + path, { ...init, signal: AbortSignal.timeout(60_000) })
  const text = await answer.text()
  return { name, status: answer.status, retryAfter: answer.headers.get('retry-after'), ms: performance.now() - begun, text }
}

/** All of them on both programs at once, `rounds` times over. */
const askAll = async (rounds = 1): Promise<Given[]> => {
  const given: Given[] = []
  for (let round = 0; round < rounds; round += 1)
    given.push(...(await Promise.all(bases.flatMap((base) => requests().map((request) => ask(base, request))))))
  return given
}

const longest = (given: readonly Given[]): number => Math.round(Math.max(...given.map(({ ms }) => ms)))
const statuses = (given: readonly Given[]): number[] => [...new Set(given.map(({ status }) => status))].sort()

/** Milliseconds until every request succeeds on both programs, and what failed meanwhile. */
const recovery = async (): Promise<{ readonly ms: number; readonly failed: Given[] }> => {
  const begun = performance.now()
  const failed: Given[] = []
  for (;;) {
    const given = await askAll()
    const wrong = given.filter(({ status }) => status !== 200)
    failed.push(...wrong)
    if (wrong.length === 0) return { ms: Math.round(performance.now() - begun), failed }
    if (performance.now() - begun > 60_000) throw new Error(`no recovery: ${JSON.stringify(wrong.slice(0, 3))}`)
    await sleep(100)
  }
}

const readiness = async (): Promise<Given[]> => await Promise.all(bases.map((base) => ask(base, ['ready', '/readyz', {}])))

const lines = (program: Program): { level: string; msg: string; [field: string]: unknown }[] =>
  program
    .out()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

/** Whether the last line about an outage, if there is one, says that it is over. */
const isBack = (program: Program): boolean =>
  [true, ...lines(program).flatMap(({ msg }) => (/^the database is (?:away|too slow|back)$/.test(msg) ? [msg.endsWith('back')] : []))].at(
    -1,
  ) === true

const countOf = (program: Program, message: string): number => lines(program).filter(({ msg }) => msg === message).length

/** What a phase added to the log of each program: beginnings, ends, and lines with a stack. */
const logOf = async (phase: () => Promise<void>): Promise<{ away: number; back: number; stacks: number }[]> => {
  const count = (program: Program) => ({
    away: countOf(program, 'the database is away') + countOf(program, 'the database is too slow'),
    back: countOf(program, 'the database is back'),
    stacks: (program.out() + program.errors()).split('"stack"').length - 1,
  })
  const before = programs.map(count)
  await phase()
  // An outage is over with the first answer of the database two seconds after the last failure.
  const areBack = async (): Promise<boolean> => {
    await askAll()
    return programs.every(isBack)
  }
  await expect.poll(areBack, { interval: 500, timeout: 20_000 }).toBe(true)
  return programs.map((program, index) => {
    const [now, then] = [count(program), before[index] as ReturnType<typeof count>]
    return { away: now.away - then.away, back: now.back - then.back, stacks: now.stacks - then.stacks }
  })
}

const printTimes = (name: string, during: readonly Given[], after: { ms: number; failed: Given[] }): void => {
  const all = [...during, ...after.failed]
  const others = all.filter(({ status }) => status !== 503).length
  process.stdout.write(`${name}: ${all.length} failed, longest ${longest(all)} ms, not 503: ${others}, recovered within ${after.ms} ms\n`)
}

const ONE_LINE_EACH = [
  { away: 1, back: 1, stacks: 0 },
  { away: 1, back: 1, stacks: 0 },
]

const UNAVAILABLE = '5'
/** What a sign-in gets that waited for its hash longer than for the database, as on a busy machine. */
const OVERLOADED = '2'

const expectUnavailable = (given: readonly Given[], retryAfters: readonly string[] = [UNAVAILABLE]): void => {
  expect(given.filter(({ status, retryAfter }) => status !== 503 || !retryAfters.includes(`${retryAfter}`))).toEqual([])
  expect(longest(given)).toBeLessThan(LIMIT)
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-away-'))
  server = await startPostgres()
  admin = new pg.Client({ connectionString: server.url })
  admin.on('error', () => {})
  await admin.connect()
  await admin.query('CREATE DATABASE away')
  await admin.query("CREATE ROLE program LOGIN PASSWORD 'program'")
  await admin.query('ALTER DATABASE away OWNER TO program')
  proxy = await startProxy(Number(new URL(server.url).port))
  const env = {
    DATABASE_URL: `postgresql://program:program@127.0.0.1:${proxy.port}/away`,
    SECRET_KEY: 'the-secret-key-of-this-test-is-long-enough',
    LIMIT_ADDRESS_PER_MINUTE: '1000000',
    NEW_DEVICE_NOTICE: 'false',
    MAX_SESSIONS: '100000',
  }
  programs = [startProgram(mkdtempSync(join(directory, 'one-')), env), startProgram(mkdtempSync(join(directory, 'two-')), env)]
  bases = await Promise.all(programs.map((program) => program.ready()))
  const [base = ''] = bases
  await ask(base, ['sign-up', '/auth/register', json({ name: 'Ada', email: EMAIL, password: PASSWORD, confirm: PASSWORD })])
  const sess = JSON.parse((await ask(base, ['', '/v1/auth/login', json({ email: EMAIL, password: PASSWORD })])).text).token
  const wekan = JSON.parse((await ask(base, ['', '/users/login', json({ email: EMAIL, password: PASSWORD })])).text).token
  tokens = { sess, wekan }
  expect(statuses(await askAll())).toEqual([200])
}, 120_000)

afterAll(async () => {
  await killAll()
  await admin.end().catch(() => {})
  await proxy?.close()
  await server?.stop()
  rmSync(directory, { recursive: true, force: true })
}, 60_000)

describe.skipIf(process.platform !== 'linux')('the database', () => {
  test('the database refuses connections: 503 in the body of each surface', { timeout: 120_000 }, async () => {
    const log = await logOf(async () => {
      await admin.query('ALTER ROLE program CONNECTION LIMIT 0')
      await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'program'")
      const given = await askAll(5)
      expectUnavailable(given)
      const bodies = new Map(given.map(({ name, text }) => [name, JSON.parse(text)]))
      const text = 'Service unavailable, try again later'
      expect(bodies.get('xiot, a token')).toMatchObject({ statusCode: 503, message: text })
      expect(bodies.get('authentication, sign-in')).toEqual({ error: text, message: text, status: 503, code: 503 })
      expect(bodies.get('wekan, sign-in')).toEqual({ error: 503, reason: text })
      expect(bodies.get('wekan, a token')).toMatchObject({ error: 503, reason: text, statusCode: 503, errorType: 'Meteor.Error' })
      for (const name of ['graphql, sign-in', 'graphql, a token'])
        expect(bodies.get(name).errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 } }])
      expect(statuses(await readiness())).toEqual([503])
      await admin.query('ALTER ROLE program CONNECTION LIMIT -1')
      printTimes('refused', given, await recovery())
      expect(statuses(await readiness())).toEqual([200])
    })
    expect(log).toEqual(ONE_LINE_EACH)
  })

  test('the database is frozen', { timeout: 120_000 }, async () => {
    const log = await logOf(async () => {
      server.freeze()
      const [given, ready] = await Promise.all([askAll(2), readiness()]).finally(() => server.thaw())
      expectUnavailable(given)
      expect(statuses(ready)).toEqual([503])
      expect(longest(ready)).toBeLessThan(4_000)
      printTimes('frozen', given, await recovery())
    })
    expect(log).toEqual(ONE_LINE_EACH)
  })

  test('the database is killed, and started again', { timeout: 120_000 }, async () => {
    const log = await logOf(async () => {
      server.crash()
      await sleep(200)
      const given = await askAll(5)
      expectUnavailable(given)
      await server.restart()
      printTimes('killed', given, await recovery())
    })
    expect(log).toEqual(ONE_LINE_EACH)
    admin = new pg.Client({ connectionString: server.url })
    await admin.connect()
  })

  test('the database falls silent on the connections that there are, as a failover may: one wait finds it out', {
    timeout: 120_000,
  }, async () => {
    await askAll(3)
    const log = await logOf(async () => {
      proxy.silence()
      const after = await recovery()
      expectUnavailable(after.failed)
      expect(after.ms).toBeLessThan(2 * LIMIT)
      printTimes('silent', [], after)
    })
    expect(log).toEqual(ONE_LINE_EACH)
  })

  test('the database answers each statement after two seconds', { timeout: 120_000 }, async () => {
    const log = await logOf(async () => {
      proxy.delay(2_000)
      const given = await askAll()
      proxy.delay(0)
      expect(longest(given)).toBeLessThan(LIMIT)
      const failed = given.filter(({ status }) => status !== 200)
      expectUnavailable(failed, [UNAVAILABLE, OVERLOADED])
      printTimes('slow', failed, await recovery())
    })
    expect(log.map(({ stacks }) => stacks)).toEqual([0, 0])
  })

  test('the database waits for a lock', { timeout: 120_000 }, async () => {
    const log = await logOf(async () => {
      const holder = new pg.Client({ connectionString: server.url.replace('/postgres', '/away') })
      await holder.connect()
      await holder.query('BEGIN')
      await holder.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE')
      const given = await askAll()
      await holder.end()
      expectUnavailable(given)
      printTimes('locked', given, await recovery())
    })
    expect(log).toEqual(ONE_LINE_EACH)
  })

  test('the database takes no writes: not ready, and a sign-in is 503', { timeout: 120_000 }, async () => {
    const log = await logOf(async () => {
      await admin.query('ALTER SYSTEM SET default_transaction_read_only = on')
      await admin.query('SELECT pg_reload_conf()')
      await expect.poll(async () => statuses(await readiness())).toEqual([503])
      const given = (await askAll()).filter(({ name }) => name.endsWith('sign-in'))
      expectUnavailable(given)
      await admin.query('SET default_transaction_read_only = off')
      await admin.query('ALTER SYSTEM RESET default_transaction_read_only')
      await admin.query('SELECT pg_reload_conf()')
      printTimes('read-only', given, await recovery())
      await expect.poll(async () => statuses(await readiness())).toEqual([200])
    })
    expect(log.map(({ stacks }) => stacks)).toEqual([0, 0])
  })
})
