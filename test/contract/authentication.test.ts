/**
 * The dialect `authentication` as its document prints it and the contract settles it (sections 1 and 4): every route and
 * every case, the rotation of refresh tokens in all its states, and all lifetimes by moving time.
 */
import { availableParallelism } from 'node:os'
import { beforeAll, describe, expect, it } from 'vitest'
import { person, signIn, unique, verify, withTwoFactor, withUsername } from '../support/accounts.ts'
import { type Answer, useWorld, type World } from '../support/world.ts'
import {
  type Admin,
  DAY,
  expectAnswer,
  expectLife,
  ISO,
  itsGuards,
  itsPasswordLimit,
  JWT,
  MINUTE,
  mailedToken,
  retryAfter,
  SECOND,
  UUID,
} from './support.ts'

const failure = (status: number, text: string, more: object = {}) => ({ error: text, message: text, status, code: status, ...more })

const PLEASE_AUTHENTICATE = failure(401, 'Please authenticate')
const BAD_LOGIN = failure(401, 'Incorrect email or password')

/** An error that the contract gives no text for. */
const expectError = (answer: Answer, status: number) => {
  expect(answer.body?.message).toEqual(expect.stringMatching(/./))
  expectAnswer(answer, status, { ...failure(status, answer.body.message), ...(answer.body.errors ? { errors: answer.body.errors } : {}) })
}
const expectTooMany = (answer: Answer) => expectError(answer, 429)

/** 400 that names these fields, with a text for each. */
const expectInvalid = (answer: Answer, fields: readonly string[]) => {
  expectError(answer, 400)
  expect(answer.body.errors).toEqual(Object.fromEntries(fields.map((field) => [field, expect.stringMatching(/./)])))
}

const token = { token: expect.any(String), expires: expect.stringMatching(ISO) }
const TOKENS = { access: { ...token, token: expect.stringMatching(JWT) }, refresh: token }

interface Account {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly password: string
  readonly access: string
  readonly refresh: string
}

const fieldsOf = (input: Record<string, unknown> = {}) => {
  const number = unique()
  return { name: `Ada Number${number}`, email: `ada${number}@example.com`, password: 'secret word', confirm: 'secret word', ...input }
}

const accountOf = (fields: ReturnType<typeof fieldsOf>, { status, body }: Answer): Account => {
  if (status !== 201) throw new Error(`registration failed: ${JSON.stringify(body)}`)
  return { ...fields, id: body.user.id, access: body.tokens.access.token, refresh: body.tokens.refresh.token }
}

const register = async (world: World): Promise<Account> => {
  const fields = fieldsOf()
  return accountOf(fields, await world.post('/auth/register', fields))
}

const world = useWorld()
let admin: Admin
beforeAll(async () => {
  const { body } = await world().post('/users/register', { username: 'admin', email: 'admin@example.com', password: 'secret word' })
  admin = body
})

const logIn = async (email: string, password: string, at: World = world()) => await at.post('/auth/login', { email, password })
const welcome = async (access: string, at: World = world()) => await at.post('/auth', undefined, access)
const refresh = async (refreshToken: string, at: World = world()) => await at.post('/auth/refresh-tokens', { refreshToken })
const logOut = async (refreshToken: string) => await world().post('/auth/logout', { refreshToken })
const forgot = async (email: string) => await world().post('/auth/forgot-password', { email })
const reset = async (resetToken: string, password: unknown) => await world().post(`/auth/reset-password?token=${resetToken}`, { password })
const setLogin = async (id: string, action: 'disableLogin' | 'enableLogin') =>
  await world().put(`/api/users/${id}`, { action }, admin.token)

/** The token of a reset mail that was just asked for. */
const resetTokenOf = async (email: string): Promise<string> => {
  await forgot(email)
  return mailedToken(world(), email)
}

const notText: readonly [string, unknown][] = [
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['a number', 12_345_678],
  ['an object', { $ne: '' }],
  ['an array', ['text']],
  ['with NUL', 'a\0b@example.com'],
  ['no well-formed Unicode', 'text\ud800'],
]

const open = { world, admin: () => admin, method: 'POST', allow: ['POST'], needs: 'nothing', body: 'json', expectError } as const

describe('POST /auth', () => {
  itsGuards({ ...open, path: '/auth', needs: 'session', body: 'none' })

  it('welcomes, with bio null when unset', async () => {
    const { name, email, access } = await register(world())
    expectAnswer(await welcome(access), 200, { message: `Welcome ${name}`, user: { name, bio: null, email } })
  })

  it('prints the bio', async () => {
    const fields = fieldsOf({ bio: 'Wrote\nthe first program.' })
    const { access } = accountOf(fields, await world().post('/auth/register', fields))
    expect((await welcome(access)).body.user).toEqual({ name: fields.name, bio: 'Wrote\nthe first program.', email: fields.email })
  })

  it('an account without an e-mail address has ""', async () => {
    const username = `nomail${unique()}`
    const { body } = await world().post('/users/register', { username, password: 'secret word' })
    expectAnswer(await welcome(body.token), 200, { message: `Welcome ${username}`, user: { name: username, bio: null, email: '' } })
  })

  it('a body that is sent is ignored', async () => {
    const { email, access } = await register(world())
    expect((await world().post('/auth', { user: 'other', name: 1 }, access)).body.user.email).toBe(email)
  })

  it('every access token of the account opens it, and this dialect’s opens every surface', async () => {
    const { email, password, access } = await register(world())
    const v1 = (await world().post('/v1/auth/login', { email, password })).body
    const wekan = (await world().post('/users/login', { email, password })).body
    for (const bearer of [v1.token, v1.accessToken, wekan.token, await signIn(world(), { email, password })])
      expect((await welcome(bearer)).body.user.email).toBe(email)
    expect((await world().get('/v1/profile', access)).body.email).toBe(email)
    expect((await world().get('/api/user', access)).body.emails).toEqual([{ address: email, verified: false }])
    expect((await world().graphql('{ me { email } }', {}, access)).body.me).toEqual({ email })
  })

  it.each(['bearer', 'BEARER'])('the scheme may be written %s', async (scheme) => {
    const { access } = await register(world())
    expect((await world().request('POST', '/auth', { headers: { authorization: `${scheme} ${access}` } })).status).toBe(200)
  })

  it('a token in the query or in the body is not read', async () => {
    const { access } = await register(world())
    expectAnswer(await world().post(`/auth?access_token=${access}`, { access_token: access }), 401, PLEASE_AUTHENTICATE)
  })
})

