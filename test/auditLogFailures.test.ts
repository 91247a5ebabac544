/**
 * What is refused leaves exactly the event that docs/audit.md says, about the right account and with the right actor, whatever
 * surface it was tried through; what is no security event leaves none. A client in a loop leaves one.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { grantScopes, MINUTE, mutate } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn, type TwoFactorPerson, unique, withTwoFactor } from './support/accounts.ts'
import { did, type Expected, failed, secretsInLog, watchAudit } from './support/auditEvents.ts'
import { eventOfFailure, typesOf } from './support/expectedEvents.ts'
import { personalToken } from './support/personalToken.ts'
import { type Answer, useWorld } from './support/world.ts'

const world = useWorld()
const watch = watchAudit(world)
const { graphql, rest } = watch
const WRONG = 'quite another battery'
const WRONG_CODE = 'AAAA-BBBBB-CCCCC'
const NEW = 'another right horse battery'

let boss: Person
let someone: Person
let guarded: TwoFactorPerson
beforeAll(async () => {
  boss = await admin(world())
})
/** Accounts of their own for each case: what one leaves may slow down the next. */
beforeEach(async () => {
  someone = await person(world())
  guarded = await withTwoFactor(world())
})

const bossToken = async () => await signIn(world(), boss)
const loginCodeOf = async ({ email }: Person): Promise<string> =>
  (await mutate(world(), 'signIn', { identifier: email, password: PASSWORD })).loginCode

interface Step {
  readonly send: () => Promise<Answer>
  readonly code: string
  readonly expected: readonly Expected[]
}
type Case = readonly [name: string, prepare: () => Step | Promise<Step>]

const attempt = (name: string, input: object | undefined, code: string, expected: readonly Expected[], token?: string): Step => ({
  send: async () => await graphql(name, input, token),
  code,
  expected,
})

const signInFailed = (userId: string | null, operation = 'signIn', code = 'BAD_CREDENTIALS') =>
  failed('session.sign_in_failed', userId, { operation, code })
const codeFailed = (userId: string, operation: string, code: string, by: string | null = userId) =>
  failed('two_factor.code_failed', userId, { operation, code }, by)
const checkFailed = (userId: string, operation: string) =>
  failed('password.check_failed', userId, { operation, code: 'WRONG_PASSWORD' }, userId)
const refused = (operation: string, requirement: string, by: string, code = 'FORBIDDEN', userId = by) =>
  failed('access.refused', userId, { operation, requirement, code }, by)
const tokenRefused = (operation: string) => failed('mail_token.refused', null, { operation, code: 'INVALID_MAIL_TOKEN' })

