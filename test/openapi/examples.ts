/**
 * The examples of a document, each against its own schema, by ajv in JSON Schema 2020-12, which is what OpenAPI 3.1 says. A format
 * that ajv does not know is an error.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { at, holdersOf, type JsonObject, list, pointerOf, schemasOf } from '../support/openApiDocument.ts'

interface Example {
  /** Where it stands. */
  readonly pointer: string
  readonly schema: string
  readonly value: unknown
}

/** Of Media Types, parameters and headers, then of the schemas themselves. */
export const examplesOf = (document: JsonObject): Example[] => [
  ...holdersOf(document).flatMap(({ pointer, value }) => [
    ...('example' in value ? [{ pointer: `${pointer}/example`, schema: `${pointer}/schema`, value: value.example }] : []),
    ...Object.entries(at(value, 'examples')).map(([name, example]) => ({
      pointer: pointer + pointerOf('examples', name),
      schema: `${pointer}/schema`,
      value: (example as JsonObject).value,
    })),
  ]),
  ...schemasOf(document).flatMap(({ pointer, value }) => [
    ...('example' in value ? [{ pointer: `${pointer}/example`, schema: pointer, value: value.example }] : []),
    ...('default' in value ? [{ pointer: `${pointer}/default`, schema: pointer, value: value.default }] : []),
    ...list(value.examples).map((example, index) => ({ pointer: `${pointer}/examples/${index}`, schema: pointer, value: example })),
  ]),
]

/** Says what is wrong with a value by the schema at a pointer; empty if nothing is. */
export const validatorOf = (document: JsonObject): ((schema: string, value: unknown) => string) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(document, 'document')
  return (schema, value) => {
    const $ref = `document#${schema.split('/').map(encodeURIComponent).join('/')}`
    return ajv.validate({ $ref }, value) ? '' : ajv.errorsText(ajv.errors, { dataVar: 'it' })
  }
}

export const wrongExamplesOf = (document: JsonObject): string[] => {
  const wrongWith = validatorOf(document)
  return examplesOf(document).flatMap(({ pointer, schema, value }) => {
    const wrong = wrongWith(schema, value)
    return wrong === '' ? [] : [`${pointer}: ${wrong}`]
  })
}
