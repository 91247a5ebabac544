/**
 * Every operation and every route that succeeds leaves exactly the events that docs/audit.md says, with who, what, when,
 * from where, through which surface and how it ended; what only reads leaves none. No operation and no route is left out.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type { OperationName } from '../src/domain/access/operationTable.ts'
import { askedByOperation } from './authorization/expected.ts'
import { mailedToken, mutate } from './graphql/ask.ts'
import { routes } from './guards/routes.ts'
import { admin, PASSWORD, type Person, person, signIn, totp, unique, verifiedPerson, withTwoFactor } from './support/accounts.ts'
import { did, type Expected, secretsInLog, signedIn, watchAudit } from './support/auditEvents.ts'
import { typesOf } from './support/expectedEvents.ts'
import { type Answer, useWorld } from './support/world.ts'

const world = useWorld({ WEBHOOK_ALLOWED_NETWORKS: 'loopback' })
const watch = watchAudit(world)
const { graphql, rest } = watch
let boss: Person
beforeAll(async () => {
  boss = await admin(world())
})

interface Step {
  readonly send: () => Promise<Answer>
  readonly expected: (answer: Answer) => readonly Expected[]
}
type Case = () => Promise<Step>

const NEW = 'another right horse battery'
const draft = () => ({ email: `audited${unique()}@example.com`, password: PASSWORD })
const nothing = () => []
const created = (userId: string, by = userId, scopes = '') => did('account.created', userId, { isAdmin: false, scopes }, by)
const one = (event: Expected) => () => [event]

const confirmationFor = async (someone: Person): Promise<string> => {
  const email = `moved${unique()}@example.com`
  await mutate(world(), 'changeEmail', { email }, someone.token)
  return mailedToken(world(), email)
}
const resetFor = async ({ email }: Person): Promise<string> => {
  await mutate(world(), 'requestPasswordReset', { email })
  return mailedToken(world(), email)
}
const loginCodeOf = async ({ email }: Person): Promise<string> =>
  (await mutate(world(), 'signIn', { identifier: email, password: PASSWORD })).loginCode

const NOBODY_LISTENS = 'http://127.0.0.1:1024/'
const idIn = ({ id }: { readonly id: string }): string => id.replace(/^Webhook:/, '')
const webhook = async (): Promise<string> =>
  idIn((await mutate(world(), 'createWebhook', { url: NOBODY_LISTENS, types: ['KEYS_ROTATED'] }, boss.token)).webhook)

/** What changes nothing, so that it leaves no event. */
const READS = [
  'me',
  'node',
  'service',
  'user',
  'users',
  'auditEvents',
  'dialectUses',
  'dialects',
  'dialectUseDays',
  'signingKeys',
  'waitingMails',
  'serverStatus',
  'webhooks',
  'webhookDeliveries',
] as const

