/**
 * Cookies stay on GraphQL: no route of a dialect and no other page reads one or sets one, whatever is asked of it; the token of
 * a cookie is no bearer's anywhere; and no other origin's page is let near one but on GraphQL.
 */
import { print } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { surfaces, surfaceTable } from '../../src/domain/base/surfaces.ts'
import type { Domain } from '../../src/domain/frame/domain.ts'
import { withTransport } from '../../src/domain/sessions/cookies.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person } from '../support/accounts.ts'
import { COOKIE, OF_PAGE, openBrowser } from '../support/cookieJar.ts'
import { useWorld } from '../support/world.ts'
import { expectError, routes, sampleBody, urlOf } from './routes.ts'

const LISTED = 'https://app.example.com'
const world = useWorld({ CORS_ORIGINS: LISTED })
const OTHER_PATHS = [
  '/graphql/schema.graphql',
  '/reset-password',
  '/confirm-email',
  '/.well-known/jwks.json',
  '/healthz',
  '/readyz',
  '/nope',
  '/v1/nope',
]

let boss: Person
let value: string
beforeAll(async () => {
  boss = await admin(world())
  const browser = openBrowser(world())
  await mutate(browser, 'signIn', { identifier: boss.email, password: PASSWORD, transport: 'COOKIE' })
  value = browser.cookie ?? ''
})
const cookieSessions = async () => await world().db.client.session.count({ where: { kind: 'cookie' } })

it('the cookie is that of an administrator, who may do everything', async () => {
  expect((await openBrowser(world(), value).graphql('{ me { isAdmin } }')).body).toEqual({ me: { isAdmin: true } })
})