describe('POST /auth/register', () => {
  const path = '/auth/register'
  itsGuards({ ...open, path })

  const post = async (input: Record<string, unknown>) => await world().post(path, fieldsOf(input))

  it('the printed body: 201 with the account and its tokens', async () => {
    const before = Date.now()
    const raw = '{"name": "string", "bio": "string", "email": "user@example.com", "password": "string", "confirm": "string"}'
    const answer = await world().request('POST', path, { raw, headers: { 'content-type': 'application/json' } })
    const user = { id: expect.stringMatching(UUID), name: 'string', bio: 'string', email: 'user@example.com' }
    expectAnswer(answer, 201, { user, tokens: TOKENS })
    const { access, refresh } = answer.body.tokens
    expectLife(access.expires, 30 * MINUTE, before)
    expectLife(refresh.expires, 30 * DAY, before)
    expect((await welcome(access.token)).body.user).toEqual({ name: 'string', bio: 'string', email: 'user@example.com' })
    expect((await logIn('user@example.com', 'string')).status).toBe(200)
  })

  it.each([
    ['absent', {}],
    ['null', { bio: null }],
  ])('bio %s is null', async (_name, input) => {
    expect((await post(input)).body.user.bio).toBeNull()
  })

  it('application/json with charset is read', async () => {
    const raw = new TextEncoder().encode(JSON.stringify(fieldsOf({ name: 'Ádám' })))
    const answer = await world().request('POST', path, { raw, headers: { 'content-type': 'application/json; charset=utf-8' } })
    expect([answer.status, answer.body.user.name]).toEqual([201, 'Ádám'])
  })

  it('neither token is kept', async () => {
    const { id, access, refresh } = await register(world())
    const kept = JSON.stringify(await world().db.client.session.findMany({ where: { userId: id }, include: { opaqueTokens: true } }))
    expect([kept.includes(access), kept.includes(refresh)]).toEqual([false, false])
  })

  it('first name is the first word, last name the rest, the username the local part', async () => {
    const { body } = await post({ name: '  Ada King Lovelace ', email: 'lovelace.ada@example.com' })
    const { access } = body.tokens
    expect(body.user.name).toBe('Ada King Lovelace')
    expect((await world().get('/v1/profile', access.token)).body).toMatchObject({ firstName: 'Ada', lastName: 'King Lovelace' })
    expect((await world().get('/api/user', access.token.token)).status).toBe(401)
    expect((await world().get('/api/user', access.token)).body).toMatchObject({
      username: 'lovelace.ada',
      profile: { fullname: 'Ada King Lovelace' },
    })
  })

  it('an e-mail address is trimmed and kept as typed', async () => {
    const email = `Ada${unique()}@Example.com`
    expect((await post({ email: ` ${email}\t` })).body.user.email).toBe(email)
    expect((await logIn(email.toLowerCase(), 'secret word')).status).toBe(200)
  })

  it.each([
    ['of 6 characters', 'string', 'String'],
    ['of 128 characters outside the BMP', '𝕡'.repeat(128), '𝕡'.repeat(127)],
    ['with spaces around', '  secret  ', 'secret'],
    ['that is common', 'password', 'Password'],
    ['of one Unicode form', 'geh\u00e9im', 'geheim'],
  ])('a password %s is kept as it is', async (_name, password, other) => {
    const { body } = await post({ password, confirm: password })
    expect((await logIn(body.user.email, password)).status).toBe(200)
    expect((await logIn(body.user.email, other)).status).toBe(401)
  })

  it('a password is the same in each Unicode form', async () => {
    const { body } = await post({ password: 'geh\u00e9im', confirm: 'geh\u00e9im' })
    expect((await logIn(body.user.email, 'gehe\u0301im')).status).toBe(200)
  })

  it.each([
    ['a name of one character', { name: 'ö' }],
    ['a name of 100 characters', { name: '𝕟'.repeat(100) }],
    ['a bio of 500 characters', { bio: '𝕓'.repeat(500) }],
  ])('%s: 201', async (_name, input) => {
    expect((await post(input)).status).toBe(201)
  })

  it('unknown keys and __proto__ have no effect', async () => {
    const fields = fieldsOf()
    const raw = `{"__proto__": {"isAdmin": true}, "id": "x", "isAdmin": true, "scopes": ["users"], "username": "x", ${JSON.stringify(fields).slice(1)}`
    const answer = await world().request('POST', path, { raw, headers: { 'content-type': 'application/json' } })
    const { id, access } = accountOf(fields, answer)
    expect(id).toMatch(UUID)
    const own = (await world().get('/api/user', access)).body
    expect(own).not.toHaveProperty('isAdmin')
    expect(own.username).toBe(fields.email.split('@')[0])
  })

  it('of duplicate JSON keys the last wins', async () => {
    const raw = `{"name": "An earlier one", ${JSON.stringify(fieldsOf({ name: 'The last' })).slice(1)}`
    const answer = await world().request('POST', path, { raw, headers: { 'content-type': 'application/json' } })
    expect(answer.body.user.name).toBe('The last')
  })

  it('all missing fields at once: 400', async () => {
    for (const json of [undefined, {}]) expectInvalid(await world().post(path, json), ['name', 'email', 'password', 'confirm'])
  })

  it('all wrong fields at once: 400', async () => {
    const wrong = { name: '', email: 'x', password: '12345', confirm: '54321', bio: 'x'.repeat(501) }
    expectInvalid(await world().post(path, wrong), ['name', 'email', 'password', 'confirm', 'bio'])
  })

  it('what is in the query is not read', async () => {
    expectInvalid(await world().post(`${path}?${new URLSearchParams(fieldsOf())}`), ['name', 'email', 'password', 'confirm'])
  })

  it.each(notText)('a name that is %s: 400', async (_name, name) => {
    expectInvalid(await post({ name }), ['name'])
  })

  it.each(notText)('an e-mail address that is %s: 400', async (_name, email) => {
    expectInvalid(await post({ email }), ['email'])
  })

  it.each(notText)('a password that is %s: 400', async (_name, password) => {
    expectInvalid(await post({ password, confirm: password }), password === '' ? ['password'] : ['password', 'confirm'])
  })

  it.each([
    ['name', 'of spaces', { name: '   ' }],
    ['name', 'of 101 characters', { name: 'x'.repeat(101) }],
    ['email', 'without @', { email: 'string' }],
    ['email', 'without a host', { email: 'user@' }],
    ['email', 'with a space', { email: 'us er@example.com' }],
    ['email', 'of more than 254 characters', { email: `${'x'.repeat(250)}@example.com` }],
    ['password', 'of 5 characters', { password: '12345', confirm: '12345' }],
    ['password', 'of 129 characters', { password: 'x'.repeat(129), confirm: 'x'.repeat(129) }],
    ['confirm', 'that is another', { confirm: 'secret Word' }],
    ['confirm', 'that is absent', { confirm: undefined }],
    ['confirm', 'that is a number', { confirm: 1 }],
    ['bio', 'of 501 characters', { bio: 'x'.repeat(501) }],
    ['bio', 'that is a number', { bio: 1 }],
    ['bio', 'with NUL', { bio: 'a\0b' }],
  ])('%s %s: 400', async (field, _what, input) => {
    expectInvalid(await post(input), [field])
  })

  it('an e-mail address that is taken, in any case: 400', async () => {
    const { email } = await register(world())
    for (const taken of [email, email.toUpperCase(), ` ${email} `]) expectInvalid(await post({ email: taken }), ['email'])
  })

  it('an e-mail address that is somebody’s username: 400', async () => {
    const username = `name${unique()}@example.com`
    await withUsername(world(), { username })
    expectInvalid(await post({ email: username }), ['email'])
  })

  it('twice at once: one account, and one 400', async () => {
    const fields = fieldsOf()
    const answers = await Promise.all([world().post(path, fields), world().post(path, fields)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400])
    expectInvalid(answers.find(({ status }) => status === 400) as Answer, ['email'])
  })
})

