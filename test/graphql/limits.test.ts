/**
 * What documents can be made to cost: each attack on the executor, the validator or the parser, and what it gets. Nothing of a refused
 * document runs, and its answer is short.
 */
import { describe, expect, it } from 'vitest'
import { admin, person } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld()

const COST = 'An operation can ask for at most 25000 fields, lists counted by their length.'
const NESTED = 'A page of a list cannot hold pages of lists.'

const numbered = (count: number, textOf: (index: number) => string) => Array.from({ length: count }, (_, index) => textOf(index)).join(' ')
const names = (count: number, field = 'id') => numbered(count, (index) => `a${index}: ${field}`)
const events = (size: string, selection: string) =>
  `auditEvents(${size}) { ... on AuditEventConnection { edges { node { ${selection} } } } }`
const users = (size: string, selection: string) => `users(${size}) { edges { node { ${selection} } } }`

/** Sends a document as an administrator, who may read everything. */
const send = async (query: string, variables: object = {}) => {
  const { token } = await admin(world())
  return await world().request('POST', '/graphql', { json: { query, variables }, token })
}

describe('refused before anything runs', () => {
  it.each<[string, string, string]>([
    ['lists within lists', `{ ${users('first: 500', events('first: 500', 'id'))} }`, NESTED],
    ['lists within lists, to any depth', `{ ${users('first: 1', events('first: 1', `user { ${events('first: 1', 'id')} }`))} }`, NESTED],
    [
      'lists within lists, hidden in fragments',
      `{ ${users('first: 500', '...A')} } fragment A on User { ${events('last: 9', 'id')} }`,
      NESTED,
    ],
    [
      'a list for each of 21 names',
      `{ me { ${Array.from({ length: 21 }, (_, at) => `a${at}: ${events('first: 1', 'id')}`).join(' ')} } }`,
      'An operation has at most 20 pages of lists.',
    ],
    ['sessions of a long page', `{ ${users('first: 500', 'sessions { id }')} }`, COST],
    ['sessions of a page whose length is not said', `{ ${users('orderBy: { field: NAME }', `sessions { ${names(5)} }`)} }`, COST],
    [
      'ten attempts of each delivery of a long page',
      '{ webhookDeliveries(webhookId: "none", first: 500) { ... on WebhookDeliveryConnection { edges { node { log { at status reason milliseconds a: at } } } } } }',
      COST,
    ],
    ['three details of each event of a long page', `{ ${events('first: 500', `details { ${names(16, 'value')} }`)} }`, COST],
    ['many names for one field of a long page', `{ ${users('first: 500', names(50))} }`, COST],
    ['many names behind directives', `{ ${users('first: 500', `... @skip(if: true) { ${names(50)} }`)} }`, COST],
    [
      'many names in a fragment that is spread everywhere',
      `{ ${users('first: 500', '...A b: personalAccessTokens { id } ...B')} } fragment A on User { ${names(25)} } fragment B on User { ...A ... { ...A } }`,
      COST,
    ],
    ['21 fields at the root', `{ ${names(21, '__typename')} }`, 'An operation has at most 20 fields at its root.'],
    ['fragments in a circle', '{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }', 'Cannot spread fragment'],
    [
      'the schema with a hundred names for the fields of the types of all fields',
      `{ __schema { types { fields { type { ofType { fields { ${names(100, 'name')} } } } } } } }`,
      'An operation can ask for the schema as often as two standard introspection queries do.',
    ],
    [
      'introspection without an end',
      `{ __schema { types { ${'fields { type { '.repeat(4)} name ${'} } '.repeat(4)} } } }`,
      'Maximum introspection depth exceeded',
    ],
    ['one directive many times', `{ me { id ${'@include(if: true) '.repeat(200)} } }`, 'can only be used once at this location'],
  ])('%s', async (_attack, document, message) => {
    const { status, body, text } = await send(document)
    expect([status, body.data]).toEqual([200, undefined])
    expect(body.errors.map((error: Error) => error.message).join('\n')).toContain(message)
    expect(text.length).toBeLessThan(100_000)
  })

  it.each<[string, string]>([
    ['too many words', `{ me { ${'id '.repeat(2_000)} } }`],
    ['brackets without an end', `{ a(b: ${'['.repeat(50_000)}`],
    ['selections without an end', '{ me '.repeat(10_000)],
    ['objects without an end', `{ a(b: ${'{ a: '.repeat(10_000)}`],
  ])('%s, which are not even parsed', async (_attack, document) => {
    const { status, body, text } = await send(document)
    expect([status, body.data, body.errors.length, body.errors[0].extensions.code]).toEqual([200, undefined, 1, 'GRAPHQL_PARSE_FAILED'])
    expect(body.errors[0].message).toContain('2000 tokens')
    expect(text.length).toBeLessThan(1_000)
  })

  it('a document whose name of 90,000 letters is in each of its mistakes gets the beginning of each', async () => {
    const wrong = `query ${'x'.repeat(90_000)} { user(id: [${numbered(90, (index) => `$a${index}`)}]) { __typename } }`
    const { body, text } = await send(wrong)
    expect(body.errors.at(-1).message).toMatch(/^Variable "\$a\d+" is not defined by operation "x{400,500} …$/)
    expect(text.length).toBeLessThan(100_000)
  })

  it('a document of nothing but mistakes gets a hundred of them', async () => {
    const { body } = await send(`{ ${Array.from({ length: 1_900 }, (_, index) => `nope${index}`).join(' ')} }`)
    expect(body.errors.length).toBeLessThanOrEqual(102)
  })
})

describe('what would take long to validate is refused first', () => {
  const REPEATED = 'A selection has at most 20 fields of one name.'
  it.each<[string, string, string]>([
    ['one field again and again', `{ me { ${'id '.repeat(21)} } }`, REPEATED],
    ['one name for fields that differ', `{ me { ${'a: id a: name '.repeat(320)} } }`, REPEATED],
    ['one name in many fragments', `{ me { ${'... { sessions { id } } '.repeat(21)} } }`, REPEATED],
    ['one field of the root', `{ ${'me { sessions { id } } '.repeat(270)} }`, REPEATED],
    ['one name within a fragment', `{ me { ...A } } fragment A on User { ${'sessions { id } '.repeat(400)} }`, REPEATED],
    [
      'fragments that are compared with each other',
      `{ me { ${numbered(101, (at) => `...F${at}`)} } } ${numbered(101, (at) => `fragment F${at} on User { id }`)}`,
      'A document has at most 100 fragments.',
    ],
  ])('%s', async (_attack, document, message) => {
    const { status, body } = await send(document)
    expect([status, body.data]).toEqual([200, undefined])
    expect(new Set(body.errors.map((error: Error) => error.message))).toEqual(new Set([message]))
  })

  it('20 fields of one name, and 100 fragments, are taken', async () => {
    const document = `{ me { ${'id '.repeat(20)} ${numbered(100, (at) => `...F${at}`)} } } ${numbered(100, (at) => `fragment F${at} on User { id }`)}`
    expect((await send(document)).body.errors).toBeUndefined()
  })
})

it('fragments that spread the next one twice each, so that 2^60 ways lead to the last one, are read once each', async () => {
  const chain = numbered(60, (at) => `fragment F${at} on Query { ${at === 59 ? '__typename' : `...F${at + 1} ...F${at + 1}`} }`)
  const begun = performance.now()
  expect((await send(`{ ...F0 } ${chain}`)).body).toEqual({ data: { __typename: 'Query' } })
  expect(performance.now() - begun).toBeLessThan(2_000)
})

describe('the length of lists is that of the settings', () => {
  const many = useWorld({ MAX_SESSIONS: '1000' })
  const few = useWorld({ MAX_SESSIONS: '5' })
  const OF_SESSIONS = `{ me { sessions { ${names(30)} } } }`
  const OF_A_PAGE = `{ ${users('first: 100', 'sessions { id userAgent }')} }`

  it.each<[string, '5' | '100' | '1000', string, readonly string[]]>([
    ['30 fields of each session', '100', OF_SESSIONS, []],
    ['30 fields of each session', '1000', OF_SESSIONS, [COST]],
    ['sessions of a page of 100 accounts', '5', OF_A_PAGE, []],
    ['sessions of a page of 100 accounts', '1000', OF_A_PAGE, [COST]],
  ])('%s with MAX_SESSIONS=%s', async (_what, setting, query, expected) => {
    const there = { '5': few, '100': world, '1000': many }[setting]()
    const { token } = await admin(there)
    const { body } = await there.request('POST', '/graphql', { json: { query }, token })
    expect((body.errors ?? []).map(({ message }: Error) => message)).toEqual(expected)
  })

  it('a page whose length is a variable counts as the longest', async () => {
    const query = `query($first: Int) { ${users('first: $first', names(60))} }`
    expect((await send(query, { first: 1 })).body.errors[0].message).toBe(COST)
    expect((await send(query.replace('first: $first', 'first: 1').replace('($first: Int)', ''))).body.errors).toBeUndefined()
  })
})

it('a request is one document: a list of them is refused, and nothing of it runs', async () => {
  const before = await world().db.client.auditEvent.count()
  const guess = { query: 'mutation { signIn(input: { identifier: "ada", password: "a guess" }) { __typename } }' }
  const { status, body } = await world().request('POST', '/graphql', { json: Array.from({ length: 100 }, () => guess) })
  expect([status, body.data]).toEqual([400, undefined])
  expect(await world().db.client.auditEvent.count()).toBe(before)
})

it('a person without rights gets no longer lists than an administrator', async () => {
  const { token } = await person(world())
  const query = `{ me { ${events('first: 500', names(60))} } }`
  expect((await world().request('POST', '/graphql', { json: { query }, token })).body.errors[0].message).toBe(COST)
})
