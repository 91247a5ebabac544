/**
 * Traces, as a collector gets them: a request of each surface, through its row, operation and rules down to SQL; whose trace it is; nothing
 * secret in any span; and a collector that does not take them.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, withTwoFactor } from '../support/accounts.ts'
import { type CollectedSpan, type Collector, startCollector, treeOf } from '../support/otlp/collector.ts'
import { type Answer, openWorld, type World } from '../support/world.ts'

const SETTINGS = { ACCESS_LOG: 'true', DIALECTS: 'idiot,wekan,xiot,authentication', TRUSTED_PROXIES: '127.0.0.1' }
const signInMutation = 'mutation Named($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess { user { id } } } }'
const secret = 'sess_0123456789abcdef'

const traceOf = ({ logs }: World, { headers }: Answer): string =>
  String(logs.find(({ message, fields }) => message === 'request' && fields.requestId === headers.get('x-request-id'))?.fields.traceId)

const rootOf = ({ spans }: Collector, traceId: string): CollectedSpan | undefined =>
  spans.find((span) => span.traceId === traceId && span.kind === 'SERVER')

/** Waits until a request's whole trace has come: its root ends last. */
const arrived = async (collector: Collector, traceId: string): Promise<void> =>
  await vi.waitFor(() => expect(rootOf(collector, traceId)).toBeDefined(), { timeout: 10_000, interval: 20 })

let collector: Collector
let world: World
let boss: Person
const answers = new Map<string, Answer>()
const opened: World[] = []

const open = async (settings: Readonly<Record<string, string>>): Promise<World> => {
  const one = await openWorld({ ...SETTINGS, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...settings }, { db: world?.db })
  opened.push(one)
  return one
}

/** Remembers an answer by a word. */
const ask = async (word: string, answer: Promise<Answer>): Promise<void> => void answers.set(word, await answer)
const traceIdOf = (word: string, at = world): string => traceOf(at, answers.get(word) as Answer)
const treeFor = (word: string): string => treeOf(collector.spans, traceIdOf(word))
const spansOf = (word: string): CollectedSpan[] => collector.spans.filter(({ traceId }) => traceId === traceIdOf(word))

const OF_PROXY = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
const traceparent = `00-${OF_PROXY.traceId}-${OF_PROXY.spanId}-01`
const UNSAMPLED = '4bf92f3577b34da6a3ce929d0e0e4736'
let untrusting: World

/** What is asked of every surface. Nobody else uses the world meanwhile, so that each trace has its own statements alone. */
const askAll = async (): Promise<void> => {
  const credentials = { email: boss.email, password: PASSWORD }
  const input = { identifier: boss.email, password: PASSWORD }
  await ask('GraphQL', world.graphql(signInMutation, { input }))
  await ask('yoga', world.request('POST', '/graphql?anything', { json: { query: signInMutation, variables: { input } } }))
  await ask('idiot', world.post('/v1/auth/login', credentials))
  await ask('wekan', world.post('/users/login', credentials))
  await ask('authentication', world.post('/auth/login', credentials))
  await ask('xiot', world.get('/v1/profile', answers.get('idiot')?.body.token))
  await ask('mail', world.graphql('mutation { requestEmailVerification { __typename } }', {}, boss.token))
  await ask('wrong', world.post('/auth/login', { ...credentials, password: 'a wrong password' }))
  await ask('list', world.get('/v1/users', answers.get('idiot')?.body.token))
  const headers = { traceparent }
  await ask('trusted', world.request('GET', '/.well-known/jwks.json', { headers }))
  const unsampled = { traceparent: `00-${UNSAMPLED}-${OF_PROXY.spanId}-00` }
  await ask('unsampled', world.request('GET', '/.well-known/jwks.json', { headers: unsampled }))
  await ask('malformed', world.request('GET', '/.well-known/jwks.json', { headers: { traceparent: `${traceparent}-${secret}` } }))
  await ask('untrusted', untrusting.request('GET', '/.well-known/jwks.json', { headers }))
}

/** Everything that has secrets in it. */
const useSecrets = async (): Promise<void> => {
  const someone = await withTwoFactor(world)
  const input = { identifier: someone.email, password: PASSWORD }
  await mutate(world, 'signIn', { ...input, code: someone.code() })
  await mutate(world, 'signIn', { ...input, code: someone.recoveryCodes[0] })
  await mutate(world, 'refreshSession', { refreshToken: someone.refreshToken })
  await mutate(world, 'changePassword', { currentPassword: PASSWORD, newPassword: 'another horse battery' }, someone.token)
  await mutate(world, 'requestPasswordReset', { email: someone.email })
  await mutate(world, 'createWebhook', { url: 'https://example.com/hook', types: ['session.signed_in'] }, boss.token)
  const headers = { cookie: `vestibule=${secret}`, 'user-agent': secret, referer: `http://x/${secret}`, tracestate: `a=${secret}` }
  for (const path of [
    `/${secret}`,
    `/v1/users/${secret}`,
    `/api/users/${secret}?access_token=${secret}`,
    `/reset-password?token=${secret}`,
  ])
    await world.request('GET', path, { headers, token: secret })
  const query = `query ${secret} { ${secret}: me { id } ${secret}2: node(id: "${secret}") { id } }`
  await world.request('POST', '/graphql', { json: { query, operationName: secret }, headers })
  await ask('last', world.get('/.well-known/jwks.json'))
}