const signIns: readonly Case[] = [
  [
    'an unknown account',
    () => attempt('signIn', { identifier: `nobody${unique()}`, password: WRONG }, 'BAD_CREDENTIALS', [signInFailed(null)]),
  ],
  [
    'a wrong password',
    () => attempt('signIn', { identifier: someone.email, password: WRONG }, 'BAD_CREDENTIALS', [signInFailed(someone.id)]),
  ],
  [
    'a wrong password, sent with the session of somebody else',
    () => attempt('signIn', { identifier: someone.email, password: WRONG }, 'BAD_CREDENTIALS', [signInFailed(someone.id)], guarded.token),
  ],
  [
    'a disabled account',
    async () => {
      await mutate(world(), 'setLoginEnabled', { id: someone.id, enabled: false }, await bossToken())
      const expected = [signInFailed(someone.id, 'signIn', 'ACCOUNT_DISABLED')]
      return attempt('signIn', { identifier: someone.email, password: PASSWORD }, 'ACCOUNT_DISABLED', expected)
    },
  ],
  [
    'no second factor yet',
    () => {
      const asked = did('session.two_factor_required', guarded.id, { operation: 'signIn', code: 'TWO_FACTOR_REQUIRED' }, null)
      return attempt('signIn', { identifier: guarded.email, password: PASSWORD }, 'TWO_FACTOR_REQUIRED', [asked])
    },
  ],
  [
    'a wrong second factor',
    () => {
      const input = { identifier: guarded.email, password: PASSWORD, code: WRONG_CODE }
      return attempt('signIn', input, 'INVALID_TWO_FACTOR_CODE', [codeFailed(guarded.id, 'signIn', 'INVALID_TWO_FACTOR_CODE', null)])
    },
  ],
  [
    'a wrong second factor after a login code',
    async () => {
      const input = { loginCode: await loginCodeOf(guarded), code: WRONG_CODE }
      const expected = [codeFailed(guarded.id, 'verifyTwoFactor', 'INVALID_TWO_FACTOR_CODE', null)]
      return attempt('verifyTwoFactor', input, 'INVALID_TWO_FACTOR_CODE', expected)
    },
  ],
  [
    'an unknown login code',
    () => {
      const expected = [signInFailed(null, 'verifyTwoFactor', 'INVALID_LOGIN_CODE')]
      return attempt('verifyTwoFactor', { loginCode: `unknown${unique()}`, code: '123456' }, 'INVALID_LOGIN_CODE', expected)
    },
  ],
  [
    'a spent refresh token',
    async () => {
      const { refreshToken, id } = someone
      const { id: sessionId } = await world().db.client.session.findFirstOrThrow({ where: { userId: id } })
      await mutate(world(), 'refreshSession', { refreshToken })
      world().advance(MINUTE)
      const expected = [failed('session.refresh_reused', id, { sessionId, number: 0 })]
      return attempt('refreshSession', { refreshToken }, 'INVALID_REFRESH_TOKEN', expected, guarded.token)
    },
  ],
  [
    'a spent refresh token at a sign-out',
    async () => {
      const { refreshToken, id } = someone
      const { id: sessionId } = await world().db.client.session.findFirstOrThrow({ where: { userId: id } })
      await mutate(world(), 'refreshSession', { refreshToken })
      world().advance(MINUTE)
      const expected = [failed('session.refresh_reused', id, { sessionId, number: 0 })]
      return attempt('signOut', { refreshToken }, 'INVALID_REFRESH_TOKEN', expected)
    },
  ],
]

const proofs: readonly Case[] = [
  [
    'reauthenticate, a wrong password',
    () => attempt('reauthenticate', { password: WRONG }, 'WRONG_PASSWORD', [checkFailed(someone.id, 'reauthenticate')], someone.token),
  ],
  [
    'reauthenticate, a wrong code',
    () => {
      const expected = [codeFailed(guarded.id, 'reauthenticate', 'WRONG_CODE')]
      return attempt('reauthenticate', { password: PASSWORD, code: WRONG_CODE }, 'WRONG_CODE', expected, guarded.token)
    },
  ],
  [
    'deleteAccount, a wrong password',
    () => attempt('deleteAccount', { password: WRONG }, 'WRONG_PASSWORD', [checkFailed(someone.id, 'deleteAccount')], someone.token),
  ],
  [
    'deleteAccount, a wrong code',
    () => {
      const expected = [codeFailed(guarded.id, 'deleteAccount', 'WRONG_CODE')]
      return attempt('deleteAccount', { password: PASSWORD, code: WRONG_CODE }, 'WRONG_CODE', expected, guarded.token)
    },
  ],
  [
    'changePassword, a wrong password',
    () => {
      const input = { oldPassword: WRONG, newPassword: NEW }
      return attempt('changePassword', input, 'WRONG_PASSWORD', [checkFailed(someone.id, 'changePassword')], someone.token)
    },
  ],
  [
    'disableTwoFactor, a wrong password',
    () =>
      attempt(
        'disableTwoFactor',
        { proof: { password: WRONG } },
        'WRONG_PASSWORD',
        [checkFailed(guarded.id, 'disableTwoFactor')],
        guarded.token,
      ),
  ],
  [
    'disableTwoFactor, a wrong code',
    () => {
      const expected = [codeFailed(guarded.id, 'disableTwoFactor', 'WRONG_CODE')]
      return attempt('disableTwoFactor', { proof: { code: WRONG_CODE } }, 'WRONG_CODE', expected, guarded.token)
    },
  ],
  [
    'confirmTwoFactorEnrollment, a wrong code',
    async () => {
      await mutate(world(), 'beginTwoFactorEnrollment', undefined, someone.token)
      const expected = [codeFailed(someone.id, 'confirmTwoFactorEnrollment', 'WRONG_CODE')]
      return attempt('confirmTwoFactorEnrollment', { code: WRONG_CODE }, 'WRONG_CODE', expected, someone.token)
    },
  ],
  [
    'resetPassword, an unknown token',
    () =>
      attempt(
        'resetPassword',
        { token: 'unknown-token', newPassword: NEW },
        'INVALID_MAIL_TOKEN',
        [tokenRefused('resetPassword')],
        someone.token,
      ),
  ],
  [
    'confirmEmail, an unknown token',
    () => attempt('confirmEmail', { token: 'unknown-token' }, 'INVALID_MAIL_TOKEN', [tokenRefused('confirmEmail')]),
  ],
]

