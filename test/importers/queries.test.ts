/** The queries of docs/moving for Supabase and Kratos, on tables with the names and types of the columns that theirs have. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresDatabase, type PostgresDatabase } from '../support/database.ts'
import { sqlOf } from './origins/runbook.ts'
import { recordsOf } from './support.ts'

/** supabase/auth, migrations/. */
const SUPABASE = `
  CREATE SCHEMA auth;
  CREATE TABLE auth.users (id uuid PRIMARY KEY, email varchar(255), encrypted_password varchar(255), email_confirmed_at timestamptz,
    raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin bool, created_at timestamptz, updated_at timestamptz, phone text,
    confirmed_at timestamptz GENERATED ALWAYS AS (email_confirmed_at) STORED, banned_until timestamptz, deleted_at timestamptz,
    is_sso_user bool NOT NULL DEFAULT false, is_anonymous bool NOT NULL DEFAULT false);
  CREATE TABLE auth.identities (id uuid PRIMARY KEY, user_id uuid NOT NULL, identity_data jsonb NOT NULL, provider text NOT NULL);
  CREATE TYPE auth.factor_type AS ENUM ('totp', 'webauthn', 'phone');
  CREATE TYPE auth.factor_status AS ENUM ('unverified', 'verified');
  CREATE TABLE auth.mfa_factors (id uuid PRIMARY KEY, user_id uuid NOT NULL, factor_type auth.factor_type NOT NULL,
    status auth.factor_status NOT NULL, secret text);
  INSERT INTO auth.users (id, email, encrypted_password, email_confirmed_at, raw_user_meta_data, created_at) VALUES
    ('00000000-0000-4000-8000-000000000001', 'ada@example.com', '$2a$10$abc', '2024-05-06 07:08:09+00', '{"full_name": "Ada"}', '2024-05-06 07:00:00+00');
  INSERT INTO auth.identities VALUES ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', '{}', 'github');
  INSERT INTO auth.mfa_factors VALUES
    ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000001', 'totp', 'verified', 'JBSWY3DPEHPK3PXP');`

/** ory/kratos, persistence/sql/migrations/sql/. */
const KRATOS = `
  CREATE TABLE identities (id uuid PRIMARY KEY, schema_id varchar(2048), traits jsonb NOT NULL, created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL, nid uuid, state varchar(255) NOT NULL);
  CREATE TABLE identity_verifiable_addresses (id uuid PRIMARY KEY, status varchar(16), via varchar(16), verified bool, value varchar(400),
    verified_at timestamp, identity_id uuid);
  CREATE TABLE identity_credential_types (id uuid PRIMARY KEY, name varchar(32));
  CREATE TABLE identity_credentials (id uuid PRIMARY KEY, config jsonb, identity_credential_type_id uuid, identity_id uuid);
  CREATE TABLE identity_credential_identifiers (id uuid PRIMARY KEY, identifier varchar(255), identity_credential_id uuid);
  INSERT INTO identities VALUES ('00000000-0000-4000-8000-000000000001', 'default', '{"email": "ada@example.com"}', '2024-05-06 07:00:00',
    '2024-05-06 07:00:00', NULL, 'active');
  INSERT INTO identity_verifiable_addresses VALUES ('00000000-0000-4000-8000-000000000002', 'completed', 'email', true, 'ada@example.com',
    '2024-05-06 07:08:09', '00000000-0000-4000-8000-000000000001');
  INSERT INTO identity_credential_types VALUES ('00000000-0000-4000-8000-000000000003', 'password');
  INSERT INTO identity_credentials VALUES ('00000000-0000-4000-8000-000000000004', '{"hashed_password": "$2a$12$abc"}',
    '00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000001');
  INSERT INTO identity_credential_identifiers VALUES ('00000000-0000-4000-8000-000000000005', 'ada@example.com', '00000000-0000-4000-8000-000000000004');`

describe('queries of the docs', () => {
  let database: PostgresDatabase
  let client: pg.Client
  beforeAll(async () => {
    database = await createPostgresDatabase({ empty: true })
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    await client?.end()
    await database?.drop()
  })

  const linesOf = async (origin: string): Promise<string> => {
    const { rows } = await client.query<{ line: object }>(`SELECT line FROM (${sqlOf(origin).replace(/;\s*$/, '')}) AS lines (line)`)
    return rows.map(({ line }) => `${JSON.stringify(line)}\n`).join('')
  }

  it('give the users of Supabase', async () => {
    await client.query(SUPABASE)
    expect(await recordsOf('supabase', await linesOf('supabase'))).toMatchObject([
      {
        given: {
          ...{ id: '00000000-0000-4000-8000-000000000001', email: 'ada@example.com', emailVerified: 1714979289000, name: 'Ada' },
          ...{ passwordHash: '$2a$10$abc', totp: { secret: 'JBSWY3DPEHPK3PXP' }, createdAt: 1714978800000 },
        },
        notes: ['a sign-in by github'],
      },
    ])
  })

  it('give the identities of Kratos', async () => {
    await client.query(KRATOS)
    expect(await recordsOf('kratos', await linesOf('kratos'))).toEqual([
      {
        given: {
          ...{ id: '00000000-0000-4000-8000-000000000001', email: 'ada@example.com', emailVerified: 1714979289000 },
          ...{ disabled: false, passwordHash: '$2a$12$abc', recoveryCodes: [], createdAt: 1714978800000, updatedAt: 1714978800000 },
        },
      },
    ])
  })
})
