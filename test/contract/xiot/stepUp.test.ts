/**
 * `xiot` with sessions that outlive the day of a step-up: the first account, step-up, and the hard limit of wrong codes.
 */
import { describe, expect, it } from 'vitest'
import { v1Person as person, totp, unique } from '../../support/accounts.ts'
import { useWorld } from '../../support/world.ts'
import { enter, expectProblem, expectTooMany, HOUR, loginCodeOf, MINUTE, wekanPerson } from '../v1/support.ts'
import { NEW_PASSWORD, STEP, wrongCode } from './support.ts'

describe('in a world of its own', () => {
  // Sessions of /v1 that outlive the day of its step-up.
  const old = useWorld({ V1_SESSION_LIFE: '90d' })

  describe('POST /v1/auth/signup', () => {
    it('the first account is the administrator, with every scope; one, also of three in parallel', async () => {
      const names = { firstName: 'Ada', lastName: 'King', password: 'password', passwordConfirmation: 'password' }
      const emails = ['one@example.com', 'two@example.com', 'three@example.com']
      await Promise.all(emails.map(async (email) => await old().post('/v1/auth/signup', { email, ...names })))
      const statuses: number[] = []
      for (const email of emails) {
        const { token } = await enter(old(), { email, password: 'password' })
        statuses.push((await old().get('/v1/users', token)).status)
      }
      expect(statuses.sort()).toEqual([200, 403, 403])
    })
  })
  const challenge = 'Bearer error="insufficient_user_authentication"'
  const DAY = 24 * HOUR

  const calls: readonly [string, 'POST' | 'PUT', string, object | undefined, boolean][] = [
    ['PUT /v1/account/change-email', 'PUT', '/v1/account/change-email', { email: 'moved@example.com' }, false],
    ['POST /v1/security/twofactor-enable', 'POST', '/v1/security/twofactor-enable', undefined, false],
    ['POST /v1/security/twofactor-disable', 'POST', '/v1/security/twofactor-disable', undefined, true],
  ]

  describe.each(calls)('%s', (_name, method, path, json, needsFactor) => {
    const client = async (): Promise<string> => {
      const { token } = await person(old())
      if (needsFactor) expect((await old().post('/v1/security/twofactor-enable', undefined, token)).status).toBe(200)
      return token
    }
    const call = async (token: string) => await old().request(method, path, { json, token })

    it('step-up: 401 with a challenge when the last proof is 24 hours old; the session itself goes on', async () => {
      const token = await client()
      const before = (await old().get('/v1/profile', token)).body
      old().advance(DAY + 1)
      expectProblem(await call(token), 401, { challenge })
      expect((await old().get('/v1/profile', token)).body).toEqual(before)
    })

    it('step-up: 200 just before', async () => {
      const token = await client()
      old().advance(DAY - MINUTE)
      expect((await call(token)).status).toBe(200)
    })
  })

  describe('PUT /v1/account/change-email', () => {
    it('step-up: a password that was given in between is a proof again', async () => {
      const username = `board${unique()}`
      const { token } = await wekanPerson(old(), { username, email: `${username}@example.com`, password: 'tester' })
      old().advance(DAY + 1)
      expectProblem(await old().put('/v1/account/change-email', { email: `${username}@example.org` }, token), 401, { challenge })
      const passwords = { oldPassword: 'tester', password: NEW_PASSWORD, passwordConfirmation: NEW_PASSWORD }
      expect((await old().put('/v1/security/change-password', passwords, token)).status).toBe(200)
      expect((await old().put('/v1/account/change-email', { email: `${username}@example.org` }, token)).status).toBe(200)
    })
  })

  describe('POST /v1/auth/verify-totp', () => {
    it('429 after 100 wrong codes in a row, for any but a recovery code', async () => {
      const someone = await person(old())
      const { token } = await enter(old(), someone)
      const { secret, recoveryCodes } = (await old().post('/v1/security/twofactor-enable', undefined, token)).body
      const guess = async () => await old().post('/v1/security/twofactor-disable', { code: wrongCode(secret) }, token)
      for (let count = 0; count < 100; count += 1) {
        if (count >= 10) old().advance(15 * MINUTE)
        expectProblem(await guess(), 400, { errors: ['code'] })
      }
      const call = async (code: string) => await old().post('/v1/auth/verify-totp', { loginCode: await loginCodeOf(old(), someone), code })
      old().advance(15 * MINUTE)
      expectTooMany(await call(totp(secret)))
      old().advance(15 * MINUTE)
      expect((await call(recoveryCodes[0])).status).toBe(200)
      old().advance(STEP)
      expect((await call(totp(secret))).status).toBe(200)
    })
  })
})
