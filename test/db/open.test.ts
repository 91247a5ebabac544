/** Opening: a data directory is kept, belongs to one process at a time, and whatever is in the way is said in one clear line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { lockDirectory } from '../../src/db/dataLock.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { ownIdentity } from '../../src/db/processIdentity.ts'
import { StartupError } from '../../src/db/startupError.ts'
import { silent } from '../../src/tools/silent.ts'
import { createPostgresDatabase, databaseKind, root } from '../support/database.ts'

const cleanups: (() => unknown)[] = []
let dataDir = ''

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vestibule-data-'))
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }))
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const open = async (options: { url?: string; dataDir?: string } = {}): Promise<Database> => {
  const database = await openDatabase({ dataDir, root, log: silent, ...options })
  cleanups.push(database.close)
  return database
}

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(StartupError)
  expect((error as Error).message).not.toContain('\n')
  return (error as Error).message
}

/** Another process that tries for the data directory: what it says, once it has said it. */
const rival = async (): Promise<{ child: ChildProcess; says: string }> => {
  const child = spawn(process.execPath, ['src/tools/run.mjs', 'test/support/holdDataDirectory.ts', dataDir], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanups.push(() => child.kill('SIGKILL'))
  return { child, says: await new Promise((resolve) => child.stdout?.once('data', (chunk: Buffer) => resolve(String(chunk).trim()))) }
}

const kill = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })

const locks = async (): Promise<string[]> => (await readdir(dataDir)).filter((name) => name.startsWith('pglite.lock'))

