/**
 * GraphQL at its edges: HTTP, limits that no row of requests outruns, what is masked when the database fails, what production
 * switches off, and that the whole schema explains itself.
 */
import { availableParallelism } from 'node:os'
import {
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { head, parseAnswer, say } from '../guards/raw.ts'
import { PASSWORD, person, signIn, totp, unique, withTwoFactor } from '../support/accounts.ts'
import { openWorld, useWorld, type World } from '../support/world.ts'
import { expectFailure, mutate, query } from './ask.ts'

const world = useWorld({}, { overHttp: true })
const TYPENAME = { query: '{ __typename }' }
const answered = { data: { __typename: 'Query' } }

describe('POST /graphql', () => {
  const post = (send: Parameters<World['request']>[2]) => world().request('POST', '/graphql', send)

  it('POST /graphql answers JSON that nobody keeps, with the request id', async () => {
    const { status, headers, body } = await post({ json: TYPENAME })
    expect([status, body]).toEqual([200, answered])
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
  })

  it('an answer in events closes its connection where the client asks for that', async () => {
    const lines = head('GET /graphql?query={__typename}', 'Accept: text/event-stream')
    expect(parseAnswer(await say(world(), lines)).head).toMatch(/^connection: close$/im)
  })

  it.each(['/graphql/', '/%67raphql', '/graphql/?x=1'])('%s is the same place', async (path) => {
    expect((await world().request('POST', path, { json: TYPENAME })).body).toEqual(answered)
  })

  it.each(['Bearer', 'bearer', 'BEARER'])('POST /graphql reads the token after %s', async (scheme) => {
    const { id, token } = await person(world())
    const { body } = await post({ json: { query: '{ me { id } }' }, headers: { authorization: `${scheme} ${token}` } })
    expect(body).toEqual({ data: { me: { id } } })
  })

  it('POST /graphql takes a `sess_…:…` token', async () => {
    const { id, email } = await person(world())
    const { body } = await world().post('/v1/auth/login', { email, password: PASSWORD })
    expect(await query(world(), 'me { id }', body.token)).toEqual({ id })
  })

  it.each([
    ['that begins with a byte order mark (RFC 8259, 8.1)', '\ufeff', 'application/json'],
    ['whose type is spelt in capitals (RFC 9110, 8.3.1)', '', 'Application/JSON; charset=UTF-8'],
  ])('POST /graphql reads a body %s', async (_what, before, type) => {
    const raw = `${before}${JSON.stringify({ query: TYPENAME.query })}`
    const { status, body } = await post({ raw, headers: { 'content-type': type } })
    expect([status, body.data]).toEqual([200, { __typename: 'Query' }])
  })

  it.each([
    ['', 'application/json'],
    ['{"password": "a secret that nobody prints"', 'application/json'],
    ['\ufeff\ufeff{"password": "a secret that nobody prints"}', 'application/json'],
  ])('POST /graphql prints nothing of a body that it cannot read: %j', async (raw, type) => {
    const { status, text } = await post({ raw, headers: { 'content-type': type } })
    expect(status).toBe(400)
    expect(text).not.toMatch(/secret|originalError|SyntaxError/)
  })

  it.each([
    ['that is not JSON', { raw: '{"query"', headers: { 'content-type': 'application/json' } }, 400],
    ['that is empty', { raw: '', headers: { 'content-type': 'application/json' } }, 400],
    ['of a byte order mark alone', { raw: '\ufeff', headers: { 'content-type': 'application/json' } }, 400],
    ['without a query', { json: {} }, 400],
    ['with a syntax error', { json: { query: '{' } }, 400],
    ['that asks for what is not there', { json: { query: '{ nothing }' } }, 400],
    [
      'with a variable of a wrong type',
      { json: { query: 'query($n: Int!) { users(first: $n) { __typename } }', variables: { n: 'x' } } },
      400,
    ],
    ['with several operations at once', { json: [TYPENAME, TYPENAME] }, 400],
    ['of another type', { raw: '{ __typename }', headers: { 'content-type': 'text/plain' } }, 415],
  ])('POST /graphql refuses a body %s', async (_what, send, expected) => {
    const { status, body } = await post({
      ...send,
      headers: { accept: 'application/graphql-response+json', ...('headers' in send ? send.headers : {}) },
    })
    expect(status).toBe(expected)
    if (body !== undefined) expect(body.errors[0].message).toMatch(/\S/)
  })

  it('POST /graphql refuses more than 100 KiB, in its own form', async () => {
    const { status, body } = await post({ json: { query: `{ __typename } # ${'x'.repeat(100 * 1024)}` } })
    expect(status).toBe(413)
    expect(body).toEqual({ errors: [{ message: 'Payload too large', extensions: { code: 'PAYLOAD_TOO_LARGE' } }] })
  })

  it('POST /graphql takes the last of duplicate keys', async () => {
    const raw = '{"query": "{ nothing }", "query": "{ __typename }"}'
    expect((await post({ raw, headers: { 'content-type': 'application/json' } })).body).toEqual(answered)
  })

  it('POST /graphql gives `__proto__` no effect', async () => {
    const raw = (more: string) => `{"query": "{ me { id } }", "variables": {"__proto__": {"isAdmin": true}}${more}}`
    const headers = { 'content-type': 'application/json' }
    expect((await post({ raw: raw(''), headers })).body).toEqual({ data: { me: null } })
    expect((await post({ raw: raw(', "__proto__": {"query": "{ nothing }"}'), headers })).status).toBe(400)
  })
})

describe('/graphql', () => {
  const get = (path: string, headers = {}) => world().request('GET', path, { headers })

  it('/graphql answers queries by GET, and no mutation', async () => {
    expect((await get('/graphql?query=%7B__typename%7D')).body).toEqual(answered)
    const mutation = await get(`/graphql?query=${encodeURIComponent('mutation { signOutEverywhere { __typename } }')}`)
    expect(mutation.status).toBe(405)
  })

  it('/graphql refuses a repeated parameter', async () => {
    const { status, body } = await get('/graphql?query=%7B__typename%7D&query=%7Bme%7Bid%7D%7D')
    expect(status).toBe(400)
    expect(body.errors[0].message).toMatch(/\S/)
  })

  it('/graphql takes HEAD as GET', async () => {
    const { status, text } = await world().request('HEAD', '/graphql?query=%7B__typename%7D')
    expect([status, text]).toEqual([200, ''])
  })

  it('/graphql takes a trailing slash for none', async () => {
    expect((await world().post('/graphql/', TYPENAME)).body).toEqual(answered)
  })

  it('/graphql names its methods in Allow', async () => {
    const options = await world().request('OPTIONS', '/graphql')
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
    const refused = await world().request('DELETE', '/graphql')
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  })

  it('/graphql serves GraphiQL to browsers, from this server alone', async () => {
    const { status, headers, text } = await get('/graphql', { accept: 'text/html' })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^text\/html/)
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/)
    expect(text).not.toMatch(/<(?:script|link)[^>]*(?:src|href)="?(?:https?:)?\/\//)
  })
})

