/**
 * The reader of Widdershins documents skips nothing: a line that has no place in the template is an error, and so is a cell that
 * is no word of its column. Each case is the original of `idiot` with one line changed.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { at, operationsOf } from '../support/openApiDocument.ts'
import { committed, names } from './committed.ts'
import { parseMarkdown } from './markdown/parse.ts'
import { typeOf } from './markdown/tables.ts'
import { thingsOf } from './things.ts'
import { markdownOf } from './widdershins.ts'

const read = (file: string): string => readFileSync(new URL(`./originals/${file}`, import.meta.url), 'utf8')
const original = read('idiot-backend-api.md')

/** The first `line` of the original replaced. */
const withLine = (line: string, replacement: string): string => {
  const at = original.indexOf(`\n${line}\n`)
  if (at === -1) throw new Error(`not in the original: ${line}`)
  return `${original.slice(0, at)}\n${replacement}\n${original.slice(at + line.length + 2)}`
}

/** Rows of tables, counted without the reader: lines in bars, but for heads and the lines below them. */
const rowsIn = (markdown: string): number => {
  const bars = markdown.split('\n').filter((line) => line.startsWith('|'))
  return bars.length - 2 * bars.filter((line) => line.startsWith('|---')).length
}

const READ_FROM_ROWS = ['parameter', 'body property', 'status', 'response property', 'response header', 'schema property']

it.each(['idiot-backend-api.md', 'authentication-api.md'])('every row of a table and every JSON of %s is read', (file) => {
  const markdown = read(file)
  const things = thingsOf(parseMarkdown(markdown))
  expect(rowsIn(markdown)).toBeGreaterThan(20)
  expect(things.filter(({ kind }) => READ_FROM_ROWS.includes(kind))).toHaveLength(rowsIn(markdown))
  expect(things.filter(({ kind }) => kind === 'example')).toHaveLength(markdown.split('\n```json\n').length - 1)
  expect(things.filter(({ kind }) => kind === 'security requirement')).toHaveLength(markdown.split('</aside>').length - 1)
})

describe('an original', () => {
  it('an original is read from its first operation to its last schema', () => {
    const { operations, schemas } = parseMarkdown(original)
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toHaveLength(6)
    expect(schemas.at(-1)?.properties.map(({ path }) => path)).toEqual(['message', 'request_id'])
  })

  it.each([
    [
      'a row with a cell too many',
      '|id|path|string|true|id of user to return|',
      '|id|path|string|true|id of user|to return|',
      /6 cells below 5/,
    ],
    ['a row that breaks off', '|id|path|string|true|id of user to return|', '|id|path|string|true|id of user', /no row of a table/],
    ['a place that is none', '|id|path|string|true|id of user to return|', '|id|url|string|true|x|', /no place of a parameter: url/],
    ['neither true nor false', '|id|path|string|true|id of user to return|', '|id|path|string|yes|x|', /neither true nor false: yes/],
    ['a property below no body', '|id|path|string|true|id of user to return|', '|» id|path|string|true|x|', /no property of the body/],
    ['a status that is none', '|default|Default|unexpected error|[Error](#schemaerror)|', '|other|Default|x|None|', /no status: other/],
    ['a table of other columns', '|Status|Meaning|Description|Schema|', '|Status|Meaning|Schema|Description|', /a table \|Status\|/],
    ['no line below the head of a table', '|---|---|---|---|', '|200|OK|ok|None|', /a table without a line below its head/],
    ['a method that is none', '`GET /users/{id}`', '`FETCH /users/{id}`', /no method and path/],
    ['a line between tables', 'Status Code **200**', 'Status 200', /no status of a schema/],
    ['another heading', '<h3 id="authlogin-responses">Responses</h3>', '### Answers', /responses are missing/],
    ['a line after the responses', '# Schemas', 'And so on.', /nothing is expected/],
    ['a note that says nothing', 'None ( Scopes: users:create )', 'None ( users:create )', /no security requirement/],
    ['a base URL that is none', '* <a href="/v1">/v1</a>', '* /v1', /no base URL/],
    ['an example that is no JSON', '```json', '```yaml', /JSON is missing/],
  ])('an original with %s is refused', (_what, line, replacement, message) => {
    expect(() => parseMarkdown(withLine(line, replacement))).toThrow(message)
    expect(() => parseMarkdown(withLine(line, replacement))).toThrow(/^line \d+: /)
  })
})

it.each(['```json\n{', '<aside class="warning">\nand so on'])('the parser refuses %j, which does not end', (rest) => {
  expect(() => parseMarkdown(`${original}\n${rest}`)).toThrow(/is missing/)
})

it.each(names)('the parser reads the whole document of %s, operation by operation', async (name) => {
  const document = committed(name)
  const { operations, schemas } = parseMarkdown(await markdownOf(document))
  const reported = operations.map(({ method, path }) => `${method} ${path}`).sort()
  expect(reported).toEqual(
    operationsOf(document)
      .map(({ method, template }) => `${method} ${template}`)
      .sort(),
  )
  expect(schemas.map((schema) => schema.name)).toEqual(Object.keys(at(at(document, 'components'), 'schemas')))
})

it('the parser reads what the originals do not have: deep bodies, choices, headers, lists of values', async () => {
  const text = { type: 'string' }
  const body = {
    type: 'object',
    required: ['deep'],
    properties: {
      deep: {
        type: 'object',
        properties: { list: { type: 'array', items: { type: 'object', properties: { last: { type: 'integer' } } } } },
      },
      choice: {
        oneOf: [
          { type: 'object', properties: { one: text } },
          { type: 'object', properties: { other: text } },
        ],
      },
      word: { type: ['string', 'null'], enum: ['a', 'b', null] },
    },
  }
  const content = { 'application/json': { schema: body } }
  const { operations } = parseMarkdown(
    await markdownOf({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      paths: {
        '/x': {
          post: {
            description: 'One line.\n\nAnother line.',
            requestBody: { content },
            responses: { 200: { description: 'ok', headers: { 'x-a': { description: 'A', schema: text } }, content } },
          },
        },
      },
    }),
  )
  const [operation] = operations
  const paths = ['deep', 'deep.list', 'deep.list.last', 'choice', 'choice.[]', 'choice.[].one', 'choice.[]#2', 'choice.[]#2.other', 'word']
  expect(operation?.description).toBe('One line.\nAnother line.')
  expect(operation?.bodyProperties.map(({ path }) => path)).toEqual(paths)
  expect(operation?.bodyProperties.find(({ path }) => path === 'deep')?.required).toBe(true)
  expect(operation?.responseProperties.map(({ property }) => property.path)).toEqual([
    'deep',
    'deep.list',
    'deep.list.last',
    'choice',
    'oneOf#1.[]',
    'oneOf#1.[].one',
    'xor#2.[]',
    'xor#2.[].other',
    'continued#3.word',
  ])
  expect(operation?.responseHeaders).toEqual([{ status: '200', name: 'x-a', type: 'string', format: '', description: 'A' }])
  expect(operation?.enumeratedValues.map(({ property, value }) => `${property} ${value}`)).toContain('word a')
})

it.each([
  ['string', 'string'],
  ['string,null', 'string¦null'],
  ['null,string', 'string¦null'],
  ['string,null(email)', 'string(email)¦null'],
  ['string(email)', 'string(email)'],
  ['string¦null', 'string¦null'],
  ['[User](#schemauser)', 'User'],
  ['[[User](#schemauser)]', '[User]'],
  ['[string]', '[string]'],
])('the parser prints the type %s as %s', (cell, type) => {
  expect(typeOf(cell)).toBe(type)
})
