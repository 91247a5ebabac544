/**
 * One operation of a Widdershins document, from its heading to the note that says who may. What stands there and has no place
 * in the template of Widdershins 4 is an error.
 */
import { fail, type Line } from './blocks.ts'
import type { Cursor } from './cursor.ts'
import type { EnumeratedValue, Example, Operation, Property, SecurityRequirement } from './model.ts'
import { enumeratedValuesOf, parametersOf, propertiesOf, responseHeadersOf, responsesOf } from './tables.ts'

const OPEN = 'This operation does not require authentication'
const NEEDED = 'To perform this operation, you must be authenticated by means of one of the following methods:\n'

const emphasized = ({ text }: Line): boolean => /^\*[^*].*\*$/.test(text)
const joined = (lines: readonly Line[]): string | undefined => (lines.length === 0 ? undefined : lines.map(({ text }) => text).join('\n'))

/** The URL and the headers of the shell sample. */
const sampleOf = (cursor: Cursor): { readonly url: string; readonly requestHeaders: string[] } => {
  if (!cursor.quote('Code samples')) cursor.fail('code samples are missing')
  const samples = cursor.takeAll('code')
  const shell = samples.find(({ language }) => language === 'shell') ?? cursor.fail('a shell sample is missing')
  const [, url] = /^curl -X [A-Z]+ (\S+)/m.exec(shell.text) ?? []
  if (url === undefined) return fail(shell.line, 'the shell sample has no URL')
  return { url, requestHeaders: [...shell.text.matchAll(/-H '([^']+)'/g)].map(([, header = '']) => header) }
}

const methodAndPath = (cursor: Cursor): { readonly method: string; readonly path: string } => {
  const line = cursor.must('text', 'method and path', ({ text }) => text.startsWith('`'))
  const [, method, path] = /^`(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS) (\/\S*)`$/.exec(line.text) ?? []
  return method === undefined || path === undefined ? fail(line.line, `no method and path: ${line.text}`) : { method, path }
}

/** As JSON; a form post is the same once more, as YAML. */
const bodyExampleOf = (cursor: Cursor): Example | undefined => {
  if (!cursor.quote('Body parameter')) return undefined
  const title = cursor.take('quote')?.text ?? 'body'
  const value = cursor.json()
  cursor.take('code', ({ language }) => language === 'yaml')
  return { title, value }
}

/** `#### Detailed descriptions` tell again, in full, what the table cuts off. */
const skipDetailedDescriptions = (cursor: Cursor): void => {
  if (cursor.heading(4, 'Detailed descriptions') !== undefined) cursor.takeAll('text')
}

const parameterPart = (cursor: Cursor) => {
  if (cursor.heading(3, 'Parameters') === undefined) return { parameters: [], bodyProperties: [], enumeratedValues: [] }
  const table = parametersOf(cursor.table('Name', 'In', 'Type', 'Required', 'Description'))
  skipDetailedDescriptions(cursor)
  return { ...table, enumeratedValues: enumeratedValuesOf(cursor, 'Parameter') }
}

/** A title stands once above the examples that have the same. */
const examplesOf = (cursor: Cursor): Example[] => {
  const examples: Example[] = []
  if (!cursor.quote('Example responses')) return examples
  let title = ''
  while (cursor.next?.kind === 'quote' || cursor.next?.kind === 'code') {
    title = cursor.take('quote')?.text.replace(/ Response$/, '') ?? title
    examples.push({ title, value: cursor.json() })
  }
  return examples
}

interface ResponseSchemas {
  readonly responseProperties: { readonly status: string; readonly property: Property }[]
  readonly enumeratedValues: EnumeratedValue[]
}

const COMBINED = /^(oneOf|anyOf|allOf|xor|or|and|not|continued)\b/

/** The tables of one schema: its own, then those of `oneOf` and the like, whose paths begin with their title and number. */
export const schemaTablesOf = (cursor: Cursor): Property[] => {
  const properties: Property[] = []
  for (let number = 0; ; number++) {
    const line = cursor.take('text', (text) => emphasized(text) || COMBINED.test(text.text))
    if (cursor.next?.kind !== 'table') {
      if (line !== undefined && number > 0) cursor.fail(`a table below ${line.text} is missing`)
      return properties
    }
    const title = line?.text.replaceAll('*', '') ?? ''
    const table = cursor.table('Name', 'Type', 'Required', 'Restrictions', 'Description')
    properties.push(...propertiesOf(table, COMBINED.test(title) ? `${title}#${number}` : ''))
  }
}

const responseSchemasOf = (cursor: Cursor): ResponseSchemas => {
  const found: ResponseSchemas = { responseProperties: [], enumeratedValues: [] }
  if (cursor.heading(3, 'Response Schema') === undefined) return found
  while (cursor.next?.kind === 'text') {
    const line = cursor.must('text', 'a status')
    const [, status] = /^Status Code \*\*(\w+)\*\*$/.exec(line.text) ?? []
    if (status === undefined) return fail(line.line, `no status of a schema: ${line.text}`)
    found.responseProperties.push(...schemaTablesOf(cursor).map((property) => ({ status, property })))
    found.enumeratedValues.push(...enumeratedValuesOf(cursor, 'Property'))
  }
  return found
}

const securityOf = (cursor: Cursor): SecurityRequirement[] => {
  const note = cursor.must('note', 'who may')
  if (note.text === OPEN) return []
  if (!note.text.startsWith(NEEDED)) fail(note.line, `nobody knows who may: ${note.text}`)
  return note.text
    .slice(NEEDED.length)
    .split(/, | & /)
    .map((entry) => {
      const [, scheme, scopes = ''] = /^(\w+)(?: \( Scopes: ((?:\S+ )+)\))?$/.exec(entry) ?? []
      if (scheme === undefined) return fail(note.line, `no security requirement: ${entry}`)
      return { scheme: scheme === 'None' ? undefined : scheme, scopes: scopes.split(' ').filter((scope) => scope !== '') }
    })
}

export const operationOf = (cursor: Cursor, heading: string, tag: string): Operation => {
  const anchor = cursor.take('anchor')
  const sample = sampleOf(cursor)
  const target = methodAndPath(cursor)
  const summary = cursor.take('text', emphasized)?.text.slice(1, -1)
  const description = joined(cursor.takeAll('text'))
  const bodyExample = bodyExampleOf(cursor)
  const { parameters, bodyProperties, enumeratedValues } = parameterPart(cursor)
  const examples = examplesOf(cursor)
  if (cursor.heading(3, 'Responses') === undefined) cursor.fail('responses are missing')
  const responses = responsesOf(cursor.table('Status', 'Meaning', 'Description', 'Schema'))
  const schemas = responseSchemasOf(cursor)
  const headers = cursor.heading(3, 'Response Headers') && cursor.table('Status', 'Header', 'Type', 'Format', 'Description')
  return {
    heading,
    operationId: anchor?.text.replace(/^opId/, ''),
    tag,
    ...target,
    ...sample,
    summary,
    description,
    bodyExample,
    parameters,
    bodyProperties,
    responses,
    responseProperties: schemas.responseProperties,
    responseHeaders: headers === undefined ? [] : responseHeadersOf(headers),
    examples,
    enumeratedValues: [...enumeratedValues, ...schemas.enumeratedValues],
    security: securityOf(cursor),
  }
}
