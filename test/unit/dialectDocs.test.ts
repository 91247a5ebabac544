/** docs/dialects.md shows the example as it is: each of its snippets stands in the files of examples/fifth-dialect, line by line. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const example = new URL('../../examples/fifth-dialect/', import.meta.url)
const read = (path: string, base: URL | string = example): string => readFileSync(new URL(path, base), 'utf8')
const page = read('../../docs/dialects.md', import.meta.url)
const snippets = [...page.matchAll(/```(ts|graphql)\n(.*?)```/gs)].map(([, kind, text]) => [kind as string, text as string] as const)

it('has snippets of the documents, the rows, the errors and the dialect', () => {
  expect(snippets.map(([kind]) => kind)).toEqual(['graphql', 'ts', 'ts', 'ts', 'ts'])
})

it.each(snippets)('as they are in the example: %s\n%s', (kind, text) => {
  const sources = readdirSync(example)
    .filter((name) => name.endsWith(`.${kind}`))
    .map((name) => read(name))
  expect(sources.filter((source) => source.includes(text))).toHaveLength(1)
})

it('is less than 200 lines of code by hand', () => {
  const lines = ['dialect.ts', 'errors.ts'].map((name) => read(name).split('\n').length - 1)
  process.stdout.write(`the fifth dialect: ${lines.join(' + ')} lines by hand\n`)
  expect(lines.reduce((sum, count) => sum + count)).toBeLessThan(200)
})
