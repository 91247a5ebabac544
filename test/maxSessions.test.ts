/**
 * The limit of live sessions: beyond it, the one that was not used for the longest time ends, and an event says so. A client that
 * signs in before every call never signs out one that is in use. Two servers on one database learn late of each other's uses.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { mutate } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person } from './support/accounts.ts'
import { restoreTimeAfterwards } from './support/clock.ts'
import { databaseKind, openTestDatabase } from './support/database.ts'
import { isFullSize } from './support/fullSize.ts'
import { openWorld, useWorld, type World } from './support/world.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** A sign-in through Wekan, whose token lives 90 days; time moves on, so that no two are alike. */
const login = async (world: World, { email }: Person): Promise<string> => {
  world.advance(SECOND)
  return (await world.post('/users/login', { email, password: PASSWORD })).body.token
}
const statusOf = async (world: World, token: string): Promise<number> => (await world.get('/api/user', token)).status
const statusesOf = async (world: World, tokens: readonly string[]): Promise<number[]> => {
  const statuses: number[] = []
  for (const token of tokens) statuses.push(await statusOf(world, token))
  return statuses
}
const signedOut = async (world: World): Promise<Person> => {
  const someone = await person(world)
  await mutate(world, 'signOutEverywhere', undefined, someone.token)
  return someone
}
/** The id of the session that was opened last. */
const newestOf = async (world: World, { id: userId }: Person): Promise<string> =>
  (await world.db.client.session.findFirstOrThrow({ where: { userId }, orderBy: { createdAt: 'desc' } })).id
const evictionsOf = async (world: World, { id: userId }: Person) => {
  const events = await world.db.client.auditEvent.findMany({ where: { userId, type: 'session.evicted' }, orderBy: { seq: 'asc' } })
  return events.map(({ outcome, actorId, surface, clientAddress, details }) => ({ outcome, actorId, surface, clientAddress, details }))
}

describe('by default', () => {
  const world = useWorld()

  it.skipIf(!isFullSize)(
    'a client in use keeps its session through 120 sign-ins of another',
    async () => {
      const someone = await signedOut(world())
      const inUse = await login(world(), someone)
      for (let count = 1; count <= 120; count += 1) {
        const once = await login(world(), someone)
        expect([count, await statusOf(world(), inUse), await statusOf(world(), once)]).toEqual([count, 200, 200])
      }
      const live = await world().db.client.session.count({ where: { userId: someone.id, endedAt: null } })
      expect(live).toBe(100)
      expect(await evictionsOf(world(), someone)).toHaveLength(21)
    },
    120_000,
  )
})

describe('with a limit of three sessions', () => {
  const world = useWorld({ MAX_SESSIONS: '3', COOKIE_IDLE_LIFE: '10m' })
  beforeAll(async () => void (await admin(world())))

  it('a limit of three sessions ends those first that were not used for the longest time, not those that were opened first', async () => {
    const someone = await signedOut(world())
    const [first, second, third] = [await login(world(), someone), await login(world(), someone), await login(world(), someone)]
    for (const token of [third, first, second]) {
      world().advance(SECOND)
      await statusOf(world(), token)
    }
    const fourth = await login(world(), someone)
    const fifth = await login(world(), someone)
    expect(await statusesOf(world(), [first, second, third, fourth, fifth])).toEqual([401, 200, 401, 200, 200])
  })

  it('a limit of three sessions ends one that was never used since it was opened before one that was', async () => {
    const someone = await signedOut(world())
    const used = await login(world(), someone)
    const unused = [await login(world(), someone), await login(world(), someone)]
    world().advance(SECOND)
    await statusOf(world(), used)
    const newest = await login(world(), someone)
    expect(await statusesOf(world(), [used, ...unused, newest])).toEqual([200, 401, 200, 200])
  })

  it('a limit of three sessions counts a refresh as a use', async () => {
    const someone = await person(world())
    const [second, third] = [await login(world(), someone), await login(world(), someone)]
    world().advance(SECOND)
    const refreshed = await mutate(world(), 'refreshSession', { refreshToken: someone.refreshToken })
    const fourth = await login(world(), someone)
    expect(await statusesOf(world(), [refreshed.credentials.accessToken.token, second, third, fourth])).toEqual([200, 401, 200, 200])
  })

  it('a limit of three sessions writes an event with the session that ended, and from where the sign-in came', async () => {
    const someone = await signedOut(world())
    await login(world(), someone)
    const sessionId = await newestOf(world(), someone)
    for (let count = 1; count <= 2; count += 1) await login(world(), someone)
    expect(await evictionsOf(world(), someone)).toEqual([])
    await world().post('/auth/login', { email: someone.email, password: PASSWORD })
    expect(await evictionsOf(world(), someone)).toEqual([
      { outcome: 'success', actorId: someone.id, surface: 'authentication', clientAddress: '127.0.0.1', details: { sessionId } },
    ])
  })

  it('a limit of three sessions writes no event for one that had gone idle', async () => {
    const someone = await signedOut(world())
    for (let count = 1; count <= 3; count += 1) await login(world(), someone)
    await world().db.client.session.update({ where: { id: await newestOf(world(), someone) }, data: { kind: 'cookie' } })
    world().advance(HOUR)
    await login(world(), someone)
    expect(await evictionsOf(world(), someone)).toEqual([])
    await login(world(), someone)
    expect(await evictionsOf(world(), someone)).toHaveLength(1)
  })
})

