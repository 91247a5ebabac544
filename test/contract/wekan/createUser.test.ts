/**
 * `POST /api/users` of `wekan`: an administrator creates an account.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { expectAnswer } from '../support.ts'
import {
  type Account,
  API_MATCH_FAILED,
  at,
  brokenRules,
  expectApiError,
  FORBIDDEN,
  fieldsOf,
  kinds,
  logIn,
  METEOR_ID,
  meteorError,
  register,
  useWekan,
  wholeDocument,
  wrongFields,
} from './support.ts'

const { world, admin } = useWekan()

describe('POST /api/users', () => {
  const path = '/api/users'
  itsGuards({
    world,
    admin: admin,
    method: 'POST',
    path,
    allow: ['POST', 'GET'],
    needs: 'admin',
    body: 'json or form',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  const create = async (json: unknown) => await world().request('POST', path, { json, token: admin().token })

  it.each(kinds)('%s: creates an account, which can sign in', async (_kind, send) => {
    const fields = fieldsOf()
    const answer = await world().request('POST', path, { ...send({ ...fields, fromAdmin: 'true' }), token: admin().token })
    const id = answer.body._id
    expectAnswer(answer, 200, { _id: expect.stringMatching(METEOR_ID), id })
    expectAnswer(await world().get(at(id), admin().token), 200, wholeDocument({ ...fields, id }))
    expect((await logIn(world(), fields.username, fields.password)).body.id).toBe(id)
  })

  it('tester/tester with fromAdmin, as printed', async () => {
    const { body } = await create({ username: 'tester', password: 'tester', email: 'tester@example.com', fromAdmin: 'true' })
    expect((await logIn(world(), 'tester', 'tester')).body.id).toBe(body._id)
    await world().delete(at(body._id), admin().token)
  })

  it('fromAdmin and unknown keys make no administrator', async () => {
    const fields = fieldsOf()
    const { body } = await create({ ...fields, fromAdmin: true, isAdmin: true, loginDisabled: true, scopes: ['users'] })
    expectAnswer(await world().get(at(body._id), admin().token), 200, wholeDocument({ ...fields, id: body._id }))
  })

  it.each(['username', 'email', 'password'])('without %s, or with an empty one: 400 Match failed, and no account', async (field) => {
    const accounts = await world().db.client.user.count()
    const fields = fieldsOf()
    const { [field as keyof typeof fields]: _, ...rest } = fields
    for (const sent of [rest, { ...fields, [field]: '' }]) {
      expectAnswer(await create(sent), 400, API_MATCH_FAILED)
      expectAnswer(await world().request('POST', path, { form: sent, token: admin().token }), 400, API_MATCH_FAILED)
    }
    expect(await world().db.client.user.count()).toBe(accounts)
  })

  it.each(wrongFields)('%s: 400 Match failed', async (_name, json) => {
    expectAnswer(await create(json), 400, API_MATCH_FAILED)
  })

  it('nothing sent: 400 Match failed', async () => {
    expectAnswer(await world().post(path, undefined, admin().token), 400, API_MATCH_FAILED)
  })

  it('neither username nor e-mail address: 400 Match failed', async () => {
    expectAnswer(await create({ password: PASSWORD }), 400, API_MATCH_FAILED)
  })

  it.each(brokenRules)('an account is not created with %s: 400', async (_name, input) => {
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