describe.each(routes)('$name', (route) => {
  const bodies = route.takesBody
    ? [sampleBody(route), { ...sampleBody(route), transport: 'COOKIE' }, { ...sampleBody(route), transport: 'cookie' }]
    : []
  const headers = { ...OF_PAGE, origin: LISTED }

  it('a route of a dialect reads no cookie and sets none', async () => {
    const before = await cookieSessions()
    for (const json of [undefined, ...bodies]) {
      const answer = await world().request(route.method, urlOf(route), { json, headers: { ...headers, cookie: `${COOKIE}=${value}` } })
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(answer.headers.get('clear-site-data')).toBeNull()
      if (route.who !== 'anyone' && (json !== undefined || !route.takesBody)) expectError(route.mount, answer, 401)
    }
    expect(await cookieSessions()).toBe(before)
  })

  it("a route of a dialect takes no token of a cookie for a bearer's", async () => {
    const answer = await world().request(route.method, urlOf(route), { json: bodies[0], token: value })
    if (route.who !== 'anyone') expectError(route.mount, answer, 401)
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('a route of a dialect lets no page of another origin send a cookie', async () => {
    const asking = { origin: LISTED, 'access-control-request-method': route.method, 'access-control-request-headers': 'x-csrf-protection' }
    const preflight = await world().request('OPTIONS', urlOf(route), { headers: asking })
    expect(preflight.headers.get('access-control-allow-origin')).toBe(LISTED)
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
    expect(preflight.headers.get('access-control-allow-headers')).toBeNull()
    const answer = await world().request(route.method, urlOf(route), { headers: { origin: LISTED } })
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })
})

describe('a sign-in through a dialect', () => {
  const { email } = { email: 'dialects@example.com' }
  beforeAll(async () => void (await person(world(), { email })))

  it.each([
    ['POST /v1/auth/login', { email, password: PASSWORD }],
    ['POST /users/login', { email, password: PASSWORD }],
    ['POST /auth/login', { email, password: PASSWORD }],
    ['POST /users/register', { username: 'cookieless', email: 'cookieless@example.com', password: PASSWORD }],
    ['POST /auth/register', { name: 'Cookie Less', email: 'cookieless2@example.com', password: PASSWORD, confirm: PASSWORD }],
  ])('%s succeeds without a cookie, and leaves the one that is there alone', async (route, body) => {
    const before = await cookieSessions()
    const [method = '', path = ''] = route.split(' ')
    const headers = { ...OF_PAGE, cookie: `${COOKIE}=${value}` }
    const answer = await world().request(method, path, { json: { ...body, transport: 'COOKIE' }, headers })
    expect(answer.status).toBeLessThan(300)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(await cookieSessions()).toBe(before)
    expect((await openBrowser(world(), value).graphql('{ me { id } }')).body).toEqual({ me: { id: boss.id } })
  })

  it('a sign-in through a dialect has no document and no field that could ask for one', () => {
    const rows = enabledDialects(readConfig({})).flatMap(({ mounts }) => mounts.flatMap(({ rows: own }) => own))
    expect(rows.length).toBeGreaterThan(30)
    expect(
      rows.filter(({ document, parts }) => /transport|cookie/i.test(print(document as never) + Object.keys(parts.body?.shape ?? {}).join()))
        .length,
    ).toBe(0)
  })

  it.each(surfaces)('a sign-in through a dialect is refused one by the rule itself, which GraphQL alone has: %s', (surface) => {
    const rule = withTransport((transport) => transport)(
      { surfaces: surfaceTable(readConfig({})) } as unknown as Domain,
      { surface } as never,
    )
    expect(rule.safeParse('cookie').success).toBe(surface === 'graphql')
    expect(rule.parse(undefined)).toBe('bearer')
  })
})

it.each(OTHER_PATHS)('%s reads no cookie and sets none', async (path) => {
  const plain = await world().get(path)
  const answer = await world().request('GET', path, { headers: { ...OF_PAGE, cookie: `${COOKIE}=nonsense` } })
  expect([answer.status, answer.text.length]).toEqual([plain.status, plain.text.length])
  expect(answer.headers.getSetCookie()).toEqual([])
})

describe('/graphql', () => {
  const ask = async (method: string, path: string, headers: Readonly<Record<string, string>>) =>
    await world().request(method, path, { headers, ...(method === 'POST' ? { json: { query: '{ me { id } }' } } : {}) })
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-csrf-protection' }

  it("/graphql takes no token of a cookie for a bearer's", async () => {
    expect((await world().graphql('{ me { id } }', {}, value)).body).toEqual({ me: null })
  })

  it.each(['/graphql', '/graphql/'])('/graphql lets pages of listed origins send it: %s', async (path) => {
    const asked = await ask('OPTIONS', path, { ...preflight, origin: LISTED })
    expect(asked.status).toBe(204)
    expect(Object.fromEntries([...asked.headers].filter(([name]) => name.startsWith('access-control')))).toEqual({
      'access-control-allow-origin': LISTED,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
      'access-control-allow-headers': 'content-type, x-csrf-protection',
      'access-control-expose-headers': 'x-request-id, retry-after, www-authenticate, deprecation, sunset, link, etag, allow',
      'access-control-max-age': '600',
    })
    expect(asked.headers.get('vary')).toContain('Origin')
    const headers = { origin: LISTED, 'sec-fetch-site': 'same-site', 'x-csrf-protection': '1', cookie: `${COOKIE}=${value}` }
    const answer = await ask('POST', path, headers)
    expect(answer.body).toEqual({ data: { me: { id: boss.id } } })
    expect([answer.headers.get('access-control-allow-origin'), answer.headers.get('access-control-allow-credentials')]).toEqual([
      LISTED,
      'true',
    ])
    expect(answer.headers.get('vary')).toContain('Origin')
  })

  it.each(['https://evil.example', 'null', `${LISTED}.evil.example`, 'http://app.example.com', 'https://x.app.example.com'])(
    '/graphql says nothing to %s',
    async (origin) => {
      for (const [method, headers] of [
        ['OPTIONS', preflight],
        ['POST', OF_PAGE],
        ['GET', OF_PAGE],
      ] as const) {
        const answer = await ask(method, '/graphql', {
          ...headers,
          origin,
          ...(method === 'OPTIONS' ? {} : { cookie: `${COOKIE}=${value}` }),
        })
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
        expect(answer.headers.get('vary')).toContain('Origin')
      }
    },
  )
})
