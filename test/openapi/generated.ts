/**
 * The OpenAPI documents as they are generated from the rows, under any settings; under the defaults they are the committed ones.
 */
import { readConfig } from '../../src/config.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { openApiOf } from '../../src/rest/openapi/document.ts'
import type { JsonObject } from '../support/openApiDocument.ts'
import type { Name } from './committed.ts'

export const generated = (name: Name, settings: Readonly<Record<string, string>> = {}): JsonObject => {
  const dialect = enabledDialects(readConfig(settings)).find((one) => one.name === name)
  if (dialect === undefined) throw new Error(`${name} is switched off`)
  return openApiOf(dialect) as JsonObject
}
