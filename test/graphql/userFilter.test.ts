/**
 * Filters and counts of the list of accounts: a list for administrators. Filters are compared with rows that the test wrote, and every
 * count with the length of the list.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, grant, PASSWORD, person, signIn, withTwoFactor } from '../support/accounts.ts'
import { statementsOf } from '../support/database.ts'
import { useWorld } from '../support/world.ts'
import { expectFailure, mutate, query } from './ask.ts'

const world = useWorld()
let token = ''
/** The usernames of those who have a property, beside the administrator. */
const [CREATED, FACTOR, DISABLED, VERIFIED, PLAIN] = ['created', 'factor', 'disabled', 'verified', 'plain']

interface Page {
  readonly totalCount: number
  readonly isTotalCountEstimated: boolean
  readonly edges: readonly { readonly node: { readonly username: string } }[]
}
const list = async (args: object = {}, as = token): Promise<Page> =>
  await query(
    world(),
    'users(filter: $filter, search: $search, first: $first) { totalCount isTotalCountEstimated edges { node { username } } }',
    as,
    args,
    '($filter: UserFilter, $search: String, $first: Int)',
  )
const namesOf = ({ edges }: Page) => edges.map(({ node }) => node.username)

beforeAll(async () => {
  const boss = await admin(world())
  token = boss.token
  await world().db.client.user.update({ where: { id: boss.id }, data: { username: 'boss', createdAt: new Date('2026-05-01T00:00:00Z') } })
  const named = async (username: string, id: string, data: object = {}) =>
    await world().db.client.user.update({ where: { id }, data: { username, createdAt: new Date('2026-06-01T00:00:00Z'), ...data } })
  await named(CREATED ?? '', (await person(world())).id, { createdAt: new Date('2025-01-01T00:00:00Z') })
  await named(FACTOR ?? '', (await withTwoFactor(world())).id)
  await named(DISABLED ?? '', (await person(world())).id, { loginDisabled: true })
  await named(VERIFIED ?? '', (await person(world())).id, { emailVerifiedAt: new Date() })
  const plain = await mutate(world(), 'signUp', { username: PLAIN, password: PASSWORD })
  await named(PLAIN ?? '', plain.user.id)
})

describe('a filter', () => {
  it.each<[object, string[]]>([
    [{}, ['boss', 'created', 'factor', 'disabled', 'verified', 'plain']],
    [{ isAdmin: null, createdSince: null }, ['boss', 'created', 'factor', 'disabled', 'verified', 'plain']],
    [{ isAdmin: true }, ['boss']],
    [{ isAdmin: false }, ['created', 'factor', 'disabled', 'verified', 'plain']],
    [{ loginDisabled: true }, ['disabled']],
    [{ loginDisabled: false }, ['boss', 'created', 'factor', 'verified', 'plain']],
    [{ twoFactorEnabled: true }, ['factor']],
    [{ twoFactorEnabled: false }, ['boss', 'created', 'disabled', 'verified', 'plain']],
    [{ emailVerified: true }, ['verified']],
    [{ emailVerified: false, isAdmin: false }, ['created', 'factor', 'disabled', 'plain']],
    [{ createdSince: '2026-06-01T00:00:00Z' }, ['factor', 'disabled', 'verified', 'plain']],
    [{ createdUntil: '2026-06-01T00:00:00Z' }, ['boss', 'created']],
    [{ createdSince: '2025-01-01T00:00:00Z', createdUntil: '2026-05-01T00:00:00Z' }, ['created']],
    [{ createdSince: '2027-01-01T00:00:00Z' }, []],
    [{ isAdmin: true, loginDisabled: true }, []],
  ])('%j selects %j, and totalCount counts them', async (filter, names) => {
    const page = await list({ filter })
    expect(namesOf(page)).toEqual(names)
    expect([page.totalCount, page.isTotalCountEstimated]).toEqual([names.length, false])
  })

  it('a filter and a search must both match, and totalCount counts all pages', async () => {
    const page = await list({ filter: { isAdmin: false, twoFactorEnabled: false }, search: 'E', first: 1 })
    expect(page.edges).toHaveLength(1)
    expect(page.totalCount).toBe((await list({ filter: { isAdmin: false, twoFactorEnabled: false }, search: 'E' })).edges.length)
  })

  it.each(['createdSince', 'createdUntil'])('a %s that no database holds is INVALID_INPUT', async (field) => {
    expectFailure(await list({ filter: { [field]: '9999-12-31T00:00:00Z' } }), 'errors', 'INVALID_INPUT', [field])
  })

  it('filter and count are for those who may read all accounts', async () => {
    const someone = await person(world())
    expectFailure(await list({ filter: { isAdmin: true } }, someone.token), 'errors', 'FORBIDDEN', [], { missingScope: 'USERS_READ' })
    await grant(world(), someone, ['users:read'])
    expect((await list({ filter: { isAdmin: true } }, await signIn(world(), someone))).totalCount).toBe(1)
    await mutate(world(), 'deleteUser', { id: someone.id }, token)
  })
})

describe('totalCount', () => {
  it('accounts are counted only if the count is selected, and once for both fields', async () => {
    const counts = async (selection: string) =>
      (await statementsOf(world().db, () => query(world(), `users { ${selection} }`, token))).filter((sql) => /count\(/i.test(sql)).length
    expect(await counts('edges { node { id } }')).toBe(0)
    expect(await counts('totalCount isTotalCountEstimated')).toBe(1)
  })

  it('beyond 10,000 it is an estimate, and says so', async () => {
    const { client } = world().db
    const add = async (from: number, count: number) =>
      await client.$executeRaw`INSERT INTO users (id, created_at, updated_at, username, name, name_key, first_name)
        SELECT 'many-' || at, now(), now(), 'many' || at, 'Many', 'many', 'Many' FROM generate_series(${from}::int, ${from + count - 1}::int) AS at`
    const exactly = 10_000 - (await client.user.count())
    await add(0, exactly)
    expect(await list({ first: 0 })).toMatchObject({ totalCount: 10_000, isTotalCountEstimated: false })
    await add(exactly, 2_000)
    await client.$executeRaw`ANALYZE users`
    const page = await list({ first: 0 })
    expect(page.isTotalCountEstimated).toBe(true)
    expect(Math.abs(page.totalCount - 12_000)).toBeLessThan(1_200)
    expect(await list({ first: 0, filter: { isAdmin: true } })).toMatchObject({ totalCount: 1, isTotalCountEstimated: false })
    const filter = {
      isAdmin: false,
      loginDisabled: false,
      twoFactorEnabled: false,
      emailVerified: false,
      createdSince: '2020-01-01T00:00:00Z',
    }
    const filtered = await list({
      first: 0,
      filter: { ...filter, createdUntil: new Date(Date.now() + 60_000).toISOString() },
      search: 'many',
    })
    expect(filtered.isTotalCountEstimated).toBe(true)
    expect(filtered.totalCount).toBeGreaterThan(10_000)
  })
})
