/**
 * Whoever has a session and asks for what it may not do leaves an event (ASVS 16.3.2): every operation and every route that is
 * not open, by an account, by a script's token, and with a proof that is too old. Who has no session leaves none.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { askedByOperation } from './authorization/expected.ts'
import { HOUR, MINUTE } from './graphql/ask.ts'
import { routes, urlOf } from './guards/routes.ts'
import { admin, PASSWORD, type Person, person } from './support/accounts.ts'
import { type Expected, failed, secretsInLog, watchAudit } from './support/auditEvents.ts'
import { failureCode } from './support/failureCode.ts'
import { personalToken } from './support/personalToken.ts'
import { type Answer, useWorld } from './support/world.ts'

const world = useWorld()
const watch = watchAudit(world)
const { graphql, rest } = watch
let boss: Person
let someone: Person
beforeAll(async () => {
  boss = await admin(world())
})
beforeEach(async () => {
  someone = await person(world())
})

const refused = (operation: string, requirement: string, by: string, code = 'FORBIDDEN'): Expected =>
  failed('access.refused', by, { operation, requirement, code }, by)

/** Something to send to each operation that not everybody may. */
const inputs: Readonly<Record<string, () => object | undefined>> = {
  signOutEverywhere: () => undefined,
  reauthenticate: () => ({ password: PASSWORD }),
  changePassword: () => ({ oldPassword: PASSWORD, newPassword: 'another right horse battery' }),
  deleteAccount: () => ({ password: PASSWORD }),
  requestEmailVerification: () => undefined,
  changeEmail: () => ({ email: 'moved@example.com' }),
  updateProfile: () => ({ name: 'New Name' }),
  beginTwoFactorEnrollment: () => undefined,
  confirmTwoFactorEnrollment: () => ({ code: '123456' }),
  disableTwoFactor: () => ({ proof: { code: '123456' } }),
  regenerateRecoveryCodes: () => undefined,
  endSession: () => ({ id: 'no-such-session' }),
  endOtherSessions: () => undefined,
  endUserSessions: () => ({ id: boss.id }),
  createPersonalAccessToken: () => ({ name: 'a script', scopes: [], expiresAt: new Date(Date.now() + HOUR) }),
  revokePersonalAccessToken: () => ({ id: 'no-such-token' }),
  createUser: () => ({ email: 'made@example.com', password: PASSWORD }),
  inviteUser: () => ({ email: 'made@example.com' }),
  deleteUser: () => ({ id: boss.id }),
  setLoginEnabled: () => ({ id: boss.id, enabled: false }),
  setAdmin: () => ({ id: someone.id, isAdmin: true }),
  setScopes: () => ({ id: someone.id, scopes: ['USERS'] }),
  resetTwoFactor: () => ({ id: someone.id }),
  rotateSigningKey: () => undefined,
  createWebhook: () => ({ url: 'https://192.0.2.1/' }),
  updateWebhook: () => ({ id: 'no-such-webhook' }),
  deleteWebhook: () => ({ id: 'no-such-webhook' }),
  rotateWebhookSecret: () => ({ id: 'no-such-webhook' }),
  redeliverWebhook: () => ({ id: 'no-such-webhook' }),
}
/** Queries, with the arguments that they need. */
const QUERIES: Readonly<Record<string, string>> = {
  users: '',
  auditEvents: '',
  dialects: '',
  dialectUses: '',
  dialectUseDays: '(by: CLIENT)',
  signingKeys: '',
  waitingMails: '',
  serverStatus: '',
  webhooks: '',
  user: '(by: { username: "nobody" })',
  webhookDeliveries: '(webhookId: "no-such-webhook")',
}
const ask = async (name: string, token?: string): Promise<Answer> =>
  name in QUERIES
    ? await rest('POST', '/graphql', { query: `{ result: ${name}${QUERIES[name]} { __typename } }` }, token)
    : await graphql(name, inputs[name]?.(), token)
