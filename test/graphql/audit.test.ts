/**
 * GraphQL over HTTP, as the specification's own audit suite (graphql-http) sees it at the live URL: all 61 audits are met.
 */
import { auditServer } from 'graphql-http'
import { expect, it } from 'vitest'
import { useWorld } from '../support/world.ts'

const world = useWorld()

it('meets every audit of the GraphQL over HTTP suite', async () => {
  const results = await auditServer({ url: `${world().url}/graphql` })
  const unmet = results.flatMap((result) =>
    result.status === 'ok' ? [] : [`${result.status} ${result.id} ${result.name}: ${result.reason}`],
  )
  expect(unmet).toEqual([])
  expect(results).toHaveLength(61)
})
