/** An upgrade over all versions at once: a database of the first migration, with rows in every table, becomes one of this version. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { silent } from '../../src/tools/silent.ts'
import { createPostgresDatabase, root } from '../support/database.ts'
import { openWorld, type World } from '../support/world.ts'

const FIRST = '20261122101722_init'

/** As the first version wrote them. The token is `a-token-of-long-ago`, the password `a password of long ago`. */
const ROWS = `
  INSERT INTO users (id, created_at, updated_at, email, email_verified_at, username, name, first_name, last_name, is_admin, scopes, password_hash) VALUES
    ('u1', '2026-11-22', '2026-11-22', 'ada@example.com', '2026-11-22', 'ada', 'Ada Lovelace', 'Ada', 'Lovelace', true, '{}',
      '$argon2id$v=19$m=19456,t=2,p=1$TgKJRbZwO1sjKxDb6n6Kfw$wu6DMYdJriWZO7m7an/bkuAxE/k47q6fMO6QD0OsJn4'),
    ('u2', '2026-11-22', '2026-11-22', NULL, NULL, 'ｇｒａｃｅ', 'Grace Hopper', 'Grace', 'Hopper', false, '{perm:users:read}',
      '$argon2id$v=19$m=19456,t=2,p=1$TgKJRbZwO1sjKxDb6n6Kfw$wu6DMYdJriWZO7m7an/bkuAxE/k47q6fMO6QD0OsJn4');
  INSERT INTO identifiers VALUES ('ada@example.com', 'u1'), ('ada', 'u1'), ('ｇｒａｃｅ', 'u2');
  INSERT INTO sessions (id, user_id, surface, created_at, expires_at, last_seen_at, authenticated_at, client_address)
    VALUES ('s1', 'u1', 'wekan', now(), now() + interval '90 days', now(), now(), '192.0.2.1');
  INSERT INTO opaque_tokens VALUES (encode(sha256('a-token-of-long-ago'), 'base64'), 's1', 'wekan', now(), now() + interval '90 days');
  INSERT INTO login_codes VALUES ('code', 'u1', 'xiot', now(), now() + interval '10 minutes', 0, 0);
  INSERT INTO recovery_codes VALUES ('u1', 'selector', 'hash', NULL);
  INSERT INTO mail_tokens VALUES ('mail', 'u1', 'reset', 'ada@example.com', now(), now() + interval '1 hour');
  INSERT INTO signing_keys VALUES ('old', '{"kty": "EC"}', 'sealed', '2026-11-22', '2026-11-23');
  INSERT INTO claims VALUES ('first-account', 'u1', '2026-11-22');
  INSERT INTO audit_events (at, type, outcome, user_id, surface) VALUES ('2026-11-22', 'account.created', 'success', 'u1', 'wekan');
  INSERT INTO rate_limits VALUES ('key', 3, NULL)`

const TABLES = `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND relname NOT LIKE '\\_prisma%' ORDER BY 1`

let directory = ''
let url = ''
let drop = async (): Promise<void> => {}
let world: World
const before = new Map<string, number>()

const query = async (sql: string): Promise<{ readonly name: string; readonly rows: string }[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return await client.query(sql).then(
    ({ rows }) => client.end().then(() => rows),
    (error) => client.end().then(() => Promise.reject(error)),
  )
}

const countOf = async (table: string): Promise<number> => Number((await query(`SELECT count(*) AS rows FROM ${table}`))[0]?.rows)

const migrateFrom = async (from: string): Promise<string[]> => {
  const database = await openDatabase({ url, dataDir: '', root: from, log: silent })
  return await database.migrate().finally(() => database.close())
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-upgrade-'))
  for (const part of ['package.json', 'prisma/migrations/migration_lock.toml', `prisma/migrations/${FIRST}`])
    cpSync(join(root, part), join(directory, part), { recursive: true })
  const made = await createPostgresDatabase({ empty: true })
  url = made.url
  drop = made.drop
})
afterAll(async () => {
  await world?.close()
  await world?.db.close()
  await drop()
  rmSync(directory, { recursive: true, force: true })
})

test('a database of the first version gets all later migrations, and loses no row', async () => {
  expect(await migrateFrom(directory)).toEqual([FIRST])
  await query(ROWS)
  for (const { name } of await query(TABLES)) before.set(name, await countOf(name))
  expect([...before.values()].filter((rows) => rows === 0)).toEqual([])
  expect(before.size).toBe(11)
  const later = readdirSync(join(root, 'prisma/migrations')).filter((name) => /^\d/.test(name) && name !== FIRST)
  expect(await migrateFrom(root)).toEqual(later.sort())
  for (const [name, rows] of before) expect([name, await countOf(name)]).toEqual([name, name === 'identifiers' ? rows + 1 : rows])
})

test('a second start of this version has nothing to do, and one of the first version is refused', async () => {
  expect(await migrateFrom(root)).toEqual([])
  await expect(migrateFrom(directory)).rejects.toThrow(
    /^The database has migrations that this version does not know \(20261122111642_account_life, /,
  )
})

test('accounts, passwords and sessions of then work', async () => {
  // No SECRET_KEY has sealed the key of these rows.
  await query("DELETE FROM signing_keys WHERE kid = 'old'")
  const database = await openDatabase({ url, dataDir: '', root, log: silent })
  world = await openWorld({}, { db: database })
  const { body: user } = await world.get('/api/user', 'a-token-of-long-ago')
  expect(user).toMatchObject({ _id: 'u1', username: 'ada', emails: [{ address: 'ada@example.com', verified: true }], isAdmin: true })
  const signIn = (identifier: string, password: string) =>
    world.graphql(
      `mutation ($input: SignInInput!) { result: signIn(input: $input) {
        ... on SignInSuccess { user { username } } ... on Error { code } } }`,
      { input: { identifier, password } },
    )
  expect((await signIn('Ada@example.com', 'a password of long ago')).body.result).toEqual({ user: { username: 'ada' } })
  expect((await signIn('grace', 'a password of long ago')).body.result).toEqual({ user: { username: 'ｇｒａｃｅ' } })
  expect((await signIn('ada', 'another password')).body.result).toEqual({ code: 'BAD_CREDENTIALS' })
})
