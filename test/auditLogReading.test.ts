/**
 * Reading the audit log through GraphQL: who sees which event and which field, pages by keyset, every filter, and what it
 * costs. The long log is written straight into the database.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { expectFailure, isoDate, MINUTE, mutate, query } from './graphql/ask.ts'
import { admin, grant, PASSWORD, type Person, person, unique } from './support/accounts.ts'
import { statementsOf } from './support/database.ts'
import { outcomes } from './support/expectedEvents.ts'
import { personalToken } from './support/personalToken.ts'
import { useWorld } from './support/world.ts'

const world = useWorld()
let boss: Person
beforeAll(async () => {
  boss = await admin(world())
})

const WHOLE = `id at type outcome userId user { id } actorKind actorId actor { id } surface clientAddress userAgent requestId details { key value }`
const page = (fields: string, args = '') => `auditEvents${args} { edges { node { ${fields} } } }`
const nodesOf = (connection: { edges: { node: unknown }[] }) => connection.edges.map(({ node }) => node)

const own = async (token: string, fields = WHOLE, args = '') =>
  nodesOf((await query(world(), `me { ${page(fields, args)} }`, token)).auditEvents)
const all = async (fields = WHOLE, args = '', token = boss.token) => await query(world(), page(fields, args), token)
const of = async (userId: string, token: string, fields = WHOLE) =>
  (await query(world(), `user(by: { id: "${userId}" }) { ${page(fields)} }`, token)).auditEvents

const hidden = { actorId: null, actor: null, clientAddress: null, userAgent: null, requestId: null }

describe('an event', () => {
  it('an event says who did what, when, from where, through which surface, and how it ended', async () => {
    const someone = await person(world())
    const { headers } = await world().request('PUT', '/v1/profile', {
      json: { firstName: 'Grace' },
      token: someone.token,
      headers: { 'user-agent': 'Test/1.0' },
    })
    const [updated, ...before] = await own(someone.token)
    expect(updated).toEqual({
      id: expect.stringMatching(/^AuditEvent:\d+$/),
      at: isoDate,
      type: 'ACCOUNT_PROFILE_UPDATED',
      outcome: 'SUCCESS',
      userId: someone.id,
      user: { id: someone.id },
      actorKind: 'OWNER',
      actorId: someone.id,
      actor: { id: someone.id },
      surface: 'XIOT',
      clientAddress: '127.0.0.1',
      userAgent: 'Test/1.0',
      requestId: headers.get('x-request-id'),
      details: [{ key: 'FIELDS', value: 'firstName' }],
    })
    expect(before).toMatchObject([{ type: 'SESSION_SIGNED_IN' }, { type: 'ACCOUNT_CREATED' }])
  })

  it('an event of an administrator shows its owner what happened, and administrators who did it and from where', async () => {
    const someone = await person(world())
    await grant(world(), someone, ['users:read'])
    const [seen] = await own(someone.token)
    expect(seen).toMatchObject({ type: 'ACCOUNT_SCOPES_SET', userId: someone.id, user: { id: someone.id }, actorKind: 'OTHER', ...hidden })
    expect(seen).toMatchObject({ details: [{ key: 'SCOPES', value: 'users:read' }] })
    const traced = {
      actorId: boss.id,
      actor: { id: boss.id },
      clientAddress: '127.0.0.1',
      userAgent: 'node',
      requestId: expect.any(String),
    }
    expect(nodesOf(await of(someone.id, boss.token))[0]).toMatchObject({ type: 'ACCOUNT_SCOPES_SET', ...traced })
  })

  it('an event of somebody without a session shows its owner where that one was', async () => {
    const someone = await person(world())
    const other = await person(world())
    await mutate(world(), 'signIn', { identifier: someone.email, password: 'not the right one' }, other.token)
    const [seen] = await own(someone.token)
    expect(seen).toMatchObject({ type: 'SESSION_SIGN_IN_FAILED', outcome: 'FAILURE', actorKind: 'NOBODY', actorId: null, actor: null })
    expect(seen).toMatchObject({ clientAddress: '127.0.0.1', userAgent: 'node', requestId: expect.any(String) })
  })

  it('an event outlives its account', async () => {
    const gone = await person(world())
    const other = await person(world())
    await grant(world(), gone, ['users:delete'])
    await mutate(world(), 'deleteUser', { id: other.id }, gone.token)
    await mutate(world(), 'deleteUser', { id: gone.id }, boss.token)
    const fields = 'type userId user { id } actorId actor { id }'
    expect(nodesOf(await all(fields, `(userId: "${gone.id}")`))).toEqual([
      { type: 'ACCOUNT_DELETED', userId: gone.id, user: null, actorId: boss.id, actor: { id: boss.id } },
      { type: 'ACCOUNT_SCOPES_SET', userId: gone.id, user: null, actorId: boss.id, actor: { id: boss.id } },
      { type: 'SESSION_SIGNED_IN', userId: gone.id, user: null, actorId: gone.id, actor: null },
      { type: 'ACCOUNT_CREATED', userId: gone.id, user: null, actorId: gone.id, actor: null },
    ])
    expect(nodesOf(await all(fields, `(actorId: "${gone.id}")`))[0]).toMatchObject({
      type: 'ACCOUNT_DELETED',
      userId: other.id,
      user: null,
    })
  })
})

describe('the log of an account', () => {
  it('the log of an account is refused to everybody else but administrators', async () => {
    const someone = await person(world())
    const reader = await person(world())
    await grant(world(), reader, ['users'])
    expectFailure(await query(world(), `user(by: { id: "${someone.id}" }) { ${page('type')} }`, reader.token), 'errors', 'FORBIDDEN')
    expect(nodesOf(await of(someone.id, boss.token, 'type'))).toHaveLength(2)
  })

  it("the log of an account is refused to a personal access token, even its owner's", async () => {
    const someone = await person(world())
    const token = await personalToken(world(), someone, ['users'])
    const { body, text } = await world().graphql(`{ me { id ${page('id')} } }`, {}, token)
    expect(body).toEqual({ me: { id: someone.id, auditEvents: null } })
    expect(JSON.parse(text).errors).toMatchObject([{ path: ['me', 'auditEvents'], extensions: { code: 'FORBIDDEN' } }])
    const ofBoss = await personalToken(world(), boss, ['users', 'perm'])
    expectFailure(await query(world(), `me { ${page('id')} }`, ofBoss), 'errors', 'FORBIDDEN')
  })

  it('the log of an account is there for whoever signs in with the same request', async () => {
    const someone = await person(world())
    const document = `mutation($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess { user { ${page('type')} } } } }`
    const { body } = await world().graphql(document, { input: { identifier: someone.email, password: PASSWORD } })
    expect(nodesOf(body.signIn.user.auditEvents)[0]).toEqual({ type: 'SESSION_SIGNED_IN' })
  })

  it('the log of an account takes the filters', async () => {
    const someone = await person(world())
    await mutate(world(), 'signIn', { identifier: someone.email, password: 'not the right one' })
    expect(await own(someone.token, 'type', '(filter: { outcome: FAILURE })')).toEqual([{ type: 'SESSION_SIGN_IN_FAILED' }])
    expect(await own(someone.token, 'type', '(filter: { types: [ACCOUNT_CREATED, KEYS_ROTATED] })')).toEqual([{ type: 'ACCOUNT_CREATED' }])
    expect(await own(someone.token, 'type', '(filter: { surface: WEKAN })')).toEqual([])
  })
})

describe('the whole log', () => {
  it.each<[string, () => Promise<string>, string]>([
    ['nobody', async () => '', 'UNAUTHENTICATED'],
    ['an account', async () => (await person(world())).token, 'FORBIDDEN'],
    ['a personal access token of an administrator', async () => await personalToken(world(), boss, ['perm']), 'FORBIDDEN'],
  ])('the whole log is refused to %s', async (_who, token, code) => {
    expectFailure(await all(WHOLE, '', await token()), 'errors', code)
  })

  it('the whole log is refused to one who holds every scope', async () => {
    const reader = await person(world())
    await grant(world(), reader, ['perm'])
    expectFailure(await all(WHOLE, '', reader.token), 'errors', 'FORBIDDEN')
  })
})

describe('a node', () => {
  const node = async (id: string, token?: string): Promise<unknown> =>
    await query(world(), `node(id: "${id}") { ... on AuditEvent { id type } }`, token)

  it('an event as a node is there for its owner and administrators only', async () => {
    const someone = await person(world())
    const [event] = (await own(someone.token, 'id type')) as { id: string; type: string }[]
    const { id = '' } = event ?? {}
    for (const token of [someone.token, boss.token]) expect(await node(id, token)).toEqual(event)
    for (const token of [undefined, (await person(world())).token, await personalToken(world(), someone, ['users'])])
      expect(await node(id, token)).toBeNull()
  })

  it.each([
    'AuditEvent:0',
    'AuditEvent:',
    'AuditEvent:x',
    'AuditEvent:-1',
    'AuditEvent:1e3',
    `AuditEvent:${'9'.repeat(18)}`,
    `AuditEvent:${'9'.repeat(40)}`,
  ])('the node %s is null', async (id) => {
    expect(await node(id, boss.token)).toBeNull()
  })
})

const TYPES = ['session.signed_in', 'session.sign_in_failed', 'password.changed', 'access.refused'] as const
interface Row {
  readonly type: (typeof TYPES)[number]
  readonly userId: string
  readonly actorId: string | null
  readonly surface: 'graphql' | 'wekan'
  readonly at: Date
}

const ROWS = 230
const start = Date.parse('2001-01-01T00:00:00Z')
const rows: Row[] = Array.from({ length: ROWS }, (_, index) => ({
  type: TYPES[index % 4] ?? 'session.signed_in',
  userId: `long-${index % 3}`,
  actorId: index % 5 === 0 ? null : `actor-${index % 2}`,
  surface: index % 7 === 0 ? 'wekan' : 'graphql',
  at: new Date(start + index * MINUTE),
}))
const requestIds = rows.map((_, index) => `row-${index}`)
/** The rows that fit, as the log lists them. */
const fitting = (fits: (row: Row) => boolean): string[] => requestIds.filter((_, index) => fits(rows[index] as Row)).reverse()
const END = '"2001-01-02T00:00:00Z"'

