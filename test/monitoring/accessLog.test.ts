/**
 * The access log: one line for each request, which its `x-request-id` finds, with what happened and nothing that was said.
 */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccessLog } from '../../src/server/accessLog.ts'
import { createLogger } from '../../src/server/logger.ts'
import { mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person } from '../support/accounts.ts'
import { addressesIn, addressesInJournal, hasFail2ban } from '../support/fail2ban.ts'
import { createSecretWatch } from '../support/secretWatch.ts'
import { type LogLine, openWorld, useWorld, type World } from '../support/world.ts'

const world = useWorld({ ACCESS_LOG: 'true', DIALECTS: 'idiot,wekan,xiot,authentication', TRUSTED_PROXIES: '127.0.0.1' })
let boss: Person
beforeAll(async () => {
  boss = await admin(world())
})

const linesOf = ({ logs }: Pick<World, 'logs'>): LogLine[] => logs.filter(({ message }) => message === 'request')
const lineOf = (requestId: string | null): LogLine['fields'][] =>
  linesOf(world())
    .map(({ fields }) => fields)
    .filter((fields) => fields.requestId === requestId)

/** The fields of the one line of an answer, without those that differ each time. */
const seen = (headers: Headers): unknown => {
  const [line, ...others] = lineOf(headers.get('x-request-id'))
  expect(others).toEqual([])
  const { requestId: _requestId, ms, ...rest } = line ?? {}
  expect(ms).toEqual(expect.any(Number))
  return rest
}

const client = '127.0.0.1'
const signInMutation = 'mutation($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess { user { id } } } }'

const LARGE = 'x'.repeat(200_000)

