/**
 * An OpenAPI document as plain JSON, and the places in it: operations with their full paths, schemas and examples with the JSON
 * Pointers (RFC 6901) that name them.
 */

export type Json = Readonly<Record<string, unknown>>

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** What is at a key, as an object; empty if there is none. */
export const at = (value: unknown, key: string): Json => {
  const inner = (value as Json | undefined)?.[key]
  return typeof inner === 'object' && inner !== null ? (inner as Json) : {}
}

export const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])

export const pointerOf = (...keys: readonly (string | number)[]): string =>
  keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** @returns undefined if nothing is there */
export const lookUp = (document: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((value: unknown, key) => (value as Json | undefined)?.[key], document)

/** The object that a reference of this document stands for. */
export const resolved = (document: Json, value: Json): Json =>
  typeof value.$ref === 'string' ? ((lookUp(document, decodeURIComponent(value.$ref.slice(1))) ?? {}) as Json) : value

export interface Operation {
  readonly method: string
  /** Below the base path of the server, as it is called. */
  readonly path: string
  readonly template: string
  readonly pointer: string
  readonly pathItem: Json
  readonly operation: Json
}

export const operationsOf = (document: Json): Operation[] => {
  const base = String(list(document.servers)[0]?.url ?? '').replace(/\/$/, '')
  return Object.entries(at(document, 'paths')).flatMap(([template, pathItem]) =>
    Object.entries(pathItem as Json)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: base + template,
        template,
        pointer: pointerOf('paths', template, method),
        pathItem: pathItem as Json,
        operation: operation as Json,
      })),
  )
}

/** Where a schema can stand, with what can show examples of it: a Media Type, Parameter or Header Object. */
export interface Holder {
  readonly pointer: string
  readonly value: Json
}

const contentHolders = (pointer: string, value: Json): Holder[] =>
  Object.entries(at(value, 'content')).map(([type, media]) => ({ pointer: pointer + pointerOf('content', type), value: media as Json }))

const parameterHolders = (pointer: string, value: Json): Holder[] => [{ pointer, value }, ...contentHolders(pointer, value)]

const responseHolders = (pointer: string, value: Json): Holder[] => [
  ...Object.entries(at(value, 'headers')).flatMap(([name, header]) =>
    parameterHolders(pointer + pointerOf('headers', name), header as Json),
  ),
  ...contentHolders(pointer, value),
]

const each = (pointer: string, value: unknown, holders: (pointer: string, value: Json) => Holder[]): Holder[] =>
  Object.entries((value ?? {}) as Json).flatMap(([key, inner]) => holders(pointer + pointerOf(key), inner as Json))

export const holdersOf = (document: Json): Holder[] => {
  const components = at(document, 'components')
  return [
    ...operationsOf(document).flatMap(({ pointer, operation }) => [
      ...each(`${pointer}/parameters`, operation.parameters, parameterHolders),
      ...contentHolders(`${pointer}/requestBody`, at(operation, 'requestBody')),
      ...each(`${pointer}/responses`, operation.responses, responseHolders),
    ]),
    ...each('/components/parameters', components.parameters, parameterHolders),
    ...each('/components/headers', components.headers, parameterHolders),
    ...each('/components/requestBodies', components.requestBodies, contentHolders),
    ...each('/components/responses', components.responses, responseHolders),
  ]
}

const MAPS = ['properties', 'patternProperties', '$defs', 'dependentSchemas']
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const SINGLES = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames', 'unevaluatedProperties']

/** A schema and all that are in it, with their pointers. */
export const schemasIn = (pointer: string, schema: unknown): Holder[] => {
  if (typeof schema !== 'object' || schema === null) return []
  const value = schema as Json
  return [
    { pointer, value },
    ...[...MAPS, ...LISTS].flatMap((key) =>
      Object.entries((value[key] ?? {}) as Json).flatMap(([name, inner]) => schemasIn(pointer + pointerOf(key, name), inner)),
    ),
    ...SINGLES.flatMap((key) => schemasIn(pointer + pointerOf(key), value[key])),
  ]
}

export const schemasOf = (document: Json): Holder[] => [
  ...holdersOf(document).flatMap(({ pointer, value }) => schemasIn(`${pointer}/schema`, value.schema)),
  ...Object.entries(at(at(document, 'components'), 'schemas')).flatMap(([name, schema]) =>
    schemasIn(pointerOf('components', 'schemas', name), schema),
  ),
]
