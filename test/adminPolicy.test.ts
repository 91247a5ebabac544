/**
 * REQUIRE_ADMIN_TWO_FACTOR: who is an administrator and has no second factor may do what anybody may, and nothing that administrators may,
 * on every surface; once enrolled, the same session administers, and when the factor goes, so do the rights.
 */
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { StartupError } from '../src/db/startupError.ts'
import type { Requirement } from '../src/domain/access/requirements.ts'
import { schema } from '../src/graphql/schema.ts'
import { askedByOperation, askedByRoute } from './authorization/expected.ts'
import { expectFailure, mutate, query } from './graphql/ask.ts'
import { routesOf, sampleBody, urlOf } from './guards/routes.ts'
import { admin, grant, PASSWORD, type Person, person, signIn, totp, turnOnFactor, v1Person, withTwoFactor } from './support/accounts.ts'
import { openTestDatabase } from './support/database.ts'
import { failureCode } from './support/failureCode.ts'
import { type Answer, openWorld, useWorld, type World } from './support/world.ts'

const POLICY = { REQUIRE_ADMIN_TWO_FACTOR: 'true' }
const world = useWorld(POLICY)
const REFUSED = 'TWO_FACTOR_ENROLLMENT_REQUIRED'
const message = 'Administrators need a second factor here: enrol one, then go on.'

const needsRights = (who: Requirement): boolean => who.startsWith('admin') || who.includes(':')

/** The routes of the dialects that ask for a right, with their dialect's name. */
const guardedRoutes = Object.entries(askedByRoute).flatMap(([name, who]) =>
  needsRights(who) ? [{ dialect: name.includes(' /v1/') ? 'idiot' : 'wekan', name }] : [],
)
const guardedOperations = Object.entries(askedByOperation).flatMap(([name, asks]) => (needsRights(asks) ? [name] : []))

/** How each dialect says that an administrator has to enrol. */
const FORMS: Readonly<Record<string, (answer: Answer) => unknown>> = {
  idiot: ({ headers }) => ({ statusCode: 403, message, request_id: headers.get('x-request-id') }),
  wekan: () => ({
    isClientSafe: true,
    error: 'Forbidden',
    reason: 'Forbidden',
    message: 'Forbidden [Forbidden]',
    errorType: 'Meteor.Error',
    statusCode: 403,
  }),
}

/** A value of a type of the schema, as its text in a document: right in form, and of nothing that is there. */
const sample = (type: GraphQLInputType): string => {
  if (isNonNullType(type)) return sample(type.ofType)
  if (isListType(type)) return '[]'
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  if (!isInputObjectType(type)) return type.name === 'Boolean' ? 'true' : type.name === 'Int' ? '1' : '"nobody"'
  const fields = Object.values(type.getFields()).filter(isRequiredInputField)
  return `{${fields.map((field) => `${field.name}: ${sample(field.type)}`).join(', ')}}`
}
const documentOf = (kind: 'query' | 'mutation', { name, args, type }: GraphQLField<unknown, unknown>): string => {
  const given = args.filter(isRequiredArgument).map((argument) => `${argument.name}: ${sample(argument.type)}`)
  const failure = isUnionType(getNamedType(type)) ? '... on Error { code }' : ''
  return `${kind} { result: ${name}${given.length > 0 ? `(${given.join(', ')})` : ''} { __typename ${failure} } }`
}
const attempt = async (name: string, token: string): Promise<string> => {
  const [queries, mutations] = [schema.getQueryType()?.getFields() ?? {}, schema.getMutationType()?.getFields() ?? {}]
  const field = queries[name] ?? mutations[name]
  if (field === undefined) throw new Error(`no operation ${name}`)
  const query = documentOf(name in queries ? 'query' : 'mutation', field)
  const { body } = await world().request('POST', '/graphql', { json: { query }, token })
  return failureCode(body) ?? 'done'
}
const send = async (on: World, name: string, token: string, id = 'no-such-id'): Promise<Answer> => {
  const route = routesOf().find((one) => one.name === name)
  if (route === undefined) throw new Error(`no route ${name}`)
  return await on.request(route.method, urlOf(route, id), { token, ...(route.takesBody ? { json: sampleBody(route) } : {}) })
}

/** One token of each kind, of sessions of their own. */
const tokensOf = async (on: World, { email, password }: Person): Promise<Record<string, string>> => {
  const v1 = (await on.post('/v1/auth/login', { email, password })).body
  return {
    graphql: await signIn(on, { email, password }),
    'opaque token of /v1': v1.token,
    'JWT of /v1': v1.accessToken,
    authentication: (await on.post('/auth/login', { email, password })).body.tokens.access.token,
    wekan: (await on.post('/users/login', { email, password })).body.token,
  }
}
const mayList = async (token: string): Promise<number[]> => [
  (await world().get('/v1/users', token)).status,
  (await world().get('/api/users', token)).status,
  (await query(world(), 'users(first: 1) { __typename }', token)).__typename === 'UserConnection' ? 200 : 403,
]

let boss: Person
let other: Person
beforeAll(async () => {
  boss = await admin(world())
  other = await person(world())
})

