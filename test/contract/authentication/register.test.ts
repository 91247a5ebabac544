/**
 * `POST /auth/register` of `authentication`.
 */
import { describe, expect, it } from 'vitest'
import { unique, withUsername } from '../../support/accounts.ts'
import type { Answer } from '../../support/world.ts'
import { itsGuards } from '../guards.ts'
import { DAY, expectAnswer, expectLife, MINUTE, UUID } from '../support.ts'
import { accountOf, expectInvalid, fieldsOf, notText, register, TOKENS, useAuthentication } from './support.ts'

const { world, logIn, welcome, open } = useAuthentication()

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
  ])('a registration with %s: 201', async (_name, input) => {
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
  ])('a registration with %s %s: 400', async (field, _what, input) => {
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