describe('a request has one line', () => {
  it('a sign-in on each surface says its operation, its row and that it went well', async () => {
    const credentials = { email: boss.email, password: PASSWORD }
    const about = { operation: 'signIn', outcome: 'OK', status: 200, method: 'POST', client }
    const overGraphql = await world().graphql(signInMutation, { input: { identifier: boss.email, password: PASSWORD } })
    expect(seen(overGraphql.headers)).toEqual({ ...about, surface: 'graphql', route: '/graphql' })
    expect(seen((await world().post('/v1/auth/login', credentials)).headers)).toEqual({
      ...about,
      surface: 'idiot',
      route: '/v1/auth/login',
    })
    expect(seen((await world().post('/users/login', credentials)).headers)).toEqual({ ...about, surface: 'wekan', route: '/users/login' })
    expect(seen((await world().post('/auth/login', credentials)).headers)).toEqual({
      ...about,
      surface: 'authentication',
      route: '/auth/login',
    })
  })

  it('a refusal says its code, also where the document does not ask for it, and nothing that was sent', async () => {
    const input = { identifier: boss.email, password: 'a wrong password' }
    const refused = await world().graphql(signInMutation, { input })
    const about = { operation: 'signIn', outcome: 'BAD_CREDENTIALS', method: 'POST', client }
    expect(seen(refused.headers)).toEqual({ ...about, surface: 'graphql', route: '/graphql', status: 200 })
    const onRest = await world().post('/auth/login', { email: boss.email, password: 'a wrong password' })
    expect(seen(onRest.headers)).toEqual({ ...about, surface: 'authentication', route: '/auth/login', status: 401 })
  })

  it('another operation that fails before hides no wrong password', async () => {
    const document = `mutation($input: SignInInput!) { endSession(input: { id: "none" }) { ... on Error { code } } signIn(input: $input) { ... on Error { code } } }`
    const answer = await world().graphql(document, { input: { identifier: boss.email, password: 'a wrong password' } }, boss.token)
    expect(seen(answer.headers)).toMatchObject({ operation: 'endSession,signIn', outcome: 'BAD_CREDENTIALS' })
  })

  it('the path is the one of the table, without the ids in it', async () => {
    const answer = await world().get(`/api/users/${boss.id}`, boss.token)
    expect(seen(answer.headers)).toEqual({
      surface: 'wekan',
      method: 'GET',
      route: '/api/users/:id',
      operation: 'user',
      outcome: 'OK',
      status: 200,
      client,
    })
  })

  it('several root fields are all named, whatever their aliases and fragments', async () => {
    const document =
      'query Q { a: me { id } ... { node(id: "none") { id } } ...F } fragment F on Query { users(first: 1) { edges { node { id } } } }'
    const answer = await world().graphql(document, {}, boss.token)
    expect(seen(answer.headers)).toMatchObject({ operation: 'me,node,users', outcome: 'NOT_FOUND' })
  })

  it.each([
    ['GET', '/nowhere', {}, { surface: 'server', outcome: 'NOT_FOUND', status: 404 }],
    ['GET', '/v1/nowhere', {}, { surface: 'xiot', route: '/v1/*', outcome: 'NOT_FOUND', status: 404 }],
    ['PUT', '/auth/login', {}, { surface: 'authentication', route: '/auth/login', outcome: 'METHOD_NOT_ALLOWED', status: 405 }],
    ['OPTIONS', '/auth/login', {}, { surface: 'authentication', route: '/auth/login', outcome: 'OK', status: 204 }],
    ['DELETE', '/graphql', {}, { surface: 'server', route: '/graphql', outcome: 'METHOD_NOT_ALLOWED', status: 405 }],
    ['POST', '/auth/login', { raw: '{' }, { surface: 'authentication', operation: 'signIn', outcome: 'BAD_REQUEST', status: 400 }],
    ['POST', '/auth/login', { json: {} }, { surface: 'authentication', operation: 'signIn', outcome: 'INVALID_INPUT', status: 400 }],
    ['POST', '/auth/login', { raw: LARGE }, { surface: 'authentication', outcome: 'PAYLOAD_TOO_LARGE', status: 413 }],
    ['GET', '/v1/users', {}, { surface: 'idiot', operation: 'users', outcome: 'UNAUTHENTICATED', status: 401 }],
    ['POST', '/graphql', { json: { query: '{' } }, { surface: 'graphql', outcome: 'GRAPHQL_PARSE_FAILED' }],
    ['POST', '/graphql', { json: { query: '{ nothing }' } }, { surface: 'graphql', outcome: 'GRAPHQL_VALIDATION_FAILED' }],
    ['POST', '/graphql', { raw: '' }, { surface: 'graphql', outcome: 'BAD_REQUEST', status: 400 }],
    ['GET', '/reset-password?token=of-a-mail', {}, { surface: 'server', route: '/reset-password', outcome: 'OK', status: 200 }],
  ] as const)('%s %s: %#', async (method, path, send, expected) => {
    const answer = await world().request(method, path, 'raw' in send ? { ...send, headers: { 'content-type': 'application/json' } } : send)
    expect(seen(answer.headers)).toMatchObject({ method, client, ...expected })
  })

  it('the id that a trusted proxy gives finds the line', async () => {
    const headers = { 'x-request-id': 'given-by-the-proxy', 'x-forwarded-for': '203.0.113.9' }
    const answer = await world().request('GET', '/nowhere', { headers })
    expect(answer.headers.get('x-request-id')).toBe('given-by-the-proxy')
    expect(seen(answer.headers)).toMatchObject({ client: '203.0.113.9' })
  })

  it('what never becomes a request of the app has its line, too', async () => {
    const options = await fetch(world().url, { method: 'TRACE' }).catch(() => undefined)
    expect(options).toBeUndefined()
    const { request } = await import('node:http')
    const status = (path: string, headers = {}) =>
      new Promise<{ status: number; headers: Headers }>((resolve, reject) => {
        const sent = request(`${world().url}/`, { path, headers, method: path === '*' ? 'OPTIONS' : 'GET' }, (answer) => {
          answer.resume().once('end', () => resolve({ status: answer.statusCode ?? 0, headers: new Headers(answer.headers as never) }))
        })
        sent.once('error', reject).end()
      })
    const refused = await status('/', { host: 'a b' })
    expect(refused.status).toBe(400)
    expect(seen(refused.headers)).toEqual({ surface: 'server', method: 'GET', outcome: 'BAD_REQUEST', status: 400, client })
    const tooLarge = await status('/', { 'x-large': 'x'.repeat(20_000) })
    expect(tooLarge.status).toBe(431)
    expect(seen(tooLarge.headers)).toEqual({ surface: 'server', outcome: 'HEADERS_TOO_LARGE', status: 431, client })
    expect(seen((await status('*')).headers)).toMatchObject({ method: 'OPTIONS', outcome: 'OK', status: 204 })
  })

  it('a list has its line when the last of it is sent, and says where the client left before', async () => {
    const now = new Date()
    const rows = Array.from({ length: 1_100 }, (_, index) => ({
      id: `listed-${index}`,
      username: `listed${index}`,
      name: 'Listed',
      firstName: 'Listed',
      createdAt: now,
      updatedAt: now,
    }))
    await world().db.client.user.createMany({ data: rows })
    const whole = await fetch(`${world().url}/v1/users`, { headers: { authorization: `Bearer ${boss.token}` } })
    await whole.text()
    await expect.poll(() => lineOf(whole.headers.get('x-request-id')).length).toBe(1)
    expect(seen(whole.headers)).toMatchObject({ operation: 'users', outcome: 'OK', status: 200 })
    const left = await world().app.answer({
      method: 'GET',
      url: new URL(`${world().url}/v1/users`),
      headers: new Headers({ authorization: `Bearer ${boss.token}` }),
      body: null,
      remoteAddress: client,
      isGone: () => false,
    })
    const requestId = left.headers.get('x-request-id')
    expect(lineOf(requestId)).toEqual([])
    await (left.body as AsyncIterable<string>)[Symbol.asyncIterator]().return?.()
    expect(lineOf(requestId)).toMatchObject([{ operation: 'users', outcome: 'BROKEN_OFF', status: 200 }])
  })
})

