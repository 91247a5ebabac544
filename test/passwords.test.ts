/**
 * How passwords are kept: argon2id at OWASP's parameters or more, mended at sign-in when they rise, and hashes that this
 * program did not make never a fault.
 */
import { describe, expect, it } from 'vitest'
import { mutate } from './graphql/ask.ts'
import { PASSWORD, type Person, person, signIn, unique } from './support/accounts.ts'
import { databaseKind } from './support/database.ts'
import { libraries } from './support/hashing.ts'
import { account, changed, overtaken } from './support/races.ts'
import { openWorld, useWorld } from './support/world.ts'

describe('the length of a password is that of its NFC form, which is what is hashed', () => {
  const world = useWorld()
  const signUp = async (password: string) => {
    const number = unique()
    const input = { name: 'Some One', email: `length${number}@example.com`, password, confirm: password }
    return (await world().post('/auth/register', input)).status
  }
  const DECOMPOSED = 'e\u0301'
  const HANGUL = '\u1112\u1161\u11ab'

  it.each([
    ['four decomposed letters, of eight code points', 'e\u0301a\u0300u\u0308o\u0308', 400],
    ['five decomposed letters', DECOMPOSED.repeat(5), 400],
    ['six decomposed letters', DECOMPOSED.repeat(6), 201],
    ['two Hangul syllables of three letters each', HANGUL.repeat(2), 400],
    ['six Hangul syllables', HANGUL.repeat(6), 201],
    ['100 decomposed letters, of 200 code points', DECOMPOSED.repeat(100), 201],
    ['128 decomposed letters', DECOMPOSED.repeat(128), 201],
    ['129 decomposed letters', DECOMPOSED.repeat(129), 400],
    ['43 signs that NFC makes three of each (U+1D160)', '\u{1d160}'.repeat(43), 400],
  ])('%s', async (_what, password, status) => {
    expect(await signUp(password)).toBe(status)
  })

  it('the length is that of the NFC form on GraphQL as well, with its eight', async () => {
    await expect(person(world(), { password: `${DECOMPOSED.repeat(6)}x` })).rejects.toThrow('must have at least 8 characters')
    const { email } = await person(world(), { password: DECOMPOSED.repeat(8) })
    expect((await world().post('/auth/login', { email, password: '\u00e9'.repeat(8) })).status).toBe(200)
  })

  it('the length is that of the NFC form at a change and a reset alike', async () => {
    const owner = await person(world())
    const change = async (password: string) => {
      const body = { oldPassword: PASSWORD, password, passwordConfirmation: password }
      return (await world().put('/v1/security/change-password', body, owner.token)).status
    }
    expect(await change(DECOMPOSED.repeat(7))).toBe(400)
    await world().post('/auth/forgot-password', { email: owner.email })
    const token = /token=([\w-]+)/.exec(world().mails.at(-1)?.text ?? '')?.[1]
    const reset = async (password: string) => (await world().post(`/auth/reset-password?token=${token}`, { password })).status
    expect(await reset(DECOMPOSED.repeat(5))).toBe(400)
    expect(await reset(DECOMPOSED.repeat(100))).toBe(200)
  })
})

