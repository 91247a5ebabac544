/**
 * Values out of a JSON Schema of a document: those that it allows, those at and just beyond its limits, and those that no schema
 * of ours allows. What comes out is JSON text, so that numbers too large, keys twice and halves of characters can be written.
 */
import fc, { type Arbitrary } from 'fast-check'
import { anyText, unit } from '../support/anyText.ts'
import { isObject, type Json, type JsonObject, objectAt, resolved } from '../support/openApiDocument.ts'

const ofLength = (length: number): Arbitrary<string> => fc.string({ unit: 'grapheme-ascii', minLength: length, maxLength: length })
const wordOf = (minimum: number, maximum: number): Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: minimum, maxLength: Math.min(maximum, minimum + 20) }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: minimum, maxLength: Math.min(maximum, minimum + 20) }) },
    { weight: 1, arbitrary: fc.constantFrom(minimum, maximum).chain(ofLength) },
  )

/** Nobody has it yet: what one run adds stays there for the next. */
const freshEmail = fc.tuple(fc.uuid(), fc.emailAddress({ size: '-1' })).map(([one, address]) => `${one.slice(0, 8)}${address}`)

const numberOf = (schema: JsonObject, name: string, fallback: number): number =>
  typeof schema[name] === 'number' ? schema[name] : fallback

const formats: Readonly<Record<string, Arbitrary<string>>> = {
  email: freshEmail,
  uuid: fc.uuid(),
  uri: fc.webUrl(),
  'date-time': fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
}

const stringOf = (schema: JsonObject): Arbitrary<string> => {
  const [minimum, maximum] = [numberOf(schema, 'minLength', 0), numberOf(schema, 'maxLength', 200)]
  const format = typeof schema.format === 'string' ? formats[schema.format] : undefined
  if (format !== undefined) return format
  if (typeof schema.pattern !== 'string') return wordOf(minimum, maximum)
  const isLongEnough = (text: string) => [...text].length >= minimum && [...text].length <= maximum
  return fc.stringMatching(new RegExp(schema.pattern, 'u'), { maxLength: maximum }).filter(isLongEnough)
}

const integerOf = (schema: JsonObject): Arbitrary<number> =>
  fc.integer({ min: numberOf(schema, 'minimum', -1_000_000), max: numberOf(schema, 'maximum', 1_000_000) })

const text = (value: unknown): string => JSON.stringify(value)

const objectOf = (document: JsonObject, schema: JsonObject): Arbitrary<string> => {
  const properties = Object.entries(objectAt(schema.properties)).map(([name, one]) => [name, validText(document, one)] as const)
  const requiredKeys = Array.isArray(schema.required) ? (schema.required as string[]) : []
  return fc.record(Object.fromEntries(properties), { requiredKeys }).map(
    (record) =>
      `{${Object.entries(record)
        .map(([name, value]) => `${text(name)}:${value}`)
        .join(',')}}`,
  )
}

const kinds: Readonly<Record<string, (document: JsonObject, schema: JsonObject) => Arbitrary<string>>> = {
  string: (_, schema) => stringOf(schema).map(text),
  integer: (_, schema) => integerOf(schema).map(text),
  number: (_, schema) => integerOf(schema).map(text),
  boolean: () => fc.boolean().map(text),
  null: () => fc.constant('null'),
  object: objectOf,
  array: (document, schema) => fc.array(validText(document, schema.items ?? true), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
}

/** The JSON text of a value that `schema` allows. */
export const validText = (document: JsonObject, schema: Json): Arbitrary<string> => {
  const whole = resolved(document, schema)
  const alternatives = [whole.anyOf, whole.oneOf].find((list) => Array.isArray(list)) as readonly Json[] | undefined
  if (whole.const !== undefined) return fc.constant(text(whole.const))
  if (Array.isArray(whole.enum)) return fc.constantFrom(...whole.enum.map(text))
  if (alternatives !== undefined && !isObject(whole.properties)) return fc.oneof(...alternatives.map((one) => validText(document, one)))
  const types = (Array.isArray(whole.type) ? whole.type : [whole.type ?? (isObject(whole.properties) ? 'object' : 'string')]) as string[]
  return fc.oneof(...types.map((type) => (kinds[type] ?? objectOf)(document, whole)))
}

/** Lengths and numbers at the limits of a schema and one beyond them, and its words spelt otherwise. */
const limitText = (document: JsonObject, schema: Json): Arbitrary<string> => {
  const whole = resolved(document, schema)
  const lengths = [whole.minLength, whole.maxLength]
    .filter((limit) => typeof limit === 'number')
    .flatMap((limit) => [limit - 1, limit, limit + 1])
  const numbers = [whole.minimum, whole.maximum]
    .filter((limit) => typeof limit === 'number')
    .flatMap((limit) => [limit - 1, limit, limit + 1])
  const words = Array.isArray(whole.enum) ? whole.enum.filter((word) => typeof word === 'string') : []
  return fc.oneof(
    fc.constantFrom('""', '" "', 'null'),
    ...lengths
      .filter((length) => length >= 0)
      .map((length) =>
        fc
          .oneof(
            ofLength(length),
            fc.constantFrom('😀', 'ا', 'a').map((one) => one.repeat(length)),
          )
          .map(text),
      ),
    ...numbers.map((number) => fc.constant(text(number))),
    ...words.map((word) => fc.constantFrom(text(word.toUpperCase()), text(` ${word}`), text(`${word}\0`))),
  )
}

/** What JSON can hold and no document of ours asks for. */
const oddText = fc.oneof(
  fc.jsonValue({ stringUnit: unit, maxDepth: 3 }).map(text),
  fc.constantFrom(
    '1e999',
    '-0',
    '123456789012345678901234567890',
    '0.1e-7',
    '{"$ne":1}',
    '{"__proto__":{"a":1}}',
    '["a@example.com"]',
    '[[[]]]',
  ),
  fc.constantFrom(30, 3_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom(30, 3_000).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.constantFrom(1_000, 20_000).map((length) => text('x'.repeat(length))),
)

/** The JSON text of anything to put where `schema` is asked for. */
export const anyJsonText = (document: JsonObject, schema: Json): Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: validText(document, schema) },
    { weight: 3, arbitrary: limitText(document, schema) },
    { weight: 2, arbitrary: anyText.map(text) },
    { weight: 2, arbitrary: oddText },
  )
