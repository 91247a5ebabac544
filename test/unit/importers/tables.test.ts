/** Users of origins whose files are tables or exports of a service, by what their documentation shows. */
import { describe, expect, it } from 'vitest'
import { accountOf, reasonsOf, recordsOf } from './support.ts'

describe('users of Auth0', () => {
  it('come from the export of password hashes', async () => {
    const line = {
      _id: { $oid: '60425dc43519d90068f82973' },
      email_verified: false,
      email: 'test2@example.com',
      passwordHash: '$2b$10$Z6hUTEEeoJXN5/AmSm/4.eZ75RYgFVriQM9LPhNEC7kbAbS/VAaJ2',
      password_set_date: { $date: '2021-03-05T16:35:16.775Z' },
      tenant: 'dev-rwsbs6ym',
      connection: 'Username-Password-Authentication',
      _tmp_is_unique: true,
    }
    expect(await recordsOf('auth0', [line, { ...line, alt_id: 'euclid' }])).toEqual([
      {
        given: { id: 'auth0|60425dc43519d90068f82973', email: 'test2@example.com', emailVerified: false, passwordHash: line.passwordHash },
      },
      { given: { id: 'auth0|euclid', email: 'test2@example.com', emailVerified: false, passwordHash: line.passwordHash } },
    ])
  })

  it('come from the bulk export, as JSON Lines and as CSV', async () => {
    const line = {
      user_id: 'auth0|1',
      email: 'ada@example.com',
      email_verified: true,
      name: 'ada@example.com',
      given_name: 'Ada',
      blocked: true,
      created_at: '2021-03-05T16:35:16.775Z',
      identities: [{ user_id: '1', provider: 'auth0', connection: 'Username-Password-Authentication', isSocial: false }],
      multifactor: ['guardian'],
    }
    const account = {
      id: 'auth0|1',
      email: 'ada@example.com',
      emailVerified: true,
      firstName: 'Ada',
      disabled: true,
      recoveryCodes: [],
      createdAt: 1614962116775,
    }
    expect(await accountOf('auth0', [line])).toEqual({ given: account, notes: ['a second factor, whose secret is not in this export'] })
    const csv = `user_id,email,email_verified,given_name,blocked,created_at,phone_number\nauth0|1,ada@example.com,true,Ada,true,2021-03-05T16:35:16.775Z,'+491234567\n`
    expect(await accountOf('auth0', csv)).toEqual({ given: { ...account, phone: '+491234567' } })
    expect((await accountOf('auth0', [{ user_id: 'google-oauth2|2' }])).notes).toEqual(['a sign-in by google-oauth2'])
  })

  it('may have the secrets of their apps in a file of its own', async () => {
    const [app, code] = await recordsOf('auth0', [
      { user_id: 'auth0|1', otp_secret: 'JBSWY3DPEHPK3PXP', tenant: 'x' },
      { user_id: 'auth0|1', recovery_code: 'ABCDEF', tenant: 'x' },
    ])
    expect(app).toMatchObject({ given: { id: 'auth0|1', totp: { secret: 'JBSWY3DPEHPK3PXP' } } })
    expect(code).toMatchObject({ given: { id: 'auth0|1', recoveryCodes: ['ABCDEF'] } })
  })
})

