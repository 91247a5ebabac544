/**
 * The OpenAPI documents and the page to read them, as they are served: those of the dialects that are switched on, at the
 * paths of the settings, and nothing at all where documentation is off.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { useWorld } from './support/world.ts'

const committed = (name: string) => JSON.parse(readFileSync(`docs/openapi/${name}.json`, 'utf8'))

describe('by default', () => {
  const world = useWorld()

  it.each([
    ['idiot', 'http://vestibule.test/v1'],
    ['wekan', 'http://vestibule.test'],
    ['xiot', 'http://vestibule.test/v1'],
    ['authentication', 'http://vestibule.test'],
  ])('/openapi/%s.json is the document in docs/openapi, with %s as its server', async (name, url) => {
    const { status, headers, body } = await world().get(`/openapi/${name}.json`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('application/json')
    expect(body).toEqual({ ...committed(name), servers: [{ url }] })
  })

  it.each(['idiot', 'wekan', 'xiot', 'authentication'])('%s: invalid input is answered as its examples print it', async (name) => {
    const { servers, paths } = committed(name)
    let compared = 0
    // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of every form
    for (const [path, { post }] of Object.entries<any>(paths)) {
      const printed = post?.responses['400'].content['application/json'].examples.INVALID_INPUT
      if (printed === undefined || post.security.length > 0) continue
      const { status, body } = await world().post(servers[0].url.replace(/\/$/, '') + path, {})
      const { request_id: _, ...said } = body
      const { request_id: __, ...expected } = printed.value
      expect([path, status, said]).toEqual([path, 400, expected])
      compared += 1
    }
    expect(compared).toBeGreaterThan(0)
  })

  it('there is no other document, and no way out of the folder', async () => {
    for (const path of ['/openapi/graphql.json', '/openapi', '/openapi/__proto__.json', '/docs/package.json', '/docs/%2e%2e/package.json'])
      expect([path, (await world().get(path)).status]).toEqual([path, 404])
  })

  it('the page and all that it loads come from here, under a policy that lets nothing else in', async () => {
    const page = await world().get('/docs')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/)
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '')
    expect(links).toHaveLength(10)
    for (const link of links) {
      const asset = await world().get(new URL(link, `${world().url}/docs`).pathname)
      expect([link, asset.status, asset.text.length > 100]).toEqual([link, 200, true])
    }
    expect((await world().get('/docs/')).status).toBe(200)
  })

  it('the page and the documents answer HEAD, OPTIONS and no other method', async () => {
    expect((await world().request('HEAD', '/docs')).status).toBe(200)
    expect((await world().request('OPTIONS', '/openapi/xiot.json')).headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    const post = await world().post('/docs', {})
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })
})

describe('with fewer dialects, below a prefix', () => {
  const world = useWorld({ DIALECTS: 'wekan', WEKAN_PREFIX: '/boards', WEKAN_QUERY_TOKEN: 'true', WEKAN_ERROR_STATUS: '200' })

  it('the document says where the routes are, and what they say', async () => {
    const { body } = await world().get('/openapi/wekan.json')
    expect(body.servers).toEqual([{ url: 'http://vestibule.test/boards' }])
    expect(Object.keys(body.paths)).toEqual(Object.keys(committed('wekan').paths))
    expect(body.paths['/api/user'].get.security).toEqual([{ BearerAuth: [] }, { QueryToken: [] }])
    expect(body.paths['/api/user'].get.responses).not.toHaveProperty('401')
    expect(body.paths['/users/login'].post.responses).toHaveProperty('401')
  })

  it('the others have none', async () => {
    expect((await world().get('/openapi/xiot.json')).status).toBe(404)
    expect((await world().get('/docs/page.js')).text).not.toContain('xiot')
  })
})

describe('with API_DOCS=false, as in production', () => {
  const world = useWorld({ API_DOCS: 'false' })

  it('no page and no document is served with API_DOCS=false', async () => {
    for (const path of ['/docs', '/docs/swagger-ui.css', '/openapi/idiot.json'])
      expect([path, (await world().get(path)).status]).toEqual([path, 404])
  })
})
