/**
 * The cases that each route of `/v1` has to answer alike: methods, CORS, bodies that cannot be read, required fields, sessions.
 */
import { expect, it } from 'vitest'
import { NO_TOKENS } from './noTokens.ts'
import { expectInvalid, expectProblem, ORIGIN } from './support.ts'
import type { V1World } from './world.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** A path to call; an id in it need not exist. */
  readonly path: string
  /** All methods of the path, as documented. */
  readonly methods: readonly string[]
  readonly who: 'anyone' | 'session'
  /** The fields that the body cannot lack; undefined where no body is read. */
  readonly required?: readonly string[]
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']

const listOf = (header: string | null): string[] => (header ?? '').split(/, */).sort()

/** The cases that come before anybody looks at who calls: so nobody does. */
function frontCases(world: V1World, { method, path, methods }: Route): void {
  const served = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  const allow = [...served, 'OPTIONS'].sort()

  it.each(METHODS.filter((other) => !served.includes(other)))('405 for %s, with Allow', async (other) => {
    const answer = await world().request(other, path)
    expect(answer.status).toBe(405)
    expect(listOf(answer.headers.get('allow'))).toEqual(allow)
    if (other === 'HEAD') expect(answer.text).toBe('')
    else expectProblem(answer, 405)
  })

  it('OPTIONS: 204 with Allow, and CORS for an origin of the settings', async () => {
    const asked = { 'access-control-request-method': method, 'access-control-request-headers': 'authorization,content-type' }
    const answer = await world().request('OPTIONS', path, { headers: { origin: ORIGIN, ...asked } })
    expect(answer.status).toBe(204)
    expect(answer.text).toBe('')
    expect(listOf(answer.headers.get('allow'))).toEqual(allow)
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(listOf(answer.headers.get('access-control-allow-methods'))).toContain(method)
    expect(listOf(answer.headers.get('access-control-allow-headers'))).toEqual(expect.arrayContaining(['authorization', 'content-type']))
  })

  it('no CORS for another origin', async () => {
    const answer = await world().request('OPTIONS', path, { headers: { origin: 'https://evil.example' } })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('a trailing slash is none', async () => {
    const [plain, slashed] = [await world().request(method, path), await world().request(method, `${path}/`)]
    expect(slashed.status).toBe(plain.status)
    expect({ ...slashed.body, request_id: '' }).toEqual({ ...plain.body, request_id: '' })
  })

  it('400 for a repeated query parameter', async () => {
    expectProblem(await world().request(method, `${path}?a=1&a=2`), 400)
  })

  if (method === 'POST' || method === 'PUT') {
    it('413 for more than 100 KiB', async () => {
      expectProblem(await world().request(method, path, { json: { padding: 'x'.repeat(100 * 1024) } }), 413)
    })

    it('413 goes before 415', async () => {
      const answer = await world().request(method, path, { raw: 'x'.repeat(100 * 1024 + 1), headers: { 'content-type': 'text/plain' } })
      expectProblem(answer, 413)
    })
  }
}

const UNPARSABLE: readonly [string, string | Uint8Array][] = [
  ['broken JSON', '{"email":'],
  ['two values', '{}{}'],
  ['an array', '[]'],
  ['a string', '"text"'],
  ['null', 'null'],
  ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
]

function bodyCases(world: V1World, { method, path, who, required = [] }: Route): void {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml'])('415 for %s', async (type) => {
    expectProblem(await world().request(method, path, { raw: 'a=b', headers: { 'content-type': type } }), 415)
  })

  it.each(UNPARSABLE)('400 for a body that cannot be read: %s', async (_name, raw) => {
    expectProblem(await world().request(method, path, { raw, headers: { 'content-type': 'application/json' } }), 400)
  })

  if (required.length === 0) return
  const token = () => (who === 'anyone' ? undefined : world.admin())

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'a body of the type %s is read',
    async (type) => {
      expectInvalid(await world().request(method, path, { raw: '{}', headers: { 'content-type': type }, token: token() }), required)
    },
  )

  it('400 without a body, all fields at once', async () => {
    expectInvalid(await world().request(method, path, { token: token() }), required)
  })

  it('400 for null in each required field', async () => {
    const json = Object.fromEntries(required.map((field) => [field, null]))
    expectInvalid(await world().request(method, path, { json, token: token() }), required)
  })

  it.each(required)('400 for a missing %s, although the query has it', async (field) => {
    const answer = await world().request(method, `${path}?${field}=12345678`, { json: {}, token: token() })
    expectProblem(answer, 400, { message: 'Validation errors', errors: required })
  })
}

function sessionCases(world: V1World, { method, path }: Route): void {
  world.wantNoTokens()
  const bare = (headers: Record<string, string>) => world().request(method, path, { headers })

  it('401 without a token, before fields are looked at', async () => {
    expectProblem(await world().request(method, path), 401)
  })

  it.each(NO_TOKENS)('401 with %s', async (kind) => {
    const text = world.noToken(kind)
    expect(text).not.toBe('')
    expectProblem(await bare({ authorization: `Bearer ${text}` }), 401)
  })

  it('401 with a live token under another scheme', async () => {
    expectProblem(await bare({ authorization: `Basic ${world.admin()}` }), 401)
  })

  it.each(['access_token', 'token', 'authorization'])('401 with a live token in the query as %s', async (name) => {
    expectProblem(await world().request(method, `${path}?${name}=${encodeURIComponent(world.admin())}`), 401)
  })
}

/** Registers what every route of `/v1` has to answer alike. */
export function commonCases(world: V1World, route: Route): void {
  frontCases(world, route)
  if (route.required !== undefined) bodyCases(world, route)
  if (route.who === 'session') sessionCases(world, route)
}
