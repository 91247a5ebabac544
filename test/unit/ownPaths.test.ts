/**
 * The paths of the server, as its routes have them: no dialect is put on one of them or below it.
 */
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { docsRoutes } from '../../src/rest/openapi/docsRoutes.ts'
import { ownRoutes } from '../../src/server/ownRoutes.ts'

/** Routes are made of the settings alone; the rest is for answers. */
const parts = { domain: { config: readConfig({}) } } as Parameters<typeof ownRoutes>[0]
const paths = [...ownRoutes(parts), ...docsRoutes(enabledDialects(readConfig({})), 'http://localhost:4000')].map(({ path }) => path)

describe('a prefix that puts a dialect where the server is', () => {
  it('there are such paths, of both kinds', () => {
    expect(paths).toEqual(expect.arrayContaining(['/graphql', '/healthz', '/docs', '/openapi/idiot.json']))
  })

  it.each(paths)('%s is refused', (path) => {
    expect(() => enabledDialects(readConfig({ IDIOT_PREFIX: path }))).toThrow(/^IDIOT_PREFIX: puts .* where .* is; choose another one$/)
  })
})
