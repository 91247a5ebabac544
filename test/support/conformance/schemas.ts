/**
 * Compiles the schemas of an OpenAPI document, once each, when they are first asked for. For answers every object schema is closed:
 * what a document does not declare does not go out, unless the schema says `additionalProperties` itself. Parts of a whole (`allOf`,
 * or alternatives beside `properties`) stay open, and the whole is closed; so does what a schema excludes (`not`). For requests schemas are taken as they stand.
 */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { isObject, type Json, type JsonObject, objectAt } from '../openApiDocument.ts'

/** What is wrong with a value, one line for each fault. */
export type Validate = (value: unknown) => readonly string[]

const MAPS = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas'])
const ALTERNATIVES = new Set(['anyOf', 'oneOf'])
const SINGLE = new Set(['items', 'additionalProperties', 'unevaluatedProperties', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'])
const COMPONENT = /^#\/components\/schemas\/[^/]+$/

const CLOSED = 'closed'
const OPEN = 'open'

const isWhole = (schema: JsonObject): boolean => isObject(schema.properties) || schema.type === 'object' || Array.isArray(schema.allOf)
const saysItself = (schema: JsonObject): boolean => 'additionalProperties' in schema || 'unevaluatedProperties' in schema

const leadTo = (reference: string, home: string): string => {
  if (!COMPONENT.test(reference)) throw new Error(`${reference}: only schemas of the components are followed`)
  return home + reference
}

const each = (value: Json, work: (schema: Json) => Json): Json =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, work(schema)])) : value

/** A copy of a schema whose references lead into the documents that `compiler` registers. */
const close = (schema: Json, open: boolean): Json => {
  if (!isObject(schema)) return schema
  const parts = (list: Json, areOpen: boolean): Json => (Array.isArray(list) ? list.map((part: Json) => close(part, areOpen)) : list)
  const copy = Object.entries(schema).map(([keyword, value]): [string, Json] => {
    if (keyword === '$ref') return [keyword, leadTo(String(value), open ? OPEN : CLOSED)]
    if (keyword === 'allOf') return [keyword, parts(value, true)]
    if (keyword === 'prefixItems') return [keyword, parts(value, false)]
    if (ALTERNATIVES.has(keyword)) return [keyword, parts(value, open || isWhole(schema))]
    if (MAPS.has(keyword)) return [keyword, each(value, (one) => close(one, false))]
    return [keyword, SINGLE.has(keyword) ? close(value, keyword === 'not') : value]
  })
  const isClosed = !open && isWhole(schema) && !saysItself(schema)
  return Object.fromEntries(isClosed ? [...copy, ['unevaluatedProperties', false]] : copy)
}

const asItStands = (schema: Json): Json => {
  if (Array.isArray(schema)) return schema.map(asItStands)
  if (!isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [
      keyword,
      keyword === '$ref' && typeof value === 'string' ? leadTo(value, OPEN) : asItStands(value),
    ]),
  )
}

const LENIENT = { strict: false, allErrors: true, validateSchema: false, logger: false } as const

interface Ways {
  readonly components: () => Readonly<Record<string, Json>>
  readonly prepare: (schema: Json) => Json
  /** Formats that say nothing of a value, as all do by JSON Schema's own rule (2020-12, validation, 7.2.1). */
  readonly annotations: readonly string[]
}

const makeAjv = ({ components, annotations }: Ways): Ajv2020 => {
  const ajv = new Ajv2020(LENIENT)
  formats.default(ajv)
  for (const name of annotations) ajv.addFormat(name, true)
  for (const [home, schemas] of Object.entries(components())) ajv.addSchema({ components: { schemas } } as object, home)
  return ajv
}

const reported = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath || 'the whole'} ${message} ${JSON.stringify(params)}`

/** Compiles when asked, and remembers by the schema's own identity. */
const compiler = (ways: Ways): ((schema: Json) => Validate) => {
  let ajv: Ajv2020 | undefined
  const compiled = new Map<Json, Validate>()
  return (schema) => {
    const known = compiled.get(schema)
    if (known !== undefined) return known
    ajv ??= makeAjv(ways)
    const check = ajv.compile(ways.prepare(schema) as object | boolean)
    const validate: Validate = (value) => (check(value) ? [] : (check.errors ?? []).map(reported))
    compiled.set(schema, validate)
    return validate
  }
}

const schemasOf = (document: JsonObject): Json => objectAt(document.components).schemas ?? {}

/** For what goes out. E-mail addresses are not validated again: those of imports are what they are, and `""` is that there is none. */
export const answerSchemas = (document: JsonObject): ((schema: Json) => Validate) =>
  compiler({
    components: () => ({
      [CLOSED]: each(schemasOf(document), (one) => close(one, false)),
      [OPEN]: each(schemasOf(document), (one) => close(one, true)),
    }),
    prepare: (schema) => close(schema, false),
    annotations: ['email'],
  })

/** For what comes in. */
export const requestSchemas = (document: JsonObject): ((schema: Json) => Validate) =>
  compiler({ components: () => ({ [OPEN]: each(schemasOf(document), asItStands) }), prepare: asItStands, annotations: [] })