describe('a long log', () => {
  const list = async (args: string) => {
    const connection = await query(
      world(),
      `auditEvents(${args}) { edges { cursor node { requestId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`,
      boss.token,
    )
    return { ...connection, ids: connection.edges?.map(({ node }: { node: { requestId: string } }) => node.requestId) }
  }

  beforeAll(async () => {
    const data = rows.map((row, index) => ({ ...row, outcome: outcomes[row.type], requestId: requestIds[index] ?? '' }))
    await world().db.client.auditEvent.createMany({ data })
  })

  it.each<[string, string, (row: Row) => boolean]>([
    ['until', `filter: { until: ${END} }`, () => true],
    ['since and until', 'filter: { since: "2001-01-01T01:00:00Z", until: "2001-01-01T02:00:00Z" }', ({ at }) => at.getUTCHours() === 1],
    ['userId', 'userId: "long-1"', ({ userId }) => userId === 'long-1'],
    ['actorId', 'actorId: "actor-0"', ({ actorId }) => actorId === 'actor-0'],
    ['one type', `filter: { until: ${END}, types: [PASSWORD_CHANGED] }`, ({ type }) => type === 'password.changed'],
    [
      'types',
      `filter: { until: ${END}, types: [PASSWORD_CHANGED, ACCESS_REFUSED] }`,
      ({ type }) => type === 'password.changed' || type === 'access.refused',
    ],
    ['no type', `filter: { until: ${END}, types: [] }`, () => false],
    ['outcome', `filter: { until: ${END}, outcome: FAILURE }`, ({ type }) => outcomes[type] === 'failure'],
    [
      'types and outcome',
      `filter: { until: ${END}, outcome: SUCCESS, types: [ACCESS_REFUSED, PASSWORD_CHANGED] }`,
      ({ type }) => type === 'password.changed',
    ],
    ['surface', `filter: { until: ${END}, surface: WEKAN }`, ({ surface }) => surface === 'wekan'],
    [
      'all at once',
      `userId: "long-0", actorId: "actor-1", filter: { until: ${END}, since: "2001-01-01T00:30:00Z", surface: GRAPHQL, outcome: SUCCESS, types: [SESSION_SIGNED_IN, PASSWORD_CHANGED] }`,
      ({ userId, actorId, surface, type, at }) =>
        userId === 'long-0' &&
        actorId === 'actor-1' &&
        surface === 'graphql' &&
        outcomes[type] === 'success' &&
        at.getTime() >= start + 30 * MINUTE,
    ],
    ['nulls', `userId: null, actorId: null, filter: { until: ${END}, types: null, outcome: null, surface: null, since: null }`, () => true],
  ])('filtered by %s: page after page, all that fit, the newest first', async (_name, args, fits) => {
    const ids: string[] = []
    for (let after = 'null'; after !== 'end'; ) {
      const { ids: found, pageInfo } = await list(`first: 40, after: ${after}, ${args}`)
      ids.push(...found)
      after = pageInfo.hasNextPage ? `"${pageInfo.endCursor}"` : 'end'
    }
    expect(ids).toEqual(fitting(fits))
  })

  it('a long log from its end: page before page', async () => {
    const ids: string[] = []
    for (let before = 'null'; before !== 'start'; ) {
      const { ids: found, pageInfo } = await list(`last: 40, before: ${before}, filter: { until: ${END} }`)
      ids.unshift(...found)
      before = pageInfo.hasPreviousPage ? `"${pageInfo.startCursor}"` : 'start'
    }
    expect(ids).toEqual(fitting(() => true))
  })

  it('a long log is cut at both ends', async () => {
    const { edges, ids } = await list(`first: 9, userId: "long-2"`)
    const between = await list(`first: 9, userId: "long-2", after: "${edges[2].cursor}", before: "${edges[6].cursor}"`)
    expect(between.ids).toEqual(ids.slice(3, 6))
    expect(between.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: edges[3].cursor,
      endCursor: edges[5].cursor,
    })
  })

  it('a long log has 50 events a page by default, and 500 at most', async () => {
    expect((await list(`filter: { until: ${END} }`)).ids).toHaveLength(50)
    expect((await list(`first: 500, filter: { until: ${END} }`)).ids).toHaveLength(ROWS)
    expect((await list(`first: 0, filter: { until: ${END} }`)).ids).toEqual([])
  })

  it('a long log is empty where nothing fits, without places', async () => {
    const nothing = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }
    expect(await list('userId: "nobody"')).toMatchObject({ ids: [], pageInfo: nothing })
  })

  it.each([
    ['first: 501', 'first'],
    ['first: -1', 'first'],
    ['last: 501', 'last'],
    ['first: 1, last: 1', 'last'],
    ['after: "nonsense"', 'after'],
    ['before: "bm9uc2Vuc2U"', 'before'],
    ['userId: "a\\u0000b"', 'userId'],
    ['actorId: "\\u0000"', 'actorId'],
    ['filter: { since: "0000-01-01T00:00:00Z" }', 'since'],
    ['filter: { until: "9999-12-31T23:59:59-23:59" }', 'until'],
  ])('a long log refuses %s', async (args, field) => {
    const { ids: _, ...failure } = await list(args)
    expectFailure(failure, 'errors', 'INVALID_INPUT', [field])
  })

  it('a long log refuses a cursor of another list', async () => {
    const { edges } = await query(world(), 'users(first: 1) { edges { cursor } }', boss.token)
    const { ids: _, ...failure } = await list(`after: "${edges[0].cursor}"`)
    expectFailure(failure, 'errors', 'INVALID_INPUT', ['after'])
  })
})

