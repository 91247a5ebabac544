/**
 * Two programs behind a PgBouncer in transaction mode that has three connections to PostgreSQL for all of them: they start at once on an
 * empty database, every surface works, and when PgBouncer goes away under load there are only 503s until it is back.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPostgresDatabase, type PostgresDatabase } from '../support/database.ts'
import { hasPgbouncer, type Pgbouncer, startPgbouncer, withoutPgbouncer } from '../support/pgbouncer.ts'
import { killAll, logLines, type Program, startProgram } from '../support/program.ts'

const PASSWORD = 'a long enough password of mine'
const EMAIL = 'ada@example.com'

let database: PostgresDatabase
let pooler: Pgbouncer
let directory: string
let programs: Program[]
let bases: string[]
let tokens: { readonly v1: string; readonly wekan: string; readonly graphql: string }

interface Given {
  readonly name: string
  readonly status: number
  readonly text: string
}

type Asked = readonly [name: string, path: string, init?: RequestInit]

const json = (body: object, token?: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  body: JSON.stringify(body),
})
const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

const ask = async (base: string, [name, path, init = {}]: Asked): Promise<Given> => {
  const answer = await fetch(base + path, { ...init, signal: AbortSignal.timeout(30_000) })
  return { name, status: answer.status, text: await answer.text() }
}

const SIGN_IN = `mutation { result: signIn(input: { identifier: "${EMAIL}", password: "${PASSWORD}" }) {
  ... on SignInSuccess { credentials { accessToken { token } } } ... on Error { code } } }`
const CHANGE = 'mutation($name: String!) { result: updateProfile(input: { name: $name }) { __typename } }'

/** Sign-ins, reads of one's own, lists and a change, on every surface. */
const requests = (round: number): readonly Asked[] => [
  ['v1, sign-in', '/v1/auth/login', json({ email: EMAIL, password: PASSWORD })],
  ['authentication, sign-in', '/auth/login', json({ email: EMAIL, password: PASSWORD })],
  ['wekan, sign-in', '/users/login', json({ email: EMAIL, password: PASSWORD })],
  ['graphql, sign-in', '/graphql', json({ query: SIGN_IN })],
  ['xiot, a token', '/v1/profile', bearer(tokens.v1)],
  ['authentication, a token', '/auth', json({}, tokens.v1)],
  ['wekan, a token', '/api/user', bearer(tokens.wekan)],
  ['graphql, a token', '/graphql', json({ query: '{ me { id username } }' }, tokens.graphql)],
  ['idiot, a list', '/v1/users', bearer(tokens.v1)],
  ['wekan, a list', '/api/users', bearer(tokens.wekan)],
  [
    'graphql, a list',
    '/graphql',
    json({ query: '{ users(first: 5, search: "ada") { totalCount edges { node { id } } } }' }, tokens.graphql),
  ],
  ['graphql, a change', '/graphql', json({ query: CHANGE, variables: { name: `Ada ${round}` } }, tokens.graphql)],
]

/** All of them on both programs at once. */
const askAll = async (round: number): Promise<Given[]> =>
  await Promise.all(bases.flatMap((base) => requests(round).map(async (request) => await ask(base, request))))

const failed = (given: readonly Given[]): Given[] => given.filter(({ status, text }) => status !== 200 || /"errors"|"code"/.test(text))

const query = async (sql: string): Promise<pg.QueryResultRow[]> => {
  const client = new pg.Client({ connectionString: pooler.url })
  await client.connect()
  return await client
    .query(sql)
    .then(({ rows }) => rows, Promise.reject)
    .finally(async () => await client.end())
}