describe('in production', () => {
  const production = useWorld({ NODE_ENV: 'production' }, { overHttp: true })

  it('introspection is off in production', async () => {
    for (const document of [getIntrospectionQuery(), '{ __schema { types { name } } }', '{ __type(name: "User") { name } }']) {
      const { body } = await production().graphql(document)
      expect(body.errors[0].message).toMatch(/introspection/i)
      expect(body).not.toHaveProperty('__schema')
    }
    expect((await production().graphql('{ __typename }')).body).toEqual({ __typename: 'Query' })
  })

  it('there is no GraphiQL', async () => {
    const { headers, text } = await production().request('GET', '/graphql', { headers: { accept: 'text/html' } })
    expect(headers.get('content-type') ?? '').not.toMatch(/html/)
    expect(text).not.toMatch(/graphiql/i)
  })

  it('a browser that wants a page is told what answers there are, and its cookie is not overlooked', async () => {
    const headers = { accept: 'text/html' }
    const { status, body } = await production().request('GET', '/graphql?query={__typename}', { headers })
    const message = 'Answers are application/graphql-response+json or application/json'
    expect([status, body]).toEqual([406, { errors: [{ message, extensions: { code: 'NOT_ACCEPTABLE' } }] }])
    const cookie = '__Host-vestibule-session=anything'
    const forged = await production().request('GET', '/graphql?query={__typename}', { headers: { ...headers, cookie } })
    expect([forged.status, forged.body.errors[0].extensions]).toEqual([403, { code: 'CSRF' }])
  })

  it('the first account is no administrator', async () => {
    const { token } = await person(production())
    expect(await query(production(), 'me { isAdmin }', token)).toEqual({ isAdmin: false })
  })
})

