/**
 * Who uses which route of which dialect: counted by the request, for nothing; written by the server; shown to administrators.
 * A use is found again by the User-Agent that the test gave it.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { adminToken, query } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, unique, withTwoFactor } from './support/accounts.ts'
import { advanceToNoon, restoreTimeAfterwards } from './support/clock.ts'
import { openTestDatabase, statementsOf } from './support/database.ts'
import { personalToken } from './support/personalToken.ts'
import { openWorld, type Send, type World } from './support/world.ts'

/** How often counts are written. */
const USAGE_INTERVAL = 60_000

restoreTimeAfterwards()
beforeAll(advanceToNoon)
beforeAll(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterAll(() => void vi.useRealTimers())

/** Opens worlds that are closed after the tests of a `describe`. */
const useWorlds = (...settings: readonly Readonly<Record<string, string>>[]): (() => World[]) => {
  const worlds: World[] = []
  beforeAll(async () => {
    for (const one of settings) worlds.push(await openWorld(one))
  }, 60_000)
  afterAll(async () => {
    for (const world of worlds) {
      await world.close()
      expect(world.logs.filter(({ level }) => level === 'error')).toEqual([])
    }
  })
  return () => worlds
}

/** No other holds it, which is what a filter looks for. */
const agent = () => `client/${unique()} (test)`
const call = async (world: World, route: string, client: string, send: Send = {}) => {
  const [method = '', path = ''] = route.split(' ')
  return (await world.request(method, path, { ...send, headers: { 'user-agent': client, ...send.headers } })).status
}
const minutePasses = () => void vi.advanceTimersByTime(USAGE_INTERVAL)

interface Told {
  readonly dialect: string
  readonly route: string
  readonly client: string | null
  readonly tokenSurface: string | null
  readonly requests: number
  readonly failures: number
  readonly firstAt: string
  readonly lastAt: string
}

const FIELDS = 'dialect route client tokenSurface requests failures firstAt lastAt'
const ask = async (world: World, filter: object): Promise<Told[]> => {
  const document = `dialectUses(first: 500, filter: $filter) { ... on DialectUseConnection { edges { node { ${FIELDS} } } } }`
  const { edges } = await query(world, document, await adminToken(world), { filter }, '($filter: DialectUseFilter)')
  return edges.map(({ node }: { node: Told }) => node)
}

/** What is reported of a client once a minute has passed, as soon as it comes to so many requests. */
const toldOf = async (world: World, client: string, requests: number): Promise<Told[]> => {
  minutePasses()
  let reported: Told[] = []
  await expect
    .poll(async () => {
      reported = await ask(world, { client })
      return reported.reduce((sum, use) => sum + use.requests, 0)
    })
    .toBe(requests)
  return reported
}
const shortly = ({ dialect, route, tokenSurface, requests, failures }: Told) =>
  [dialect, route, tokenSurface, requests, failures].join(' | ')

describe('a request to a route', () => {
  const worlds = useWorlds({})
  const world = () => worlds()[0] as World
  let boss: Person
  beforeAll(async () => {
    boss = await admin(world())
  })

  it('a request to a route is counted by dialect, route, client, and the surface of its token', async () => {
    const someone = await person(world())
    const { email } = someone
    const login = { email, password: PASSWORD }
    const v1 = (await world().post('/v1/auth/login', login)).body
    const tokens = [
      someone.token,
      await personalToken(world(), someone, []),
      v1.token,
      v1.accessToken,
      (await world().post('/users/login', login)).body.token,
      (await world().post('/auth/login', login)).body.tokens.access.token,
    ]
    const client = agent()
    for (const token of tokens) {
      expect(await call(world(), 'GET /api/user', client, { token })).toBe(200)
      expect(await call(world(), 'GET /v1/profile', client, { token })).toBe(200)
      expect(await call(world(), 'POST /auth', client, { token })).toBe(200)
    }
    const perSurface = ['GRAPHQL | 2', 'IDIOT | 2', 'WEKAN | 1', 'AUTHENTICATION | 1']
    const places = ['wekan | GET /api/user', 'xiot | GET /v1/profile', 'authentication | POST /auth']
    const reported = await toldOf(world(), client, 18)
    expect(reported.map(shortly).sort()).toEqual(places.flatMap((place) => perSurface.map((some) => `${place} | ${some} | 0`)).sort())
    expect(new Set(reported.map((use) => use.client))).toEqual(new Set([client]))
  })

  it('a request to a route is counted under the route, whatever its parameters, its query and its method of reading', async () => {
    const client = agent()
    const someone = await person(world())
    for (const id of [boss.id, someone.id, someone.username])
      expect(await call(world(), `GET /api/users/${id}?x=${id}`, client, { token: boss.token })).toBe(200)
    expect(await call(world(), `HEAD /api/users/${someone.id}`, client, { token: boss.token })).toBe(200)
    expect(await call(world(), 'GET /api/users/', client, { token: boss.token })).toBe(200)
    expect((await toldOf(world(), client, 5)).map(shortly).sort()).toEqual([
      'wekan | GET /api/users | GRAPHQL | 1 | 0',
      'wekan | GET /api/users/:id | GRAPHQL | 4 | 0',
    ])
  })

  it('a request to a route that is refused is counted as a failure, whoever was found out to call', async () => {
    const client = agent()
    const { token } = await person(world())
    const tries: readonly [string, Send, number][] = [
      ['GET /api/user', {}, 401],
      ['GET /api/user', { token: 'no such token' }, 401],
      ['GET /api/users', { token }, 403],
      ['GET /api/users/nobody', { token: boss.token }, 404],
      ['PUT /v1/profile', { token, json: { firstName: '1' } }, 400],
      ['PUT /v1/profile', { token, raw: '{', headers: { 'content-type': 'application/json' } }, 400],
      ['PUT /v1/profile', { token, raw: 'a', headers: { 'content-type': 'text/plain' } }, 415],
      ['PUT /v1/profile', { token, raw: new Uint8Array(200_000), headers: { 'content-type': 'application/json' } }, 413],
      ['POST /auth/login', { json: { email: 'nobody@example.com', password: PASSWORD } }, 401],
      ['POST /auth/login', { token, json: {} }, 400],
    ]
    for (const [route, send, status] of tries) expect(await call(world(), route, client, send)).toBe(status)
    expect((await toldOf(world(), client, tries.length)).map(shortly).sort()).toEqual([
      'authentication | POST /auth/login |  | 2 | 2',
      'wekan | GET /api/user |  | 2 | 2',
      'wekan | GET /api/users | GRAPHQL | 1 | 1',
      'wekan | GET /api/users/:id | GRAPHQL | 1 | 1',
      'xiot | PUT /v1/profile |  | 3 | 3',
      'xiot | PUT /v1/profile | GRAPHQL | 1 | 1',
    ])
  })

  it('a request to a route that only asks for the second factor is not a failure, on any dialect', async () => {
    const client = agent()
    const { email } = await withTwoFactor(world())
    const login = { json: { email, password: PASSWORD } }
    expect(await call(world(), 'POST /v1/auth/login', client, login)).toBe(200)
    expect(await call(world(), 'POST /users/login', client, login)).toBe(403)
    expect(await call(world(), 'POST /auth/login', client, login)).toBe(401)
    expect((await toldOf(world(), client, 3)).map(shortly).sort()).toEqual([
      'authentication | POST /auth/login |  | 1 | 0',
      'idiot | POST /v1/auth/login |  | 1 | 0',
      'wekan | POST /users/login |  | 1 | 0',
    ])
  })

  it('a request to a route of no row is counted by nobody, nor is one that asks which methods there are', async () => {
    const client = agent()
    expect(await call(world(), 'GET /api/nowhere', client)).toBe(404)
    expect(await call(world(), 'DELETE /api/user', client)).toBe(405)
    expect(await call(world(), 'OPTIONS /api/user', client)).toBe(204)
    expect(await call(world(), 'POST /graphql', client, { json: { query: '{ __typename }' } })).toBe(200)
    expect(await call(world(), 'GET /api/user', client)).toBe(401)
    expect((await toldOf(world(), client, 1)).map(shortly)).toEqual(['wekan | GET /api/user |  | 1 | 1'])
  })

  it('a request to a route without a User-Agent has a client of its own', async () => {
    await world().app.fetch(new Request(`${world().url}/users/logout`, { method: 'POST' }))
    minutePasses()
    const nameless = async () => (await ask(world(), { route: 'POST /users/logout' })).filter(({ client }) => client === null)
    await expect.poll(async () => (await nameless()).map(shortly)).toEqual(['wekan | POST /users/logout |  | 1 | 1'])
  })

  it('costs no statement to count, and three to write with all others', async () => {
    const client = agent()
    const { token } = await person(world())
    await call(world(), 'GET /api/user', client)
    const [before] = await toldOf(world(), client, 1)
    expect(await statementsOf(world().db, async () => await call(world(), 'GET /api/user', client, { token }))).toHaveLength(1)
    expect(await statementsOf(world().db, async () => await call(world(), 'GET /api/user', client))).toHaveLength(0)
    expect(await ask(world(), { client })).toEqual([before])
    const written = await statementsOf(world().db, async () => await toldOf(world(), client, 3))
    const about = written.filter((sql) => /INTO dialect_uses|advisory_xact_lock|DISTINCT day/.test(sql))
    expect(about.map((sql) => sql.trim().split(/\s+/)[0])).toEqual(['SELECT', 'SELECT', 'INSERT'])
  })

  it('the uses of a route are shown to administrators alone', async () => {
    const { token } = await person(world())
    const reported = async (by?: string) => (await query(world(), 'dialectUses { __typename }', by)).code
    expect([await reported(), await reported(token)]).toEqual(['UNAUTHENTICATED', 'FORBIDDEN'])
    expect(await reported(await personalToken(world(), boss, ['users', 'perm']))).toBe('FORBIDDEN')
  })

  it('a request to a route has a first and a last time, over all minutes and days', async () => {
    const client = agent()
    const from = Date.now()
    await call(world(), 'GET /api/user', client)
    await toldOf(world(), client, 1)
    world().advance(3 * 24 * 3_600_000)
    await call(world(), 'GET /api/user', client)
    await call(world(), 'GET /api/user', client)
    const [reported] = await toldOf(world(), client, 3)
    const sinceThen = (instant = '') => Math.round((Date.parse(instant) - from) / 3_600_000)
    expect([reported?.firstAt, reported?.lastAt].map(sinceThen)).toEqual([0, 72])
    expect(await world().db.client.dialectUse.count({ where: { client } })).toBe(2)
  })
})

describe('settings', () => {
  const worlds = useWorlds({ WEKAN_ERROR_STATUS: '200', DIALECTS: 'wekan,xiot', WEKAN_PREFIX: '/boards' })
  const world = () => worlds()[0] as World

  it('settings that hide a status hide no failure, and a prefix is part of the route', async () => {
    const client = agent()
    const { token } = await admin(world())
    expect(await call(world(), 'GET /boards/api/user', client)).toBe(200)
    expect(await call(world(), 'GET /boards/api/users/nobody', client, { token })).toBe(200)
    expect((await toldOf(world(), client, 2)).map(shortly).sort()).toEqual([
      'wekan | GET /boards/api/user |  | 1 | 1',
      'wekan | GET /boards/api/users/:id | GRAPHQL | 1 | 1',
    ])
  })

  it('say whose the sign-in of /v1 is that two dialects share', async () => {
    const client = agent()
    await call(world(), 'POST /v1/auth/login', client, { json: {} })
    expect((await toldOf(world(), client, 1)).map(shortly)).toEqual(['xiot | POST /v1/auth/login |  | 1 | 1'])
  })
})

describe('the server', () => {
  it('the server writes what is left when it is closed, and several of them add up', async () => {
    const db = await openTestDatabase()
    const houses = [await openWorld({}, { db }), await openWorld({}, { db })]
    const client = agent()
    for (const [index, world] of houses.entries())
      for (let count = 0; count <= index; count += 1) await call(world, 'GET /v1/profile', client)
    await Promise.all(houses.map((world) => world.close()))
    const rows = await db.client.dialectUse.findMany({ where: { client }, select: { route: true, requests: true, failures: true } })
    expect(rows).toEqual([{ route: 'GET /v1/profile', requests: 3n, failures: 3n }])
    await db.close()
  })

  it('the server keeps what it could not write, says so, and writes it once', async () => {
    const db = await openTestDatabase()
    const world = await openWorld({}, { db })
    const warnings = () => world.logs.filter(({ level, message }) => level === 'warn' && /the counts of dialect uses/.test(message)).length
    const client = agent()
    await call(world, 'GET /v1/profile', client)
    await db.client.$executeRaw`ALTER TABLE dialect_uses RENAME COLUMN requests TO mislaid`
    minutePasses()
    await expect.poll(warnings).toBe(1)
    await call(world, 'GET /v1/profile', client)
    minutePasses()
    await expect.poll(warnings).toBe(2)
    await db.client.$executeRaw`ALTER TABLE dialect_uses RENAME COLUMN mislaid TO requests`
    await call(world, 'GET /v1/profile', client)
    expect((await toldOf(world, client, 3)).map(shortly)).toEqual(['xiot | GET /v1/profile |  | 3 | 3'])
    await world.close()
    expect(await db.client.dialectUse.findMany({ where: { client }, select: { requests: true } })).toEqual([{ requests: 3n }])
    await db.close()
  })
})