const operations: Readonly<Record<Exclude<OperationName, (typeof READS)[number]>, Case>> = {
  signUp: async () => ({
    send: async () => await graphql('signUp', draft()),
    expected: ({ body }) => [created(body.data.result.user.id), signedIn(body.data.result.user.id)],
  }),
  signIn: async () => {
    const { id, email } = await person(world())
    return { send: async () => await graphql('signIn', { identifier: email, password: PASSWORD }, boss.token), expected: one(signedIn(id)) }
  },
  verifyTwoFactor: async () => {
    const someone = await withTwoFactor(world())
    const input = { loginCode: await loginCodeOf(someone), code: someone.recoveryCodes[0] }
    const used = did('two_factor.recovery_code_used', someone.id, { left: 9 })
    return { send: async () => await graphql('verifyTwoFactor', input), expected: () => [used, signedIn(someone.id, true)] }
  },
  refreshSession: async () => {
    const { refreshToken } = await person(world())
    return { send: async () => await graphql('refreshSession', { refreshToken }), expected: nothing }
  },
  signOut: async () => {
    const { id, token } = await person(world())
    const { id: sessionId } = await world().db.client.session.findFirstOrThrow({ where: { userId: id } })
    return { send: async () => await graphql('signOut', {}, token), expected: one(did('session.signed_out', id, { sessionId })) }
  },
  signOutEverywhere: async () => {
    const someone = await person(world())
    const token = await signIn(world(), someone)
    return {
      send: async () => await graphql('signOutEverywhere', undefined, token),
      expected: one(did('session.signed_out_everywhere', someone.id, { ended: 2 })),
    }
  },
  endSession: async () => {
    const { id, token } = await person(world())
    const { id: sessionId } = await world().db.client.session.findFirstOrThrow({ where: { userId: id } })
    return {
      send: async () => await graphql('endSession', { id: sessionId }, token),
      expected: one(did('session.ended', id, { sessionId })),
    }
  },
  endOtherSessions: async () => {
    const someone = await person(world())
    const token = await signIn(world(), someone)
    return {
      send: async () => await graphql('endOtherSessions', undefined, token),
      expected: one(did('session.others_ended', someone.id, { ended: 1 })),
    }
  },
  endUserSessions: async () => {
    const { id } = await person(world())
    const expected = one(did('session.all_ended', id, { ended: 1 }, boss.id))
    return { send: async () => await graphql('endUserSessions', { id }, boss.token), expected }
  },
  createPersonalAccessToken: async () => {
    const { id, token } = await person(world())
    const input = { name: 'a script', scopes: [], expiresAt: new Date(Date.now() + 3_600_000) }
    const details = { sessionId: expect.any(String), scopes: '' }
    return { send: async () => await graphql('createPersonalAccessToken', input, token), expected: one(did('token.created', id, details)) }
  },
  revokePersonalAccessToken: async () => {
    const { id, token } = await person(world())
    await mutate(world(), 'createPersonalAccessToken', { name: 'a script', scopes: [], expiresAt: new Date(Date.now() + 3_600_000) }, token)
    const { id: sessionId } = await world().db.client.session.findFirstOrThrow({ where: { userId: id, kind: 'personal' } })
    const expected = one(did('token.revoked', id, { sessionId }))
    return { send: async () => await graphql('revokePersonalAccessToken', { id: sessionId }, token), expected }
  },
  regenerateRecoveryCodes: async () => {
    const { id, token } = await withTwoFactor(world())
    const expected = one(did('two_factor.recovery_codes_regenerated', id))
    return { send: async () => await graphql('regenerateRecoveryCodes', undefined, token), expected }
  },
  reauthenticate: async () => {
    const { id, token } = await person(world())
    const { id: sessionId } = await world().db.client.session.findFirstOrThrow({ where: { userId: id } })
    const expected = one(did('session.reauthenticated', id, { sessionId }))
    return { send: async () => await graphql('reauthenticate', { password: PASSWORD }, token), expected }
  },
  changePassword: async () => {
    const { id, token } = await person(world())
    const input = { oldPassword: PASSWORD, newPassword: NEW }
    return { send: async () => await graphql('changePassword', input, token), expected: one(did('password.changed', id)) }
  },
  requestPasswordReset: async () => {
    const { id, email } = await person(world())
    const expected = one(did('password.reset_requested', id, {}, null))
    return { send: async () => await graphql('requestPasswordReset', { email }, boss.token), expected }
  },
  resetPassword: async () => {
    const someone = await withTwoFactor(world())
    const input = { token: await resetFor(someone), newPassword: NEW }
    // The first proof of the address.
    const expected = () => [
      did('two_factor.disabled', someone.id, { ended: 0 }, null),
      did('account.cleaned', someone.id, { ended: 1 }, null),
      did('password.reset', someone.id, {}, null),
    ]
    return { send: async () => await graphql('resetPassword', input, boss.token), expected }
  },
  requestEmailVerification: async () => {
    const { id, token } = await person(world())
    const expected = one(did('email.verification_requested', id))
    return { send: async () => await graphql('requestEmailVerification', undefined, token), expected }
  },
  changeEmail: async () => {
    const { id, token } = await person(world())
    const input = { email: draft().email }
    return { send: async () => await graphql('changeEmail', input, token), expected: one(did('email.change_requested', id)) }
  },
  confirmEmail: async () => {
    const someone = await person(world())
    const input = { token: await confirmationFor(someone) }
    return { send: async () => await graphql('confirmEmail', input, boss.token), expected: one(did('email.changed', someone.id, {}, null)) }
  },
  checkMailToken: async () => {
    const someone = await person(world())
    const input = { token: await resetFor(someone), use: 'RESET_PASSWORD' }
    return { send: async () => await graphql('checkMailToken', input), expected: nothing }
  },
  disownEmail: async () => {
    const someone = await person(world())
    await mutate(world(), 'requestEmailVerification', undefined, someone.token)
    const input = { token: mailedToken(world(), someone.email) }
    const expected = one(did('email.disowned', someone.id, { ended: 1 }, null))
    return { send: async () => await graphql('disownEmail', input, boss.token), expected }
  },
  undoAccountChange: async () => {
    const someone = await verifiedPerson(world())
    await rest('PUT', '/v1/account/change-email', { email: draft().email }, await v1Token(someone))
    const input = { token: mailedToken(world(), someone.email), newPassword: NEW }
    const expected = one(did('account.change_undone', someone.id, { ended: 2 }, null))
    return { send: async () => await graphql('undoAccountChange', input, boss.token), expected }
  },
  updateProfile: async () => {
    const { id, token } = await person(world())
    const expected = one(did('account.profile_updated', id, { fields: 'name bio' }))
    return { send: async () => await graphql('updateProfile', { bio: 'words', name: 'New Name' }, token), expected }
  },
  beginTwoFactorEnrollment: async () => {
    const { id, token } = await person(world())
    const expected = one(did('two_factor.enrollment_begun', id))
    return { send: async () => await graphql('beginTwoFactorEnrollment', undefined, token), expected }
  },
  confirmTwoFactorEnrollment: async () => {
    const { id, token } = await person(world())
    const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, token)
    const expected = one(did('two_factor.enabled', id, { ended: 0 }))
    return { send: async () => await graphql('confirmTwoFactorEnrollment', { code: totp(secret) }, token), expected }
  },
  disableTwoFactor: async () => {
    const someone = await withTwoFactor(world())
    const expected = one(did('two_factor.disabled', someone.id, { ended: 0 }))
    return { send: async () => await graphql('disableTwoFactor', { proof: { code: someone.code() } }, someone.token), expected }
  },
  createUser: async () => ({
    send: async () => await graphql('createUser', { ...draft(), scopes: ['USERS_READ', 'SENSORS'] }, boss.token),
    expected: ({ body }) => [created(body.data.result.user.id, boss.id, 'users:read sensors')],
  }),
  inviteUser: async () => ({
    send: async () => await graphql('inviteUser', { email: `invited${unique()}@example.com` }, boss.token),
    expected: ({ body }) => {
      const { id } = body.data.result.user
      return [created(id, boss.id), did('account.invited', id, {}, boss.id)]
    },
  }),
  deleteUser: async () => {
    const { id } = await person(world())
    return { send: async () => await graphql('deleteUser', { id }, boss.token), expected: one(did('account.deleted', id, {}, boss.id)) }
  },
  deleteAccount: async () => {
    const { id, token } = await person(world())
    return { send: async () => await graphql('deleteAccount', { password: PASSWORD }, token), expected: one(did('account.deleted', id)) }
  },
  setLoginEnabled: async () => {
    const { id } = await person(world())
    await watch.events(
      'graphql',
      async () => await graphql('setLoginEnabled', { id, enabled: false }, boss.token),
      one(did('account.login_disabled', id, {}, boss.id)),
    )
    const expected = one(did('account.login_enabled', id, {}, boss.id))
    return { send: async () => await graphql('setLoginEnabled', { id, enabled: true }, boss.token), expected }
  },
  setAdmin: async () => {
    const { id } = await person(world())
    await watch.events(
      'graphql',
      async () => await graphql('setAdmin', { id, isAdmin: true }, boss.token),
      one(did('account.admin_granted', id, {}, boss.id)),
    )
    const expected = one(did('account.admin_revoked', id, {}, boss.id))
    return { send: async () => await graphql('setAdmin', { id, isAdmin: false }, boss.token), expected }
  },
  setScopes: async () => {
    const { id } = await person(world())
    const expected = one(did('account.scopes_set', id, { scopes: 'users:read' }, boss.id))
    return { send: async () => await graphql('setScopes', { id, scopes: ['USERS_READ'] }, boss.token), expected }
  },
  resetTwoFactor: async () => {
    const { id } = await withTwoFactor(world())
    return {
      send: async () => await graphql('resetTwoFactor', { id }, boss.token),
      expected: one(did('two_factor.disabled', id, { ended: 0 }, boss.id)),
    }
  },
  rotateSigningKey: async () => ({
    send: async () => await graphql('rotateSigningKey', undefined, boss.token),
    expected: ({ body }) => [did('keys.rotated', null, { kid: body.data.result.kid }, boss.id)],
  }),
  createWebhook: async () => ({
    send: async () => await graphql('createWebhook', { url: NOBODY_LISTENS, types: ['KEYS_ROTATED'] }, boss.token),
    expected: ({ body }) => [did('webhook.created', null, { webhookId: idIn(body.data.result.webhook) }, boss.id)],
  }),
  updateWebhook: async () => {
    const id = await webhook()
    const input = { id, url: `${NOBODY_LISTENS}new`, description: 'new', types: ['TOKEN_CREATED'], enabled: false }
    return {
      send: async () => await graphql('updateWebhook', input, boss.token),
      expected: one(did('webhook.updated', null, { webhookId: id, fields: 'url description types enabled' }, boss.id)),
    }
  },
  deleteWebhook: async () => {
    const id = await webhook()
    return {
      send: async () => await graphql('deleteWebhook', { id }, boss.token),
      expected: one(did('webhook.deleted', null, { webhookId: id }, boss.id)),
    }
  },
  rotateWebhookSecret: async () => {
    const id = await webhook()
    return {
      send: async () => await graphql('rotateWebhookSecret', { id }, boss.token),
      expected: one(did('webhook.secret_rotated', null, { webhookId: id }, boss.id)),
    }
  },
  redeliverWebhook: async () => {
    const id = await webhook()
    const now = new Date()
    const data = [1n, 2n].map((eventSeq) => ({ webhookId: id, eventSeq, state: 'dead', createdAt: now, nextAttemptAt: now, endedAt: now }))
    await world().db.client.webhookDelivery.createMany({ data })
    return {
      send: async () => await graphql('redeliverWebhook', { id }, boss.token),
      expected: one(did('webhook.redelivered', null, { webhookId: id, deliveries: 2 }, boss.id)),
    }
  },
}

