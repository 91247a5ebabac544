/**
 * The headers of each kind of answer that the server gives, behind TLS: of every surface, status and form, of pages, streams and files, and
 * of what never becomes a request. They keep browsers from running, framing, guessing, caching and sending on what is in them.
 */
import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person } from '../support/accounts.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { head, say } from './raw.ts'

const REPORTS = 'https://reports.example.com/csp'
const ORIGIN = 'https://app.example.com'
const world = useWorld({
  PUBLIC_URL: 'https://vestibule.test',
  CSP_REPORT_URL: REPORTS,
  CORS_ORIGINS: ORIGIN,
  GRAPHIQL: 'true',
  API_DOCS: 'true',
  SWITCHED_OFF: 'xiot:POST /v1/security/forget-password',
})

let boss: Person
let somebody: Person
beforeAll(async () => {
  boss = await admin(world())
  somebody = await person(world())
})

interface Kind {
  readonly line: string
  readonly status: number
  /** The media type with its parameters; null for an answer without a body. */
  readonly type: string | null
  readonly headers?: readonly string[]
  readonly body?: string
  /** What differs from the headers of all answers. */
  readonly differs?: Readonly<Record<string, string | RegExp | null>>
}

const JSON_TYPE = 'application/json; charset=utf-8'
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8'
const HTML = 'text/html; charset=utf-8'
const REPORTING = { 'reporting-endpoints': `csp="${REPORTS}"` }
const asJson = ['Content-Type: application/json']
const bearer = (token: string) => [`Authorization: Bearer ${token}`]
const login = (password: string) => JSON.stringify({ email: somebody.email, password })
const page = (scripts: string, pattern = '') => ({
  ...REPORTING,
  'content-security-policy': new RegExp(
    `^default-src 'none'; .*script-src ${scripts}.*base-uri 'none'; form-action 'none'; frame-ancestors 'none'${pattern}; report-uri ${REPORTS}; report-to csp$`,
  ),
})

/** The header fields of every answer. */
const ALWAYS = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'reporting-endpoints': null,
}
const BANNERS = ['server', 'x-powered-by', 'via', 'x-runtime', 'x-generator', 'x-aspnet-version']