describe('requests in a row do not outrun', () => {
  const codesOf = async (to: World, count: number, selection: string): Promise<Record<string, number>> => {
    const codes: string[] = []
    while (codes.length < count) codes.push((await to.graphql(`mutation { result: ${selection} }`)).body.result.code ?? 'none')
    return Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((other) => other === code).length]))
  }
  const signInBy = (input: string) => `signIn(input: { ${input} }) { ... on Error { code } }`

  it('the failures of a password', async () => {
    const { email } = await person(world())
    const codes = await codesOf(world(), 20, signInBy(`identifier: "${email}", password: "no"`))
    expect(codes).toEqual({ BAD_CREDENTIALS: 10, TOO_MANY_REQUESTS: 10 })
  })

  it('the guesses of a second-factor code', async () => {
    const { email, secret } = await withTwoFactor(world())
    const wrong = totp(secret) === '000000' ? '000001' : '000000'
    const codes = await codesOf(world(), 20, signInBy(`identifier: "${email}", password: "${PASSWORD}", code: "${wrong}"`))
    expect(codes).toEqual({ INVALID_TWO_FACTOR_CODE: 10, TOO_MANY_REQUESTS: 10 })
  })

  it('the five tries of a login code', async () => {
    const { email } = await withTwoFactor(world())
    const { loginCode } = await mutate(world(), 'signIn', { identifier: email, password: PASSWORD })
    const verify = `verifyTwoFactor(input: { loginCode: "${loginCode}", code: "000000" }) { ... on Error { code } }`
    expect(await codesOf(world(), 8, verify)).toEqual({ INVALID_TWO_FACTOR_CODE: 5, INVALID_LOGIN_CODE: 3 })
  })

  describe('the attempts of one client address', () => {
    const narrow = useWorld({ LIMIT_ADDRESS_PER_MINUTE: '5' }, { overHttp: true })

    it.each([
      ['signIn', signInBy('identifier: "nobody", password: "no"'), { BAD_CREDENTIALS: 5 }],
      [
        'signUp',
        `signUp(input: { email: "a@example.com", password: "${PASSWORD}" }) { ... on Error { code } }`,
        { none: 1, EMAIL_TAKEN: 4 },
      ],
      ['refreshSession', `refreshSession(input: { refreshToken: "x" }) { ... on Error { code } }`, { INVALID_REFRESH_TOKEN: 5 }],
      [
        'resetPassword',
        `resetPassword(input: { token: "x", newPassword: "${PASSWORD}" }) { ... on Error { code } }`,
        { INVALID_MAIL_TOKEN: 5 },
      ],
      ['requestPasswordReset', `requestPasswordReset(input: { email: "nobody@example.com" }) { ... on Error { code } }`, { none: 5 }],
    ])('%s', async (_name, selection, within) => {
      narrow().advance(61_000)
      expect(await codesOf(narrow(), 12, selection)).toEqual({ ...within, TOO_MANY_REQUESTS: 7 })
    })
  })
})

