/** The accounts of a benchmark, written straight into a database. Account 0 is an administrator; all have the same password. */
import { hash } from '@node-rs/argon2'
import type { Client } from 'pg'

export const PASSWORD = 'correct horse battery'
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The hash of the password, by the parameters that are the default of our server. */
export const passwordHash = (): Promise<string> => hash(PASSWORD, COST)

/** The text of an account's number: of the same length for all, so that a search for one finds no other. */
export const numberOf = (index: number): string => String(index).padStart(7, '0')
export const emailOf = (index: number): string => `user${numberOf(index)}@example.com`
/** A client address for each account: the same at each sign-in, so that it is a known device. */
export const addressOf = (index: number): string => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`

const USERS = `
  INSERT INTO users (id, created_at, updated_at, email, email_verified_at, username, identifier_keys, name, name_key, first_name, last_name, password_hash, is_admin)
  SELECT gen_random_uuid(), now(), now(), 'user' || n || '@example.com', now(), 'user' || n,
    'user' || n || '  user' || n || '@example.com', 'Person ' || n, 'person ' || n, 'Person', n, $3, n = '0000000'
  FROM (SELECT lpad(i::text, 7, '0') AS n FROM generate_series($1::int, $2::int - 1) AS i ORDER BY i) AS numbers`
const IDENTIFIERS = `
  INSERT INTO identifiers (value, user_id)
  SELECT value, id FROM users, unnest(ARRAY[email, username]) AS value WHERE last_name >= lpad($1::text, 7, '0')`

const SESSIONS = `
  INSERT INTO sessions (id, user_id, surface, created_at, expires_at, last_seen_at, authenticated_at)
  SELECT gen_random_uuid(), id, 'idiot', now(), now() + interval '1 day', now(), now() FROM users WHERE last_name >= lpad($1::text, 7, '0')`
const TOKENS = `
  INSERT INTO opaque_tokens (hash, session_id, kind, created_at, expires_at)
  SELECT encode(sha256(s.id::bytea), 'base64'), s.id, 'sess', s.created_at, s.expires_at
  FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.last_name >= lpad($1::text, 7, '0')`

/** Leaves foreign keys unchecked on this connection, if its role may: that takes half of the time. */
const UNCHECKED = "SELECT set_config('session_replication_role', 'replica', false) FROM pg_roles WHERE rolname = current_user AND rolsuper"

/** Makes the accounts from number `from` to before `to` in our tables, each with a session that nobody uses. */
export async function makeAccounts(client: Client, hashed: string, from: number, to: number): Promise<void> {
  await client.query(UNCHECKED)
  await client.query(USERS, [from, to, hashed])
  for (const statement of [IDENTIFIERS, SESSIONS, TOKENS]) await client.query(statement, [from])
  await client.query('VACUUM ANALYZE')
}

const LIMIT_TABLES = `
  CREATE TABLE users (id text PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, password text NOT NULL, created_at timestamptz(3) NOT NULL DEFAULT now());
  CREATE TABLE sessions (token_hash text PRIMARY KEY, user_id text NOT NULL REFERENCES users, expires_at timestamptz(3) NOT NULL);
  CREATE INDEX ON sessions (user_id)`
const LIMIT_USERS = `
  INSERT INTO users (id, name, email, password)
  SELECT gen_random_uuid(), 'Person ' || n, 'user' || n || '@example.com', $2 FROM (SELECT lpad(i::text, 7, '0') AS n FROM generate_series(0, $1::int - 1) AS i) AS numbers`

/** The tables of the limit, with as many accounts. */
export async function makeLimitAccounts(client: Client, hashed: string, count: number): Promise<void> {
  await client.query(LIMIT_TABLES)
  await client.query(LIMIT_USERS, [count, hashed])
  await client.query('VACUUM ANALYZE')
}
