/** The embedded database copied into an empty PostgreSQL: the same rows, sequences that go on, and tokens that go on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyDatabase } from '../../src/db/copyDatabase.ts'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { silent } from '../../src/tools/silent.ts'
import { person, signIn } from '../support/accounts.ts'
import { openTestDatabase, root, testSnapshot } from '../support/database.ts'
import { openWorld, type World } from '../support/world.ts'
import { type Filled, fillWorld } from './fillWorld.ts'

const never = new AbortController().signal
const silently = { progress: () => undefined }

describe('a copy of the embedded database', () => {
  let source: Database
  let world: World
  let filled: Filled
  let target: Database

  beforeAll(async () => {
    source = await openDatabase({ dataDir: '/nowhere', root, log: silent, memory: true, snapshot: await testSnapshot() })
    world = await openWorld({}, { db: source, deliver: async () => ({ outcome: 'unavailable', reason: 'away' }) })
    filled = await fillWorld(world)
    target = await openTestDatabase()
  })
  afterAll(async () => {
    await world.close()
    await source.close()
    await target.close()
  })

  it('is refused by a target that is not empty, which stays as it is', async () => {
    await target.client.$executeRaw`INSERT INTO claims (name, claimed_at) VALUES ('a', now())`
    await expect(copyDatabase(source, target, silently, never)).rejects.toThrow(
      'The target is not empty: claims has rows. Nothing was changed',
    )
    expect(await target.client.claim.count()).toBe(1)
    expect(await target.client.user.count()).toBe(0)
    await target.client.claim.deleteMany()
  })

  it('leaves the target empty when it is interrupted', async () => {
    const interrupt = new AbortController()
    const listener = { progress: () => interrupt.abort() }
    await expect(copyDatabase(source, target, listener, interrupt.signal)).rejects.toThrow('Interrupted: the target is left empty')
    expect(await target.client.accountUndo.count()).toBe(0)
  })

  it('has every row of every table, and what people have goes on', async () => {
    const counts: number[] = []
    const sums = await copyDatabase(source, target, { progress: (done) => counts.push(done) }, never)
    // It has rows only while a dry run goes on.
    expect(Object.keys(sums).filter((table) => sums[table]?.rows === 0)).toEqual(['import_dry_run_rows'])
    expect(sums.users?.rows).toBe(3)
    expect(counts.at(-1)).toBe(Object.values(sums).reduce((all, { rows }) => all + rows, 0))
    const [uses] = await target.client.$queryRaw<{ n: string; at: string }[]>`
      SELECT (SELECT requests::text FROM dialect_uses) AS n, (SELECT updated_at::text FROM users WHERE username = 'caesar') AS at`
    expect(uses).toEqual({ n: '9007199254740993', at: '0044-03-15 00:00:00+00 BC' })

    const moved = await openWorld({}, { db: target })
    const { ada, grace } = filled
    expect((await moved.get('/api/user', filled.resumeToken)).body.username).toBe('grace')
    expect((await moved.graphql('{ me { username } }', {}, grace.token)).body.me.username).toBe('grace')
    expect((await moved.graphql('{ me { username } }', {}, filled.personalToken)).body.me.username).toBe('grace')
    expect(await signIn(moved, grace)).toBeTypeOf('string')
    expect((await moved.post('/users/login', { email: ada.email, password: ada.password, code: ada.code() })).body.token).toBeTypeOf(
      'string',
    )
    expect((await person(moved, { username: 'later' })).username).toBe('later')
    await moved.close()
  })
})
