/**
 * Rows from elsewhere, in which dates stand that no client can read: `infinity`, BC, years beyond 9999. Whatever column they
 * stand in, no answer is a fault, and each is shown as the nearest date that has four digits.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { mutate } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn, type TwoFactorPerson, withTwoFactor } from './support/accounts.ts'
import { openWorld, useWorld, type World } from './support/world.ts'

const LAST = '9999-12-30T00:00:00.000Z'
const FIRST = '0001-01-02T00:00:00.000Z'

/** Writes `date` into every column of dates of every table but those named. */
const setAll = async (world: World, date: string, but: readonly string[] = []): Promise<number> => {
  const columns = await world.db.client.$queryRaw<{ table_name: string; column_name: string }[]>`
    SELECT table_name::text, column_name::text FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name <> '_prisma_migrations' AND data_type IN ('timestamp with time zone', 'date')`
  const set = columns.filter(({ table_name, column_name }) => !but.includes(`${table_name}.${column_name}`) && !but.includes(table_name))
  await world.db.client.$executeRawUnsafe('ALTER TABLE audit_events DISABLE TRIGGER USER')
  for (const { table_name, column_name } of set)
    await world.db.client.$executeRawUnsafe(`UPDATE ${table_name} SET ${column_name} = '${date}' WHERE ${column_name} IS NOT NULL`)
  await world.db.client.$executeRawUnsafe('ALTER TABLE audit_events ENABLE TRIGGER USER')
  return set.length
}

const EVERYTHING = `{
  me { id createdAt updatedAt pendingEmails { address createdAt } recoveryCodesLeft
    sessions { id createdAt lastSeenAt expiresAt authenticatedAt } personalAccessTokens { id createdAt expiresAt lastUsedAt }
    auditEvents(first: 50) { edges { node { at } } } }
  users(first: 50) { edges { node { id createdAt updatedAt sessions { createdAt lastSeenAt expiresAt } } } }
  auditEvents(first: 50) { edges { node { at type } } }
  dialectUses(first: 50) { edges { node { firstAt lastAt } } } }`

const isFault = (text: string) => /UNEXPECTED|Unexpected error|Internal server error/i.test(text)

/** Everything that reads an account, a session or a token; each answer is that of somebody or of nobody, and never a fault. */
const askAll = async (world: World, owner: Person, other: TwoFactorPerson, boss: string): Promise<void> => {
  const login = { email: owner.email, password: PASSWORD }
  const asked: readonly [string, string, unknown?, string?][] = [
    ['GET', '/v1/profile', undefined, owner.token],
    ['GET', '/api/user', undefined, owner.token],
    ['POST', '/auth', undefined, owner.token],
    ['GET', '/api/users', undefined, boss],
    ['GET', `/api/users/${owner.id}`, undefined, boss],
    ['GET', '/v1/users', undefined, boss],
    ['GET', `/v1/users/${owner.id}`, undefined, boss],
    ['PUT', '/v1/profile', { phone: null }, owner.token],
    ['POST', '/v1/auth/login', login],
    ['POST', '/auth/login', login],
    ['POST', '/users/login', login],
    ['POST', '/v1/auth/login', { email: other.email, password: PASSWORD }],
    ['POST', '/users/login', { email: other.email, password: PASSWORD, code: '000000' }],
    ['POST', '/auth/refresh-tokens', { refreshToken: owner.refreshToken }],
    ['POST', '/v1/security/forget-password', { email: owner.email }],
    ['PUT', '/v1/security/change-password', { oldPassword: 'no', password: PASSWORD, passwordConfirmation: PASSWORD }, owner.token],
  ]
  for (const [method, path, json, token] of asked) {
    const { status, text } = await world.request(method, path, { json, token })
    expect([path, status < 500, text.includes('nfinity')]).toEqual([path, true, false])
  }
  for (const token of [owner.token, boss]) {
    const { status, text } = await world.graphql(EVERYTHING, {}, token)
    expect([status, isFault(text)]).toEqual([200, false])
    const dates = text.match(/"\w*At":"[^"]*"|"at":"[^"]*"/g) ?? []
    for (const date of dates) expect(date).toMatch(/^"\w+":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"$/)
  }
}

describe.each(['infinity', '-infinity', '0044-03-15 10:00:00+00 BC', '12026-01-01 00:00:00+00'])('%s', (date) => {
  const world = useWorld({ VERIFY_EMAIL: 'true' })
  let owner: Person
  let other: TwoFactorPerson
  let boss: string
  beforeAll(async () => {
    boss = (await admin(world())).token
    owner = await person(world())
    other = await withTwoFactor(world())
    await world().post('/v1/auth/login', { email: other.email, password: PASSWORD })
    await world().post('/v1/security/forget-password', { email: owner.email })
    await mutate(world(), 'changeEmail', { email: `new.${owner.email}` }, owner.token)
    const until = new Date(Date.now() + 86_400_000).toISOString()
    const made = await mutate(world(), 'createPersonalAccessToken', { name: 'one', scopes: [], expiresAt: until }, owner.token)
    expect(made.__typename).toBe('CreatePersonalAccessTokenSuccess')
    await world().app.close()
  }, 60_000)

  it('an odd date is no fault in any column of any row, at a start and in every answer', async () => {
    expect(await setAll(world(), date)).toBeGreaterThanOrEqual(30)
    const started = await openWorld({ VERIFY_EMAIL: 'true' }, { db: world().db })
    await askAll(started, owner, other, boss)
    expect(started.logs.filter(({ level }) => level === 'error')).toEqual([])
    await started.close()
  })

  it('an odd date is no fault where sessions live, and is shown as the nearest date', async () => {
    const fresh = await openWorld({}, { db: world().db })
    const token = await signIn(fresh, owner)
    await setAll(fresh, date, ['sessions', 'opaque_tokens', 'signing_keys', 'dialect_uses'])
    await askAll(fresh, { ...owner, token }, other, token)
    const { body } = await fresh.get('/v1/profile', token)
    const nearest = date.includes('BC') || date === '-infinity' ? FIRST : LAST
    expect([body.createdAt, body.id]).toEqual([nearest, owner.id])
    expect(fresh.logs.filter(({ level }) => level === 'error')).toEqual([])
    await fresh.close()
  })
})
