/** `vestibule export audit`: every event once, in the order of the numbers, whatever order the transactions commit in. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { mutate } from './graphql/ask.ts'
import { type Person, person } from './support/accounts.ts'
import { documents } from './support/cli.ts'
import { type Ran, runWords, useDirectory } from './support/commands.ts'
import { createPostgresDatabase, databaseKind } from './support/database.ts'
import { openWorld, useWorld } from './support/world.ts'

const world = useWorld()
const directory = useDirectory()
const file = (name: string): string => join(directory(), name)
const lines = (name: string) => documents(readFileSync(file(name), 'utf8'))
const exported = async (...words: string[]): Promise<Ran> => await runWords(world(), ['export', 'audit', ...words])

/** What `--follow` has written so far, and its end. */
const follow = (of: Parameters<typeof runWords>[0], ...words: string[]) => {
  let out = ''
  const end = new AbortController()
  const writeFile = async () => ({
    write: async (bytes: Uint8Array) => {
      out += Buffer.from(bytes).toString()
    },
    close: async () => undefined,
    discard: async () => undefined,
  })
  const ran = runWords(of, ['export', 'audit', '-', '--follow', ...words], { signal: end.signal, writeFile })
  return {
    ids: () => documents(out).map(({ id }) => Number(id)),
    stop: async () => {
      end.abort()
      return await ran
    },
  }
}

describe('an export of the audit log', () => {
  let someone: Person
  let requestId: string
  beforeAll(async () => {
    someone = await person(world())
    const { headers } = await world().request('PUT', '/v1/profile', {
      json: { firstName: 'Grace' },
      token: someone.token,
      headers: { 'user-agent': 'Test/1.0' },
    })
    requestId = headers.get('x-request-id') ?? ''
    await mutate(world(), 'signIn', { identifier: someone.email, password: 'not the right one' })
  })

  it('has all events, the oldest first, with all that administrators may read, in a file for its owner alone', async () => {
    const ran = await exported(file('all.jsonl'), '--json')
    expect(ran).toMatchObject({ code: 0, errors: '', json: { events: 4, last: '4' } })
    expect(lines('all.jsonl').map(({ id, type }) => [id, type])).toEqual([
      ['1', 'account.created'],
      ['2', 'session.signed_in'],
      ['3', 'account.profile_updated'],
      ['4', 'session.sign_in_failed'],
    ])
    expect(lines('all.jsonl')[2]).toEqual({
      id: '3',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      type: 'account.profile_updated',
      outcome: 'success',
      userId: someone.id,
      actorId: someone.id,
      surface: 'xiot',
      requestId,
      details: { fields: 'firstName' },
      clientAddress: '127.0.0.1',
      userAgent: 'Test/1.0',
    })
    expect(statSync(file('all.jsonl')).mode & 0o777).toBe(0o600)
    expect(readFileSync(file('all.jsonl'), 'utf8')).not.toMatch(/not the right one|correct horse|argon2|example\.com/)
  })

  it('goes on after an event, and says where to go on next time', async () => {
    const ran = await exported(file('after.jsonl'), '--after', 'AuditEvent:2')
    expect(ran).toMatchObject({ code: 0, out: 'Wrote 2 events. Next time: --after 4.\n' })
    expect(lines('after.jsonl').map(({ id }) => id)).toEqual(['3', '4'])
    expect(await exported(file('none.jsonl'), '--after', '4')).toMatchObject({ out: 'Wrote 0 events. Next time: --after 4.\n' })
    expect(readFileSync(file('none.jsonl'), 'utf8')).toBe('')
  })

  it('may have only some types', async () => {
    await exported(file('some.jsonl'), '--type', 'session.sign_in_failed', '--type', 'account.created')
    expect(lines('some.jsonl').map(({ id }) => id)).toEqual(['1', '4'])
  })

  it.each([
    [['out.jsonl', '--after', 'yesterday'], '--after: must be the id of an event, such as 4711'],
    [['out.jsonl', '--after', '-1'], '--after: must be the id of an event, such as 4711'],
    [['out.jsonl', '--type', 'session.ended_badly'], '--type: there is no event "session.ended_badly": docs/audit.md has all of them'],
    [['out.jsonl', '--follow'], '--follow: write to standard output, with - in place of the file'],
  ])('%j is refused, and leaves no file', async ([name = '', ...words], message) => {
    expect(await exported(file(name), ...words)).toMatchObject({ code: 2, errors: `vestibule: ${message}\n` })
    expect(existsSync(file(name))).toBe(false)
  })

  it('leaves no file when it is interrupted', async () => {
    const signal = AbortSignal.abort()
    expect(await runWords(world(), ['export', 'audit', file('half.jsonl')], { signal })).toMatchObject({ code: 1 })
    expect(existsSync(file('half.jsonl'))).toBe(false)
  })

  it('follows the log until it is interrupted, which is no failure', async () => {
    const followed = follow(world(), '--after', '3')
    await expect.poll(followed.ids).toEqual([4])
    await mutate(world(), 'signIn', { identifier: someone.email, password: 'wrong again' })
    await expect.poll(followed.ids).toEqual([4, 5])
    expect(await followed.stop()).toMatchObject({ code: 0, errors: 'Go on with --after 5.\n' })
  })
})

