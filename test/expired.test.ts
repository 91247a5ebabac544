/**
 * The clean-up: what has ended goes, what has not stays, and however much there is, no statement deletes more than a batch.
 * It runs by the timer of the server, which these tests move.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { DAY, HOUR, MINUTE } from './graphql/ask.ts'
import { type Person, person } from './support/accounts.ts'
import { restoreTimeAfterwards } from './support/clock.ts'
import { statementsOf } from './support/database.ts'
import { openWorld, type World } from './support/world.ts'

/** How often the server cleans, and how many rows a statement deletes. */
const PAUSE = 10 * MINUTE
const BATCH = 1_000

let world: World
let someone: Person
restoreTimeAfterwards()
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  world = await openWorld()
  someone = await person(world)
})
afterAll(async () => {
  vi.useRealTimers()
  await world.close()
  expect(world.logs.filter(({ level }) => level === 'error')).toEqual([])
})

const at = (offset: number): Date => new Date(Date.now() + offset)
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** When a session ends, was ended and was last seen, in milliseconds from now. */
interface Draft {
  readonly kind?: string
  readonly expires?: number
  readonly ended?: number
  readonly seen?: number
}

let drafts = 0
/** `count` sessions with a token each. */
const add = async (count: number, { kind = 'token', expires = DAY, ended, seen = 0 }: Draft): Promise<string[]> => {
  drafts += 1
  const name = `draft-${drafts}-`
  const [opened, ends, endedAt, seenAt] = [at(-90 * DAY), at(expires), ended === undefined ? null : at(ended), at(seen)]
  const { client } = world.db
  await client.$executeRaw`
    INSERT INTO sessions (id, user_id, kind, surface, created_at, authenticated_at, expires_at, ended_at, last_seen_at)
    SELECT ${name}::text || at, ${someone.id}, ${kind}, 'graphql', ${opened}::timestamptz, ${opened}::timestamptz, ${ends}::timestamptz,
      ${endedAt}::timestamptz, ${seenAt}::timestamptz FROM generate_series(0, ${count - 1}::int) AS at`
  await client.$executeRaw`
    INSERT INTO opaque_tokens (hash, session_id, kind, created_at, expires_at)
    SELECT 'hash of ' || ${name}::text || at, ${name}::text || at, 'resume', ${opened}::timestamptz, ${at(DAY)}::timestamptz
    FROM generate_series(0, ${count - 1}::int) AS at`
  return numbers(count).map((index) => name + index)
}

/** How many of the sessions are left, and of their tokens. */
const left = async (ids: readonly string[]): Promise<[number, number]> => {
  const { client } = world.db
  return [
    await client.session.count({ where: { id: { in: [...ids] } } }),
    await client.opaqueToken.count({ where: { sessionId: { in: [...ids] } } }),
  ]
}

/**
 * Lets the server clean once, from the sessions to the audit log, which comes last; returns the deletions. An interval that comes due
 * while the clean-up before has not quite ended is skipped, so intervals pass until this one has begun.
 */
const clean = async (): Promise<string[]> => {
  const sent = await statementsOf(world.db, async (statements) => {
    const isSent = (table: string) => statements.some((sql) => sql.includes(`DELETE FROM ${table} `))
    await vi.waitUntil(() => {
      if (!isSent('sessions')) vi.advanceTimersByTime(PAUSE)
      return isSent('sessions')
    }, 10_000)
    await vi.waitUntil(() => isSent('audit_events'), 10_000)
  })
  return sent.filter((sql) => sql.includes('DELETE FROM'))
}
const about = (deletions: readonly string[], pattern: RegExp): number => deletions.filter((sql) => pattern.test(sql)).length

describe('a session', () => {
  it.each<[string, Draft]>([
    ['expired more than a day ago', { expires: -DAY - MINUTE }],
    ['was ended more than a day ago', { ended: -DAY - MINUTE }],
    ['went idle more than a day ago', { kind: 'cookie', seen: -DAY - HOUR - 3 * MINUTE }],
    ['is a personal access token that expired more than a day ago', { kind: 'personal', expires: -DAY - MINUTE }],
    ['is a personal access token that was revoked more than a day ago', { kind: 'personal', ended: -DAY - MINUTE }],
  ])('a session goes with its tokens when it %s', async (_what, draft) => {
    const [going, kept] = [await add(3, draft), await add(3, {})]
    await clean()
    expect([await left(going), await left(kept)]).toEqual([
      [0, 0],
      [3, 3],
    ])
  })

  it.each<[string, Draft]>([
    ['is live', {}],
    ['expired less than a day ago', { expires: -DAY + HOUR }],
    ['was ended less than a day ago', { ended: -DAY + HOUR }],
    ['went idle less than a day ago', { kind: 'cookie', seen: -DAY }],
    ['has no idle end and was not seen for months', { seen: -89 * DAY }],
    ['is a personal access token that was never used', { kind: 'personal', seen: -90 * DAY, expires: 200 * DAY }],
  ])('a session stays when it %s', async (_what, draft) => {
    const kept = await add(3, draft)
    await clean()
    expect(await left(kept)).toEqual([3, 3])
  })
})