const rules: readonly Case[] = [
  [
    'disabling oneself',
    async () => {
      const expected = [refused('setLoginEnabled', 'admin', boss.id, 'OWN_ACCOUNT')]
      return attempt('setLoginEnabled', { id: boss.id, enabled: false }, 'OWN_ACCOUNT', expected, await bossToken())
    },
  ],
  [
    'resetting one’s own second factor',
    async () =>
      attempt(
        'resetTwoFactor',
        { id: boss.id },
        'OWN_ACCOUNT',
        [refused('resetTwoFactor', 'admin step-up', boss.id, 'OWN_ACCOUNT')],
        await bossToken(),
      ),
  ],
  [
    'demoting the last administrator',
    async () =>
      attempt(
        'setAdmin',
        { id: boss.id, isAdmin: false },
        'LAST_ADMIN',
        [refused('setAdmin', 'admin step-up', boss.id, 'LAST_ADMIN')],
        await bossToken(),
      ),
  ],
  [
    'deleting the last administrator',
    async () =>
      attempt(
        'deleteUser',
        { id: boss.id },
        'LAST_ADMIN',
        [refused('deleteUser', 'users:delete', boss.id, 'LAST_ADMIN')],
        await bossToken(),
      ),
  ],
  [
    'deleting an administrator without being one',
    async () => {
      await grantScopes(world(), someone, ['users:delete'])
      const expected = [refused('deleteUser', 'users:delete', someone.id, 'FORBIDDEN', boss.id)]
      return attempt('deleteUser', { id: boss.id }, 'FORBIDDEN', expected, someone.token)
    },
  ],
  [
    'granting a scope that one lacks',
    async () => {
      await grantScopes(world(), someone, ['users:create'])
      const input = { email: `granted${unique()}@example.com`, password: PASSWORD, scopes: ['USERS_DELETE'] }
      return attempt('createUser', input, 'FORBIDDEN', [refused('createUser', 'users:delete', someone.id)], someone.token)
    },
  ],
]

const trifles: readonly Case[] = [
  ['input that breaks a rule', () => attempt('signUp', { email: 'nonsense', password: PASSWORD }, 'INVALID_INPUT', [])],
  ['an account without a name', () => attempt('signUp', { password: PASSWORD }, 'IDENTIFIER_REQUIRED', [])],
  ['an address that is taken', () => attempt('signUp', { email: someone.email, password: PASSWORD }, 'EMAIL_TAKEN', [])],
  ['a username that is taken', () => attempt('signUp', { username: someone.username, password: PASSWORD }, 'USERNAME_TAKEN', [])],
  ['an account that is not there', async () => attempt('deleteUser', { id: 'nobody' }, 'NOT_FOUND', [], await bossToken())],
  ['a refresh token that is none', () => attempt('refreshSession', { refreshToken: 'none-of-ours' }, 'INVALID_REFRESH_TOKEN', [])],
  ['a factor that is on already', () => attempt('beginTwoFactorEnrollment', undefined, 'TWO_FACTOR_ALREADY_ENABLED', [], guarded.token)],
  ['a factor that is off', () => attempt('disableTwoFactor', { proof: { code: '123456' } }, 'TWO_FACTOR_NOT_ENABLED', [], someone.token)],
]

describe.each([
  ['a sign-in fails', signIns],
  ['a proof fails', proofs],
  ['a rule forbids it', rules],
  ['it is no security event', trifles],
])('where %s', (_group, cases) => {
  it.each(cases)('%s', async (_name, prepare) => {
    world().advance(MINUTE)
    const { send, code, expected } = await prepare()
    const { body } = await watch.events('graphql', send, () => expected)
    expect(body.data.result.code).toBe(code)
  })
})