it('who leaves a stream after reading a refusal does not hide it', async () => {
  const input = '{ identifier: "nobody@example.com", password: "a wrong password" }'
  const query = `mutation { signIn(input: ${input}) { ... on Error { code } } }`
  const answer = await world().app.answer({
    method: 'POST',
    url: new URL(`${world().url}/graphql`),
    headers: new Headers({ 'content-type': 'application/json', accept: 'text/event-stream' }),
    body: new Blob([JSON.stringify({ query })]).stream(),
    remoteAddress: client,
    isGone: () => false,
  })
  let read = ''
  for await (const part of answer.body as AsyncIterable<Uint8Array>) {
    read += Buffer.from(part).toString()
    if (read.includes('BAD_CREDENTIALS')) break
  }
  expect(lineOf(answer.headers.get('x-request-id'))).toMatchObject([{ operation: 'signIn', outcome: 'BAD_CREDENTIALS' }])
})

describe('the settings of the access log', () => {
  const worlds: World[] = []
  const open = async (settings: Readonly<Record<string, string>>): Promise<World> => {
    const opened = await openWorld({ ACCESS_LOG: 'true', TRUSTED_PROXIES: '127.0.0.1', ...settings }, { db: world().db })
    worlds.push(opened)
    return opened
  }
  afterAll(async () => {
    for (const opened of worlds) await opened.close()
  })
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })

  it('a share of a quarter is every fourth request that went well, and every one that did not', async () => {
    const at = await open({ ACCESS_LOG_SAMPLE: '0.25' })
    for (let index = 0; index < 40; index += 1) expect((await at.get('/.well-known/jwks.json')).status).toBe(200)
    expect(linesOf(at)).toHaveLength(10)
    for (let index = 0; index < 5; index += 1) expect((await at.get('/nowhere')).status).toBe(404)
    expect(linesOf(at)).toHaveLength(15)
  })

  it('probes have no line while they go well', async () => {
    const at = await open({})
    await at.get('/healthz')
    await at.get('/readyz')
    expect(linesOf(at)).toEqual([])
    at.app.leave()
    expect((await at.get('/readyz')).status).toBe(503)
    expect(linesOf(at).map(({ fields }) => fields.outcome)).toEqual(['SERVICE_UNAVAILABLE'])
  })

  it.each([
    ['network', '203.0.113.77', { client: '203.0.113.0/24' }],
    ['network', '2001:db8:1:2::3', { client: '2001:db8:1::/48' }],
    ['none', '203.0.113.77', {}],
    ['full', '2001:db8:1:2::3', { client: '2001:db8:1:2::3' }],
  ] as const)('of the client address it has the %s of %s', async (setting, address, expected) => {
    const at = await open({ ACCESS_LOG_CLIENT: setting })
    await at.request('GET', '/nowhere', from(address))
    const { requestId: _id, ms: _ms, ...fields } = linesOf(at)[0]?.fields ?? {}
    expect(fields).toEqual({ surface: 'server', method: 'GET', outcome: 'NOT_FOUND', status: 404, ...expected })
  })

  it('is off unless production or the setting turns it on', async () => {
    const quiet = await openWorld({}, { db: world().db })
    worlds.push(quiet)
    await quiet.get('/nowhere')
    expect(linesOf(quiet)).toEqual([])
  })
})

