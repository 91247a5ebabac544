/**
 * Zod schemas of what comes in and goes out as JSON Schema 2020-12, which is what OpenAPI 3.1 holds (section 4.8.24). Schemas with an
 * `id` become components; two that differ may not share a name.
 */
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'

export type JsonObject = Readonly<Record<string, unknown>>

export interface Components {
  readonly schemas: Record<string, JsonObject>
  /** A schema in place, or a reference to a component. @throws if a name of a component is taken by another one */
  add(schema: z.ZodType): JsonObject
}

const WHOLE = Number.MAX_SAFE_INTEGER

interface Overridden {
  readonly zodSchema: z.core.$ZodTypes
  jsonSchema: z.core.JSONSchema.BaseSchema
}

/** "This or null" as one schema with two types, which says the same as `anyOf` where no keyword of it is about null. */
const joinNull = (jsonSchema: z.core.JSONSchema.BaseSchema): void => {
  const [schema, nothing, ...more] = jsonSchema.anyOf ?? []
  if (schema === undefined || more.length > 0 || !isDeepStrictEqual(nothing, { type: 'null' })) return
  if (typeof schema.type !== 'string' || ['$ref', 'enum', 'const', 'not'].some((key) => key in schema)) return
  delete jsonSchema.anyOf
  Object.assign(jsonSchema, { ...schema, ...jsonSchema, type: [schema.type, 'null'] })
}

/** Dates are sent as RFC 3339 text; a bound that every number meets says nothing; keys of objects are always text; a name is its place. */
const override = ({ zodSchema, jsonSchema }: Overridden): void => {
  if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
  if (jsonSchema.minimum === -WHOLE) delete jsonSchema.minimum
  if (jsonSchema.maximum === WHOLE) delete jsonSchema.maximum
  if (zodSchema._zod.def.type === 'record') delete jsonSchema.propertyNames
  joinNull(jsonSchema)
  delete jsonSchema.id
}

/** Keywords that hold schemas by name, and keywords that hold values. */
const MAPS = ['properties', 'patternProperties', '$defs']
const VALUES = ['example', 'examples', 'default', 'const', 'enum']

/** Where zod puts named schemas, and where OpenAPI does. */
const relocated = (value: unknown, isMap = false): unknown => {
  if (Array.isArray(value)) return value.map((inner) => relocated(inner))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => {
    if (isMap) return [key, relocated(inner)]
    if (key === '$ref' && typeof inner === 'string') return [key, inner.replace('#/$defs/', '#/components/schemas/')]
    return [key, VALUES.includes(key) ? inner : relocated(inner, MAPS.includes(key))]
  })
  return Object.fromEntries(entries)
}

export const createComponents = (): Components => {
  const schemas: Record<string, JsonObject> = {}
  const keep = (name: string, schema: JsonObject): void => {
    const known = schemas[name]
    if (known !== undefined && !isDeepStrictEqual(known, schema)) throw new Error(`Two schemas have the name ${name}`)
    schemas[name] = schema
  }
  return {
    schemas,
    add(schema) {
      const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override })
      for (const [name, named] of Object.entries($defs)) keep(name, relocated(named) as JsonObject)
      return relocated(own) as JsonObject
    },
  }
}
