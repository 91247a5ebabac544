/** Raw SQL that goes to the adapter at once gives what Prisma gives, which a transaction still asks. */
import { describe, expect, it } from 'vitest'
import { Prisma } from '../../src/db/generated/client.ts'
import { passingFault } from '../../src/db/passing.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld()
const client = () => world().db.client

const AT = new Date('2026-11-29T01:02:03.456Z')

const QUERIES: readonly (readonly [what: string, sql: Prisma.Sql])[] = [
  [
    'numbers',
    Prisma.sql`SELECT 1::int AS small, 9007199254740993::bigint AS big, 1.5::float8 AS float, 12345678901234567890.5::numeric AS exact`,
  ],
  ['texts, booleans and nulls', Prisma.sql`SELECT 'é☃'::text AS text, true AS yes, false AS no, NULL::text AS nothing, ''::text AS empty`],
  ['times', Prisma.sql`SELECT '2026-11-29T01:02:03.456789+02'::timestamptz AS at, '2026-11-29'::date AS day, NULL::timestamptz AS never`],
  [
    'times that JavaScript does not have',
    Prisma.sql`SELECT 'infinity'::timestamptz AS late, '-infinity'::timestamptz AS early, '0044-03-15 BC'::date AS ides`,
  ],
  ['JSON', Prisma.sql`SELECT '{"a":[1,null,"x"]}'::jsonb AS object, '[]'::json AS list, 'null'::jsonb AS nothing, '"text"'::jsonb AS text`],
  [
    'lists',
    Prisma.sql`SELECT ARRAY['a','b,"c"',NULL]::text[] AS texts, '{}'::text[] AS none, ARRAY[1,2]::bigint[] AS numbers, ARRAY[now() - now() + '2026-11-29'::timestamptz] AS times`,
  ],
  ['no row', Prisma.sql`SELECT 1 AS one WHERE false`],
  [
    'parameters',
    Prisma.sql`SELECT ${'text'}::text AS text, ${7}::int AS number, ${2n ** 60n}::bigint AS big, ${true}::bool AS yes, ${null}::text AS nothing, ${AT}::timestamptz AS at, ${['a', 'b,"']}::text[] AS list, ${'{"a":1}'}::jsonb AS json`,
  ],
  ['a part within a whole', Prisma.sql`SELECT * FROM (${Prisma.sql`SELECT ${1}::int AS one`}) AS part WHERE one = ${1}::int`],
]

describe('raw SQL outside of a transaction', () => {
  it.each(QUERIES)('gives the same as within one: %s', async (_what, sql) => {
    const within = await client().$transaction(async (tx) => await tx.$queryRaw(sql))
    expect(await client().$queryRaw(sql)).toStrictEqual(within)
  })

  it('as a template, it gives rows and counts', async () => {
    expect(await client().$queryRaw`SELECT ${'x'}::text AS text, ${AT}::timestamptz AS at`).toStrictEqual([{ text: 'x', at: AT }])
    expect(await client().$executeRaw`INSERT INTO claims (name, claimed_at) VALUES ('one', ${AT}), ('two', ${AT})`).toBe(2)
    expect(await client().$executeRaw`DELETE FROM claims WHERE name = ANY(${['one', 'two', 'three']}::text[])`).toBe(2)
  })

  it('an error has the words of the database', async () => {
    await expect(client().$queryRaw`SELECT * FROM no_such_table`).rejects.toThrow(/relation "no_such_table" does not exist/)
  })

  it('a read-only server is an outage', async () => {
    const fault = await client()
      .$transaction(async (tx) => {
        await tx.$executeRaw`SET TRANSACTION READ ONLY`
        await tx.$executeRaw`DELETE FROM claims`
      })
      .catch(passingFault)
    const direct = await client().$queryRaw`DO $$ BEGIN RAISE SQLSTATE '25006'; END $$`.catch(passingFault)
    expect(fault).toMatchObject({ kind: 'away', reason: '25006' })
    expect(direct).toMatchObject({ kind: 'away', reason: '25006' })
  })

  it('what a transaction writes is undone with it, raw SQL as well', async () => {
    const undone = client().$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO claims (name, claimed_at) VALUES ('undone', ${AT})`
      throw new Error('no')
    })
    await expect(undone).rejects.toThrow('no')
    expect(await client().$queryRaw`SELECT name FROM claims WHERE name = 'undone'`).toEqual([])
  })
})
