/**
 * `POST /v1/auth/login` of `xiot`, which `idiot` shares.
 */
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { PASSWORD, v1Person as person, unique } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { aDate, disable, enter, expectInvalid, expectOk, expectProblem, expectTooMany, someText, wekanPerson } from '../v1/support.ts'
import { useXiot } from './support.ts'

const { world, shared } = useXiot()

describe('POST /v1/auth/login', () => {
  const login = async (json: unknown) => await world().post('/v1/auth/login', json)

  commonCases(world, { method: 'POST', path: '/v1/auth/login', methods: ['POST'], who: 'anyone', required: ['email', 'password'] })

  it('200 with one answer for both documents', async () => {
    const someone = await person(world(), { name: 'Mona Lisa' })
    expectOk(await login({ email: someone.email, password: someone.password }), {
      token: expect.stringMatching(/^sess_[\w-]+:[\w-]+$/),
      expire_at: aDate,
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      user: {
        id: someone.id,
        email: someone.email,
        firstName: 'Mona',
        lastName: 'Lisa',
        phone: null,
        name: 'Mona Lisa',
        twoFactorEnabled: false,
      },
    })
  })

  it('every sign-in has tokens of its own, with 128 bits and more', async () => {
    const someone = await person(world())
    const [one, two] = [await enter(world(), someone), await enter(world(), someone)]
    expect(one.token).not.toBe(two.token)
    expect(one.accessToken).not.toBe(two.accessToken)
    expect(one.token.split(':')[1].length).toBeGreaterThanOrEqual(22)
  })

  it('the claims of the JWT, against the published keys', async () => {
    const someone = await person(world())
    const { accessToken, expire_at } = await enter(world(), someone)
    const { body: jwks, headers } = await world().get('/.well-known/jwks.json')
    expect(headers.get('content-type')).toMatch(/^application\/json; ?charset=utf-8$/i)
    for (const key of jwks.keys) expect(Object.keys(key)).not.toContain('d')
    const { payload, protectedHeader } = await jwtVerify(accessToken, createLocalJWKSet(jwks), {
      issuer: 'http://vestibule.test',
      audience: 'vestibule',
      typ: 'at+jwt',
      currentDate: new Date(Date.now()),
    })
    const seconds = Math.floor(Date.parse(expire_at) / 1000)
    expect(payload).toEqual({
      id: someone.id,
      sub: someone.id,
      sid: someText,
      jti: someText,
      iat: seconds - 24 * 3600,
      exp: seconds,
      iss: 'http://vestibule.test',
      aud: 'vestibule',
    })
    expect(protectedHeader).toEqual({ alg: expect.stringMatching(/^(ES|PS|RS|Ed)/), typ: 'at+jwt', kid: someText })
  })

  it('jti differs in every JWT, sid in every session', async () => {
    const someone = await person(world())
    const claims = [await enter(world(), someone), await enter(world(), someone)].map(({ accessToken }) => decodeJwt(accessToken))
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(2)
    expect(new Set(claims.map(({ sid }) => sid)).size).toBe(2)
    expect(decodeProtectedHeader((await enter(world(), someone)).accessToken).typ).toBe('at+jwt')
  })

  it('the database has only hashes of the tokens', async () => {
    const { token, accessToken } = await enter(world(), await person(world()))
    const { sid } = decodeJwt(accessToken)
    const rows = await world().db.client.opaqueToken.findMany({ where: { sessionId: String(sid) } })
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token.split(':')[1])
  })

  it.each(['email', 'password'])('400 for an empty %s', async (field) => {
    expectInvalid(await login({ email: 'x@example.com', password: 'x', [field]: '' }), [field])
  })

  it.each([7, true, [], {}, 'nul\0', '\ud800'])('400 for %j as e-mail and password', async (value) => {
    expectInvalid(await login({ email: value, password: value }), ['email', 'password'])
  })

  it('401, the same text for an unknown address and a wrong password', async () => {
    const { email } = await person(world())
    const wrong = await login({ email, password: 'a wrong one' })
    const unknown = await login({ email: `nobody${unique()}@example.com`, password: 'a wrong one' })
    expectProblem(wrong, 401)
    expectProblem(unknown, 401, { message: wrong.body.message })
  })

  it.each(['no address', 'x', "'; DROP TABLE users; --", '%', 'é'.repeat(5_000)])('401, no format check: %s', async (email) => {
    expectProblem(await login({ email, password: 'p' }), 401)
  })

  it('POST /v1/auth/login signs in whatever the case of the address and the spaces around it', async () => {
    const { id, email } = await person(world())
    expect((await login({ email: ` ${email.toUpperCase()} `, password: PASSWORD })).body.user.id).toBe(id)
  })

  it('POST /v1/auth/login signs in an account of Wekan without an e-mail: "" is printed', async () => {
    const username = `board${unique()}`
    const { id } = await wekanPerson(world(), { username, password: 'tester' })
    expect((await login({ email: username, password: 'tester' })).body.user).toEqual({
      id,
      email: '',
      firstName: username,
      lastName: null,
      phone: null,
      name: username,
      twoFactorEnabled: false,
    })
  })

  it('403 "Account disabled" after a right password only', async () => {
    const someone = await person(world())
    await disable(world(), someone.id, world.admin())
    expectProblem(await login({ email: someone.email, password: PASSWORD }), 403, { message: 'Account disabled' })
    expectProblem(await login({ email: someone.email, password: 'a wrong one' }), 401)
  })

  it('with a second factor: 200 with a loginCode, and no token of any kind', async () => {
    const { email } = await shared()
    const answer = await login({ email, password: PASSWORD })
    expectOk(answer, {
      statusCode: 200,
      message: 'Two factor authentication code required',
      loginCode: expect.stringMatching(/^[\w-]{22,}$/),
    })
    expect(await world().db.client.loginCode.count({ where: { hash: answer.body.loginCode } })).toBe(0)
  })

  it('with a second factor, a wrong password is 401 like any', async () => {
    const { email } = await shared()
    expectProblem(await login({ email, password: 'a wrong one' }), 401)
  })

  describe('limits', () => {
    const from = async (address: string, json: object) =>
      await world().request('POST', '/v1/auth/login', { json, headers: { 'x-forwarded-for': address } })
    const failTenTimes = async (email: string) => {
      for (let count = 0; count < 10; count += 1) expectProblem(await from('192.0.2.1', { email, password: 'a wrong one' }), 401)
    }

    it('429 after ten failures, with a delay that grows; another address may', async () => {
      const { email } = await person(world())
      await failTenTimes(email)
      const first = expectTooMany(await from('192.0.2.1', { email, password: PASSWORD }))
      expect((await from('192.0.2.2', { email, password: PASSWORD })).status).toBe(200)
      world().advance(first * 1000)
      expectProblem(await from('192.0.2.1', { email, password: 'a wrong one' }), 401)
      const second = expectTooMany(await from('192.0.2.1', { email, password: PASSWORD }))
      expect(second).toBeGreaterThan(first)
      world().advance(second * 1000)
      expect((await from('192.0.2.1', { email, password: PASSWORD })).status).toBe(200)
    })

    it('an unknown address counts alike', async () => {
      const email = `nobody${unique()}@example.com`
      await failTenTimes(email)
      expectTooMany(await from('192.0.2.1', { email: email.toUpperCase(), password: PASSWORD }))
    })

    it('the counter is the same behind every surface', async () => {
      const { email } = await person(world())
      await failTenTimes(email)
      const headers = { 'x-forwarded-for': '192.0.2.1' }
      for (const path of ['/auth/login', '/users/login'])
        expect((await world().request('POST', path, { json: { email, password: PASSWORD }, headers })).status).toBe(429)
    })

    it('invalid input and right passwords count as no failure', async () => {
      const { email } = await person(world())
      for (let count = 0; count < 12; count += 1) expectInvalid(await from('192.0.2.1', { email, password: '' }), ['password'])
      for (let count = 0; count < 9; count += 1) await from('192.0.2.1', { email, password: 'a wrong one' })
      expect((await from('192.0.2.1', { email, password: PASSWORD })).status).toBe(200)
      expectProblem(await from('192.0.2.1', { email, password: 'a wrong one' }), 401)
      expect((await from('192.0.2.1', { email, password: PASSWORD })).status).toBe(200)
    })
  })
})
