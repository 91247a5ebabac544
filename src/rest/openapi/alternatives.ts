/**
 * Bodies of several shapes at one status as `oneOf`, so that generated clients can tell them apart: by a property that one shape requires
 * and the others do not have. A shape that would also accept the bodies of another excludes what that one requires in addition. (`anyOf`
 * if this cannot tell them apart, which is only possible in loaded dialects.)
 */
import type { Components, JsonObject } from './schemas.ts'

interface Shape {
  /** As the document prints it: in place, or a reference. */
  readonly schema: JsonObject
  readonly required: readonly string[]
  readonly properties: readonly string[]
  /** Whether it accepts properties that it does not list. */
  readonly isOpen: boolean
}

const shapeOf = (schema: JsonObject, { schemas }: Components): Shape => {
  const name = typeof schema.$ref === 'string' ? schema.$ref.replace('#/components/schemas/', '') : ''
  const { properties = {}, required = [], additionalProperties, type } = schemas[name] ?? schema
  return {
    schema,
    required: required as string[],
    properties: Object.keys(properties as object),
    isOpen: type === 'object' && additionalProperties !== false,
  }
}

/** For each other shape whose bodies this one would accept too: what they require that this one does not have. */
const excludedBy = (shape: Shape, shapes: readonly Shape[]): readonly (readonly string[])[] => {
  const rivals = shapes.filter((other) => other !== shape && shape.required.every((name) => other.properties.includes(name)))
  return shape.isOpen ? rivals.map(({ required }) => required.filter((name) => !shape.properties.includes(name))) : []
}

const having = (required: readonly string[]): JsonObject => ({
  properties: Object.fromEntries(required.map((name) => [name, {}])),
  required,
})

/** Many tools ignore what is beside a `$ref`, so a reference is put into `allOf`. */
const without = ({ schema }: Shape, excluded: readonly (readonly string[])[]): JsonObject => {
  const [first, ...more] = excluded.map(having)
  if (first === undefined) return schema
  return { ...('$ref' in schema ? { allOf: [schema] } : schema), not: more.length === 0 ? first : { anyOf: [first, ...more] } }
}

/** @param parts at least one, each of another shape */
export const alternatives = (parts: readonly JsonObject[], components: Components): JsonObject => {
  const [only, ...others] = parts
  if (only !== undefined && others.length === 0) return only
  const shapes = parts.map((part) => shapeOf(part, components))
  const excluded = shapes.map((shape) => excludedBy(shape, shapes))
  if (excluded.flat().some((required) => required.length === 0)) return { anyOf: parts }
  return { oneOf: shapes.map((shape, index) => without(shape, excluded[index] ?? [])) }
}
