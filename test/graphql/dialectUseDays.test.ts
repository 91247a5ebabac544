/** Uses of the dialects day by day: sums, groups, the period, and its bounds. */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, type Person, person } from '../support/accounts.ts'
import { statementsOf } from '../support/database.ts'
import { personalToken } from '../support/personalToken.ts'
import { useWorld } from '../support/world.ts'
import { DAY, expectFailure, grantScopes, query } from './ask.ts'

const world = useWorld()
let boss: Person
/** Midnight of today in UTC. */
let today = 0
const dayBefore = (days: number): string => new Date(today - days * DAY).toISOString().slice(0, 10)
const ask = (args: string, token: string | undefined = boss.token) =>
  query(world(), `dialectUseDays(${args}) { day group requests failures }`, token)

interface Row {
  readonly day: string
  readonly group: string | null
  readonly requests: number
  readonly failures: number
}
const told = (rows: readonly Row[]) => rows.map(({ day, group, requests, failures }) => [day, group, requests, failures])

beforeAll(async () => {
  boss = await admin(world())
  today = Math.floor(Date.now() / DAY) * DAY
  const uses = (days: number, dialect: string, route: string, client: string, requests: number, more: object = {}) => {
    const day = new Date(today - days * DAY)
    return { day, dialect, route, client, tokenSurface: '', requests, failures: 1, firstAt: day, lastAt: day, ...more }
  }
  await world().db.client.dialectUse.createMany({
    data: [
      uses(0, 'one', 'GET /a', 'app', 3),
      uses(0, 'one', 'GET /a', 'app', 4, { tokenSurface: 'wekan' }),
      uses(0, 'one', 'PUT /b', 'app', 5),
      uses(0, 'two', 'GET /a', '', 100),
      uses(1, 'one', 'GET /a', '(other)', 3_000_000_000, { failures: 0 }),
      uses(29, 'two', 'GET /a', 'app', 7),
      uses(30, 'two', 'GET /a', 'app', 8),
      uses(399, 'two', 'GET /a', 'app', 9),
      uses(400, 'two', 'GET /a', 'app', 10),
      ...Array.from({ length: 13 }, (_, index) =>
        uses(2 + (index % 2), 'many', 'GET /c', `client ${String(index).padStart(2, '0')}`, 10 + index),
      ),
    ],
  })
})

describe('dialectUseDays', () => {
  it('dialectUseDays sums by day and dialect over the last 30 days, the earliest first', async () => {
    expect(told(await ask('by: DIALECT'))).toEqual([
      [dayBefore(29), 'two', 7, 1],
      [dayBefore(3), 'many', 11 + 13 + 15 + 17 + 19 + 21, 6],
      [dayBefore(2), 'many', 10 + 12 + 14 + 16 + 18 + 20 + 22, 7],
      [dayBefore(1), 'one', 3_000_000_000, 0],
      [dayBefore(0), 'two', 100, 1],
      [dayBefore(0), 'one', 12, 3],
    ])
  })

  it('dialectUseDays sums by route, and by client', async () => {
    expect(told(await ask('by: ROUTE, filter: { dialect: "one" }'))).toEqual([
      [dayBefore(1), 'GET /a', 3_000_000_000, 0],
      [dayBefore(0), 'GET /a', 7, 2],
      [dayBefore(0), 'PUT /b', 5, 1],
    ])
    expect(told(await ask(`by: CLIENT, filter: { route: "GET /a", since: "${dayBefore(1)}T12:00:00Z" }`))).toEqual([
      [dayBefore(1), '(other)', 3_000_000_000, 0],
      [dayBefore(0), '', 100, 1],
      [dayBefore(0), 'app', 7, 2],
    ])
  })

  it('dialectUseDays shows the ten groups with the most requests, and all others together, on each day', async () => {
    const rows: Row[] = await ask('by: CLIENT, filter: { dialect: "many" }')
    const others = rows.filter(({ group }) => group === null)
    expect(told(others)).toEqual([
      [dayBefore(3), null, 11, 1],
      [dayBefore(2), null, 10 + 12, 2],
    ])
    const named = [...new Set(rows.map(({ group }) => group).filter((group) => group !== null))].sort()
    expect(named).toEqual(Array.from({ length: 10 }, (_, index) => `client ${String(index + 3).padStart(2, '0')}`))
    expect(rows.at(-1)).toEqual(others[1])
    expect(rows.find(({ day }) => day === dayBefore(2))).toEqual({ day: dayBefore(2), group: 'client 12', requests: 22, failures: 1 })
  })

  it('dialectUseDays takes 400 days, and no more', async () => {
    const since = (days: number) => `by: DIALECT, filter: { dialect: "two", since: "${dayBefore(days)}T00:00:00Z" }`
    expect(told(await ask(since(399))).map(([, , requests]) => requests)).toEqual([9, 8, 7, 100])
    expectFailure(await ask(since(400)), 'errors', 'INVALID_INPUT', ['since'])
    const whole = `since: "${dayBefore(400)}T10:00:00Z", until: "${dayBefore(0)}T00:00:00Z"`
    expect(told(await ask(`by: DIALECT, filter: { dialect: "two", ${whole} }`)).map(([, , requests]) => requests)).toEqual([10, 9, 8, 7])
    expectFailure(await ask('by: ROUTE, filter: { since: "1999-01-01T00:00:00Z" }'), 'errors', 'INVALID_INPUT', ['since'])
    expectFailure(await ask('by: ROUTE, filter: { until: "9999-12-31T00:00:00Z" }'), 'errors', 'INVALID_INPUT', ['until'])
  })

  it('dialectUseDays without a start has the 30 days before its end', async () => {
    const rows = await ask(`by: DIALECT, filter: { dialect: "two", until: "${dayBefore(29)}T00:00:00Z" }`)
    expect(told(rows)).toEqual([[dayBefore(30), 'two', 8, 1]])
    expect(await ask(`by: DIALECT, filter: { since: "${dayBefore(1)}T00:00:00Z", until: "${dayBefore(5)}T00:00:00Z" }`)).toEqual([])
  })

  it('dialectUseDays knows no day before the first year', async () => {
    expect(await ask('by: DIALECT, filter: { until: "0001-01-03T00:00:00Z" }')).toEqual([])
  })

  it('dialectUseDays refuses text that is none', async () => {
    expectFailure(await ask('by: CLIENT, filter: { client: "a\\u0000" }'), 'errors', 'INVALID_INPUT', ['client'])
  })

  it('dialectUseDays needs one statement beside that for the caller', async () => {
    const statements = await statementsOf(world().db, () => ask('by: CLIENT'))
    expect(statements.filter((sql) => sql.includes('dialect_uses'))).toHaveLength(1)
  })

  it('dialectUseDays needs a session, and an administrator', async () => {
    const { body } = await world().request('POST', '/graphql', { json: { query: '{ dialectUseDays(by: ROUTE) { day } }' } })
    expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED')
    const someone = await person(world())
    await grantScopes(world(), someone, ['perm'])
    expectFailure(await ask('by: ROUTE', someone.token), 'errors', 'FORBIDDEN')
    expectFailure(await ask('by: ROUTE', await personalToken(world(), boss, ['users'])), 'errors', 'FORBIDDEN')
  })
})
