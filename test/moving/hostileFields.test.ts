/** Every field of every origin with values that it cannot have: each record is imported or rejected, none ends the import. */
import { writeFile } from 'node:fs/promises'
import { beforeAll, expect, it } from 'vitest'
import { admin } from '../support/accounts.ts'
import { runWords, useDirectory } from '../support/commands.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld()
const directory = useDirectory()
beforeAll(async () => {
  await admin(world())
})

const TIME = '2026-01-01T00:00:00Z'
const HASH = '$2b$04$RySfB1A20jYf9D0xxQkyXecT6ZzxUr5vjZo4NxWeKAUCWeP7fTjNi'
const deep = (open: string, close: string) => open.repeat(5_000) + close.repeat(5_000)

const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1e21, 1e308, -8.64e15, 8.64e15, 253_402_300_799_999, 1.5],
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '\udfff', '\u202e', '😀'.repeat(300), 'x'.repeat(5_000), '__proto__', 'constructor'],
  ...['9'.repeat(400), '-1', 'NaN', '1e999', '{', '[', '{}', '[]', '[{}]', '[null]', '{"__proto__":1}', deep('[', ']'), deep('{"a":', '1')],
  ...['275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', '0000-00-00 00:00:00', '2026-02-30 25:61:61', '99999-01-01'],
  ...[
    '$2b$99$',
    '$layered$md5$$$argon2id$',
    '$pbkdf2-sha999$1$a$b',
    '{SSHA}',
    '$P$',
    '$5$rounds=0$$',
    'otpauth://totp/',
    'scrypt$0$a$0$0$a',
  ],
  ...[[], {}, [[]], [null], [{}], [1, 'a'], { $date: 1e300 }, { $date: { $numberLong: '9'.repeat(400) } }, { $oid: '' }],
  JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1,"\\u0000":1,"\\ud800":1}'),
]

interface Origin {
  readonly name: string
  readonly document: Readonly<Record<string, unknown>>
  readonly options?: readonly string[]
  /** The file with these documents, if it is not one of JSON Lines. */
  readonly file?: (documents: readonly unknown[]) => string
}

const users = (documents: readonly unknown[]) => JSON.stringify({ users: documents })
const sessions = [{ token: 'a token that is long enough', surface: 'wekan', createdAt: TIME, expiresAt: '2099-01-01T00:00:00Z' }]

