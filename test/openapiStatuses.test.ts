/**
 * What the OpenAPI documents say of bad days is true of every operation that they say it of: a client address that asks too often
 * (429), a password more than can be hashed at once (503), and a database that is gone (500). What succeeds in a world without limits
 * is asked there again; that each answer is in its document is looked at on the way (test/support/conformance.ts).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import type { Database } from '../src/db/database.ts'
import { send } from './guards/raw.ts'
import { type Cast, createCast, SETTINGS } from './openapiFuzz/cast.ts'
import { well } from './openapiFuzz/plans.ts'
import { requestOf, type Sent } from './openapiFuzz/requests.ts'
import { restoreTimeAfterwards } from './support/clock.ts'
import type { Operation } from './support/conformance/described.ts'
import { bookOf } from './support/conformance.ts'
import { openTestDatabase } from './support/database.ts'
import { type Answer, openWorld, type World, type WorldOptions } from './support/world.ts'

const operations = [...new Map(bookOf(readConfig({})).routes.map(({ operation }) => [operation.name, operation])).values()]
const declaring = (status: number): Operation[] => operations.filter(({ responses }) => responses.has(String(status)))

let db: Database
let generous: World
let cast: Cast
restoreTimeAfterwards()
beforeAll(async () => {
  db = await openTestDatabase()
  generous = await openWorld(SETTINGS, { db })
  cast = await createCast(generous)
}, 60_000)

const ask = async (world: World, { method }: Operation, { url, headers, body }: Sent, more: Record<string, string> = {}): Promise<Answer> =>
  await send(world, method, url, { headers: { ...headers, ...more }, body })
const right = async (operation: Operation): Promise<Sent> => await requestOf(operation, well, cast)

/** A world beside the generous one, on its database. */
const beside = (settings: Record<string, string>, options: WorldOptions = {}): (() => World) => {
  let world: World | undefined
  beforeAll(async () => {
    world = await openWorld({ ...SETTINGS, ...settings }, { ...options, db })
  }, 60_000)
  afterAll(async () => await world?.close())
  return () => world as World
}

describe('429', () => {
  const narrow = beside({
    LIMIT_ADDRESS_PER_MINUTE: '1',
    LIMIT_PASSWORD_FAILURES: '1',
    LIMIT_CODE_FAILURES: '1',
    TRUSTED_PROXIES: 'loopback',
  })
  /** What names something that is there names nothing. */
  const wrong = async (operation: Operation): Promise<Sent> => {
    const { known = [] } = await cast.right(operation.name)
    return await requestOf(operation, { ...well, edits: known.map((field) => ({ kind: 'set', field, json: '"000000"' })) }, cast)
  }

  it.each(declaring(429))('$name', async (operation) => {
    const from = { 'x-forwarded-for': `10.0.0.${operations.indexOf(operation)}` }
    const statuses: number[] = []
    for (const make of [right, right, wrong, wrong, wrong]) {
      if (statuses.includes(429)) break
      statuses.push((await ask(narrow(), operation, await make(operation), from)).status)
      if (make === right) cast.spent(operation.name, 'right')
    }
    expect(statuses).toContain(429)
  })
})

describe('503', () => {
  const overloaded = beside({}, { isOverloaded: true })

  it.each(declaring(503))('$name', async (operation) => {
    expect((await ask(overloaded(), operation, await right(operation))).status).toBe(503)
  })
})

describe('500, when the database is gone', () => {
  const requests = new Map<Operation, Sent>()
  beforeAll(async () => {
    for (const operation of operations) requests.set(operation, await right(operation))
    await db.close()
  }, 60_000)
  afterAll(async () => {
    expect(generous.logs.filter(({ level }) => level === 'error').length).toBeGreaterThanOrEqual(operations.length)
    await generous.close()
  })

  it.each(operations)('$name', async (operation) => {
    const answer = await ask(generous, operation, requests.get(operation) as Sent)
    expect(answer.status).toBe(500)
    expect(answer.text).toContain('Internal server error')
    expect(answer.text).not.toMatch(/database|closed|pool|prisma|\.ts/i)
  })
})
