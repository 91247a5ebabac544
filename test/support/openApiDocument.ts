/**
 * An OpenAPI document as plain JSON, and the places in it: operations with their full paths, schemas and examples with the JSON
 * Pointers (RFC 6901) that name them.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value as an object; empty if it is none. */
export const objectAt = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** What is at a key, as an object; empty if there is none. */
export const at = (value: unknown, key: string): JsonObject => objectAt(objectAt(value)[key])

/** The objects of a list; none if it is no list. */
export const list = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : [])

export const pointerOf = (...keys: readonly (string | number)[]): string =>
  keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** @returns undefined if nothing is there */
export const lookUp = (document: unknown, pointer: string): Json | undefined =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((value: unknown, key) => (value as JsonObject | undefined)?.[key], document) as Json | undefined

/** The object that a value is, or that a reference of this document stands for. @throws if nothing is there */
export const resolved = (document: JsonObject, value: Json | undefined): JsonObject => {
  const { $ref } = objectAt(value)
  if (typeof $ref !== 'string') return objectAt(value)
  const found = lookUp(document, decodeURIComponent($ref.slice(1)))
  if (!isObject(found)) throw new Error(`the document has nothing at ${$ref}`)
  return resolved(document, found)
}

export interface Operation {
  readonly method: string
  /** Below the base path of the server, as it is called. */
  readonly path: string
  readonly template: string
  readonly pointer: string
  readonly pathItem: JsonObject
  readonly operation: JsonObject
}

/** The path of the first server, without a slash at its end. */
const basePath = (document: JsonObject): string => {
  const { url } = list(document.servers)[0] ?? {}
  return typeof url === 'string' ? new URL(url, 'http://server').pathname.replace(/\/+$/, '') : ''
}

export const operationsOf = (document: JsonObject): Operation[] => {
  const base = basePath(document)
  return Object.entries(at(document, 'paths')).flatMap(([template, pathItem]) =>
    Object.entries(pathItem as JsonObject)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: template === '/' && base !== '' ? base : base + template,
        template,
        pointer: pointerOf('paths', template, method),
        pathItem: pathItem as JsonObject,
        operation: operation as JsonObject,
      })),
  )
}

/** Where a schema can stand, with what can show examples of it: a Media Type, Parameter or Header Object. */
export interface Holder {
  readonly pointer: string
  readonly value: JsonObject
}

const contentHolders = (pointer: string, value: JsonObject): Holder[] =>
  Object.entries(at(value, 'content')).map(([type, media]) => ({
    pointer: pointer + pointerOf('content', type),
    value: media as JsonObject,
  }))

const parameterHolders = (pointer: string, value: JsonObject): Holder[] => [{ pointer, value }, ...contentHolders(pointer, value)]

const responseHolders = (pointer: string, value: JsonObject): Holder[] => [
  ...Object.entries(at(value, 'headers')).flatMap(([name, header]) =>
    parameterHolders(pointer + pointerOf('headers', name), header as JsonObject),
  ),
  ...contentHolders(pointer, value),
]

const each = (pointer: string, value: unknown, holders: (pointer: string, value: JsonObject) => Holder[]): Holder[] =>
  Object.entries((value ?? {}) as JsonObject).flatMap(([key, inner]) => holders(pointer + pointerOf(key), inner as JsonObject))

export const holdersOf = (document: JsonObject): Holder[] => {
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
  const value = schema as JsonObject
  return [
    { pointer, value },
    ...[...MAPS, ...LISTS].flatMap((key) =>
      Object.entries((value[key] ?? {}) as JsonObject).flatMap(([name, inner]) => schemasIn(pointer + pointerOf(key, name), inner)),
    ),
    ...SINGLES.flatMap((key) => schemasIn(pointer + pointerOf(key), value[key])),
  ]
}

export const schemasOf = (document: JsonObject): Holder[] => [
  ...holdersOf(document).flatMap(({ pointer, value }) => schemasIn(`${pointer}/schema`, value.schema)),
  ...Object.entries(at(at(document, 'components'), 'schemas')).flatMap(([name, schema]) =>
    schemasIn(pointerOf('components', 'schemas', name), schema),
  ),
]
