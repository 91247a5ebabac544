/**
 * The paths of the server, as its routers have them: no dialect is put on one of them or below it.
 */
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { createOpenApiRouter } from '../../src/rest/openapi/router.ts'
import { createOwnRouter } from '../../src/server/routes.ts'

/** Routes are made of the settings alone; the rest is for answers. */
const parts = { domain: { config: readConfig({}) } } as Parameters<typeof createOwnRouter>[0]
const routers = [createOwnRouter(parts), createOpenApiRouter(enabledDialects(readConfig({})))]
const paths = [...new Set(routers.flatMap(({ routes }) => routes.map(({ path }) => path)))]

describe('a prefix that puts a dialect where the server is', () => {
  it('there are such paths, of both routers', () => {
    expect(paths).toEqual(expect.arrayContaining(['/graphql', '/healthz', '/docs', '/openapi/idiot.json']))
  })

  it.each(paths)('%s is refused', (path) => {
    expect(() => enabledDialects(readConfig({ IDIOT_PREFIX: path }))).toThrow(/^IDIOT_PREFIX: puts .* where .* is; choose another one$/)
  })
})
