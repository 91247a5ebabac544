/**
 * What no route of any dialect and no operation of GraphQL may take: bodies that are none, wrong types, text that is no
 * Unicode, too much of it, keys that nobody documented. Always a 4xx in the dialect's own body, nothing written, and the
 * server goes on.
 */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { isInputObjectType, isListType, isNonNullType, isScalarType } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { admin, PASSWORD, person, signIn, unique } from '../support/accounts.ts'
import { type Answer, openWorld, type Send, useWorld, type World } from '../support/world.ts'
import { head, parseAnswer, say, send } from './raw.ts'
import { bodyRoutes, expectError, idRoutes, mounts, type Route, routes, sampleBody, urlOf } from './routes.ts'

const world = useWorld({}, { overHttp: true })
let token = ''
beforeAll(async () => {
  token = (await admin(world())).token
})

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))))

const rows = async ({ db: { client } }: World) =>
  await client.$queryRaw`
  SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM sessions) AS sessions,
    (SELECT count(*) FROM opaque_tokens) AS tokens, (SELECT count(*) FROM identifiers) AS identifiers`

/** Each test of the describe leaves the tables as they were, and the server alive. */
const nothingIsWritten = () => {
  let before: unknown
  beforeAll(async () => {
    before = await rows(world())
  })
  afterEach(async () => {
    expect(await rows(world())).toEqual(before)
  })
  afterAll(async () => {
    expect((await world().get('/api/user', token)).status).toBe(200)
  })
}

const ask = async (route: Route, options: Send, id?: string) => await world().request(route.method, urlOf(route, id), { token, ...options })

/** Text of 10,000 characters that does not compress. */
const long = () => randomBytes(7_500).toString('base64url')

/** Documents where a body may be left out, and where a field may be null. */
const OPTIONAL_BODY = ['PUT /v1/profile', 'POST /v1/security/twofactor-disable']
const NULLABLE: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/auth/signup': ['phone'],
  'PUT /v1/profile': ['phone'],
  'POST /auth/register': ['bio'],
  'POST /v1/security/twofactor-disable': ['code', 'password'],
}
const fieldsOf = (list: readonly Route[]) => list.flatMap((route) => route.fields.map((field) => ({ name: route.name, field, route })))
const bodyNeeded = bodyRoutes.filter(({ name }) => !OPTIONAL_BODY.includes(name))

describe('a body that is no JSON object', () => {
  nothingIsWritten()
  const bodies: [string, string | Uint8Array][] = [
    ['half of one', '{"email": "a@example.com"'],
    ['a word', 'undefined'],
    ['two values', '{} {}'],
    ['a trailing comma', '{"email": "a@example.com",}'],
    ['a comment', '{} // nothing'],
    ['white space', '  '],
    ['a byte order mark alone', '\ufeff'],
    ['NaN', '{"email": NaN}'],
    ['a form', 'email=a%40example.com&password=secret'],
    ['an array', '[]'],
    ['an array of objects', '[{"email": "a@example.com", "password": "secret"}]'],
    ['text', '"text"'],
    ['a number', '42'],
    ['null', 'null'],
    ['true', 'true'],
    ['a raw control character', '{"email": "\u0001"}'],
    ['invalid UTF-8', bytes('{"email": "', 0xff, '", "password": "', 0xff, '"}')],
    ['a surrogate in UTF-8', bytes('{"email": "', 0xed, 0xa0, 0x80, '"}')],
    ['an overlong NUL', bytes('{"email": "', 0xc0, 0x80, '"}')],
    ['UTF-16', Buffer.from('{"email": "a@example.com"}', 'utf16le')],
    ['brackets, 40,000 deep', '['.repeat(40_000)],
  ]
  it.each(bodyRoutes)('$name', async (route) => {
    for (const [name, raw] of bodies) {
      const answer = await ask(route, { raw, headers: json })
      expect([name, answer.status]).toEqual([name, 400])
      expectError(route.mount, answer, 400)
    }
  })

  it.each(bodyNeeded)('$name without any body, or with an empty one', async (route) => {
    for (const options of [{}, { headers: json }, { raw: '', headers: json }, { json: {} }]) {
      expectError(route.mount, await ask(route, options), 400)
    }
  })
})