describe('an administrator without a second factor', () => {
  it('an administrator without a second factor meets the policy on all that asks for a right', () => {
    expect(guardedRoutes.length).toBeGreaterThanOrEqual(8)
    expect(new Set(guardedRoutes.map(({ dialect }) => dialect))).toEqual(new Set(Object.keys(FORMS)))
    expect(guardedOperations.length).toBeGreaterThanOrEqual(8)
  })

  it.each(guardedRoutes)('$name: 403 in the body of $dialect, with a token of each kind', async ({ name, dialect }) => {
    for (const token of Object.values(await tokensOf(world(), boss))) {
      const answer = await send(world(), name, token, other.id)
      expect(answer.status).toBe(403)
      expect(answer.body).toEqual(FORMS[dialect]?.(answer))
    }
  })

  it.each(guardedOperations)(`%s: ${REFUSED}`, async (name) => {
    expect(await attempt(name, boss.token)).toBe(REFUSED)
  })

  it('an administrator without a second factor has left everything as it was', async () => {
    expect(await world().db.client.user.findMany({ where: { id: { in: [boss.id, other.id] } }, orderBy: { seq: 'asc' } })).toMatchObject([
      { isAdmin: true, loginDisabled: false },
      { isAdmin: false, loginDisabled: false, scopes: [] },
    ])
    expect(await world().db.client.signingKey.count()).toBe(1)
  })

  it('the failure on GraphQL is a PermissionError that names no scope', async () => {
    const result = await mutate(world(), 'setAdmin', { id: other.id, isAdmin: true }, boss.token)
    expectFailure(result, 'PermissionError', REFUSED)
    expect(result.message).toBe(message)
  })

  it('an administrator without a second factor sees of others what anybody sees', async () => {
    const of = async (selection: string) =>
      await query(world(), `node(id: $id) { ... on User { ${selection} } }`, boss.token, { id: other.id }, '($id: ID!)')
    expect(await of('name')).toEqual({ name: (await query(world(), 'me { name }', other.token)).name })
    for (const hidden of ['isAdmin', 'twoFactorEnabled'])
      expectFailure(await of(hidden), 'errors', 'FORBIDDEN', [], { missingScope: 'USERS_READ' })
    for (const hidden of ['sessions { id }', 'pendingEmails { address }', 'recoveryCodesLeft'])
      expectFailure(await of(hidden), 'errors', 'FORBIDDEN')
    const { id } = (await query(world(), 'me { sessions { id } }', other.token)).sessions[0]
    expect(await query(world(), 'node(id: $id) { id }', boss.token, { id }, '($id: ID!)')).toBeNull()
  })

  it('an administrator without a second factor is an administrator all the same: the row says so', async () => {
    expect(await query(world(), 'me { isAdmin twoFactorEnabled }', boss.token)).toEqual({ isAdmin: true, twoFactorEnabled: false })
    expect((await world().get('/api/user', boss.token)).body.isAdmin).toBe(true)
  })

  it('an administrator without a second factor does for their own account what anybody does', async () => {
    expect((await world().get('/v1/profile', boss.token)).status).toBe(200)
    expect((await world().get(`/v1/users/${other.id}`, boss.token)).status).toBe(200)
    expect((await mutate(world(), 'updateProfile', { name: 'The Boss' }, boss.token)).user.name).toBe('The Boss')
    const changed = await mutate(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: PASSWORD }, boss.token)
    expect(changed.__typename).toBe('ChangePasswordSuccess')
  })

  it('an administrator without a second factor keeps the scopes that the account itself was granted', async () => {
    const someone = await person(world())
    const data = { isAdmin: true, scopes: ['users:read'] }
    await world().db.client.user.update({ where: { id: someone.id }, data })
    expect(await mayList(someone.token)).toEqual([200, 403, 200])
    await world().db.client.user.update({ where: { id: someone.id }, data: { isAdmin: false } })
  })
})

it('WEKAN_ERROR_STATUS=200 says the same with HTTP 200', async () => {
  const original = await openWorld({ ...POLICY, WEKAN_ERROR_STATUS: '200' }, { db: world().db })
  for (const { name } of guardedRoutes.filter(({ dialect }) => dialect === 'wekan')) {
    const answer = await send(original, name, boss.token, other.id)
    expect([answer.status, answer.body]).toEqual([200, FORMS.wekan?.(answer)])
  }
  await original.close()
})