describe.each(libraries)('the hash of a password by $name', (argon2) => {
  const world = useWorld({}, { realHashes: true, argon2 })
  const hashOf = async (id: string) => (await world().db.client.user.findUniqueOrThrow({ where: { id } })).passwordHash

  it('the hash of a password is argon2id with the parameters of the settings', async () => {
    const { id } = await person(world())
    expect(await hashOf(id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('the hash of a password is made anew at a sign-in after the parameters rose, and then no more', async () => {
    const someone = await person(world())
    const stronger = await openWorld({ ARGON2_PASSES: '3' }, { db: world().db, realHashes: true, argon2 })
    expect((await stronger.post('/auth/login', { email: someone.email, password: 'cafe\u0301 au lait' })).status).toBe(401)
    expect(await hashOf(someone.id)).toContain('t=2')
    await signIn(stronger, someone)
    const mended = await hashOf(someone.id)
    expect(mended).toContain('t=3')
    await signIn(stronger, someone)
    expect(await hashOf(someone.id)).toBe(mended)
    await stronger.close()
    await signIn(world(), someone)
  })

  it('the hash of a password is made anew under load as far as there is room: a sign-in succeeds or is asked to come again, and is no fault', async () => {
    const someone = await person(world())
    const stronger = await openWorld({ ARGON2_PASSES: '3', LIMIT_HASH_QUEUE: '1' }, { db: world().db, realHashes: true, argon2 })
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await stronger.post('/auth/login', { email: someone.email, password: PASSWORD })).status),
    )
    expect([...new Set(statuses)].sort()).toEqual([200, 503])
    await stronger.close()
  })

  it.each(['$2a$10$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8.', 'nonsense', ''])(
    'the hash of a password that is none of ours (%s) fits no password',
    async (passwordHash) => {
      const { id, email } = await person(world())
      await world().db.client.user.update({ where: { id }, data: { passwordHash } })
      expect((await world().post('/auth/login', { email, password: PASSWORD })).status).toBe(401)
    },
  )

  it('fits in composed and decomposed Unicode alike', async () => {
    const { email } = await person(world(), { password: 'caf\u00e9 au lait' })
    expect((await world().post('/auth/login', { email, password: 'cafe\u0301 au lait' })).status).toBe(200)
  })

  it('the hash of a password of another program that did not normalise is tried as received', async () => {
    const { id, email } = await person(world())
    const passwordHash = await argon2.hash('cafe\u0301 au lait', { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    await world().db.client.user.update({ where: { id }, data: { passwordHash } })
    expect((await world().post('/auth/login', { email, password: 'cafe\u0301 au lait' })).status).toBe(200)
  })
})

describe('two processes with different libraries on one database', () => {
  const world = useWorld({}, { realHashes: true, argon2: libraries[0] })

  it('check the passwords that the other hashed, and hash none anew', async () => {
    const other = await openWorld({}, { db: world().db, realHashes: true, argon2: libraries[1] })
    expect([world().app.hashedBy, other.app.hashedBy]).toEqual(['argon2', '@node-rs/argon2'])
    const [ours, theirs] = [await person(world()), await person(other)]
    const hashes = async () => await world().db.client.user.findMany({ select: { passwordHash: true }, orderBy: { seq: 'asc' } })
    const before = await hashes()
    const login = async (at: typeof other, { email }: Person, password: string) =>
      (await at.post('/auth/login', { email, password })).status
    expect([await login(other, ours, PASSWORD), await login(world(), theirs, PASSWORD)]).toEqual([200, 200])
    expect([await login(other, ours, 'not this one'), await login(world(), theirs, 'not this one')]).toEqual([401, 401])
    expect(await hashes()).toEqual(before)
    await other.close()
  })
})

describe('a change of the password', () => {
  const world = useWorld()
  const change = async (owner: Person, newPassword: string) =>
    await mutate(world(), 'changePassword', { oldPassword: PASSWORD, newPassword }, owner.token)

  it('of several changes of the password at once with the same old password exactly one succeeds, and its password is the one that counts', async () => {
    const owner = await person(world())
    const passwords = Array.from({ length: 6 }, (_, at) => `another password ${at}`)
    const results = await Promise.all(passwords.map((password) => change(owner, password)))
    const won = passwords.filter((_, at) => results[at].__typename === 'ChangePasswordSuccess')
    expect(won).toHaveLength(1)
    for (const { code, fieldErrors } of results.filter(({ __typename }) => __typename !== 'ChangePasswordSuccess')) {
      expect([code, fieldErrors]).toEqual(['WRONG_PASSWORD', [{ field: 'oldPassword', message: 'Wrong password' }]])
    }
    const login = async (password: string) => (await world().post('/auth/login', { email: owner.email, password })).status
    expect([await login(won[0] ?? ''), await login(PASSWORD)]).toEqual([200, 401])
  })

  if (databaseKind() === 'postgresql')
    it('a change of the password that was overtaken by a reset changes nothing', async () => {
      const owner = await person(world())
      const reset = changed(owner, { credentialVersion: { increment: 1 }, passwordHash: null })
      const result = await overtaken(world(), account(owner), reset, () => change(owner, 'another password'))
      expect(result.code).toBe('WRONG_PASSWORD')
      expect((await world().db.client.user.findUniqueOrThrow({ where: { id: owner.id } })).passwordHash).toBeNull()
    })
})