describe('secrets', () => {
  it('the watch of secrets finds each of them, wherever it lies in a line', () => {
    const watch = createSecretWatch()
    watch.body({
      input: { password: 'correct horse battery', credentials: { accessToken: { token: 'abc.def-ghi' } }, recoveryCodes: ['k3p-9fz'] },
    })
    watch.body({ code: 'BAD_CREDENTIALS', email: 'ada@example.com' })
    expect(watch.count()).toBe(3)
    const line = (fields: object) => [{ level: 'info', fields: fields as never, message: 'request' }]
    expect(watch.foundIn(line({ a: { b: ['said correct horse battery twice'] } }))).toEqual(['correct horse battery'])
    expect(watch.foundIn(line({ url: '/x?token=abc.def-ghi&more' }))).toEqual(['abc.def-ghi'])
    expect(watch.foundIn(line({ text: 'k3p-9fz' }))).toEqual(['k3p-9fz'])
    expect(watch.foundIn(line({ email: 'ada@example.com', code: 'BAD_CREDENTIALS' }))).toEqual([])
  })

  it('a secret in a path, a query, a header, a cookie or a name of an operation is in no line', async () => {
    const secret = 'sess_0123456789abcdef'
    const headers = {
      cookie: `vestibule=${secret}; session=${secret}`,
      'user-agent': secret,
      referer: `http://x/${secret}`,
      'x-request-id': 'plain',
    }
    for (const path of [
      `/${secret}`,
      `/v1/users/${secret}`,
      `/api/users/${secret}?access_token=${secret}`,
      `/reset-password?token=${secret}`,
    ])
      for (const method of ['GET', 'PUT', 'DELETE']) await world().request(method, path, { headers, token: secret })
    await world().request('POST', '/graphql', {
      json: { query: `query ${secret} { ${secret}: me { id } }`, operationName: secret },
      headers,
    })
    await world().request('POST', '/graphql', { json: { query: `{ ${secret} }`, [secret]: secret }, headers })
    expect(linesOf(world()).filter((line) => JSON.stringify(line).includes(secret))).toEqual([])
  })
})

describe.skipIf(!hasFail2ban)('fail2ban with the filter in ops', () => {
  const filter = fileURLToPath(new URL('../../ops/fail2ban/filter.d/vestibule.conf', import.meta.url))

  it('finds the addresses of failed sign-ins on every surface, and no others', async () => {
    const someone = await person(world())
    const written: string[] = []
    const log = createLogger('info', { write: (line: string) => void written.push(line) })
    const wrong = { email: someone.email, password: 'a wrong password' }
    const begin = world().logs.length
    const by = (address: string, path: string, json: object) =>
      world().request('POST', path, { json, headers: { 'x-forwarded-for': address } })
    await by('192.0.2.1', '/v1/auth/login', wrong)
    await by('192.0.2.2', '/users/login', wrong)
    await by('2001:db8::3', '/auth/login', wrong)
    await by('192.0.2.4', '/graphql', { query: signInMutation, variables: { input: { identifier: someone.email, password: 'wrong one' } } })
    await by('192.0.2.5', '/v1/auth/verify-totp', { loginCode: 'none of ours', code: '123456' })
    const last = await by('192.0.2.6', '/auth/refresh-tokens', { refreshToken: 'none of ours' })
    await by('192.0.2.7', '/auth/login', { email: someone.email, password: PASSWORD })
    await by('192.0.2.8', '/auth/login', {})
    await by('192.0.2.9', '/v1/users', {})
    for (const { fields, message } of world().logs.slice(begin)) log.info(fields, message)
    const { requestId, traceId: _none, ...traced } = lineOf(last.headers.get('x-request-id'))[0] ?? {}
    log.info({ requestId, traceId: '0af7651916cd43dd8448eb211c80319c', ...traced, client: '192.0.2.11' }, 'request')
    // What a client can put into other lines is no line of the access log.
    log.warn({ origin: '"client":"192.0.2.10","msg":"request"}' }, 'origin {"client":"192.0.2.10","msg":"request"}')
    expect(addressesIn(written.join(''), filter)).toEqual([
      '192.0.2.1',
      '192.0.2.2',
      '2001:db8::3',
      '192.0.2.4',
      '192.0.2.5',
      '192.0.2.6',
      '192.0.2.11',
    ])
    expect(await mutate(world(), 'signIn', { identifier: someone.email, password: PASSWORD })).toMatchObject({
      __typename: 'SignInSuccess',
    })
  })

  it('finds them in the journal of systemd as well, and where requests are traced', () => {
    const written: string[] = []
    const log = createLogger('info', { write: (line: string) => void written.push(line) })
    const { answered } = createAccessLog({ ACCESS_LOG: true, ACCESS_LOG_SAMPLE: 1, ACCESS_LOG_CLIENT: 'full' }, log)
    const about = { surface: 'idiot', route: '/v1/auth/login', operation: 'signIn' }
    const request = { requestId: '7cbbc3b3d165f95925953a49', method: 'POST', about, outcome: 'BAD_CREDENTIALS', status: 401 } as const
    answered({ ...request, seconds: 0.05, hasArrived: true, clientAddress: '192.0.2.1' })
    answered({ ...request, seconds: 0.05, hasArrived: true, clientAddress: '2001:db8::2', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' })
    answered({ ...request, seconds: 0.05, hasArrived: true, clientAddress: '192.0.2.3', outcome: 'OK', status: 200 })
    expect(addressesIn(written.join(''), filter)).toEqual(['192.0.2.1', '2001:db8::2'])
    expect(addressesInJournal(written, dirname(dirname(filter)))).toEqual(['192.0.2.1', '2001:db8::2'])
  })
})
