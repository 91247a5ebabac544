/**
 * The last use of a session: shown at once, written later and in batches, never in the way of a request; and the idle end of
 * cookie sessions, which looks at it. PostgreSQL may have several servers, which learn of each other's uses by what is written.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOutage } from '../src/db/outage.ts'
import { createLastSeen } from '../src/domain/usage/lastSeen.ts'
import { silent } from '../src/tools/silent.ts'
import { HOUR, MINUTE, mutate, query } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn } from './support/accounts.ts'
import { restoreTimeAfterwards } from './support/clock.ts'
import { databaseKind, openTestDatabase, statementsOf, useDatabase } from './support/database.ts'
import { openWorld, useWorld, type World } from './support/world.ts'

/** How often uses are written, how many by one statement, and how many may wait. */
const LAST_SEEN_INTERVAL = 60_000
const BATCH = 1_000
const LIMIT = 100_000

const onPostgres = databaseKind() === 'postgresql'
/** How late one server may learn of a use in another. */
const LATENESS = onPostgres ? 2 * MINUTE : 0

interface Opened {
  readonly id: string
  readonly token: string
}

/** A session that lives long, opened through Wekan. */
const open = async (world: World, { id: userId, email }: Person): Promise<Opened> => {
  const { token } = (await world.post('/users/login', { email, password: PASSWORD })).body
  world.advance(1)
  const { id } = await world.db.client.session.findFirstOrThrow({ where: { userId, surface: 'wekan' }, orderBy: { createdAt: 'desc' } })
  return { id, token }
}
const openCookie = async (world: World, someone: Person): Promise<Opened> => {
  const opened = await open(world, someone)
  await world.db.client.session.update({ where: { id: opened.id }, data: { kind: 'cookie' } })
  return opened
}
const use = async (world: World, { token }: Opened): Promise<number> => (await world.get('/api/user', token)).status
const storedOf = async (world: World, id: string): Promise<number> =>
  (await world.db.client.session.findUniqueOrThrow({ where: { id } })).lastSeenAt.getTime()
const age = (instant: number): number => Math.round((Date.now() - instant) / MINUTE)

describe('a use', () => {
  const world = useWorld()
  beforeAll(async () => void (await admin(world())))

  it('a use is shown at once, and not written by the request', async () => {
    const someone = await person(world())
    const elsewhere = await open(world(), someone)
    world().advance(5 * MINUTE)
    const ages = async () => {
      const { sessions } = await query(world(), 'me { sessions { current lastSeenAt } }', someone.token)
      return sessions.map(({ current, lastSeenAt }: Record<string, string>) => [current, age(Date.parse(lastSeenAt ?? ''))])
    }
    expect(await ages()).toEqual([
      [false, 5],
      [true, 0],
    ])
    await use(world(), elsewhere)
    expect(await ages()).toEqual([
      [false, 0],
      [true, 0],
    ])
    expect(age(await storedOf(world(), elsewhere.id))).toBe(5)
    const node = `node(id: "Session:${elsewhere.id}") { ... on Session { lastSeenAt } }`
    expect(age(Date.parse((await query(world(), node, someone.token)).lastSeenAt))).toBe(0)
  })

  it('a request that is refused is not a use', async () => {
    const someone = await person(world())
    const ended = await open(world(), someone)
    await mutate(world(), 'signOut', undefined, ended.token)
    world().advance(5 * MINUTE)
    expect(await use(world(), ended)).toBe(401)
    world().advance(5 * MINUTE)
    expect(age(await storedOf(world(), ended.id))).toBe(10)
  })
})

describe('a server', () => {
  restoreTimeAfterwards()
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
  afterEach(() => void vi.useRealTimers())

  const minutePasses = (world: World) => {
    world.advance(MINUTE)
    vi.advanceTimersByTime(LAST_SEEN_INTERVAL)
  }
  const warnings = ({ logs }: World) => logs.filter(({ level, message }) => level === 'warn' && /last uses/.test(message))

  it('a server writes all uses by one statement a minute, and once more when it is closed', async () => {
    const db = await openTestDatabase()
    const world = await openWorld({}, { db })
    const someone = await person(world)
    const opened = [await open(world, someone), await open(world, someone), await open(world, someone)]
    world.advance(10 * MINUTE)
    for (const session of opened) for (let count = 1; count <= 3; count += 1) expect(await use(world, session)).toBe(200)
    const written = await statementsOf(db, async () => {
      minutePasses(world)
      await vi.waitUntil(async () => age(await storedOf(world, opened[0]?.id ?? '')) === 1)
    })
    expect(written.filter((sql) => /^\s*WITH seen/.test(sql))).toHaveLength(1)
    for (const { id } of opened) expect(age(await storedOf(world, id))).toBe(1)
    const last = opened[1] as Opened
    world.advance(10 * MINUTE)
    await use(world, last)
    expect(age(await storedOf(world, last.id))).toBe(11)
    await world.close()
    expect(age(await storedOf(world, last.id))).toBe(0)
    await db.close()
  })

  it('a server keeps what it could not write, says so, and tries again', async () => {
    const db = await openTestDatabase()
    const world = await openWorld({}, { db })
    const opened = await open(world, await person(world))
    world.advance(10 * MINUTE)
    await use(world, opened)
    await db.client.$executeRaw`ALTER TABLE sessions RENAME COLUMN last_seen_at TO mislaid`
    minutePasses(world)
    await vi.waitUntil(() => warnings(world).length === 1)
    await db.client.$executeRaw`ALTER TABLE sessions RENAME COLUMN mislaid TO last_seen_at`
    minutePasses(world)
    await vi.waitUntil(async () => age(await storedOf(world, opened.id)) === 2)
    expect(warnings(world)).toHaveLength(1)
    await world.close()
    await db.close()
  })
})