const ORIGINS: readonly Origin[] = [
  {
    name: 'json',
    document: {
      ...{ id: 'id', username: 'u', email: 'e@example.org', emailVerified: TIME, otherEmails: ['o@example.org'], name: 'N', phone: '1' },
      ...{
        locale: 'en',
        isAdmin: false,
        scopes: ['users:read'],
        passwordHash: HASH,
        totp: { secret: 'JBSWY3DPEHPK3PXP', period: 30, digits: 6 },
      },
      ...{ recoveryCodes: ['k2x9-mm4q'], sessions, createdAt: TIME, updatedAt: TIME },
    },
  },
  {
    name: 'wekan',
    document: {
      ...{ _id: 'w', username: 'w', emails: [{ address: 'w@example.org', verified: true }], createdAt: { $date: TIME }, isAdmin: false },
      ...{ profile: { fullname: 'W', language: 'en' }, authenticationMethod: 'password' },
      services: {
        password: { bcrypt: HASH },
        resume: { loginTokens: [{ when: { $date: TIME }, hashedToken: `${'A'.repeat(43)}=` }] },
        twoFactorAuthentication: { secret: 'JBSWY3DPEHPK3PXP', type: 'otp' },
      },
    },
  },
  {
    name: 'keycloak',
    file: users,
    document: {
      ...{ id: 'k', username: 'k', email: 'k@example.org', emailVerified: true, createdTimestamp: 1, enabled: true, realmRoles: ['r'] },
      ...{ attributes: { locale: ['en'], phoneNumber: ['1'] }, requiredActions: ['UPDATE_PASSWORD'], federationLink: 'f' },
      credentials: [
        {
          type: 'password',
          secretData: '{"value":"YQ==","salt":"YQ=="}',
          credentialData: '{"hashIterations":1,"algorithm":"pbkdf2-sha256"}',
        },
        { type: 'otp', secretData: '{"value":"abcdefghij"}', credentialData: '{"subType":"totp","digits":6,"period":30}' },
      ],
    },
  },
  {
    name: 'firebase',
    file: users,
    options: ['--signer-key', 'YWJjZGVmZ2hpamts'],
    document: {
      ...{ localId: 'f', email: 'f@example.org', emailVerified: true, passwordHash: 'YWJjZGVmZ2hpamts', salt: 'YQ==', displayName: 'F' },
      ...{
        createdAt: '1',
        customAttributes: '{"admin":true}',
        providerUserInfo: [{ providerId: 'password' }],
        mfaInfo: [{ totpInfo: {} }],
      },
    },
  },
  {
    name: 'auth0',
    document: {
      ...{ user_id: 'auth0|a', username: 'a', email: 'a@example.org', email_verified: true, name: 'A', blocked: false, created_at: TIME },
      ...{ identities: [{ provider: 'auth0' }], multifactor: ['guardian'], otp_secret: 'JBSWY3DPEHPK3PXP', recovery_code: 'k2x9mm4qk2x9' },
    },
  },
  { name: 'auth0', document: { _id: { $oid: 'a' }, alt_id: 'b', email: 'b@example.org', email_verified: true, passwordHash: HASH } },
  {
    name: 'supabase',
    document: {
      ...{
        id: 's',
        email: 's@example.org',
        encrypted_password: HASH,
        email_confirmed_at: TIME,
        banned_until: 'infinity',
        created_at: TIME,
      },
      ...{ raw_user_meta_data: '{"name":"S"}', raw_app_meta_data: { providers: ['email'] }, identities: '[{"provider":"email"}]' },
      mfa_factors: [{ factor_type: 'totp', status: 'verified', secret: 'JBSWY3DPEHPK3PXP' }],
    },
  },
  {
    name: 'better-auth',
    options: ['--secret', 'a secret'],
    document: {
      ...{ id: 'b', name: 'B', email: 'ba@example.org', emailVerified: true, role: 'user', banned: false, twoFactorEnabled: true },
      ...{ accounts: [{ providerId: 'credential', password: HASH }], sessions: [{ token: 't', expiresAt: TIME, createdAt: TIME }] },
      twoFactors: [{ secret: 'ab', backupCodes: 'ab', verified: true }],
    },
  },
  {
    name: 'django',
    document: {
      ...{ model: 'auth.user', pk: 1 },
      fields: {
        username: 'd',
        email: 'd@example.org',
        password: `bcrypt$${HASH}`,
        is_active: true,
        is_superuser: false,
        date_joined: TIME,
        groups: [1],
      },
    },
  },
  {
    name: 'devise',
    options: ['--pepper', 'a pepper'],
    document: {
      ...{ id: 1, email: 'v@example.org', encrypted_password: HASH, confirmed_at: TIME, locked_at: null, admin: false, created_at: TIME },
      ...{ otp_secret: 'JBSWY3DPEHPK3PXP', otp_required_for_login: true, otp_backup_codes: '["a"]', first_name: 'V', phone: '1' },
    },
  },
  {
    name: 'wordpress',
    document: {
      ...{
        ID: '1',
        user_login: 'p',
        user_pass: HASH,
        user_email: 'p@example.org',
        user_registered: '2026-01-01 00:00:00',
        display_name: 'P',
      },
      ...{ roles: ['editor'], wp_capabilities: 'a:1:{s:6:"editor";b:1;}', locale: 'en_GB', _two_factor_totp_key: 'JBSWY3DPEHPK3PXP' },
    },
  },
  {
    name: 'parse',
    document: {
      ...{
        _id: 'x',
        username: 'x',
        email: 'x@example.org',
        _hashed_password: HASH,
        _created_at: { $date: TIME },
        authData: '{"facebook":{}}',
      },
      ...{
        sessions: [{ _session_token: 'r:1', _created_at: { $date: TIME } }],
        _auth_data_mfa: '{"secret":"JBSWY3DPEHPK3PXP","recovery":["a"]}',
      },
    },
  },
  {
    name: 'kratos',
    document: {
      ...{ id: 'y', state: 'active', traits: { email: 'y@example.org', name: { first: 'Y' }, username: 'y' }, created_at: TIME },
      verifiable_addresses: [{ value: 'y@example.org', verified: true, verified_at: TIME, via: 'email' }],
      credentials: {
        password: { identifiers: ['y@example.org'], config: { hashed_password: HASH } },
        totp: { config: '{"totp_url":"otpauth://totp/a?secret=JBSWY3DPEHPK3PXP"}' },
        lookup_secret: { config: { recovery_codes: [{ code: 'k2x9mm4q', used_at: null }] } },
      },
    },
  },
  {
    name: 'cognito',
    file: (documents) => JSON.stringify({ Users: documents }),
    document: {
      ...{
        Username: 'z',
        Attributes: [{ Name: 'email', Value: 'z@example.org' }],
        UserCreateDate: TIME,
        Enabled: true,
        UserStatus: 'CONFIRMED',
      },
    },
  },
]

/** The document with each of its values replaced, at every depth. */
const variants = (value: unknown): unknown[] => {
  if (typeof value !== 'object' || value === null) return [...VALUES]
  const entries = Object.entries(value)
  const within = entries.flatMap(([name, part]) =>
    variants(part).map((variant) =>
      Array.isArray(value) ? value.map((each, at) => (String(at) === name ? variant : each)) : { ...value, [name]: variant },
    ),
  )
  return [...VALUES, ...within]
}

it.each(ORIGINS.map((origin) => [origin.name, origin] as const))('of %s', async (_name, { name, document, options = [], file }) => {
  const documents = variants(document).filter((variant) => typeof variant === 'object' && variant !== null && !Array.isArray(variant))
  const path = `${directory()}/${name}-${Object.keys(document)[0]}.json`
  await writeFile(path, file === undefined ? documents.map((one) => `${JSON.stringify(one)}\n`).join('') : file(documents))
  const { code, json, errors } = await runWords(world(), ['import', name, path, '--json', '--allow-fast-hashes', ...options])
  expect([code, errors]).toEqual([5, ''])
  const { position, created, merged, unchanged, skipped, rejected } = json
  expect(created + merged + unchanged + skipped + rejected).toBe(position)
  // Objects of other models are passed over.
  if (name !== 'django') expect(position).toBe(documents.length)
})
