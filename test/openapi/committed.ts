/**
 * The OpenAPI documents as they are committed in docs/openapi, and copies of them with a change. That they are those of the rows is
 * held by test/unit/openapi/validity.test.ts.
 */
import { readFileSync } from 'node:fs'
import type { JsonObject } from '../support/openApiDocument.ts'

export const names = ['idiot', 'wekan', 'xiot', 'authentication'] as const
export type Name = (typeof names)[number]

export const committed = (name: Name): JsonObject =>
  JSON.parse(readFileSync(new URL(`../../docs/openapi/${name}.json`, import.meta.url), 'utf8'))

type Deep = { [key: string]: Deep } & { [index: number]: Deep }

/** A copy with a change: places are reached without asking whether they are there, so a change that has no place throws. */
export const changed = (document: JsonObject, change: (copy: Deep) => void): JsonObject => {
  const copy = structuredClone(document)
  change(copy as Deep)
  return copy
}
