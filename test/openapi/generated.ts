/**
 * The OpenAPI documents as they are generated from the rows, under any settings; under the defaults they are the committed ones.
 */
import { readConfig } from '../../src/config.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { openApiOf } from '../../src/rest/openapi/document.ts'
import type { JsonObject } from '../support/openApiDocument.ts'

export const names = ['idiot', 'wekan', 'xiot', 'authentication'] as const
export type Name = (typeof names)[number]

export const generated = (name: Name, settings: Readonly<Record<string, string>> = {}): JsonObject => {
  const dialect = enabledDialects(readConfig(settings)).find((one) => one.name === name)
  if (dialect === undefined) throw new Error(`${name} is switched off`)
  return openApiOf(dialect) as JsonObject
}

type Deep = { [key: string]: Deep } & { [index: number]: Deep }

/** A copy with a change: places are reached without asking whether they are there, so a change that has no place throws. */
export const changed = (document: JsonObject, change: (copy: Deep) => void): JsonObject => {
  const copy = structuredClone(document)
  change(copy as Deep)
  return copy
}
