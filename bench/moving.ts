/**
 * Measures imports, as operators do them: `npm run bench:moving -- [--accounts 100000]`.
 *
 * Makes an export of Wekan's users (test/moving/wekanExport.mjs), and runs the built command on a new database of the server of DATABASE_URL: a
 * dry run, the import, the same again, and the undo; then an import that is killed in the middle with SIGKILL and goes on, whose database is
 * compared with that of the first. Prints the time, the accounts a minute, and the greatest memory of the process. Exits with 1 if something
 * is not as it must be.
 */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { createBenchDatabase } from './database.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

interface Ran {
  readonly code: number | null
  readonly seconds: number
  /** The greatest resident memory, in MiB. */
  readonly memory: number
  // biome-ignore lint/suspicious/noExplicitAny: the JSON of a command
  readonly json: any
}

interface Running {
  readonly pid: number
  readonly ended: Promise<Ran>
}

/** Linux's own count of the peak; 0 elsewhere. */
const peakOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}

const start = (root: string, env: Readonly<Record<string, string>>, words: readonly string[]): Running => {
  const begun = performance.now()
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...words, '--json'], {
    cwd: env.DATA_DIR,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  let memory = 0
  const watch = setInterval(async () => {
    memory = Math.max(memory, await peakOf(child.pid ?? 0))
  }, 100)
  const ended = new Promise<Ran>((resolve) =>
    child.once('close', (code) => {
      clearInterval(watch)
      const text = Buffer.concat(chunks).toString()
      const json = text === '' ? {} : JSON.parse(text)
      resolve({ code, seconds: (performance.now() - begun) / 1000, memory, json })
    }),
  )
  return { pid: child.pid ?? 0, ended }
}

const report = (what: string, { seconds, memory }: Ran, accounts: number): void =>
  say(
    `${what.padEnd(34)}${seconds.toFixed(1).padStart(8)} s ${Math.round((accounts / seconds) * 60)
      .toLocaleString('en-US')
      .padStart(12)} a minute ${memory.toFixed(0).padStart(6)} MiB`,
  )

const makeExport = async (root: string, path: string, accounts: number): Promise<void> => {
  const maker = spawn(process.execPath, [join(root, 'test/moving/wekanExport.mjs'), String(accounts)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await pipeline(maker.stdout, createWriteStream(path))
}

/** Everything that an import writes, without what is random or tells when: envelopes, ids of sessions, numbers of creation. */
const TABLES: Readonly<Record<string, string>> = {
  users: `to_jsonb(t) - ARRAY['seq', 'two_factor_secret']`,
  identifiers: 'to_jsonb(t)',
  sessions: `to_jsonb(t) - ARRAY['id']`,
  opaque_tokens: `to_jsonb(t) - ARRAY['session_id']`,
  recovery_codes: `jsonb_build_array(user_id, selector, used_at)`,
}

const digestOf = async (url: string, order: boolean): Promise<string> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const hash = createHash('sha256')
  try {
    for (const [table, row] of Object.entries(TABLES)) {
      // A sum of digests needs no sorting, and no memory.
      const { rows } = await client.query(
        `SELECT count(*) AS count, coalesce(sum(('x' || left(md5((${row})::text), 15))::bit(60)::bigint), 0) AS sum FROM ${table} t`,
      )
      hash.update(JSON.stringify([table, rows]))
    }
    if (order) {
      const { rows } = await client.query(`SELECT md5(string_agg(id, ' ' ORDER BY seq)) AS ids FROM users`)
      hash.update(JSON.stringify(rows))
    }
  } finally {
    await client.end()
  }
  return hash.digest('hex')
}

const accountsIn = async (url: string): Promise<number> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('SELECT count(*)::int AS count FROM users').finally(() => client.end())
  return rows[0].count
}

class NotAsItMustBe extends Error {}
const must = (holds: boolean, what: string): void => {
  if (!holds) throw new NotAsItMustBe(what)
  say(`  ok: ${what}`)
}