describe('the writer', () => {
  const database = useDatabase()
  const start = new Date('2030-01-01T00:00:00Z')
  const minutes = (count: number) => new Date(start.getTime() + count * MINUTE)
  const writer = (shared = true) => createLastSeen({ db: database().client, log: silent, outage: createOutage(silent), shared })

  /** `count` sessions, last seen at the start. */
  const sessions = async (count: number): Promise<string[]> => {
    const { client } = database()
    const userId = `user-${Math.random()}`
    const names = { username: userId, name: userId, firstName: userId }
    await client.user.create({ data: { id: userId, createdAt: start, updatedAt: start, ...names } })
    const ids = Array.from({ length: count }, (_, index) => `${userId}-${(index * 7919) % count}`)
    const times = { createdAt: start, lastSeenAt: start, authenticatedAt: start, expiresAt: minutes(60) }
    await client.session.createMany({ data: ids.map((id) => ({ id, userId, surface: 'graphql', ...times })) })
    return ids
  }
  const stored = async (ids: readonly string[]) =>
    await database().client.session.findMany({ where: { id: { in: [...ids] } }, select: { id: true, lastSeenAt: true } })

  it('the writer writes a batch a statement, each fact once, and nothing where there is none', async () => {
    const ids = await sessions(2 * BATCH + 500)
    const lastSeen = writer()
    for (const id of ids) lastSeen.touch(id, minutes(1))
    expect(await statementsOf(database(), lastSeen.flush)).toHaveLength(3)
    expect((await stored(ids)).filter(({ lastSeenAt }) => lastSeenAt.getTime() === minutes(1).getTime())).toHaveLength(ids.length)
    expect(await statementsOf(database(), lastSeen.flush)).toEqual([])
  })

  it('the writer knows the newest instant only, whatever the order in which it hears of them', async () => {
    const [id = ''] = await sessions(1)
    const lastSeen = writer()
    const row = { id, lastSeenAt: minutes(2) }
    expect(lastSeen.of(row)).toEqual(minutes(2))
    lastSeen.touch(id, minutes(1))
    expect(lastSeen.of(row)).toEqual(minutes(2))
    lastSeen.touch(id, minutes(4))
    lastSeen.touch(id, minutes(3))
    expect(lastSeen.of(row)).toEqual(minutes(4))
    await lastSeen.flush()
    expect(await stored([id])).toEqual([{ id, lastSeenAt: minutes(4) }])
  })

  it('the writer leaves a newer instant that another process has written, and sessions that are gone', async () => {
    const [id = ''] = await sessions(1)
    const [here, there] = [writer(), writer()]
    here.touch(id, minutes(3))
    here.touch('gone', minutes(3))
    there.touch(id, minutes(5))
    await there.flush()
    await here.flush()
    expect(await stored([id, 'gone'])).toEqual([{ id, lastSeenAt: minutes(5) }])
  })

  it('forgets the longest unseen beyond its limit', async () => {
    const lastSeen = writer()
    for (let index = 0; index < LIMIT; index += 1) lastSeen.touch(String(index), minutes(1))
    lastSeen.touch('0', minutes(2))
    lastSeen.touch('one more', minutes(2))
    const known = (id: string) => lastSeen.of({ id, lastSeenAt: start }).getTime() > start.getTime()
    expect(['0', '1', '2', 'one more'].map(known)).toEqual([true, false, true, true])
  })

  it('the writer does not deadlock with others of its kind', async () => {
    const ids = await sessions(BATCH)
    const warned = vi.fn()
    const writers = Array.from({ length: 4 }, () =>
      createLastSeen({
        db: database().client,
        log: { ...silent, warn: warned },
        outage: createOutage({ ...silent, error: warned }),
        shared: true,
      }),
    )
    for (let round = 1; round <= 5; round += 1) {
      for (const [index, lastSeen] of writers.entries())
        for (const id of index % 2 === 0 ? ids : ids.toReversed()) lastSeen.touch(id, minutes(round * 10 + index))
      await Promise.all(writers.map(({ flush }) => flush()))
    }
    expect(warned).not.toHaveBeenCalled()
    const late = (await stored(ids)).filter(({ lastSeenAt }) => lastSeenAt.getTime() !== minutes(53).getTime())
    expect(late).toEqual([])
  })
})

