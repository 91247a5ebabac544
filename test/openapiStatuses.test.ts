/**
 * What the OpenAPI documents say of bad days is true of every operation that they say it of: a client address that asks too often
 * (429), a password more than can be hashed at once and a database that is away (503), and tables that are gone (500). What succeeds in a world without limits
 * is asked there again; that each answer is in its document is looked at on the way (test/support/conformance.ts).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import type { Database } from '../src/db/database.ts'
import { send } from './guards/raw.ts'
import { type Callers, createCallers, SETTINGS } from './openapiFuzz/callers.ts'
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
let callers: Callers
restoreTimeAfterwards()
beforeAll(async () => {
  db = await openTestDatabase()
  generous = await openWorld(SETTINGS, { db })
  callers = await createCallers(generous)
}, 60_000)

const ask = async (world: World, { method }: Operation, { url, headers, body }: Sent, more: Record<string, string> = {}): Promise<Answer> =>
  await send(world, method, url, { headers: { ...headers, ...more }, body })
const right = async (operation: Operation): Promise<Sent> => await requestOf(operation, well, callers)

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
  const settings = {
    LIMIT_ADDRESS_PER_MINUTE: '1',
    LIMIT_PASSWORD_FAILURES: '1',
    LIMIT_CODE_FAILURES: '1',
    TRUSTED_PROXIES: 'loopback',
  }
  const narrow = beside(settings, { hasNoChangesLeft: true })
  /** What names something that is there names nothing. */
  const wrong = async (operation: Operation): Promise<Sent> => {
    const { known = [] } = await callers.right(operation.name)
    return await requestOf(operation, { ...well, edits: known.map((field) => ({ kind: 'set', field, json: '"000000"' })) }, callers)
  }

  it.each(declaring(429))('$name', async (operation) => {
    const from = { 'x-forwarded-for': `10.0.0.${operations.indexOf(operation)}` }
    const statuses: number[] = []
    for (const make of [right, right, wrong, wrong, wrong]) {
      if (statuses.includes(429)) break
      statuses.push((await ask(narrow(), operation, await make(operation), from)).status)
      if (make === right) callers.spent(operation.name, 'right')
    }
    expect(statuses).toContain(429)
  })
})

describe('503, when no password can be hashed', () => {
  const overloaded = beside({}, { isOverloaded: true })
  const hashing = [
    'POST /users/register',
    'POST /users/login',
    'POST /api/users',
    'POST /v1/users',
    'POST /v1/auth/login',
    'POST /v1/auth/signup',
    'POST /v1/auth/verify-totp',
    'PUT /v1/security/change-password',
    'POST /v1/security/reset-password',
    'POST /v1/security/twofactor-enable',
    'POST /v1/security/twofactor-disable',
    'POST /auth/register',
    'POST /auth/login',
    'POST /auth/reset-password',
  ]

  it.each(operations.filter(({ name }) => hashing.includes(name)))('$name', async (operation) => {
    const answer = await ask(overloaded(), operation, await right(operation))
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('Service overloaded, try again later')
  })

  it('the document names every one of the 503', () => {
    expect(operations.filter(({ name }) => hashing.includes(name))).toHaveLength(14)
  })
})

describe('when the database', () => {
  const requests = new Map<Operation, Sent>()
  beforeAll(async () => {
    for (const operation of operations) requests.set(operation, await right(operation))
    expect(requests.size).toBe(operations.length)
  }, 60_000)
  afterAll(async () => await generous.close())
  const expectNoDetails = ({ text }: Answer) => expect(text).not.toMatch(/database|closed|pool|prisma|\.ts/i)

  describe('has lost its tables: 500', () => {
    beforeAll(async () => {
      await db.client.$executeRaw`DROP SCHEMA public CASCADE`
    })
    afterAll(() => {
      expect(generous.logs.filter(({ level }) => level === 'error').length).toBeGreaterThanOrEqual(operations.length)
    })

    it.each(operations)('$name', async (operation) => {
      const answer = await ask(generous, operation, requests.get(operation) as Sent)
      expect(answer.status).toBe(500)
      expect(answer.text).toContain('Internal server error')
      expectNoDetails(answer)
    })
  })

  describe('is away: 503', () => {
    beforeAll(async () => {
      generous.logs.length = 0
      await db.close()
    })
    afterAll(() => {
      expect(generous.logs.map(({ message }) => message)).toEqual(['the database is away'])
    })

    it.each(operations)('$name', async (operation) => {
      const answer = await ask(generous, operation, requests.get(operation) as Sent)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('5')
      expect(answer.text).toContain('Service unavailable, try again later')
      expectNoDetails(answer)
    })
  })
})
