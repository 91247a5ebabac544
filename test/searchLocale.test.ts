/**
 * Searches compare by one rule for upper and lower case, that of usernames and addresses, whatever language the database speaks:
 * in a Turkish one `I` is not the capital of `i`.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../src/db/database.ts'
import { openDatabase } from '../src/db/openDatabase.ts'
import { silent } from '../src/tools/silent.ts'
import { query } from './graphql/ask.ts'
import { admin, type Person } from './support/accounts.ts'
import { createPostgresDatabase, databaseKind, openTestDatabase, root } from './support/database.ts'
import { openWorld, type World } from './support/world.ts'

const onPostgres = databaseKind() === 'postgresql'

let db: Database
let drop = async (): Promise<void> => {}
let world: World
let boss: Person
beforeAll(async () => {
  if (onPostgres) {
    const turkish = await createPostgresDatabase({
      empty: true,
      with: "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C'",
    })
    drop = turkish.drop
    db = await openDatabase({ url: turkish.url, dataDir: '', root, log: silent })
    await db.migrate()
  } else db = await openTestDatabase()
  world = await openWorld({}, { db })
  boss = await admin(world)
  for (const [username, email, fullname] of [
    ['istanbul', 'Izmir@example.com', 'IĞDIR Ili'],
    ['E\u0301cole', 'ecole@example.com', 'Émile ZOLA'],
  ])
    await world.post('/users/register', { username, email, password: 'a long enough password', fullname })
}, 60_000)
afterAll(async () => {
  await world.close()
  await db.close()
  await drop()
})

const found = async (search: string): Promise<string[]> => {
  const users = await query(world, `users(search: $search) { edges { node { username } } }`, boss.token, { search }, '($search: String)')
  return users.edges.map(({ node }: { node: { username: string } }) => node.username)
}

it('the database speaks Turkish, where it can', async () => {
  const [row] = await db.client.$queryRaw<{ lower: string }[]>`SELECT lower('I') AS lower`
  expect(row?.lower).toBe(onPostgres ? 'ı' : 'i')
})

it.each([
  ['ISTANBUL', ['istanbul']],
  ['sTaNbU', ['istanbul']],
  ['IZMIR@EXAMPLE', ['istanbul']],
  ['izmir', ['istanbul']],
  ['ÉCOLE', ['École']],
  ['e\u0301cole', ['École']],
  ['ISTAN%', []],
  ['_stanbul', []],
])('%s', async (search, expected) => {
  expect(await found(search)).toEqual(expected)
})

it('a name is found as it is now, and not as it was', async () => {
  const body = { firstName: 'Ilknur', lastName: 'Inan' }
  expect((await world.put('/v1/profile', body, boss.token)).status).toBe(200)
  expect(await found('ILKNUR INAN')).toHaveLength(1)
  expect((await world.put('/v1/profile', { firstName: 'Ada' }, boss.token)).status).toBe(200)
  expect(await found('ILKNUR INAN')).toEqual([])
  expect(await found('ada inan')).toHaveLength(1)
})

it('clients of dialects are found whatever the case of their letters', async () => {
  await world.request('GET', '/api/user', { token: boss.token, headers: { 'user-agent': 'KIRMIZI/1' } })
  await world.app.close()
  const uses = await query(world, `dialectUses(filter: { client: "kirmizi" }) { edges { node { client } } }`, boss.token)
  expect(uses.edges.map(({ node }: { node: { client: string } }) => node.client)).toEqual(['KIRMIZI/1'])
})