describe('users of Supabase', () => {
  const CSV = `id,email,encrypted_password,email_confirmed_at,banned_until,raw_user_meta_data,raw_app_meta_data,is_super_admin,created_at,phone
8d5c2c0e-0000-4000-8000-000000000001,ada@example.com,$2a$10$abc,2024-05-06 07:08:09.123456+00,,"{""full_name"": ""Ada Lovelace""}","{""provider"": ""email"", ""providers"": [""email"", ""github""]}",,2024-05-06 07:00:00+00,491234567
8d5c2c0e-0000-4000-8000-000000000002,bob@example.com,,,2099-01-01 00:00:00+00,{},{},f,2024-05-06 09:00:00+02,
`
  it('come from the CSV of their table', async () => {
    expect(await recordsOf('supabase', CSV)).toEqual([
      {
        given: {
          ...{ id: '8d5c2c0e-0000-4000-8000-000000000001', email: 'ada@example.com', emailVerified: 1714979289123, name: 'Ada Lovelace' },
          ...{ phone: '491234567', isAdmin: false, disabled: false, passwordHash: '$2a$10$abc', createdAt: 1714978800000 },
        },
        notes: ['a sign-in by github'],
      },
      {
        given: {
          ...{ id: '8d5c2c0e-0000-4000-8000-000000000002', email: 'bob@example.com', emailVerified: false },
          ...{ isAdmin: false, disabled: true, createdAt: 1714978800000 },
        },
        notes: ['the end of a ban: the account is disabled for good'],
      },
    ])
    const later = await recordsOf('supabase', CSV, { 'as-of': '2100-01-01T00:00:00Z' })
    expect(later[1]).toMatchObject({ given: { disabled: false } })
  })

  it('may have identities and factors', async () => {
    const mfa_factors = [
      { factor_type: 'totp', status: 'unverified', secret: 'AAAAAAAAAAAAAAAA' },
      { factor_type: 'totp', status: 'verified', secret: 'JBSWY3DPEHPK3PXP' },
      { factor_type: 'totp', status: 'verified', secret: 'JBSWY3DPEHPK3PXQ' },
      { factor_type: 'totp', status: 'verified', secret: '{"key_id":"x"}' },
      { factor_type: 'phone', status: 'verified', secret: null },
      { factor_type: 'webauthn', status: 'verified', secret: null },
    ]
    const { given, notes } = await accountOf('supabase', [
      { id: 'a', email: 'a@b.c', identities: [{ provider: 'email' }, { provider: 'apple' }], mfa_factors },
    ])
    expect(given.totp).toEqual({ secret: 'JBSWY3DPEHPK3PXP' })
    expect(notes).toEqual([
      'a sign-in by apple',
      'a second factor by SMS',
      'a WebAuthn key or passkey',
      'an authenticator app, whose secret is encrypted',
      'authenticator apps beside the first one',
    ])
  })

  it('that were deleted, and fields that are wrong, have a reason', async () => {
    expect(
      await reasonsOf('supabase', [
        { id: 'a', deleted_at: '2024-05-06T07:08:09Z' },
        { id: 'a', created_at: 'yesterday' },
        { id: 'a', raw_user_meta_data: '{' },
      ]),
    ).toEqual(['the account was deleted', 'created_at must be a time', 'a field that holds JSON is not valid JSON'])
  })
})

describe('users of Kratos', () => {
  it('have the secrets of their second factor, and recovery codes that are not used', async () => {
    const { given, notes } = await accountOf('kratos', [
      {
        id: 'k',
        state: 'inactive',
        traits: { username: 'ada', email: 'ada@example.com', name: 'Ada Lovelace' },
        verifiable_addresses: null,
        credentials: {
          password: { identifiers: ['ada'] },
          totp: { config: { totp_url: 'otpauth://totp/x:ada?algorithm=SHA256&digits=8&issuer=x&period=60&secret=JBSWY3DPEHPK3PXP' } },
          lookup_secret: { config: '{"recovery_codes":[{"code":"abc12345"},{"code":"used1234","used_at":"2024-05-06T07:08:09Z"}]}' },
          webauthn: { config: {} },
          oidc: { config: { providers: [{ provider: 'github', subject: '1' }] } },
        },
      },
    ])
    expect(given).toMatchObject({
      ...{ id: 'k', username: 'ada', email: 'ada@example.com', emailVerified: false, name: 'Ada Lovelace', disabled: true },
      totp: { secret: 'JBSWY3DPEHPK3PXP', digits: 8, period: 60, algorithm: 'SHA256' },
      recoveryCodes: ['abc12345'],
    })
    expect(notes).toEqual(['a WebAuthn key or passkey', 'a sign-in by github', 'the password, whose hash the origin does not give'])
  })
})

