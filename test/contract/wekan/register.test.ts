/**
 * `POST /users/register` of `wekan`, with JSON and with forms.
 */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { PASSWORD, unique, withUsername } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { expectAnswer, expectLife, ISO } from '../support.ts'
import {
  type Account,
  accountError,
  brokenRules,
  expectAccountError,
  fieldsOf,
  type Kind,
  kinds,
  logIn,
  MATCH_FAILED,
  METEOR_ID,
  NINETY_DAYS,
  ownDocument,
  register,
  TOKEN,
  useWekan,
  wrongFields,
} from './support.ts'

const { world, admin, me } = useWekan()
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

describe('POST /users/register', () => {
  const path = '/users/register'
  itsGuards({
    world,
    admin: admin,
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

  it('POST /users/register keeps the token only as base64(sha256(token))', async () => {
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

  it.each(brokenRules)('registration is refused with %s: 400', async (_name, input) => {
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