describe.skipIf(!hasPgbouncer)(`two programs behind PgBouncer in transaction mode${withoutPgbouncer}`, () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vestibule-pgbouncer-'))
    database = await createPostgresDatabase({ empty: true })
    pooler = await startPgbouncer(database.url, 'transaction', 3)
    const env = {
      DATABASE_URL: pooler.url,
      DATABASE_POOLER_MODE: 'transaction',
      PUBLIC_URL: 'http://vestibule.test',
      SECRET_KEY: 'the-secret-key-of-this-test-is-long-enough',
      LIMIT_ADDRESS_PER_MINUTE: '1000000',
      LIMIT_CHANGES: '1000000',
      NEW_DEVICE_NOTICE: 'false',
      MAX_SESSIONS: '100000',
    }
    programs = ['one-', 'two-'].map((name) => startProgram(mkdtempSync(join(directory, name)), env))
    bases = await Promise.all(programs.map(async (program) => await program.ready()))
    const [base = ''] = bases
    const register = { name: 'Ada', email: EMAIL, password: PASSWORD, confirm: PASSWORD }
    expect((await ask(base, ['sign-up', '/auth/register', json(register)])).status).toBe(201)
    const given = async (path: string, body: object) => JSON.parse((await ask(base, ['', path, json(body)])).text)
    tokens = {
      v1: (await given('/v1/auth/login', { email: EMAIL, password: PASSWORD })).token,
      wekan: (await given('/users/login', { email: EMAIL, password: PASSWORD })).token,
      graphql: (await given('/graphql', { query: SIGN_IN })).data.result.credentials.accessToken.token,
    }
  }, 60_000)

  afterAll(async () => {
    await killAll()
    await pooler?.stop()
    await database?.drop()
    rmSync(directory, { recursive: true, force: true })
  }, 60_000)

  test('both have started, and one of them migrated each migration', () => {
    const migrated = programs.flatMap((program) =>
      logLines(program.out()).flatMap(({ msg, migrations }) => (msg === 'migrated the database' ? (migrations as string[]) : [])),
    )
    expect(migrated.length).toBeGreaterThan(0)
    expect(new Set(migrated).size).toBe(migrated.length)
  })

  test('every surface reads, lists, changes and signs in, many at once', async () => {
    const given: Given[] = []
    for (let round = 0; round < 6; round += 1) given.push(...(await askAll(round)))
    expect(given).toHaveLength(144)
    expect(failed(given)).toEqual([])
    const ours = "backend_type = 'client backend' AND datname = current_database()"
    expect((await query(`SELECT count(*)::int AS count FROM pg_stat_activity WHERE ${ours}`))[0]?.count).toBeLessThanOrEqual(3)
    expect(await query('SELECT name FROM pg_prepared_statements')).toEqual([])
    expect(programs.flatMap((program) => logLines(program.out()).filter(({ level }) => level === 'error'))).toEqual([])
  })

  test('a session that is ended through one program is unknown to the other at once', async () => {
    const [one = '', two = ''] = bases
    const { token } = JSON.parse((await ask(one, ['', '/v1/auth/login', json({ email: EMAIL, password: PASSWORD })])).text)
    expect((await ask(two, ['', '/v1/profile', bearer(token)])).status).toBe(200)
    expect((await ask(one, ['', '/v1/auth/logout', json({}, token)])).status).toBe(200)
    expect((await ask(two, ['', '/v1/profile', bearer(token)])).status).toBe(401)
  })

  test('PgBouncer is restarted under load: only 503s, then all is well', async () => {
    let isOver = false
    const seen: Given[] = []
    const load = async (): Promise<void> => {
      for (let round = 0; !isOver; round += 1) seen.push(...(await askAll(round)))
    }
    const running = load()
    await sleep(300)
    await pooler.restart(1_500)
    const back = performance.now()
    await expect.poll(async () => failed(await askAll(0)).length, { timeout: 20_000 }).toBe(0)
    const recovered = Math.round(performance.now() - back)
    isOver = true
    await running
    const wrong = failed(seen)
    const others = wrong.filter(({ status, text }) => status !== 503 && !text.includes('SERVICE_UNAVAILABLE'))
    process.stdout.write(`pgbouncer: ${seen.length} asked, ${wrong.length} failed, recovered within ${recovered} ms\n`)
    expect(others).toEqual([])
    expect(wrong.length).toBeGreaterThan(0)
    for (const base of bases) expect((await ask(base, ['ready', '/readyz'])).status).toBe(200)
    for (const program of programs) expect(program.out() + program.errors()).not.toContain('"stack"')
  })
})