describe.each<[string, (token: string) => Promise<unknown>]>([
  [
    'through GraphQL, in two steps',
    async (token) => {
      const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, token)
      expect(await mayList(token)).toEqual([403, 403, 403])
      const { recoveryCodes } = await mutate(world(), 'confirmTwoFactorEnrollment', { code: totp(secret) }, token)
      expect(recoveryCodes).toHaveLength(10)
    },
  ],
  [
    'through xiot, in one call',
    async (token) => expect((await world().post('/v1/security/twofactor-enable', undefined, token)).status).toBe(200),
  ],
])('enrolment %s', (_how, enrol) => {
  it('enrolment opens the rights at once, for the same session; others have to show the factor first; turning it off closes them at once', async () => {
    const someone = await v1Person(world())
    await world().db.client.user.update({ where: { id: someone.id }, data: { isAdmin: true } })
    const others = Object.values(await tokensOf(world(), someone))
    const tokens = [someone.token, ...others]
    for (const token of tokens) expect(await mayList(token)).toEqual([403, 403, 403])
    await enrol(someone.token)
    expect(await mayList(someone.token)).toEqual([200, 200, 200])
    for (const token of others) expect(await mayList(token)).toEqual([401, 401, 403])
    expect((await mutate(world(), 'setLoginEnabled', { id: other.id, enabled: true }, someone.token)).user.id).toBe(other.id)
    await mutate(world(), 'disableTwoFactor', { proof: { password: PASSWORD } }, someone.token)
    for (const token of tokens) expect(await mayList(token)).toEqual([403, 403, 403])
    expect(await attempt('setAdmin', someone.token)).toBe(REFUSED)
    await world().db.client.user.update({ where: { id: someone.id }, data: { isAdmin: false } })
  })
})

describe('administrators among each other', () => {
  const enrolled = async () => {
    const someone = await withTwoFactor(world())
    await world().db.client.user.update({ where: { id: someone.id }, data: { isAdmin: true } })
    return someone
  }

  it('one makes somebody without a factor an administrator, who has to enrol first', async () => {
    const [maker, someone] = [await enrolled(), await person(world())]
    expect((await mutate(world(), 'setAdmin', { id: someone.id, isAdmin: true }, maker.token)).user.isAdmin).toBe(true)
    expect(await attempt('users', someone.token)).toBe(REFUSED)
    await turnOnFactor(world(), someone.token)
    expect(await mayList(someone.token)).toEqual([200, 200, 200])
  })

  it('one resets the factor of another, who loses the rights at once', async () => {
    const [one, another] = [await enrolled(), await enrolled()]
    expect(await mayList(another.token)).toEqual([200, 200, 200])
    expect((await mutate(world(), 'resetTwoFactor', { id: another.id }, one.token)).user.twoFactorEnabled).toBe(false)
    expect(await mayList(another.token)).toEqual([403, 403, 403])
  })

  it('the last one that is enabled stays, and one without a factor counts: enrolling is open to him', async () => {
    const [last, without] = [await enrolled(), await person(world())]
    await world().db.client.user.updateMany({ where: { id: { not: last.id } }, data: { isAdmin: false } })
    const resign = () => mutate(world(), 'setAdmin', { id: last.id, isAdmin: false }, last.token)
    expectFailure(await resign(), 'ConflictError', 'LAST_ADMIN')
    await mutate(world(), 'setAdmin', { id: without.id, isAdmin: true }, last.token)
    expect((await resign()).user.isAdmin).toBe(false)
    expect(await attempt('users', without.token)).toBe(REFUSED)
    await turnOnFactor(world(), without.token)
    expect(await mayList(without.token)).toEqual([200, 200, 200])
  })
})

describe('others', () => {
  it('others without a right hear what they lack, and nothing of enrolment', async () => {
    const someone = await person(world())
    expect((await world().get('/v1/users', someone.token)).body.message).toBe('missing permission users:read')
    const result = await mutate(world(), 'createUser', { email: 'x@example.com', password: PASSWORD }, someone.token)
    expectFailure(result, 'PermissionError', 'FORBIDDEN', [], { missingScope: 'USERS_CREATE' })
    expect(await attempt('setAdmin', someone.token)).toBe('FORBIDDEN')
  })

  it('others with a scope use it without a second factor', async () => {
    const open = await openWorld({}, { db: await openTestDatabase() })
    await admin(open)
    const reader = await person(open)
    await grant(open, reader, ['users:read'])
    const strict = await openWorld(POLICY, { db: open.db })
    expect((await strict.get('/v1/users', reader.token)).status).toBe(200)
    await strict.close()
    await open.close()
    await open.db.close()
  })
})

describe('a start with the policy', () => {
  const closed = { ...POLICY, REGISTRATION: 'closed' }

  it('a start with the policy and closed registration goes with an administrator of the settings, who enrols and administers', async () => {
    const strict = await openWorld({ ...closed, ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: PASSWORD })
    const root = await signIn(strict, { email: 'root@example.com', password: PASSWORD })
    expect((await strict.get('/v1/users', root)).status).toBe(403)
    await turnOnFactor(strict, root)
    expect((await strict.get('/v1/users', root)).status).toBe(200)
    await strict.close()
  })

  it('a start with the policy and closed registration goes with an administrator who has no factor yet, and not without any', async () => {
    const db = await openTestDatabase()
    expect(await openWorld(closed, { db }).catch((error: unknown) => error)).toBeInstanceOf(StartupError)
    const open = await openWorld({}, { db })
    const { token } = await admin(open)
    await open.close()
    const strict = await openWorld(closed, { db })
    expect((await strict.get('/v1/users', token)).status).toBe(403)
    expect((await strict.get('/v1/profile', token)).status).toBe(200)
    await strict.close()
    await db.close()
  })
})
