/**
 * docs/dialects.md has every field there is, and shows the example as it is: each snippet stands in the files of examples/fifth-dialect,
 * line by line. The dialect that the page begins with is made and served in test/process/elsewhere.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const example = new URL('../../examples/fifth-dialect/', import.meta.url)
const read = (path: string, base: URL | string = example): string => readFileSync(new URL(path, base), 'utf8')
const page = read('../../docs/dialects.md', import.meta.url)
const [intro = '', steps = ''] = page.split('\n## A larger example\n')
const snippets = [...steps.matchAll(/```(ts|graphql)\n(.*?)```/gs)].map(([, kind, text]) => [kind as string, text as string] as const)

it('docs/dialects.md has snippets of the documents, the rows, the errors and the dialect', () => {
  expect(snippets.map(([kind]) => kind)).toEqual(['graphql', 'ts', 'ts', 'ts', 'ts', 'ts', 'ts'])
})

it('docs/dialects.md begins with a whole dialect of two routes, in some fifty lines', () => {
  const [, dialect = ''] = /```ts\n(.*?)```/s.exec(intro) ?? []
  expect(dialect.match(/^ {2}(?:get|post)\($/gm)).toHaveLength(2)
  expect(dialect).toContain('export default defineDialect({')
  expect(dialect.split('\n').length).toBeLessThan(55)
})

/** The fields of an interface of src/rest/dialect.ts or src/rest/rows.ts. */
const fieldsOf = (name: string): string[] => {
  const source = ['dialect', 'rows'].map((file) => read(`../../src/rest/${file}.ts`, import.meta.url)).join('\n')
  const [, body = ''] = new RegExp(`^(?:export )?interface ${name}\\b.*?^(.*?)^}`, 'ms').exec(source) ?? []
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field]) => field as string)
}

it.each([
  ['Texts', 7],
  ['RowOptions', 3],
  ['Mount', 5],
  ['Dialect', 9],
] as const)('explains each field of %s', (name, count) => {
  const fields = fieldsOf(name)
  expect(fields).toHaveLength(count)
  // What it would be is always `custom`.
  const reported = fields.filter((field) => field !== 'surface')
  expect(reported.filter((field) => !new RegExp(`^\\|.*\`${field}\``, 'm').test(steps))).toEqual([])
})

it.each(snippets)('as they are in the example: %s\n%s', (kind, text) => {
  const sources = readdirSync(example)
    .filter((name) => name.endsWith(`.${kind}`))
    .map((name) => read(name))
  expect(sources.filter((source) => source.includes(text))).toHaveLength(1)
})

it('the fifth dialect is less than 200 lines of code by hand', () => {
  const lines = ['dialect.ts', 'errors.ts', 'inputs.ts', 'texts.ts'].map((name) => read(name).split('\n').length - 1)
  process.stdout.write(`the fifth dialect: ${lines.join(' + ')} lines by hand\n`)
  expect(lines.reduce((sum, count) => sum + count)).toBeLessThan(200)
})
