/**
 * What is wrong with an OpenAPI document: by the schemas of the OpenAPI Initiative first (@seriousme/openapi-schema-validator), then what
 * a schema cannot say: references, schemas, ids, path parameters, security schemes, components that nothing uses, examples.
 */
import { Validator } from '@seriousme/openapi-schema-validator'
import { at, type JsonObject, list, lookUp, operationsOf, pointerOf, resolved } from '../support/openApiDocument.ts'
import { wrongExamplesOf } from './examples.ts'
import { wrongSchemasOf } from './schemas.ts'

/** It compiles the schema of OpenAPI once. */
const validator = new Validator()

/** All references, but for those that an example shows. */
const referencesIn = (value: unknown, key = ''): string[] => {
  if (typeof value !== 'object' || value === null || ['example', 'examples', 'default'].includes(key)) return []
  const { $ref } = value as JsonObject
  const inner = Object.entries(value).flatMap(([name, one]) => referencesIn(one, Array.isArray(value) ? '' : name))
  return typeof $ref === 'string' ? [$ref, ...inner] : inner
}

const danglingReferences = (document: JsonObject): string[] =>
  [...new Set(referencesIn(document))]
    .filter(($ref) => !$ref.startsWith('#/') || lookUp(document, decodeURIComponent($ref.slice(1))) === undefined)
    .map(($ref) => `${$ref} leads nowhere`)

const repeatedIds = (document: JsonObject): string[] => {
  const ids = operationsOf(document).flatMap(({ operation }) =>
    operation.operationId === undefined ? [] : [String(operation.operationId)],
  )
  return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `operationId ${id} is there twice`)
}

/** Each name of a template is a required path parameter, and the other way round. */
const pathParameters = (document: JsonObject): string[] =>
  operationsOf(document).flatMap(({ method, template, pathItem, operation }) => {
    const declared = [...list(pathItem.parameters), ...list(operation.parameters)]
      .map((parameter) => resolved(document, parameter))
      .filter((parameter) => parameter.in === 'path')
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    return [
      ...names
        .filter((name) => !declared.some((parameter) => parameter.name === name && parameter.required === true))
        .map((name) => `${method} ${template}: path parameter ${name} is not declared`),
      ...declared
        .filter(({ name }) => !names.includes(name as string))
        .map(({ name }) => `${method} ${template}: path parameter ${name} is not in the path`),
    ]
  })

const requirementsOf = (document: JsonObject): string[] =>
  [document, ...operationsOf(document).map(({ operation }) => operation)].flatMap(({ security }) => list(security).flatMap(Object.keys))

const undeclaredSchemes = (document: JsonObject): string[] => {
  const declared = at(at(document, 'components'), 'securitySchemes')
  return [...new Set(requirementsOf(document))]
    .filter((name) => !(name in declared))
    .map((name) => `security scheme ${name} is not declared`)
}

const undeclaredTags = (document: JsonObject): string[] => {
  const declared = list(document.tags).map(({ name }) => name)
  const used = operationsOf(document).flatMap(({ operation }) => (operation.tags ?? []) as string[])
  return [...new Set(used)].filter((tag) => !declared.includes(tag)).map((tag) => `tag ${tag} is not declared`)
}

/** Components that cannot be reached from the paths. */
const unusedComponents = (document: JsonObject): string[] => {
  const reached = new Set(requirementsOf(document).map((name) => `#${pointerOf('components', 'securitySchemes', name)}`))
  const waiting = referencesIn(document.paths)
  for (let $ref = waiting.pop(); $ref !== undefined; $ref = waiting.pop()) {
    if (reached.has($ref)) continue
    reached.add($ref)
    waiting.push(...referencesIn(lookUp(document, decodeURIComponent($ref.slice(1)))))
  }
  return Object.entries(at(document, 'components'))
    .flatMap(([kind, named]) => Object.keys(named as JsonObject).map((name) => `#${pointerOf('components', kind, name)}`))
    .filter((component) => !reached.has(component))
    .map((component) => `${component} is not used`)
}

/** One line a problem; none for a sound document. */
export const problemsOf = async (document: JsonObject): Promise<string[]> => {
  const { valid, errors } = await validator.validate(structuredClone(document) as Record<string, unknown>)
  if (!valid) return [`no valid OpenAPI: ${typeof errors === 'string' ? errors : JSON.stringify(errors)}`]
  const first = [...danglingReferences(document), ...wrongSchemasOf(document)]
  if (first.length > 0) return first
  const checks = [repeatedIds, pathParameters, undeclaredSchemes, undeclaredTags, unusedComponents, wrongExamplesOf]
  return checks.flatMap((check) => check(document))
}
