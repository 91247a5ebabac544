/**
 * A document as a flat list of things that it says: each has a kind, a name (its place), and words by aspect. What a document
 * leaves out (`none`, and `None` for a schema) is no word, so it claims nothing. Leaves of an example are aspects of their own.
 */
import type { Document, EnumeratedValue, Example, Operation, Parameter, Property, Schema } from './markdown/model.ts'

export const kinds = [
  'document',
  'tag',
  'operation',
  'parameter',
  'body property',
  'status',
  'response property',
  'response header',
  'schema',
  'schema property',
  'enumerated value',
  'example',
  'security requirement',
] as const
export type Kind = (typeof kinds)[number]

export interface Thing {
  readonly kind: Kind
  readonly name: string
  readonly says: Readonly<Record<string, string>>
}

const thing = (kind: Kind, name: string, words: Readonly<Record<string, string | undefined>>): Thing => ({
  kind,
  name,
  says: Object.fromEntries(Object.entries(words).filter((entry): entry is [string, string] => entry[1] !== undefined)),
})

/** `{"user": {"name": "x"}}` says that `.user.name` is `"x"`. */
export const leavesOf = (value: unknown, path = ''): Record<string, string> => {
  if (typeof value !== 'object' || value === null) return { [path]: JSON.stringify(value) }
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((element, index) => [`[${index}]`, element])
    : Object.entries(value).map(([key, element]) => [`.${key}`, element])
  return Object.assign(
    { [path]: Array.isArray(value) ? 'array' : 'object' },
    ...entries.map(([key, element]) => leavesOf(element, path + key)),
  )
}

const parameter = (at: string, { name, in: place, type, required, description }: Parameter): Thing =>
  thing('parameter', `${at} ${place} ${name}`, { type, required: String(required), description })

const property = (kind: Kind, at: string, { path, type, required, restrictions, description }: Property): Thing =>
  thing(kind, `${at} ${path}`, { type, required: String(required), restrictions: restrictions ?? 'none', description })

const example = (at: string, { title, value }: Example): Thing => thing('example', `${at} ${title}`, leavesOf(value))

/** The values that a property may have; where they are listed in two places, they are listed once. */
const enumerated = (at: string, values: readonly EnumeratedValue[]): Thing[] =>
  [...new Set(values.map(({ property: name, value }) => `${at} ${name} ${value}`))].map((name) => thing('enumerated value', name, {}))

/** Examples with names stand under the description of their response. */
const underStatus = (title: string, { responses }: Operation): string =>
  responses.find(({ description }) => description === title)?.status ?? title

/** Of the headers, what says how to call: a client's `Accept` says nothing about the server. */
const callWords = (headers: readonly string[]): Record<string, string> =>
  Object.fromEntries(headers.filter((header) => !header.startsWith('Accept:')).map((header) => [`header ${header}`, 'sent']))

const security = (at: string, { security: requirements }: Operation): Thing =>
  thing('security requirement', at, {
    authentication: requirements.length > 0 ? 'required' : 'none',
    schemes: requirements.some(({ scheme }) => scheme === undefined) ? undefined : requirements.map(({ scheme }) => scheme).join(', '),
    scopes: requirements.flatMap(({ scopes }) => scopes).join(' '),
  })

/** The heading of an operation without an id is method and path, which Widdershins writes as `post__auth_login`: not a word of the document. */
const headingOf = ({ operationId, method, path, heading }: Operation): string | undefined =>
  operationId === undefined && heading === `${method.toLowerCase()}_${path.replaceAll('/', '_')}` ? undefined : heading

/** An operation is called by method and path, so that its id can be compared. */
const operationThings = (operation: Operation): Thing[] => {
  const { method, path, url, operationId, tag, summary, description } = operation
  const heading = headingOf(operation)
  const at = `${method} ${path}`
  return [
    thing('operation', at, { heading, operationId, tag, summary, description, url, ...callWords(operation.requestHeaders) }),
    ...operation.parameters.map((one) => parameter(at, one)),
    ...operation.bodyProperties.map((one) => property('body property', `${at} body`, one)),
    ...operation.responses.map(({ status, meaning, description: text, schema }) =>
      thing('status', `${at} ${status}`, { meaning, description: text, schema }),
    ),
    ...operation.responseProperties.map(({ status, property: one }) => property('response property', `${at} ${status}`, one)),
    ...operation.responseHeaders.map(({ status, name, type, format, description: text }) =>
      thing('response header', `${at} ${status} ${name}`, { type, format, description: text }),
    ),
    ...enumerated(at, operation.enumeratedValues),
    ...(operation.bodyExample === undefined ? [] : [example(at, operation.bodyExample)]),
    ...operation.examples.map(({ title, value }) => example(at, { title: underStatus(title, operation), value })),
    security(at, operation),
  ]
}

const schemaThings = ({ name, description, example: value, properties, enumeratedValues }: Schema): Thing[] => [
  thing('schema', name, { description }),
  ...enumerated(name, enumeratedValues),
  example(name, { title: 'schema', value }),
  ...properties.map((one) => property('schema property', name, one)),
]

export const thingsOf = ({ title, description, servers, securitySchemes, tags, operations, schemas }: Document): Thing[] => [
  thing('document', 'document', {
    title,
    description,
    servers: servers.join(' ') || undefined,
    securitySchemes: securitySchemes.join(' ') || undefined,
  }),
  ...tags.map(({ name, description: text }) => thing('tag', name, { description: text })),
  ...operations.flatMap(operationThings),
  ...schemas.flatMap(schemaThings),
]
