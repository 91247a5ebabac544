/** The expected tables of the tests have every operation of the schema and every route of the OpenAPI documents, and no other. */
import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import { expect, it } from 'vitest'
import { askedByOperation, askedByRoute } from '../authorization/expected.ts'
import { committed, names } from '../openapi/committed.ts'
import { operationsOf } from '../support/openApiDocument.ts'

it('the expected requirements are those of every operation of schema.graphql', () => {
  const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {}))
  expect(Object.keys(askedByOperation).sort()).toEqual(fields.sort())
})

it('the expected requirements are those of every route of docs/openapi', () => {
  const routes = names.flatMap((name) =>
    operationsOf(committed(name)).map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  expect(Object.keys(askedByRoute).sort()).toEqual([...new Set(routes)].sort())
})