const me = '{ me { id } }'
// biome-ignore format: a table is read by its rows
const kinds: readonly (readonly [string, () => Kind])[] = [
  ['the data of an account', () => ({ line: 'GET /v1/profile', headers: bearer(somebody.token), status: 200, type: JSON_TYPE })],
  ['a streamed list', () => ({ line: 'GET /v1/users', headers: bearer(boss.token), status: 200, type: JSON_TYPE })],
  ['HEAD', () => ({ line: 'HEAD /v1/profile', headers: bearer(somebody.token), status: 200, type: JSON_TYPE })],
  ['a sign-in of /v1', () => ({ line: 'POST /v1/auth/login', headers: asJson, body: login(PASSWORD), status: 200, type: JSON_TYPE })],
  ['a sign-in of /auth', () => ({ line: 'POST /auth/login', headers: asJson, body: login(PASSWORD), status: 200, type: JSON_TYPE })],
  ['a sign-in of wekan', () => ({ line: 'POST /users/login', headers: asJson, body: login(PASSWORD), status: 200, type: JSON_TYPE })],
  ['400', () => ({ line: 'POST /auth/login', headers: asJson, body: '{"half', status: 400, type: JSON_TYPE })],
  ['401', () => ({ line: 'GET /api/user', status: 401, type: JSON_TYPE })],
  ['401 of a sign-in', () => ({ line: 'POST /users/login', headers: asJson, body: login('not this'), status: 401, type: JSON_TYPE })],
  ['403', () => ({ line: 'GET /api/users', headers: bearer(somebody.token), status: 403, type: JSON_TYPE })],
  ['404 of a dialect', () => ({ line: 'GET /v1/nope', status: 404, type: JSON_TYPE })],
  ['404 outside', () => ({ line: 'GET /<script>', status: 404, type: JSON_TYPE })],
  ['405', () => ({ line: 'PATCH /auth/login', status: 405, type: JSON_TYPE })],
  ['410', () => ({ line: 'POST /v1/security/forget-password', headers: asJson, body: '{}', status: 410, type: JSON_TYPE })],
  ['413', () => ({ line: 'POST /auth/login', headers: asJson, body: 'x'.repeat(200_000), status: 413, type: JSON_TYPE })],
  ['415', () => ({ line: 'POST /auth/login', headers: ['Content-Type: text/plain'], body: 'x', status: 415, type: JSON_TYPE })],
  ['OPTIONS', () => ({ line: 'OPTIONS /v1/profile', status: 204, type: null })],
  ['a preflight', () => ({ line: 'OPTIONS /graphql', headers: [`Origin: ${ORIGIN}`, 'Access-Control-Request-Method: POST'], status: 204, type: null })],
  ['an answer of GraphQL', () => ({ line: 'POST /graphql', headers: [...asJson, ...bearer(somebody.token), 'Accept: application/graphql-response+json'], body: JSON.stringify({ query: me }), status: 200, type: GRAPHQL_TYPE })],
  ['one as JSON', () => ({ line: 'POST /graphql', headers: [...asJson, 'Accept: application/json'], body: JSON.stringify({ query: me }), status: 200, type: JSON_TYPE })],
  ['one by GET', () => ({ line: `GET /graphql?query=${encodeURIComponent(me)}`, headers: ['Accept: application/json'], status: 200, type: JSON_TYPE })],
  ['one in events', () => ({ line: 'POST /graphql', headers: [...asJson, 'Accept: text/event-stream'], body: JSON.stringify({ query: me }), status: 200, type: 'text/event-stream', differs: { 'cache-control': 'no-cache' } })],
  ['a document that is none', () => ({ line: 'POST /graphql', headers: [...asJson, 'Accept: application/graphql-response+json'], body: JSON.stringify({ query: '{' }), status: 400, type: GRAPHQL_TYPE })],
  ['a body that is no JSON', () => ({ line: 'POST /graphql', headers: asJson, body: '{', status: 400, type: JSON_TYPE })],
  ['406', () => ({ line: 'POST /graphql', headers: [...asJson, 'Accept: image/png'], body: JSON.stringify({ query: me }), status: 406, type: JSON_TYPE })],
  ['405 of GraphQL', () => ({ line: 'DELETE /graphql', status: 405, type: JSON_TYPE })],
  ['a page that mails link to', () => ({ line: 'GET /reset-password', status: 200, type: HTML, differs: page("'nonce-[\\w-]{22}'; ") })],
  ['a page of the account', () => ({ line: 'GET /account/sessions', status: 200, type: HTML, differs: page("'nonce-[\\w-]{22}'; ") })],
  ['the start page', () => ({ line: 'GET /', headers: ['Accept: text/html'], status: 200, type: HTML, differs: page("'nonce-[\\w-]{22}'; ") })],
  ['what the start page is for programs', () => ({ line: 'GET /', status: 200, type: JSON_TYPE })],
  ['a script of the pages', () => ({ line: `GET /assets/${readdirSync('dist/web/assets').find((name) => name.endsWith('.js'))}`, status: 200, type: 'text/javascript; charset=utf-8', differs: { 'cache-control': 'public, max-age=31536000, immutable' } })],
  ['the page of the REST documents', () => ({ line: 'GET /docs', status: 200, type: HTML, differs: { ...page("'self'"), 'cache-control': 'no-cache' } })],
  ['a script of that page', () => ({ line: 'GET /docs/page.js', status: 200, type: 'text/javascript; charset=utf-8', differs: { 'cache-control': 'no-cache', 'content-security-policy': /^default-src 'none'; script-src 'self'/ } })],
  ['a document of OpenAPI', () => ({ line: 'GET /openapi/wekan.json', status: 200, type: JSON_TYPE, differs: { 'cache-control': 'no-cache' } })],
  ['GraphiQL', () => ({ line: 'GET /graphql', headers: ['Accept: text/html'], status: 200, type: /./.source, differs: page("'unsafe-inline' 'unsafe-eval' blob:") })],
  ['the schema', () => ({ line: 'GET /graphql/schema.graphql', status: 200, type: /./.source, differs: { 'cache-control': /^(no-cache|public.*)$/ } })],
  ['the public keys', () => ({ line: 'GET /.well-known/jwks.json', status: 200, type: JSON_TYPE, differs: { 'cache-control': /^public, / } })],
  ['a probe', () => ({ line: 'GET /readyz', status: 200, type: JSON_TYPE })],
  ['a target that is none', () => ({ line: 'GET foo', status: 400, type: JSON_TYPE })],
  ['a header that is none', () => ({ line: 'GET /', headers: ['a b: c'], status: 400, type: JSON_TYPE })],
  ['headers beyond 16 KiB', () => ({ line: 'GET /', headers: [`A: ${'a'.repeat(20_000)}`], status: 431, type: JSON_TYPE })],
  ['an expectation', () => ({ line: 'POST /', headers: ['Expect: magic'], body: 'x', status: 417, type: JSON_TYPE })],
  ['TRACE', () => ({ line: 'TRACE /', status: 501, type: JSON_TYPE })],
  ['OPTIONS *', () => ({ line: 'OPTIONS *', status: 204, type: null })],
  ['two lengths', () => ({ line: 'POST /graphql', headers: ['Content-Length: 3', 'Transfer-Encoding: chunked'], status: 400, type: JSON_TYPE })],
]