describe('graphql', () => {
  it('every operation and every read of GraphQL has a case here', () => {
    expect([...Object.keys(operations), ...READS].sort()).toEqual(Object.keys(askedByOperation).sort())
  })

  it.each(Object.entries(operations))('%s leaves its events', async (name, prepare) => {
    const { send, expected } = await prepare()
    const { body } = await watch.events('graphql', send, expected)
    expect(body.data.result.__typename).toMatch(/Success$/)
    expect(body.data.result.code, name).toBeUndefined()
  })

  it('what only reads leaves none', async () => {
    const { id } = await person(world())
    const query = `{ me { id } node(id: "${id}") { id } user(by: { id: "${id}" }) { __typename } users { __typename } dialectUses { __typename }
      auditEvents { edges { node { id } } } }`
    const { body } = await watch.events('graphql', async () => await rest('POST', '/graphql', { query }, boss.token), nothing)
    expect(Object.values(body.data).every((value) => value !== null)).toBe(true)
    expect(body.data.auditEvents.edges.length).toBeGreaterThan(3)
  })
})

/** A session of `/v1` for a person. */
const v1Token = async ({ email }: Person): Promise<string> =>
  (await world().post('/v1/auth/login', { email, password: PASSWORD })).body.token

const reading =
  (path: (someone: Person) => string, token: (someone: Person) => string, method = 'GET'): Case =>
  async () => {
    const someone = await person(world())
    return { send: async () => await rest(method, path(someone), undefined, token(someone)), expected: nothing }
  }