const INSERT = `INSERT INTO audit_events (at, type, outcome, surface) VALUES (now(), 'keys.rotated', 'success', 'cli') RETURNING seq::int`

describe.runIf(databaseKind() === 'postgresql')('over concurrent transactions', () => {
  /** A database of its own, whose world is closed after the test, and connections beside it. */
  const withWriters = async (
    count: number,
    work: (writers: pg.Client[], parts: { world: Awaited<ReturnType<typeof openWorld>> }) => Promise<void>,
  ): Promise<void> => {
    const { url, drop } = await createPostgresDatabase()
    const { openDatabase } = await import('../src/db/openDatabase.ts')
    const { silent } = await import('../src/tools/silent.ts')
    const db = await openDatabase({ dataDir: '/nowhere', root: '.', log: silent, url })
    const own = await openWorld({}, { db })
    const writers = Array.from({ length: count }, () => new pg.Client({ connectionString: url }))
    try {
      await Promise.all(writers.map(async (writer) => await writer.connect()))
      await work(writers, { world: own })
    } finally {
      await Promise.all(writers.map(async (writer) => await writer.end()))
      await own.close()
      await db.close()
      await drop()
    }
  }
  const write = async (writer: pg.Client): Promise<number> => (await writer.query<{ seq: number }>(INSERT)).rows[0]?.seq ?? 0
  const pause = async (milliseconds: number) => await new Promise((resolve) => setTimeout(resolve, milliseconds))

  it('an event waits for all earlier ones that may still appear, and one that is rolled back holds nobody up for longer', async () => {
    await withWriters(3, async ([slow, quick, undone], parts) => {
      if (slow === undefined || quick === undefined || undone === undefined) throw new Error('three writers')
      await slow.query('BEGIN')
      expect(await write(slow)).toBe(1)
      expect(await write(quick)).toBe(2)
      await undone.query('BEGIN')
      expect(await write(undone)).toBe(3)
      expect(await write(quick)).toBe(4)
      const followed = follow(parts.world)
      await pause(200)
      expect(followed.ids()).toEqual([])
      await slow.query('COMMIT')
      // Written by then, but the third may still come.
      await pause(200)
      expect(followed.ids()).not.toContain(4)
      await undone.query('ROLLBACK')
      await expect.poll(followed.ids).toEqual([1, 2, 4])
      await followed.stop()
    })
  })

  it('a plain export waits for what is being written when it begins, and not for what comes later', async () => {
    await withWriters(2, async ([slow, later], parts) => {
      if (slow === undefined || later === undefined) throw new Error('two writers')
      await slow.query('BEGIN')
      await write(slow)
      const ran = runWords(parts.world, ['export', 'audit', file('waited.jsonl')])
      const looks =
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%FROM pg_locks%' AND pid <> pg_backend_pid() AND datname = current_database()"
      await expect.poll(async () => (await later.query(looks)).rowCount).toBe(1)
      expect(existsSync(file('waited.jsonl'))).toBe(false)
      await later.query('BEGIN')
      await write(later)
      await slow.query('COMMIT')
      expect(await ran).toMatchObject({ code: 0 })
      expect(lines('waited.jsonl').map(({ id }) => id)).toEqual(['1'])
      await later.query('ROLLBACK')
    })
  })

  it('a follower has every event once and in order while eight writers commit in any order, and roll some back', async () => {
    await withWriters(8, async (writers, parts) => {
      const followed = follow(parts.world)
      await Promise.all(
        writers.map(async (writer, index) => {
          for (let round = 0; round < 25; round += 1) {
            await writer.query('BEGIN')
            await write(writer)
            if ((round + index) % 3 === 0) await pause(((round * 7 + index * 13) % 30) + 1)
            await write(writer)
            await writer.query((round + index) % 5 === 0 ? 'ROLLBACK' : 'COMMIT')
          }
        }),
      )
      const { rows } = await (writers[0] as pg.Client).query<{ seq: number }>('SELECT seq::int FROM audit_events ORDER BY seq')
      expect(rows).toHaveLength(320)
      await expect.poll(() => followed.ids().length).toBe(320)
      expect(followed.ids()).toEqual(rows.map(({ seq }) => seq))
      await followed.stop()
    })
  })
})