const byScript = async (method: string, path: string) => await rest(method, path, {}, await personalToken(world(), someone, ['users']))

const onDialects: readonly (readonly [string, string, () => Promise<Answer>, () => readonly Expected[]])[] = [
  [
    'idiot',
    'a wrong password',
    async () => await rest('POST', '/v1/auth/login', { email: someone.email, password: WRONG }),
    () => [signInFailed(someone.id)],
  ],
  [
    'wekan',
    'a wrong password',
    async () => await rest('POST', '/users/login', { email: someone.email, password: WRONG }),
    () => [signInFailed(someone.id)],
  ],
  [
    'authentication',
    'a wrong password',
    async () => await rest('POST', '/auth/login', { email: someone.email, password: WRONG }),
    () => [signInFailed(someone.id)],
  ],
  ['xiot', 'a script', async () => await byScript('PUT', '/v1/profile'), () => [refused('PUT /v1/profile', 'interactive', someone.id)]],
  [
    'wekan',
    'no second factor yet',
    async () => await rest('POST', '/users/login', { email: guarded.email, password: PASSWORD }),
    () => [did('session.two_factor_required', guarded.id, { operation: 'signIn', code: 'TWO_FACTOR_REQUIRED' }, null)],
  ],
  [
    'wekan',
    'a wrong second factor',
    async () => await rest('POST', '/users/login', { email: guarded.email, password: PASSWORD, code: WRONG_CODE }),
    () => [codeFailed(guarded.id, 'signIn', 'INVALID_TWO_FACTOR_CODE', null)],
  ],
  [
    'xiot',
    'an unknown login code',
    async () => await rest('POST', '/v1/auth/verify-totp', { loginCode: 'unknown-code', code: '123456' }),
    () => [signInFailed(null, 'verifyTwoFactor', 'INVALID_LOGIN_CODE')],
  ],
  [
    'xiot',
    'a wrong old password',
    async () =>
      await rest('PUT', '/v1/security/change-password', { oldPassword: WRONG, password: NEW, passwordConfirmation: NEW }, someone.token),
    () => [checkFailed(someone.id, 'changePassword')],
  ],
  [
    'xiot',
    'a wrong password for disabling the factor',
    async () => await rest('POST', '/v1/security/twofactor-disable', { password: WRONG }, guarded.token),
    () => [checkFailed(guarded.id, 'disableTwoFactor')],
  ],
  [
    'xiot',
    'an unknown reset token',
    async () => await rest('POST', '/v1/security/reset-password', { token: 'unknown-token', password: NEW }),
    () => [tokenRefused('resetPassword')],
  ],
  [
    'authentication',
    'an unknown reset token',
    async () => await rest('POST', '/auth/reset-password?token=unknown-token', { password: NEW }),
    () => [tokenRefused('resetPassword')],
  ],
]

describe('a dialect', () => {
  it.each(onDialects)('%s: %s leaves its event', async (surface, _name, send, expected) => {
    world().advance(MINUTE)
    expect((await watch.events(surface, send, expected)).status).toBeGreaterThanOrEqual(400)
  })
})

describe('all of it', () => {
  it('went through every failure that is an event, but for those of auditLogLimits and auditLogRefusals', () => {
    const elsewhere = ['REAUTHENTICATION_REQUIRED', 'TOO_MANY_REQUESTS', 'TWO_FACTOR_ENROLLMENT_REQUIRED']
    const codes = Object.entries(eventOfFailure).flatMap(([code, type]) => (type === null ? [] : [code]))
    expect(codes.filter((code) => !watch.codes.has(code)).sort()).toEqual(elsewhere)
  })

  it('went through every type of failure, but for the limits and the webhooks that the server disables', () => {
    expect(typesOf('failure').filter((type) => !watch.types.has(type))).toEqual(['limit.reached', 'webhook.disabled'])
  })

  it('left no secret in the log', async () => {
    expect(watch.secrets.size).toBeGreaterThan(20)
    expect(await secretsInLog(world(), watch.secrets)).toEqual([])
  })
})