describe('users of Cognito', () => {
  const NOTE = 'the password, whose hash the origin does not give'

  it('come from CSV with the header of the pool', async () => {
    const csv = `name,given_name,family_name,email,email_verified,phone_number,phone_number_verified,cognito:mfa_enabled,cognito:username,updated_at
,Ada,Lovelace,ada@example.com,true,+491234567,false,true,ada,1714978800
`
    expect(await accountOf('cognito', csv)).toEqual({
      given: {
        ...{ id: 'ada', username: 'ada', email: 'ada@example.com', emailVerified: true, firstName: 'Ada', lastName: 'Lovelace' },
        ...{ phone: '+491234567', disabled: false, updatedAt: 1714978800000 },
      },
      notes: [NOTE, 'a second factor, whose secret Cognito does not give'],
    })
  })

  it('come from the JSON of list-users', async () => {
    const sub = '8d5c2c0e-0000-4000-8000-000000000001'
    const Attributes = [
      { Name: 'sub', Value: sub },
      { Name: 'email', Value: 'ada@example.com' },
      { Name: 'email_verified', Value: 'true' },
    ]
    const Users = [
      { Username: sub, Attributes, UserCreateDate: '2024-05-06T07:00:00.000000+00:00', Enabled: false, UserStatus: 'CONFIRMED' },
      { Username: 'Google_123', Attributes: [{ Name: 'sub', Value: 'g' }], UserStatus: 'EXTERNAL_PROVIDER' },
    ]
    expect(await recordsOf('cognito', JSON.stringify({ Users }, null, 2))).toEqual([
      { given: { id: sub, email: 'ada@example.com', emailVerified: true, disabled: true, createdAt: 1714978800000 }, notes: [NOTE] },
      { given: { id: 'g', emailVerified: false, disabled: false }, notes: ['a sign-in by Google'] },
    ])
  })
})

describe('users of Firebase', () => {
  it('have what cannot be taken over noted, and become administrators by a claim', async () => {
    const users = [
      {
        ...{
          localId: 'a',
          email: 'a@b.c',
          emailVerified: true,
          disabled: true,
          createdAt: '1714978800000',
          customAttributes: '{"admin":true}',
        },
        providerUserInfo: [{ providerId: 'google.com' }, { providerId: 'password' }],
        mfaInfo: [
          { phoneInfo: '+49', mfaEnrollmentId: 'x' },
          { totpInfo: {}, mfaEnrollmentId: 'y' },
        ],
      },
    ]
    expect(await accountOf('firebase', JSON.stringify({ users }), { 'admin-claim': 'admin' })).toEqual({
      given: { id: 'a', email: 'a@b.c', emailVerified: true, isAdmin: true, disabled: true, createdAt: 1714978800000 },
      notes: ['a sign-in by google.com', 'a second factor by SMS', 'an authenticator app, whose secret Firebase does not give'],
    })
  })
})

describe('users of Django', () => {
  it('may be of another model, without a username, and among other objects', async () => {
    const file = JSON.stringify([
      { model: 'contenttypes.contenttype', pk: 1, fields: {} },
      {
        model: 'accounts.Member',
        pk: 'b7a1',
        fields: { email: 'ada@example.com', full_name: 'Ada Lovelace', password: '', is_superuser: true },
      },
      { model: 'auth.user', pk: 1, fields: { username: 'other' } },
    ])
    expect(await recordsOf('django', file, { model: 'accounts.Member', admins: 'none' })).toEqual([
      { given: { id: 'b7a1', email: 'ada@example.com', name: 'Ada Lovelace', isAdmin: false, disabled: false } },
    ])
  })
})
