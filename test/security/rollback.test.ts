/**
 * Operations that write several rows, on a database that refuses each event when everything else of its transaction is written: the answer is a
 * masked 500, and nothing of the operation stays (ASVS 2.3.3). Once the database takes events again, the same request succeeds.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { tableNames } from '../../src/db/tableSums.ts'
import { adminToken, mailedToken, mutationOf } from '../graphql/ask.ts'
import {
  admin,
  PASSWORD,
  type Person,
  person,
  unique,
  v1VerifiedPerson,
  v1WithTwoFactor,
  verifiedPerson,
  withTwoFactor,
} from '../support/accounts.ts'
import { type Answer, useWorld } from '../support/world.ts'

const world = useWorld()
beforeAll(async () => {
  await admin(world())
  await world().db.client.$executeRawUnsafe(
    "CREATE FUNCTION refuse_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no event today'; END $$",
  )
})

/** Attempts are counted whatever becomes of them; the rest is written now and then, by the clock. */
const ELSEWHERE = new Set(['rate_limits', 'typed_failures', 'dialect_uses', 'mail_shares'])
let names: readonly string[] | undefined

/** The rows of every table, as one text for each: their number and a sum over their contents. */
const look = async (): Promise<unknown> => {
  const ask = async (sql: string) => await world().db.client.$queryRawUnsafe<Record<string, unknown>[]>(sql)
  names ??= (await tableNames(ask)).filter((name) => !ELSEWHERE.has(name))
  return await ask(
    names
      .map(
        (name) =>
          `SELECT '${name}' AS name, count(*)::int AS rows, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum FROM "${name}" AS t`,
      )
      .join(' UNION ALL '),
  )
}

/** Runs work while the database refuses, at its commit, each transaction that writes an event. */
const refusingEvents = async <T>(work: () => Promise<T>): Promise<T> => {
  const { client } = world().db
  await client.$executeRawUnsafe(
    'CREATE CONSTRAINT TRIGGER refused AFTER INSERT ON audit_events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_event()',
  )
  try {
    return await work()
  } finally {
    await client.$executeRawUnsafe('DROP TRIGGER refused ON audit_events')
  }
}

type Ask = () => Promise<Answer>

const graphql =
  (name: string, input: object | undefined, token?: string): Ask =>
  async () =>
    await world().graphql(mutationOf(name, input), { input }, token)
const rest =
  (method: string, path: string, json?: unknown, token?: string): Ask =>
  async () =>
    await world().request(method, path, { json, token })

const fresh = (): string => `fresh${unique()}@example.com`
const NEW = 'another battery staple'
const boss = async (): Promise<string> => await adminToken(world())
const resetOf = async ({ email }: Person): Promise<string> => {
  await graphql('requestPasswordReset', { email })()
  return mailedToken(world(), email)
}
const factorOf = async (token: string): Promise<void> => void (await graphql('beginTwoFactorEnrollment', undefined, token)())

