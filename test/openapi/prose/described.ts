/**
 * Whether a schema speaks of a value that a document prints: each property is known and has a type that fits. What a schema asks for
 * beyond it, and which text may stand there, is left to the schema: a printed `"ISO encoded date string"` stands for a date.
 */
import { at, type JsonObject, list, resolved } from '../../support/openApiDocument.ts'

const jsonType = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const fits = (value: unknown, { type, const: only, enum: some }: JsonObject): boolean => {
  const types = [type].flat()
  const own = only === undefined ? (list(some)[0] as unknown) : only
  const given = jsonType(value)
  return type === undefined
    ? own === undefined || jsonType(own) === given
    : types.includes(given) || (given === 'integer' && types.includes('number'))
}

const choicesOf = ({ anyOf, oneOf }: JsonObject): readonly JsonObject[] => list(anyOf ?? oneOf)

/** Paths of the value that the schema does not know, or knows otherwise. */
export const undescribed = (document: JsonObject, schema: JsonObject, value: unknown, path = ''): string[] => {
  const own = resolved(document, schema)
  const choices = choicesOf(own)
  if (choices.length > 0) {
    const found = choices.map((choice) => undescribed(document, choice, value, path))
    return found.sort((a, b) => a.length - b.length)[0] ?? []
  }
  if (!fits(value, own)) return [`${path}: ${jsonType(value)} is not ${JSON.stringify(own.type ?? own.const ?? own.enum)}`]
  if (Array.isArray(value)) return value.flatMap((element, index) => undescribed(document, at(own, 'items'), element, `${path}[${index}]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const property = at(own, 'properties')[key] ?? own.additionalProperties
    return typeof property === 'object'
      ? undescribed(document, property as JsonObject, inner, `${path}.${key}`)
      : [`${path}.${key}: unknown`]
  })
}
