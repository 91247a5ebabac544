/**
 * What breaks a front end is found, change by change, and passes only with the version that says so; and the tree itself passes.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkSchema, compareSchemas } from '../../src/tools/schemaCheck.ts'
import { keepRelease } from '../../src/tools/schemaRelease.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const BEFORE = `
interface Node { id: ID! }
type User implements Node { id: ID! name: String! bio: String role: Role friends(first: Int, after: String): [User!]! }
enum Role { ADMIN MEMBER }
type Failure { code: String! }
type Other { x: Int }
type Loose { x: Int }
union UserResult = User | Failure
input UserInput { name: String! bio: String role: Role = MEMBER }
scalar DateTime
type Query { user(id: ID!): UserResult! me: User node(id: ID!): Node other: Other since: DateTime }
type Mutation { createUser(input: UserInput!): UserResult! }
`
/** The schema with one thing said otherwise. */
const changed = (from: string, to: string): string => {
  expect(BEFORE.split(from)).toHaveLength(2)
  return BEFORE.replace(from, to)
}

describe('a front end is broken by', () => {
  test.each([
    ['a field that is gone', ' bio: String role: Role friends', ' role: Role friends', /User\.bio/],
    ['a root field that is gone', ' me: User', '', /Query\.me/],
    [
      'a field that may be null now',
      'name: String! bio: String role: Role friends',
      'name: String bio: String role: Role friends',
      /User\.name/,
    ],
    ['a field of another type', 'code: String!', 'code: Int!', /Failure\.code/],
    ['a list that became one', '[User!]!', 'User!', /User\.friends/],
    ['an argument that is gone', 'first: Int, ', '', /User\.friends/],
    ['an argument that is required now', 'first: Int', 'first: Int!', /User\.friends/],
    ['a new argument that is required', 'user(id: ID!)', 'user(id: ID!, realm: ID!)', /realm/],
    ['an input field that is gone', '! bio: String role: Role = ', '! role: Role = ', /UserInput\.bio/],
    ['an input field that is required now', '! bio: String role: Role = ', '! bio: String! role: Role = ', /UserInput\.bio/],
    ['a new input field that is required', 'input UserInput {', 'input UserInput { realm: ID!', /UserInput\.realm/],
    ['a value of an enum that is gone', 'ADMIN MEMBER', 'MEMBER', /Role\.ADMIN/],
    ['a member of a union that is gone', 'User | Failure', 'User', /UserResult/],
    ['an interface that a type has no more', 'User implements Node', 'User', /User/],
    ['a type that is gone', 'type Loose { x: Int }', '', /Loose/],
    ['a type of another kind', 'scalar DateTime', 'enum DateTime { NOW }', /DateTime/],
  ])('%s', async (_what, from, to, named) => {
    const { breaking } = await compareSchemas(BEFORE, changed(from, to))
    expect(breaking.join('\n')).toMatch(named)
  })
})

describe('a front end may be surprised, but not broken, by', () => {
  test.each([
    ['a new value of an enum', 'ADMIN MEMBER', 'ADMIN GUEST MEMBER', /Role\.GUEST/],
    ['a new member of a union', 'User | Failure', 'User | Failure | Other', /UserResult/],
    ['another default', 'Role = MEMBER', 'Role = ADMIN', /UserInput\.role/],
  ])('%s', async (_what, from, to, named) => {
    const { breaking, dangerous } = await compareSchemas(BEFORE, changed(from, to))
    expect(breaking).toEqual([])
    expect(dangerous.join('\n')).toMatch(named)
  })
})

describe('nothing is said of', () => {
  test.each([
    ['the same schema', 'scalar DateTime', 'scalar DateTime'],
    ['a new field', 'code: String!', 'code: String! message: String!'],
    ['a new type', 'type Loose', 'type Clock { now: DateTime } type Loose'],
    ['a field that is never null any more', 'me: User', 'me: User!'],
    ['a description', 'scalar DateTime', '"A time." scalar DateTime'],
    ['a field that is deprecated', 'me: User', 'me: User @deprecated(reason: "Use node.")'],
  ])('%s', async (_what, from, to) => {
    expect(await compareSchemas(BEFORE, changed(from, to))).toEqual({ breaking: [], dangerous: [] })
  })
})