const byBoss = () => boss.token

const dialects: Readonly<Record<string, Case>> = {
  'idiot POST /v1/users': async () => ({
    send: async () => await rest('POST', '/v1/users', { ...draft(), name: 'Some One' }, boss.token),
    expected: ({ body }) => [created(body.id, boss.id)],
  }),
  'idiot GET /v1/users': reading(() => '/v1/users', byBoss),
  'idiot GET /v1/users/:id': reading(({ id }) => `/v1/users/${id}`, byBoss),
  'idiot DELETE /v1/users/:id': async () => {
    const { id } = await person(world())
    const expected = one(did('account.deleted', id, {}, boss.id))
    return { send: async () => await rest('DELETE', `/v1/users/${id}`, undefined, boss.token), expected }
  },
  'idiot POST /v1/auth/login': async () => {
    const { id, email } = await person(world())
    return { send: async () => await rest('POST', '/v1/auth/login', { email, password: PASSWORD }), expected: one(signedIn(id)) }
  },
  'idiot POST /v1/auth/logout': async () => {
    const { id, token } = await person(world())
    const { id: sessionId } = await world().db.client.session.findFirstOrThrow({ where: { userId: id } })
    const expected = one(did('session.signed_out', id, { sessionId }))
    return { send: async () => await rest('POST', '/v1/auth/logout', undefined, token), expected }
  },
  'wekan POST /users/register': async () => ({
    send: async () => await rest('POST', '/users/register', { ...draft(), username: `audited${unique()}` }),
    expected: ({ body }) => [created(body.id), signedIn(body.id)],
  }),
  'wekan POST /users/login': async () => {
    const someone = await withTwoFactor(world())
    const { email } = someone
    const send = async () => await rest('POST', '/users/login', { email, password: PASSWORD, code: someone.code() })
    return { send, expected: one(signedIn(someone.id, true)) }
  },
  'wekan POST /users/logout': async () => {
    const { id, token } = await person(world())
    const { id: sessionId } = await world().db.client.session.findFirstOrThrow({ where: { userId: id } })
    const expected = one(did('session.signed_out', id, { sessionId }))
    return { send: async () => await rest('POST', '/users/logout', undefined, token), expected }
  },
  'wekan POST /api/users': async () => ({
    send: async () => await rest('POST', '/api/users', { ...draft(), username: `audited${unique()}` }, boss.token),
    expected: ({ body }) => [created(body._id, boss.id)],
  }),
  'wekan GET /api/users': reading(() => '/api/users', byBoss),
  'wekan GET /api/users/:id': reading(({ id }) => `/api/users/${id}`, byBoss),
  'wekan DELETE /api/users/:id': async () => {
    const { id } = await person(world())
    const expected = one(did('account.deleted', id, {}, boss.id))
    return { send: async () => await rest('DELETE', `/api/users/${id}`, undefined, boss.token), expected }
  },
  'wekan PUT /api/users/:id': async () => {
    const { id } = await person(world())
    const expected = one(did('account.login_disabled', id, {}, boss.id))
    return { send: async () => await rest('PUT', `/api/users/${id}`, { action: 'disableLogin' }, boss.token), expected }
  },
  'wekan GET /api/user': reading(
    () => '/api/user',
    ({ token }) => token,
  ),
  'xiot POST /v1/auth/signup': async () => {
    const { email, password } = draft()
    const json = { email, password, passwordConfirmation: password, firstName: 'Ada', lastName: 'Lovelace' }
    return { send: async () => await rest('POST', '/v1/auth/signup', json), expected: ({ body }) => [created(body.id)] }
  },
  'xiot POST /v1/auth/verify-totp': async () => {
    const someone = await withTwoFactor(world())
    const json = { loginCode: await loginCodeOf(someone), code: someone.code() }
    return { send: async () => await rest('POST', '/v1/auth/verify-totp', json), expected: one(signedIn(someone.id, true)) }
  },
  'xiot GET /v1/profile': reading(
    () => '/v1/profile',
    ({ token }) => token,
  ),
  'xiot PUT /v1/profile': async () => {
    const { id, token } = await person(world())
    const expected = one(did('account.profile_updated', id, { fields: 'firstName phone' }))
    return { send: async () => await rest('PUT', '/v1/profile', { firstName: 'Ada', phone: null }, token), expected }
  },
  'xiot PUT /v1/security/change-password': async () => {
    const { id, token } = await person(world())
    const json = { oldPassword: PASSWORD, password: NEW, passwordConfirmation: NEW }
    return { send: async () => await rest('PUT', '/v1/security/change-password', json, token), expected: one(did('password.changed', id)) }
  },
  'xiot POST /v1/security/forget-password': async () => {
    const { id, email } = await person(world())
    const expected = one(did('password.reset_requested', id, {}, null))
    return { send: async () => await rest('POST', '/v1/security/forget-password', { email }), expected }
  },
  'xiot POST /v1/security/reset-password': async () => {
    const someone = await verifiedPerson(world())
    const json = { token: await resetFor(someone), password: NEW }
    const expected = one(did('password.reset', someone.id, {}, null))
    return { send: async () => await rest('POST', '/v1/security/reset-password', json), expected }
  },
  'xiot POST /v1/security/twofactor-enable': async () => {
    const someone = await person(world())
    const token = await v1Token(someone)
    const expected = one(did('two_factor.enabled', someone.id, { ended: 0 }))
    return { send: async () => await rest('POST', '/v1/security/twofactor-enable', undefined, token), expected }
  },
  'xiot POST /v1/security/twofactor-disable': async () => {
    const { id, token } = await withTwoFactor(world())
    const expected = one(did('two_factor.disabled', id, { ended: 0 }))
    return { send: async () => await rest('POST', '/v1/security/twofactor-disable', { password: PASSWORD }, token), expected }
  },
  'xiot PUT /v1/account/change-email': async () => {
    const someone = await person(world())
    const { id } = someone
    const token = await v1Token(someone)
    const expected = one(did('email.changed', id))
    return { send: async () => await rest('PUT', '/v1/account/change-email', { email: draft().email }, token), expected }
  },
  'authentication POST /auth': reading(
    () => '/auth',
    ({ token }) => token,
    'POST',
  ),
  'authentication POST /auth/register': async () => ({
    send: async () => await rest('POST', '/auth/register', { ...draft(), name: 'Ada', confirm: PASSWORD }),
    expected: ({ body }) => [created(body.user.id), signedIn(body.user.id)],
  }),
  'authentication POST /auth/login': async () => {
    const { id, email } = await person(world())
    return { send: async () => await rest('POST', '/auth/login', { email, password: PASSWORD }), expected: one(signedIn(id)) }
  },
  'authentication POST /auth/logout': async () => {
    const { id, refreshToken } = await person(world())
    const { id: sessionId } = await world().db.client.session.findFirstOrThrow({ where: { userId: id } })
    const expected = one(did('session.signed_out', id, { sessionId }))
    return { send: async () => await rest('POST', '/auth/logout', { refreshToken }), expected }
  },
  'authentication POST /auth/refresh-tokens': async () => {
    const { refreshToken } = await person(world())
    return { send: async () => await rest('POST', '/auth/refresh-tokens', { refreshToken }), expected: nothing }
  },
  'authentication POST /auth/forgot-password': async () => {
    const { id, email } = await person(world())
    const expected = one(did('password.reset_requested', id, {}, null))
    return { send: async () => await rest('POST', '/auth/forgot-password', { email }), expected }
  },
  'authentication POST /auth/reset-password': async () => {
    const someone = await verifiedPerson(world())
    const path = `/auth/reset-password?token=${await resetFor(someone)}`
    return { send: async () => await rest('POST', path, { password: NEW }), expected: one(did('password.reset', someone.id, {}, null)) }
  },
}

