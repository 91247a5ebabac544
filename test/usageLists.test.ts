/**
 * What is kept of uses, and how it is reported: the bound on clients whatever they make up, counts that add up whoever writes
 * them, pages and filters of the query, and the report. Uses are handed to the counter itself, or written into the database.
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { usageText } from '../src/cli/usageText.ts'
import { createOutage } from '../src/db/outage.ts'
import { createUsage } from '../src/domain/usage/gatherUses.ts'
import { usageReport } from '../src/domain/usage/report.ts'
import type { Use } from '../src/domain/usage/uses.ts'
import { silent } from '../src/tools/silent.ts'
import { expectFailure, query } from './graphql/ask.ts'
import { admin, unique } from './support/accounts.ts'
import { statementsOf, useDatabase } from './support/database.ts'
import { useWorld } from './support/world.ts'

/** Names of clients a day and dialect, how many of them anybody may fill, and what the others are counted under. */
const CLIENTS = 200
const UNPROVEN_CLIENTS = 100
const OTHER = '(other)'
/** Counts that one statement writes. */
const BATCH = 1_000

const DAY = 24 * 3_600_000
const START = Date.parse('2030-01-10T12:00:00.000Z')

describe('counters', () => {
  const database = useDatabase()
  let now = START
  const clock = { now: () => new Date(now) }
  const counter = (more: { log?: typeof silent; limit?: number } = {}) =>
    createUsage({ db: database().client, clock, log: silent, outage: createOutage(silent), ...more })
  const use = (dialect: string, userAgent: string | null, more: Partial<Use> = {}): Use => ({
    dialect,
    route: 'GET /some',
    userAgent,
    tokenSurface: null,
    refused: false,
    proven: true,
    ...more,
  })
  const rowsOf = async (dialect: string) => await database().client.dialectUse.findMany({ where: { dialect }, orderBy: { client: 'asc' } })
  const named = async (dialect: string) => (await rowsOf(dialect)).filter(({ client }) => client !== OTHER && client !== '').length
  const total = async (dialect: string) => (await rowsOf(dialect)).reduce((sum, { requests }) => sum + Number(requests), 0)
  const dialectName = () => `dialect${unique()}`

  it(`tell ${CLIENTS} clients of a day and dialect apart, however many there are and whoever writes them`, async () => {
    const [one, other] = [dialectName(), dialectName()]
    const counters = [counter(), counter(), counter()]
    for (let round = 0; round < 3; round += 1) {
      for (const [index, { count }] of counters.entries())
        for (let number = 0; number < 300; number += 1) count(use(one, `made up ${round} ${index} ${number}`))
      await Promise.all(counters.map(({ flush }) => flush()))
    }
    counters[0]?.count(use(other, 'made up'))
    await counters[0]?.flush()
    expect([await named(one), await total(one), await named(other)]).toEqual([CLIENTS, 2700, 1])
    now += DAY
    counters[0]?.count(use(one, 'of another day'))
    await counters[0]?.flush()
    expect([await named(one), await total(one)]).toEqual([CLIENTS + 1, 2701])
  })

  it(`give no more than ${UNPROVEN_CLIENTS} places to clients without an account, served or not, and count them all`, async () => {
    const dialect = dialectName()
    const { count, flush } = counter()
    for (let number = 0; number < 5000; number += 1) count(use(dialect, `forged ${number}`, { refused: number % 2 === 0, proven: false }))
    await flush()
    expect([await named(dialect), await total(dialect)]).toEqual([UNPROVEN_CLIENTS, 5000])
    count(use(dialect, 'forged late', { proven: false }))
    count(use(dialect, 'true client'))
    count(use(dialect, 'true client', { refused: true, route: 'GET /other' }))
    await flush()
    const late = (await rowsOf(dialect)).filter(({ client }) => ['forged late', 'true client'].includes(client))
    expect(late.map(({ client, route }) => [client, route])).toEqual([
      ['true client', 'GET /other'],
      ['true client', 'GET /some'],
    ])
  })

  it('give places to those of accounts first, also within one write', async () => {
    const dialect = dialectName()
    const { count, flush } = counter()
    for (let number = 0; number < UNPROVEN_CLIENTS; number += 1) count(use(dialect, `forged ${number}`, { proven: false }))
    for (let number = 0; number < UNPROVEN_CLIENTS; number += 1) count(use(dialect, `true ${number}`))
    const db = counter()
    for (let number = 0; number < UNPROVEN_CLIENTS; number += 1) db.count(use(dialect, `earlier ${number}`))
    await db.flush()
    await flush()
    const clients = (await rowsOf(dialect)).map(({ client }) => client)
    expect(clients.filter((client) => client.startsWith('true'))).toHaveLength(UNPROVEN_CLIENTS)
    expect(clients.filter((client) => client.startsWith('forged'))).toEqual([])
  })

  it('hold a bounded number in memory, and lose none', async () => {
    const dialect = dialectName()
    const limit = 2 * BATCH
    const { count, flush } = counter({ limit })
    const routes = limit / CLIENTS + 20
    for (let route = 0; route < routes; route += 1)
      for (let client = 0; client < CLIENTS; client += 1) count(use(dialect, `client ${client}`, { route: `GET /${route}` }))
    const written = await statementsOf(database(), flush)
    expect(written.filter((sql) => sql.includes('INTO dialect_uses')).length).toBe(3)
    expect(await database().client.dialectUse.count({ where: { dialect } })).toBe(limit + 20)
    expect(await total(dialect)).toBe(routes * CLIENTS)
  })

  it('add up, whatever is counted when, and whoever writes at the same time', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.tuple(fc.nat(2), fc.constantFrom('a', 'b', null), fc.constantFrom('graphql', 'wekan', null), fc.boolean()),
      },
      { weight: 1, arbitrary: fc.constant('flush' as const) },
      { weight: 1, arbitrary: fc.constant('next day' as const) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        now = START
        const warn = vi.fn()
        const dialect = dialectName()
        const counters = [0, 1, 2].map(() => counter({ log: { ...silent, warn } }))
        const expected = new Map<string, [number, number]>()
        for (const one of steps) {
          if (one === 'flush') await Promise.all(counters.map(({ flush }) => flush()))
          else if (one === 'next day') now += DAY
          else {
            const [which, userAgent, tokenSurface, refused] = one
            counters[which]?.count(use(dialect, userAgent, { tokenSurface, refused }))
            const key = [clock.now().toISOString().slice(0, 10), userAgent ?? '', tokenSurface ?? ''].join(' ')
            const [requests, failures] = expected.get(key) ?? [0, 0]
            expected.set(key, [requests + 1, failures + Number(refused)])
          }
        }
        await Promise.all(counters.map(({ flush }) => flush()))
        const rows = (await rowsOf(dialect)).map(
          (row) =>
            [
              [row.day.toISOString().slice(0, 10), row.client, row.tokenSurface].join(' '),
              [Number(row.requests), Number(row.failures)],
            ] as const,
        )
        expect(new Map(rows)).toEqual(expected)
        expect(warn).not.toHaveBeenCalled()
      }),
      { numRuns: 25 },
    )
  })
})