interface Place {
  readonly root: string
  readonly directory: string
  readonly file: string
  readonly accounts: number
  readonly server: string
}

/** On a new database, with the settings of a command. */
const onDatabase = async <T>(
  { root, directory, server }: Place,
  work: (env: Record<string, string>, url: string) => Promise<T>,
): Promise<T> => {
  const database = await createBenchDatabase(server)
  const url = database.url ?? ''
  const env = { DATA_DIR: directory, DATABASE_URL: url, SECRET_KEY: 'the key of a benchmark that seals nothing which lasts' }
  try {
    const { code } = await start(root, env, ['migrate']).ended
    must(code === 0, 'the tables are made')
    return await work(env, url)
  } finally {
    await database.drop()
  }
}

const whole = async (place: Place): Promise<string> =>
  await onDatabase(place, async (env, url) => {
    const { root, file, accounts } = place
    const run = async (what: string, words: readonly string[]): Promise<Ran> => {
      const ran = await start(root, env, words).ended
      report(what, ran, accounts)
      return ran
    }
    const empty = await digestOf(url, false)
    const dry = await run('dry run', ['import', 'wekan', file, '--dry-run'])
    must(dry.json.created === accounts && (await digestOf(url, false)) === empty, 'the dry run says all, and writes nothing')
    const first = await run('import', ['import', 'wekan', file])
    must(first.code === 0 && first.json.created === accounts, `${accounts} accounts were made`)
    const after = await digestOf(url, true)
    const second = await run('the same again', ['import', 'wekan', file])
    must(second.json.unchanged === accounts && (await digestOf(url, true)) === after, 'the same again changes nothing')
    const undone = await run('undo', ['import', 'undo', first.json.runId, '--yes'])
    must(undone.json.deleted === accounts && (await digestOf(url, false)) === empty, 'the undo gives the database of before')
    return after
  })

const killed = async (place: Place, wanted: string): Promise<void> =>
  await onDatabase(place, async (env, url) => {
    const { root, file, accounts } = place
    const half = start(root, env, ['import', 'wekan', file])
    while ((await accountsIn(url)) < accounts / 2) await sleep(20)
    process.kill(half.pid, 'SIGKILL')
    await half.ended
    const there = await accountsIn(url)
    must(there < accounts, `killed after ${there} accounts`)
    const rest = await start(root, env, ['import', 'wekan', file]).ended
    report('the rest after kill -9', rest, accounts - there)
    must(rest.json.wentOnAfter > 0 && rest.json.created === accounts, 'it went on where it was killed')
    // What became of the sessions that end at a moment between both runs is the same: they end months from now.
    must((await digestOf(url, true)) === wanted, 'the database is that of one run')
  })

export async function main({ root, args }: { root: string; args: string[] }): Promise<void> {
  const { values } = parseArgs({ args, options: { accounts: { type: 'string', default: '100000' } } })
  const accounts = Number(values.accounts)
  const server = process.env.DATABASE_URL ?? ''
  if (!Number.isInteger(accounts) || accounts < 1_000) throw new Error('--accounts: at least 1000')
  if (server === '') throw new Error('DATABASE_URL must name a PostgreSQL server, on which a database is made and dropped')
  const directory = await mkdtemp(join(tmpdir(), `vestibule-moving-${randomBytes(3).toString('hex')}-`))
  const file = join(directory, 'users.json')
  try {
    await makeExport(root, file, accounts)
    say(`${accounts.toLocaleString('en-US')} accounts, ${((await stat(file)).size / 2 ** 20).toFixed(0)} MiB`)
    const place = { root, directory, file, accounts, server }
    await killed(place, await whole(place))
  } catch (error) {
    if (!(error instanceof NotAsItMustBe)) throw error
    say(`  NOT SO: ${error.message}`)
    process.exitCode = 1
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
