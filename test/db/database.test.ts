/** What the database layer promises of errors, transactions, statements and time, on both databases. */
import { describe, expect, test } from 'vitest'
import { isNotFound, isTransient } from '../../src/db/databaseErrors.ts'
import type { PrismaClient } from '../../src/db/generated/client.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { statementNames } from '../../src/db/statementNames.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { silent } from '../../src/tools/silent.ts'
import { countStatements, createPostgresDatabase, databaseKind, root, statementsOf, useDatabase } from '../support/database.ts'

const database = useDatabase()
const onPostgres = databaseKind() === 'postgresql'

const claim = (name: string) => ({ data: { name, claimedAt: new Date() } })

const caught = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

test('the database is the one that the project is named after', () => {
  expect(database().kind).toBe(databaseKind())
  expect(database().pool === undefined).toBe(!onPostgres)
})

describe('errors', () => {
  test('a unique violation is neither of them', async () => {
    const claims = database().client.claim
    await claims.create(claim('twice'))
    const error = await caught(claims.create(claim('twice')))
    expect(error).toMatchObject({ code: 'P2002' })
    expect(isTransient(error) || isNotFound(error)).toBe(false)
  })

  test('a row that is not there is known', async () => {
    const error = await caught(database().client.claim.delete({ where: { name: 'nobody' } }))
    expect(isNotFound(error)).toBe(true)
    expect(isTransient(error)).toBe(false)
  })

  test.each([undefined, null, 'text', 7, {}, new Error('other')])('%s is none of them', (value) => {
    expect(isNotFound(value) || isTransient(value)).toBe(false)
  })
})

describe('transactions', () => {
  const losing = (losses: number) => {
    const client = { tries: 0, $transaction: async () => (++client.tries > losses ? 'done' : Promise.reject({ code: 'P2034' })) }
    return client
  }

  test('one that loses is tried again, three times at most', async () => {
    const [lucky, hopeless] = [losing(3), losing(4)]
    expect(await inTransaction(lucky as unknown as PrismaClient, async () => 'done')).toBe('done')
    expect(await caught(inTransaction(hopeless as unknown as PrismaClient, async () => 'done'))).toEqual({ code: 'P2034' })
    expect([lucky.tries, hopeless.tries]).toEqual([4, 4])
  })

  test('another error is not tried again, and undoes the transaction', async () => {
    let tries = 0
    const work = inTransaction(database().client, async (tx) => {
      tries++
      await tx.claim.create(claim('undone'))
      throw new Error('no')
    })
    expect(await caught(work)).toMatchObject({ message: 'no' })
    expect(tries).toBe(1)
    expect(await database().client.claim.count({ where: { name: 'undone' } })).toBe(0)
  })

  test('many at once all commit', async () => {
    await database().client.rateLimit.create({ data: { key: 'many' } })
    const increment = () =>
      inTransaction(database().client, (tx) => tx.rateLimit.update({ where: { key: 'many' }, data: { points: { increment: 1 } } }))
    await Promise.all(Array.from({ length: 30 }, increment))
    expect(await database().client.rateLimit.findUnique({ where: { key: 'many' } })).toMatchObject({ points: 30 })
  })
})

describe('statements', () => {
  test('a query is one, a transaction counts what is in it', async () => {
    const { client } = database()
    expect(await countStatements(database(), () => client.claim.findMany())).toBe(1)
    expect(await countStatements(database(), () => client.$queryRaw`SELECT 1`)).toBe(1)
    const three = () =>
      inTransaction(client, async (tx) => {
        await tx.claim.findMany()
        await tx.claim.count()
        await tx.$executeRaw`DELETE FROM claims WHERE name = 'nobody'`
      })
    expect(await countStatements(database(), three)).toBe(3)
  })

  test('they come in order, and only those of the work', async () => {
    await database().client.claim.count()
    const [statement, ...rest] = await statementsOf(database(), () => database().client.$queryRaw`SELECT 41 + 1 AS answer`)
    expect(statement).toBe('SELECT 41 + 1 AS answer')
    expect(rest).toEqual([])
  })

  test('the names of prepared statements are made of the text, and bounded', () => {
    const nameOf = statementNames(2)
    const [first, second] = [nameOf({ sql: 'a', args: [1] }), nameOf({ sql: 'b', args: [1] })]
    expect(first).toMatch(/^[\w-]{22}$/)
    expect(first).not.toBe(second)
    expect(nameOf({ sql: 'a', args: [2] })).toBe(first)
    expect(nameOf({ sql: 'c', args: [1] })).toBe('')
    expect(nameOf({ sql: 'd', args: [] })).toBe('')
  })
})

describe('time', () => {
  const instant = new Date('2026-07-01T12:34:56.789Z')
  const epochOf = async (client: PrismaClient): Promise<unknown> => {
    await client.claim.create({ data: { name: 'time', claimedAt: instant } })
    expect(await client.claim.findUnique({ where: { name: 'time' } })).toMatchObject({ claimedAt: instant })
    const rows = await client.$queryRaw<
      { ms: bigint }[]
    >`SELECT (extract(epoch FROM claimed_at) * 1000)::bigint AS ms FROM claims WHERE name = 'time'`
    return rows[0]?.ms
  }

  test('an instant is stored as itself', async () => {
    expect(await epochOf(database().client)).toBe(BigInt(instant.getTime()))
  })

  if (onPostgres) {
    test('whatever the time zone of the server', async () => {
      const { url, drop } = await createPostgresDatabase()
      await database().pool?.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET timezone = 'America/New_York'`)
      const elsewhere = await openDatabase({ url, dataDir: '', root, log: silent })
      expect(await epochOf(elsewhere.client)).toBe(BigInt(instant.getTime()))
      await elsewhere.close()
      await drop()
    })
  }
})

if (onPostgres) {
  test('a deadlock is transient, and both transactions get through', async () => {
    const { client } = database()
    await client.rateLimit.createMany({ data: [{ key: 'left' }, { key: 'right' }] })
    let arrived = 0
    let open = (): void => {}
    const bothHoldOne = new Promise<void>((resolve) => {
      open = resolve
    })
    const crossing = (first: string, second: string) =>
      inTransaction(client, async (tx) => {
        await tx.rateLimit.update({ where: { key: first }, data: { points: { increment: 1 } } })
        if (++arrived === 2) open()
        await bothHoldOne
        await tx.$executeRaw`UPDATE rate_limits SET points = points + 1 WHERE key = ${second}`
      })
    await Promise.all([crossing('left', 'right'), crossing('right', 'left')])
    expect(arrived).toBe(3)
    expect(await client.rateLimit.findMany({ where: { key: { in: ['left', 'right'] } }, select: { points: true } })).toEqual([
      { points: 2 },
      { points: 2 },
    ])
  })

  test('the pool hears the listener, too', async () => {
    expect(await countStatements(database(), async () => database().pool?.query('SELECT 1'))).toBe(1)
  })
}
