/**
 * What a personal access token may do, on every surface: what any session may read, what its scopes allow of what its owner
 * holds today, and nothing that belongs to a person or to an administrator. What routes and operations ask for is in authorization/expected.ts.
 */
import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import type { OperationName } from '../src/domain/access/operationTable.ts'
import type { Requirement } from '../src/domain/access/requirements.ts'
import { schema } from '../src/graphql/schema.ts'
import { askedByOperation, askedByRoute } from './authorization/expected.ts'
import { adminToken, DAY, expectFailure, FAILURE, grantScopes, mutate, query } from './graphql/ask.ts'
import { expectError, routes, sampleBody, urlOf } from './guards/routes.ts'
import { admin, PASSWORD, type Person, person, signIn, unique } from './support/accounts.ts'
import { scopeNames } from './support/scopes.ts'
import { useWorld, type World } from './support/world.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const create = async (token: string, scopes: readonly string[] = [], on: World = world()): Promise<string> => {
  const given = { name: `token ${unique()}`, scopes: scopeNames(scopes), expiresAt: new Date(Date.now() + 300 * DAY).toISOString() }
  const { token: created } = await mutate(on, 'createPersonalAccessToken', given, token)
  expect(created).toMatch(/^pat_[\w-]{43}$/)
  return created
}
const statusOf = async (method: string, path: string, token: string, json?: unknown): Promise<number> =>
  (await world().request(method, path, { token, json })).status
const newUser = () => ({ name: 'Some One', email: `made${Math.random()}@example.com`, password: PASSWORD })

/** Requirements that no personal access token meets. */
const PERSONAL: readonly Requirement[] = ['interactive', 'step-up', 'admin']

describe('as a bearer', () => {
  it.each([
    ['GET /v1/profile', 'idiot and xiot', (token: string) => statusOf('GET', '/v1/profile', token)],
    ['GET /v1/users/:id', 'idiot', async (token: string) => statusOf('GET', `/v1/users/${(await admin(world())).id}`, token)],
    ['GET /api/user', 'wekan', (token: string) => statusOf('GET', '/api/user', token)],
    ['POST /auth', 'authentication', (token: string) => statusOf('POST', '/auth', token)],
    [
      'me',
      'GraphQL',
      async (token: string) => ((await query(world(), 'me { id email phone }', token)).code === 'UNAUTHENTICATED' ? 401 : 200),
    ],
  ])('it reads what any session may: %s of %s, until it expires or is revoked', async (_route, _surface, read) => {
    const someone = await person(world())
    const [token, other] = [await create(someone.token), await create(someone.token)]
    expect(await read(token)).toBe(200)
    await mutate(world(), 'signOut', undefined, other)
    expect(await read(other)).toBe(401)
    world().advance(299 * DAY)
    expect(await read(token)).toBe(200)
    world().advance(DAY + 1)
    expect(await read(token)).toBe(401)
  })

  it.each(['/v1/auth/logout', '/users/logout'])('POST %s revokes it, and writes so', async (path) => {
    const someone = await person(world())
    const token = await create(someone.token)
    expect(await statusOf('POST', path, token)).toBe(200)
    expect(await statusOf('POST', path, token)).toBe(401)
    const events = await world().db.client.auditEvent.findMany({ where: { userId: someone.id, type: 'token.revoked' } })
    expect(events).toMatchObject([{ actorId: someone.id, surface: path === '/users/logout' ? 'wekan' : 'idiot' }])
  })

  it('a personal access token is not a refresh token, and nothing but itself opens it', async () => {
    const token = await create((await person(world())).token)
    expect((await mutate(world(), 'refreshSession', { refreshToken: token })).code).toBe('INVALID_REFRESH_TOKEN')
    for (const wrong of [token.slice(4), token.toUpperCase(), `${token}x`, token.slice(0, -1), `pat_${'A'.repeat(43)}`])
      expect(await statusOf('GET', '/v1/profile', wrong)).toBe(401)
  })
})

describe('with scopes', () => {
  const scoped: readonly (readonly [string, (token: string) => Promise<number>])[] = [
    ['users:read', (token) => statusOf('GET', '/v1/users', token)],
    ['users:create', (token) => statusOf('POST', '/v1/users', token, newUser())],
    ['users:delete', async (token) => statusOf('DELETE', `/v1/users/${(await person(world())).id}`, token)],
  ]
  it.each(scoped)('%s is held by a token that was given it, and by no other', async (scope, go) => {
    const owner = await person(world())
    await grantScopes(world(), owner, ['users'])
    const others = scoped.map(([other]) => other).filter((other) => other !== scope)
    const [token, without] = [await create(owner.token, [scope]), await create(owner.token, others)]
    expect([await go(token), await go(without), await go(await create(owner.token))]).toEqual([200, 403, 403])
  })

  it('the answer names what is missing', async () => {
    const owner = await person(world())
    await grantScopes(world(), owner, ['users'])
    const token = await create(owner.token, ['users:create'])
    expect((await world().get('/v1/users', token)).body).toMatchObject({ statusCode: 403, message: 'missing permission users:read' })
    const result = await query(world(), `users { __typename }`, token)
    expectFailure(result, 'errors', 'FORBIDDEN', [], { missingScope: 'USERS_READ' })
  })

  it('a personal access token holds the scopes that its owner holds today', async () => {
    const owner = await person(world())
    await grantScopes(world(), owner, ['users:read'])
    const token = await create(owner.token, ['users:read'])
    const go = async () => await statusOf('GET', '/v1/users', token)
    expect(await go()).toBe(200)
    await grantScopes(world(), owner, [])
    expect(await go()).toBe(403)
    await grantScopes(world(), owner, ['users'])
    expect(await go()).toBe(200)
  })

  it('a personal access token of an administrator administers nothing, and loses its scopes with the office', async () => {
    const boss = await person(world())
    await mutate(world(), 'setAdmin', { id: boss.id, isAdmin: true }, await adminToken(world()))
    const token = await create(boss.token, ['users:read', 'users:delete'])
    expect(await statusOf('GET', '/v1/users', token)).toBe(200)
    expect(await statusOf('GET', '/api/users', token)).toBe(403)
    for (const owned of ['sessions', 'personalAccessTokens'])
      expectFailure(await query(world(), `user(by: { id: "${boss.id}" }) { ${owned} { id } }`, token), 'errors', 'FORBIDDEN')
    expect(await statusOf('DELETE', `/v1/users/${(await admin(world())).id}`, token)).toBe(403)
    await mutate(world(), 'setAdmin', { id: boss.id, isAdmin: false }, await adminToken(world()))
    expect(await statusOf('GET', '/v1/users', token)).toBe(403)
  })
})

