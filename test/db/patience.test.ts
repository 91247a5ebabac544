/**
 * Each work waits for the database as long as it may, and not as long as another one whose statements are sent in the same tick: Prisma
 * would gather these, and send them all in the name of the first.
 */
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { passingFault } from '../../src/db/passing.ts'
import { within } from '../../src/db/patience.ts'
import { silent } from '../../src/tools/silent.ts'
import { createPostgresDatabase, type PostgresDatabase, root } from '../support/database.ts'

const WORKS = 4

let database: PostgresDatabase
let db: Database
let locker: pg.Client
beforeAll(async () => {
  database = await createPostgresDatabase()
  db = await openDatabase({ dataDir: '/nowhere', root, log: silent, url: database.url })
  locker = new pg.Client({ connectionString: database.url })
  await locker.connect()
})
afterAll(async () => {
  await locker.end()
  await db.close()
  await database.drop()
})

/** Nobody can read accounts while a test runs. Connections are open: what is given up is a statement, and not the wait for one. */
beforeEach(async () => {
  await Promise.all(Array.from({ length: WORKS }, async () => await db.client.$queryRaw`SELECT pg_sleep(0.1)::text`))
  await locker.query('BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE')
})
afterEach(async () => void (await locker.query('ROLLBACK')))

/** How long a work took to be given up, in ms. */
const tookUntilGivenUp = async (span: number, work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  const fault = await within(span, work).then(() => undefined, passingFault)
  expect(fault?.reason).toMatch(/no answer within/)
  return performance.now() - begun
}

const withResolvers = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve = (): void => undefined
  const promise = new Promise<void>((resolved) => {
    resolve = resolved
  })
  return { promise, resolve }
}

const find = (id: string) => async () => await db.client.user.findUnique({ where: { id } })

/** Many works at once, of which every other may wait ten times as long; how long each took at most. */
const longestOf = async (work: (id: string) => () => Promise<unknown>): Promise<{ short: number; long: number }> => {
  const took = await Promise.all(
    Array.from({ length: WORKS }, async (_, index) => await tookUntilGivenUp(index % 2 === 0 ? 2_000 : 200, work(`of nobody ${index}`))),
  )
  const of = (remainder: number): number => Math.max(...took.filter((_, index) => index % 2 === remainder))
  return { short: of(1), long: of(0) }
}

it('a statement that could be gathered with one of a request with more time is given up when its own request has no more', async () => {
  const { short, long } = await longestOf(find)
  expect(short).toBeLessThan(1_000)
  expect(long).toBeGreaterThan(1_900)
})

it('a statement of a transaction is given up when its own request has no more time, whatever is sent in the same tick', async () => {
  const { promise: together, resolve: begin } = withResolvers()
  let open = 0
  const inTransaction = (id: string) => async () =>
    await db.client.$transaction(async (tx) => {
      open += 1
      if (open === WORKS) begin()
      await together
      return await tx.user.findFirst({ where: { id } })
    })
  const { short, long } = await longestOf(inTransaction)
  expect(short).toBeLessThan(1_000)
  expect(long).toBeGreaterThan(1_900)
})
