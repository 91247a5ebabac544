/** Second factors, recovery codes and fast hashes of other programs: they act like our own once they are imported. */
import { createHash } from 'node:crypto'
import { generateSync } from 'otplib'
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, unique } from '../support/accounts.ts'
import { useDirectory } from '../support/commands.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { fileOf, importFile } from './support.ts'

const world = useWorld()
const directory = useDirectory()
/** bcrypt of `password`, from the tests of jBCrypt's kin. */
const HASH = '$2b$04$RySfB1A20jYf9D0xxQkyXecT6ZzxUr5vjZo4NxWeKAUCWeP7fTjNi'
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

const someone = (more: object = {}) => {
  const number = unique()
  return { id: `with-${number}`, username: `with${number}`, email: `with${number}@example.org`, passwordHash: HASH, ...more }
}
const bring = async (record: object, options: readonly string[] = []) =>
  (await importFile(world(), await fileOf(directory(), [record]), options)).json
const SIGN_IN = `mutation($input: SignInInput!) { result: signIn(input: $input) {
  ... on SignInSuccess { user { id recoveryCodesLeft } credentials { accessToken { token } } } ... on Error { code } } }`
const signIn = async (identifier: string, password: string, code?: string, at = world()) =>
  (await at.graphql(SIGN_IN, { input: { identifier, password, code } })).body.result

beforeAll(async () => {
  await admin(world())
})

describe('an authenticator app', () => {
  it.each([
    [{}, { digits: 6, period: 30, algorithm: 'sha1' }],
    [
      { digits: 8, algorithm: 'SHA256' },
      { digits: 8, period: 30, algorithm: 'sha256' },
    ],
    [
      { period: 60, algorithm: 'SHA512' },
      { digits: 6, period: 60, algorithm: 'sha512' },
    ],
  ] as const)('goes on showing codes that count: %j', async (given, shown) => {
    const one = someone({ totp: { secret: SECRET, ...given } })
    await bring(one)
    expect((await signIn(one.username, 'password')).code).toBe('TWO_FACTOR_REQUIRED')
    const code = generateSync({ secret: SECRET, ...shown, epoch: Math.floor(Date.now() / 1000) })
    expect((await signIn(one.username, 'password', code)).user.id).toBe(one.id)
    expect((await signIn(one.username, 'password', code)).code).toBe('INVALID_TWO_FACTOR_CODE')
  })
})

describe('recovery codes of another program', () => {
  const codes = ['k2x9-mm4q', 'ABCDEFGHJKMN', '0123 4567 8901', 'Zz9yX8wV7u']

  it('count once each, however they are typed, are counted, and are replaced by new ones', async () => {
    const one = someone({ totp: { secret: SECRET }, recoveryCodes: codes })
    await bring(one)
    const first = await signIn(one.username, 'password', ' K2X9MM4Q ')
    expect(first.user).toEqual({ id: one.id, recoveryCodesLeft: 3 })
    expect((await signIn(one.username, 'password', 'k2x9-mm4q')).code).toBe('INVALID_TWO_FACTOR_CODE')
    expect((await signIn(one.username, 'password', 'k2x9-mm4r')).code).toBe('INVALID_TWO_FACTOR_CODE')
    const second = await signIn(one.username, 'password', 'abcd-efgh-jkmn')
    expect(second.user.recoveryCodesLeft).toBe(2)
    expect((await world().post('/users/login', { email: one.email, password: 'password', code: '012345678901' })).status).toBe(200)
    const regenerate =
      'mutation { result: regenerateRecoveryCodes { ... on RegenerateRecoveryCodesSuccess { recoveryCodes } ... on Error { code } } }'
    const made = (await world().graphql(regenerate, {}, second.credentials.accessToken.token)).body.result
    expect(made.recoveryCodes).toHaveLength(10)
    expect((await signIn(one.username, 'password', 'Zz9yX8wV7u')).code).toBe('INVALID_TWO_FACTOR_CODE')
    expect((await signIn(one.username, 'password', made.recoveryCodes[0])).user.recoveryCodesLeft).toBe(9)
  })

  it('are of no use twice at once', async () => {
    const one = someone({ totp: { secret: SECRET }, recoveryCodes: codes })
    await bring(one)
    const all = await Promise.all(Array.from({ length: 4 }, () => signIn(one.username, 'password', 'ABCDEFGHJKMN')))
    expect(all.filter(({ user }) => user !== undefined)).toHaveLength(1)
  })

  it.each([
    ['eight digits', '12345678'],
    ['few characters', 'abc-123'],
    ['the same characters', 'aaaa-bbbb-aaaa'],
  ])('that can be guessed are left out, and the account is imported: %s', async (_what, easy) => {
    const one = someone({ totp: { secret: SECRET }, recoveryCodes: [easy, 'k2x9-mm4q'] })
    expect(await bring(one)).toMatchObject({ created: 1, notes: { 'recovery codes that can be guessed were left out': 1 } })
    expect((await signIn(one.username, 'password', easy)).code).toBe('INVALID_TWO_FACTOR_CODE')
    expect((await signIn(one.username, 'password', 'k2x9-mm4q')).user.recoveryCodesLeft).toBe(0)
  })

  it('are not in the database in clear, and go on after SECRET_KEY was changed and the old one removed', async () => {
    const one = someone({ totp: { secret: SECRET }, recoveryCodes: ['k2x9-mm4q', 'ABCDEFGHJKMN'] })
    await bring(one)
    const rows = await world().db.client.recoveryCode.findMany({ where: { userId: one.id } })
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows).toLowerCase()).not.toContain('k2x9')
    const [old, fresh] = ['the secret key of every test, long enough', 'another secret key, which is as long as that']
    const both = await openWorld({}, { db: world().db, secretKeys: [fresh, old] })
    await expect
      .poll(async () => (await world().db.client.recoveryCode.findFirstOrThrow({ where: { userId: one.id } })).sealedKey)
      .not.toBe(rows[0]?.sealedKey)
    await both.close()
    const later = await openWorld({}, { db: world().db, secretKeys: [fresh] })
    expect((await signIn(one.username, 'password', 'ABCDEFGHJKMN', later)).user.id).toBe(one.id)
    await later.close()
    const back = await openWorld({}, { db: world().db, secretKeys: [old, fresh] })
    await expect
      .poll(async () => (await world().db.client.recoveryCode.findFirstOrThrow({ where: { userId: one.id } })).sealedKey?.slice(0, 11))
      .toBe(rows[0]?.sealedKey?.slice(0, 11))
    await back.close()
  })
})

