/**
 * The schemas of a document by the meta-schema of JSON Schema 2020-12, which the schema of OpenAPI 3.1 leaves out; and no keyword
 * that neither JSON Schema nor OpenAPI knows, so that none is mistyped.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type JsonObject, schemasOf } from '../support/openApiDocument.ts'

const ajv = new Ajv2020({ strict: false, allErrors: true })
/** OpenAPI 3.1, section 4.8.24.2. */
ajv.addVocabulary(['discriminator', 'xml', 'externalDocs', 'example'])

export const wrongSchemasOf = (document: JsonObject): string[] =>
  schemasOf(document).flatMap(({ pointer, value }) => {
    const unknown = Object.keys(value).filter((keyword) => ajv.RULES.keywords[keyword] !== true)
    const wrong = ajv.validateSchema(value) === true ? [] : [ajv.errorsText(ajv.errors, { dataVar: 'it' })]
    return [...wrong, ...unknown.map((keyword) => `${keyword} is no keyword`)].map((what) => `${pointer}: ${what}`)
  })