if (databaseKind() === 'pglite') {
  const rows = (database: Database): Promise<number> => database.client.claim.count()

  test('what was written is there after the next start; close gives the directory free, once', async () => {
    const first = await open()
    await first.client.claim.create({ data: { name: 'kept', claimedAt: new Date() } })
    await Promise.all([first.close(), first.close()])
    expect(await locks()).toEqual([])
    const second = await open()
    expect(await second.migrate()).toEqual([])
    expect(await rows(second)).toBe(1)
    await second.ping()
  })

  test('a first start that was cut off is begun again', async () => {
    await mkdir(join(dataDir, 'pglite'))
    await writeFile(join(dataDir, 'pglite', 'PG_VERSION'), '18')
    await writeFile(join(dataDir, 'pglite.unfinished'), '')
    expect(await rows(await open())).toBe(0)
    expect(await readdir(dataDir)).not.toContain('pglite.unfinished')
  })

  test('a directory that holds no sound database is left as it is', async () => {
    await mkdir(join(dataDir, 'pglite'))
    await writeFile(join(dataDir, 'pglite', 'PG_VERSION'), '9.6')
    expect(await refusal(open())).toMatch(/^The embedded database in .* cannot be opened: /)
    expect(await readFile(join(dataDir, 'pglite', 'PG_VERSION'), 'utf8')).toBe('9.6')
    await rename(join(dataDir, 'pglite', 'PG_VERSION'), join(dataDir, 'pglite', 'diary'))
    expect(await refusal(open())).toMatch(/contains something other than a database$/)
    expect(await readdir(join(dataDir, 'pglite'))).toEqual(['diary'])
    expect(await locks()).toEqual([])
  })

  test('a data directory that is a file, or cannot be made, is refused', async () => {
    await writeFile(join(dataDir, 'file'), '')
    expect(await refusal(open({ dataDir: join(dataDir, 'file') }))).toMatch(/^The data directory .* cannot be used: /)
    expect(await refusal(open({ dataDir: '/proc/nowhere' }))).toMatch(/^The data directory \/proc\/nowhere cannot be used: /)
  })

  test('a second process is refused by the number of the first, until the first is killed', async () => {
    const { child, says } = await rival()
    expect(says).toBe('held')
    expect(await refusal(open())).toMatch(/^The data directory .* is in use by process \d+$/)
    await kill(child)
    const lock = await lockDirectory(dataDir)
    expect(await locks()).toHaveLength(1)
    expect(await refusal(lockDirectory(dataDir))).toMatch(`is in use by process ${process.pid}`)
    await lock.release()
  })

  test('of many that find a dead lock, one gets it', async () => {
    await writeFile(join(dataDir, 'pglite.lock.7'), JSON.stringify({ ...ownIdentity(), pid: 2 ** 22 + 1 }))
    const rivals = await Promise.all(Array.from({ length: 5 }, rival))
    expect(rivals.filter(({ says }) => says === 'held')).toHaveLength(1)
    expect(rivals.filter(({ says }) => says.includes('is in use by process'))).toHaveLength(4)
  })

  test('a process id that was used again does not keep a lock alive', async () => {
    await writeFile(join(dataDir, 'pglite.lock.1'), JSON.stringify({ ...ownIdentity(), started: '1' }))
    await (await lockDirectory(dataDir)).release()
  })

  test.each([
    ['of another machine', JSON.stringify({ pid: 1, place: 'another' })],
    ['that was cut off while it was written', ''],
  ])('a lock %s lives while it is touched', async (_, content) => {
    const path = join(dataDir, 'pglite.lock.1')
    await writeFile(path, content)
    expect(await refusal(lockDirectory(dataDir))).toMatch(/is in use by/)
    await utimes(path, new Date(), new Date(Date.now() - 60_000))
    await (await lockDirectory(dataDir)).release()
  })
} else {
  /** The URL of a database of its own, some parts of it changed. */
  const variant = async (parts: Partial<URL> = {}): Promise<string> => {
    const { url, drop } = await createPostgresDatabase()
    cleanups.push(drop)
    return Object.assign(new URL(url), parts).href
  }

  test.each<[string, Partial<URL>, RegExp]>([
    ['a wrong password', { password: 'h%40rd' }, /cannot be reached: the user or the password is wrong$/],
    ['no such database', { pathname: '/nowhere' }, /at 127\.0\.0\.1:\d+\/nowhere cannot be reached: the database does not exist$/],
    ['a port where nobody listens', { port: '1' }, /at 127\.0\.0\.1:1\/\w+ cannot be reached: nothing listens there$/],
    ['a host that nobody knows', { hostname: 'nowhere.invalid' }, /at nowhere\.invalid:\d+\/\w+ cannot be reached: the host is unknown$/],
    ['another schema', { search: '?schema=mine' }, /`schema` must be public/],
  ])('%s: one line, without the password', async (_, parts, expected) => {
    const url = await variant(parts)
    const line = await refusal(open({ url }))
    expect(line).toMatch(expected)
    expect(line).not.toContain(new URL(url).password)
  })

  test('a server that says nothing is given up after a few seconds', async () => {
    const mute = createServer(() => {}).listen(0, '127.0.0.1')
    cleanups.push(() => mute.close())
    await new Promise((resolve) => mute.once('listening', resolve))
    const { port } = mute.address() as { port: number }
    expect(await refusal(open({ url: `postgresql://a:b@127.0.0.1:${port}/c` }))).toMatch(/cannot be reached: .*timeout/)
  })

  test('what is no URL is refused', async () => {
    expect(await refusal(open({ url: 'postgresql://a:secret@[bad/c' }))).toBe('DATABASE_URL is not a valid URL')
  })

  test('many processes may use one database, and the data directory is left alone', async () => {
    const url = await variant()
    const databases = await Promise.all([open({ url }), open({ url })])
    await Promise.all(databases.map((database) => database.ping()))
    await Promise.all(databases.map((database) => database.close()))
    expect(await readdir(dataDir)).toEqual([])
  })

  test('a connection that the server ends is replaced', async () => {
    const url = await variant()
    const [database, other] = await Promise.all([open({ url }), open({ url })])
    await other.pool?.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    await expect.poll(() => database.ping().then(() => 'answers')).toBe('answers')
  })
}