beforeAll(async () => {
  collector = await startCollector()
  world = await open({ OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=of%20the%20collector', OTEL_SERVICE_NAME: 'vestibule-test' })
  untrusting = await open({ TRUSTED_PROXIES: '' })
  boss = await admin(world)
  await askAll()
  await useSecrets()
  await arrived(collector, traceIdOf('last'))
  await arrived(collector, traceIdOf('untrusted', untrusting))
}, 60_000)
afterAll(async () => {
  for (const one of opened.reverse()) await one.close()
  await collector.close()
})

const signInBelow = (...lines: readonly string[]): string => {
  const indent = '  '.repeat(lines.length)
  const rest = `operation signIn
  authorize
  limit attempts
    INSERT rate_limits
  SELECT rate_limits
  check password
    verify hash
      SELECT users
      compute hash
  open session
    WITH sessions`
  return [...lines.map((line, depth) => '  '.repeat(depth) + line), ...rest.split('\n').map((line) => indent + line)].join('\n')
}

/** Without the checks before the document: the caller, and the row. */
const withoutChecks = (tree: string): string => tree.replaceAll(/^ {2,4}(?:find caller|authorize)\n/gm, '')

describe('a request is one trace', () => {
  it.each([
    ['GraphQL', signInBelow('POST /graphql', 'graphql mutation')],
    ['yoga', signInBelow('POST /graphql', 'graphql mutation')],
    ['idiot', signInBelow('POST /v1/auth/login', 'row POST /v1/auth/login', 'graphql mutation V1Login')],
    ['wekan', signInBelow('POST /users/login', 'row POST /users/login', 'graphql mutation WekanLogin')],
    ['authentication', signInBelow('POST /auth/login', 'row POST /auth/login', 'graphql mutation AuthenticationLogin')],
  ])('a sign-in on %s, from its surface to its statements', (word, tree) => {
    expect(withoutChecks(treeFor(word))).toBe(tree)
  })

  it('a row of xiot, with the statement that finds the caller before the document', () => {
    expect(treeFor('xiot')).toBe(`GET /v1/profile
  row GET /v1/profile
    find caller
      SELECT opaque_tokens
    authorize
    graphql query XiotGetProfile`)
  })

  it('a wrong password, with its counts and its event; a refusal is an outcome and no error', () => {
    expect(withoutChecks(treeFor('wrong'))).toBe(`POST /auth/login
  row POST /auth/login
    graphql mutation AuthenticationLogin
      operation signIn
        authorize
        limit attempts
          INSERT rate_limits
        SELECT rate_limits
        check password
          verify hash
            SELECT users
            compute hash
            INSERT rate_limits
            WITH users
        record failure
          INSERT audit_events`)
    const own = spansOf('wrong')
    expect(
      own
        .filter(({ attributes }) => 'vestibule.outcome' in attributes)
        .map(({ name, attributes }) => [name, attributes['vestibule.outcome']]),
    ).toEqual([
      ['operation signIn', 'BAD_CREDENTIALS'],
      ['POST /auth/login', 'BAD_CREDENTIALS'],
    ])
    expect(own.map(({ status }) => status)).toEqual(own.map(() => ({})))
  })

  it('a mail that a request queues; its delivery is a trace of its own, by the id of the mail', () => {
    const queued = spansOf('mail').find(({ name }) => name === 'queue mail')
    expect(queued?.attributes).toEqual({ 'vestibule.mail_id': expect.stringMatching(/^[\da-f-]{36}$/) })
    const delivered = collector.spans.filter(
      ({ attributes, name }) => name === 'deliver mail' && attributes['vestibule.mail_id'] === queued?.attributes['vestibule.mail_id'],
    )
    expect(delivered).toMatchObject([{ parent: '', kind: 'CLIENT', attributes: { 'vestibule.outcome': 'delivered' } }])
    expect(delivered[0]?.traceId).not.toBe(traceIdOf('mail'))
  })

  it('the pages of a streamed list', () => {
    expect(treeFor('list')).toBe(`GET /v1/users
  row GET /v1/users
    find caller
      SELECT opaque_tokens
    authorize
    graphql query IdiotGetUsers
      operation users
        authorize
        SELECT users`)
  })

  it('spans have the names and attributes of the conventions, and those of the access log', () => {
    const [server, document, insert] = ['POST /v1/auth/login', 'graphql mutation V1Login', 'INSERT rate_limits'].map((name) =>
      spansOf('idiot').find((span) => span.name === name),
    )
    expect(server).toMatchObject({ kind: 'SERVER', parent: '' })
    expect(server?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/v1/auth/login',
      'http.response.status_code': 200,
      'vestibule.surface': 'idiot',
      'vestibule.operation': 'signIn',
      'vestibule.outcome': 'OK',
      'vestibule.request_id': answers.get('idiot')?.headers.get('x-request-id'),
    })
    expect(document).toMatchObject({
      kind: 'INTERNAL',
      attributes: { 'graphql.operation.type': 'mutation', 'graphql.operation.name': 'V1Login' },
    })
    expect(spansOf('GraphQL').find(({ name }) => name === 'graphql mutation')?.attributes).toEqual({ 'graphql.operation.type': 'mutation' })
    expect(insert).toMatchObject({ kind: 'CLIENT' })
    expect(insert?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.operation.name': 'INSERT',
      'db.collection.name': 'rate_limits',
      'db.query.text': expect.stringMatching(/^INSERT INTO "rate_limits" VALUES \(\$1, \$2, \$3\)\s/),
    })
    expect(server?.resource).toMatchObject({ 'service.name': 'vestibule-test', 'process.pid': process.pid })
  })

  it('a span lies within the one around it', () => {
    const byId = new Map(collector.spans.map((span) => [span.spanId, span]))
    const outside = collector.spans.filter((span) => {
      const around = byId.get(span.parent)
      // The clock of a span has microseconds.
      return around !== undefined && (span.begin < around.begin - 2_000n || span.end > around.end + 2_000n)
    })
    expect(collector.spans.length).toBeGreaterThan(100)
    expect(outside.map(({ name }) => name)).toEqual([])
  })

  it('the collector gets them by OTLP in protobuf, with the headers of the settings', () => {
    expect(new Set(collector.requests.map(({ target }) => target))).toEqual(new Set(['POST /v1/traces']))
    expect(collector.requests.find(({ headers }) => 'x-api-key' in headers)?.headers).toMatchObject({
      'x-api-key': 'of the collector',
      'content-type': 'application/x-protobuf',
    })
  })
})