describe('a body of another media type', () => {
  nothingIsWritten()
  const types: Record<string, string>[] = [
    {},
    { 'content-type': '' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'text/json' },
    { 'content-type': 'application/jsonp' },
    { 'content-type': 'application/xml' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-type': 'application/json, text/plain' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'application/json; charset=iso-8859-1' },
    { 'content-type': 'application/json; charset="windows-1252"' },
    { ...json, 'content-encoding': 'gzip' },
    { ...json, 'content-encoding': 'br' },
    { ...json, 'content-encoding': 'deflate, gzip' },
  ]
  it.each(bodyRoutes)('$name: 415', async (route) => {
    const raw = Buffer.from(JSON.stringify(sampleBody(route)))
    for (const headers of [...types, ...(route.takesForms ? [] : [form])]) {
      const answer = await ask(route, { raw, headers })
      expect([headers, answer.status]).toEqual([headers, 415])
      expectError(route.mount, answer, 415)
    }
  })

  it('JSON is taken with a charset however it is spelt', async () => {
    const raw = JSON.stringify({ email: 'nobody@example.com', password: PASSWORD })
    for (const type of ['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON ; Charset=UTF-8']) {
      expect((await world().request('POST', '/auth/login', { raw, headers: { 'content-type': type } })).status).toBe(401)
    }
  })

  it('JSON is taken with the content encoding that says there is none', async () => {
    const headers = { ...json, 'content-encoding': 'identity' }
    const raw = JSON.stringify({ email: 'nobody@example.com', password: PASSWORD })
    expect((await world().request('POST', '/auth/login', { raw, headers })).status).toBe(401)
    const answer = await world().request('POST', '/graphql', { raw: JSON.stringify({ query: '{ __typename }' }), headers })
    expect([answer.status, answer.body]).toEqual([200, { data: { __typename: 'Query' } }])
  })
})

describe('a wrong type in a field', () => {
  nothingIsWritten()
  const wrong: unknown[] = [{ $ne: 1 }, { toString: 'a' }, ['a@example.com'], [], 42.5, -1, 1e308, true, null]
  it.each(fieldsOf(bodyRoutes))('$name: $field', async ({ name, field, route }) => {
    for (const value of wrong.filter((one) =>
      Array.isArray(one) && one.length === 0 ? field !== 'permissions' : one !== null || NULLABLE[name]?.includes(field) !== true,
    )) {
      const answer = await ask(route, { json: { ...sampleBody(route), [field]: value } })
      expect([value, answer.status]).toEqual([value, 400])
      expectError(route.mount, answer, 400)
    }
  })
})

describe('text that is none', () => {
  nothingIsWritten()
  const texts = ['\0', 'a\0b@example.com', '\ud800', 'a\udc00b@example.com', '\udc00\ud800', `${PASSWORD}\0`]
  it.each(fieldsOf(bodyRoutes))('$name: $field with NUL or half a character is 400', async ({ field, route }) => {
    for (const value of texts) {
      const answer = await ask(route, { json: { ...sampleBody(route), [field]: value } })
      expect([value, answer.status]).toEqual([value, 400])
      expectError(route.mount, answer, 400)
    }
  })

  it.each(idRoutes)('$name with an id that nobody can have is 4xx', async (route) => {
    for (const id of [
      '%00',
      'a%00',
      '%ff',
      '%ED%A0%80',
      '%C0%80',
      '%',
      '%zz',
      '%2e%2e%2f',
      '..%2f..%2fetc',
      '%E2%80%AE',
      "'%20or%201=1--",
      long(),
    ]) {
      const answer = await ask(route, route.takesBody ? { json: sampleBody(route) } : {}, id)
      expect(id.includes('0') ? [400, 404] : [404]).toContain(answer.status)
      expectError(route.mount, answer, [400, 404])
    }
  })

  it.each(routes.filter(({ method }) => method === 'GET'))('$name with a query that is none is 400', async (route) => {
    for (const query of ['limit=%ff', 'x=%', 'x=%ED%A0%80', 'limit=1&limit=2', 'x=1&x=1', 'offset=1&%6fffset=2']) {
      expectError(route.mount, await world().get(`${urlOf(route)}?${query}`, token), 400)
    }
  })
})

describe('10,000 characters in a field', () => {
  nothingIsWritten()
  it.each(fieldsOf(bodyRoutes))('$name: $field', async ({ field, route }) => {
    const answer = await ask(route, { json: { ...sampleBody(route), [field]: long() } })
    expectError(route.mount, answer, [400, 401])
  })

  it('a phone number, a name and an address of such a length are refused at once', async () => {
    for (const value of ['1'.repeat(14_000), `${'a'.repeat(14_000)}!`, `${'a.'.repeat(7_000)}@example.com`, `+20${' '.repeat(14_000)}1`]) {
      for (const route of bodyRoutes.filter(({ path }) => /signup|register|users$/.test(path))) {
        const body = {
          ...sampleBody(route),
          ...Object.fromEntries(route.fields.filter((field) => field !== 'action').map((field) => [field, value])),
        }
        expectError(route.mount, await ask(route, { json: body }), 400)
      }
    }
  })
})

describe('repeated and badly encoded parameters', () => {
  nothingIsWritten()
  it.each(routes)('$name with a repeated query parameter is 400', async (route) => {
    const url = urlOf(route)
    const answer = await world().request(route.method, `${url}${url.includes('?') ? '&' : '?'}x=1&x=1`, {
      token,
      ...(route.takesBody ? { json: sampleBody(route) } : {}),
    })
    expectError(route.mount, answer, 400)
  })

  it.each(bodyRoutes.filter(({ takesForms }) => takesForms))('$name with a form that is none is 400', async (route) => {
    const right = new URLSearchParams(sampleBody(route) as Record<string, string>).toString()
    const [field] = route.fields
    const forms: (string | Uint8Array)[] = [
      `${right}&${field}=other`,
      `${right}&x=1&x=1`,
      `${right}&x=%`,
      `${right}&x=%ff`,
      bytes(`${right}&x=`, 0xff),
      `${field}[$ne]=1`,
      `${field}[]=a&${field}[]=b`,
      ...route.fields.map((one) => right.replace(new RegExp(`\\b${one}=[^&]*`), `${one}=%00`)),
    ]
    for (const raw of forms) {
      const answer = await ask(route, { raw, headers: form })
      expect([raw.toString(), answer.status]).toEqual([raw.toString(), 400])
      expectError(route.mount, answer, 400)
    }
  })
})

describe('too large a body', () => {
  nothingIsWritten()
  const large = Buffer.alloc(3 * 1024 * 1024, 'a')
  const takers = [
    ...routes.filter(({ method }) => method === 'POST' || method === 'PUT'),
    { name: 'POST /graphql', method: 'POST', path: '/graphql', mount: '/graphql' },
  ]
  const expectTooLarge = (mount: string, answer: Answer) => {
    if (mount !== '/graphql') return expectError(mount, answer, 413)
    expect(answer.status).toBe(413)
    expect(answer.body).toEqual({ errors: [{ message: expect.any(String), extensions: { code: expect.any(String) } }] })
  }

  it.each(takers)('$name: 413 reaches the client that writes 3 MB before it reads', async ({ method, path, mount, ...route }) => {
    expectTooLarge(mount, await world().request(method, urlOf({ ...route, path }), { raw: large, headers: json, token }))
    const length = `Content-Length: ${large.length}`
    const { status, body } = parseAnswer(await say(world(), head(`${method} ${path}`, 'Content-Type: application/json', length), large))
    expect(status).toBe(413)
    expect(body).not.toBe('')
  })

  it.each([...mounts, '/graphql'])('%s: 20 clients with 3 MB each, in parallel, and one with chunks', async (mount) => {
    const { method, path } = takers.find((taker) => taker.mount === mount) ?? { method: 'POST', path: mount }
    const start = head(`${method} ${path}`, 'Content-Type: application/json', `Content-Length: ${large.length}`)
    const answers = await Promise.all(Array.from({ length: 20 }, async () => parseAnswer(await say(world(), start, large)).status))
    expect(answers).toEqual(answers.map(() => 413))
    const chunked = head(`${method} ${path}`, 'Content-Type: application/json', 'Transfer-Encoding: chunked')
    expect(parseAnswer(await say(world(), chunked, `${large.length.toString(16)}\r\n`, large, '\r\n0\r\n\r\n')).status).toBe(413)
  })

  it.each(bodyRoutes)('$name: 100 KiB are read, one byte more is not', async (route) => {
    const exactly = (size: number) => JSON.stringify({ x: 'a'.repeat(size - 8) })
    expect(Buffer.byteLength(exactly(102_400))).toBe(102_400)
    expect((await ask(route, { raw: exactly(102_400), headers: json })).status).not.toBe(413)
    expectError(route.mount, await ask(route, { raw: exactly(102_401), headers: json }), 413)
  })

  it('a length that is a lie is 400, whether too long or too short', async () => {
    const lies: [string, string][] = [
      [`Content-Length: 5`, '{"email": "a@example.com", "password": "secret"}'],
      ['Content-Length: -1', '{}'],
      ['Content-Length: 2\r\nContent-Length: 3', '{}'],
      ['Content-Length: 2\r\nTransfer-Encoding: chunked', '{}'],
    ]
    for (const [length, body] of lies) {
      const answers = await say(world(), head('POST /v1/auth/login', 'Content-Type: application/json', length), `${body}\r\n\r\n`)
      expect(parseAnswer(answers).status).toBe(400)
      expect(answers).not.toContain('"token"')
    }
  })
})

it('a client that breaks off in the middle of its body is no fault of the server', async () => {
  const own = await openWorld()
  const start = head('POST /v1/auth/login', 'Content-Type: application/json', 'Content-Length: 3000000')
  const socket = connect(Number(new URL(own.url).port), '127.0.0.1')
  await new Promise<void>((resolve) => {
    socket.write(`${start}{"email"`, () => resolve())
  })
  socket.resetAndDestroy()
  for (let asked = 0; asked < 10; asked += 1) expect((await own.get('/healthz')).status).toBe(200)
  const faults = own.logs.filter(({ level }) => level === 'error').map(({ message }) => message)
  await own.close()
  expect(faults).toEqual([])
})

describe('a body on GET or DELETE is ignored', () => {
  nothingIsWritten()
  const bodies: [string, Record<string, string>, string | Uint8Array][] = [
    ['garbage', json, '{'],
    ['another type', { 'content-type': 'text/plain' }, 'text'],
    ['another encoding', { ...json, 'content-encoding': 'gzip' }, 'text'],
    ['credentials', json, JSON.stringify({ id: 'x', access_token: 'x', limit: 'x' })],
    ['200 KB', json, 'a'.repeat(200_000)],
  ]
  const readers = routes.filter(({ method }) => method === 'GET' || method === 'DELETE')
  it.each(readers.flatMap((route) => bodies.map(([what, headers, body]) => ({ name: route.name, what, route, headers, body }))))(
    '$name with $what',
    async ({ route, headers, body }) => {
      const authorization = { authorization: `Bearer ${token}` }
      const without = await send(world(), route.method, urlOf(route), { headers: authorization })
      const withBody = await send(world(), route.method, urlOf(route), { headers: { ...authorization, ...headers }, body })
      const plain = ({ status, text, body: parsed }: Answer) => ({ status, text: parsed?.request_id ? '' : text })
      expect(plain(withBody)).toEqual(plain(without))
    },
  )
})

describe('a body that is not asked for does no harm', () => {
  nothingIsWritten()
  it.each(routes.filter(({ method, takesBody }) => !takesBody && method !== 'GET' && method !== 'DELETE'))('$name', async (route) => {
    for (const raw of ['{', '[]', 'null', bytes(0xff)]) {
      for (const headers of [json, { 'content-type': 'text/plain' }]) {
        expectError(route.mount, await world().request(route.method, urlOf(route), { raw, headers }), [400, 401, 415])
      }
    }
  })
})

/** Sign-ups and creations: the body that the document prints, and the account that it makes. */
const creations = bodyRoutes.filter(({ path }) => /signup|register|users$/.test(path))
const found = async (username: string) =>
  await world().db.client.identifier.findUnique({ where: { value: username }, include: { user: true } })

describe('keys', () => {
  it.each(creations)('$name: unknown keys, __proto__ and constructor have no effect', async (route) => {
    const body = sampleBody(route)
    const extra =
      '"__proto__": {"isAdmin": true, "email": "proto@example.com"}, "constructor": {"prototype": {"isAdmin": true}}, "unknown": 1'
    const raw = `${JSON.stringify(body).slice(0, -1)}, ${extra}}`
    expect([200, 201]).toContain((await ask(route, { raw, headers: json })).status)
    expect((await found(String(body.email)))?.user.isAdmin).toBe(false)
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
    expect(await found('proto@example.com')).toBeNull()
  })

  it.each(bodyNeeded)('$name: what stands in __proto__ does not stand in the body', async (route) => {
    const raw = `{"__proto__": ${JSON.stringify(sampleBody(route))}}`
    const nested = `{"constructor": {"prototype": ${JSON.stringify(sampleBody(route))}}}`
    expectError(route.mount, await ask(route, { raw, headers: json }), 400)
    expectError(route.mount, await ask(route, { raw: nested, headers: json }), 400)
  })

  it.each(creations)('$name: of duplicate keys the last wins', async (route) => {
    const [first, last] = [sampleBody(route), sampleBody(route)]
    const raw = `${JSON.stringify(first).slice(0, -1)}, ${JSON.stringify(last).slice(1)}`
    expect([200, 201]).toContain((await ask(route, { raw, headers: json })).status)
    expect(await found(String(last.email))).not.toBeNull()
    expect(await found(String(first.email))).toBeNull()
  })

  it('GraphQL: of duplicate keys the last wins, in the body and in its variables', async () => {
    const [first, last] = [`first${unique()}@example.com`, `last${unique()}@example.com`]
    const query = 'mutation($input: SignUpInput!) { signUp(input: $input) { __typename ... on Error { code } } }'
    const input = `{"email": "${first}", "password": "${PASSWORD}", "email": "${last}"}`
    const raw = `{"query": "{ broken", "query": ${JSON.stringify(query)}, "variables": {"input": {"email": "${first}", "password": "${PASSWORD}"}}, "variables": {"input": ${input}}}`
    const answer = await world().request('POST', '/graphql', { raw, headers: json })
    expect(answer.body).toEqual({ data: { signUp: { __typename: 'SignUpSuccess' } } })
    expect(await found(last)).not.toBeNull()
    expect(await found(first)).toBeNull()
  })
})

describe('mass assignment', () => {
  const wanted = {
    id: 'chosen-by-the-client',
    _id: 'chosen-by-the-client',
    seq: 1,
    isAdmin: true,
    is_admin: true,
    admin: true,
    role: 'admin',
    roles: ['admin'],
    scopes: ['users', 'sensors'],
    permissions: ['perm'],
    emailVerified: true,
    emailVerifiedAt: '2020-01-01T00:00:00.000Z',
    emails: [{ address: 'chosen@example.com', verified: true }],
    verified: true,
    loginDisabled: true,
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA',
    services: { password: { bcrypt: 'x' } },
    twoFactorEnabled: true,
    twoFactorSecret: 'chosen',
    twoFactorFailures: -1000,
    credentialVersion: 9,
    createdAt: '2000-01-01T00:00:00.000Z',
    userId: 'chosen-by-the-client',
    surface: 'graphql',
    fromAdmin: 'true',
    user: { isAdmin: true },
    input: { isAdmin: true },
  }
  const untouched = {
    isAdmin: false,
    scopes: [],
    emailVerifiedAt: null,
    loginDisabled: false,
    twoFactorSecret: null,
    twoFactorFailures: 0,
  }

  it.each(creations)('$name sets nothing but its documented fields', async (route) => {
    const body = sampleBody(route)
    const begun = Date.now()
    expect([200, 201]).toContain((await ask(route, { json: { ...wanted, ...body } })).status)
    const user = (await found(String(body.email)))?.user
    expect(user).toMatchObject({ ...untouched, email: body.email })
    expect(user?.id).not.toBe(wanted.id)
    expect(user?.createdAt.getTime()).toBeGreaterThanOrEqual(begun)
    expect(await found('chosen@example.com')).toBeNull()
  })

  const own = bodyRoutes.filter(({ who, name }) => who === 'session' && !creations.some((creation) => creation.name === name))
  it.each(own)('$name sets nothing but its documented fields', async (route) => {
    const owner = await person(world())
    const fresh = { ...(route.fields.includes('oldPassword') ? { oldPassword: PASSWORD } : {}) }
    await ask(route, { json: { ...wanted, ...sampleBody(route), ...fresh }, token: owner.token })
    const user = await world().db.client.user.findUniqueOrThrow({ where: { id: owner.id } })
    expect(user).toMatchObject({ ...untouched, id: owner.id, username: owner.username })
    expect(user.createdAt.getTime()).toBeGreaterThan(Date.parse('2020-01-01'))
  })

  it.each(['signUp', 'updateProfile', 'createUser'])('GraphQL %s refuses what its input does not have', async (name) => {
    const owner = await person(world())
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
    const email = `mass${unique()}@example.com`
    const right = name === 'updateProfile' ? { name: 'Some One' } : { email, password: PASSWORD }
    for (const [key, value] of Object.entries(wanted).filter(([one]) => !(one === 'scopes' && name === 'createUser'))) {
      const query = `mutation($input: ${type}!) { result: ${name}(input: $input) { __typename } }`
      const answer = await world().request('POST', '/graphql', {
        json: { query, variables: { input: { ...right, [key]: value } } },
        token: owner.token,
      })
      expect([200, 400]).toContain(answer.status)
      expect(answer.body.errors[0].message).toContain(`"${key}"`)
      expect(answer.body.data).toBeUndefined()
    }
    expect(await found(email)).toBeNull()
    expect(await world().db.client.user.findUnique({ where: { id: owner.id } })).toMatchObject({
      ...untouched,
      name: expect.stringContaining('Person'),
    })
  })
})

describe('GraphQL', () => {
  nothingIsWritten()
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args: [input] }) => {
    if (input === undefined) return []
    const type = isNonNullType(input.type) ? input.type.ofType : input.type
    if (!isInputObjectType(type)) throw new Error(`${name} takes no input object`)
    return Object.values(type.getFields()).map((field) => ({
      name,
      field: field.name,
      input: type,
      required: isNonNullType(field.type),
      type: isNonNullType(field.type) ? field.type.ofType : field.type,
    }))
  })

  /** A typed failure or a 400 with errors; never a fault and never a success. */
  const expectRefused = (answer: Answer) => {
    expect([200, 400]).toContain(answer.status)
    expect(answer.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/)
    const { errors, data } = answer.body
    if (errors === undefined) return expect(data.result.code).toMatch(/^[A-Z_]+$/)
    expect(errors.length).toBeGreaterThan(0)
    for (const { message, extensions } of errors) {
      expect(message).not.toBe('Unexpected error.')
      expect(extensions?.code ?? 'BAD_USER_INPUT').not.toBe('INTERNAL_SERVER_ERROR')
    }
  }
  const run = async (name: string, input: object) => {
    const type = mutations.find((mutation) => mutation.name === name)?.input.name
    const query = `mutation($input: ${type}!) { result: ${name}(input: $input) { __typename ... on Error { code } } }`
    return await world().request('POST', '/graphql', { json: { query, variables: { input } }, token })
  }
  const named: Readonly<Record<string, unknown>> = {
    enabled: true,
    isAdmin: false,
    scopes: [],
    id: 'no-such-id',
    identifier: 'nobody',
    newPassword: PASSWORD,
  }
  const sample = (name: string) => {
    if (mutations.some((mutation) => mutation.name === name && mutation.input.isOneOf)) return {}
    const fields = mutations.filter((mutation) => mutation.name === name).map(({ field }) => field)
    const known = new Set(bodyRoutes.flatMap((route) => route.fields))
    const rest = sampleBody({ ...(bodyRoutes[0] as Route), fields: fields.filter((field) => known.has(field) && !(field in named)) })
    const wrong = name === 'reauthenticate' || name === 'deleteAccount' ? { password: 'not the right one' } : {}
    return { ...Object.fromEntries(fields.filter((field) => field in named).map((field) => [field, named[field]])), ...rest, ...wrong }
  }

  it.each(mutations)('$name: a wrong type in $field', async ({ name, field, type, required }) => {
    const wrong: unknown[] = [{ $ne: 1 }, [{ $ne: 1 }], ...(required ? [null] : [])]
    if (!isListType(type)) wrong.push(['a'])
    if (isScalarType(type) && type.name === 'String') wrong.push(42, true)
    if (isScalarType(type) && type.name === 'Boolean') wrong.push('true', 1)
    for (const value of wrong) expectRefused(await run(name, { ...sample(name), [field]: value }))
  })

  const texts = mutations.filter(({ type }) => isListType(type) || (isScalarType(type) && type.name !== 'Boolean'))
  it.each(texts)('$name: text that is none, and 10,000 characters, in $field', async ({ name, field, type }) => {
    for (const value of ['\0', 'a\0@example.com', '\ud800', 'a\udc00@example.com', long()]) {
      expectRefused(await run(name, { ...sample(name), [field]: isListType(type) ? [value] : value }))
    }
  })

  it.each<[string, (text: unknown) => object]>([
    ['the code', (code) => ({ code })],
    ['the password', (password) => ({ password })],
    ['the code of both', (code) => ({ codeAndPassword: { code, password: PASSWORD } })],
    ['the password of both', (password) => ({ codeAndPassword: { code: '123456', password } })],
  ])('disableTwoFactor refuses values that are not text, ill-formed text, and 10,000 characters, in %s', async (_what, proof) => {
    for (const value of [{ $ne: 1 }, ['a'], null, 42, '\0', '\ud800', long()])
      expectRefused(await run('disableTwoFactor', { proof: proof(value) }))
  })

  it.each([
    'user(by: { id: $text })',
    'user(by: { username: $text })',
    'user(by: { idOrUsername: $text })',
    'users(search: $text)',
    'users(after: $text)',
    'users(before: $text, last: 1)',
  ])('%s: text that is none', async (selection) => {
    const type = selection.includes('id:') ? 'ID!' : selection.includes('by:') ? 'String!' : 'String'
    for (const text of ['\0', '\ud800', 'WyIAIiwiMSJd']) {
      const json = { query: `query($text: ${type}) { result: ${selection} { __typename } }`, variables: { text } }
      const answer = await world().request('POST', '/graphql', { json, token })
      if (selection.includes('search') && text.startsWith('W')) expect(answer.body.data.result.__typename).toBe('UserConnection')
      else expectRefused(answer)
    }
  })

  it('node: ids that nobody can have are null', async () => {
    for (const id of ['\0', '\ud800', 'Session:\0', 'Session:\ud800', 'User:x', ':', '', long()]) {
      const answer = await world().request('POST', '/graphql', {
        json: { query: 'query($id: ID!) { node(id: $id) { id } }', variables: { id } },
        token,
      })
      expect(answer.body).toEqual({ data: { node: null } })
    }
  })

  const query = '{ __typename }'
  it.each<[string, string | Uint8Array]>([
    ['half an object', '{"query"'],
    ['an array', '[]'],
    ['a batch', JSON.stringify([{ query }, { query }])],
    ['text', '"text"'],
    ['null', 'null'],
    ['a number', '42'],
    ['nothing', ''],
    ['no query', '{}'],
    ['a query that is a number', '{"query": 1}'],
    ['a query that is an object', '{"query": {"$ne": 1}}'],
    ['variables that are text', JSON.stringify({ query, variables: 'a' })],
    ['variables that are an array', JSON.stringify({ query, variables: [] })],
    ['a name that is an object', JSON.stringify({ query, operationName: { $ne: 1 } })],
    ['extensions that are text', JSON.stringify({ query, extensions: 'a' })],
    ['a key in invalid UTF-8', bytes('{"', 0xff, `": 1, "query": "${query}"}`)],
    ['a value in invalid UTF-8', bytes(`{"query": "query($a: String) ${query}", "variables": {"a": "`, 0xff, '"}}')],
    ['NUL in the query', JSON.stringify({ query: '{ __typename \0 }' })],
    ['a surrogate in the query', JSON.stringify({ query: '{ user(by: { username: "\ud800" }) { __typename } }' })],
    ['braces without end', JSON.stringify({ query: '{'.repeat(50_000) })],
    ['brackets without end', JSON.stringify({ query: `{ users(search: ${'['.repeat(50_000)}` })],
    ['selections without end', JSON.stringify({ query: '{a'.repeat(30_000) })],
    ['types without end', JSON.stringify({ query: `query($a: ${'['.repeat(50_000)}` })],
    ['__proto__ as variables', `{"query": "query($a: String!) ${query}", "__proto__": {"variables": {"a": "a"}}}`],
  ])('a body with %s is refused', async (_name, raw) => {
    const answer = await world().request('POST', '/graphql', { raw, headers: json, token })
    expectRefused(answer)
    expect(answer.body.data).toBeUndefined()
  })

  it.each<[string, Record<string, string>, string]>([
    ['no type', {}, JSON.stringify({ query })],
    ['text/plain', { 'content-type': 'text/plain' }, JSON.stringify({ query })],
    ['a form', form, `query=${encodeURIComponent(query)}`],
    ['multipart', { 'content-type': 'multipart/form-data; boundary=x' }, '--x\r\n\r\n--x--'],
    ['the bare query', { 'content-type': 'application/graphql' }, query],
    ['another charset', { 'content-type': 'application/json; charset=utf-16' }, JSON.stringify({ query })],
    ['an encoding', { ...json, 'content-encoding': 'gzip' }, JSON.stringify({ query })],
  ])('%s is 415', async (_name, headers, text) => {
    const answer = await world().request('POST', '/graphql', { raw: Buffer.from(text), headers })
    expect(answer.status).toBe(415)
    expect(answer.headers.get('content-type')).toMatch(/json; charset=utf-8$/)
    expect(answer.body.errors).toHaveLength(1)
  })

  it.each([
    'query={__typename}&query={__typename}',
    'query={__typename}&variables={',
    'query={__typename}&variables=[]',
    'query=%ff',
    'query={__typename}&extensions=1',
    'variables={}',
  ])('GET ?%s is refused', async (search) => {
    expectRefused(await world().request('GET', `/graphql?${search}`, { headers: { accept: 'application/json' } }))
  })
})

it('after all this the server does its work', async () => {
  const owner = await person(world())
  expect((await world().get('/v1/profile', await signIn(world(), owner))).body.email).toBe(owner.email)
})
