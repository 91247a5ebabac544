/**
 * Reads a document that Widdershins 4 wrote: one reader for the originals and for what it makes of ours. All of it is read, in
 * the order of Widdershins' template; what is not understood is an error that names its line.
 */
import { blocksOf, fail, type Heading, type Line } from './blocks.ts'
import { Cursor } from './cursor.ts'
import type { Document, Operation, Schema, Tag } from './model.ts'
import { operationOf, schemaTablesOf } from './operation.ts'
import { enumeratedValuesOf } from './tables.ts'

const AUTHENTICATION = 'Authentication'
const SCHEMAS = 'Schemas'
const BASE_URLS = 'Base URLs:'

const textOf = (lines: readonly Line[]): string | undefined => (lines.length === 0 ? undefined : lines.map(({ text }) => text).join('\n'))

const serverOf = ({ text, line }: Line): string => {
  const [, url] = /^\* <a href="([^"]*)">\1<\/a>$/.exec(text) ?? []
  return url ?? fail(line, `no base URL: ${text}`)
}

const introOf = (cursor: Cursor) => {
  const lines = cursor.takeAll('text')
  const at = lines.findIndex(({ text }) => text === BASE_URLS)
  const end = at === -1 ? lines.length : at
  return { description: textOf(lines.slice(0, end)), servers: lines.slice(end + 1).map(serverOf) }
}

/** The name of a scheme is only printed for keys; a bearer scheme is its word. */
const schemeOf = ({ text, line }: Line): string => {
  const [, scheme] = /^- HTTP Authentication, scheme: (\w+)/.exec(text) ?? /^\* API Key \((\w+)\)/.exec(text) ?? []
  return scheme ?? fail(line, `no security scheme: ${text}`)
}

const securitySchemesOf = (cursor: Cursor): string[] => {
  if (cursor.heading(1, AUTHENTICATION) === undefined) return []
  return cursor
    .takeAll('text')
    .filter(({ text }) => !text.startsWith('- Parameter Name:'))
    .map(schemeOf)
}

/** One heading at a time: what stands below it is read before the next one. */
function* headings(cursor: Cursor): Generator<string> {
  for (let heading = cursor.take('heading', second); heading !== undefined; heading = cursor.take('heading', second)) yield heading.text
}
const second = ({ level }: Heading): boolean => level === 2

const tagsAndOperationsOf = (cursor: Cursor): { readonly tags: Tag[]; readonly operations: Operation[] } => {
  const tags: Tag[] = []
  const operations: Operation[] = []
  while (cursor.next?.kind === 'heading' && cursor.next.text !== SCHEMAS) {
    const { text: name } = cursor.must('heading', 'a tag', ({ level }) => level === 1)
    tags.push({ name, description: textOf(cursor.takeAll('text')) })
    for (const heading of headings(cursor)) operations.push(operationOf(cursor, heading, name))
  }
  return { tags, operations }
}

const schemaOf = (cursor: Cursor, name: string): Schema => {
  cursor.takeAll('anchor')
  const example = cursor.json()
  const description = textOf(cursor.takeAll('text'))
  if (cursor.heading(3, 'Properties') === undefined) cursor.fail('properties are missing')
  const properties = schemaTablesOf(cursor)
  if (properties.length === 0) cursor.take('text', ({ text }) => text === '*None*')
  return { name, description, example, properties, enumeratedValues: enumeratedValuesOf(cursor, 'Property') }
}

const schemasOf = (cursor: Cursor): Schema[] => {
  if (cursor.heading(1, SCHEMAS) === undefined) return []
  const schemas: Schema[] = []
  for (const name of headings(cursor)) schemas.push(schemaOf(cursor, name))
  return schemas
}

export const parseMarkdown = (markdown: string): Document => {
  const { frontMatter, blocks } = blocksOf(markdown)
  const title = frontMatter.find((line) => line.startsWith('title: '))?.slice('title: '.length) ?? fail(1, 'no title')
  const cursor = new Cursor(blocks)
  cursor.must('heading', 'the title', ({ level, text }) => level === 1 && text === title)
  cursor.must('quote', 'the line on code samples', ({ text }) => text.startsWith('Scroll down for code samples'))
  const document = { title, ...introOf(cursor), securitySchemes: securitySchemesOf(cursor), ...tagsAndOperationsOf(cursor) }
  const schemas = schemasOf(cursor)
  if (!cursor.ended) cursor.fail('nothing is expected')
  return { ...document, schemas }
}