interface Told {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

const ask = async ({ line, headers = [], body = '' }: Kind): Promise<Told> => {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const answer = await say(world(), head(line, ...headers, ...length), body)
  const end = answer.indexOf('\r\n\r\n')
  const [first = '', ...lines] = answer.slice(0, end).split('\r\n')
  const fields = lines.map((field): [string, string] => [field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 1).trim()])
  expect(fields.map(([name]) => name.toLowerCase()).filter((name, at, all) => all.indexOf(name) !== at && name !== 'set-cookie')).toEqual(
    [],
  )
  return { status: Number(first.split(' ')[1]), headers: new Headers(fields), body: answer.slice(end + 4) }
}

describe.each(kinds)('%s', (_name, kindOf) => {
  it('says what it is, and has the headers of every answer, each once', async () => {
    const kind = kindOf()
    const { status, headers, body } = await ask(kind)
    expect(status).toBe(kind.status)
    for (const [name, expected] of Object.entries<string | RegExp | null>({ ...ALWAYS, ...kind.differs })) {
      const value = headers.get(name)
      expect([name, value]).toEqual([name, expected instanceof RegExp ? expect.stringMatching(expected) : expected])
    }
    if (kind.type === '.') expect(headers.get('content-type')).toMatch(/; charset=utf-8$/i)
    else expect(headers.get('content-type')).toBe(kind.type)
    expect(headers.get('x-request-id')).toMatch(/^([\da-f]{24}|[\da-f-]{36})$/)
    expect(BANNERS.filter((name) => headers.has(name))).toEqual([])
    const length = headers.get('content-length')
    if (kind.line.startsWith('HEAD')) return expect(body).toBe('')
    if (length !== null) return expect(Number(length)).toBe(Buffer.byteLength(body))
    expect(headers.get('transfer-encoding')).toBe(kind.type === null ? null : 'chunked')
  })
})

it('without TLS there is no word of it, and without CSP_REPORT_URL nobody is named', async () => {
  const plain = await openWorld({ PUBLIC_URL: 'http://vestibule.test' }, { db: world().db })
  for (const path of ['/nope', '/reset-password']) {
    const { headers } = await plain.get(path)
    expect(headers.get('strict-transport-security')).toBeNull()
    expect(headers.get('content-security-policy')).not.toContain('report')
    expect(headers.get('reporting-endpoints')).toBeNull()
  }
  await plain.close()
})