describe('what it costs', () => {
  it('a page with the accounts of each event costs three statements, however many there are', async () => {
    for (let count = 0; count < 3; count += 1) await grant(world(), await person(world()), ['users:read'])
    let events: unknown[] = []
    const statements = await statementsOf(world().db, async () => {
      events = nodesOf(await all('user { id } actor { id }', '(first: 100)'))
    })
    expect(events.length).toBeGreaterThan(9)
    expect(statements).toHaveLength(3)
  })

  const refused = async (document: string) => {
    const { body } = await world().graphql(document, {}, boss.token)
    return body.errors?.map(({ message }: { message: string }) => message)
  }

  it('no page holds pages, not by fragments either', async () => {
    const message = 'A page of a list cannot hold pages of lists.'
    const nested = page(`user { ${page('id')} }`)
    expect(await refused(`{ me { ${nested} } }`)).toContain(message)
    expect(await refused(`{ users { edges { node { ${page('id')} } } } }`)).toContain(message)
    expect(
      await refused(`{ me { ...Log } } fragment Log on User { ${page('actor { ...Inner }')} } fragment Inner on User { ${page('id')} }`),
    ).toContain(message)
  })

  it('an operation has at most 20 pages, not by fragments either', async () => {
    const pages = (count: number) => Array.from({ length: count }, (_, index) => `p${index}: ${page('id', '(first: 1)')}`).join(' ')
    expect(await refused(`{ me { ${pages(20)} } }`)).toBeUndefined()
    expect(await refused(`{ me { ${pages(21)} } }`)).toEqual(['An operation has at most 20 pages of lists.'])
    const twice = `{ me { ...A } also: me { ...A } } fragment A on User { ${pages(11)} }`
    expect(await refused(twice)).toEqual(['An operation has at most 20 pages of lists.'])
  })

  it('fragments that spread each other without end cost nothing', async () => {
    const chain = Array.from({ length: 40 }, (_, index) => `fragment F${index} on User { ...F${index + 1} ...F${index + 1} }`).join(' ')
    const started = performance.now()
    expect(await refused(`{ me { ...F0 } } ${chain} fragment F40 on User { ${page('id', `(first: ${unique()})`)} }`)).toContain(
      'An operation has at most 20 pages of lists.',
    )
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
