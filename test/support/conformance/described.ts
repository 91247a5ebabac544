/**
 * The operations of an OpenAPI 3.1 document (openApiDocument.ts) as what may be asked and answered: parameters, bodies and responses,
 * every `$ref` to a response, header, parameter or request body followed. Schemas are left as they stand.
 */
import { type Json, type JsonObject, list, objectAt, operationsOf, resolved } from '../openApiDocument.ts'

export interface Header {
  readonly required: boolean
  readonly schema: Json
}

export interface Declared {
  /** By its name in lower case. */
  readonly headers: ReadonlyMap<string, Header>
  /** The schemas by media type, without parameters. */
  readonly content: ReadonlyMap<string, Json>
  /** Whether there may be no body all the same, and then no type. */
  readonly mayBeEmpty: boolean
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
      const { headers, content, 'x-may-be-empty': mayBeEmpty } = resolved(document, node)
      return [status, { headers: headersOf(document, headers), content: schemasOf(content), mayBeEmpty: mayBeEmpty === true }]
    }),
  )

const parametersOf = (document: JsonObject, nodes: readonly Json[]): Parameter[] =>
  nodes.map((node) => {
    const { name, in: place, required, schema } = resolved(document, node)
    return { name: String(name), in: String(place), required: required === true, schema: schema ?? true }
  })

/** Every operation of a document; `prefix` is what the settings put in front of the dialect's paths. */
export function describeDocument(dialect: string, document: JsonObject, prefix = ''): Described {
  const operations = operationsOf(document).map(({ method, path, pathItem, operation }): Operation => {
    const body = resolved(document, operation.requestBody)
    return {
      dialect,
      name: `${method} ${path.slice(prefix.length)}`,
      method,
      path,
      parameters: parametersOf(document, [...list(pathItem.parameters), ...list(operation.parameters)]),
      body: schemasOf(body.content),
      bodyRequired: body.required === true,
      responses: responsesOf(document, operation.responses),
    }
  })
  return { dialect, document, operations }
}
