/**
 * The dialect `wekan` as its document prints it and the contract settles it (sections 1 and 5): every route and every case,
 * with JSON and with forms, the document's own curl command lines among them. The first account is the administrator.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, person, signIn, totp, unique, withTwoFactor, withUsername } from '../support/accounts.ts'
import { personalToken } from '../support/personalToken.ts'
import { type Answer, type Send, useWorld, type World } from '../support/world.ts'
import { DAY, expectAnswer, expectLife, ISO, itsGuards, itsPasswordLimit, MINUTE, mailedToken, retryAfter, SECOND } from './support.ts'

const METEOR_ID = /^[23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz]{17}$/
const TOKEN = /^[\w-]{43}$/
const REDACTED = '[redacted]'
const NINETY_DAYS = 90 * DAY

const accountError = (error: number | string, reason: unknown) => ({ error, reason })
const meteorError = (statusCode: number, error: number | string, reason: string) => ({
  isClientSafe: true,
  error,
  reason,
  message: `${reason} [${error}]`,
  errorType: 'Meteor.Error',
  statusCode,
})

const MATCH_FAILED = accountError(400, 'Match failed')
const BAD_LOGIN = accountError('login-failed', 'Incorrect username, email address or password.')
const TOO_MANY = accountError('too-many-requests', 'Too many failed login attempts. Try again later.')
const API_MATCH_FAILED = meteorError(400, 400, 'Match failed')
const UNAUTHORIZED = meteorError(401, 'Unauthorized', 'Unauthorized')
const FORBIDDEN = meteorError(403, 'Forbidden', 'Forbidden')
const NOT_FOUND = meteorError(404, 'not-found', 'not-found')

const expectAccountError = (answer: Answer, status: number) => expectAnswer(answer, status, accountError(status, expect.any(String)))
const expectApiError = (answer: Answer, status: number) => {
  if (status === 401) return expectAnswer(answer, status, UNAUTHORIZED)
  const { error, reason } = answer.body
  expect(reason).toEqual(expect.any(String))
  expectAnswer(answer, status, meteorError(status, error, reason))
}
const expectTooMany = (answer: Answer) => expectAnswer(answer, 429, TOO_MANY)

type Kind = readonly [string, (fields: Record<string, string>) => Send]

const kinds: readonly Kind[] = [
  ['JSON', (json) => ({ json })],
  ['a form', (form) => ({ form })],
]

const encoder = new TextEncoder()
const withCharset: readonly Kind[] = [
  [
    'JSON with charset',
    (fields) => ({ raw: encoder.encode(JSON.stringify(fields)), headers: { 'content-type': 'application/json; charset=UTF-8' } }),
  ],
  [
    'a form with charset',
    (fields) => ({
      raw: encoder.encode(new URLSearchParams(fields).toString()),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    }),
  ],
]

interface Account {
  readonly id: string
  readonly token: string
  readonly username: string
  readonly email: string
  readonly password: string
}

const fieldsOf = (input: Record<string, string> = {}) => {
  const number = unique()
  return { username: `user${number}`, email: `user${number}@example.com`, password: 'secret word', ...input }
}

/** Registers an account; `input` may replace its fields. */
const register = async (world: World, input: Record<string, string> = {}): Promise<Account> => {
  const fields = fieldsOf(input)
  const { status, body } = await world.post('/users/register', fields)
  if (status !== 200) throw new Error(`registration failed: ${JSON.stringify(body)}`)
  return { ...fields, id: body.id, token: body.token }
}

const logIn = async (world: World, username: string, password: string) => await world.post('/users/login', { username, password })

const loginToken = { when: expect.stringMatching(ISO), hashedToken: REDACTED }

const ownDocument = ({ id, username, email }: Pick<Account, 'id' | 'username' | 'email'>) => ({
  _id: id,
  createdAt: expect.stringMatching(ISO),
  modifiedAt: expect.stringMatching(ISO),
  username,
  emails: [{ address: email, verified: false }],
  profile: {},
  authenticationMethod: 'password',
  sessionData: {},
})

const wholeDocument = (account: Pick<Account, 'id' | 'username' | 'email'>, loginTokens: readonly object[] = []) => ({
  ...ownDocument(account),
  services: { password: { bcrypt: REDACTED }, email: { verificationTokens: [] }, resume: { loginTokens } },
})

const world = useWorld()
let admin: Account
beforeAll(async () => {
  admin = await register(world(), { username: 'admin', email: 'admin@example.com' })
})

/** The route is `/api/users/<id>` of an account. */
const at = (id: string) => `/api/users/${encodeURIComponent(id)}`
const me = async (token: string) => await world().get('/api/user', token)

const wrongFields: readonly [string, Record<string, unknown>][] = [
  ['no password', { username: 'someone', email: 'someone@example.com' }],
  ['a password that is a number', { username: 'someone', email: 'someone@example.com', password: 12_345_678 }],
  ['a password that is null', { username: 'someone', email: 'someone@example.com', password: null }],
  ['a password that is an object', { username: 'someone', email: 'someone@example.com', password: { $ne: 1 } }],
  ['a username that is an object', { username: { $gt: '' }, email: 'someone@example.com', password: PASSWORD }],
  ['a username that is an array', { username: ['someone'], email: 'someone@example.com', password: PASSWORD }],
  ['an e-mail address that is a boolean', { username: 'someone', email: true, password: PASSWORD }],
  ['no body', {}],
]

const brokenRules: readonly [string, Record<string, string>][] = [
  ['a password of 5 characters', { password: '12345' }],
  ['a password of 129 characters', { password: 'x'.repeat(129) }],
  ['a password with NUL', { password: 'secret\0word' }],
  ['a password that is no well-formed Unicode', { password: 'secret \ud800 word' }],
  ['a username of 129 characters', { username: 'x'.repeat(129) }],
  ['a username with a control character', { username: 'some\u0007one' }],
  ['a username with NUL', { username: 'some\0one' }],
  ['a username of spaces', { username: '   ' }],
  ['an e-mail address that is none', { email: 'nobody' }],
  ['an e-mail address with NUL', { email: 'some\0one@example.com' }],
]

