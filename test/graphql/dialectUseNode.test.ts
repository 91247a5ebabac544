/**
 * A use of a dialect as a node: its id holds the period, since the same use has other numbers in another period, and a normalised cache
 * must not mix them.
 */
import { beforeAll, expect, it } from 'vitest'
import { admin, grant, person, signIn } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, query } from './ask.ts'

const world = useWorld()
let token = ''
const use = { dialect: 'wekan', route: 'GET /api/user', client: 'old app', tokenSurface: 'wekan', failures: 1 }
beforeAll(async () => {
  token = (await admin(world())).token
  const days = [
    ['2026-01-01', 3],
    ['2026-01-02', 4],
    ['2026-01-05', 5],
  ] as const
  await world().db.client.dialectUse.createMany({
    data: days.map(([day, requests]) => ({
      ...use,
      requests,
      day: new Date(day),
      firstAt: new Date(`${day}T10:00:00Z`),
      lastAt: new Date(`${day}T11:00:00Z`),
    })),
  })
})

const FIELDS = 'id dialect route client tokenSurface requests failures firstAt lastAt'
const listed = async (filter: string) =>
  (await query(world(), `dialectUses(filter: { dialect: "wekan" ${filter} }) { edges { node { ${FIELDS} } } }`, token)).edges[0].node
const node = async (id: string, as: string | undefined = token) =>
  await query(world(), `node(id: $id) { id ... on DialectUse { ${FIELDS} } }`, as, { id }, '($id: ID!)')

it('is found by its id, as the list showed it, for each period', async () => {
  const periods = [
    ['', 12],
    ['since: "2026-01-02T00:00:00Z"', 9],
    ['until: "2026-01-02T12:00:00Z"', 7],
    ['since: "2026-01-02T00:00:00Z", until: "2026-01-03T00:00:00Z"', 4],
  ] as const
  const ids = new Set<string>()
  for (const [filter, requests] of periods) {
    const seen = await listed(filter)
    expect(seen).toMatchObject({ dialect: 'wekan', route: 'GET /api/user', client: 'old app', tokenSurface: 'WEKAN', requests })
    expect(await node(seen.id)).toEqual(seen)
    ids.add(seen.id)
  }
  expect(ids.size).toBe(4)
})

it('is null for everybody but administrators', async () => {
  const { id } = await listed('')
  const someone = await person(world())
  await grant(world(), someone, ['perm'])
  expect(await node(id, await signIn(world(), someone))).toBeNull()
  expect(await query(world(), 'node(id: $id) { id }', undefined, { id }, '($id: ID!)')).toBeNull()
})

const encoded = (value: unknown) => `DialectUse:${Buffer.from(JSON.stringify(value)).toString('base64url')}`
it.each([
  ['nonsense', 'DialectUse:nonsense'],
  ['another route', encoded(['wekan', 'GET /other', 'old app', 'wekan', null, null])],
  ['a period without uses', encoded(['wekan', 'GET /api/user', 'old app', 'wekan', '2030-01-01', null])],
  ['a text that no database holds', encoded(['wekan', 'a\0b', 'old app', 'wekan', null, null])],
  ['a surface that does not exist', encoded(['wekan', 'GET /api/user', 'old app', 'soap', null, null])],
  ['a day that does not exist', encoded(['wekan', 'GET /api/user', 'old app', 'wekan', '2026-02-30', null])],
  ['the year 0', encoded(['wekan', 'GET /api/user', 'old app', 'wekan', '0000-01-01', null])],
  ['a part too few', encoded(['wekan', 'GET /api/user', 'old app', 'wekan', null])],
])('is null for %s', async (_what, id) => {
  expect(await node(id, await adminToken(world()))).toBeNull()
})
