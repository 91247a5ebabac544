/**
 * The check of answers against OpenAPI (test/support/conformance/) by itself: what conforms passes, and each way of not conforming is
 * reported. The document is made for this, with a dialect of two routes.
 */
import { describe, expect, it } from 'vitest'
import { createBook, judge } from '../support/conformance/book.ts'
import { describeDocument } from '../support/conformance/described.ts'
import type { Json, JsonObject } from '../support/openApiDocument.ts'

const json = (schema: Json): JsonObject => ({ 'application/json': { schema } })
const user: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    email: { type: ['string', 'null'], format: 'email' },
    born: { type: 'string', format: 'date-time' },
    tags: { type: 'object', properties: {} },
  },
  required: ['id'],
}
const headers: JsonObject = {
  'X-Request-Id': { required: true, schema: { type: 'string', pattern: '^[\\w-]{1,64}$' } },
  'Cache-Control': { required: true, schema: { const: 'no-store' } },
}
const error: JsonObject = {
  description: 'An error',
  headers: { ...headers, 'Retry-After': { schema: { type: 'integer', minimum: 1 } } },
  content: json({ $ref: '#/components/schemas/Error' }),
}
const document: JsonObject = {
  openapi: '3.1.0',
  servers: [{ url: '/old/v1' }],
  paths: {
    '/users/{id}': {
      get: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: { headers, content: json({ $ref: '#/components/schemas/User' }) },
          401: { $ref: '#/components/responses/Error' },
          429: { $ref: '#/components/responses/Error' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
      put: {
        requestBody: { required: true, content: json({ $ref: '#/components/schemas/User' }) },
        responses: {
          200: { headers, content: json({ oneOf: [{ $ref: '#/components/schemas/Admin' }, { type: 'object', properties: {} }] }) },
          204: { headers },
        },
      },
    },
  },
  components: {
    responses: { Error: error },
    schemas: {
      User: user,
      Admin: { allOf: [{ $ref: '#/components/schemas/User' }, { properties: { isAdmin: { const: true } }, required: ['isAdmin'] }] },
      Error: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
    },
  },
}

const described = describeDocument('old', document, '/old')
const book = createBook([described], [{ dialect: 'old', path: '/old/v1', statusOf: (problem) => problem }])

const PLACE = '/old/v1/users/7'
const WELL = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'a1', 'cache-control': 'no-store' }
const faults = (method: string, path: string, status: number, body: unknown, more: Record<string, string | null> = {}) => {
  const all = new Headers()
  for (const [name, value] of Object.entries({ ...WELL, ...more })) if (value !== null) all.set(name, value)
  return judge(book, method, path, { status, headers: all, text: typeof body === 'string' ? body : JSON.stringify(body) })?.faults
}

describe('a document', () => {
  it('a document is its operations, without the prefix of the settings', () => {
    expect(described.operations.map(({ name, path }) => [name, path])).toEqual([
      ['GET /v1/users/{id}', '/old/v1/users/{id}'],
      ['PUT /v1/users/{id}', '/old/v1/users/{id}'],
    ])
    expect(described.operations[0]?.parameters).toEqual([{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }])
    expect([...(described.operations[1]?.body.keys() ?? [])]).toEqual(['application/json'])
  })
})

describe('what conforms', () => {
  it.each<[string, string, string, number, unknown, Record<string, string>?]>([
    ['a success', 'GET', PLACE, 200, { id: 'x', email: null, tags: {} }],
    ['an address that is none any more', 'GET', PLACE, 200, { id: 'x', email: '' }],
    ['a slash at the end', 'GET', `${PLACE}/?a=1`, 200, { id: 'x' }],
    ['an escaped path', 'GET', '/old/v1/us%65rs/%2F', 200, { id: 'x' }],
    ['HEAD', 'HEAD', PLACE, 200, ''],
    ['an error', 'GET', PLACE, 401, { message: 'no' }],
    ['an error with a header that it may have', 'GET', PLACE, 429, { message: 'no' }, { 'retry-after': '3' }],
    ['a whole of parts', 'PUT', PLACE, 200, { id: 'x', isAdmin: true }],
    ['an answer without a body', 'PUT', PLACE, 204, ''],
    ['headers of the server', 'PUT', PLACE, 204, '', { vary: 'Origin', 'x-frame-options': 'DENY' }],
    ['OPTIONS', 'OPTIONS', PLACE, 204, '', { allow: 'GET, HEAD, PUT, OPTIONS' }],
    ['another method', 'PATCH', PLACE, 405, { message: 'no' }, { allow: 'GET, HEAD, PUT, OPTIONS' }],
    ['an unknown path below the mount', 'GET', '/old/v1/teams', 404, { message: 'no' }],
  ])('%s', (_name, method, path, status, body, more) => {
    expect(faults(method, path, status, body, more)).toEqual([])
  })
})

