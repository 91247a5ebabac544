/** Commands that are killed in the middle (SIGKILL), or whose disk is full: nothing half-written is left, and they go on when they run again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
// @ts-expect-error: a script of its own, which uses nothing of ours
import { exportLines } from '../moving/wekanExport.mjs'
import { CLI, type Cli, cliIn, type Ended, systemEnv } from '../support/cli.ts'
import { createPostgresDatabase, type PostgresDatabase } from '../support/database.ts'

const ACCOUNTS = 3_000

/** What imports write, without what is random or tells when: numbers of creation, and ids of sessions. */
const DUMP = `SELECT md5(string_agg(row, '' ORDER BY row)) AS dump, count(*)::int AS rows FROM (
  SELECT (to_jsonb(u) - 'seq')::text AS row FROM users u
  UNION ALL SELECT to_jsonb(i)::text FROM identifiers i
  UNION ALL SELECT (to_jsonb(s) - 'id')::text FROM sessions s
  UNION ALL SELECT (to_jsonb(t) - 'session_id')::text FROM opaque_tokens t
) all_rows`

let place: string
let postgres: PostgresDatabase
const children: ChildProcess[] = []

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'vestibule-killed-'))
  postgres = await createPostgresDatabase({ empty: true })
  writeFileSync(join(place, 'users.jsonl'), exportLines(ACCOUNTS, { distinct: 4, cost: 4 }).join(''))
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await postgres?.drop()
  rmSync(place, { recursive: true, force: true })
})

const ask = async (database: string, statement: string): Promise<Record<string, unknown>> => {
  const client = new pg.Client({ connectionString: urlOf(database) })
  await client.connect()
  try {
    return (await client.query(statement)).rows[0]
  } finally {
    await client.end()
  }
}
const urlOf = (database: string): string => Object.assign(new URL(postgres.url), { pathname: `/${database}` }).href

const settingsOf = (database: string) => ({
  DATABASE_URL: urlOf(database),
  SECRET_KEY: 'the secret key of a test which is long enough',
})

const cliOf = async (database: string): Promise<Cli> => {
  await ask('postgres', `CREATE DATABASE ${database}`)
  const cli = cliIn(place, settingsOf(database))
  expect(await cli(['migrate'])).toMatchObject({ code: 0 })
  return cli
}
const IMPORT = ['import', 'wekan', 'users.jsonl', '--json']

test('an import that is killed twice and started again leaves the database of one that was not', async () => {
  const whole = await cliOf('whole')
  const done = await whole(IMPORT)
  expect(JSON.parse(done.out)).toMatchObject({ created: ACCOUNTS })

  const killed = await cliOf('killed')
  const watch = new pg.Client({ connectionString: urlOf('killed') })
  await watch.connect()
  const count = async () => (await watch.query('SELECT count(*)::int AS count FROM users')).rows[0].count as number
  const seen: number[] = []
  for (const most of [1, 1_000]) {
    const child = killed.start(IMPORT)
    children.push(child)
    await expect.poll(count, { interval: 5, timeout: 60_000 }).toBeGreaterThanOrEqual(most)
    child.kill('SIGKILL')
    await once(child, 'exit')
    seen.push(await count())
  }
  await watch.end()
  expect(seen.every((accounts) => accounts > 0 && accounts < ACCOUNTS)).toBe(true)

  const rest = await killed(IMPORT)
  expect(rest.code).toBe(0)
  expect(JSON.parse(rest.out)).toMatchObject({ created: ACCOUNTS })
  expect((await ask('killed', DUMP)).rows).toBeGreaterThan(ACCOUNTS * 3)
  expect(await ask('killed', DUMP)).toEqual(await ask('whole', DUMP))

  const again = await killed(IMPORT)
  expect(JSON.parse(again.out)).toMatchObject({ created: 0, unchanged: ACCOUNTS })
  expect(await ask('killed', DUMP)).toEqual(await ask('whole', DUMP))
})

/** Runs a command that cannot write files of more than a kilobyte, as on a disk that is nearly full. */
const withoutRoom = async (database: string, words: readonly string[]): Promise<Ended> => {
  const child = spawn('sh', ['-c', `trap '' XFSZ; ulimit -f 1; exec "$@"`, 'sh', process.execPath, CLI, ...words], {
    cwd: place,
    env: { ...systemEnv(), ...settingsOf(database) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, out, errors }
}

test('on a full disk an import and an export end with one line, and leave no file; with room the import goes in whole', async () => {
  const accounts = Array.from({ length: 60 }, (_, at) => JSON.stringify(at % 2 === 0 ? { username: `full-${at}` } : { username: at }))
  writeFileSync(join(place, 'half.jsonl'), accounts.join('\n'))
  const before = readdirSync(place).sort()
  const cli = await cliOf('roomless')
  expect(await withoutRoom('roomless', ['import', 'json', 'half.jsonl'])).toEqual({
    code: 1,
    out: '',
    errors: 'vestibule: half.jsonl.rejects.jsonl: file too large (EFBIG)\n',
  })
  expect(await withoutRoom('roomless', ['export', 'all', 'all.jsonl'])).toEqual({
    code: 1,
    out: '',
    errors: 'vestibule: all.jsonl: file too large (EFBIG)\n',
  })
  expect(readdirSync(place).sort()).toEqual(before)
  const again = await cli(['import', 'json', 'half.jsonl', '--json'])
  expect(again.code).toBe(5)
  const { created, unchanged, rejected } = JSON.parse(again.out)
  expect({ imported: created + unchanged, rejected }).toEqual({ imported: 30, rejected: 30 })
})
