/**
 * `PUT /api/users/:id` of `wekan`: an administrator disables and enables the login of an account.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD, signIn, withTwoFactor } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { expectAnswer, mailedToken } from '../support.ts'
import {
  API_MATCH_FAILED,
  at,
  expectApiError,
  FORBIDDEN,
  kinds,
  logIn,
  meteorError,
  NOT_FOUND,
  register,
  useWekan,
  wholeDocument,
} from './support.ts'

const { world, admin, me, allTokens, openedBy } = useWekan()

describe('PUT /api/users/:id', () => {
  itsGuards({
    world,
    admin: admin,
    method: 'PUT',
    path: '/api/users/someone',
    allow: ['GET', 'DELETE', 'PUT'],
    needs: 'admin',
    body: 'json or form',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  const act = async (id: string, action: unknown, token = admin().token) => await world().put(at(id), { action }, token)

  it.each(kinds)('%s: disableLogin, then enableLogin', async (_kind, send) => {
    const account = await register(world())
    const put = async (action: string) => await world().request('PUT', at(account.id), { ...send({ action }), token: admin().token })
    expectAnswer(await put('disableLogin'), 200, { ...wholeDocument(account), loginDisabled: true })
    expectAnswer(await world().get(at(account.id), admin().token), 200, { ...wholeDocument(account), loginDisabled: true })
    expectAnswer(await put('enableLogin'), 200, wholeDocument(account))
    expectAnswer(await world().get(at(account.id), admin().token), 200, wholeDocument(account))
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
    const answer = await act(admin().id, 'disableLogin')
    expectAnswer(answer, 400, meteorError(400, 400, answer.body.reason))
    expect((await me(admin().token)).status).toBe(200)
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
    expectAnswer(await world().put(at(id), json, admin().token), 400, API_MATCH_FAILED)
  })

  it('nothing sent: 400 Match failed', async () => {
    expectAnswer(await world().put(at(admin().id), undefined, admin().token), 400, API_MATCH_FAILED)
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