describe('what does not conform', () => {
  it.each<[string, string, string, number, unknown, Record<string, string | null>, RegExp]>([
    [
      'a status that only default has',
      'GET',
      PLACE,
      500,
      { message: 'no' },
      {},
      /^old: the status 500 is not declared \(200, 401, 429, default\)$/,
    ],
    ['a property too many', 'GET', PLACE, 200, { id: 'x', hash: 'y' }, {}, /the whole .*unevaluated.*hash/],
    ['a property too many inside', 'GET', PLACE, 200, { id: 'x', tags: { a: 1 } }, {}, /\/tags .*unevaluated/],
    ['a property too many in a whole of parts', 'PUT', PLACE, 200, { id: 'x', isAdmin: true, hash: 'y' }, {}, /./],
    ['a property too many in an alternative', 'PUT', PLACE, 200, { hash: 'y' }, {}, /./],
    ['a property too few', 'GET', PLACE, 200, {}, {}, /required property 'id'/],
    ['a wrong type', 'GET', PLACE, 200, { id: 7 }, {}, /\/id must be string/],
    ['a wrong format', 'GET', PLACE, 200, { id: 'x', born: 'today' }, {}, /\/born must match format "date-time"/],
    ['a header too few', 'GET', PLACE, 200, { id: 'x' }, { 'x-request-id': null }, /x-request-id is missing/],
    ['a header too many', 'GET', PLACE, 200, { id: 'x' }, { 'set-cookie': 'a=b' }, /set-cookie is not declared/],
    ['a wrong header', 'GET', PLACE, 200, { id: 'x' }, { 'cache-control': 'public' }, /the header cache-control: /],
    ['a header of the wrong type', 'GET', PLACE, 429, { message: 'no' }, { 'retry-after': 'soon' }, /retry-after: .*integer/],
    ['another content type', 'GET', PLACE, 200, { id: 'x' }, { 'content-type': 'text/html' }, /content type text\/html/],
    ['no content type', 'GET', PLACE, 200, { id: 'x' }, { 'content-type': null }, /content type null/],
    ['no JSON', 'GET', PLACE, 200, '{"id": ', {}, /not JSON/],
    ['an empty body', 'GET', PLACE, 200, '', {}, /not JSON/],
    ['a body too many', 'PUT', PLACE, 204, '{}', {}, /there is a body/],
    ['HEAD with a body', 'HEAD', PLACE, 200, { id: 'x' }, {}, /HEAD has a body/],
    ['OPTIONS that forgets a method', 'OPTIONS', PLACE, 204, '', { allow: 'GET, OPTIONS' }, /Allow is/],
    ['405 without Allow', 'PATCH', PLACE, 405, { message: 'no' }, {}, /Allow is ""/],
    ['405 in another form', 'PATCH', PLACE, 405, { error: 'no' }, { allow: 'GET, HEAD, PUT, OPTIONS' }, /required property 'message'/],
    ['another status for another method', 'PATCH', PLACE, 404, { message: 'no' }, { allow: 'GET, HEAD, PUT, OPTIONS' }, /404, and not 405/],
    ['404 in another form', 'GET', '/old/v1/teams', 404, { message: 'no', request_id: 'a1' }, {}, /unevaluated.*request_id/],
    ['success below no operation', 'GET', '/old/v1/teams', 200, { message: 'no' }, {}, /200, and not 404/],
  ])('%s', (_name, method, path, status, body, more, expected) => {
    expect(faults(method, path, status, body, more)?.join('\n')).toMatch(expected)
  })

  it('an answer outside the mounts is not looked for in the document', () => {
    for (const path of ['/', '/graphql', '/old/v12', '/old', '/v1/users/7', `/${PLACE}`, `//evil.example${PLACE}`])
      expect(faults('GET', path, 418, 'tea')).toBeUndefined()
  })
})
