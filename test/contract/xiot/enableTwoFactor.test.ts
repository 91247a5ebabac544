/**
 * `POST /v1/security/twofactor-enable` of `xiot`.
 */
import { describe, expect, it } from 'vitest'
import {
  v1Person as person,
  totp,
  v1VerifiedWithTwoFactor as verifiedWithTwoFactor,
  v1WithTwoFactor as withTwoFactor,
} from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { enter, expectOk, expectProblem, loginCodeOf, resetTokenOf, someText } from '../v1/support.ts'
import { NEW_PASSWORD, useXiot } from './support.ts'

const { world, verify, enterWithCode, shared, profile, mailsTo, eventsOf } = useXiot()

describe('POST /v1/security/twofactor-enable', () => {
  const enable = async (token: string) => await world().post('/v1/security/twofactor-enable', undefined, token)

  commonCases(world, { method: 'POST', path: '/v1/security/twofactor-enable', methods: ['POST'], who: 'session' })

  it('200 with everything an authenticator needs', async () => {
    const { email, token } = await person(world())
    const answer = await enable(token)
    expectOk(answer, {
      statusCode: 200,
      message: 'Two factor authentication enabled',
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      otpauthUrl: expect.stringMatching(/^otpauth:\/\/totp\//),
      qrCode: expect.stringMatching(/^data:image\/png;base64,/),
      recoveryCodes: expect.any(Array),
    })
    const url = new URL(answer.body.otpauthUrl)
    expect(decodeURIComponent(url.pathname)).toContain(email)
    expect(url.searchParams.get('secret')).toBe(answer.body.secret)
    const { algorithm = 'SHA1', digits = '6', period = '30' } = Object.fromEntries(url.searchParams)
    expect([algorithm.toUpperCase(), digits, period]).toEqual(['SHA1', '6', '30'])
    const png = Buffer.from(answer.body.qrCode.split(',')[1], 'base64')
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    expect(new Set(answer.body.recoveryCodes).size).toBe(answer.body.recoveryCodes.length)
    expect(answer.body.recoveryCodes.length).toBeGreaterThan(0)
    for (const code of answer.body.recoveryCodes) expect(code).toEqual(someText)
  })

  it('POST /v1/security/twofactor-enable takes effect at once, and this session goes on', async () => {
    const someone = await person(world())
    await enable(someone.token)
    expect(await enter(world(), someone)).toHaveProperty('loginCode')
    expect((await profile(someone.token)).twoFactorEnabled).toBe(true)
  })

  it('400 when it is on: never a second secret', async () => {
    const someone = await shared()
    expectProblem(await enable(await enterWithCode(someone)), 400)
    expect((await verify(await loginCodeOf(world(), someone), someone.code())).status).toBe(200)
    expect((await verify(await loginCodeOf(world(), someone), someone.recoveryCodes.at(-1))).status).toBe(200)
  })

  it('of two in parallel, one turns it on', async () => {
    const someone = await person(world())
    const answers = await Promise.all([enable(someone.token), enable(someone.token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    const secret = answers.find(({ status }) => status === 200)?.body.secret
    expect((await verify(await loginCodeOf(world(), someone), totp(secret))).status).toBe(200)
  })

  it('the secret is encrypted at rest, recovery codes are hashed, nothing is logged or shown again', async () => {
    const { id, secret, recoveryCodes } = await shared()
    const token = await enterWithCode(await shared())
    const { client } = world().db
    const stored = await client.user.findUniqueOrThrow({ where: { id }, include: { recoveryCodes: true } })
    const text = JSON.stringify({ ...stored, seq: 0 }) + JSON.stringify(world().logs) + JSON.stringify(await profile(token))
    for (const shown of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
      expect(text).not.toContain(shown)
    expect(stored.recoveryCodes).toHaveLength(recoveryCodes.length)
  })

  it('the owner gets a mail, and an event is written', async () => {
    const { id, email } = await verifiedWithTwoFactor(world())
    expect(mailsTo(email).filter(({ subject }) => subject === 'Two-factor authentication is on')).toHaveLength(1)
    expect(await eventsOf(id)).toContain('two_factor.enabled')
  })

  it('kills pending reset tokens', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    await enable(someone.token)
    expectProblem(await world().post('/v1/security/reset-password', { token, password: NEW_PASSWORD }), 401)
  })

  it('every secret is another', async () => {
    const [one, two] = [await shared(), await withTwoFactor(world())]
    expect(one.secret).not.toBe(two.secret)
    expect(one.recoveryCodes.filter((code) => two.recoveryCodes.includes(code))).toEqual([])
  })
})
