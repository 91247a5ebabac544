/**
 * An OpenAPI 3.1 document as a list of operations: each with its whole path (server and path together) and its responses, every
 * `$ref` to a response, header, parameter or request body followed. Schemas are left as they stand.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

export interface Header {
  readonly required: boolean
  readonly schema: Json
}

export interface Declared {
  /** By its name in lower case. */
  readonly headers: ReadonlyMap<string, Header>
  /** The schemas by media type, without parameters. */
  readonly content: ReadonlyMap<string, Json>
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly schema: Json
}

export interface Operation {
  readonly dialect: string
  /** As in the contract: `GET /v1/users/{id}`, below whatever prefix the settings give. */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  /** Schemas of the request body by media type; none where no body is read. */
  readonly body: ReadonlyMap<string, Json>
  readonly bodyRequired: boolean
  /** By status, and `default`. */
  readonly responses: ReadonlyMap<string, Declared>
}

export interface Described {
  readonly dialect: string
  readonly document: JsonObject
  readonly operations: readonly Operation[]
}

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const objectAt = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
const listAt = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])

/** What a local `$ref` stands for, or the node itself. @throws if nothing is there */
export const resolved = (document: JsonObject, node: Json | undefined): JsonObject => {
  const reference = objectAt(node).$ref
  if (typeof reference !== 'string') return objectAt(node)
  const steps = reference.split('/').slice(1)
  let found: Json | undefined = document
  for (const step of steps) found = objectAt(found)[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')]
  if (!isObject(found)) throw new Error(`the document has nothing at ${reference}`)
  return resolved(document, found)
}

const schemasOf = (content: Json | undefined): Map<string, Json> =>
  new Map(Object.entries(objectAt(content)).map(([type, media]) => [type.toLowerCase(), objectAt(media).schema ?? true]))

const headersOf = (document: JsonObject, headers: Json | undefined): Map<string, Header> =>
  new Map(
    Object.entries(objectAt(headers)).map(([name, node]) => {
      const { required, schema } = resolved(document, node)
      return [name.toLowerCase(), { required: required === true, schema: schema ?? true }]
    }),
  )

const responsesOf = (document: JsonObject, responses: Json | undefined): Map<string, Declared> =>
  new Map(
    Object.entries(objectAt(responses)).map(([status, node]) => {
      const { headers, content } = resolved(document, node)
      return [status, { headers: headersOf(document, headers), content: schemasOf(content) }]
    }),
  )

const parametersOf = (document: JsonObject, nodes: readonly Json[]): Parameter[] =>
  nodes.map((node) => {
    const { name, in: place, required, schema } = resolved(document, node)
    return { name: String(name), in: String(place), required: required === true, schema: schema ?? true }
  })

/** The path of the first server, without a slash at its end. */
const basePath = (document: JsonObject): string => {
  const { url } = objectAt(listAt(document.servers)[0])
  return typeof url === 'string' ? new URL(url, 'http://server').pathname.replace(/\/+$/, '') : ''
}

/** Every operation of a document; `prefix` is what the settings put in front of the dialect's paths. */
export function describeDocument(dialect: string, document: JsonObject, prefix = ''): Described {
  const base = basePath(document)
  const operations = Object.entries(objectAt(document.paths)).flatMap(([path, node]) => {
    const item = objectAt(node)
    return METHODS.filter((method) => isObject(item[method])).map((method): Operation => {
      const operation = objectAt(item[method])
      const body = resolved(document, operation.requestBody)
      const whole = path === '/' && base !== '' ? base : base + path
      return {
        dialect,
        name: `${method.toUpperCase()} ${whole.slice(prefix.length)}`,
        method: method.toUpperCase(),
        path: whole,
        parameters: parametersOf(document, [...listAt(item.parameters), ...listAt(operation.parameters)]),
        body: schemasOf(body.content),
        bodyRequired: body.required === true,
        responses: responsesOf(document, operation.responses),
      }
    })
  })
  return { dialect, document, operations }
}
