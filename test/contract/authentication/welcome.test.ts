/**
 * `POST /auth` of `authentication`, and paths that are not routes.
 */
import { describe, expect, it } from 'vitest'
import { signIn, unique } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { expectAnswer } from '../support.ts'
import { accountOf, expectError, fieldsOf, PLEASE_AUTHENTICATE, register, useAuthentication } from './support.ts'

const { world, welcome, open } = useAuthentication()

describe('POST /auth', () => {
  itsGuards({ ...open, path: '/auth', needs: 'session', body: 'none' })

  it('welcomes, with bio null when unset', async () => {
    const { name, email, access } = await register(world())
    expectAnswer(await welcome(access), 200, { message: `Welcome ${name}`, user: { name, bio: null, email } })
  })

  it('POST /auth prints the bio', async () => {
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

describe('any other path', () => {
  it.each(['/auth/unknown', '/auth/login/more', '/auth/register/1'])('%s is 404 in the form of the dialect', async (path) => {
    expectError(await world().post(path, {}), 404)
  })
})
