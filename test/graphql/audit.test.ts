/**
 * GraphQL over HTTP, as the specification's own audit suite (graphql-http) sees it at the live URL: all 61 audits are met, also where
 * clients may name persisted documents.
 */
import { auditServer } from 'graphql-http'
import { expect, it } from 'vitest'
import { useManifests } from '../support/manifest.ts'
import { byWay, useWorld } from '../support/world.ts'

const plain = useWorld()
const persisted = useWorld({ PERSISTED_OPERATIONS: useManifests().manifestOf('{ me { id } }') })

it.each([
  ['', plain],
  [', beside persisted documents', persisted],
] as const)('the server meets every audit of the GraphQL over HTTP suite%s', async (_where, world) => {
  const { url } = world()
  const fetchFn = async (target: string, init: RequestInit = {}) =>
    await fetch(target === `${url}/graphql` ? url + byWay(init.method ?? 'GET', '/graphql') : target, init)
  const results = await auditServer({ url: `${url}/graphql`, fetchFn })
  const unmet = results.flatMap((result) =>
    result.status === 'ok' ? [] : [`${result.status} ${result.id} ${result.name}: ${result.reason}`],
  )
  expect(unmet).toEqual([])
  expect(results).toHaveLength(61)
})