// biome-ignore format: a table is read by its rows
const operations: Readonly<Record<string, () => Promise<Ask>>> = {
  'signUp of GraphQL': async () => graphql('signUp', { email: fresh(), password: PASSWORD }),
  'sign-up of xiot': async () => rest('POST', '/v1/auth/signup', { email: fresh(), firstName: 'Ada', lastName: 'King', password: PASSWORD, passwordConfirmation: PASSWORD }),
  'registration of wekan': async () => rest('POST', '/users/register', { username: `fresh${unique()}`, email: fresh(), password: PASSWORD }),
  'registration of authentication': async () => rest('POST', '/auth/register', { name: 'Ada', email: fresh(), password: PASSWORD, confirm: PASSWORD }),
  'createUser of GraphQL': async () => graphql('createUser', { email: fresh(), password: PASSWORD, scopes: ['USERS_READ'] }, await boss()),
  'inviteUser of GraphQL': async () => graphql('inviteUser', { email: fresh(), scopes: ['USERS_READ'] }, await boss()),
  'POST /v1/users of idiot': async () => rest('POST', '/v1/users', { name: 'Ada King', email: fresh(), password: PASSWORD }, await boss()),
  'POST /api/users of wekan': async () => rest('POST', '/api/users', { username: `fresh${unique()}`, email: fresh(), password: PASSWORD }, await boss()),
  'signIn of GraphQL': async () => graphql('signIn', { identifier: (await person(world())).email, password: PASSWORD }),
  'sign-in of idiot and xiot': async () => rest('POST', '/v1/auth/login', { email: (await person(world())).email, password: PASSWORD }),
  'sign-in of authentication': async () => rest('POST', '/auth/login', { email: (await person(world())).email, password: PASSWORD }),
  'sign-in of wekan': async () => rest('POST', '/users/login', { email: (await person(world())).email, password: PASSWORD }),
  'changePassword of GraphQL': async () => graphql('changePassword', { oldPassword: PASSWORD, newPassword: NEW }, (await verifiedPerson(world())).token),
  'change of password of xiot': async () => rest('PUT', '/v1/security/change-password', { oldPassword: PASSWORD, password: NEW, passwordConfirmation: NEW }, (await v1VerifiedPerson(world())).token),
  'resetPassword of GraphQL': async () => graphql('resetPassword', { token: await resetOf(await verifiedPerson(world())), newPassword: NEW }),
  'reset of xiot': async () => rest('POST', '/v1/security/reset-password', { token: await resetOf(await verifiedPerson(world())), password: NEW }),
  'reset of authentication': async () => rest('POST', `/auth/reset-password?token=${await resetOf(await verifiedPerson(world()))}`, { password: NEW }),
  'changeEmail of GraphQL': async () => graphql('changeEmail', { email: fresh() }, (await verifiedPerson(world())).token),
  'change of address of xiot': async () => rest('PUT', '/v1/account/change-email', { email: fresh() }, (await v1VerifiedPerson(world())).token),
  'updateProfile of GraphQL': async () => graphql('updateProfile', { firstName: 'Grace' }, (await person(world())).token),
  'PUT /v1/profile of xiot': async () => rest('PUT', '/v1/profile', { firstName: 'Grace' }, (await person(world())).token),
  'enrolment of xiot': async () => rest('POST', '/v1/security/twofactor-enable', undefined, (await v1VerifiedPerson(world())).token),
  'a factor turned off through xiot': async () => rest('POST', '/v1/security/twofactor-disable', undefined, (await v1WithTwoFactor(world())).token),
  'beginTwoFactorEnrollment of GraphQL': async () => graphql('beginTwoFactorEnrollment', undefined, (await person(world())).token),
  'regenerateRecoveryCodes of GraphQL': async () => graphql('regenerateRecoveryCodes', undefined, (await withTwoFactor(world())).token),
  'resetTwoFactor of GraphQL': async () => graphql('resetTwoFactor', { id: (await withTwoFactor(world())).id }, await boss()),
  'createPersonalAccessToken of GraphQL': async () => graphql('createPersonalAccessToken', { name: 'a robot', scopes: [], expiresAt: new Date(Date.now() + 86_400_000) }, (await verifiedPerson(world())).token),
  'signOut of GraphQL': async () => graphql('signOut', {}, (await person(world())).token),
  'sign-out of idiot': async () => rest('POST', '/v1/auth/logout', undefined, (await person(world())).token),
  'sign-out of authentication': async () => rest('POST', '/auth/logout', { refreshToken: (await person(world())).refreshToken }),
  'sign-out of wekan, of all sessions': async () => rest('POST', '/users/logout', { all: true }, (await person(world())).token),
  'endUserSessions of GraphQL': async () => graphql('endUserSessions', { id: (await person(world())).id }, await boss()),
  'setLoginEnabled of GraphQL': async () => graphql('setLoginEnabled', { id: (await person(world())).id, enabled: false }, await boss()),
  'disableLogin of wekan': async () => rest('PUT', `/api/users/${(await person(world())).id}`, { action: 'disableLogin' }, await boss()),
  'setAdmin of GraphQL': async () => graphql('setAdmin', { id: (await person(world())).id, isAdmin: true }, await boss()),
  'setScopes of GraphQL': async () => graphql('setScopes', { id: (await person(world())).id, scopes: ['USERS_READ'] }, await boss()),
  'deleteUser of GraphQL': async () => graphql('deleteUser', { id: (await person(world())).id }, await boss()),
  'deleteAccount of GraphQL': async () => graphql('deleteAccount', { password: PASSWORD }, (await verifiedPerson(world())).token),
  'DELETE /v1/users of idiot': async () => rest('DELETE', `/v1/users/${(await person(world())).id}`, undefined, await boss()),
  'DELETE /api/users of wekan': async () => rest('DELETE', `/api/users/${(await person(world())).id}`, undefined, await boss()),
  'rotateSigningKey of GraphQL': async () => graphql('rotateSigningKey', undefined, await boss()),
}

describe('where the last write of an operation fails', () => {
  it.each(Object.entries(operations))('nothing stays of %s, and it can be done again', async (_name, prepare) => {
    const ask = await prepare()
    const before = await look()
    const failed = await refusingEvents(ask)
    const faults = world().logs.splice(0)
    expect(await look()).toEqual(before)
    expect(faults.some(({ level }) => level === 'error')).toBe(true)
    expect(failed.text).toMatch(/Unexpected error\.|Internal server error/)
    expect(failed.text).not.toContain('event')
    const done = await ask()
    expect([done.status, done.text.match(/"code"|"errors"/)]).toEqual([
      expect.toSatisfy((status) => status === 200 || status === 201),
      null,
    ])
    expect(await look()).not.toEqual(before)
  })

  it('a factor that waits stays as it was', async () => {
    const { token } = await person(world())
    await factorOf(token)
    const before = await look()
    await refusingEvents(graphql('beginTwoFactorEnrollment', undefined, token))
    world().logs.splice(0)
    expect(await look()).toEqual(before)
  })
})
