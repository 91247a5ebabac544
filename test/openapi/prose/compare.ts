/**
 * What a document in prose says of its routes, against the OpenAPI document: that the route is there, whether it needs a token, its
 * parameters, and that the bodies it prints are described.
 */
import { at, type JsonObject, list, type Operation, operationsOf, resolved } from '../../support/openApiDocument.ts'
import { validatorOf } from '../examples.ts'
import { undescribed } from './described.ts'
import type { ProseParameter, ProseRoute } from './route.ts'

export interface ProseComparison {
  readonly differences: readonly string[]
  readonly equal: { routes: number; parameters: number; requests: number; answers: number }
}

const bodySchema = (operation: JsonObject): JsonObject => at(at(at(at(operation, 'requestBody'), 'content'), 'application/json'), 'schema')

/** What the document says of a parameter; an example of one that is no body stands in its schema. */
interface Said {
  readonly required: boolean
  readonly example: unknown
  readonly description: unknown
}

const saidOf = (document: JsonObject, { operation }: Operation, { name, in: place }: ProseParameter): Said | undefined => {
  if (place === 'body') {
    const { properties, required } = resolved(document, bodySchema(operation))
    const property = at(properties, name)
    const isThere = name in ((properties ?? {}) as JsonObject)
    const isRequired = ((required ?? []) as string[]).includes(name)
    return isThere ? { required: isRequired, example: property.example, description: property.description } : undefined
  }
  const declared = list(operation.parameters).find((parameter) => parameter.name === name && parameter.in === place)
  if (declared === undefined) return undefined
  const { required, description } = declared
  return { required: required === true, example: at(declared, 'schema').example, description }
}

const parameterDifferences = (document: JsonObject, found: Operation, parameter: ProseParameter): string[] => {
  const said = saidOf(document, found, parameter)
  const name = `${parameter.in} ${parameter.name}`
  if (said === undefined) return [`${name} is missing`]
  const aspects = ['example', 'description'] as const
  const others = aspects.filter((aspect) => parameter[aspect] !== undefined && parameter[aspect] !== said[aspect])
  return [
    ...(parameter.required === true && !said.required ? [`${name} is not required`] : []),
    ...others.map((aspect) => `${name} has the ${aspect} ${said[aspect]}, not ${parameter[aspect]}`),
  ]
}

const requestDifferences = (document: JsonObject, { pointer }: Operation, request: unknown): string[] => {
  const wrong = validatorOf(document)(`${pointer}/requestBody/content/application~1json/schema`, request)
  return wrong === '' ? [] : [`a printed call is invalid: ${wrong}`]
}

const answerDifferences = (document: JsonObject, { operation }: Operation, { status, body }: ProseRoute['answers'][number]): string[] => {
  const response = at(at(operation, 'responses'), status)
  const schema = at(at(at(response, 'content'), 'application/json'), 'schema')
  if (Object.keys(schema).length === 0) return [`status ${status} has no schema`]
  return undescribed(document, schema, body, `answer ${status}`)
}

export const compareProse = (routes: readonly ProseRoute[], document: JsonObject): ProseComparison => {
  const operations = operationsOf(document)
  const equal = { routes: 0, parameters: 0, requests: 0, answers: 0 }
  const count = (kind: keyof typeof equal, differences: string[]): string[] => {
    if (differences.length === 0) equal[kind]++
    return differences
  }
  const differences = routes.flatMap((route) => {
    const found = operations.find(({ method, path }) => method === route.method && path === route.path)
    const name = `${route.method} ${route.path}`
    if (found === undefined) return [`${name} is missing`]
    const authenticated = list(found.operation.security).length > 0
    return [
      ...count('routes', authenticated === route.authenticated ? [] : [`${authenticated ? 'needs' : 'needs no'} token`]),
      ...route.parameters.flatMap((parameter) => count('parameters', parameterDifferences(document, found, parameter))),
      ...route.requests.flatMap((request) => count('requests', requestDifferences(document, found, request))),
      ...route.answers.flatMap((answer) => count('answers', answerDifferences(document, found, answer))),
    ].map((difference) => `${name}: ${difference}`)
  })
  return { differences, equal }
}