describe('POST /auth/login', () => {
  const path = '/auth/login'
  itsGuards({ ...open, path })

  it('200 with the account and its tokens', async () => {
    const { id, name, email, password } = await register(world())
    const before = Date.now()
    const answer = await logIn(email, password)
    expectAnswer(answer, 200, { user: { id, name, bio: null, email }, tokens: TOKENS })
    const { access, refresh } = answer.body.tokens
    expectLife(access.expires, 30 * MINUTE, before)
    expectLife(refresh.expires, 30 * DAY, before)
    expect((await welcome(access.token)).status).toBe(200)
  })

  it('the e-mail address in another case', async () => {
    const { email, password } = await register(world())
    expect((await logIn(email.toUpperCase(), password)).body.user.email).toBe(email)
  })

  it('an account of wekan signs in, by its Meteor id', async () => {
    const { email } = fieldsOf()
    const { body } = await world().post('/users/register', { email, password: 'secret word' })
    expect((await logIn(email, 'secret word')).body.user).toMatchObject({ id: body.id, email })
  })

  it('a wrong password, an unknown address and the printed body are one 401', async () => {
    const { email } = await register(world())
    for (const [identifier, password] of [
      [email, 'a wrong password'],
      ['nobody@example.com', 'a wrong password'],
      ['string', 'string'],
      ['x'.repeat(5000), 'x'.repeat(5000)],
      ["' OR 1=1 --", '%'],
    ] as const)
      expectAnswer(await logIn(identifier, password), 401, BAD_LOGIN)
  })

  it('both fields missing: 400, naming both', async () => {
    for (const json of [undefined, {}]) expectInvalid(await world().post(path, json), ['email', 'password'])
  })

  it.each(notText)('an e-mail address that is %s: 400', async (_name, email) => {
    expectInvalid(await world().post(path, { email, password: 'secret word' }), ['email'])
  })

  it.each(notText)('a password that is %s: 400', async (_name, password) => {
    expectInvalid(await world().post(path, { email: 'admin@example.com', password }), ['password'])
  })

  it('credentials in the query are not read: 400', async () => {
    const { email, password } = await register(world())
    expectInvalid(await world().post(`${path}?${new URLSearchParams({ email, password })}`), ['email', 'password'])
  })

  it('a disabled account: 403, said only after the right password', async () => {
    const { id, email, password } = await register(world())
    await setLogin(id, 'disableLogin')
    expectAnswer(await logIn(email, password), 403, failure(403, 'Account disabled'))
    expectAnswer(await logIn(email, 'a wrong password'), 401, BAD_LOGIN)
    await setLogin(id, 'enableLogin')
    expect((await logIn(email, password)).status).toBe(200)
  })

  describe('with a second factor', () => {
    const verify = async (loginCode: string, code: string) => await world().post('/v1/auth/verify-totp', { loginCode, code })

    it('401 with a login code, and no token of any kind', async () => {
      const { id, email, password } = await withTwoFactor(world())
      const sessions = await world().db.client.session.count({ where: { userId: id } })
      const answer = await logIn(email, password)
      const { message, loginCode } = answer.body
      expectAnswer(answer, 401, failure(401, message, { loginCode: expect.stringMatching(/^[\w-]{22,}$/) }))
      expect(JSON.stringify(await world().db.client.loginCode.findMany())).not.toContain(loginCode)
      expect(await world().db.client.session.count({ where: { userId: id } })).toBe(sessions)
    })

    it('a wrong password says nothing of the factor', async () => {
      const { email } = await withTwoFactor(world())
      expectAnswer(await logIn(email, 'a wrong password'), 401, BAD_LOGIN)
    })

    it('the code works at verify-totp, whose answer then carries `tokens`: all of one session', async () => {
      const { id, email, password, code } = await withTwoFactor(world())
      const { loginCode } = (await logIn(email, password)).body
      const before = Date.now()
      const answer = await verify(loginCode, code())
      const user = {
        id,
        email,
        name: expect.any(String),
        firstName: 'Person',
        lastName: expect.any(String),
        phone: null,
        twoFactorEnabled: true,
      }
      expectAnswer(answer, 200, {
        token: expect.stringMatching(/^sess_/),
        expire_at: expect.stringMatching(ISO),
        accessToken: expect.stringMatching(JWT),
        user,
        tokens: TOKENS,
      })
      const { token: opaque, accessToken, tokens } = answer.body
      expectLife(tokens.access.expires, 30 * MINUTE, before + 30 * SECOND)
      expectLife(tokens.refresh.expires, 30 * DAY, before + 30 * SECOND)
      for (const bearer of [opaque, accessToken, tokens.access.token]) expect((await welcome(bearer)).status).toBe(200)
      expect((await logOut(tokens.refresh.token)).status).toBe(200)
      for (const bearer of [opaque, accessToken, tokens.access.token]) expect((await welcome(bearer)).status).toBe(401)
    })

    it('a refresh asks for no code', async () => {
      const { email, password, code } = await withTwoFactor(world())
      const { loginCode } = (await logIn(email, password)).body
      const { tokens } = (await verify(loginCode, code())).body
      expectAnswer(await refresh(tokens.refresh.token), 200, TOKENS)
    })

    it('a sign-in that began on xiot carries no `tokens`', async () => {
      const { email, password, code } = await withTwoFactor(world())
      const { loginCode } = (await world().post('/v1/auth/login', { email, password })).body
      expect((await verify(loginCode, code())).body).not.toHaveProperty('tokens')
    })

    it('a login code works once, and an older one beside a newer one', async () => {
      const { email, password, recoveryCodes } = await withTwoFactor(world())
      const [one = '', two = '', three = ''] = recoveryCodes
      const older = (await logIn(email, password)).body.loginCode
      const newer = (await logIn(email, password)).body.loginCode
      expect((await verify(newer, one)).status).toBe(200)
      expect((await verify(newer, two)).status).toBe(401)
      expect((await verify(older, three)).status).toBe(200)
    })

    it('a login code lives 5 minutes', async () => {
      const { email, password, code } = await withTwoFactor(world())
      const { loginCode } = (await logIn(email, password)).body
      world().advance(5 * MINUTE)
      expect((await verify(loginCode, code())).status).toBe(401)
    })
  })

  itsPasswordLimit({
    world,
    signIn: async (email, password) => await logIn(email, password),
    elsewhere: async (email, password) => await world().post('/v1/auth/login', { email, password }),
    invalid: async (email) => await world().post(path, { email, password: '' }),
    expectWrong: (answer) => expectAnswer(answer, 401, BAD_LOGIN),
    expectTooMany,
  })

  it('a client address that no trusted proxy forwards is not believed', async () => {
    const { email, password } = await register(world())
    const from = async (address: string, given: string) =>
      await world().request('POST', path, { json: { email, password: given }, headers: { 'x-forwarded-for': address } })
    for (let round = 1; round <= 10; round += 1) expect((await from(`192.0.2.${round}`, 'a wrong password')).status).toBe(401)
    expectTooMany(await from('192.0.2.99', password))
  })
})