describe('POST /users/register', () => {
  const path = '/users/register'
  itsGuards({
    world,
    admin: () => admin,
    method: 'POST',
    path,
    allow: ['POST'],
    needs: 'nothing',
    body: 'json or form',
    expectError: expectAccountError,
  })

  it.each([...kinds, ...withCharset])('%s: registers and signs in for 90 days', async (_kind, send) => {
    const [fields, before] = [fieldsOf(), Date.now()]
    const answer = await world().request('POST', path, send(fields))
    expectAnswer(answer, 200, {
      id: expect.stringMatching(METEOR_ID),
      token: expect.stringMatching(TOKEN),
      tokenExpires: expect.stringMatching(ISO),
    })
    expectLife(answer.body.tokenExpires, NINETY_DAYS, before)
    expectAnswer(await me(answer.body.token), 200, ownDocument({ ...fields, id: answer.body.id }))
  })

  it('keeps the token only as base64(sha256(token))', async () => {
    const { id, token } = await register(world())
    const sessions = await world().db.client.session.findMany({ where: { userId: id }, include: { opaqueTokens: true } })
    const hash = createHash('sha256').update(token).digest('base64')
    expect(sessions.map(({ opaqueTokens }) => opaqueTokens.map((kept) => kept.hash))).toEqual([[hash]])
    expect(JSON.stringify(sessions)).not.toContain(token)
  })

  it('a username is enough', async () => {
    const [username, password] = [`only${unique()}`, PASSWORD]
    const { body } = await world().post(path, { username, password })
    expectAnswer(await me(body.token), 200, { ...ownDocument({ id: body.id, username, email: '' }), emails: [] })
  })

  it('an e-mail address is enough: the username is its local part, made unique', async () => {
    const number = unique()
    const usernames: string[] = []
    for (const host of ['one.example', 'two.example']) {
      const { body } = await world().post(path, { email: `local${number}@${host}`, password: PASSWORD })
      usernames.push((await me(body.token)).body.username)
    }
    expect(usernames[0]).toBe(`local${number}`)
    expect(usernames[1]).toMatch(new RegExp(`^local${number}.+$`))
  })

  it.each([
    ['with spaces', 'Ada de la Lovelace'],
    ['with @', 'ada @work'],
    ['of one character', 'ö'],
    ['of 128 characters', `u${'x'.repeat(127)}`],
    ['with marks', '100% <ada> & "co"/?#'],
  ])('a username %s, trimmed', async (_name, username) => {
    const { body } = await world().post(path, { ...fieldsOf(), username: `  ${username} ` })
    expect((await me(body.token)).body.username).toBe(username)
    expect((await logIn(world(), username, 'secret word')).status).toBe(200)
  })

  it('an e-mail address is trimmed and kept as typed', async () => {
    const { email } = fieldsOf()
    const typed = email.replace('user', 'User')
    const { body } = await world().post(path, { ...fieldsOf(), email: ` ${typed} ` })
    expect((await me(body.token)).body.emails).toEqual([{ address: typed, verified: false }])
  })

  it.each([
    ['of 6 characters', 'tester', 'Tester'],
    ['of 128 characters outside the BMP', '𝕡'.repeat(128), '𝕡'.repeat(127)],
    ['with spaces around', '  secret  ', 'secret'],
  ])('a password %s is kept as it is', async (_name, password, other) => {
    const { username } = await register(world(), { password })
    expect((await logIn(world(), username, password)).status).toBe(200)
    expect((await logIn(world(), username, other)).status).toBe(401)
  })

  it('name and first name are the username', async () => {
    const { token, username } = await register(world())
    const { body } = await world().get('/v1/profile', token)
    expect(body).toMatchObject({ name: username, firstName: username })
    expect(body.lastName ?? '').toBe('')
  })

  it('unknown keys and __proto__ have no effect', async () => {
    const fields = fieldsOf()
    const more = '"isAdmin": true, "loginDisabled": true, "scopes": ["users"], "_id": "x", "profile": {"fullname": "x"}'
    const raw = `{"__proto__": {"isAdmin": true}, "constructor": {"prototype": {"isAdmin": true}}, ${more}, ${JSON.stringify(fields).slice(1)}`
    const { body } = await world().request('POST', path, { raw, headers: { 'content-type': 'application/json' } })
    expectAnswer(await me(body.token), 200, ownDocument({ ...fields, id: body.id }))
    expect(body.id).toMatch(METEOR_ID)
  })

  it('of duplicate JSON keys the last wins', async () => {
    const fields = fieldsOf()
    const raw = `{"username": "an earlier one", ${JSON.stringify(fields).slice(1)}`
    const { body } = await world().request('POST', path, { raw, headers: { 'content-type': 'application/json' } })
    expect((await me(body.token)).body.username).toBe(fields.username)
  })

  it.each(wrongFields)('%s: 400 Match failed', async (_name, json) => {
    expectAnswer(await world().request('POST', path, { json }), 400, MATCH_FAILED)
  })

  it('a form without password: 400 Match failed', async () => {
    expectAnswer(await world().request('POST', path, { form: { username: 'someone' } }), 400, MATCH_FAILED)
  })

  it('nothing sent, or only in the query: 400 Match failed', async () => {
    const query = new URLSearchParams(fieldsOf()).toString()
    expectAnswer(await world().request('POST', path), 400, MATCH_FAILED)
    expectAnswer(await world().request('POST', `${path}?${query}`), 400, MATCH_FAILED)
  })

  it.each([
    ['neither username nor e-mail address', { password: PASSWORD }],
    ['both empty', { username: '', email: '', password: PASSWORD }],
  ])('%s: 400', async (_name, json) => {
    expectAnswer(await world().request('POST', path, { json }), 400, accountError(400, 'Need to set a username or email'))
  })

  it.each(brokenRules)('%s: 400', async (_name, input) => {
    expectAccountError(await world().post(path, fieldsOf(input)), 400)
  })

  it.each([
    ['a username that is taken', ({ username }: Account) => username],
    ['the same in another case', ({ username }: Account) => username.toUpperCase()],
    ['another account’s e-mail address as username', ({ email }: Account) => email],
  ])('%s: 400', async (_name, username) => {
    const taken = username(await register(world()))
    expectAnswer(await world().post(path, fieldsOf({ username: taken })), 400, accountError(403, 'Username already exists.'))
  })

  it.each([
    ['an e-mail address that is taken', ({ email }: Account) => email],
    ['the same in another case', ({ email }: Account) => email.toUpperCase()],
  ])('%s: 400', async (_name, email) => {
    const taken = email(await register(world()))
    expectAnswer(await world().post(path, fieldsOf({ email: taken })), 400, accountError(403, 'Email already exists.'))
  })

  it('an e-mail address that is another account’s username: 400', async () => {
    const { username } = await withUsername(world(), { username: `name${unique()}@example.com` })
    expectAnswer(await world().post(path, fieldsOf({ email: username })), 400, accountError(403, 'Email already exists.'))
  })

  it('twice at once: one account, and one 400', async () => {
    const fields = fieldsOf()
    const answers = await Promise.all([world().post(path, fields), world().post(path, fields)])
    const refused = answers.find(({ status }) => status !== 200)
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    expect(refused?.body).toEqual(accountError(403, expect.stringMatching(/^(Username|Email) already exists\.$/)))
  })
})

describe('POST /users/login', () => {
  const path = '/users/login'
  itsGuards({
    world,
    admin: () => admin,
    method: 'POST',
    path,
    allow: ['POST'],
    needs: 'nothing',
    body: 'json or form',
    expectError: expectAccountError,
  })

  it.each(kinds)('%s: signs in for 90 days', async (_kind, send) => {
    const { id, username, password } = await register(world())
    const before = Date.now()
    const answer = await world().request('POST', path, send({ username, password }))
    expectAnswer(answer, 200, { id, token: expect.stringMatching(TOKEN), tokenExpires: expect.stringMatching(ISO) })
    expectLife(answer.body.tokenExpires, NINETY_DAYS, before)
    expect((await me(answer.body.token)).body._id).toBe(id)
  })

  it.each([
    ['the username', ({ username }: Account) => ({ username })],
    ['the username in another case', ({ username }: Account) => ({ username: username.toUpperCase() })],
    ['the e-mail address', ({ email }: Account) => ({ email })],
    ['the e-mail address in another case', ({ email }: Account) => ({ email: email.toUpperCase() })],
    ['the e-mail address in `username`', ({ email }: Account) => ({ username: email })],
  ])('by %s', async (_name, identifier) => {
    const account = await register(world())
    const { status, body } = await world().post(path, { ...identifier(account), password: account.password })
    expect([status, body.id]).toEqual([200, account.id])
  })

  it('an account of another surface signs in, by its UUID', async () => {
    const { id, username, password } = await person(world())
    expect((await logIn(world(), username, password)).body.id).toBe(id)
  })

  it.each(kinds)('%s: both, although each is right: 400 Match failed, and no session', async (_kind, send) => {
    const { id, username, email, password } = await register(world())
    expectAnswer(await world().request('POST', path, send({ username, email, password })), 400, MATCH_FAILED)
    expect(await world().db.client.session.count({ where: { userId: id } })).toBe(1)
    expect((await world().request('POST', path, { form: { username, email: '', password } })).status).toBe(200)
  })

  it('a password is the same in each Unicode form', async () => {
    const { username } = await register(world(), { password: 'geh\u00e9im\u00e9' })
    expect((await logIn(world(), username, 'gehe\u0301ime\u0301')).status).toBe(200)
  })

  it('a wrong password and an unknown account are one 401', async () => {
    const { username, email } = await register(world())
    for (const fields of [{ username }, { email }, { username: 'no such user' }, { email: 'nobody@example.com' }, { username: '%' }])
      expectAnswer(await world().post(path, { ...fields, password: 'a wrong password' }), 401, BAD_LOGIN)
  })

  it.each([
    ['no password', { username: 'admin' }],
    ['neither username nor e-mail address', { password: PASSWORD }],
    ['a password that is a number', { username: 'admin', password: 12_345_678 }],
    ['a password that is null', { username: 'admin', password: null }],
    ['a password that is an object', { username: 'admin', password: { digest: 'x', algorithm: 'sha-256' } }],
    ['a username that is an object', { username: { $gt: '' }, password: PASSWORD }],
    ['an e-mail address that is an array', { email: ['admin@example.com'], password: PASSWORD }],
    ['a code that is an object', { username: 'admin', password: PASSWORD, code: {} }],
    ['both username and e-mail address', { username: 'admin', email: 'admin@example.com', password: PASSWORD }],
    ['the e-mail address of somebody else', { username: 'admin', email: 'nobody@example.com', password: PASSWORD }],
    ['no body', undefined],
  ])('%s: 400 Match failed', async (_name, json) => {
    expectAnswer(await world().request('POST', path, { json }), 400, MATCH_FAILED)
  })

  it.each([
    ['NUL in the username', { username: 'ad\0min', password: PASSWORD }],
    ['NUL in the password', { username: 'admin', password: 'a\0b' }],
    ['a lone surrogate', { username: 'admin', password: '\udfff' }],
  ])('%s: 400', async (_name, json) => {
    expectAccountError(await world().request('POST', path, { json }), 400)
  })

  it('a disabled account: 403, said only after the right password', async () => {
    const { id, username, password } = await register(world())
    await world().put(at(id), { action: 'disableLogin' }, admin.token)
    expectAnswer(await logIn(world(), username, password), 403, accountError(403, 'Login forbidden'))
    expectAnswer(await logIn(world(), username, 'a wrong password'), 401, BAD_LOGIN)
  })

  describe('with a second factor', () => {
    const NO_CODE = accountError('no-2fa-code', '2FA code must be informed')
    const WRONG_CODE = accountError('invalid-2fa-code', 'Invalid 2FA code')

    it.each(kinds)('%s: the code signs in', async (_kind, send) => {
      const { id, username, password, code } = await withTwoFactor(world())
      const answer = await world().request('POST', path, send({ username, password, code: code() }))
      expectAnswer(answer, 200, { id, token: expect.stringMatching(TOKEN), tokenExpires: expect.stringMatching(ISO) })
    })

    it('a recovery code signs in, once', async () => {
      const { username, password, recoveryCodes } = await withTwoFactor(world())
      const [code] = recoveryCodes
      expect((await world().post(path, { username, password, code })).status).toBe(200)
      expectAnswer(await world().post(path, { username, password, code }), 403, WRONG_CODE)
    })

    it('no code: 403 no-2fa-code, which counts as no failure', async () => {
      const { id, username, password, code } = await withTwoFactor(world())
      const sessions = await world().db.client.session.count({ where: { userId: id } })
      for (let round = 0; round < 11; round += 1) expectAnswer(await logIn(world(), username, password), 403, NO_CODE)
      expect(await world().db.client.session.count({ where: { userId: id } })).toBe(sessions)
      expect((await world().post(path, { username, password, code: code() })).status).toBe(200)
    })

    it('an empty code is none', async () => {
      const { username, password } = await withTwoFactor(world())
      expectAnswer(await world().request('POST', path, { form: { username, password, code: '' } }), 403, NO_CODE)
    })

    it('a wrong password says nothing of the factor', async () => {
      const { username, code } = await withTwoFactor(world())
      expectAnswer(await world().post(path, { username, password: 'a wrong password', code: code() }), 401, BAD_LOGIN)
    })

    it('the code of the step before signs in; an older and a used one are 403 invalid-2fa-code', async () => {
      const { username, password, secret } = await withTwoFactor(world())
      world().advance(120 * SECOND - (Date.now() % (30 * SECOND)))
      const send = async (code: string) => await world().post(path, { username, password, code })
      const [older, before, current] = [totp(secret, -3), totp(secret, -1), totp(secret)]
      expectAnswer(await send(older), 403, WRONG_CODE)
      expect((await send(before)).status).toBe(200)
      expectAnswer(await send(before), 403, WRONG_CODE)
      expect((await send(current)).status).toBe(200)
      expectAnswer(await send(current), 403, WRONG_CODE)
      expectAnswer(await send(before), 403, WRONG_CODE)
    })

    it('a code signs in once, also twice at once', async () => {
      const { username, password, code: next } = await withTwoFactor(world())
      const code = next()
      const answers = await Promise.all([1, 2].map(async () => await world().post(path, { username, password, code })))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
    })

    it('ten wrong codes: 429 with Retry-After, until that has passed', async () => {
      const { username, password, secret } = await withTwoFactor(world())
      const send = async (code: string) => await world().post(path, { username, password, code })
      for (let round = 0; round < 10; round += 1) expectAnswer(await send('not a code'), 403, WRONG_CODE)
      const refused = await send(totp(secret))
      expectTooMany(refused)
      world().advance(retryAfter(refused) * SECOND)
      expect((await send(totp(secret))).status).toBe(200)
    })
  })

  itsPasswordLimit({
    world,
    signIn: async (username, password) => await logIn(world(), username, password),
    elsewhere: async (email, password) => await world().post('/auth/login', { email, password }),
    invalid: async (username) => await world().post(path, { username }),
    expectWrong: (answer) => expectAnswer(answer, 401, BAD_LOGIN),
    expectTooMany,
  })
})