describe('the query', () => {
  const world = useWorld()
  let token = ''
  const at = (days: number, milliseconds = 0) => new Date(START + days * DAY + milliseconds)
  const dayOf = (days: number) => new Date(at(days).toISOString().slice(0, 10))

  beforeAll(async () => {
    token = (await admin(world())).token
    const row = (dialect: string, client: string, days: number, more = {}) => ({
      day: dayOf(days),
      dialect,
      route: 'GET /listed',
      client,
      tokenSurface: '',
      requests: 2n,
      failures: 1n,
      firstAt: at(days, -5),
      lastAt: at(days),
      ...more,
    })
    const many = Array.from({ length: 120 }, (_, index) =>
      row('paged', `client ${index % 60}`, -(index % 7), { tokenSurface: ['', 'wekan'][index % 2] }),
    )
    await world().db.client.dialectUse.createMany({
      data: [
        ...many,
        row('filtered', 'Sync/1.0 100%', 0),
        row('filtered', 'Sync/1.0 100%', -3, { requests: 3_000_000_000n, failures: 0n }),
        row('filtered', 'sync/2.0', -1, { route: 'PUT /listed' }),
        row('filtered', '', -2),
        row('filtered', OTHER, -4),
      ],
      skipDuplicates: true,
    })
  })

  const FIELDS = 'client route tokenSurface requests failures firstAt lastAt'
  const connection = `edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`
  const page = async (args: string) => await query(world(), `dialectUses(${args}) { ${connection} }`, token)
  const nodes = async (filter: string) =>
    (await page(`filter: {dialect: "filtered"${filter}}`)).edges.map(({ node }: { node: { client: string } }) => node)
  const clients = async (filter: string) => (await nodes(filter)).map(({ client }: { client: string | null }) => client)

  const walk = async (first: boolean): Promise<string[]> => {
    const seen: string[] = []
    for (let place: string | null = null; ; ) {
      const from = place === null ? '' : `, ${first ? 'after' : 'before'}: "${place}"`
      const { edges, pageInfo } = await page(`${first ? 'first' : 'last'}: 25${from}, filter: {dialect: "paged"}`)
      const keys = edges.map(({ node }: { node: Record<string, string> }) => `${node.lastAt} ${node.client} ${node.tokenSurface}`)
      seen.splice(first ? seen.length : 0, 0, ...keys)
      place = first ? pageInfo.endCursor : pageInfo.startCursor
      if (!(first ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return seen
    }
  }

  it('the query goes through all uses, last use first, once each and in one order from both ends', async () => {
    const forwards = await walk(true)
    expect(forwards).toEqual(await walk(false))
    expect(new Set(forwards).size).toBe(forwards.length)
    expect(forwards).toHaveLength(60)
    const instants = forwards.map((key) => key.split(' ')[0] ?? '')
    expect(instants).toEqual([...instants].sort().reverse())
  })

  it('sums over days, beyond what an Int holds', async () => {
    expect(await nodes(', client: "100%"')).toEqual([
      {
        client: 'Sync/1.0 100%',
        route: 'GET /listed',
        tokenSurface: null,
        requests: 3_000_000_002,
        failures: 1,
        firstAt: at(-3, -5).toISOString(),
        lastAt: at(0).toISOString(),
      },
    ])
  })

  it('filters by client, route and period, whose days count as a whole', async () => {
    expect(await clients('')).toEqual(['Sync/1.0 100%', 'sync/2.0', null, OTHER])
    expect(await clients(', client: "SYNC"')).toEqual(['Sync/1.0 100%', 'sync/2.0'])
    expect(await clients(', client: "s%c"')).toEqual([])
    expect(await clients(', route: "PUT /listed"')).toEqual(['sync/2.0'])
    expect(await clients(`, since: "${at(-1, 3_600_000).toISOString()}"`)).toEqual(['Sync/1.0 100%', 'sync/2.0'])
    expect(await clients(`, until: "${dayOf(-3).toISOString()}"`)).toEqual([OTHER])
    expect(await clients(`, until: "${new Date(dayOf(-3).getTime() + 1).toISOString()}"`)).toEqual(['Sync/1.0 100%', OTHER])
  })

  it('the query refuses what is no filter, no page and no place', async () => {
    const forged = (seq: string) => Buffer.from(JSON.stringify(['uses', 'x', seq])).toString('base64url')
    const refused = [
      ['first: 501', 'first'],
      ['after: "nonsense"', 'after'],
      [`after: "${Buffer.from('["audit","","1"]').toString('base64url')}"`, 'after'],
      ['filter: {client: "a\\u0000"}', 'client'],
      ['filter: {since: "0001-01-01T00:00:00Z"}', 'since'],
    ] as const
    for (const [args, field] of refused) expectFailure(await page(args), 'errors', 'INVALID_INPUT', [field])
    expect((await page(`after: "${forged('999999999999999999')}", filter: {dialect: "filtered"}`)).edges).toHaveLength(4)
    expect((await page(`after: "${forged('0')}"`)).edges).toEqual([])
  })
})

describe('the report', () => {
  const database = useDatabase()
  const since = new Date(START)
  const served = ['GET /a', 'GET /b', 'GET /c'].map((route) => ({ dialect: 'wekan', route }))

  it('the report says when nothing was counted yet', async () => {
    const report = await usageReport({ db: database().client }, served, since)
    expect(report).toMatchObject({ since: '2030-01-10', countedSince: null })
    expect(usageText(report).split('\n').slice(2)).toEqual([
      'Nothing was counted yet.',
      '',
      'wekan',
      '  not used since 2030-01-10:',
      '    GET /a  no use is known',
      '    GET /b  no use is known',
      '    GET /c  no use is known',
      '',
    ])
  })

  it('the report tells what was used, by whom most, what was not, and what is served no more', async () => {
    const row = (route: string, client: string, days: number, requests: number, tokenSurface = '') => {
      const at = new Date(START + days * DAY)
      const counts = { requests: BigInt(requests), failures: 1n, firstAt: at, lastAt: at }
      return { day: new Date(at.toISOString().slice(0, 10)), dialect: 'wekan', route, client, tokenSurface, ...counts }
    }
    await database().client.dialectUse.createMany({
      data: [
        row('GET /a', 'sync/1', 0, 1000),
        row('GET /a', 'sync/1', 1, 500, 'graphql'),
        row('GET /a', '', 0, 20),
        row('GET /a', 'x'.repeat(60), 2, 10),
        row('GET /a', 'fourth', 0, 5),
        row('GET /a', 'of old', -3, 7000),
        row('GET /b', 'of old', -2, 7000),
        row('DELETE /gone', 'sync/1', 0, 2),
      ],
    })
    const db = { db: database().client }
    const report = await usageReport(db, served, since)
    expect(report.routes.map(({ route, served: isServed, requests, otherClients }) => [route, isServed, requests, otherClients])).toEqual([
      ['GET /a', true, 1535, 1],
      ['DELETE /gone', false, 2, 0],
      ['GET /b', true, 0, 0],
      ['GET /c', true, 0, 0],
    ])
    expect(usageText(report).split('\n')).toEqual([
      'Uses of REST routes since 2030-01-10 (UTC)',
      '',
      'wekan',
      '  route                      requests  failures  last use (UTC)    clients',
      `  GET /a                        1,535         5  2030-01-12 12:00  sync/1: 1,500, (no User-Agent): 20, ${'x'.repeat(39)}…: 10, 1 more`,
      '  DELETE /gone (not served)         2         1  2030-01-10 12:00  sync/1: 2',
      '  not used since 2030-01-10:',
      '    GET /b  last used 2030-01-08 12:00',
      '    GET /c  no use is known',
      '',
    ])
    expect(usageText(await usageReport(db, served, new Date(START - 30 * DAY)))).toContain('first use that is known of was on 2030-01-07')
    expect((await usageReport(db, served, since, 'idiot')).routes).toEqual([])
  })
})
