/**
 * `DELETE /v1/users/{id}` of `idiot`.
 */
import { describe, expect, it } from 'vitest'
import { admin, person, withTwoFactor } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { expectInvalid, expectOk, expectProblem, loginCodeOf, resetTokenOf, someText } from '../v1/support.ts'
import { covering, EVERY, NO_ONE, useIdiot } from './support.ts'

const { world, asAdmin, setScopes, holder, scopeCases } = useIdiot()

describe('DELETE /v1/users/{id}', () => {
  const remove = async (id: string, token = world.admin()) => await world().delete(`/v1/users/${id}`, token)

  commonCases(world, { method: 'DELETE', path: `/v1/users/${NO_ONE}`, methods: ['GET', 'DELETE'], who: 'session' })
  scopeCases('users:delete', 404, async (token) => await remove(NO_ONE, token))

  it.each(covering('users:delete'))('200 with the scope %s, and the deleted account', async (scope) => {
    const [{ token }, other] = [await holder(scope), await person(world(), { name: 'Long Gone' })]
    const shown = scope.endsWith('users:delete') ? {} : { permissions: [] }
    expectOk(await remove(other.id, token), { id: other.id, name: 'Long Gone', email: other.email, ...shown })
  })

  it('everything of the account goes with it', async () => {
    const gone = await withTwoFactor(world())
    const loginCode = await loginCodeOf(world(), gone)
    const resetToken = await resetTokenOf(world(), gone)
    expect((await remove(gone.id)).status).toBe(200)
    const { client } = world().db
    const where = { userId: gone.id }
    expect(await client.user.count({ where: { id: gone.id } })).toBe(0)
    expect(await client.identifier.count({ where })).toBe(0)
    expect(await client.session.count({ where })).toBe(0)
    expect(await client.opaqueToken.count({ where: { session: where } })).toBe(0)
    expect(await client.loginCode.count({ where })).toBe(0)
    expect(await client.recoveryCode.count({ where })).toBe(0)
    expect(await client.mailToken.count({ where })).toBe(0)
    expectProblem(await world().get(`/v1/users/${gone.id}`, world.admin()), 404)
    expectProblem(await world().get('/v1/profile', gone.token), 401)
    expectProblem(await world().post('/v1/auth/login', { email: gone.email, password: gone.password }), 401)
    expectProblem(await world().post('/v1/auth/verify-totp', { loginCode, code: gone.code() }), 401)
    expectProblem(await world().post('/v1/security/reset-password', { token: resetToken, password: 'a new password' }), 401)
  })

  it('its address and username are free again', async () => {
    const { id, email, username } = await person(world())
    await remove(id)
    expect((await person(world(), { email, username })).id).not.toBe(id)
  })

  it('404 for the second time', async () => {
    const { id } = await person(world())
    await remove(id)
    expectProblem(await remove(id), 404)
  })

  it('of two in parallel, one deletes', async () => {
    const { id } = await person(world())
    const answers = await Promise.all([remove(id), remove(id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
  })

  it.each([NO_ONE, 'x', '%ff', '%F0%9F%98%80', '__proto__', 'i'.repeat(5_000)])('404 for the unknown or malformed id %s', async (id) => {
    expectProblem(await remove(id), 404)
  })

  it('400 for an id with NUL', async () => {
    expectInvalid(await remove('a%00b'), ['id'])
  })

  it('403 goes before 404', async () => {
    const { token } = await person(world())
    expectProblem(await remove(NO_ONE, token), 403, { message: 'missing permission users:delete' })
  })

  it('a body is ignored, whatever it is', async () => {
    const { id } = await person(world())
    const answer = await world().request('DELETE', `/v1/users/${id}`, {
      raw: '{"id":',
      headers: { 'content-type': 'text/plain' },
      ...asAdmin(),
    })
    expect(answer.status).toBe(200)
  })

  it('200 for oneself, with the scope', async () => {
    const { id, email, token } = await person(world())
    await setScopes(id, ['users:delete'])
    expectOk(await remove(id, token), { id, name: someText, email, permissions: ['perm:users:delete'] })
    expectProblem(await remove(id, token), 401)
  })

  it('400 for the last enabled administrator', async () => {
    expectProblem(await remove((await admin(world())).id), 400)
    expect((await world().get('/v1/profile', world.admin())).status).toBe(200)
  })

  it('403 for an administrator, unless by one', async () => {
    const [other, { token }] = [await person(world()), await holder('users:delete')]
    await world().graphql(
      'mutation($input: SetAdminInput!) { result: setAdmin(input: $input) { __typename } }',
      { input: { id: other.id, isAdmin: true } },
      world.admin(),
    )
    expectProblem(await remove(other.id, token), 403)
    expectOk(await remove(other.id), { id: other.id, name: someText, email: other.email, permissions: EVERY })
  })
})