describe('POST /auth/logout', () => {
  const path = '/auth/logout'
  itsGuards({ ...open, path })

  it('ends the whole session, once', async () => {
    const { access, refresh: refreshToken } = await register(world())
    expectAnswer(await logOut(refreshToken), 200, { message: 'Logout successful' })
    expectAnswer(await welcome(access), 401, PLEASE_AUTHENTICATE)
    expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
    expectError(await logOut(refreshToken), 400)
  })

  it('needs no access token, and leaves other sessions', async () => {
    const { email, password, access, refresh: refreshToken } = await register(world())
    const other = (await logIn(email, password)).body.tokens.access.token
    world().advance(29 * MINUTE)
    expect((await logOut(refreshToken)).status).toBe(200)
    expect([(await welcome(access)).status, (await welcome(other)).status]).toEqual([401, 200])
  })

  it('the newest token of a chain ends it, with every access token', async () => {
    const { access, refresh: first } = await register(world())
    const rotated = (await refresh(first)).body
    expect((await logOut(rotated.refresh.token)).status).toBe(200)
    for (const bearer of [access, rotated.access.token]) expect((await welcome(bearer)).status).toBe(401)
  })

  it('twice at once: one 200, one 400', async () => {
    const { refresh: refreshToken } = await register(world())
    const answers = await Promise.all([logOut(refreshToken), logOut(refreshToken)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  it('missing: 400', async () => {
    const { refresh: refreshToken } = await register(world())
    for (const where of [path, `${path}?refreshToken=${refreshToken}`]) expectInvalid(await world().post(where), ['refreshToken'])
  })

  it.each(notText)('a token that is %s: 400', async (_name, refreshToken) => {
    expectInvalid(await world().post(path, { refreshToken }), ['refreshToken'])
  })

  it.each([
    ['the printed one', async () => 'string'],
    ['an access token', async () => (await register(world())).access],
    ['one whose end was changed', async () => (await register(world())).refresh.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))],
    ['a reset token', async () => await resetTokenOf((await register(world())).email)],
  ])('unknown, %s: 400', async (_name, refreshToken) => {
    expectError(await logOut(await refreshToken()), 400)
  })

  it('spent long ago: 400', async () => {
    const { refresh: first } = await register(world())
    await refresh(first)
    world().advance(11 * SECOND)
    expectError(await logOut(first), 400)
  })

  it('of an account that was disabled since, or deleted: 400', async () => {
    const [disabled, deleted] = [await register(world()), await register(world())]
    await setLogin(disabled.id, 'disableLogin')
    await world().delete(`/api/users/${deleted.id}`, admin.token)
    for (const account of [disabled, deleted]) expectError(await logOut(account.refresh), 400)
  })
})

describe('POST /auth/refresh-tokens', () => {
  const path = '/auth/refresh-tokens'
  itsGuards({ ...open, path })

  /** Rotates again and again; every pair of tokens. */
  const rotate = async (first: string, times: number) => {
    const pairs: { access: string; refresh: string }[] = []
    for (let presented = first; pairs.length < times; ) {
      const { body } = await refresh(presented)
      presented = body.refresh.token
      pairs.push({ access: body.access.token, refresh: presented })
    }
    return pairs
  }

  const reusesOf = async (userId: string) => await world().db.client.auditEvent.count({ where: { userId, type: 'session.refresh_reused' } })

  it('200 with new tokens at the top level, for 30 minutes and 30 days', async () => {
    const { email, access, refresh: first } = await register(world())
    const before = Date.now()
    const answer = await refresh(first)
    expectAnswer(answer, 200, TOKENS)
    expectLife(answer.body.access.expires, 30 * MINUTE, before)
    expectLife(answer.body.refresh.expires, 30 * DAY, before)
    expect(answer.body.refresh.token).not.toBe(first)
    expect(answer.body.access.token).not.toBe(access)
    expect((await welcome(answer.body.access.token)).body.user.email).toBe(email)
  })

  it('the successor works, and so on', async () => {
    const { refresh: first } = await register(world())
    const pairs = await rotate(first, 4)
    expect(new Set(pairs.map(({ refresh }) => refresh)).size).toBe(4)
  })

  it('needs no live access token', async () => {
    const { access, refresh: first } = await register(world())
    world().advance(DAY)
    expect((await welcome(access)).status).toBe(401)
    expect((await refresh(first)).status).toBe(200)
  })

  it('presented again within 10 s: the same successor, with a fresh access token', async () => {
    const { refresh: first } = await register(world())
    const one = (await refresh(first)).body
    world().advance(7 * SECOND)
    const two = (await refresh(first)).body
    expect(two.refresh).toEqual(one.refresh)
    expect(two.access.token).not.toBe(one.access.token)
    for (const { access } of [one, two]) expect((await welcome(access.token)).status).toBe(200)
  })

  it('many at once: one and the same successor', async () => {
    const { refresh: first } = await register(world())
    const answers = await Promise.all([1, 2, 3, 4, 5].map(async () => await refresh(first)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(answers.map(({ body }) => body.refresh.token)).size).toBe(1)
  })

  it('presented again within 10 s when the chain has moved on: its own successor, never a fork', async () => {
    const { id, refresh: first } = await register(world())
    const [one, two, three] = await rotate(first, 3)
    world().advance(5 * SECOND)
    expect((await refresh(first)).body.refresh.token).toBe(one?.refresh)
    expect((await refresh(one?.refresh ?? '')).body.refresh.token).toBe(two?.refresh)
    expect((await refresh(three?.refresh ?? '')).status).toBe(200)
    expect((await refresh(first)).body.refresh.token).toBe(one?.refresh)
    expect(await reusesOf(id)).toBe(0)
  })

  it('the 10 s are those of its own rotation, not of the chain’s last', async () => {
    const { id, refresh: first } = await register(world())
    const [one] = await rotate(first, 1)
    world().advance(7 * SECOND)
    const [two] = await rotate(one?.refresh ?? '', 1)
    world().advance(4 * SECOND)
    expect((await refresh(one?.refresh ?? '')).body.refresh.token).toBe(two?.refresh)
    expectAnswer(await refresh(first), 401, PLEASE_AUTHENTICATE)
    expect(await reusesOf(id)).toBe(1)
  })

  it('presented again later: the whole session ends, and an event is written', async () => {
    const { id, access, refresh: first } = await register(world())
    const pairs = await rotate(first, 2)
    world().advance(11 * SECOND)
    const answer = await refresh(first)
    expectAnswer(answer, 401, PLEASE_AUTHENTICATE)
    for (const bearer of [access, ...pairs.map((pair) => pair.access)]) expectAnswer(await welcome(bearer), 401, PLEASE_AUTHENTICATE)
    for (const { refresh: presented } of pairs) expectAnswer(await refresh(presented), 401, PLEASE_AUTHENTICATE)
    const events = await world().db.client.auditEvent.findMany({ where: { userId: id, type: 'session.refresh_reused' } })
    expect(events).toMatchObject([{ outcome: 'failure', surface: 'authentication', requestId: answer.headers.get('x-request-id') }])
  })

  it('other sessions of the account go on after that', async () => {
    const { email, password, refresh: first } = await register(world())
    const other = (await logIn(email, password)).body.tokens
    await rotate(first, 1)
    world().advance(11 * SECOND)
    expect((await refresh(first)).status).toBe(401)
    expect((await welcome(other.access.token)).status).toBe(200)
    expect((await refresh(other.refresh.token)).status).toBe(200)
  })

  it('missing: 400', async () => {
    const { refresh: refreshToken } = await register(world())
    for (const where of [path, `${path}?refreshToken=${refreshToken}`]) expectInvalid(await world().post(where), ['refreshToken'])
  })

  it.each(notText)('a token that is %s: 400', async (_name, refreshToken) => {
    expectInvalid(await world().post(path, { refreshToken }), ['refreshToken'])
  })

  it.each([
    ['the printed one', async () => 'string'],
    ['an access token', async () => (await register(world())).access],
    ['one whose tag was changed', async () => (await register(world())).refresh.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))],
    ['one whose number was changed', async () => (await register(world())).refresh.replace(/\.0\./, '.1.')],
    ['a reset token', async () => await resetTokenOf((await register(world())).email)],
    ['a token of wekan', async () => admin.token],
  ])('%s: 401', async (_name, refreshToken) => {
    expectAnswer(await refresh(await refreshToken()), 401, PLEASE_AUTHENTICATE)
  })

  it('of an account that was disabled, also when it is enabled again: 401', async () => {
    const { id, refresh: refreshToken } = await register(world())
    for (const action of ['disableLogin', 'enableLogin'] as const) {
      await setLogin(id, action)
      expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
    }
  })

  it('of an account that was deleted: 401', async () => {
    const { id, refresh: refreshToken } = await register(world())
    await world().delete(`/api/users/${id}`, admin.token)
    expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
  })

  it('of before a change of the password elsewhere: 401', async () => {
    const { email, password, refresh: refreshToken } = await register(world())
    const { token: other } = (await world().post('/v1/auth/login', { email, password })).body
    const change = { oldPassword: password, password: 'another word', passwordConfirmation: 'another word' }
    expect((await world().put('/v1/security/change-password', change, other)).status).toBe(200)
    expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
  })
})

describe('POST /auth/forgot-password', () => {
  const path = '/auth/forgot-password'
  itsGuards({ ...open, path })

  const mailsTo = (email: string) => world().mails.filter(({ to }) => to === email)

  it('200, and a mail to the stored address with a link to PUBLIC_URL', async () => {
    const { email } = await register(world())
    const headers = { 'x-forwarded-host': 'evil.example' }
    const answer = await world().request('POST', path, { json: { email: ` ${email.toUpperCase()} ` }, headers })
    expectAnswer(answer, 200, { message: expect.stringMatching(/./) })
    expect(mailsTo(email)).toHaveLength(1)
    expect(mailsTo(email)[0]?.text).toMatch(/^http:\/\/vestibule\.test\/reset-password#token=[\w-]{43}$/m)
    expect(JSON.stringify(await world().db.client.mailToken.findMany())).not.toContain(mailedToken(world(), email))
  })

  it('an unknown address: the same answer, and no mail', async () => {
    const { email } = await register(world())
    const mails = world().mails.length
    const unknown = await forgot('nobody@example.com')
    expect(world().mails).toHaveLength(mails)
    expectAnswer(unknown, 200, (await forgot(email)).body)
  })

  it('a disabled account: the same answer, and no mail', async () => {
    const { id, email } = await register(world())
    await setLogin(id, 'disableLogin')
    expectAnswer(await forgot(email), 200, (await forgot('nobody@example.com')).body)
    expect(mailsTo(email)).toEqual([])
  })

  it('three mails to a mailbox in 15 minutes, on every surface together; then the same answer and none', async () => {
    const { email } = await register(world())
    const answer = await forgot(email)
    await world().post('/v1/security/forget-password', { email })
    for (let round = 0; round < 3; round += 1) expectAnswer(await forgot(email), 200, answer.body)
    expect(mailsTo(email)).toHaveLength(3)
    world().advance(15 * MINUTE + SECOND)
    await forgot(email)
    expect(mailsTo(email)).toHaveLength(4)
  })

  it.each(notText)('an e-mail address that is %s: 400', async (_name, email) => {
    expectInvalid(await world().post(path, { email }), ['email'])
  })

  it('nothing sent: 400', async () => {
    expectInvalid(await world().post(path), ['email'])
  })
})

describe('POST /auth/reset-password', () => {
  const path = '/auth/reset-password'
  itsGuards({ ...open, path })

  it('the printed body: 200, the new password signs in and the old one does not', async () => {
    const { email, password } = await register(world())
    const raw = '{"password": "string"}'
    const target = `${path}?token=${await resetTokenOf(email)}`
    const answer = await world().request('POST', target, { raw, headers: { 'content-type': 'application/json' } })
    expectAnswer(answer, 200, { message: 'Password reset successful' })
    expect([(await logIn(email, 'string')).status, (await logIn(email, password)).status]).toEqual([200, 401])
  })

  it('ends all sessions, of every surface', async () => {
    const { email, password, access, refresh: refreshToken } = await register(world())
    const v1 = (await world().post('/v1/auth/login', { email, password })).body
    const wekan = (await world().post('/users/login', { email, password })).body
    await reset(await resetTokenOf(email), 'another word')
    for (const bearer of [access, v1.token, v1.accessToken, wekan.token]) expect((await welcome(bearer)).status).toBe(401)
    expectAnswer(await refresh(refreshToken), 401, PLEASE_AUTHENTICATE)
  })

  it('shows that the address is the owner’s, and tells the owner', async () => {
    const { email } = await register(world())
    await reset(await resetTokenOf(email), 'another word')
    const { access } = (await logIn(email, 'another word')).body.tokens
    expect((await world().get('/api/user', access.token)).body.emails).toEqual([{ address: email, verified: true }])
    expect(world().mails.at(-1)).toMatchObject({ to: email, text: expect.not.stringContaining('#token=') })
  })

  it('ends the flow that forget-password of xiot starts', async () => {
    const { email } = await register(world())
    expect((await world().post('/v1/security/forget-password', { email })).status).toBe(200)
    expect((await reset(mailedToken(world(), email), 'another word')).status).toBe(200)
  })

  it('opening the link spends nothing', async () => {
    const { email } = await register(world())
    const resetToken = await resetTokenOf(email)
    expect((await world().get('/reset-password')).status).toBe(200)
    expect((await reset(resetToken, 'another word')).status).toBe(200)
  })

  it('leaves the second factor on, and kills pending login codes', async () => {
    const someone = await withTwoFactor(world())
    await verify(world(), someone)
    const { email, password, code } = someone
    const { loginCode } = (await logIn(email, password)).body
    await reset(await resetTokenOf(email), 'another word')
    expect((await world().post('/v1/auth/verify-totp', { loginCode, code: code() })).status).toBe(401)
    expect((await logIn(email, 'another word')).body).toMatchObject({ status: 401, loginCode: expect.any(String) })
  })

  it('a missing or empty token: 400', async () => {
    const { email } = await register(world())
    const resetToken = await resetTokenOf(email)
    for (const where of [path, `${path}?token=`, `${path}?Token=${resetToken}`])
      expectInvalid(await world().post(where, { password: 'another word', token: resetToken }), ['token'])
    expect((await reset(resetToken, 'another word')).status).toBe(200)
  })

  describe('a weak password', () => {
    let account: Account
    let resetToken = ''
    beforeAll(async () => {
      account = await register(world())
      resetToken = await resetTokenOf(account.email)
    })

    it.each([...notText, ['of 5 characters', '12345'] as const, ['of 129 characters', 'x'.repeat(129)] as const])(
      '%s: 400, and the token is not spent',
      async (_name, password) => {
        expectInvalid(await reset(resetToken, password), ['password'])
        expect(await world().db.client.mailToken.count({ where: { userId: account.id } })).toBe(1)
      },
    )

    it('leaves the token to a better one', async () => {
      expectInvalid(await reset(resetToken, '12345'), ['password'])
      expect((await reset(resetToken, 'another word')).status).toBe(200)
    })
  })

  it('a password in the query only: 400', async () => {
    const resetToken = await resetTokenOf((await register(world())).email)
    expectInvalid(await world().post(`${path}?token=${resetToken}&password=another+word`), ['password'])
  })

  it('token and password missing: 400, naming both', async () => {
    expectInvalid(await world().post(path), ['token', 'password'])
  })

  it('a weak password goes before an unknown token: 400', async () => {
    expectInvalid(await reset('string', '12345'), ['password'])
  })

  it.each([
    ['the printed one', async () => 'string'],
    ['an access token', async () => (await register(world())).access],
    ['a refresh token', async () => (await register(world())).refresh],
    [
      'the token of a mail that confirms an address',
      async () => {
        const { token: bearer } = await person(world())
        const email = `new${unique()}@example.com`
        await world().graphql(
          'mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }',
          { input: { email } },
          bearer,
        )
        return mailedToken(world(), email)
      },
    ],
  ])('unknown, %s: 401', async (_name, resetToken) => {
    expectError(await reset(await resetToken(), 'another word'), 401)
  })

  it('expired: 401', async () => {
    const { email, password } = await register(world())
    const resetToken = await resetTokenOf(email)
    world().advance(60 * MINUTE)
    expectError(await reset(resetToken, 'another word'), 401)
    expect((await logIn(email, password)).status).toBe(200)
  })

  it('used: 401', async () => {
    const { email } = await register(world())
    const resetToken = await resetTokenOf(email)
    await reset(resetToken, 'another word')
    expectError(await reset(resetToken, 'a third word'), 401)
    expect((await logIn(email, 'another word')).status).toBe(200)
  })

  it('used twice at once: one 200, one 401', async () => {
    const resetToken = await resetTokenOf((await register(world())).email)
    const answers = await Promise.all([reset(resetToken, 'another word'), reset(resetToken, 'another word')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  it('of before a disablement, or of before another reset: 401', async () => {
    const [disabled, changed] = [await register(world()), await register(world())]
    const ofDisabled = await resetTokenOf(disabled.email)
    await setLogin(disabled.id, 'disableLogin')
    expectError(await reset(ofDisabled, 'another word'), 401)
    const [older, newer] = [await resetTokenOf(changed.email), await resetTokenOf(changed.email)]
    expect((await reset(newer, 'another word')).status).toBe(200)
    expectError(await reset(older, 'a third word'), 401)
  })
})

describe('any other path', () => {
  it.each(['/auth/unknown', '/auth/login/more', '/auth/register/1'])('%s is 404 in the form of the dialect', async (path) => {
    expectError(await world().post(path, {}), 404)
  })
})

describe('nothing secret', () => {
  it('is in a line of the log', async () => {
    const { email, password, access, refresh: refreshToken } = await register(world())
    await refresh(refreshToken)
    const resetToken = await resetTokenOf(email)
    await reset(resetToken, 'another word')
    const logged = JSON.stringify(world().logs)
    for (const secret of [password, access, refreshToken, resetToken, 'another word', 'argon2id$']) expect(logged).not.toContain(secret)
  })
})

describe('lifetimes', () => {
  const long = useWorld()

  it('an access token lives 30 minutes', async () => {
    const { access } = await register(long())
    long().advance(30 * MINUTE - 5 * SECOND)
    expect((await welcome(access, long())).status).toBe(200)
    long().advance(5 * SECOND)
    expectAnswer(await welcome(access, long()), 401, PLEASE_AUTHENTICATE)
  })

  it('a refresh token lives 30 days', async () => {
    const [used, unused] = [await register(long()), await register(long())]
    long().advance(30 * DAY - 5 * SECOND)
    expect((await refresh(used.refresh, long())).status).toBe(200)
    long().advance(5 * SECOND)
    expectAnswer(await refresh(unused.refresh, long()), 401, PLEASE_AUTHENTICATE)
    expectError(await long().post('/auth/logout', { refreshToken: unused.refresh }), 400)
  })

  it('a chain lives 90 days however it is used, and no token of it longer', async () => {
    const before = Date.now()
    let { refresh: presented } = await register(long())
    let end = ''
    for (let round = 0; round < 3; round += 1) {
      long().advance(29 * DAY)
      const { body } = await refresh(presented, long())
      presented = body.refresh.token
      end = body.refresh.expires
    }
    expectLife(end, 3 * DAY, before + 87 * DAY)
    long().advance(3 * DAY - 10 * MINUTE)
    const last = (await refresh(presented, long())).body
    expect([last.access.expires, last.refresh.expires]).toEqual([end, end])
    expect((await welcome(last.access.token, long())).status).toBe(200)
    long().advance(10 * MINUTE)
    expectAnswer(await welcome(last.access.token, long()), 401, PLEASE_AUTHENTICATE)
    expectAnswer(await refresh(last.refresh.token, long()), 401, PLEASE_AUTHENTICATE)
  })
})

describe('TRUSTED_PROXIES=loopback, LIMIT_ADDRESS_PER_MINUTE=16', () => {
  const behind = useWorld({ TRUSTED_PROXIES: 'loopback', LIMIT_ADDRESS_PER_MINUTE: '16' })
  const post = async (from: string, path: string, json: unknown) =>
    await behind().request('POST', path, { json, headers: { 'x-forwarded-for': from } })

  it('ten wrong passwords from one address: another address does not wait', async () => {
    const { email, password } = await register(behind())
    const logInFrom = async (from: string, given: string) => await post(from, '/auth/login', { email, password: given })
    for (let round = 0; round < 10; round += 1) expectAnswer(await logInFrom(`198.51.100.${round}, 192.0.2.1`, 'wrong'), 401, BAD_LOGIN)
    expectTooMany(await logInFrom('192.0.2.1', password))
    expect((await logInFrom('192.0.2.2', password)).status).toBe(200)
  })

  it('of IPv6 a /64 is one address', async () => {
    const { email, password } = await register(behind())
    const logInFrom = async (from: string, given: string) => await post(from, '/auth/login', { email, password: given })
    for (let round = 0; round < 10; round += 1) expectAnswer(await logInFrom(`2001:db8::${round + 1}`, 'wrong'), 401, BAD_LOGIN)
    expectTooMany(await logInFrom('2001:db8::ffff', password))
    expect((await logInFrom('2001:db8:0:1::1', password)).status).toBe(200)
  })

  it('sign-in, sign-up, refresh and reset attempts of an address count together: beyond, each is 429 for at most a minute', async () => {
    const attempts: readonly [string, () => object][] = [
      ['/auth/login', () => ({ email: `nobody${unique()}@example.com`, password: 'wrong' })],
      ['/auth/register', fieldsOf],
      ['/auth/refresh-tokens', () => ({ refreshToken: 'string' })],
      ['/auth/reset-password?token=string', () => ({ password: 'another word' })],
    ]
    const fromAll = async (from: string) => {
      const answers: Answer[] = []
      for (const [path, json] of attempts) answers.push(await post(from, path, json()))
      return answers
    }
    for (let round = 0; round < 4; round += 1)
      expect((await fromAll('203.0.113.1')).map(({ status }) => status)).toEqual([401, 201, 401, 401])
    const refused = await fromAll('203.0.113.1')
    for (const answer of refused) {
      expectTooMany(answer)
      expect(retryAfter(answer)).toBeLessThanOrEqual(60)
    }
    expectTooMany(await post('203.0.113.1', '/auth/forgot-password', { email: 'nobody@example.com' }))
    expect((await post('203.0.113.2', '/auth/refresh-tokens', { refreshToken: 'string' })).status).toBe(401)
    behind().advance(retryAfter(refused[0] as Answer) * SECOND)
    expect((await fromAll('203.0.113.1')).map(({ status }) => status)).toEqual([401, 201, 401, 401])
  })
})

describe('settings', () => {
  const overload = 40 + availableParallelism()
  const root = { email: 'root@example.com', password: 'the first password' }
  const set = useWorld(
    {
      REGISTRATION: 'closed',
      ADMIN_EMAIL: root.email,
      ADMIN_PASSWORD: root.password,
      ACCESS_TOKEN_LIFE: '5m',
      REFRESH_TOKEN_LIFE: '2d',
      MAX_SESSIONS: '3',
      LIMIT_HASH_QUEUE: '1',
      CORS_ORIGINS: 'https://app.example',
      COMMON_PASSWORDS_DIALECTS: 'true',
      AUTHENTICATION_PREFIX: '/identity',
    },
    { realHashes: true },
  )
  const enter = async () => await set().post('/identity/auth/login', root)

  it('REGISTRATION=closed: 403 in the dialect’s body', async () => {
    expectAnswer(await set().post('/identity/auth/register', fieldsOf()), 403, failure(403, 'Registration is closed'))
    expect(await set().db.client.user.count()).toBe(1)
  })

  it('AUTHENTICATION_PREFIX moves every route, and leaves nothing', async () => {
    expectError(await set().get('/identity/auth'), 405)
    const answer = await set().post('/auth/login', root)
    expectAnswer(answer, 404, { message: 'Not found', request_id: answer.headers.get('x-request-id') })
  })

  it('ACCESS_TOKEN_LIFE and REFRESH_TOKEN_LIFE', async () => {
    const before = Date.now()
    const { access, refresh: refreshed } = (await enter()).body.tokens
    expectLife(access.expires, 5 * MINUTE, before)
    expectLife(refreshed.expires, 2 * DAY, before)
    set().advance(5 * MINUTE)
    expectAnswer(await set().post('/identity/auth', undefined, access.token), 401, PLEASE_AUTHENTICATE)
  })

  it('MAX_SESSIONS: beyond, the session not used for the longest time ends', async () => {
    const tokens: string[] = []
    for (let round = 0; round < 4; round += 1) {
      set().advance(SECOND)
      tokens.push((await enter()).body.tokens.access.token)
    }
    const statuses: number[] = []
    for (const bearer of tokens) statuses.push((await set().post('/identity/auth', undefined, bearer)).status)
    expect(statuses).toEqual([401, 200, 200, 200])
  })

  it('COMMON_PASSWORDS_DIALECTS=true: a common password is 400, and the token is not spent', async () => {
    await set().post('/identity/auth/forgot-password', { email: root.email })
    const target = `/identity/auth/reset-password?token=${mailedToken(set(), root.email)}`
    expectInvalid(await set().post(target, { password: 'password' }), ['password'])
    expect((await set().post(target, { password: root.password })).status).toBe(200)
  })

  it('LIMIT_HASH_QUEUE=1: what is too much at once is 503 with Retry-After', async () => {
    const posts = Array.from(
      { length: overload },
      async (_none, number) => await set().post('/identity/auth/login', { email: `nobody${number}@example.com`, password: 'wrong' }),
    )
    const refused = (await Promise.all(posts)).filter(({ status }) => status !== 401)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expectError(answer, 503)
  })

  it('CORS_ORIGINS: an allowed origin may read failures too, another may not', async () => {
    const origins = async (method: string, origin: string) =>
      (await set().request(method, '/identity/auth', { headers: { origin } })).headers.get('access-control-allow-origin')
    for (const method of ['OPTIONS', 'POST']) {
      expect(await origins(method, 'https://app.example')).toBe('https://app.example')
      expect(await origins(method, 'https://other.example')).toBeNull()
    }
  })
})

describe('a chain that is shorter than the life of a refresh token', () => {
  const short = useWorld({ REFRESH_CHAIN_LIFE: '1d', REFRESH_TOKEN_LIFE: '30d' })

  it('ends its refresh tokens, the first as well as each that follows', async () => {
    const before = Date.now()
    const fields = fieldsOf()
    const { refresh: first } = (await short().post('/auth/register', fields)).body.tokens
    expectLife(first.expires, DAY, before)
    short().advance(DAY / 2)
    const { body } = await short().post('/auth/refresh-tokens', { refreshToken: first.token })
    expect(body.refresh.expires).toBe(first.expires)
    short().advance(DAY / 2 + SECOND)
    expectError(await short().post('/auth/refresh-tokens', { refreshToken: body.refresh.token }), 401)
  })
})
