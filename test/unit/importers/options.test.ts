/** Options of importers: what they say if they are wrong, and the mapping of CSV. */
import { describe, expect, it } from 'vitest'
import { importers } from '../../../src/importers/importers.ts'
import { accountOf, reasonsOf, recordsOf } from './support.ts'

describe('importers', () => {
  it('there is one for each origin, in the order of the help', () => {
    expect(importers.map(({ name }) => name)).toEqual([
      ...[
        'wekan',
        'keycloak',
        'firebase',
        'auth0',
        'supabase',
        'better-auth',
        'django',
        'devise',
        'wordpress',
        'parse',
        'kratos',
        'cognito',
      ],
      ...['csv', 'json'],
    ])
  })

  it('take secrets from the environment', () => {
    const secrets = importers.flatMap(({ name, options }) =>
      options.flatMap(({ name: option, env }) => (env === undefined ? [] : [`${name} --${option} ${env}`])),
    )
    expect(secrets).toEqual([
      'firebase --signer-key FIREBASE_SIGNER_KEY',
      'better-auth --secret BETTER_AUTH_SECRET',
      'devise --pepper DEVISE_PEPPER',
    ])
  })

  it.each([
    ['csv', {}, '--map is needed'],
    ['csv', { map: 'mail=E-Mail' }, /^--map: "mail" is none of id, username, email/],
    ['csv', { map: 'email=' }, '--map: the column for email is missing'],
    ['csv', { map: 'email=A,email=B' }, '--map names email twice'],
    ['csv', { map: 'email=A', delimiter: ';;' }, '--delimiter must be one character, or tab'],
    ['csv', { map: 'email=A', dates: 'ymd' }, '--dates must be one of iso, seconds, milliseconds, dmy, mdy'],
    ['firebase', { rounds: 'many' }, '--rounds must be a whole number from 1 to 64'],
    ['better-auth', { 'as-of': 'now' }, '--as-of must be a time, such as 2026-01-31T12:00:00Z'],
    ['parse', { surface: 'rest' }, '--surface must be one of graphql, wekan, idiot, xiot, authentication'],
    ['django', { admins: 'all' }, '--admins must be one of superusers, staff, none'],
  ])('%s says what is wrong with %o', async (name, options, message) => {
    await expect(recordsOf(name, 'A\nx\n', options as Record<string, string>)).rejects.toThrow(message)
  })
})

describe('a mapping of CSV', () => {
  it('gives columns their meaning', async () => {
    const csv =
      'Nr\tE-Mail, privat\tSince\tActive\tRights\tHash\tBackup\n7\tada@example.com\t12/31/2019 23:59:58\tX\tread write\t$2b$10$abc\taaa; bbb\n'
    const map =
      'id=Nr,email=E-Mail\\, privat,createdAt=Since,enabled=Active,scopes=Rights,passwordHash=Hash,recoveryCodes=Backup,emailVerified=Active'
    const options = { map, delimiter: 'tab', dates: 'mdy', true: 'x', 'hash-prefix': '$meteor' }
    expect(await accountOf('csv', csv, options)).toEqual({
      given: {
        ...{ id: '7', email: 'ada@example.com', createdAt: 1577836798000, disabled: false, scopes: ['read', 'write'] },
        ...{ passwordHash: '$meteor$2b$10$abc', recoveryCodes: ['aaa', 'bbb'], emailVerified: true },
      },
    })
  })

  it.each([
    ['iso', '2019-12-31 23:59:58+01', 1577833198000],
    ['iso', '2019-12-31', 1577750400000],
    ['iso', '1577833198', 1577833198000],
    ['seconds', '1577833198.5', 1577833198500],
    ['milliseconds', '1577833198000', 1577833198000],
    ['dmy', '31.12.2019', 1577750400000],
  ])('reads times as %s: %s', async (dates, cell, expected) => {
    expect((await accountOf('csv', `id,at\n1,${cell}\n`, { map: 'id=id,createdAt=at', dates })).given.createdAt).toBe(expected)
  })

  it('has a reason for cells that say nothing, and for a column that is missing', async () => {
    const options = { map: 'id=id,createdAt=at,isAdmin=boss', dates: 'dmy' }
    expect(await reasonsOf('csv', 'id,at,boss\n1,31.02.2019,no\n2,12/31/2019,no\n3,1.2.2019,perhaps\n', options)).toEqual([
      'createdAt: the column "at" has an unknown value',
      'createdAt: the column "at" has an unknown value',
      'isAdmin: the column "boss" has an unknown value',
    ])
    expect(await reasonsOf('csv', 'id,at\n1,1.2.2019\n', options)).toEqual(['the header has no column "boss"'])
  })
})

describe('our own form', () => {
  it('is taken as it is', async () => {
    expect(await recordsOf('json', '{"id":"1","email":"a@b.c"}\n{"id":\n')).toEqual([
      { given: { id: '1', email: 'a@b.c' } },
      { reason: 'the line is not valid JSON; it may have been cut off', given: '{"id":' },
    ])
  })
})