it('a limit that was lowered ends all that is beyond it at the next sign-in, each with its event', async () => {
  const db = await openTestDatabase()
  const before = await openWorld({}, { db })
  const someone = await signedOut(before)
  const tokens: string[] = []
  for (let count = 1; count <= 5; count += 1) tokens.push(await login(before, someone))
  await before.close()
  const after = await openWorld({ MAX_SESSIONS: '1' }, { db })
  const newest = await login(after, someone)
  expect(await statusesOf(after, [...tokens, newest])).toEqual([401, 401, 401, 401, 401, 200])
  expect(await evictionsOf(after, someone)).toHaveLength(5)
  await after.close()
  await db.close()
})

describe.runIf(databaseKind() === 'postgresql')('two servers on one database', () => {
  restoreTimeAfterwards()
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
  afterEach(() => void vi.useRealTimers())

  /** Both servers write what they have noted. */
  const minutePasses = async (world: World, id: string): Promise<void> => {
    world.advance(MINUTE)
    const at = Date.now()
    vi.advanceTimersByTime(MINUTE)
    await vi.waitUntil(async () => {
      const { lastSeenAt } = await world.db.client.session.findUniqueOrThrow({ where: { id } })
      return at - lastSeenAt.getTime() <= MINUTE + SECOND
    })
  }

  it('keep a session that is in use on the one through many sign-ins on the other', async () => {
    const db = await openTestDatabase()
    const settings = { MAX_SESSIONS: '5' }
    const [here, there] = [await openWorld(settings, { db }), await openWorld(settings, { db })]
    const someone = await signedOut(here)
    const inUse = await login(here, someone)
    const id = await newestOf(here, someone)
    here.advance(5 * MINUTE)
    expect(await statusOf(here, inUse)).toBe(200)
    await minutePasses(here, id)
    for (let count = 1; count <= 12; count += 1) {
      expect([count, await statusOf(here, inUse)]).toEqual([count, 200])
      expect(await statusOf(there, await login(there, someone))).toBe(200)
    }
    expect(await statusOf(there, inUse)).toBe(200)
    await there.close()
    await here.close()
    await db.close()
  })

  it('end one that is in use on neither, however many are', async () => {
    const db = await openTestDatabase()
    const settings = { MAX_SESSIONS: '2' }
    const [here, there] = [await openWorld(settings, { db }), await openWorld(settings, { db })]
    const someone = await signedOut(here)
    const [unused, inUse] = [await login(here, someone), await login(here, someone)]
    const id = await newestOf(here, someone)
    here.advance(5 * MINUTE)
    expect(await statusOf(here, inUse)).toBe(200)
    await minutePasses(here, id)
    const newest = await login(there, someone)
    expect(await statusesOf(there, [unused, inUse, newest])).toEqual([401, 200, 200])
    await there.close()
    await here.close()
    await db.close()
  })
})
