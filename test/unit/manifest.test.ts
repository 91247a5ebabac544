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
    ['a hash with a prefix', { [`sha256:${sha256(ME)}`]: ME }, /sha256:\w+: is not the SHA-256/],
    ['a document that is not text', { [wrong]: { query: ME } }, new RegExp(`${wrong}: is not text$`)],
    ['a subscription', { [sha256('subscription { x }')]: 'subscription { x }' }, /not configured to execute subscription operation/],
  ])('%s', (_what, manifest, line) => expectProblem(fileOf(JSON.stringify(manifest)), line))

  test('a key of a prototype', () => {
    expectProblem(fileOf(`{"__proto__": "${ME}"}`), /: __proto__: is not the SHA-256/)
    expectProblem(fileOf(`{"constructor": "${ME}"}`), /: constructor: is not the SHA-256/)
  })

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