describe('the dialects', () => {
  it('every route of the dialects has a case here', () => {
    expect(
      Object.keys(dialects)
        .map((name) => name.slice(name.indexOf(' ') + 1))
        .sort(),
    ).toEqual(routes.map(({ name }) => name).sort())
  })

  it.each(Object.entries(dialects))('%s leaves its events', async (name, prepare) => {
    const { send, expected } = await prepare()
    const { status } = await watch.events(name.split(' ')[0] ?? '', send, expected)
    expect(Math.floor(status / 100)).toBe(2)
  })
})

describe('all of it', () => {
  it('went through every type of success, but what ends in asking for a code, needs a cookie, many sessions, or the command line', () => {
    const elsewhere = ['session.two_factor_required', 'session.replaced', 'session.evicted', 'email.verified']
    const byOperators = ['password.set', 'account.merged', 'account.merge_undone']
    expect([...watch.types, ...elsewhere, ...byOperators].sort()).toEqual(typesOf('success').sort())
  })

  it('opened no session without its event', async () => {
    const { client } = world().db
    const events = await client.auditEvent.findMany({ where: { type: 'session.signed_in' } })
    const opened = new Set(events.map(({ details }) => (details as { sessionId: string }).sessionId))
    const sessions = await client.session.findMany({ where: { kind: { not: 'personal' } } })
    expect(sessions.length).toBeGreaterThan(40)
    expect(sessions.filter(({ id }) => !opened.has(id))).toEqual([])
  })

  it('left no secret in the log', async () => {
    expect(watch.secrets.size).toBeGreaterThan(40)
    expect(await secretsInLog(world(), watch.secrets)).toEqual([])
  })
})
