/**
 * A stolen token must not become a stolen account: the weaker rules of `xiot` hold for sessions that began on its own sign-in, and for
 * no other. What a documented client does works as printed; the same with a token from elsewhere meets the stricter rule.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, person, signInOnV1, totp, unique, verifiedPerson, withTwoFactor } from '../support/accounts.ts'
import { openWorld, useWorld, type World } from '../support/world.ts'
import { askForReset, CHANGE, changeEmail, DISABLE, ENABLE, resetLinks, rowOf, signIns } from './support.ts'

const world = useWorld({ LIMIT_RESET_MAILS: '1000' })
beforeAll(async () => void (await admin(world())))

const fresh = () => `thief${unique()}@example.com`

describe.each(Object.entries(signIns))('a token of %s', (_surface, steal) => {
  it('moves no account to an address whose mail was not answered, and so gets no reset', async () => {
    const owner = await verifiedPerson(world())
    const token = await steal(world(), owner)
    const email = fresh()
    const answer = await changeEmail(world(), token, email)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ statusCode: 200, message: 'Confirm the new e-mail address by the mail that was sent to it' })
    expect((await rowOf(world(), owner)).email).toBe(owner.email)
    await askForReset(world(), email)
    expect(resetLinks(world(), email)).toEqual([])
  })

  it('a token of any surface turns no factor off without a code or the password', async () => {
    const owner = await withTwoFactor(world())
    // The first half of a sign-in, then the code: the session began where the first half was.
    const token = await secondFactorToken(world(), _surface, owner)
    const answer = await world().post(DISABLE, {}, token)
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toEqual({ code: 'a code or the password is required' })
    expect((await rowOf(world(), owner)).twoFactorSecret).not.toBeNull()
    expect((await world().post(DISABLE, { password: PASSWORD }, token)).status).toBe(200)
  })

  it('a token of any surface turns no factor on at once: it waits for a first code', async () => {
    const owner = await verifiedPerson(world())
    const token = await steal(world(), owner)
    const answer = await world().post(ENABLE, undefined, token)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ message: 'Two factor authentication is not enabled yet: confirm a first code', recoveryCodes: [] })
    expect((await rowOf(world(), owner)).twoFactorSecret).toBeNull()
    expect((await world().post('/v1/auth/login', { email: owner.email, password: PASSWORD })).body.token).toMatch(/^sess_/)
    const confirmed = await mutate(world(), 'confirmTwoFactorEnrollment', { code: totp(answer.body.secret) }, token)
    expect(confirmed.recoveryCodes).toHaveLength(10)
  })

  it('a token of any surface is too old for all three after the ten minutes of GraphQL, not after the day of xiot', async () => {
    const owner = await verifiedPerson(world())
    const token = await steal(world(), owner)
    world().advance(10 * 60_000 + 1)
    for (const answer of [
      await changeEmail(world(), token, fresh()),
      await world().post(ENABLE, undefined, token),
      await world().post(DISABLE, {}, token),
    ]) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_user_authentication"')
    }
  })
})

/** The first half of a sign-in on a surface, ended where the surface ends it. */
async function secondFactorToken(at: World, surface: string, owner: { email: string; code(): string }): Promise<string> {
  const { email } = owner
  if (surface === 'wekan') return (await at.post('/users/login', { email, password: PASSWORD, code: owner.code() })).body.token
  if (surface === 'GraphQL')
    return (await mutate(at, 'signIn', { identifier: email, password: PASSWORD, code: owner.code() })).credentials.accessToken.token
  const { loginCode } = (await at.post('/auth/login', { email, password: PASSWORD })).body
  return (await at.post('/v1/auth/verify-totp', { loginCode, code: owner.code() })).body.token
}

describe('a session in a cookie of GraphQL, and one that verify-totp ends for GraphQL', () => {
  it('the second began on GraphQL, whatever route ended it', async () => {
    const owner = await withTwoFactor(world())
    const { loginCode } = await mutate(world(), 'signIn', { identifier: owner.email, password: PASSWORD })
    const { token } = (await world().post('/v1/auth/verify-totp', { loginCode, code: owner.code() })).body
    expect((await world().post(DISABLE, {}, token)).status).toBe(400)
    expect(await world().db.client.session.findFirst({ where: { userId: owner.id, surface: 'xiot' }, select: { origin: true } })).toEqual({
      origin: 'graphql',
    })
  })

  it('one that began on /v1 and ended on GraphQL meets the stricter rule as well', async () => {
    const owner = await withTwoFactor(world())
    const { loginCode } = (await world().post('/v1/auth/login', { email: owner.email, password: PASSWORD })).body
    const { credentials } = await mutate(world(), 'verifyTwoFactor', { loginCode, code: owner.code() })
    expect((await world().post(DISABLE, {}, credentials.accessToken.token)).status).toBe(400)
  })
})