describe('when the database fails', () => {
  let broken: World
  beforeAll(async () => {
    broken = await openWorld()
  })
  afterAll(() => broken.close())

  it('the answer is generic, and the log has the cause with the id of the request', async () => {
    const { email } = await person(broken)
    await broken.db.client.$executeRawUnsafe('DROP TABLE outbox')
    const document = 'mutation($input: RequestPasswordResetInput!) { result: requestPasswordReset(input: $input) { __typename } }'
    const answer = await broken.request('POST', '/graphql', { json: { query: document, variables: { input: { email } } } })
    expect(answer.body.errors).toHaveLength(1)
    expect(answer.body.errors[0].message).toBe('Unexpected error.')
    expect(answer.text).not.toMatch(/outbox|prisma|relation|stack|\.ts/i)
    const lines = broken.logs.filter(({ level }) => level === 'error')
    expect(lines).toHaveLength(1)
    expect(lines[0]?.fields.requestId).toBe(answer.headers.get('x-request-id'))
    expect(String(lines[0]?.fields.err)).toMatch(/outbox/)
  })

  it('so it is on the dialects, each in its own form', async () => {
    const { email } = await person(broken)
    const v1 = await broken.post('/v1/security/forget-password', { email })
    const requestId = v1.headers.get('x-request-id')
    expect([v1.status, v1.body]).toEqual([500, { statusCode: 500, message: 'Internal server error', request_id: requestId }])
    const authentication = await broken.post('/auth/forgot-password', { email })
    const text = 'Internal server error'
    expect([authentication.status, authentication.body]).toEqual([500, { error: text, message: text, status: 500, code: 500 }])
  })

  it('so it is when not even the token can be looked up', async () => {
    const token = await signIn(broken, await person(broken))
    await broken.db.client.$executeRawUnsafe('DROP TABLE sessions CASCADE')
    for (const path of ['/graphql', '/auth', '/users/logout']) {
      const answer = await broken.post(path, TYPENAME, token)
      expect(answer.status).toBe(500)
      expect(answer.text).toContain('Internal server error')
      expect(answer.text).not.toMatch(/sessions|prisma|relation|\.ts/i)
    }
  })
})

describe('overload', () => {
  it('overload is an expected failure, with a time to try again', async () => {
    const small = await openWorld({ LIMIT_HASH_QUEUE: '1' }, { realHashes: true })
    const count = 30 + 4 * availableParallelism()
    const tries = Array.from({ length: count }, () => mutate(small, 'signIn', { identifier: `nobody${unique()}`, password: 'no' }))
    const results = await Promise.all(tries)
    await small.close()
    const refused = results.filter(({ code }) => code === 'OVERLOADED')
    expect(refused.length).toBeGreaterThan(0)
    for (const result of refused) expectFailure(result, 'RateLimitError', 'OVERLOADED', [], { retryAfter: 2 })
    expect(results.filter(({ code }) => code === 'BAD_CREDENTIALS').length).toBe(count - refused.length)
  })
})

describe('the schema', () => {
  const own = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))

  it('describes every type, field, argument and value', () => {
    const undescribed: string[] = []
    const look = (place: string, description: string | null | undefined) => {
      if (description == null || description.trim() === '') undescribed.push(place)
    }
    for (const type of own) {
      look(type.name, type.description)
      if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value.description)
      if (isInputObjectType(type))
        for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field.description)
      if (!isObjectType(type) && !isInterfaceType(type)) continue
      for (const field of Object.values(type.getFields())) {
        look(`${type.name}.${field.name}`, field.description)
        for (const argument of field.args) look(`${type.name}.${field.name}(${argument.name})`, argument.description)
      }
    }
    expect(undescribed).toEqual([])
  })

  it('the schema has a description', async () => {
    const { body } = await world().graphql('{ __schema { description } }')
    expect(body.__schema.description).toMatch(/^Accounts and what belongs to them: sign-up and sign-in, /)
  })

  it('the schema is shown by introspection outside production', async () => {
    const { body } = await world().graphql('{ __schema { types { name } } }')
    const reported = body.__schema.types.map(({ name }: { name: string }) => name)
    expect(reported).toEqual(expect.arrayContaining(own.map(({ name }) => name)))
  })

  it('the schema has an `Error` interface with a code behind every failure', () => {
    const failures = own.filter(({ name }) => /Error$|^TwoFactorRequired$/.test(name) && name !== 'FieldError' && name !== 'Error')
    expect(failures.map(({ name }) => name).sort()).toEqual([
      'AuthenticationError',
      'ConflictError',
      'InputError',
      'NotFoundError',
      'PermissionError',
      'RateLimitError',
      'TwoFactorRequired',
    ])
    for (const type of failures) expect(isObjectType(type) && type.getInterfaces().map(({ name }) => name)).toEqual(['Error'])
  })
})
