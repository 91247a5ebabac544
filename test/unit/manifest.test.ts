/** A manifest of persisted documents is whole, or keeps the program from starting: one line for each thing that is wrong. */
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
import { readManifest } from '../../src/graphql/manifest.ts'
import { sha256, useManifests } from '../support/manifest.ts'

const { fileOf, manifestOf } = useManifests()
const ME = 'query Me { me { id } }'

const problemsOf = (path: string, env: Readonly<Record<string, string>> = {}): readonly string[] => {
  try {
    readManifest(readConfig({ ...env, PERSISTED_OPERATIONS: path }))
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}
const expectProblem = (path: string, ...expected: RegExp[]): void => {
  const problems = problemsOf(path)
  expect(problems).toHaveLength(expected.length)
  for (const [index, line] of expected.entries()) expect(problems[index]).toMatch(line)
  for (const problem of problems) expect(problem).toMatch(/^PERSISTED_OPERATIONS: [^\n]+$/)
}

test('without the setting there is no manifest', () => {
  expect(readManifest(readConfig({}))).toBeUndefined()
})

test('all documents are there under their hashes', () => {
  expect(readManifest(readConfig({ PERSISTED_OPERATIONS: manifestOf(ME) }))).toEqual(new Map([[sha256(ME), ME]]))
})

describe('the files of other tools are read:', () => {
  const ofFile = (manifest: object) => readManifest(readConfig({ PERSISTED_OPERATIONS: fileOf(JSON.stringify(manifest)) }))
  const SHA256 = '2e3e49f19828396c35f7f9415f5558239d37f5d85b674851f58bf43337f5aaab'
  const RELAY = 'query bMeQuery {\n  me {\n    id\n    name\n  }\n}\n'

  test.each([
    ["that of GraphQL Code Generator's client preset", `sha256:${SHA256}`, []],
    ['that of the client preset with SHA-1', 'e566dd90f24a265cee6522ff745203ccaa0db5e3', ['e566dd90f24a265cee6522ff745203ccaa0db5e3']],
    ['that of the client preset with a function for the ids', 'Me-v1', ['Me-v1']],
    ['an id with a name of prototypes', 'constructor', ['constructor']],
    ['an id with a prefix of its own', 'x-front-end:me', ['x-front-end:me']],
  ])('%s', (_tool, id, more) => {
    expect(ofFile({ [id]: ME })).toEqual(new Map([...more, SHA256].map((name) => [name, ME])))
  })

  test("Relay's, whose ids are MD5", () => {
    expect(ofFile({ db54b663ed241d203a765bbe67ebd170: RELAY })).toEqual(
      new Map([
        ['db54b663ed241d203a765bbe67ebd170', RELAY],
        ['cbe0dc5253a058de9b3a4116747c984c72a4cbc25576cda9f87fe0b2b5f0b00a', RELAY],
      ]),
    )
  })

  describe("Apollo's manifest of persisted queries:", () => {
    const BODY = 'mutation SignOutAll {\n  signOutEverywhere {\n    __typename\n  }\n}'
    const ID = 'a2eccfb9b2482441ab64905366eef7dfab67ec200594d1e2d5ddcfb4d1bb6df6'
    const of = (operations: unknown, more: object = {}) => ({ format: 'apollo-persisted-query-manifest', version: 1, operations, ...more })
    const operation = { id: ID, name: 'SignOutAll', type: 'mutation', body: BODY }

    test('its documents are there by their ids', () => {
      expect(ofFile(of([operation]))).toEqual(new Map([[ID, BODY]]))
      expect(ofFile(of([{ ...operation, id: 'SignOutAll' }]))?.get('SignOutAll')).toBe(BODY)
    })

    test.each([
      ['another version', of([operation], { version: 2 }), /is an Apollo manifest of version 2; version 1 is known$/],
      ['no list', of({}), /is an Apollo manifest without a list of operations$/],
      ['no document', of([]), /holds no document$/],
      ['no id', of([{ body: BODY }]), /operations\[0\]: has no id$/],
      ['no body', of([{ id: ID }]), new RegExp(`${ID}: is not text$`)],
      ['null', of([operation, null]), /operations\[1\]: has no id$/],
      [
        'an id of two documents',
        of([
          { ...operation, id: 'a' },
          { id: 'a', body: ME },
        ]),
        /a: is the id of two documents$/,
      ],
    ])('%s is refused', (_what, manifest, line) => expectProblem(fileOf(JSON.stringify(manifest)), line))
  })
})

describe('what is wrong with the file is said:', () => {
  test('it is not there', () => expectProblem('/nowhere/persisted.json', /\/nowhere\/persisted\.json cannot be read \(ENOENT\)$/))
  test.each([
    ['not JSON', '{', /is not JSON$/],
    ['empty', '', /is not JSON$/],
    ['a list', `["${ME}"]`, /is not a JSON object/],
    ['null', 'null', /is not a JSON object/],
    ['without a document', '{}', /holds no document$/],
  ])('%s', (_what, text, line) => expectProblem(fileOf(text), line))
})

describe('what is wrong with a document is said, by its hash:', () => {
  const wrong = sha256('something else')

  test.each([
    ['the hash of something else', { [wrong]: ME }, new RegExp(`${wrong}: is not the SHA-256`)],
    ['a hash in upper case', { [sha256(ME).toUpperCase()]: ME }, /is not the SHA-256 of its document, in lower-case hex$/],
    ['the hash of something else, with its prefix', { [`sha256:${wrong}`]: ME }, /sha256:\w+: is not the SHA-256 of its document/],
    ['a prefix without a hash', { 'sha256:me': ME }, /sha256:me: is not the SHA-256 of its document/],
    ['the MD5 of something else', { db54b663ed241d203a765bbe67ebd170: ME }, /: is not the MD5 of its document, in lower-case hex$/],
    ['the SHA-1 of something else', { [wrong.slice(24)]: ME }, /: is not the SHA-1 of its document, in lower-case hex$/],
    ['a document that is not text', { [wrong]: { query: ME } }, new RegExp(`${wrong}: is not text$`)],
    ['a subscription', { [sha256('subscription { x }')]: 'subscription { x }' }, /not configured to execute subscription operation/],
  ])('%s', (_what, manifest, line) => expectProblem(fileOf(JSON.stringify(manifest)), line))

  test.each([
    ['', /: is not an id: 1 to 256 visible ASCII characters$/],
    ['two words', /two words: is not an id: 1 to 256 visible ASCII characters$/],
    ['é', /é: is not an id: 1 to 256 visible ASCII characters$/],
    ['x'.repeat(257), /x{80}: is not an id: 1 to 256 visible ASCII characters$/],
  ])('the id %j', (id, line) => expectProblem(fileOf(JSON.stringify({ [id]: ME })), line))

  test.each([
    ['a syntax error', 'query {', /Syntax Error/],
    ['no field of the schema', '{ nothing }', /Cannot query field "nothing"/],
    ['more than 2,000 tokens', `{ ${'a '.repeat(2_001)} }`, /2000 tokens/],
    ['more than 20 root fields', `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: __typename`).join(' ')} }`, /at most 20 fields/],
    [
      'two secrets tried at once',
      'mutation { a: signOut { __typename } signIn(input: {identifier: "a", password: "b"}) { __typename } b: signIn(input: {identifier: "a", password: "c"}) { __typename } }',
      /at most one of these/,
    ],
    [
      'too much asked for',
      '{ users(first: 500) { ... on UserConnection { edges { node { sessions { id } } } } } }',
      /at most 25000 fields/,
    ],
  ])('%s', (_what, document, line) => {
    const [problem = '', ...others] = problemsOf(manifestOf(document))
    expect(others).toEqual([])
    expect(problem).toMatch(line)
    expect(problem).toContain(`: ${sha256(document)}: `)
    expect(problem).not.toContain('\n')
  })

  test('introspection, where that is off', () => {
    const path = manifestOf('{ __schema { types { name } } }')
    expect(problemsOf(path)).toEqual([])
    expect(problemsOf(path, { INTROSPECTION: 'false' }).join()).toMatch(/introspection/i)
  })

  test('all of it at once', () => {
    const manifest = { [wrong]: ME, [sha256('{ a }')]: '{ a }', [sha256('{ b c }')]: '{ b c }', [sha256(ME)]: ME }
    expectProblem(fileOf(JSON.stringify(manifest)), /SHA-256/, /field "a"/, /field "b"/, /field "c"/)
  })
})

describe('the settings', () => {
  const settingsOf = (env: Readonly<Record<string, string>>) => readConfig({ PERSISTED_OPERATIONS: 'x.json', ...env })
  const ONLY = { PERSISTED_OPERATIONS_ONLY: 'true' }

  test('run nothing else only where there is a file', () => {
    expect(() => readConfig(ONLY)).toThrow(/^PERSISTED_OPERATIONS_ONLY: needs the file of PERSISTED_OPERATIONS$/)
  })

  test('turn GraphiQL off where nothing that is typed would run, and refuse it where it was asked for', () => {
    expect(settingsOf({}).GRAPHIQL).toBe(true)
    expect(settingsOf(ONLY).GRAPHIQL).toBe(false)
    expect(() => settingsOf({ ...ONLY, GRAPHIQL: 'true' })).toThrow(/^GRAPHIQL: must not be true/)
  })
})
