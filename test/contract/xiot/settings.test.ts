/**
 * `xiot` under settings other than the defaults: closed registration, discretion, limits of an address.
 */
import { describe, expect, it } from 'vitest'
import { v1Person as person } from '../../support/accounts.ts'
import { useWorld } from '../../support/world.ts'
import { expectOk, expectProblem, expectTooMany, MINUTE } from '../v1/support.ts'

describe('in a closed and discreet world', () => {
  const email = 'root@example.com'
  const closed = useWorld({
    REGISTRATION: 'closed',
    ADMIN_EMAIL: email,
    ADMIN_PASSWORD: 'the first password',
    FORGET_PASSWORD_DISCLOSES: 'false',
  })

  describe('POST /v1/auth/signup', () => {
    const names = { firstName: 'Ada', lastName: 'King', password: 'password', passwordConfirmation: 'password' }
    it.each(['new@example.com', email])('403 for %s while registration is closed', async (address) => {
      expectProblem(await closed().post('/v1/auth/signup', { email: address, ...names }), 403)
      expect(await closed().db.client.user.count()).toBe(1)
    })
  })

  describe('POST /v1/security/forget-password', () => {
    it('200 always, and mail for accounts only', async () => {
      for (const address of [email, 'nobody@example.com'])
        expectOk(await closed().post('/v1/security/forget-password', { email: address }), {
          statusCode: 200,
          message: 'Reset password link sent to your e-mail',
        })
      expect(closed().mails.map(({ to }) => to)).toEqual([email])
    })
  })
})

describe('the limit of attempts from one address', () => {
  const narrow = useWorld({ TRUSTED_PROXIES: 'loopback', LIMIT_ADDRESS_PER_MINUTE: '3' })
  const names = { firstName: 'Ada', lastName: 'King', password: 'password', passwordConfirmation: 'password' }
  const routes: readonly [string, 'POST' | 'PUT', string, object, boolean][] = [
    ['POST /v1/auth/signup', 'POST', '192.0.2.11', { email: 'taken@example.com', ...names }, false],
    ['POST /v1/auth/login', 'POST', '192.0.2.12', { email: 'nobody@example.com', password: 'x' }, false],
    ['POST /v1/auth/verify-totp', 'POST', '192.0.2.13', { loginCode: 'x', code: '123456' }, false],
    ['POST /v1/security/forget-password', 'POST', '192.0.2.14', { email: 'nobody@example.com' }, false],
    ['POST /v1/security/reset-password', 'POST', '192.0.2.15', { token: 'x', password: 'password' }, false],
    ['PUT /v1/account/change-email', 'PUT', '192.0.2.16', { email: 'taken@example.com' }, true],
  ]
  const from = async (address: string, method: string, path: string, json: object, token?: string) =>
    await narrow().request(method, path, { json, token, headers: { 'x-forwarded-for': address } })

  describe.each(routes)('%s', (name, method, address, json, needsSession) => {
    it('429 with Retry-After for the fourth of three; another address may, and a minute later this one', async () => {
      narrow().advance(MINUTE)
      await from('192.0.2.99', 'POST', '/v1/auth/signup', { email: 'taken@example.com', ...names })
      const token = needsSession ? (await person(narrow())).token : undefined
      const path = name.split(' ')[1] ?? ''
      const call = async (client: string) => await from(client, method, path, json, token)
      for (let count = 0; count < 3; count += 1) expect([400, 401]).toContain((await call(address)).status)
      expect(expectTooMany(await call(address))).toBeLessThanOrEqual(60)
      expect([400, 401]).toContain((await call('203.0.113.1')).status)
      narrow().advance(MINUTE)
      expect([400, 401]).toContain((await call(address)).status)
    })
  })

  describe('POST /v1/auth/login', () => {
    const call = async (address: string) =>
      (await from(address, 'POST', '/v1/auth/login', { email: 'nobody@example.com', password: 'x' })).status

    it('one network of IPv6 (/64) is one address', async () => {
      const statuses = []
      for (const host of ['::1', '::2', '::ffff:1', ':a:b:c:d']) statuses.push(await call(`2001:db8:0:7${host}`))
      expect(statuses).toEqual([401, 401, 401, 429])
      expect(await call('2001:db8:0:8::1')).toBe(401)
    })

    it('the count is of all these routes together', async () => {
      const address = '192.0.2.50'
      await from(address, 'POST', '/v1/security/forget-password', { email: 'nobody@example.com' })
      await from(address, 'POST', '/v1/security/reset-password', { token: 'x', password: 'password' })
      await from(address, 'POST', '/v1/auth/verify-totp', { loginCode: 'x', code: '123456' })
      expect(await call(address)).toBe(429)
    })
  })

  describe('GET /v1/profile', () => {
    it('GET /v1/profile is not limited', async () => {
      narrow().advance(MINUTE)
      const { token } = await person(narrow())
      for (let count = 0; count < 10; count += 1) expect((await narrow().get('/v1/profile', token)).status).toBe(200)
    })
  })
})