describe('POST /users/logout', () => {
  const path = '/users/logout'
  const LOGGED_OUT = { message: "You've been logged out!" }
  itsGuards({
    world,
    admin: () => admin,
    method: 'POST',
    path,
    allow: ['POST'],
    needs: 'session',
    body: 'json or form',
    expectError: expectAccountError,
  })

  it.each([['nothing', () => ({})] as const, ...kinds])('%s: ends the session, once', async (_kind, send) => {
    const { token } = await register(world())
    expectAnswer(await world().request('POST', path, { ...send({ some: 'thing' }), token }), 200, LOGGED_OUT)
    expectAnswer(await me(token), 401, UNAUTHORIZED)
    expectAccountError(await world().post(path, undefined, token), 401)
  })

  it('other sessions go on', async () => {
    const { token, username, password } = await register(world())
    const other = (await logIn(world(), username, password)).body.token
    await world().post(path, undefined, token)
    expect((await me(other)).status).toBe(200)
  })

  const EVERYWHERE = { message: 'All login tokens have been invalidated.' }
  const asked: readonly (readonly [string, Send])[] = [
    ['true', { json: { all: true } }],
    ['1', { json: { all: 1 } }],
    ['"true"', { json: { all: 'true' } }],
    ['"1"', { json: { all: '1' } }],
    ['"yes"', { json: { all: 'yes' } }],
    ['" Yes "', { json: { all: ' Yes ' } }],
    ['all=true', { form: { all: 'true' } }],
    ['all=1', { form: { all: '1' } }],
    ['all=yes', { form: { all: 'yes' } }],
  ]

  it.each(asked)('all, %s: every login token of the account ends, and no other', async (_value, send) => {
    const [{ token, id, username, password }, bystander] = [await register(world()), await register(world())]
    const others = [(await logIn(world(), username, password)).body.token, (await logIn(world(), username, password)).body.token]
    const { body } = await world().post('/v1/auth/login', { email: username, password })
    const personal = await personalToken(world(), { id }, [])
    expectAnswer(await world().request('POST', path, { ...send, token }), 200, EVERYWHERE)
    for (const dead of [token, ...others, body.token, body.accessToken, personal])
      expect([dead, (await me(dead)).status]).toEqual([dead, 401])
    expect((await me(bystander.token)).status).toBe(200)
    expect((await logIn(world(), username, password)).body.id).toBe(id)
  })

  const notAsked: readonly (readonly [string, Send])[] = [
    ['false', { json: { all: false } }],
    ['null', { json: { all: null } }],
    ['0', { json: { all: 0 } }],
    ['2', { json: { all: 2 } }],
    ['"false"', { json: { all: 'false' } }],
    ['"on"', { json: { all: 'on' } }],
    ['an empty text', { json: { all: '' } }],
    ['a list', { json: { all: [true] } }],
    ['an object', { json: { all: { all: true } } }],
    ['all=no', { form: { all: 'no' } }],
    ['another key', { json: { ALL: true } }],
  ]

  it.each(notAsked)('all, %s: this session alone ends', async (_value, send) => {
    const { token, username, password } = await register(world())
    const other = (await logIn(world(), username, password)).body.token
    expectAnswer(await world().request('POST', path, { ...send, token }), 200, LOGGED_OUT)
    expect([(await me(token)).status, (await me(other)).status]).toEqual([401, 200])
  })

  it.each(['\0', 'yes\0', '\ud800'])('all that is no text, %j: 400, and nothing ends', async (all) => {
    const { token } = await register(world())
    expectAnswer(await world().post(path, { all }, token), 400, MATCH_FAILED)
    expect((await me(token)).status).toBe(200)
  })

  it('all in the query asks for nothing', async () => {
    const { token, username, password } = await register(world())
    const other = (await logIn(world(), username, password)).body.token
    expectAnswer(await world().request('POST', `${path}?all=true`, { token }), 200, LOGGED_OUT)
    expect((await me(other)).status).toBe(200)
  })

  it('all with a personal access token is 403, ends nothing, and is written down', async () => {
    const someone = await person(world())
    const personal = await personalToken(world(), someone, [])
    expectAnswer(await world().post(path, { all: true }, personal), 403, { error: 403, reason: 'Forbidden' })
    expect([(await me(personal)).status, (await me(someone.token)).status]).toEqual([200, 200])
    const events = await world().db.client.auditEvent.findMany({ where: { userId: someone.id, type: 'access.refused' } })
    const details = { operation: 'POST /users/logout', requirement: 'interactive', code: 'FORBIDDEN' }
    expect(events.map((event) => event.details)).toEqual([details])
    expectAnswer(await world().post(path, undefined, personal), 200, LOGGED_OUT)
    expect((await me(personal)).status).toBe(401)
  })

  it('a token of any surface ends all tokens of its sign-in', async () => {
    const { email, password } = await person(world())
    const { token, accessToken } = (await world().post('/v1/auth/login', { email, password })).body
    expectAnswer(await world().post(path, undefined, token), 200, LOGGED_OUT)
    expect((await me(accessToken)).status).toBe(401)
  })
})