describe('a cookie session', () => {
  const world = useWorld()
  beforeAll(async () => void (await admin(world())))

  const ways: readonly (readonly [string, (opened: Opened) => Promise<unknown>, unknown, unknown])[] = [
    ['GET /api/user', async (opened) => await use(world(), opened), 200, 401],
    ['GET /v1/profile', async ({ token }) => (await world().get('/v1/profile', token)).status, 200, 401],
    ['POST /auth', async ({ token }) => (await world().post('/auth', undefined, token)).status, 200, 401],
    [
      'me',
      async ({ token }) => {
        const me = await query(world(), 'me { __typename }', token)
        return me.code ?? me.__typename
      },
      'User',
      'UNAUTHENTICATED',
    ],
    [
      'reauthenticate',
      async ({ token }) => (await mutate(world(), 'reauthenticate', { password: PASSWORD }, token)).code ?? 'done',
      'done',
      'UNAUTHENTICATED',
    ],
    [
      'a change of the profile',
      async ({ token }) => (await world().put('/v1/profile', { firstName: 'Grace' }, token)).headers.get('www-authenticate'),
      null,
      'Bearer',
    ],
  ]
  it.each(ways)('a cookie session is good for %s within an hour of its last use, and no longer', async (_way, go, live, idle) => {
    const opened = await openCookie(world(), await person(world()))
    world().advance(HOUR - 1000)
    expect(await go(opened)).toEqual(live)
    world().advance(HOUR - 1000)
    expect(await go(opened)).toEqual(live)
    world().advance(HOUR + LATENESS + 1)
    expect(await go(opened)).toEqual(idle)
  })

  it('a cookie session that went idle is not listed, not found, not counted and not ended again', async () => {
    const someone = await person(world())
    const idle = await openCookie(world(), someone)
    const kept = await open(world(), someone)
    world().advance(HOUR + LATENESS + 1)
    const token = await signIn(world(), someone)
    const ids = (await query(world(), 'me { sessions { id } }', token)).sessions.map(({ id }: { id: string }) => id)
    expect(ids).toContain(`Session:${kept.id}`)
    expect(ids).not.toContain(`Session:${idle.id}`)
    expect(await query(world(), `node(id: "Session:${idle.id}") { id }`, token)).toBeNull()
    expect((await mutate(world(), 'signOutEverywhere', undefined, token)).endedSessions).toBe(ids.length)
  })

  it('a cookie session that went idle is not counted by who ends all from a session that was open before', async () => {
    const someone = await person(world())
    await openCookie(world(), someone)
    const kept = await open(world(), someone)
    world().advance(HOUR + LATENESS + 1)
    expect((await query(world(), 'me { sessions { id } }', kept.token)).sessions).toHaveLength(2)
    expect((await mutate(world(), 'signOutEverywhere', undefined, kept.token)).endedSessions).toBe(2)
  })

  it('a session of another kind has no idle end', async () => {
    const opened = await open(world(), await person(world()))
    world().advance(24 * HOUR)
    expect(await use(world(), opened)).toBe(200)
  })
})

describe('with a limit of two sessions', () => {
  const world = useWorld({ MAX_SESSIONS: '2', COOKIE_IDLE_LIFE: '10m' })

  it('one that went idle takes no place', async () => {
    const someone = await person(world())
    await mutate(world(), 'signOutEverywhere', undefined, someone.token)
    const old = await open(world(), someone)
    const idle = await openCookie(world(), someone)
    world().advance(10 * MINUTE + LATENESS + 1)
    const late = await open(world(), someone)
    expect([await use(world(), old), await use(world(), idle), await use(world(), late)]).toEqual([200, 401, 200])
    world().advance(LATENESS + MINUTE)
    await use(world(), late)
    await open(world(), someone)
    expect([await use(world(), old), await use(world(), late)]).toEqual([401, 200])
  })
})

describe.runIf(onPostgres)('two servers on one database', () => {
  restoreTimeAfterwards()

  it('two servers on one database never end a cookie session that was used within its idle life on the other', async () => {
    const db = await openTestDatabase()
    const [here, there] = [await openWorld({}, { db }), await openWorld({}, { db })]
    const opened = await openCookie(here, await person(here))
    here.advance(HOUR - 1000)
    expect(await use(there, opened)).toBe(200)
    here.advance(LAST_SEEN_INTERVAL)
    expect(await use(here, opened)).toBe(200)
    await here.close()
    here.advance(HOUR + LATENESS - 1000)
    expect(await use(there, opened)).toBe(200)
    here.advance(HOUR + LATENESS + 1)
    expect(await use(there, opened)).toBe(401)
    await there.close()
    await db.close()
  })
})
