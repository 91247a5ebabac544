/**
 * Usernames through the front door: what a new one may be, on every surface that takes one; who has one, in whatever spelling; and
 * that none keeps the owner of an e-mail address out. The rule itself: `test/unit/usernames.test.ts`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { identifierKey } from '../src/domain/accounts/identifiers.ts'
import { expectFailure, mutate } from './graphql/ask.ts'
import { admin, PASSWORD, person, signIn, signInOnV1, unique, withUsername } from './support/accounts.ts'
import { root } from './support/database.ts'
import { useWorld } from './support/world.ts'

const world = useWorld()
let boss: string
beforeAll(async () => {
  boss = (await admin(world())).token
})

const address = () => `owner${unique()}@example.com`
const signUp = async (input: object) => await mutate(world(), 'signUp', { password: PASSWORD, ...input })
const enter = async (identifier: string) => await mutate(world(), 'signIn', { identifier, password: PASSWORD })
const usernameOf = async (id: string) => (await world().get(`/api/users/${id}`, boss)).body.username

const REFUSED = [
  ['a zero width space', 'ro\u200bot', 'must not contain control or invisible characters'],
  ['an override of the direction', 'to\u202eor', 'must not contain control or invisible characters'],
  ['a soft hyphen', 'ro\u00adot', 'must not contain control or invisible characters'],
  ['a Cyrillic letter among Latin ones', 'r\u043eot', 'must not mix letters of different scripts'],
  ['mathematical letters', '\u{1d42b}oot', 'must consist of letters, digits, emoji and the signs of ASCII'],
  ['the form of an address', 'nobody@example.com', 'must not be an e-mail address other than your own'],
  ['the form of an address without a dot', 'root@localhost', 'must not be an e-mail address other than your own'],
  ['the form of an address with a dotless i, which is an i', 'adm\u0131n@localhost', 'must not be an e-mail address other than your own'],
] as const

describe.each(REFUSED)('a new username with %s is refused', (_what, username, message) => {
  it('POST /users/register refuses such a username', async () => {
    const { status, body } = await world().post('/users/register', { username, email: address(), password: PASSWORD })
    expect([status, body]).toEqual([400, { error: 400, reason: `username ${message}` }])
  })

  it('POST /api/users refuses such a username', async () => {
    const { status, body } = await world().post('/api/users', { username, email: address(), password: PASSWORD }, boss)
    expect(status).toBe(400)
    expect(body).toEqual({
      isClientSafe: true,
      error: 400,
      reason: `username ${message}`,
      message: `username ${message} [400]`,
      errorType: 'Meteor.Error',
      statusCode: 400,
    })
  })

  it('signUp and createUser refuse such a username', async () => {
    const input = { username, email: address(), password: PASSWORD }
    for (const result of [await mutate(world(), 'signUp', input), await mutate(world(), 'createUser', input, boss)]) {
      expectFailure(result, 'InputError', 'INVALID_INPUT', ['username'])
      expect(result.fieldErrors).toEqual([{ field: 'username', message }])
    }
  })
})

describe('a username', () => {
  it('a username is kept prepared, and shown so', async () => {
    const number = unique()
    const { user } = await signUp({ username: ` \uff41da\uff3f${number}e\u0301\u3000` })
    expect(await usernameOf(user.id)).toBe(`ada_${number}\u00e9`)
  })

  it.each([
    ['full width', (name: string) => name.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))],
    ['capitals', (name: string) => name.toUpperCase()],
    ['decomposed letters', (name: string) => name.normalize('NFD')],
    ['white space around it', (name: string) => `\u3000${name} `],
    ['more spaces inside', (name: string) => name.replace(' ', '   ')],
  ])('a username is one in %s: taken, and signs in', async (_what, spelled) => {
    const username = `zo\u00eb the ${unique()}`
    const { user } = await signUp({ username })
    expectFailure(await signUp({ username: spelled(username) }), 'ConflictError', 'USERNAME_TAKEN', ['username'])
    expect((await enter(spelled(username))).user).toEqual({ id: user.id })
    const wekan = await world().post('/users/login', { username: spelled(username), password: PASSWORD })
    expect([wekan.status, wekan.body.id]).toEqual([200, user.id])
  })

  it('a username of Greek letters is one in capitals and with either small sigma', async () => {
    const { user } = await signUp({ username: `\u03b1\u03bb\u03ad\u03be\u03b7\u03c2${unique()}\u03c2` })
    const name = await usernameOf(user.id)
    for (const spelling of [name.toUpperCase(), name.replaceAll('\u03c2', '\u03c3')]) expect((await enter(spelling)).user.id).toBe(user.id)
  })

  it('a username with a dotless i is taken by the one with a dot', async () => {
    const number = unique()
    await signUp({ username: `admin${number}` })
    expectFailure(await signUp({ username: `adm\u0131n${number}` }), 'ConflictError', 'USERNAME_TAKEN', ['username'])
  })

  it('a username of Arabic letters with digits is taken and signs in, on both surfaces that show one', async () => {
    const username = `\u0645\u062d\u0645\u062f ${unique()}`
    const { body } = await world().post('/users/register', { username, password: PASSWORD })
    expect(await usernameOf(body.id)).toBe(username)
    expect((await enter(username)).user.id).toBe(body.id)
  })

  it('a username is derived from the longest and the oddest local part, and a next one too', async () => {
    for (const local of [`${unique()}!#$%&'*+/=?^_\`{|}~-..`, `${'x'.repeat(200)}${unique()}`])
      for (const domain of ['one.example', 'two.example']) {
        const { user } = await signUp({ email: `${local}@${domain}` })
        expect((await usernameOf(user.id)).startsWith(local.slice(0, 100))).toBe(true)
      }
  })
})

describe('a username in the form of an e-mail address', () => {
  it('a username in the form of an e-mail address is taken where it is the own, in whatever spelling, and signs in', async () => {
    const email = address()
    const { user } = await signUp({ email, username: email.toUpperCase() })
    expect(await usernameOf(user.id)).toBe(email.toUpperCase())
    expect((await enter(email)).user).toEqual({ id: user.id })
  })

  it('a username in the form of an e-mail address is refused in full width, and without an own address', async () => {
    expectFailure(await signUp({ username: 'someone\uff20example.com' }), 'InputError', 'INVALID_INPUT', ['username'])
    expectFailure(await signUp({ username: 'someone@mail.host' }), 'InputError', 'INVALID_INPUT', ['username'])
  })

  it.each([
    ['with a dot', address],
    ['without a dot', () => `ceo${unique()}@mailhost`],
  ])('%s keeps nobody from registering: its owner does, before and after', async (_what, make) => {
    const email = make()
    expectFailure(await signUp({ email: address(), username: email }), 'InputError', 'INVALID_INPUT', ['username'])
    const { user } = await signUp({ email })
    expectFailure(await signUp({ email: address(), username: email }), 'ConflictError', 'USERNAME_TAKEN', ['username'])
    expect((await enter(email)).user).toEqual({ id: user.id })
  })

  it('a username in the form of an e-mail address follows the account’s address when that changes at once, so that the old one is free', async () => {
    const [old, next] = [address(), address()]
    const { user } = await signUp({ email: old, username: old })
    const token = await signInOnV1(world(), { email: old, password: PASSWORD })
    await world().put('/v1/account/change-email', { email: next }, token)
    expect(await usernameOf(user.id)).toBe(next)
    const owner = await signUp({ email: old })
    expect(owner.user.id).not.toBe(user.id)
    expect((await enter(old)).user.id).toBe(owner.user.id)
    expect((await enter(next)).user.id).toBe(user.id)
  })

  it('a username in the form of an e-mail address follows the account’s address when the new one was confirmed', async () => {
    const [old, next] = [address(), address()]
    const { user } = await signUp({ email: old, username: old })
    await mutate(world(), 'changeEmail', { email: next }, await signIn(world(), { email: old, password: PASSWORD }))
    const token = /token=([\w-]+)/.exec(world().mails.findLast(({ to }) => JSON.stringify(to).includes(next))?.text ?? '')?.[1]
    expect(await mutate(world(), 'confirmEmail', { token })).toEqual({ __typename: 'ConfirmEmailSuccess', user: null })
    expect(await usernameOf(user.id)).toBe(next)
    expect((await signUp({ email: old })).__typename).toBe('SignUpSuccess')
  })

  it('a username in the form of an e-mail address stays what it is where it is none of the account, whatever the address does', async () => {
    const account = await withUsername(world(), { username: `imported${unique()}@example.com` })
    await world().put('/v1/account/change-email', { email: address() }, account.token)
    expect(await usernameOf(account.id)).toBe(account.username)
    expect((await enter(account.username)).user.id).toBe(account.id)
  })
})

describe('an imported username', () => {
  it.each(['ro\u200bot', 'r\u043eot', '\u2605 star', 'two  spaces', '\u0639\u0644\u064a ali', '\ufb01ona'])(
    '%j is shown as it is, and signs in',
    async (name) => {
      const account = await withUsername(world(), { username: `${name}${unique()}` })
      expect(await usernameOf(account.id)).toBe(account.username)
      expect((await enter(account.username)).user).toEqual({ id: account.id })
      expect((await world().get(`/api/users/${encodeURIComponent(account.username)}`, boss)).body._id).toBe(account.id)
    },
  )

  it('an imported username in the form of an address is taken for whoever registers with that, until its owner takes the address', async () => {
    const email = address()
    const account = await withUsername(world(), { username: email })
    expectFailure(await signUp({ email }), 'ConflictError', 'EMAIL_TAKEN', ['email'])
    const token = await signInOnV1(world(), account)
    await world().put('/v1/account/change-email', { email }, token)
    expect((await world().get('/v1/profile', token)).body.email).toBe(email)
  })

  it('an imported username in the form of an address is free when an administrator has deleted the account', async () => {
    const email = address()
    const account = await withUsername(world(), { username: email })
    expect((await world().delete(`/api/users/${account.id}`, boss)).status).toBe(200)
    expect((await signUp({ email })).__typename).toBe('SignUpSuccess')
  })
})

describe('a value that was kept by the older rule', () => {
  const keep = async (value: string) => {
    const { id } = await person(world())
    await world().db.client.identifier.create({ data: { value, userId: id } })
    return id
  }
  const migrate = async () => {
    const path = join(root, 'prisma/migrations/20261128130000_identifier_keys/migration.sql')
    await world().db.client.$executeRawUnsafe(await readFile(path, 'utf8'))
  }
  const valuesOf = async (userId: string) =>
    (await world().db.client.identifier.findMany({ where: { userId }, orderBy: { value: 'asc' } })).map(({ value }) => value)

  it('a value that was kept by the older rule signs in as before', async () => {
    const value = `\uff4f\uff4c\uff44${unique()}`
    const id = await keep(value)
    for (const spelling of [value, ` ${value.toUpperCase()} `]) expect((await enter(spelling)).user.id).toBe(id)
  })

  it('a value that was kept by the older rule is found in every spelling after the migration, and cannot be taken', async () => {
    const number = unique()
    const id = await keep(`\uff4f\uff4c\uff44\u3000\uff01\u03c2\u017f\u0131\u00b5${number}`)
    await migrate()
    expect((await enter(`OLD !\u03a3si\u03bc${number}`)).user.id).toBe(id)
    const plain = await keep(`\uff57\uff49\uff44\uff45${number}`)
    await migrate()
    expectFailure(await signUp({ username: `wide${number}` }), 'ConflictError', 'USERNAME_TAKEN', ['username'])
    expect(await valuesOf(plain)).toContain(`wide${number}`)
  })

  it('a value that was kept by the older rule stays with each of two accounts, of which the older gets the new form', async () => {
    const number = unique()
    const [older, newer] = [await keep(`\uff54\uff57in${number}`), await keep(`t\uff57in${number}`)]
    await migrate()
    await migrate()
    expect((await enter(`twin${number}`)).user.id).toBe(older)
    expect((await enter(`t\uff57in${number}`)).user.id).toBe(newer)
    expect((await enter(`\uff54\uff57in${number}`)).user.id).toBe(older)
  })

  it('a value of the older rule that another account has in the new form stays apart', async () => {
    const number = unique()
    const { user } = await signUp({ username: `both${number}` })
    const id = await keep(`\uff42oth${number}`)
    await migrate()
    expect((await enter(`both${number}`)).user.id).toBe(user.id)
    expect((await enter(`\uff42oth${number}`)).user.id).toBe(id)
  })

  it('a value that was kept by the older rule gets by the migration what it is compared by', async () => {
    const values = ['\uff41\uff5e\uff3a', '\uff11\uff20\uff3b', 'a\u3000b', '\u03c2', '\u017f', '\u0131', '\u00b5', 'a  b   c'].map(
      (value) => `${value.toLowerCase()}${unique()}`,
    )
    for (const value of values) {
      const id = await keep(value)
      await migrate()
      expect(await valuesOf(id)).toContain(identifierKey(value))
    }
  })

  it('a value that was kept by the older rule is not released when the address changes', async () => {
    const value = `\uff4b\uff45\uff45\uff50${unique()}`
    const account = await withUsername(world(), { username: value, key: value })
    await world().put('/v1/account/change-email', { email: address() }, account.token)
    expect((await enter(value)).user.id).toBe(account.id)
  })
})