describe('what belongs to a person', () => {
  let owner: Person
  let token = ''
  let all: readonly string[] = []
  beforeAll(async () => {
    owner = await person(world())
    all = ['users:create', 'users:read', 'users:delete', 'sensors:read', 'sensors:update', 'sensors:delete', 'sensors:state:update']
    await mutate(world(), 'setAdmin', { id: owner.id, isAdmin: true }, await adminToken(world()))
    owner = { ...owner, token: await signIn(world(), owner) }
    token = await create(owner.token, all)
  })

  /** A value that a type takes. */
  const sample = (type: GraphQLInputType): unknown => {
    if (isNonNullType(type)) return sample(type.ofType)
    if (isListType(type)) return []
    if (isEnumType(type)) return type.getValues()[0]?.name
    if (isInputObjectType(type)) {
      const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) && field.defaultValue === undefined)
      return Object.fromEntries(needed.map((field) => [field.name, sample(field.type)]))
    }
    return { Boolean: false, Int: 1, DateTime: '2100-01-01T00:00:00.000Z' }[type.name] ?? 'x'
  }
  const fields = { query: schema.getQueryType()?.getFields() ?? {}, mutation: schema.getMutationType()?.getFields() ?? {} }
  const refused = (Object.keys(askedByOperation) as OperationName[]).filter((name) => PERSONAL.includes(askedByOperation[name]))

  it.each(refused)('%s of GraphQL is refused', async (name) => {
    const kind = name in fields.query ? 'query' : 'mutation'
    const args = (fields[kind][name]?.args ?? []).filter(({ type }) => isNonNullType(type))
    const declared = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
    const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
    const [head, tail] = args.length === 0 ? ['', ''] : [`(${declared})`, `(${passed})`]
    const variables = Object.fromEntries(args.map((arg) => [arg.name, sample(arg.type)]))
    if (kind === 'query')
      return expectFailure(await query(world(), `${name}${tail} { __typename }`, token, variables, head), 'errors', 'FORBIDDEN')
    const document = `mutation${head} { result: ${name}${tail} { ${FAILURE} } }`
    expectFailure((await world().graphql(document, variables, token)).body.result, 'PermissionError', 'FORBIDDEN')
  })

  const forbidden = routes.filter(({ name }) => PERSONAL.includes(askedByRoute[name] ?? 'anyone'))
  it.each(forbidden)('$name is refused', async (route) => {
    const before = await world().db.client.user.findUniqueOrThrow({ where: { id: owner.id } })
    const answer = await world().request(route.method, urlOf(route, owner.id), {
      token,
      ...(route.takesBody ? { json: sampleBody(route) } : {}),
    })
    expectError(route.mount, answer, 403)
    expect(await world().db.client.user.findUniqueOrThrow({ where: { id: owner.id } })).toEqual(before)
  })

  it('more than a few operations and routes belong to a person', () => {
    expect([refused.length, forbidden.length].map((count) => count > 8)).toEqual([true, true])
  })

  it('a personal access token does not see what belongs to a person: sessions, tokens, addresses that wait', async () => {
    const [session] = (await query(world(), 'me { sessions { id } }', owner.token)).sessions
    const [{ id }] = (await query(world(), 'me { personalAccessTokens { id } }', owner.token)).personalAccessTokens
    for (const hidden of ['sessions { id }', 'personalAccessTokens { id }', 'pendingEmails { address }'])
      expectFailure(await query(world(), `me { ${hidden} }`, token), 'errors', 'FORBIDDEN')
    for (const node of [session.id, id]) expect(await query(world(), `node(id: "${node}") { id }`, token)).toBeNull()
  })
})

describe('beside sessions', () => {
  const few = useWorld({ MAX_SESSIONS: '2' })

  it('tokens are no sessions in the list, take no place of theirs, and are not ended by the limit', async () => {
    const someone = await person(few())
    const tokens = [await create(someone.token, [], few()), await create(someone.token, [], few()), await create(someone.token, [], few())]
    const works = async (token: string) => (await few().get('/v1/profile', token)).status === 200
    const second = await signIn(few(), someone)
    expect(await Promise.all([someone.token, second, ...tokens].map(works))).toEqual([true, true, true, true, true])
    expect((await query(few(), 'me { sessions { id } }', second)).sessions).toHaveLength(2)
    few().advance(1000)
    const third = await signIn(few(), someone)
    expect(await Promise.all([someone.token, third, ...tokens].map(works))).toEqual([false, true, true, true, true])
  })
})