describe('a documented client of /v1', () => {
  const done = async (at: World, prefix: string, token: string) => ({
    change: (await at.put(`${prefix}${CHANGE}`, { email: fresh() }, token)).body.message,
    enable: (await at.post(`${prefix}${ENABLE}`, undefined, token)).body.message,
    disable: (await at.post(`${prefix}${DISABLE}`, undefined, token)).body.message,
  })
  const printed = {
    change: 'E-mail changed successfully',
    enable: 'Two factor authentication enabled',
    disable: 'Two factor authentication disabled',
  }

  it('a documented client of /v1 does all three as printed, with the token of the shared sign-in', async () => {
    expect(await done(world(), '', await signInOnV1(world(), await person(world())))).toEqual(printed)
  })

  it('a documented client of /v1 does so with the token of verify-totp', async () => {
    const owner = await withTwoFactor(world())
    const { loginCode } = (await world().post('/v1/auth/login', { email: owner.email, password: PASSWORD })).body
    const { token } = (await world().post('/v1/auth/verify-totp', { loginCode, code: owner.code() })).body
    expect((await world().post(DISABLE, undefined, token)).body.message).toBe('Two factor authentication disabled')
  })

  it.each([
    ['where idiot is not served', { DIALECTS: 'wekan,xiot' }, '', '', printed],
    ['where both have one prefix', { IDIOT_PREFIX: '/old', XIOT_PREFIX: '/old' }, '/old', '/old', printed],
    ['where xiot has a prefix of its own, and its own sign-in', { XIOT_PREFIX: '/x' }, '/x', '/x', printed],
    [
      'but not with the token of the sign-in of idiot, where that is another route',
      { XIOT_PREFIX: '/x' },
      '',
      '/x',
      {
        change: 'Confirm the new e-mail address by the mail that was sent to it',
        enable: 'Two factor authentication is not enabled yet: confirm a first code',
        disable: 'Two factor authentication is not enabled',
      },
    ],
  ])('%s', async (_name, settings, login, prefix, messages) => {
    const own = await openWorld(settings)
    const owner = await person(own)
    const { token } = (await own.post(`${login}/v1/auth/login`, { email: owner.email, password: PASSWORD })).body
    expect(await done(own, prefix, token)).toEqual(messages)
    await own.close()
  })
})

describe('a new password, with a session', () => {
  const common = { oldPassword: PASSWORD, password: 'password1', passwordConfirmation: 'password1' }

  it('a new password with a session of GraphQL is refused on xiot for what GraphQL refuses; one of xiot is not', async () => {
    const owner = await person(world())
    const refused = await world().put('/v1/security/change-password', common, owner.token)
    expect(refused.body.errors).toEqual({ password: 'is one of the most common passwords' })
    const token = await signInOnV1(world(), owner)
    expect((await world().put('/v1/security/change-password', common, token)).status).toBe(200)
  })

  it('a new password with a session of GraphQL makes accounts on wekan with at least 8 characters; one of wekan with 6', async () => {
    const boss = await admin(world())
    const make = async (token: string) => {
      const name = `made${unique()}`
      return (await world().post('/api/users', { username: name, email: `${name}@example.com`, password: 'qwzx7b' }, token)).status
    }
    expect(await make(await (signIns.GraphQL as (typeof signIns)[string])(world(), boss))).toBe(400)
    expect(await make(await (signIns.wekan as (typeof signIns)[string])(world(), boss))).toBe(200)
  })

  it('a new password with a session of a sign-up or a reset asks for what its surface asks for, whatever session comes with it', async () => {
    const own = await openWorld({ COMMON_PASSWORDS_GRAPHQL: 'false', COMMON_PASSWORDS_DIALECTS: 'true' })
    const owner = await person(own)
    const token = await signInOnV1(own, owner)
    const made = await mutate(own, 'signUp', { email: fresh(), password: 'password1' }, token)
    expect(made.__typename).toBe('SignUpSuccess')
    await own.close()
  })
})
