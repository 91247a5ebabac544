/**
 * Preflights as browsers send them, over HTTP: which request headers a front end may send, which answers it may read, and which origins
 * are refused, with a line in the log that says what to set.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, person } from '../support/accounts.ts'
import { COOKIE, openBrowser } from '../support/cookieJar.ts'
import { type Answer, useWorld, type World } from '../support/world.ts'

const ORIGIN = 'https://app.example.com'

const preflight = async (world: World, path: string, origin: string, asked?: string): Promise<Answer> =>
  await world.request('OPTIONS', path, {
    headers: {
      origin,
      'access-control-request-method': 'POST',
      ...(asked === undefined ? {} : { 'access-control-request-headers': asked }),
    },
  })
const allowedBy = ({ headers }: Answer): string | null => headers.get('access-control-allow-headers')
const corsOf = ({ headers }: Answer): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control')))

describe('a preflight', () => {
  const world = useWorld({ CORS_ORIGINS: ORIGIN, CORS_ALLOWED_HEADERS: 'X-Client-Version, X-Tenant, Baggage' }, { overHttp: true })

  it.each([
    ['a front end', 'authorization, content-type, accept-language'],
    [
      'Apollo Client',
      'content-type, apollographql-client-name, apollographql-client-version, apollo-require-preflight, x-apollo-operation-name',
    ],
    ['GraphQL Hive', 'graphql-client-name, graphql-client-version, x-graphql-client-name, x-graphql-client-version'],
    ['W3C Trace Context and Sentry', 'traceparent, tracestate, baggage, sentry-trace, x-request-id'],
    ['Zipkin', 'b3, x-b3-traceid, x-b3-spanid, x-b3-parentspanid, x-b3-sampled, x-b3-flags'],
    [
      'Datadog',
      'x-datadog-trace-id, x-datadog-parent-id, x-datadog-origin, x-datadog-sampling-priority, x-datadog-sampled, x-datadog-tags',
    ],
    ['others', 'uber-trace-id, newrelic, x-amzn-trace-id, x-cloud-trace-context, elastic-apm-traceparent, request-id, request-context'],
    ['the setting', 'x-client-version, x-tenant'],
  ])('a preflight allows the headers of %s, on every surface', async (_who, names) => {
    for (const path of ['/graphql', '/v1/profile', '/api/user', '/auth'])
      expect(allowedBy(await preflight(world(), path, ORIGIN, names))).toBe(names)
  })

  it.each([
    ['none of a list that it does not know', 'hunter2, x-forwarded-for, cookie', null],
    ['nothing that was not asked for', undefined, null],
    ['nothing for an empty list', ' , ,', null],
    ['what it knows of the rest, in any case, once', ' Baggage,hunter2,BAGGAGE , X-Client-Version', 'baggage, x-client-version'],
  ])('a preflight allows %s', async (_what, asked, allowed) => {
    const answer = await preflight(world(), '/v1/profile', ORIGIN, asked)
    expect([answer.status, allowedBy(answer)]).toEqual([204, allowed])
  })

  it('a preflight allows the header against CSRF on /graphql alone', async () => {
    expect(allowedBy(await preflight(world(), '/graphql', ORIGIN, 'x-csrf-protection'))).toBe('x-csrf-protection')
    for (const path of ['/v1/profile', '/graphql/schema.graphql', '/nope'])
      expect(allowedBy(await preflight(world(), path, ORIGIN, 'x-csrf-protection'))).toBeNull()
  })

  it('an answer shows its page the headers that clients need', async () => {
    for (const path of ['/graphql?query={__typename}', '/graphql/schema.graphql', '/v1/profile', '/nope'])
      expect((await world().request('GET', path, { headers: { origin: ORIGIN } })).headers.get('access-control-expose-headers')).toBe(
        'x-request-id, retry-after, www-authenticate, deprecation, sunset, link, etag, allow',
      )
  })

  it.each([
    ['*', '*'],
    ['x y', 'x y'],
    ['a:b', 'a:b'],
    ['x,;', ';'],
    ['é', 'é'],
  ])('CORS_ALLOWED_HEADERS=%s is refused', (value, wrong) => {
    expect(() => readConfig({ CORS_ALLOWED_HEADERS: value })).toThrow(
      `CORS_ALLOWED_HEADERS: "${wrong}" is not a header name such as x-client-version`,
    )
  })
})

const LOCAL = ['http://localhost:5173', 'http://localhost', 'https://localhost:3000', 'http://127.0.0.1:8080', 'http://[::1]:5173']
const ALMOST_LOCAL = [
  'http://localhost.evil.example',
  'http://localhost:5173.evil.example',
  'http://evil.localhost:5173',
  'http://127.0.0.2:5173',
  'http://localhost:123456',
  'http://localhost:5173/',
  'HTTP://LOCALHOST:5173',
  'http://0.0.0.0:5173',
  'null',
]

describe('outside production, a page of this machine', () => {
  const world = useWorld({}, { overHttp: true })
  let value: string
  beforeAll(async () => {
    await admin(world())
    const { email } = await person(world())
    const browser = openBrowser(world())
    await mutate(browser, 'signIn', { identifier: email, password: PASSWORD, transport: 'COOKIE' })
    value = browser.cookie ?? ''
  })

  it.each(LOCAL)('%s may call every surface with a token', async (origin) => {
    for (const path of ['/graphql', '/v1/profile', '/api/user', '/auth']) {
      expect(corsOf(await preflight(world(), path, origin, 'authorization, content-type, traceparent'))).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-headers': 'authorization, content-type, traceparent',
      })
    }
    const { token, id } = await person(world())
    const answer = await world().request('POST', '/graphql', { json: { query: '{ me { id } }' }, token, headers: { origin } })
    expect(answer.body).toEqual({ data: { me: { id } } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('vary')).toContain('Origin')
  })

  it.each(LOCAL)('%s has nothing of the cookie: no credentials, no header against CSRF, no sign-in, no session', async (origin) => {
    const asked = await preflight(world(), '/graphql', origin, 'content-type, x-csrf-protection')
    expect(allowedBy(asked)).toBe('content-type')
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull()
    for (const headers of [
      { origin, 'x-csrf-protection': '1' },
      { origin, 'x-csrf-protection': '1', 'sec-fetch-site': 'same-site' },
      { origin, 'x-csrf-protection': '1', 'sec-fetch-site': 'same-origin' },
      { origin },
    ]) {
      const session = { ...headers, cookie: `${COOKIE}=${value}` }
      const used = await world().request('POST', '/graphql', { json: { query: '{ me { id } }' }, headers: session })
      expect([used.status, used.body.errors[0].extensions.code]).toEqual([403, 'CSRF'])
      expect(used.headers.get('access-control-allow-credentials')).toBeNull()
      const query = 'mutation { signIn(input: { identifier: "a", password: "b", transport: COOKIE }) { __typename } }'
      const signedIn = await world().request('POST', '/graphql', { json: { query }, headers })
      expect([signedIn.status, signedIn.body.errors[0].extensions.code]).toEqual([403, 'CSRF'])
      expect(signedIn.headers.getSetCookie()).toEqual([])
    }
  })

  it.each(ALMOST_LOCAL)('%s is not one', async (origin) => {
    expect(corsOf(await preflight(world(), '/graphql', origin, 'authorization'))).toEqual({})
    expect((await preflight(world(), '/graphql', origin)).headers.get('vary')).toContain('Origin')
  })

  const listed = useWorld({ CORS_ORIGINS: 'http://localhost:5173' })
  it('that is listed may use the cookie, and one of another port may not', async () => {
    const ask = async (origin: string) => corsOf(await preflight(listed(), '/graphql', origin, 'x-csrf-protection'))
    expect(await ask('http://localhost:5173')).toMatchObject({
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'x-csrf-protection',
    })
    const other = await ask('http://localhost:5174')
    expect(other).not.toHaveProperty('access-control-allow-credentials')
    expect(other).not.toHaveProperty('access-control-allow-headers')
  })
})

describe('in production', () => {
  const world = useWorld({ NODE_ENV: 'production', PUBLIC_URL: 'https://accounts.example.com' }, { overHttp: true })

  it.each(LOCAL)('in production the page %s is a stranger', async (origin) => {
    expect(corsOf(await preflight(world(), '/graphql', origin, 'authorization'))).toEqual({})
  })
})

describe('an origin that is refused', () => {
  const open = useWorld(
    { NODE_ENV: 'production', PUBLIC_URL: 'https://accounts.example.com', CORS_ORIGINS: ORIGIN, ACCESS_LOG: 'false' },
    { overHttp: true },
  )
  const linesOf = (world: World) =>
    world.logs
      .filter(({ fields }) => fields.setting === 'CORS_ORIGINS')
      .map(({ level, fields, message }) => [level, fields.origin, message])

  it('an origin that is refused is logged once, with what to set, whatever its pages send', async () => {
    for (const origin of ['https://other.example:8443', 'http://localhost:5173']) {
      await preflight(open(), '/graphql', origin)
      await preflight(open(), '/v1/profile', origin)
      await open().request('POST', '/graphql', { json: { query: '{ __typename }' }, headers: { origin } })
    }
    expect(linesOf(open())).toEqual([
      [
        'warn',
        'https://other.example:8443',
        'refused a page of another origin: to allow it, add https://other.example:8443 to CORS_ORIGINS',
      ],
      ['warn', 'http://localhost:5173', 'refused a page of another origin: to allow it, add http://localhost:5173 to CORS_ORIGINS'],
    ])
  })

  it.each([
    'null',
    '*',
    'app://localhost',
    'chrome-extension://abcdefgh',
    'https://evil.example/path',
    'https://EVIL.example',
    'https://evil.example\\u000aforged',
    `https://${'x'.repeat(300)}.example`,
    'https://a.example, https://b.example',
  ])('an origin that no setting can list is not logged: %s', async (origin) => {
    const before = open().logs.length
    await preflight(open(), '/graphql', origin)
    expect(open().logs.slice(before)).toEqual([])
  })

  it('an origin that is allowed or its own is not logged', async () => {
    const before = open().logs.length
    for (const origin of [ORIGIN, 'https://accounts.example.com', open().url]) await preflight(open(), '/graphql', origin)
    expect(open().logs.slice(before)).toEqual([])
  })

  const filled = useWorld({ NODE_ENV: 'production' })
  it('no more than a hundred origins are logged', async () => {
    for (let count = 0; count < 120; count += 1) await preflight(filled(), '/graphql', `https://n${count}.example`)
    expect(linesOf(filled())).toHaveLength(100)
    expect(filled().logs.filter(({ message }) => message === 'further refused origins are not logged')).toHaveLength(1)
  })
})
