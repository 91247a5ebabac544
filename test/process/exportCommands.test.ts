/** Export, backup, restore and move as commands: beside a running server with the embedded database, after it, and on PostgreSQL. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cli, cliIn, documents } from '../support/cli.ts'
import { createPostgresDatabase, type PostgresDatabase } from '../support/database.ts'
import { killAll, type Program, startProgram } from '../support/program.ts'

const SETTINGS = { SMTP_URL: 'smtp://127.0.0.1:1' }
const PASSWORD = 'violet otter parade 19'

describe('on the embedded database', () => {
  let place: string
  let cli: Cli
  let program: Program
  let base: string
  let postgres: PostgresDatabase
  let token: string

  const files = () => readdirSync(place).sort()
  const modeOf = (name: string) => (statSync(join(place, name)).mode & 0o777).toString(8)
  const who = async (url: string, bearer = token): Promise<unknown> =>
    ((await (await fetch(`${url}/api/user`, { headers: { authorization: `Bearer ${bearer}` } })).json()) as { username?: string }).username

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'vestibule-export-'))
    cli = cliIn(place, SETTINGS)
    program = startProgram(place, SETTINGS)
    const [url, database] = await Promise.all([program.ready(), createPostgresDatabase({ empty: true })])
    base = url
    postgres = database
    await cli(['user', 'create', '--username', 'ada', '--email', 'ada@example.com'], { input: PASSWORD })
    const answer = await fetch(`${base}/users/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'ada', password: PASSWORD }),
    })
    token = ((await answer.json()) as { token: string }).token
    expect(await who(base)).toBe('ada')
  })
  afterAll(async () => {
    await killAll()
    await postgres?.drop()
    rmSync(place, { recursive: true, force: true })
  })

  test('everything is exported beside the running server, with secrets only on request, and only for the owner', async () => {
    const open = await cli(['export', 'all', 'open.jsonl', '--json'])
    expect({ code: open.code, errors: open.errors }).toEqual({ code: 0, errors: '' })
    expect(JSON.parse(open.out)).toMatchObject({ file: 'open.jsonl', withSecrets: false, lines: { account: 1 }, lost: 0 })
    expect(readFileSync(join(place, 'open.jsonl'), 'utf8')).not.toContain('$argon2')
    const all = await cli(['export', 'all', 'all.jsonl', '--with-secrets'])
    expect({ code: all.code, out: all.out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^Wrote 1 account, \d+ rows in all, to all\.jsonl\.\n$/),
    })
    expect(modeOf('all.jsonl')).toBe('600')
    const again = await cli(['export', 'all', 'all.jsonl'])
    expect({ code: again.code, errors: again.errors }).toEqual({ code: 1, errors: 'vestibule: all.jsonl: there is such a file already\n' })
  })

  test('a person is exported as JSON and as a page', async () => {
    expect((await cli(['export', 'user', 'ada', 'ada.json', '--json'])).code).toBe(0)
    expect(JSON.parse(readFileSync(join(place, 'ada.json'), 'utf8')).profile.email).toBe('ada@example.com')
    expect((await cli(['export', 'user', 'ada', 'ada.html', '--html', '--language', 'ar'])).code).toBe(0)
    expect(readFileSync(join(place, 'ada.html'), 'utf8')).toContain('dir="rtl"')
    expect((await cli(['export', 'user', 'nobody', 'nobody.json'])).code).toBe(3)
    expect(files()).not.toContain('nobody.json')
  })

  test('accounts go back to an origin only with --with-secrets', async () => {
    const refused = await cli(['export', 'django', 'django.json'])
    expect({ code: refused.code, errors: refused.errors }).toEqual({
      code: 2,
      errors: 'vestibule: the file has password hashes: add --with-secrets\n',
    })
    const wrong = await cli(['export', 'django', 'django.json', '--with-secrets', '--since', 'yesterday'])
    expect({ code: wrong.code, file: files().includes('django.json') }).toEqual({ code: 2, file: false })
    const done = await cli(['export', 'django', 'django.json', '--with-secrets', '--report', 'report.jsonl', '--json'])
    expect(JSON.parse(done.out)).toMatchObject({ written: 1, left: 0, deleted: 0, missing: 0 })
    expect(JSON.parse(readFileSync(join(place, 'django.json'), 'utf8'))[0].fields).toMatchObject({ username: 'ada', is_active: true })
    expect([modeOf('django.json'), modeOf('report.jsonl')]).toEqual(['600', '600'])
    expect(documents(readFileSync(join(place, 'report.jsonl'), 'utf8'))).toMatchObject([{ type: 'note' }])
  })

  test('a backup is made and read back beside the running server', async () => {
    const { code, out, errors } = await cli(['backup', 'backup.tar.gz', '--json'])
    expect({ code, errors }).toEqual({ code: 0, errors: 'Reading it back ...\n' })
    expect(JSON.parse(out)).toMatchObject({ file: 'backup.tar.gz', hasKey: true, rows: expect.any(Number) })
    expect(modeOf('backup.tar.gz')).toBe('600')
    expect(await who(base)).toBe('ada')
    expect((await cli(['backup', '-'])).code).toBe(2)
  })

  test('nothing is restored or moved while the server runs', async () => {
    const restored = await cli(['restore', 'backup.tar.gz', '--yes'])
    expect(restored).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^vestibule: The data directory .* is in use by process \d+\. Stop the server first\n$/),
    })
    const moved = await cli(['move', '--to', postgres.url])
    expect(moved).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/is in use by process \d+\. Stop the server first: what people change/),
    })
  })

  test('after a restore the old token works again, and what came later is gone', async () => {
    await cli(['user', 'create', '--username', 'later'], { input: PASSWORD })
    program.signal('SIGTERM')
    await program.exit
    expect((await cli(['restore', 'backup.tar.gz'])).code).toBe(2)
    const { code, out } = await cli(['restore', 'backup.tar.gz', '--yes', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out).kept).toEqual([
      expect.stringMatching(/^pglite\.before-\d{8}T\d{6}Z$/),
      expect.stringMatching(/^secret\.key\.before-/),
    ])
    expect((await cli(['user', 'show', 'later'])).code).toBe(3)
  })

  test('a move to PostgreSQL keeps everything, and says what to set', async () => {
    const moved = await cli(['move', '--to', '-'], { input: postgres.url })
    expect(moved.code).toBe(0)
    expect(moved.out).toMatch(
      /^Copied \d+ rows in 25 tables, and compared them\.\nNow set DATABASE_URL to the URL of --to, and SECRET_KEY to what is in .*secret\.key, and start the server\.\n/,
    )
    expect(moved.out).not.toContain(new URL(postgres.url).password)
    expect(await cli(['move', '--to', postgres.url])).toMatchObject({ code: 1, errors: expect.stringContaining('The target is not empty') })
    const key = readFileSync(join(place, 'data/secret.key'), 'utf8').trim()
    const settings = { ...SETTINGS, DATABASE_URL: postgres.url, SECRET_KEY: key }
    const there = startProgram(place, settings)
    expect(await who(await there.ready())).toBe('ada')
    const onPostgres = cliIn(place, settings)
    expect(await onPostgres(['backup', 'pg.tar.gz'])).toMatchObject({
      code: 1,
      errors: expect.stringContaining('pg_dump --format=custom --file=vestibule.dump "$DATABASE_URL"'),
    })
    expect((await onPostgres(['move', '--to', postgres.url])).code).toBe(2)
  })

  test('an export of everything makes a new database elsewhere, under another key', async () => {
    const settings = { ...SETTINGS, DATA_DIR: './elsewhere' }
    const elsewhere = cliIn(place, settings)
    expect((await elsewhere(['restore', 'all.jsonl'])).out).toMatch(/^Restored 1 account, \d+ rows in all\.\n$/)
    const there = startProgram(place, settings)
    expect(await who(await there.ready())).toBe('ada')
  })

  test('nothing half-written is left', () => {
    expect(files().filter((name) => name.endsWith('.part'))).toEqual([])
    expect(readdirSync(join(place, 'data')).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})
