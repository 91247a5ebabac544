/** An import that is killed in the middle (SIGKILL) and started again leaves the same database as one that was not. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
// @ts-expect-error: a script of its own, which uses nothing of ours
import { exportLines } from '../moving/wekanExport.mjs'
import { type Cli, cliIn } from '../support/cli.ts'
import { type PostgresServer, startPostgres } from '../support/postgresServer.ts'

const ACCOUNTS = 2_000

/** What imports write, without what is random or tells when: numbers of creation, and ids of sessions. */
const DUMP = `SELECT md5(string_agg(row, '' ORDER BY row)) AS dump, count(*)::int AS rows FROM (
  SELECT (to_jsonb(u) - 'seq')::text AS row FROM users u
  UNION ALL SELECT to_jsonb(i)::text FROM identifiers i
  UNION ALL SELECT (to_jsonb(s) - 'id')::text FROM sessions s
  UNION ALL SELECT (to_jsonb(t) - 'session_id')::text FROM opaque_tokens t
) all_rows`

let place: string
let postgres: PostgresServer
const children: ChildProcess[] = []

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'vestibule-killed-'))
  postgres = await startPostgres()
  writeFileSync(join(place, 'users.jsonl'), exportLines(ACCOUNTS, { distinct: 4, cost: 4 }).join(''))
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await postgres?.stop()
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

const cliOf = async (database: string): Promise<Cli> => {
  await ask('postgres', `CREATE DATABASE ${database}`)
  const cli = cliIn(place, { DATABASE_URL: urlOf(database), SECRET_KEY: 'the secret key of a test which is long enough' })
  expect(await cli(['migrate'])).toMatchObject({ code: 0 })
  return cli
}
const IMPORT = ['import', 'wekan', 'users.jsonl', '--json']

test('an import that is killed twice and started again leaves the database of one that was not', async () => {
  const whole = await cliOf('whole')
  const done = await whole(IMPORT)
  expect(JSON.parse(done.out)).toMatchObject({ created: ACCOUNTS })

  const killed = await cliOf('killed')
  const seen: number[] = []
  for (const most of [1, 1_000]) {
    const child = killed.start(IMPORT)
    children.push(child)
    const count = async () => (await ask('killed', 'SELECT count(*)::int AS count FROM users')).count as number
    await expect.poll(count, { interval: 5 }).toBeGreaterThanOrEqual(most)
    child.kill('SIGKILL')
    await once(child, 'exit')
    seen.push(await count())
  }
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