describe('a traceparent', () => {
  it('of a trusted proxy is gone on with', () => {
    expect(rootOf(collector, OF_PROXY.traceId)).toMatchObject({ name: 'GET /.well-known/jwks.json', parent: OF_PROXY.spanId })
    expect(traceIdOf('trusted')).toBe(OF_PROXY.traceId)
  })

  it('of a trusted proxy that does not record its trace is only for the log', () => {
    expect(traceIdOf('unsampled')).toBe(UNSAMPLED)
    expect(rootOf(collector, UNSAMPLED)).toBeUndefined()
  })

  it('that is malformed, or of anybody else, is ignored: a trace begins', () => {
    for (const [word, at] of [
      ['malformed', world],
      ['untrusted', untrusting],
    ] as const) {
      const traceId = traceIdOf(word, at)
      expect(traceId).toMatch(/^(?!0af7651916cd43dd8448eb211c80319c)[\da-f]{32}$/)
      expect(rootOf(collector, traceId)).toMatchObject({ parent: '' })
    }
  })
})

describe('secrets', () => {
  it('no span has a password, a token, a code or a key that was sent or handed out, nor a word that a client sent', () => {
    expect(world.secrets.count()).toBeGreaterThan(15)
    const text = JSON.stringify(collector.spans, (_name, value) => (typeof value === 'bigint' ? String(value) : value))
    expect(world.secrets.foundIn([{ level: 'span', fields: { text }, message: '' }])).toEqual([])
    for (const word of [secret, 'example.com', boss.id, boss.username, 'Number', 'tracestate', '127.0.0.1'])
      expect(text).not.toContain(word)
  })
})

describe.concurrent('a collector that takes no spans', () => {
  it('delays nothing; the log says once that spans are lost, and once that they are taken again', async ({ expect }) => {
    const failing = await open({ OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=another' })
    const written = (message: string) => failing.logs.filter((line) => line.message === message).map(({ fields }) => fields)
    collector.status = 400
    const get = async () => expect((await failing.get('/.well-known/jwks.json')).status).toBe(200)
    await get()
    await get()
    const lost = 'spans are lost: the collector does not take them'
    await expect.poll(() => written(lost)).toEqual([{ reason: 'the collector answers 400' }])
    collector.status = 200
    await get()
    await expect.poll(() => written('spans are taken again')).toEqual([{ lost: 2 }])
    expect(written(lost)).toHaveLength(1)
  })

  it('costs the end of a process two seconds', async ({ expect }) => {
    const gone = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
    expect((await gone.get('/.well-known/jwks.json')).status).toBe(200)
    opened.splice(opened.indexOf(gone), 1)
    const begun = performance.now()
    await gone.close()
    expect(performance.now() - begun).toBeLessThan(4_000)
  })
})
