/** Backups of the embedded database, made while it is in use and put back: everything that was there, and what was there before is kept. */
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import * as tar from 'tar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBackup } from '../../src/db/backup/checkBackup.ts'
import { restoreBackup } from '../../src/db/backup/restoreBackup.ts'
import { writeBackup } from '../../src/db/backup/writeBackup.ts'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { silent } from '../../src/tools/silent.ts'
import { person } from '../support/accounts.ts'
import { root, testSnapshot } from '../support/database.ts'
import { openWorld, type World } from '../support/world.ts'
import { type Filled, fillWorld } from './fillWorld.ts'

const never = new AbortController().signal
const NOW = new Date('2026-11-29T04:15:30.500Z')
const away = async () => ({ outcome: 'unavailable', reason: 'away' }) as const
const partsOf = (bytes: Uint8Array) => Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)])

describe('a backup', { timeout: 60_000 }, () => {
  let place: string
  let dataDir: string
  let db: Database
  let world: World
  let filled: Filled
  let backup: Buffer

  const openIn = async (directory: string): Promise<Database> =>
    await openDatabase({ dataDir: directory, root, log: silent, snapshot: await testSnapshot() })
  const make = async (options: { withoutKey?: boolean; signal?: AbortSignal } = {}): Promise<Buffer> => {
    const parts: Uint8Array[] = []
    if (db.files === undefined) throw new Error('no files')
    const given = { files: db.files, dataDir, withoutKey: false, now: NOW, signal: never, ...options }
    await writeBackup(
      given,
      async (part) => void parts.push(part),
      () => undefined,
    )
    return Buffer.concat(parts)
  }

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'vestibule-backup-'))
    dataDir = join(place, 'data')
    db = await openIn(dataDir)
    await writeFile(join(dataDir, 'secret.key'), 'the secret key of every test, long enough\n', { mode: 0o600 })
    world = await openWorld({}, { db, deliver: away })
    filled = await fillWorld(world)
  }, 60_000)
  afterAll(async () => {
    await world?.close()
    await db?.close()
    await rm(place, { recursive: true, force: true })
  })

  it('is made while requests are answered, and is a whole database when it is read back', async () => {
    const answers: number[] = []
    let isDone = false
    const asking = (async () => {
      while (!isDone) {
        answers.push((await world.get('/api/user', filled.resumeToken)).status)
        await sleep(50)
      }
    })()
    backup = await make()
    isDone = true
    await asking
    expect(new Set(answers)).toEqual(new Set([200]))
    const manifest = await checkBackup(partsOf(backup), join(place, 'check'), { root })
    expect(manifest).toMatchObject({
      format: 'vestibule-backup',
      version: 1,
      madeAt: '2026-11-29T04:15:30.500Z',
      postgresql: '18',
      hasKey: true,
    })
    expect(manifest.tables.users?.rows).toBe(3)
    // Counters have no write-ahead log, and are empty in a copy.
    expect(Object.keys(manifest.tables)).toHaveLength(23)
    expect(manifest.tables).not.toHaveProperty('rate_limits')
    expect(await readFile(join(place, 'check/secret.key'), 'utf8')).toBe('the secret key of every test, long enough\n')
    expect((await readdir(dataDir)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('without the key has no key', async () => {
    const names: string[] = []
    const list = tar.list({ onReadEntry: ({ path }) => void names.push(path.split('/')[0] ?? '') })
    list.end(await make({ withoutKey: true }))
    expect([...new Set(names)]).toEqual(['backup.json', 'pglite'])
  })

  it('that was cut off, or has other content, is refused, and says why', async () => {
    const check = async (bytes: Uint8Array, name: string) => await checkBackup(partsOf(bytes), join(place, name), { root })
    await expect(check(backup.subarray(0, 100_000), 'cut')).rejects.toThrow(/^The backup cannot be unpacked: /)
    await expect(check(Buffer.from('no archive'), 'other')).rejects.toThrow(
      /^(The backup cannot be unpacked: |It is not a backup of Vestibule)/,
    )
    // A number in the table of sums, which stands in the clear at the beginning of the archive.
    const archive = gunzipSync(backup)
    const at = archive.indexOf('"users"')
    const rows = archive.indexOf('"rows": 3', at)
    archive.write('"rows": 4', rows)
    await expect(check(gzipSync(archive, { level: 1 }), 'changed')).rejects.toThrow('The backup is damaged: users has 3 rows instead of 4')
  })

  it('that says it has a key, and has none, is refused before anything is changed', async () => {
    const archive = gunzipSync(await make({ withoutKey: true }))
    archive.write('"hasKey": true ', archive.indexOf('"hasKey": false'))
    const check = checkBackup(partsOf(gzipSync(archive, { level: 1 })), join(place, 'keyless'), { root })
    await expect(check).rejects.toThrow('The backup is damaged: its secret.key is missing')
  })

  it('that somebody made brings no link and no file elsewhere, and its key is for its owner alone', async () => {
    const from = join(place, 'check')
    await chmod(join(from, 'secret.key'), 0o666)
    await symlink(place, join(from, 'pglite/link'))
    await writeFile(join(from, 'pglite.conf'), 'beside')
    const archive = async (files: string[]): Promise<Buffer> => {
      const parts: Buffer[] = []
      for await (const part of tar.create({ cwd: from, gzip: true }, files)) parts.push(part)
      return Buffer.concat(parts)
    }
    const above = await archive(['backup.json', 'pglite/../secret.key'])
    await expect(checkBackup(partsOf(above), join(place, 'above'), { root })).rejects.toThrow(
      "cannot be unpacked: TAR_ENTRY_ERROR: path contains '..'",
    )
    await checkBackup(partsOf(await archive(['backup.json', 'secret.key', 'pglite', 'pglite.conf'])), join(place, 'hostile'), { root })
    expect((await readdir(join(place, 'hostile'))).sort()).toEqual(['backup.json', 'pglite', 'secret.key'])
    expect(await readdir(join(place, 'hostile/pglite'))).not.toContain('link')
    expect((await stat(join(place, 'hostile/secret.key'))).mode & 0o777).toBe(0o600)
  })

  it('is not put back while a process uses the data directory', async () => {
    await expect(restoreBackup(partsOf(backup), { dataDir, root, now: NOW })).rejects.toThrow(/is in use by process \d+/)
  })

  it('is put back with its key, in place of what was there, which is kept', async () => {
    await person(world, { username: 'later' })
    await world.close()
    await db.close()
    await copyFile(join(dataDir, 'secret.key'), join(place, 'old.key'))
    await writeFile(join(dataDir, 'secret.key'), 'another key that somebody made meanwhile\n', { mode: 0o600 })

    const damaged = backup.subarray(0, 100_000)
    await expect(restoreBackup(partsOf(damaged), { dataDir, root, now: NOW })).rejects.toThrow('cannot be unpacked')
    expect((await readdir(dataDir)).sort()).toEqual(['pglite', 'secret.key'])

    const { kept } = await restoreBackup(partsOf(backup), { dataDir, root, now: NOW })
    expect(kept).toEqual(['pglite.before-20261129T041530Z', 'secret.key.before-20261129T041530Z'])
    expect((await readdir(dataDir)).sort()).toEqual(['pglite', ...kept, 'secret.key'].sort())
    expect((await stat(join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(dataDir, 'pglite'))).mode & 0o777).toBe(0o700)

    db = await openIn(dataDir)
    world = await openWorld({}, { db, deliver: away })
    expect((await world.get('/api/user', filled.resumeToken)).body.username).toBe('grace')
    expect(await db.client.user.findMany({ where: { username: 'later' } })).toEqual([])
    const { ada } = filled
    expect((await world.post('/users/login', { email: ada.email, password: ada.password, code: ada.code() })).body.token).toBeTypeOf(
      'string',
    )
  })
})