describe('fast hashes', () => {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const ssha = `{SSHA}${Buffer.concat([createHash('sha1').update('passwordsalt').digest(), Buffer.from('salt')]).toString('base64')}`

  it.each([
    ['MD5', md5('password')],
    ['LDAP', ssha],
    ["Django's SHA-1", `sha1$pepper$${createHash('sha1').update('pepperpassword').digest('hex')}`],
    ['MD5 of crypt(3)', '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/'],
  ])('of %s are hashed again before they are stored, sign in, and are replaced', async (_what, passwordHash) => {
    const one = someone({ passwordHash })
    expect(await bring(one)).toMatchObject({ created: 0, rejected: 1 })
    expect(await bring(one, ['--allow-fast-hashes'])).toMatchObject({
      created: 1,
      notes: { 'a fast hash was hashed again with argon2id': 1 },
    })
    const stored = async () => (await world().db.client.user.findUniqueOrThrow({ where: { id: one.id } })).passwordHash ?? ''
    expect(await stored()).toMatch(/^\$layered\$.*\$argon2id\$/)
    const [record] = await world().db.client.importRecord.findMany({ where: { userId: one.id } })
    expect(Object.values(record ?? {}).join(' ')).not.toContain(passwordHash)
    expect((await signIn(one.username, 'Password')).code).toBe('BAD_CREDENTIALS')
    expect((await signIn(one.username, 'password')).user.id).toBe(one.id)
    expect(await stored()).toMatch(/^\$argon2id\$/)
  })
})

describe('the kinds of foreign hashes that accounts have', () => {
  it('are known to every process, and forgotten when nobody has one any more', async () => {
    const { client } = world().db
    await client.user.deleteMany({ where: { passwordHash: { startsWith: '$2b$' } } })
    const { forgetHashes } = await import('../../src/domain/moving/expectedHashes.ts')
    const one = someone()
    await bring(one)
    expect((await client.expectedHash.findMany({ where: { kind: 'bcrypt' } })).map(({ hash }) => hash.slice(0, 7))).toEqual(['$2b$04$'])
    await forgetHashes(world().app.domain)
    expect(await client.expectedHash.count({ where: { kind: 'bcrypt' } })).toBe(1)
    expect((await signIn(one.username, 'password')).user.id).toBe(one.id)
    await forgetHashes(world().app.domain)
    expect(await client.expectedHash.count({ where: { kind: 'bcrypt' } })).toBe(0)
  })
})
