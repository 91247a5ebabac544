/**
 * No connection to PostgreSQL is free, or none can be opened, whatever the reason: every operation on every surface is answered by 503 with
 * `Retry-After`, in the surface's own form, whichever way its statements go to the database.
 */
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { usualWaits } from '../../src/db/waits.ts'
import { silent } from '../../src/tools/silent.ts'
import { createPostgresDatabase, type PostgresDatabase, root } from '../support/database.ts'
import { type Answer, openWorld, type World } from '../support/world.ts'

const PASSWORD = 'a long enough password of mine'
const EMAIL = 'ada@example.com'
const ROLE = 'no_connection'
const CONNECTIONS = 2

let database: PostgresDatabase
let db: Database
let world: World
let token: string

beforeAll(async () => {
  database = await createPostgresDatabase()
  const url = new URL(database.url)
  const owner = await openDatabase({ url: url.href, dataDir: '', root, log: silent })
  await owner.pool?.query(`CREATE ROLE ${ROLE} LOGIN SUPERUSER PASSWORD 'right'`)
  await owner.close()
  url.username = ROLE
  url.password = 'right'
  const waits = { ...usualWaits(), pool: 1_000 }
  db = await openDatabase({ url: url.href, dataDir: '', root, log: silent, poolSize: CONNECTIONS, waits })
  world = await openWorld({}, { db })
  await world.post('/auth/register', { name: 'Ada', email: EMAIL, password: PASSWORD, confirm: PASSWORD })
  token = (await world.post('/v1/auth/login', { email: EMAIL, password: PASSWORD })).body.token
})

afterAll(async () => {
  await world.close()
  await db.close()
  const owner = await openDatabase({ url: database.url, dataDir: '', root, log: silent })
  await owner.pool?.query(`ALTER ROLE ${ROLE} RENAME TO ${ROLE}_${Date.now()}`)
  await owner.close()
  await database.drop()
})

type Ask = () => Promise<Answer>

const signUp = { email: 'grace@example.com', password: PASSWORD }
const graphql =
  (document: string, by?: () => string): Ask =>
  async () =>
    await world.request('POST', '/graphql', { json: { query: document }, token: by?.() })

const mine = () => token

const asks: readonly (readonly [string, Ask])[] = [
  ['xiot, a profile', async () => await world.get('/v1/profile', token)],
  ['idiot, a list', async () => await world.get('/v1/users', token)],
  ['wekan, a list', async () => await world.get('/api/users', token)],
  ['wekan, one account', async () => await world.get('/api/users/somebody', token)],
  ['v1, sign-in', async () => await world.post('/v1/auth/login', { email: EMAIL, password: PASSWORD })],
  ['v1, sign-out', async () => await world.post('/v1/auth/logout', {}, token)],
  ['authentication, sign-up', async () => await world.post('/auth/register', { ...signUp, name: 'Grace', confirm: PASSWORD })],
  ['wekan, sign-up', async () => await world.post('/users/register', { ...signUp, username: 'grace' })],
  ['authentication, refresh', async () => await world.post('/auth/refresh-tokens', { refreshToken: `rt_${'a'.repeat(64)}` })],
  ['graphql, me with sessions', graphql('{ me { email sessions { surface } } }', mine)],
  ['graphql, a page of accounts', graphql('{ users(first: 3) { totalCount edges { node { id sessions { surface } } } } }', mine)],
  ['graphql, one account', graphql('{ user(by: { username: "somebody" }) { email } }', mine)],
  ['graphql, the audit log', graphql('{ auditEvents(first: 3) { edges { node { id } } } }', mine)],
  ['graphql, uses of dialects', graphql('{ dialectUses(first: 3) { edges { node { id } } } }', mine)],
  ['graphql, uses of dialects by day', graphql('{ dialectUseDays(by: DIALECT) { day } }', mine)],
  ['graphql, personal tokens', graphql('{ me { personalAccessTokens { id } } }', mine)],
  ['graphql, sign-in', graphql(`mutation { signIn(input: { identifier: "${EMAIL}", password: "${PASSWORD}" }) { __typename } }`)],
  ['graphql, a reset', graphql(`mutation { requestPasswordReset(input: { email: "${EMAIL}" }) { __typename } }`)],
  ['graphql, sign-out', graphql('mutation { signOut { __typename } }', mine)],
  ['graphql, a second factor', graphql('mutation { beginTwoFactorEnrollment { __typename } }', mine)],
]

const expectUnavailable = (name: string, answer: Answer | undefined): void => {
  if (answer === undefined) throw new Error(`${name} was not asked`)
  const { status, headers, body, text } = answer
  expect([status, headers.get('retry-after')], text).toEqual([503, '5'])
  if (name.startsWith('graphql')) expect(body.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 } }])
  else expect(text).toContain('Service unavailable, try again later')
}

/** Both kinds of connection, those of the pool and those on which sessions are looked up, are gone. */
const endConnections = async (admin: pg.PoolClient): Promise<unknown> =>
  await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${ROLE}' AND pid <> pg_backend_pid()`)

const take = async (): Promise<pg.PoolClient> => {
  if (db.pool === undefined) throw new Error('the database has no pool')
  return await db.pool.connect()
}

/** The answers to all of them at once. */
const askAll = async (): Promise<ReadonlyMap<string, Answer>> =>
  new Map(await Promise.all(asks.map(async ([name, ask]) => [name, await ask()] as const)))

const unexpected = () => world.logs.filter(({ level, message }) => level === 'error' && !message.startsWith('the database is'))

describe('no connection is free', () => {
  let given: ReadonlyMap<string, Answer>
  beforeAll(async () => {
    const held = await Promise.all(Array.from({ length: CONNECTIONS }, take))
    given = await askAll()
    for (const connection of held) connection.release()
  })
  it.each(asks)('no connection is free: %s', (name) => expectUnavailable(name, given.get(name)))
  it('no connection is free: the log has the outage, and no error of a request', () => expect(unexpected()).toEqual([]))
})

describe('the password of the role was changed', () => {
  let given: ReadonlyMap<string, Answer>
  beforeAll(async () => {
    const admin = await take()
    await admin.query(`ALTER ROLE ${ROLE} PASSWORD 'another'`)
    await endConnections(admin)
    admin.release(true)
    given = await askAll()
  })
  it.each(asks)('no connection can be opened: %s', (name) => expectUnavailable(name, given.get(name)))
  it('no connection can be opened: the log has the outage, and no error of a request', () => expect(unexpected()).toEqual([]))
})
