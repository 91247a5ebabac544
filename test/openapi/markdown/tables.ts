/**
 * The tables of a Widdershins document, row by row. A type loses its links, and what OpenAPI 3.0 and 3.1 print differently for
 * "may be null" is `¦null` in both. A cell that is none of the words that can stand there is an error.
 */
import { fail, type Table } from './blocks.ts'
import type { Cursor } from './cursor.ts'
import type { EnumeratedValue, Parameter, Property, Response, ResponseHeader } from './model.ts'

const INDENT = '»'

/** What a table prints where nothing is said. */
const said = (cell: string): string | undefined => (cell === 'none' ? undefined : cell)

const truth = (cell: string, line: number): boolean => {
  if (cell !== 'true' && cell !== 'false') fail(line, `neither true nor false: ${cell}`)
  return cell === 'true'
}

/** `[[User](#schemauser)]` is `[User]`, `string,null(email)` is `string(email)¦null`. */
export const typeOf = (cell: string): string => {
  const plain = cell.replace(/\[(\w+)\]\(#schema\w+\)/g, '$1')
  const [, type, format = ''] = /^([a-z]+),null(\(.*\))?$/.exec(plain) ?? /^null,([a-z]+)(\(.*\))?$/.exec(plain) ?? []
  return type === undefined ? plain : `${type}${format}¦null`
}

/** Rows with `»` before their names, as paths; `top` comes before each. */
class Paths {
  readonly #names: string[] = []
  readonly #anonymous = new Map<string, number>()
  readonly #top: string

  constructor(top: string) {
    this.#top = top
  }

  of(cell: string): string {
    const [marks = ''] = /^»*/.exec(cell) ?? []
    const name = cell.slice(marks.length).trim()
    this.#names.length = Math.min(this.#names.length, marks.length)
    while (this.#names.length < marks.length) this.#names.push('')
    this.#names.push(name === '*anonymous*' ? this.#nameless() : name)
    return [this.#top, ...this.#names].filter((part) => part !== '').join('.')
  }

  /** What has no name is numbered below its parent, from the second one on. */
  #nameless(): string {
    const parent = this.#names.join('.')
    const number = (this.#anonymous.get(parent) ?? 0) + 1
    this.#anonymous.set(parent, number)
    return number === 1 ? '[]' : `[]#${number}`
  }
}

export const propertiesOf = (table: Table, top = ''): Property[] => {
  const paths = new Paths(top)
  return table.rows.map(([name = '', type = '', required = '', restrictions = '', description = '']) => ({
    path: paths.of(name),
    type: typeOf(type),
    required: truth(required, table.line),
    restrictions: said(restrictions),
    description: said(description),
  }))
}

/** Parameters, and the properties of the body, which stand below it in the same table. */
export const parametersOf = (table: Table): { readonly parameters: Parameter[]; readonly bodyProperties: Property[] } => {
  const paths = new Paths('')
  const parameters: Parameter[] = []
  const bodyProperties: Property[] = []
  for (const [name = '', place = '', type = '', required = '', description = ''] of table.rows) {
    const row = { type: typeOf(type), required: truth(required, table.line), description: said(description) }
    if (!['path', 'query', 'header', 'cookie', 'body'].includes(place)) fail(table.line, `no place of a parameter: ${place}`)
    if (!name.startsWith(INDENT)) parameters.push({ name, in: place, ...row })
    else if (place === 'body') bodyProperties.push({ path: paths.of(name), restrictions: undefined, ...row })
    else fail(table.line, `${name} in ${place} is no property of the body`)
  }
  return { parameters, bodyProperties }
}

export const responsesOf = (table: Table): Response[] =>
  table.rows.map(([status = '', meaning = '', description = '', schema = '']) => {
    if (!/^([1-5]\d\d|default)$/.test(status)) fail(table.line, `no status: ${status}`)
    return {
      status,
      meaning: meaning.replace(/^\[(.+)\]\(.*\)$/, '$1'),
      description: said(description),
      schema: schema === 'None' ? undefined : typeOf(schema),
    }
  })

export const responseHeadersOf = (table: Table): ResponseHeader[] =>
  table.rows.map(([status = '', name = '', type = '', format = '', description = '']) => ({
    status,
    name,
    type,
    format,
    description: said(description),
  }))

/** `#### Enumerated Values` below the table of the properties or parameters that they belong to. */
export const enumeratedValuesOf = (cursor: Cursor, owner: 'Parameter' | 'Property'): EnumeratedValue[] => {
  if (cursor.heading(4, 'Enumerated Values') === undefined) return []
  return cursor.table(owner, 'Value').rows.map(([name = '', value = '']) => ({ property: name.replace(/^»* ?/, ''), value }))
}