describe('the check of a tree', () => {
  let tree = ''
  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'vestibule-schema-'))
  })
  afterEach(() => rmSync(tree, { recursive: true, force: true }))

  const write = (path: string, text: string) => writeFileSync(join(tree, path), text)
  const at = (version: string, schema: string) => {
    write('package.json', JSON.stringify({ version }))
    write('schema.graphql', schema)
  }
  const released = (...versions: string[]) => {
    mkdirSync(join(tree, 'docs/releases'), { recursive: true })
    for (const version of versions) write(`docs/releases/${version}.graphql`, BEFORE)
  }
  const WITHOUT = changed(' me: User', '')

  test.each([
    ['0.1.0', '0.1.0', false],
    ['0.1.0', '0.1.9', false],
    ['0.1.0', '0.2.0', true],
    ['0.1.0', '1.0.0', true],
    ['1.4.2', '1.5.0', false],
    ['1.4.2', '1.4.3', false],
    ['1.4.2', '2.0.0', true],
    ['1.4.2', '0.9.0', false],
  ])('a break since %s passes at %s: %s', async (release, version, expected) => {
    released(release)
    at(version, WITHOUT)
    const { passes, text } = await checkSchema(tree)
    expect(passes).toBe(expected)
    expect(text).toMatch(/^Breaking:\n {2}Query\.me: /)
  })

  test('the check of a tree names what to raise, and what is dangerous apart', async () => {
    released('0.1.0')
    at('0.1.0', WITHOUT.replace('ADMIN MEMBER', 'ADMIN GUEST MEMBER'))
    const { text } = await checkSchema(tree)
    expect(text).toMatch(/^Breaking:\n {2}Query\.me.*\nDangerous:\n {2}Role\.GUEST.*\nTake them back, or raise the minor version.*\n$/)
  })

  test('compares with the newest release, by number', async () => {
    released('0.9.0', '0.10.0')
    write('docs/releases/0.9.0.graphql', changed(' me: User', ' me: User gone: Int'))
    at('0.10.0', BEFORE)
    expect(await checkSchema(tree)).toEqual({ passes: true, text: 'No breaking change of schema.graphql since 0.10.0.\n' })
  })

  test('the check of a tree does not pass without a release, nor at a version before the last one', async () => {
    at('0.1.0', BEFORE)
    expect((await checkSchema(tree)).passes).toBe(false)
    released('0.2.0')
    const { passes, text } = await checkSchema(tree)
    expect(passes).toBe(false)
    expect(text).toContain('older than the last release, 0.2.0')
  })

  test('a release is kept once, and never rewritten', async () => {
    at('0.1.0', BEFORE)
    expect(keepRelease(tree)).toEqual({ kept: true, text: 'Wrote docs/releases/0.1.0.graphql.\n' })
    expect(await checkSchema(tree)).toMatchObject({ passes: true })
    expect(keepRelease(tree)).toMatchObject({ kept: true })
    at('0.1.0', WITHOUT)
    expect(keepRelease(tree)).toMatchObject({ kept: false })
    expect(readFileSync(join(tree, 'docs/releases/0.1.0.graphql'), 'utf8')).toBe(BEFORE)
    at('0.2.0', WITHOUT)
    expect(keepRelease(tree)).toMatchObject({ kept: true })
    expect((await checkSchema(tree)).text).toBe('No breaking change of schema.graphql since 0.2.0.\n')
  })

  test('a version that is none is refused', async () => {
    released('0.1.0')
    at('next', BEFORE)
    await expect(checkSchema(tree)).rejects.toThrow('not of the form 1.2.3: next')
  })
})

test('this tree passes, as CI runs it', () => {
  const said = execFileSync(process.execPath, ['src/tools/run.mjs', 'src/tools/schemaCheck.ts'], { cwd: root, encoding: 'utf8' })
  expect(said).toMatch(/since \d+\.\d+\.\d+\.\n$|^Allowed: .*$/m)
})