describe('POST /api/users', () => {
  const path = '/api/users'
  itsGuards({
    world,
    admin: () => admin,
    method: 'POST',
    path,
    allow: ['POST', 'GET'],
    needs: 'admin',
    body: 'json or form',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  const create = async (json: unknown) => await world().request('POST', path, { json, token: admin.token })

  it.each(kinds)('%s: creates an account, which can sign in', async (_kind, send) => {
    const fields = fieldsOf()
    const answer = await world().request('POST', path, { ...send({ ...fields, fromAdmin: 'true' }), token: admin.token })
    const id = answer.body._id
    expectAnswer(answer, 200, { _id: expect.stringMatching(METEOR_ID), id })
    expectAnswer(await world().get(at(id), admin.token), 200, wholeDocument({ ...fields, id }))
    expect((await logIn(world(), fields.username, fields.password)).body.id).toBe(id)
  })

  it('tester/tester with fromAdmin, as printed', async () => {
    const { body } = await create({ username: 'tester', password: 'tester', email: 'tester@example.com', fromAdmin: 'true' })
    expect((await logIn(world(), 'tester', 'tester')).body.id).toBe(body._id)
    await world().delete(at(body._id), admin.token)
  })

  it('fromAdmin and unknown keys make no administrator', async () => {
    const fields = fieldsOf()
    const { body } = await create({ ...fields, fromAdmin: true, isAdmin: true, loginDisabled: true, scopes: ['users'] })
    expectAnswer(await world().get(at(body._id), admin.token), 200, wholeDocument({ ...fields, id: body._id }))
  })

  it.each(['username', 'email', 'password'])('without %s, or with an empty one: 400 Match failed, and no account', async (field) => {
    const accounts = await world().db.client.user.count()
    const fields = fieldsOf()
    const { [field as keyof typeof fields]: _, ...rest } = fields
    for (const sent of [rest, { ...fields, [field]: '' }]) {
      expectAnswer(await create(sent), 400, API_MATCH_FAILED)
      expectAnswer(await world().request('POST', path, { form: sent, token: admin.token }), 400, API_MATCH_FAILED)
    }
    expect(await world().db.client.user.count()).toBe(accounts)
  })

  it.each(wrongFields)('%s: 400 Match failed', async (_name, json) => {
    expectAnswer(await create(json), 400, API_MATCH_FAILED)
  })

  it('nothing sent: 400 Match failed', async () => {
    expectAnswer(await world().post(path, undefined, admin.token), 400, API_MATCH_FAILED)
  })

  it('neither username nor e-mail address: 400 Match failed', async () => {
    expectAnswer(await create({ password: PASSWORD }), 400, API_MATCH_FAILED)
  })

  it.each(brokenRules)('%s: 400', async (_name, input) => {
    expectApiError(await create(fieldsOf(input)), 400)
  })

  it.each([
    ['a username that is taken', ({ username }: Account) => ({ username }), 'Username already exists.'],
    ['a username in another case', ({ username }: Account) => ({ username: username.toUpperCase() }), 'Username already exists.'],
    ['an e-mail address as username', ({ email }: Account) => ({ username: email }), 'Username already exists.'],
    ['an e-mail address that is taken', ({ email }: Account) => ({ email }), 'Email already exists.'],
    ['an e-mail address in another case', ({ email }: Account) => ({ email: email.toUpperCase() }), 'Email already exists.'],
  ])('%s: 400', async (_name, input, reason) => {
    expectAnswer(await create(fieldsOf(input(await register(world())))), 400, meteorError(400, 403, reason))
  })
})

describe('GET /api/users', () => {
  const path = '/api/users'
  itsGuards({
    world,
    admin: () => admin,
    method: 'GET',
    path,
    allow: ['POST', 'GET'],
    needs: 'admin',
    body: 'none',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  it('all accounts of all surfaces in creation order, as {_id, username}', async () => {
    const [one, two, three] = [await register(world()), await person(world()), await register(world(), { username: `Ada L. ${unique()}` })]
    const answer = await world().get(path, admin.token)
    const kept = await world().db.client.user.findMany({ orderBy: { seq: 'asc' }, select: { id: true, username: true } })
    expectAnswer(
      answer,
      200,
      kept.map(({ id, username }) => ({ _id: id, username })),
    )
    expect(answer.body[0]).toEqual({ _id: admin.id, username: 'admin' })
    expect(answer.body.slice(-3)).toEqual([one, two, three].map(({ id, username }) => ({ _id: id, username })))
  })

  it('HEAD is GET without the body', async () => {
    const { status, text, headers } = await world().request('HEAD', path, { token: admin.token })
    expect([status, text, headers.get('content-type')]).toEqual([200, '', 'application/json; charset=utf-8'])
  })
})

describe('GET /api/users/:id', () => {
  itsGuards({
    world,
    admin: () => admin,
    method: 'GET',
    path: '/api/users/admin',
    allow: ['GET', 'DELETE', 'PUT'],
    needs: 'admin',
    body: 'none',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  const get = async (id: string, token = admin.token) => await world().get(at(id), token)

  it('the whole document', async () => {
    const account = await register(world())
    expectAnswer(await get(account.id), 200, wholeDocument(account, [loginToken]))
  })

  it('isAdmin where it is true', async () => {
    const { body } = await get(admin.id)
    expect(body.isAdmin).toBe(true)
    expect(body).not.toHaveProperty('loginDisabled')
  })

  it('emails is [] where there is none', async () => {
    const { email: _, ...fields } = fieldsOf()
    const { id, token } = (await world().post('/users/register', fields)).body
    expectAnswer(await get(id), 200, { ...wholeDocument({ id, username: fields.username, email: '' }, [loginToken]), emails: [] })
    expect((await world().get('/v1/profile', token)).body.email).toBe('')
  })

  it('profile.fullname where the name differs from the username', async () => {
    const account = await person(world(), { name: 'Ada King Lovelace' })
    expectAnswer(await get(account.id), 200, { ...wholeDocument(account), profile: { fullname: 'Ada King Lovelace' } })
    const same = `same${unique()}`
    const plain = await person(world(), { name: same, username: same })
    expectAnswer(await get(plain.id), 200, wholeDocument(plain))
  })

  it('one login token for each live session of Wekan', async () => {
    const account = await register(world())
    const { token } = (await logIn(world(), account.username, account.password)).body
    await signIn(world(), account)
    expectAnswer(await get(account.id), 200, wholeDocument(account, [loginToken, loginToken]))
    await world().post('/users/logout', undefined, token)
    expectAnswer(await get(account.id), 200, wholeDocument(account, [loginToken]))
  })

  it('login tokens oldest first, as the document prints them', async () => {
    const account = await register(world())
    for (const pause of [DAY, DAY]) {
      world().advance(pause)
      await logIn(world(), account.username, account.password)
    }
    const when = (await get(account.id)).body.services.resume.loginTokens.map((token: { when: string }) => Date.parse(token.when))
    expect(when).toHaveLength(3)
    expect(when).toEqual([...when].sort((one, other) => one - other))
    expect(Math.round((when[2] - when[0]) / DAY)).toBe(2)
  })

  it('a verification token for an address that waits for its mail', async () => {
    const account = await register(world())
    const address = `new${unique()}@example.com`
    const change = 'mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }'
    await world().graphql(change, { input: { email: address } }, account.token)
    const { body, text } = await get(account.id)
    expect(body.emails).toEqual([{ address: account.email, verified: false }])
    expect(body.services.email).toEqual({ verificationTokens: [{ token: REDACTED, address, when: expect.stringMatching(ISO) }] })
    expect(text).not.toContain(mailedToken(world(), address))
  })

  it('an address that a reset has shown to be the owner’s is verified', async () => {
    const { id, email } = await register(world())
    await world().post('/auth/forgot-password', { email })
    await world().post(`/auth/reset-password?token=${mailedToken(world(), email)}`, { password: PASSWORD })
    expect((await get(id)).body.emails).toEqual([{ address: email, verified: true }])
  })

  it('nothing secret is in it', async () => {
    const { id, token, username, password, secret, recoveryCodes } = await withTwoFactor(world())
    const { text } = await get(id)
    const kept = await world().db.client.user.findUniqueOrThrow({
      where: { id },
      include: { sessions: { include: { opaqueTokens: true } } },
    })
    const hashes = kept.sessions.flatMap(({ opaqueTokens }) => opaqueTokens.map(({ hash }) => hash))
    for (const text_ of [token, password, secret, ...recoveryCodes, ...hashes, kept.passwordHash ?? '', 'argon2'])
      expect(text).not.toContain(text_)
    expect(text).toContain(username)
  })

  it('modifiedAt moves on with a change', async () => {
    const { id, token } = await register(world())
    const before = (await get(id)).body
    world().advance(SECOND)
    await world().put('/v1/profile', { firstName: 'Grace' }, token)
    const after = (await get(id)).body
    expect(after.createdAt).toBe(before.createdAt)
    expect(Date.parse(after.modifiedAt)).toBeGreaterThanOrEqual(Date.parse(before.modifiedAt) + SECOND)
  })

  it.each([
    ['a plain one', 'plainuser'],
    ['in another case', 'PlainUser2'],
    ['with spaces', 'Jean  Luc Picard'],
    ['with @', 'jean @enterprise'],
    ['that is an address', 'jean.luc@starfleet.example'],
    ['with a percent sign', '100% sure'],
    ['that looks escaped', 'a%20b%2Fc'],
    ['with a slash', 'ops/jean'],
    ['with ? and #', 'who? #1'],
    ['with + and &', 'a+b&c=d'],
    ['in Arabic', 'جان لوك'],
    ['with an emoji', 'jean 🖖'],
  ])('by username: %s', async (_name, username) => {
    const account = await register(world(), { username, ...(username.includes('.') ? { email: username } : {}) })
    expectAnswer(await get(username), 200, wholeDocument(account, [loginToken]))
    expect((await get(username.toUpperCase())).body._id).toBe(account.id)
  })

  it('an id goes before a username that looks like it', async () => {
    const account = await register(world())
    await register(world(), { username: account.id })
    expect((await get(account.id)).body._id).toBe(account.id)
  })

  it.each([
    ['unknown', 'EnhMbvxh65Hr7YvtG'],
    ['no id at all', '-'],
    ['very long', 'x'.repeat(2000)],
    ['with quotes', `' OR 1=1 --`],
    ['__proto__', '__proto__'],
    ['an e-mail address that is no username', 'admin@example.com'],
  ])('%s: 404', async (_name, id) => {
    expectAnswer(await get(id), 404, NOT_FOUND)
  })

  it('an id with a broken escape: 404', async () => {
    expectAnswer(await world().get('/api/users/%E0%A4%A', admin.token), 404, NOT_FOUND)
  })

  it('an id with NUL: 400', async () => {
    expectApiError(await world().get('/api/users/%00', admin.token), 400)
  })

  it('without administration an unknown id is 403, and so is the own one', async () => {
    const { id, token } = await register(world())
    for (const some of ['unknown', id]) expectAnswer(await get(some, token), 403, FORBIDDEN)
  })
})

describe('DELETE /api/users/:id', () => {
  itsGuards({
    world,
    admin: () => admin,
    method: 'DELETE',
    path: '/api/users/someone',
    allow: ['GET', 'DELETE', 'PUT'],
    needs: 'admin',
    body: 'none',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  const remove = async (id: string, token = admin.token) => await world().delete(at(id), token)

  it.each([['nothing', () => ({})] as const, ...kinds])('%s: deletes the account, once', async (_kind, send) => {
    const { id } = await register(world())
    const request = async () => await world().request('DELETE', at(id), { ...send({ _id: 'another' }), token: admin.token })
    expectAnswer(await request(), 200, { _id: id })
    expectAnswer(await request(), 404, NOT_FOUND)
    expectAnswer(await world().get(at(id), admin.token), 404, NOT_FOUND)
  })

  it('a body that cannot be parsed is ignored', async () => {
    const { id } = await register(world())
    const send = { raw: '{', headers: { 'content-type': 'application/json' }, token: admin.token }
    expectAnswer(await world().request('DELETE', at(id), send), 200, { _id: id })
  })

  it('everything of the account goes with it, and its names are free again', async () => {
    const { id, token, username, email, password } = await register(world())
    await remove(id)
    expectAnswer(await me(token), 401, UNAUTHORIZED)
    expectAnswer(await logIn(world(), username, password), 401, BAD_LOGIN)
    const { client } = world().db
    expect([await client.session.count({ where: { userId: id } }), await client.identifier.count({ where: { userId: id } })]).toEqual([
      0, 0,
    ])
    expect((await world().post('/users/register', { username, email, password })).status).toBe(200)
  })

  it.each([
    ['unknown', async () => 'EnhMbvxh65Hr7YvtG'],
    ['a username', async () => (await register(world())).username],
    ['an e-mail address', async () => (await register(world())).email],
  ])('%s is no id: 404', async (_name, id) => {
    expectAnswer(await remove(await id()), 404, NOT_FOUND)
  })

  it('the last enabled administrator: 400', async () => {
    const answer = await remove(admin.id)
    expectAnswer(answer, 400, meteorError(400, 400, answer.body.reason))
    expect((await me(admin.token)).status).toBe(200)
  })

  it('an administrator who is not the last goes', async () => {
    const other = await register(world())
    const promote = 'mutation($input: SetAdminInput!) { setAdmin(input: $input) { __typename } }'
    await world().graphql(promote, { input: { id: other.id, isAdmin: true } }, await signIn(world(), admin))
    expectAnswer(await remove(other.id, other.token), 200, { _id: other.id })
  })
})

/** Every token that an account can have. */
const allTokens = async ({ username, email, password }: Pick<Account, 'username' | 'email' | 'password'>): Promise<string[]> => {
  const wekan = (await logIn(world(), username, password)).body
  const v1 = (await world().post('/v1/auth/login', { email, password })).body
  const { tokens } = (await world().post('/auth/login', { email, password })).body
  return [wekan.token, v1.token, v1.accessToken, tokens.access.token, await signIn(world(), { email, password })]
}

/** What a token opens on each surface. */
const openedBy = async (token: string, at: World = world()): Promise<number[]> => [
  (await at.get('/api/user', token)).status,
  (await at.get('/v1/profile', token)).status,
  (await at.post('/auth', undefined, token)).status,
  (await at.graphql('{ me { id } }', {}, token)).body.me === null ? 401 : 200,
]

describe('PUT /api/users/:id', () => {
  itsGuards({
    world,
    admin: () => admin,
    method: 'PUT',
    path: '/api/users/someone',
    allow: ['GET', 'DELETE', 'PUT'],
    needs: 'admin',
    body: 'json or form',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  const act = async (id: string, action: unknown, token = admin.token) => await world().put(at(id), { action }, token)

  it.each(kinds)('%s: disableLogin, then enableLogin', async (_kind, send) => {
    const account = await register(world())
    const put = async (action: string) => await world().request('PUT', at(account.id), { ...send({ action }), token: admin.token })
    expectAnswer(await put('disableLogin'), 200, { ...wholeDocument(account), loginDisabled: true })
    expectAnswer(await world().get(at(account.id), admin.token), 200, { ...wholeDocument(account), loginDisabled: true })
    expectAnswer(await put('enableLogin'), 200, wholeDocument(account))
    expectAnswer(await world().get(at(account.id), admin.token), 200, wholeDocument(account))
  })

  it('both may be said twice', async () => {
    const { id } = await register(world())
    for (const action of ['disableLogin', 'disableLogin', 'enableLogin', 'enableLogin']) expect((await act(id, action)).status).toBe(200)
  })

  it('disableLogin ends every token on every surface at once, for good', async () => {
    const account = await register(world())
    const tokens = [account.token, ...(await allTokens(account))]
    const { refreshToken } = (await world().post('/auth/login', account)).body.tokens
    for (const token of tokens) expect(await openedBy(token)).toEqual([200, 200, 200, 200])
    await act(account.id, 'disableLogin')
    for (const token of tokens) expect(await openedBy(token)).toEqual([401, 401, 401, 401])
    await act(account.id, 'enableLogin')
    for (const token of tokens) expect(await openedBy(token)).toEqual([401, 401, 401, 401])
    expect((await world().post('/auth/refresh-tokens', { refreshToken })).status).not.toBe(200)
  })

  it('sign-in is refused on every surface, until enableLogin', async () => {
    const { id, username, email, password } = await register(world())
    const everywhere = async () => [
      (await logIn(world(), username, password)).status,
      (await world().post('/v1/auth/login', { email, password })).status,
      (await world().post('/auth/login', { email, password })).status,
    ]
    await act(id, 'disableLogin')
    expect(await everywhere()).toEqual([403, 403, 403])
    await expect(signIn(world(), { email, password })).rejects.toThrow('ACCOUNT_DISABLED')
    await act(id, 'enableLogin')
    expect(await everywhere()).toEqual([200, 200, 200])
    expect(await signIn(world(), { email, password })).toEqual(expect.any(String))
  })

  it('disableLogin kills pending codes and reset tokens, and no reset mail goes out', async () => {
    const { id, email, password, code } = await withTwoFactor(world())
    const { loginCode } = (await world().post('/auth/login', { email, password })).body
    await world().post('/auth/forgot-password', { email })
    const token = mailedToken(world(), email)
    await act(id, 'disableLogin')
    const mails = world().mails.length
    expect((await world().post('/auth/forgot-password', { email })).status).toBe(200)
    expect(world().mails.length).toBe(mails)
    await act(id, 'enableLogin')
    expect((await world().post('/v1/auth/verify-totp', { loginCode, code: code() })).status).toBe(401)
    expect((await world().post(`/auth/reset-password?token=${token}`, { password: PASSWORD })).status).toBe(401)
  })

  it('disableLogin on oneself: 400', async () => {
    const answer = await act(admin.id, 'disableLogin')
    expectAnswer(answer, 400, meteorError(400, 400, answer.body.reason))
    expect((await me(admin.token)).status).toBe(200)
  })

  it('an unknown action: 400, naming the two that there are', async () => {
    const { id } = await register(world())
    for (const action of ['takeOwnership', 'DISABLELOGIN', '__proto__', 'constructor']) {
      const answer = await act(id, action)
      expectAnswer(answer, 400, meteorError(400, 400, answer.body.reason))
      expect(answer.body.reason).toMatch(/disableLogin.*enableLogin/)
    }
  })

  it.each([['no'], [null], [1], [{ $ne: 1 }], [['disableLogin']]])('an action that is %j: 400 Match failed', async (action) => {
    const { id } = await register(world())
    const json = action === 'no' ? {} : { action }
    expectAnswer(await world().put(at(id), json, admin.token), 400, API_MATCH_FAILED)
  })

  it('nothing sent: 400 Match failed', async () => {
    expectAnswer(await world().put(at(admin.id), undefined, admin.token), 400, API_MATCH_FAILED)
  })

  it.each([
    ['unknown', async () => 'EnhMbvxh65Hr7YvtG'],
    ['a username', async () => (await register(world())).username],
    ['an e-mail address', async () => (await register(world())).email],
  ])('%s is no id: 404, after 400 for the action', async (_name, id) => {
    const unknown = await id()
    expectAnswer(await act(unknown, 'disableLogin'), 404, NOT_FOUND)
    expectAnswer(await act(unknown, 'enableLogin'), 404, NOT_FOUND)
    expect((await act(unknown, 'nothing')).status).toBe(400)
  })
})

describe('GET /api/user', () => {
  itsGuards({
    world,
    admin: () => admin,
    method: 'GET',
    path: '/api/user',
    allow: ['GET'],
    needs: 'session',
    body: 'none',
    expectError: expectApiError,
  })

  it('the own document, without services', async () => {
    const account = await register(world())
    expectAnswer(await me(account.token), 200, ownDocument(account))
  })

  it('isAdmin for an administrator', async () => {
    expectAnswer(await me(admin.token), 200, { ...ownDocument(admin), isAdmin: true })
  })

  it('every token of the account opens it, and Wekan’s opens every surface', async () => {
    const account = await register(world())
    for (const token of await allTokens(account)) expectAnswer(await me(token), 200, ownDocument(account))
    expect(await openedBy(account.token)).toEqual([200, 200, 200, 200])
  })

  it.each(['bearer', 'BEARER', 'Bearer'])('the scheme may be written %s', async (scheme) => {
    const answer = await world().request('GET', '/api/user', { headers: { authorization: `${scheme} ${admin.token}` } })
    expect(answer.status).toBe(200)
  })

  it('a token in the query is not read', async () => {
    expectAnswer(await world().get(`/api/user?access_token=${admin.token}`), 401, UNAUTHORIZED)
  })

  it('HEAD is GET without the body', async () => {
    const { status, text } = await world().request('HEAD', '/api/user', { token: admin.token })
    expect([status, text]).toEqual([200, ''])
  })
})

describe('any other path', () => {
  it.each(['/users', '/users/unknown', '/users/login/more'])('%s is 404 in the form of /users/*', async (path) => {
    expectAccountError(await world().post(path, {}), 404)
  })

  it.each(['/api', '/api/boards', '/api/users/some/more'])('%s is 404 in the form of /api/*', async (path) => {
    expectAnswer(await world().get(path, admin.token), 404, NOT_FOUND)
  })
})

/** Every command line and every answer of the document, in its order, as printed. */
const DOCUMENT = String.raw`
for any of the authenticated methods.curl http://localhost:3000/users/register \
-d "username=myusername&password=mypassword&email=my@email.com"
curl -H "Content-type:application/json" \
http://localhost:3000/users/register \
-d '{ "username": "myusername", "password": "mypassword", "email": "my@email.com" }'
{
"id": "user id",
"token": "string",
"tokenExpires": "ISO encoded date string"
}
for any of the authenticated methods.curl -H "Authorization: Bearer a6DM_gOPRwBdynfXaGBaiiEwTiAuigR_Fj_81QmNpnf" \
-X POST \
http://localhost:3000/api/users \
-d "username=myusername&password=mypassword&email=my@email.com"
curl -H "Authorization: Bearer a6DM_gOPRwBdynfXaGBaiiEwTiAuigR_Fj_81QmNpnf" \
-H "Content-type:application/json" \
-X POST \
http://localhost:3000/api/users \
-d '{ "username": "myusername", "password": "mypassword", "email": "my@email.com" }'
1) Login
curl http://example.com/users/login \
-d "username=YOUR-USERNAME-HERE&password=YOUR-PASSWORD-HERE"
As response you get your id and token:
"id":"YOUR-ID-HERE","token":"YOUR-TOKEN-HERE","tokenExpires":"2017-12-23T21:07:10.395Z"}
2) Create user. Works both when serf-register enabled and disabled.
curl -H "Authorization: Bearer YOUR-TOKEN-HERE" \
-H "Content-type:application/json" \
-X POST \
http://example.com/api/users \
-d '{ "username": "tester", "password": "tester", "email": "tester@example.com", "fromAdmin": "true" }'
As reply you get new user's id.
{"id":"NEW-USER-ID-HERE"}
3) You can get user details with your new user's id:
curl -H "Authorization: Bearer YOUR-TOKEN-HERE" \
http://example.com/api/users/NEW-USER-ID-HERE
Returns the id of the created user.
{
"_id": "user id"
}
curl -H "Authorization: Bearer a6DM_gOPRwBdynfXaGBaiiEwTiAuigR_Fj_81QmNpnf" \
-X DELETE \
http://localhost:3000/api/users/EnhMbvxh65Hr7YvtG
Returns the id of the deleted user.
{
"_id": "EnhMbvxh65Hr7YvtG"
}
for any of the authenticated methods.curl -H "Authorization: Bearer a6DM_gOPRwBdynfXaGBaiiEwTiAuigR_Fj_81QmNpnf" \
http://localhost:3000/api/users/XQMZgynx9M79qTtQc
{
"_id": "XQMZgynx9M79qTtQc",
"createdAt": "2017-09-13T06:45:53.127Z",
"services": {
"password": {
"bcrypt": "$2a$10$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8."
},
"email": {
"verificationTokens": [
{
"token": "8rzwpq_So2PVYHVSfrcc5f5QZnuV2wEtu7QRQGwOJx8",
"address": "my@email.com",
"when": "2017-09-13T06:45:53.157Z"
}
]
},
"resume": {
"loginTokens": [
{
"when": "2017-09-13T06:45:53.265Z",
"hashedToken": "CY/PWeDa3fAkl+k94+GWzCtpB5nPcVxLzzzjXs4kI3A="
},
{
"when": "2017-09-16T06:06:19.741Z",
"hashedToken": "74MQNXfsgjkItx/gpgPb29Y0MSNAvBrsnSGQmr4YGvQ="
}
]
}
},
"username": "john",
"emails": [
{
"address": "my@email.com",
"verified": false
}
],
"isAdmin": true,
"profile": {}
}
for any of the authenticated methods.curl -H "Authorization: Bearer cwUZ3ZsTaE6ni2R3ppSkYd-KrDvxsLcBIkSVfOCfIkA" \
http://localhost:3000/api/users
[
{
"_id": "XQMZgynx9M79qTtQc",
"username": "admin"
},
{
"_id": "vy4WYj7k7NBhf3AFc",
"username": "john"
}
]
for any of the authenticated methods.curl -H "Authorization: Bearer a6DM_gOPRwBdynfXaGBaiiEwTiAuigR_Fj_81QmNpnf" \
http://localhost:3000/api/user
{
"_id": "vy4WYj7k7NBhf3AFc",
"createdAt": "2017-09-16T05:51:30.339Z",
"username": "john",
"emails": [
{
"address": "me@mail.com",
"verified": false
}
],
"profile": {}
}
curl -H "Authorization: Bearer t7iYB86mXoLfP_XsMegxF41oKT7iiA9lDYiKVtXcctl" \
-H "Content-type:application/json" \
-X PUT \
http://localhost:3000/api/users/ztKvBTzCqmyJ77on8 \
-d '{ "action": "disableLogin" }'
curl -H "Authorization: Bearer t7iYB86mXoLfP_XsMegxF41oKT7iiA9lDYiKVtXcctl" \
-H "Content-type:application/json" \
-X PUT \
http://localhost:3000/api/users/ztKvBTzCqmyJ77on8 \
-d '{ "action": "enableLogin" }'
`

describe('the curl command lines of the document', () => {
  const commands = [...DOCUMENT.matchAll(/curl (?:.*\\\n)*.*/g)].map(([command]) => command)
  const answers: unknown[] = []
  let open = ''
  for (const line of DOCUMENT.split('\n')) {
    if (open === '' && line !== '{' && line !== '[') continue
    open += line
    try {
      answers.push(JSON.parse(open))
      open = ''
    } catch {
      // Not whole yet: the next line belongs to it.
    }
  }

  interface Filling {
    readonly token?: string
    readonly id?: string
    readonly account?: Account
  }

  const curl = async (number: number, { token = '', id = '', account }: Filling = {}) => {
    const command = (commands[number - 1] ?? '')
      .replace(/http:\/\/(localhost:3000|example\.com)/, () => world().url)
      .replace(/Bearer [\w-]+/, () => `Bearer ${token}`)
      .replace(/\/api\/users\/[\w-]+/, () => `/api/users/${id}`)
      .replace('YOUR-USERNAME-HERE', () => account?.username ?? '')
      .replace('YOUR-PASSWORD-HERE', () => account?.password ?? '')
    const env = { PATH: process.env.PATH ?? '', no_proxy: '*' }
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { env })
    return JSON.parse(stdout)
  }

  /** The form of a printed answer: its keys, with the types of its values. */
  const formOf = (printed: unknown): unknown => {
    if (typeof printed === 'string') return expect.any(String)
    if (typeof printed === 'boolean') return expect.any(Boolean)
    if (Array.isArray(printed)) return printed.map(formOf)
    return Object.fromEntries(Object.entries(printed as object).map(([key, value]) => [key, formOf(value)]))
  }

  const made: string[] = []
  afterEach(async () => {
    for (const id of made.splice(0)) await world().delete(at(id), admin.token)
  })

  it('are 13', () => {
    expect(commands).toHaveLength(13)
    expect(commands.filter((command) => command.includes('-d '))).toHaveLength(8)
    expect(answers).toHaveLength(6)
  })

  it.each([
    ['a form', 1],
    ['JSON', 2],
  ])('register with %s', async (_kind, number) => {
    const body = await curl(number)
    made.push(body.id)
    expect(body).toEqual(formOf(answers[0]))
    expect((await me(body.token)).body).toMatchObject({ username: 'myusername', emails: [{ address: 'my@email.com' }] })
    expect((await logIn(world(), 'myusername', 'mypassword')).status).toBe(200)
  })

  it.each([
    ['a form', 3],
    ['JSON', 4],
  ])('create a user with %s', async (_kind, number) => {
    const body = await curl(number, admin)
    made.push(body._id)
    expect(body).toMatchObject(formOf(answers[1]) as object)
    expect((await logIn(world(), 'myusername', 'mypassword')).body.id).toBe(body._id)
  })

  it('log in, create tester with the token, and read it by the id', async () => {
    const { token, ...signedIn } = await curl(5, { account: admin })
    expect(signedIn).toEqual({ id: admin.id, tokenExpires: expect.stringMatching(ISO) })
    const { id } = await curl(6, { token })
    made.push(id)
    expect(await curl(7, { token, id })).toEqual(wholeDocument({ id, username: 'tester', email: 'tester@example.com' }))
    expect((await logIn(world(), 'tester', 'tester')).body.id).toBe(id)
  })

  it('delete a user', async () => {
    const { id } = await register(world())
    const body = await curl(8, { token: admin.token, id })
    expect(body).toEqual({ _id: id })
    expect(body).toEqual(formOf(answers[2]))
  })

  it('get a user: every key that is printed is there', async () => {
    const john = await register(world())
    await logIn(world(), john.username, john.password)
    const graphql = async (mutation: string, input: object, token: string) =>
      await world().graphql(
        `mutation($input: ${mutation}Input!) { ${mutation[0]?.toLowerCase()}${mutation.slice(1)}(input: $input) { __typename } }`,
        { input },
        token,
      )
    await graphql('ChangeEmail', { email: `new-${john.email}` }, john.token)
    await graphql('SetAdmin', { id: john.id, isAdmin: true }, await signIn(world(), admin))
    made.push(john.id)
    expect(await curl(9, { token: admin.token, id: john.id })).toMatchObject(formOf(answers[3]) as object)
  })

  it('get all users', async () => {
    await register(world())
    const list = await curl(10, admin)
    const [form] = formOf(answers[4]) as object[]
    expect(list.length).toBeGreaterThan(1)
    for (const item of list) expect(item).toEqual(form)
  })

  it('get the logged-in user', async () => {
    const { token } = await register(world())
    expect(await curl(11, { token })).toMatchObject(formOf(answers[5]) as object)
  })

  it('disable and enable login', async () => {
    const { id, username, password } = await register(world())
    expect(await curl(12, { token: admin.token, id })).toMatchObject({ _id: id, loginDisabled: true })
    expect((await logIn(world(), username, password)).status).toBe(403)
    expect(await curl(13, { token: admin.token, id })).not.toHaveProperty('loginDisabled')
    expect((await logIn(world(), username, password)).status).toBe(200)
  })

  it.each(kinds)('the values of its tables as %s', async (_kind, send) => {
    const fields = { username: 'myusername', password: 'my$up3erP@ssw0rd', email: 'my@email.com' }
    const { body } = await world().request('POST', '/users/register', send(fields))
    made.push(body.id)
    expect((await logIn(world(), fields.username, fields.password)).body.id).toBe(body.id)
  })
})

describe('the life of a token', () => {
  const long = useWorld()

  it('is 90 days, and no longer', async () => {
    const { token, username, password } = await register(long())
    long().advance(NINETY_DAYS - MINUTE)
    expect(await openedBy(token, long())).toEqual([200, 200, 200, 200])
    long().advance(MINUTE)
    expect(await openedBy(token, long())).toEqual([401, 401, 401, 401])
    const { body } = await logIn(long(), username, password)
    expect(await openedBy(body.token, long())).toEqual([200, 200, 200, 200])
  })
})

describe('the first account', () => {
  const fresh = useWorld({
    CORS_ORIGINS: 'https://boards.example',
    TRUSTED_PROXIES: 'loopback',
    LIMIT_ADDRESS_PER_MINUTE: '6',
    WEKAN_PREFIX: '/boards',
  })

  it('is the administrator: exactly one of several at once', async () => {
    const posts = [1, 2, 3].map(async () => await fresh().post('/boards/users/register', fieldsOf()))
    const tokens = (await Promise.all(posts)).map(({ body }) => body.token)
    const documents = await Promise.all(tokens.map(async (token) => (await fresh().get('/boards/api/user', token)).body))
    expect(documents.filter(({ isAdmin }) => isAdmin === true)).toHaveLength(1)
    expect((await fresh().db.client.user.findMany({ where: { isAdmin: true } })).length).toBe(1)
  })

  describe('WEKAN_PREFIX=/boards', () => {
    it('moves every route below it', async () => {
      expectAnswer(await fresh().get('/boards/api/users'), 401, UNAUTHORIZED)
      expectAccountError(await fresh().get('/boards/users/login'), 405)
      expectAnswer(await fresh().get('/boards/api/unknown'), 404, NOT_FOUND)
    })

    it('leaves nothing where they were', async () => {
      const answer = await fresh().get('/api/users')
      expectAnswer(answer, 404, { message: 'Not found', request_id: answer.headers.get('x-request-id') })
    })
  })

  describe('LIMIT_ADDRESS_PER_MINUTE=6', () => {
    it.each([
      ['sign-in', '/boards/users/login', 'from 192.0.2.1', '192.0.2.1', '192.0.2.2'],
      ['sign-up', '/boards/users/register', 'from one /64', '2001:db8:1:1::1', '2001:db8:1:2::1'],
    ])('%s %s: the seventh %s is 429 with Retry-After', async (_name, path, _from, address, other) => {
      const post = async (from: string) =>
        await fresh().request('POST', path, { json: { username: 'someone', password: '123456' }, headers: { 'x-forwarded-for': from } })
      const from = (round: number) => (address.includes(':') ? `${address}${round}` : address)
      for (let round = 0; round < 6; round += 1) expect((await post(from(round))).status).not.toBe(429)
      const refused = await post(from(6))
      expectTooMany(refused)
      expect(retryAfter(refused)).toBeLessThanOrEqual(60)
      expect((await post(other)).status).not.toBe(429)
      fresh().advance(retryAfter(refused) * SECOND)
      expect((await post(from(7))).status).not.toBe(429)
    })
  })

  it('CORS: an allowed origin gets its headers, another none', async () => {
    const options = async (origin: string) => await fresh().request('OPTIONS', '/boards/api/users', { headers: { origin } })
    const { headers, status } = await options('https://boards.example')
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, 'https://boards.example'])
    expect(headers.get('access-control-allow-methods')).toBe(headers.get('allow'))
    expect((await options('https://other.example')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('a trusted peer’s request id is kept if it is well-formed', async () => {
    const idOf = async (id: string) =>
      (await fresh().request('GET', '/boards/api/user', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await idOf('abc-DEF_123')).toBe('abc-DEF_123')
    for (const id of ['a b', 'x'.repeat(65), '<x>']) expect(await idOf(id)).not.toBe(id)
    const { headers } = await world().request('GET', '/api/user', { headers: { 'x-request-id': 'abc-DEF_123' } })
    expect(headers.get('x-request-id')).not.toBe('abc-DEF_123')
  })
})

describe('REGISTRATION=closed', () => {
  const closed = useWorld(
    {
      REGISTRATION: 'closed',
      ADMIN_EMAIL: 'root@example.com',
      ADMIN_PASSWORD: 'root password',
      LIMIT_HASH_QUEUE: '1',
    },
    { realHashes: true },
  )
  const root = async () => (await closed().post('/users/login', { email: 'root@example.com', password: 'root password' })).body.token

  it.each(kinds)('POST /users/register with %s is 403', async (_kind, send) => {
    const answer = await closed().request('POST', '/users/register', send(fieldsOf()))
    expectAnswer(answer, 403, accountError(403, 'Registration is closed'))
    expect(await closed().db.client.user.count()).toBe(1)
  })

  it('POST /api/users goes on', async () => {
    const { status, body } = await closed().post('/api/users', fieldsOf(), await root())
    expect([status, body._id]).toEqual([200, expect.stringMatching(METEOR_ID)])
  })

  it('LIMIT_HASH_QUEUE=1: what is too much at once is 503 with Retry-After', async () => {
    const posts = Array.from(
      { length: 40 + availableParallelism() },
      async (_none, number) => await logIn(closed(), `nobody${number}`, 'wrong'),
    )
    const refused = (await Promise.all(posts)).filter(({ status }) => status !== 401)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expectAccountError(answer, 503)
  })

  it('the administrator of the settings is one', async () => {
    expect((await closed().get('/api/user', await root())).body.isAdmin).toBe(true)
  })
})

describe('NODE_ENV=production', () => {
  const production = useWorld({ NODE_ENV: 'production', LIMIT_CODE_FAILURES: '2', LIMIT_CODE_FAILURES_HARD: '3' })

  it('the first account is no administrator', async () => {
    const account = await register(production())
    expectAnswer(await production().get('/api/user', account.token), 200, ownDocument(account))
    expectAnswer(await production().get('/api/users', account.token), 403, FORBIDDEN)
  })

  it('LIMIT_CODE_FAILURES_HARD: after so many wrong codes only a recovery code helps', async () => {
    const { username, password, secret, recoveryCodes } = await withTwoFactor(production())
    const send = async (code: string | undefined) => await production().post('/users/login', { username, password, code })
    for (const wait of [0, 0, 30, 60]) {
      production().advance(wait * SECOND)
      const answer = await send(totp(secret, 9))
      if (wait < 60) expect(answer.status).toBe(403)
      else expectTooMany(answer)
    }
    production().advance(15 * MINUTE)
    expectTooMany(await send(totp(secret)))
    production().advance(15 * MINUTE)
    expect((await send(recoveryCodes[0])).status).toBe(200)
    expect((await send(totp(secret))).status).toBe(200)
  })
})

describe('WEKAN_ERROR_STATUS=200', () => {
  const original = useWorld({ WEKAN_ERROR_STATUS: '200', WEKAN_QUERY_TOKEN: 'true' })
  let root: Account
  beforeAll(async () => {
    root = await register(original())
  })

  const expectHidden = (answer: Answer, body: unknown) => expectAnswer(answer, 200, body)

  it.each([
    ['GET', '/api/users'],
    ['POST', '/api/users'],
    ['GET', '/api/users/someone'],
    ['PUT', '/api/users/someone'],
    ['DELETE', '/api/users/someone'],
    ['GET', '/api/user'],
  ])('%s %s without a session: Unauthorized', async (method, path) => {
    expectHidden(await original().request(method, path), UNAUTHORIZED)
  })

  it.each([
    ['GET', '/api/users'],
    ['POST', '/api/users'],
    ['GET', '/api/users/someone'],
    ['PUT', '/api/users/someone'],
    ['DELETE', '/api/users/someone'],
  ])('%s %s of somebody: Forbidden', async (method, path) => {
    expectHidden(await original().request(method, path, { token: (await person(original())).token }), FORBIDDEN)
  })

  it('a name that is taken, and wrong fields', async () => {
    const create = async (fields: object) => await original().post('/api/users', fields, root.token)
    expectHidden(await create(fieldsOf({ username: root.username })), meteorError(400, 403, 'Username already exists.'))
    expectHidden(await create(fieldsOf({ email: root.email })), meteorError(400, 403, 'Email already exists.'))
    expectHidden(await create({ username: 'x' }), API_MATCH_FAILED)
    expectHidden(await original().put(at(root.id), {}, root.token), API_MATCH_FAILED)
  })

  it('an unknown id is an empty 200 on PUT', async () => {
    const { status, text, headers } = await original().put('/api/users/EnhMbvxh65Hr7YvtG', { action: 'disableLogin' }, root.token)
    expect([status, text, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, '', null, 'no-store'])
  })

  it.each(['{"username":', '[]', 'nothing', '{"a": 1}}'])('a body that cannot be parsed, %s, keeps its 400', async (raw) => {
    for (const [method, path] of [
      ['POST', '/api/users'],
      ['PUT', at(root.id)],
    ] as const) {
      const send = { raw, headers: { 'content-type': 'application/json' }, token: root.token }
      expectApiError(await original().request(method, path, send), 400)
    }
  })

  it('an unknown id is {} on GET and {_id} on DELETE', async () => {
    expectHidden(await original().get('/api/users/EnhMbvxh65Hr7YvtG', root.token), {})
    expectHidden(await original().delete('/api/users/EnhMbvxh65Hr7YvtG', root.token), { _id: 'EnhMbvxh65Hr7YvtG' })
  })

  it('what succeeds is as ever', async () => {
    const account = await register(original())
    expectHidden(await original().get(at(account.id), root.token), wholeDocument(account, [loginToken]))
    expectHidden(await original().delete(at(account.id), root.token), { _id: account.id })
  })

  it('/users/* keeps its statuses', async () => {
    expectAnswer(await logIn(original(), root.username, 'a wrong password'), 401, BAD_LOGIN)
    expectAnswer(await original().post('/users/register', {}), 400, MATCH_FAILED)
  })
})

describe('WEKAN_QUERY_TOKEN=true', () => {
  const open = useWorld({ WEKAN_QUERY_TOKEN: 'true' })
  let root: Account
  beforeAll(async () => {
    root = await register(open())
  })

  it('?access_token= is read on every route of wekan', async () => {
    const query = `?access_token=${root.token}`
    const account = await register(open())
    expect((await open().get(`/api/user${query}`)).body._id).toBe(root.id)
    expect((await open().get(`/api/users${query}`)).body).toHaveLength(2)
    expect((await open().get(`${at(account.id)}${query}`)).body._id).toBe(account.id)
    expect((await open().put(`${at(account.id)}${query}`, { action: 'disableLogin' })).body.loginDisabled).toBe(true)
    expect((await open().delete(`${at(account.id)}${query}`)).body).toEqual({ _id: account.id })
    expect((await open().post(`/api/users${query}`, fieldsOf())).status).toBe(200)
    expect((await open().post(`/users/logout${query}`)).status).toBe(200)
    expectAnswer(await open().get(`/api/user${query}`), 401, UNAUTHORIZED)
  })

  it('a wrong or repeated one opens nothing', async () => {
    const { token } = await register(open())
    expectAnswer(await open().get('/api/user?access_token=unknown'), 401, UNAUTHORIZED)
    expectApiError(await open().get(`/api/user?access_token=${token}&access_token=${token}`), 400)
  })

  it('no other dialect reads it', async () => {
    const { token } = await register(open())
    expect((await open().get(`/v1/profile?access_token=${token}`)).status).toBe(401)
    expect((await open().post(`/auth?access_token=${token}`)).status).toBe(401)
  })
})

describe('VERIFY_EMAIL=true', () => {
  const verifying = useWorld({ VERIFY_EMAIL: 'true' })

  it('whoever signed up has one verification token until the address is verified, as the document prints it', async () => {
    const root = await register(verifying())
    const { id, email, token } = await register(verifying())
    const tokens = async () => (await verifying().get(at(id), root.token)).body.services.email.verificationTokens
    const one = [{ token: REDACTED, address: email, when: expect.stringMatching(ISO) }]
    expect(await tokens()).toEqual(one)
    verifying().advance(MINUTE)
    await verifying().graphql('mutation { requestEmailVerification { __typename } }', {}, token)
    expect(await tokens()).toEqual(one)
    const address = `new${unique()}@example.com`
    const input = { email: address }
    await verifying().graphql('mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }', { input }, token)
    expect(await tokens()).toEqual([...one, { token: REDACTED, address, when: expect.stringMatching(ISO) }])
    const confirm = 'mutation($input: ConfirmEmailInput!) { result: confirmEmail(input: $input) { __typename ... on Error { code } } }'
    const { body } = await verifying().graphql(confirm, { input: { token: mailedToken(verifying(), email) } })
    expect(body.result).toEqual({ __typename: 'ConfirmEmailSuccess' })
    expect(await tokens()).toEqual([{ token: REDACTED, address, when: expect.stringMatching(ISO) }])
  })
})

describe('WEKAN_ERROR_STATUS=200, outside every operation', () => {
  const original = useWorld({ WEKAN_ERROR_STATUS: '200' })

  it.each([
    ['a route that is not there', 'GET', '/api/nothing', 404],
    ['no session', 'GET', '/api/user', 401],
  ])('sends %s with HTTP 200 and says its status in the body', async (_what, method, path, statusCode) => {
    const { status, body } = await original().request(method, path)
    expect([status, body.statusCode, body.errorType]).toEqual([200, statusCode, 'Meteor.Error'])
  })

  it('leaves what the original never said as it is', async () => {
    expect((await original().request('PATCH', '/api/users')).status).toBe(405)
  })
})