const guardedOperations = Object.entries(askedByOperation).filter(
  ([, requirement]) => requirement !== 'anyone' && requirement !== 'registration',
)
const asking = (...requirements: string[]) => guardedOperations.filter(([, requirement]) => requirements.includes(requirement))
const isOwn = (requirement: string) => ['session', 'interactive', 'step-up'].includes(requirement)

describe('an operation that the caller may not do', () => {
  it('every operation that is not open has a case here', () => {
    expect(guardedOperations.map(([name]) => name).sort()).toEqual([...Object.keys(inputs), ...Object.keys(QUERIES)].sort())
  })

  it.each(guardedOperations.filter(([, requirement]) => !isOwn(requirement)))(
    '%s leaves an event for an account',
    async (name, requirement) => {
      const expected = [refused(name, requirement, someone.id)]
      const { body } = await watch.events(
        'graphql',
        async () => await ask(name, someone.token),
        () => expected,
      )
      expect(failureCode(body)).toBe('FORBIDDEN')
    },
  )

  it.each(guardedOperations.filter(([, requirement]) => requirement !== 'session'))(
    '%s leaves an event for a personal access token, even of an administrator',
    async (name, requirement) => {
      const token = await personalToken(world(), boss, ['sensors'])
      const { body } = await watch.events(
        'graphql',
        async () => await ask(name, token),
        () => [refused(name, requirement, boss.id)],
      )
      expect(failureCode(body)).toBe('FORBIDDEN')
    },
  )

  it.each(asking('step-up'))('%s leaves an event for a proof that is too old', async (name, requirement) => {
    world().advance(11 * MINUTE)
    const expected = [refused(name, requirement, someone.id, 'REAUTHENTICATION_REQUIRED')]
    const { body } = await watch.events(
      'graphql',
      async () => await ask(name, someone.token),
      () => expected,
    )
    expect(failureCode(body)).toBe('REAUTHENTICATION_REQUIRED')
  })

  it.each(guardedOperations)('%s leaves none for nobody', async (name) => {
    const { body } = await watch.events(
      'graphql',
      async () => await ask(name),
      () => [],
    )
    expect(failureCode(body)).toBe('UNAUTHENTICATED')
  })
})

const surfaceOf = (path: string) => (path.startsWith('/v1') ? 'idiot' : path.startsWith('/auth') ? 'authentication' : 'wekan')

describe('a route that the caller may not take', () => {
  const some = routes.filter(({ who, name }) => who === 'some' && !/profile|change-password/.test(name))

  it.each(some.map(({ name, method, path }) => ({ name, method, path })))('$name leaves an event', async ({ name, method, path }) => {
    const requirement =
      { 'POST /v1/users': 'users:create', 'GET /v1/users': 'users:read', 'DELETE /v1/users/:id': 'users:delete' }[name] ?? 'admin'
    const expected = [refused(name, requirement, someone.id)]
    const { status } = await watch.events(
      surfaceOf(path),
      async () => await rest(method, urlOf({ name, path }), undefined, someone.token),
      () => expected,
    )
    expect(status).toBe(403)
    expect(
      (
        await watch.events(
          surfaceOf(path),
          async () => await rest(method, urlOf({ name, path })),
          () => [],
        )
      ).status,
    ).toBe(401)
  })

  it.each(['POST /v1/security/twofactor-enable', 'POST /v1/security/twofactor-disable', 'PUT /v1/account/change-email'])(
    '%s leaves an event for a proof that is too old',
    async (name) => {
      const { body } = await world().post('/users/login', { email: someone.email, password: PASSWORD })
      world().advance(25 * HOUR)
      const [method = '', path = ''] = name.split(' ')
      const expected = [refused(name, 'step-up', someone.id, 'REAUTHENTICATION_REQUIRED')]
      expect(
        (
          await watch.events(
            'xiot',
            async () => await rest(method, path, {}, body.token),
            () => expected,
          )
        ).status,
      ).toBe(401)
    },
  )
})

describe('all of it', () => {
  it('left no secret in the log', async () => {
    expect(watch.secrets.size).toBeGreaterThan(20)
    expect(await secretsInLog(world(), watch.secrets)).toEqual([])
  })
})