describe('a batch at a time', () => {
  it('thousands of sessions go, and hundreds of live ones stay', async () => {
    const [expired, idle, live] = [
      await add(2 * BATCH + 300, { expires: -2 * DAY }),
      await add(BATCH + 300, { kind: 'cookie', seen: -2 * DAY }),
      await add(300, {}),
    ]
    const deletions = await clean()
    expect([await left(expired), await left(idle), await left(live)]).toEqual([
      [0, 0],
      [0, 0],
      [300, 300],
    ])
    expect(about(deletions, /DELETE FROM sessions.*expires_at </s)).toBe(3)
    expect(about(deletions, /DELETE FROM sessions.*last_seen_at </s)).toBe(2)
  })

  it('so do tokens, login codes and mailed tokens', async () => {
    const { client } = world.db
    const [sessionId = ''] = await add(1, {})
    const row = (life: number) => (index: number) => ({
      hash: `${life} ${index}`,
      createdAt: at(-DAY),
      expiresAt: at(life),
    })
    for (const life of [-MINUTE, HOUR]) {
      const rows = numbers(life < 0 ? BATCH + 200 : 200).map(row(life))
      const { id: userId } = someone
      await client.opaqueToken.createMany({ data: rows.map((one) => ({ ...one, sessionId, kind: 'sess' })) })
      await client.loginCode.createMany({ data: rows.map((one) => ({ ...one, userId, surface: 'xiot', credentialVersion: 0 })) })
      await client.mailToken.createMany({
        data: rows.map((one) => ({ ...one, userId, purpose: 'reset_password', address: 'a@example.com' })),
      })
    }
    const deletions = await clean()
    const counts = [
      await client.opaqueToken.count({ where: { sessionId, kind: 'sess' } }),
      await client.loginCode.count(),
      await client.mailToken.count(),
    ]
    expect(counts).toEqual([200, 200, 200])
    for (const table of ['opaque_tokens', 'login_codes', 'mail_tokens']) expect(about(deletions, new RegExp(`FROM ${table} `))).toBe(2)
  })

  it('so do counts of uses, by their day', async () => {
    const { client } = world.db
    const use = { dialect: 'wekan', route: 'GET /api/user', tokenSurface: '', requests: 1, failures: 0, firstAt: at(0), lastAt: at(0) }
    for (const [age, count] of [
      [402, BATCH + 200],
      [399, 200],
    ] as const)
      await client.dialectUse.createMany({
        data: numbers(count).map((index) => ({ ...use, day: at(-age * DAY), client: `client ${index}` })),
      })
    const deletions = await clean()
    expect(await client.dialectUse.count()).toBe(200)
    expect(about(deletions, /DELETE FROM dialect_uses /)).toBe(2)
  })

  it('a table that was small when its statistics were made is emptied all the same', async () => {
    const { client } = world.db
    const add = async (from: number, to: number) =>
      await client.$executeRaw`INSERT INTO outbox (id, kind, created_at, expires_at, next_attempt_at, failed_at)
        SELECT 'given up ' || at, 'mail', ${at(-DAY)}::timestamptz, ${at(-DAY)}::timestamptz, ${at(-DAY)}::timestamptz,
          ${at(0)}::timestamptz - at * interval '1 millisecond' FROM generate_series(${from}::int, ${to}::int) AS at`
    await add(0, 0)
    await client.$executeRaw`ANALYZE outbox`
    // Until the plan of the deletion is kept.
    for (const _ of numbers(7)) await clean()
    await add(1, 16_000)
    await clean()
    expect(await client.outboxEntry.count()).toBe(10_000)
    await client.outboxEntry.deleteMany()
  })

  it('where nothing has ended, each table is looked at once', async () => {
    const deletions = await clean()
    expect(new Set(deletions).size).toBe(deletions.length)
  })
})

it('a counter goes when its time is over, and not before', async () => {
  const { client } = world.db
  const counter = (key: string, offset: number) => ({ key, expire: BigInt(Date.now() + offset) })
  await client.rateLimit.createMany({ data: [counter('expired', -1), counter('running', HOUR)] })
  await clean()
  const rows = await client.rateLimit.findMany({ where: { key: { in: ['expired', 'running'] } } })
  expect(rows.map(({ key }) => key)).toEqual(['running'])
})

describe('a device', () => {
  it('a device goes 180 days after it was last seen, and not before', async () => {
    const { client } = world.db
    const { id: userId } = someone
    const seen = (days: number) => ({
      userId,
      fingerprint: `seen ${days} days ago`,
      firstSeenAt: at(-400 * DAY),
      lastSeenAt: at(-days * DAY),
    })
    await client.knownDevice.createMany({ data: [1, 19, 179, 181].map(seen) })
    await clean()
    const rows = await client.knownDevice.findMany({
      where: { userId, fingerprint: { startsWith: 'seen ' } },
      orderBy: { lastSeenAt: 'desc' },
    })
    expect(rows.map(({ fingerprint }) => fingerprint)).toEqual(['seen 1 days ago', 'seen 19 days ago', 'seen 179 days ago'])
  })

  it('forgets an address after the same time, and all of them when it goes', async () => {
    const { client } = world.db
    const { id: userId } = someone
    const seen = (days: number) => ({ firstSeenAt: at(-400 * DAY), lastSeenAt: at(-days * DAY) })
    await client.knownDevice.create({ data: { userId, fingerprint: 'in use', ...seen(1) } })
    await client.knownClient.createMany({
      data: [1, 179, 181].map((days) => ({ userId, fingerprint: 'in use', client: `${days} days`, ...seen(days) })),
    })
    await clean()
    const left = async () =>
      (await client.knownClient.findMany({ where: { userId, fingerprint: 'in use' }, orderBy: { lastSeenAt: 'desc' } })).map(
        (row) => row.client,
      )
    expect(await left()).toEqual(['1 days', '179 days'])
    await client.knownDevice.updateMany({ where: { fingerprint: 'in use' }, data: { lastSeenAt: at(-181 * DAY) } })
    await clean()
    expect(await left()).toEqual([])
  })
})
