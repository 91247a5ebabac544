/**
 * `PUT /v1/security/change-password` of `xiot`.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD, v1Person as person, v1WithTwoFactor as withTwoFactor } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { enter, expectInvalid, expectOk, expectProblem, expectTooMany, someText } from '../v1/support.ts'
import { NEW_PASSWORD, useXiot } from './support.ts'

const { world, isLive, signsIn } = useXiot()

describe('PUT /v1/security/change-password', () => {
  const change = async (json: object, token: string) => await world().put('/v1/security/change-password', json, token)
  const to = (password: unknown, more: object = {}) => ({ oldPassword: PASSWORD, password, passwordConfirmation: password, ...more })

  commonCases(world, {
    method: 'PUT',
    path: '/v1/security/change-password',
    methods: ['PUT'],
    who: 'session',
    required: ['oldPassword', 'password', 'passwordConfirmation'],
  })

  it('200: the new password works, the old one no more', async () => {
    const { email, token } = await person(world())
    expectOk(await change(to(NEW_PASSWORD), token), { statusCode: 200, message: 'Password changed successfully' })
    expect(await signsIn(email, PASSWORD)).toBe(401)
    expect(await signsIn(email, NEW_PASSWORD)).toBe(200)
  })

  it('other sessions end, this one stays, with both its tokens', async () => {
    const someone = await person(world())
    const [here, there] = [await enter(world(), someone), await enter(world(), someone)]
    const wekan = (await world().post('/users/login', { email: someone.email, password: PASSWORD })).body.token
    expect((await change(to(NEW_PASSWORD), here.token)).status).toBe(200)
    const tokens = [here.token, here.accessToken, there.token, there.accessToken, wekan, someone.token]
    const live = []
    for (const token of tokens) live.push(await isLive(token))
    expect(live).toEqual([true, true, false, false, false, false])
  })

  it('400 errors.oldPassword for a wrong old one; nothing changes and the session goes on', async () => {
    const { email, token } = await person(world())
    expectProblem(await change(to(NEW_PASSWORD, { oldPassword: 'a wrong one' }), token), 400, { errors: ['oldPassword'] })
    expect(await isLive(token)).toBe(true)
    expect(await signsIn(email, PASSWORD)).toBe(200)
  })

  it.each(['', '1234567', '😀'.repeat(7), 'p'.repeat(129), 'NUL \0 inside', 'half \ud800 a pair', 12345678])(
    '400 errors.password for %j',
    async (password) => {
      const answer = await change(to(password), world.admin())
      expect(answer.status).toBe(400)
      expect(answer.body.errors).toHaveProperty('password', someText)
    },
  )

  it.each(['12345678', 'password', '😀'.repeat(8), 'é'.repeat(128), ' spaces '])(
    'PUT /v1/security/change-password takes %j, exactly',
    async (password) => {
      const { email, token } = await person(world())
      expect((await change(to(password), token)).status).toBe(200)
      expect(await signsIn(email, password)).toBe(200)
    },
  )

  it('400 errors.passwordConfirmation for one that differs', async () => {
    expectInvalid(await change(to(NEW_PASSWORD, { passwordConfirmation: 'other' }), world.admin()), ['passwordConfirmation'])
  })

  it('400 with all wrong fields at once', async () => {
    const answer = await change({ oldPassword: '', password: 'short', passwordConfirmation: 'other' }, world.admin())
    expectInvalid(answer, ['oldPassword', 'password', 'passwordConfirmation'])
  })

  it('429 with Retry-After: a wrong oldPassword counts as a failure, at sign-in too', async () => {
    const { email, token } = await person(world())
    for (let count = 0; count < 10; count += 1)
      expectProblem(await change(to(NEW_PASSWORD, { oldPassword: 'a wrong one' }), token), 400, { errors: ['oldPassword'] })
    expectTooMany(await change(to(NEW_PASSWORD), token))
    const wait = expectTooMany(await world().post('/v1/auth/login', { email, password: PASSWORD }))
    world().advance(wait * 1000)
    expect((await change(to(NEW_PASSWORD), (await enter(world(), { email, password: PASSWORD })).token)).status).toBe(200)
  })

  it('the second factor stays on', async () => {
    const someone = await withTwoFactor(world())
    expect((await change(to(NEW_PASSWORD), someone.token)).status).toBe(200)
    expect(await enter(world(), { email: someone.email, password: NEW_PASSWORD })).toHaveProperty('loginCode')
  })
})
