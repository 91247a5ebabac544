/**
 * Which status, when, and with what around it, on every route of every dialect, GraphQL and outside: the order of the
 * checks two by two, 404 and 405, HEAD and OPTIONS, request ids, headers, CORS, bearer tokens that open nothing, and the
 * settings that move dialects. Every answer of the file is searched for versions, stacks and SQL.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { admin, PASSWORD, type Person, person, signIn, withTwoFactor } from '../support/accounts.ts'
import { failureCode } from '../support/failureCode.ts'
import { type Answer, openWorld, type Send, useWorld } from '../support/world.ts'
import { head, parseAnswer, say, send } from './raw.ts'
import { expectError, mounts, paths, type Route, routes, routesOf, sampleBody, urlOf } from './routes.ts'

const ORIGIN = 'https://app.example.com'
const world = useWorld({ CORS_ORIGINS: `${ORIGIN},http://localhost:3000` }, { overHttp: true })
const seen: Answer[] = []
const ask = async (method: string, path: string, options: Send = {}, to = world()): Promise<Answer> => {
  const answer = await to.request(method, path, options)
  seen.push(answer)
  return answer
}

let boss: Person
let nobody: Person
beforeAll(async () => {
  boss = await admin(world())
  nobody = await person(world())
})

const json = { 'content-type': 'application/json' }
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'PURGE']
const methodsOf = (path: string): string[] => routes.filter((route) => route.path === path).map(({ method }) => method)
const allowOf = (methods: readonly string[]) => [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort()
const listed = (answer: Answer) => (answer.headers.get('allow') ?? '').split(', ').sort()
const own: Readonly<Record<string, string[]>> = {
  '/graphql': ['GET', 'POST'],
  '/graphql/possible-types.json': ['GET'],
  '/': ['GET'],
  '/sign-in': ['GET'],
  '/account': ['GET'],
  '/account/sessions': ['GET'],
  '/admin': ['GET'],
  '/reset-password': ['GET'],
  '/confirm-email': ['GET'],
  '/.well-known/jwks.json': ['GET'],
  '/healthz': ['GET'],
  '/readyz': ['GET'],
}

describe('the order of checks, two by two', () => {
  interface Draft {
    readonly method: string
    readonly id: string
    readonly suffix: string
    readonly query: string
    readonly token: string | undefined
    readonly type: string
    readonly body: string | undefined
  }
  /** What is wrong with a request. */
  interface Wrong {
    readonly status: number
    readonly what: string
    readonly applies: (route: Route) => boolean
    readonly patch: (route: Route) => Partial<Draft>
  }
  const takes = ({ takesBody }: Route) => takesBody
  const setsState = ({ method, path }: Route) => method === 'PUT' && path.includes(':')
  const needsFields = ({ takesBody, path }: Route) => takesBody && !/profile$|disable$|users\/logout$/.test(path)

  /** In the order in which it is found. The requests are the administrator's, about their own account, which cannot be deleted. */
  // biome-ignore format: a table is read by its rows
  const wrongs: readonly Wrong[] = [
    { status: 404, what: 'unknown route', applies: () => true, patch: () => ({ suffix: '/x/y/z' }) },
    { status: 405, what: 'other method', applies: () => true, patch: () => ({ method: 'PATCH' }) },
    { status: 413, what: 'too large', applies: ({ method }) => method === 'POST' || method === 'PUT', patch: () => ({ body: 'a'.repeat(200_000) }) },
    { status: 415, what: 'media type', applies: takes, patch: () => ({ type: 'text/plain' }) },
    { status: 400, what: 'unparsable', applies: takes, patch: () => ({ body: '{"half' }) },
    { status: 401, what: 'no token', applies: ({ who }) => who !== 'anyone', patch: () => ({ token: undefined }) },
    { status: 403, what: 'not allowed', applies: ({ who }) => who === 'some', patch: () => ({ token: nobody.token }) },
    { status: 400, what: 'fields', applies: needsFields, patch: () => ({ body: '{}' }) },
    { status: 400, what: 'query', applies: ({ name }) => name === 'GET /v1/users', patch: () => ({ query: '?limit=-1' }) },
    { status: 404, what: 'unknown object', applies: ({ path }) => path.includes(':'), patch: () => ({ id: 'no-such-id' }) },
    { status: 400, what: 'conflict', applies: (route) => setsState(route) || route.method === 'DELETE', patch: (route) => (setsState(route) ? { body: '{"action": "disableLogin"}' } : {}) },
  ]
  const draftOf = (route: Route): Draft => ({
    method: route.method,
    id: boss.id,
    suffix: '',
    query: '',
    token: boss.token,
    type: 'application/json',
    body: route.takesBody ? JSON.stringify(sampleBody(route)) : undefined,
  })
  const sendDraft = async (route: Route, { method, id, suffix, query, token, type, body }: Draft) => {
    const [path, ownQuery] = urlOf(route, id).split('?')
    const raw = body === undefined ? {} : { raw: Buffer.from(body), headers: { 'content-type': type } }
    return await ask(method, `${path}${suffix}${ownQuery === undefined ? query : `?${ownQuery}`}`, { token, ...raw })
  }
  const pairs = wrongs.flatMap((first, at) => wrongs.slice(at + 1).map((second) => ({ first, second })))
  const cases = routes.flatMap((route) =>
    pairs
      .filter(({ first, second }) => first.applies(route) && second.applies(route))
      .map(({ first, second }) => ({
        name: route.name,
        first: `${first.status} ${first.what}`,
        second: `${second.status} ${second.what}`,
        route,
        pair: [first, second] as const,
      })),
  )

  it.each(cases)('$name: $first before $second', async ({ route, pair: [first, second] }) => {
    const answer = await sendDraft(route, { ...draftOf(route), ...second.patch(route), ...first.patch(route) })
    expectError(route.mount, answer, first.status)
    if (first.what === 'unparsable') expect(answer.body.errors).toBeUndefined()
  })

  it('every pair is proven on some route', () => {
    const proven = new Set(cases.map(({ first, second }) => `${first}, ${second}`))
    const meet = pairs.filter(
      ({ first, second }) => routes.some((route) => first.applies(route)) && routes.some((route) => second.applies(route)),
    )
    const named = meet.map(({ first, second }) => `${first.status} ${first.what}, ${second.status} ${second.what}`)
    const noRouteHasBoth = named.filter((pair) => !proven.has(pair))
    expect(noRouteHasBoth.every((pair) => pair.includes('400 query'))).toBe(true)
    expect(proven.size).toBeGreaterThan(40)
  })

  it.each(
    wrongs.flatMap((wrong) =>
      routes.filter(wrong.applies).map((route) => ({ what: wrong.what, status: wrong.status, name: route.name, route, wrong })),
    ),
  )('$name: $what alone is $status', async ({ route, wrong }) => {
    expectError(route.mount, await sendDraft(route, { ...draftOf(route), ...wrong.patch(route) }), wrong.status)
  })

  it.each(routes.filter(({ takesBody, fields }) => takesBody && fields.length > 1))('$name: all wrong fields at once', async (route) => {
    const answer = await ask(route.method, urlOf(route), {
      token: boss.token,
      json: Object.fromEntries(route.fields.map((field) => [field, { $ne: 1 }])),
    })
    expectError(route.mount, answer, 400)
    if (answer.body.errors !== undefined) expect(Object.keys(answer.body.errors).sort()).toEqual([...route.fields].sort())
    else expect(['/users', '/api']).toContain(route.mount)
  })
})

describe('registration closed: 403 after 400 unparsable, before 400 fields', () => {
  const closed = useWorld({ REGISTRATION: 'closed', ADMIN_EMAIL: 'boss@example.com', ADMIN_PASSWORD: PASSWORD }, { overHttp: true })
  it.each(routes.filter(({ path }) => /signup|register/.test(path)))('$name', async (route) => {
    for (const json of [{}, sampleBody(route), { email: 'boss@example.com' }]) {
      expectError(route.mount, await ask(route.method, urlOf(route), { json }, closed()), 403)
    }
    expectError(route.mount, await ask(route.method, urlOf(route), { raw: '{"half', headers: json }, closed()), 400)
    expectError(route.mount, await ask(route.method, urlOf(route), { raw: Buffer.from('text') }, closed()), 415)
  })
})

describe('405', () => {
  it.each(paths.flatMap((path) => METHODS.filter((method) => !methodsOf(path).includes(method)).map((method) => ({ method, path }))))(
    '$method $path',
    async ({ method, path }) => {
      const route = routes.find((one) => one.path === path) as Route
      const answer = await send(world(), method, urlOf(route))
      expectError(route.mount, answer, 405)
      expect(listed(answer)).toEqual(allowOf(methodsOf(path)))
    },
  )

  it.each(
    Object.entries(own).flatMap(([path, methods]) =>
      METHODS.filter((method) => !methods.includes(method)).map((method) => ({ method, path, methods })),
    ),
  )('$method $path', async ({ method, path, methods }) => {
    const answer = await send(world(), method, path)
    expectError('', answer, 405)
    expect(listed(answer)).toEqual(allowOf(methods))
  })

  it.each(paths.filter((path) => !methodsOf(path).includes('GET')))('HEAD %s, without a body', async (path) => {
    const answer = await ask('HEAD', path)
    expect([answer.status, answer.text]).toEqual([405, ''])
    expect(listed(answer)).toEqual(allowOf(methodsOf(path)))
  })
})

describe('OPTIONS', () => {
  it.each([...paths, ...Object.keys(own)])('%s: 204 with Allow and no body', async (path) => {
    const answer = await ask('OPTIONS', path.replace(':id', 'x'))
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(listed(answer)).toEqual(allowOf(own[path] ?? methodsOf(path)))
  })
})

describe('HEAD', () => {
  const gets = [
    ...routes.filter(({ method }) => method === 'GET').map((route) => urlOf(route)),
    ...Object.keys(own).filter((path) => path !== '/graphql'),
  ]
  it.each(gets)('%s: the same headers as GET, and no body', async (path) => {
    const url = path.replace('no-such-id', boss.id)
    for (const token of [boss.token, undefined]) {
      const [get, headed] = [await ask('GET', url, { token }), await ask('HEAD', url, { token })]
      const plain = ({ headers }: Answer) =>
        Object.fromEntries(
          [...headers]
            .filter(([name]) => !['date', 'x-request-id', 'content-length', 'transfer-encoding', 'connection', 'keep-alive'].includes(name))
            .map(([name, value]) => [name, value.replaceAll(/'nonce-[\w-]{22}'/g, "'nonce-…'")]),
        )
      expect([headed.status, headed.text]).toEqual([get.status, ''])
      expect(plain(headed)).toEqual(plain(get))
      if (headed.headers.has('content-length')) expect(headed.headers.get('content-length')).toBe(get.headers.get('content-length'))
    }
  })
})

describe('404', () => {
  const below = [
    '/nope',
    '/users/a/b',
    '/auth/loginx',
    '/profile/x',
    '/%2e%2e/%2e%2e/etc',
    '//users',
    '/user%2Fx',
    '/constructor',
    '/__proto__',
  ]
  it.each(mounts.flatMap((mount) => ['GET', 'POST', 'DELETE', 'PATCH', 'OPTIONS'].map((method) => ({ method, mount }))))(
    '$method below $mount is in its own form',
    async ({ method, mount }) => {
      for (const path of below.filter((one) => !paths.includes(mount + one) && !/%2e/.test(one))) {
        expectError(mount, await ask(method, mount + path, { token: boss.token }), 404)
      }
    },
  )

  it.each([
    '/nope',
    '/assets',
    '/accounts',
    '/V1/users',
    '/v1x',
    '/v2/users',
    '/apiary',
    '/Users/login',
    '/graphql/x',
    '/v1%2Fusers',
    '//v1/users',
    '//evil.example/v1/users',
    '/.env',
    '/.git/config',
    '/index.php',
    '/metrics',
    '/swagger',
    '/favicon.ico',
  ])('%s, outside every mount', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      const answer = await send(world(), method, path)
      expectError('', answer, 404)
      expect(answer.body).toEqual({ message: 'Not found', request_id: answer.headers.get('x-request-id') })
    }
  })

  it.each(['/v1', '/v1/'])('%s, a mount that has no route of its own', async (path) => {
    expectError('/v1', await ask('GET', path), 404)
  })
})

describe('a trailing slash is none', () => {
  it.each(routes)('$name', async (route) => {
    const [path, query = ''] = urlOf(route).split('?')
    const options = route.takesBody ? { json: {} } : {}
    const [without, withSlash] = [
      await ask(route.method, urlOf(route), options),
      await ask(route.method, `${path}/${query && `?${query}`}`, options),
    ]
    const plain = ({ status, body }: Answer) => ({ status, body: { ...body, request_id: '', user: undefined } })
    expect(plain(withSlash)).toEqual(plain(without))
    expect(withSlash.status).not.toBe(404)
  })

  it.each(Object.keys(own))('%s', async (path) => {
    expect((await ask('GET', `${path}/`)).status).toBe((await ask('GET', path)).status)
  })
})

describe('TRACE, CONNECT and methods in disguise', () => {
  it.each(['/v1/users', '/graphql', '/nope'])('TRACE %s is refused and echoes nothing', async (path) => {
    const answer = await say(world(), head(`TRACE ${path}`, 'Authorization: Bearer hunter2', 'X-Custom: hunter3'))
    expect([405, 501]).toContain(parseAnswer(answer).status)
    expect(answer).not.toMatch(/hunter/)
  })

  it.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])('%s does not change the method', async (name) => {
    const target = await person(world())
    const headers = { [name]: 'DELETE' }
    expect((await ask('GET', `/v1/users/${target.id}`, { token: boss.token, headers })).body.id).toBe(target.id)
    expect((await ask('GET', `/v1/users/${target.id}?_method=DELETE`, { token: boss.token })).body.id).toBe(target.id)
    expect((await ask('POST', `/v1/users/${target.id}`, { token: boss.token, headers })).status).toBe(405)
    expect((await ask('GET', `/v1/users/${target.id}`, { token: boss.token })).status).toBe(200)
  })
})

describe('x-request-id', () => {
  const everywhere = ['/v1/profile', '/auth', '/users/nope', '/api/user', '/graphql', '/healthz', '/nope']
  it.each(everywhere)('%s: each answer has one of its own, whatever a stranger sends', async (path) => {
    const ids = new Set<string>()
    for (const given of ['mine', 'a'.repeat(64), '', 'x y']) {
      const answer = await ask('GET', path, { headers: { 'x-request-id': given } })
      const id = answer.headers.get('x-request-id') ?? ''
      expect(id).toMatch(/^[\w-]{1,64}$/)
      expect(id).not.toBe(given)
      if (answer.body?.request_id !== undefined) expect(answer.body.request_id).toBe(id)
      ids.add(id)
    }
    expect(ids.size).toBe(4)
  })

  it('the x-request-id of a trusted peer is kept if it is well-formed, and stands in body and log as well', async () => {
    const trusting = await openWorld({ TRUSTED_PROXIES: 'loopback' }, { db: world().db })
    for (const path of everywhere) {
      for (const id of ['mine', 'A-b_9', 'a'.repeat(64)]) {
        const answer = await ask('GET', path, { headers: { 'x-request-id': id } }, trusting)
        expect(answer.headers.get('x-request-id')).toBe(id)
        if (answer.body?.request_id !== undefined) expect(answer.body.request_id).toBe(id)
      }
      for (const id of ['', 'a'.repeat(65), 'a b', 'a"b', 'a;b', '<script>', 'a,b', '\u00e9', 'a.b']) {
        const answer = await ask('GET', path, { headers: { 'x-request-id': id } }, trusting)
        expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
        expect(answer.headers.get('x-request-id')).not.toBe(id)
      }
    }
    await trusting.close()
  })
})

describe('headers', () => {
  const always = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  }
  const expectHeaders = ({ headers }: Answer) => {
    for (const [name, value] of Object.entries(always)) expect([name, headers.get(name)]).toEqual([name, value])
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'/)
    expect(headers.get('strict-transport-security')).toBeNull()
    expect(headers.get('set-cookie')).toBeNull()
    expect(headers.get('etag')).toBeNull()
  }
  it.each(routes)('$name: refused', async (route) => {
    expectHeaders(await ask(route.method, urlOf(route), { token: boss.token, ...(route.takesBody ? { raw: '{', headers: json } : {}) }))
  })
  it.each([
    ...mounts.map((mount) => `${mount}/nope/nope`),
    '/nope',
    '/graphql',
    '/healthz',
    '/readyz',
    '/reset-password',
    '/confirm-email',
  ])('GET %s', async (path) => {
    expectHeaders(await ask('GET', path))
  })
  it.each(['/v1/profile', '/v1/users', '/api/user', '/api/users'])('GET %s, with the data of users', async (path) => {
    expectHeaders(await ask('GET', path, { token: boss.token }))
  })

  it('over https every answer asks for https from now on', async () => {
    const secure = await openWorld({ PUBLIC_URL: 'https://vestibule.test' }, { db: world().db })
    for (const path of ['/v1/profile', '/graphql', '/nope', '/reset-password', '/api/users']) {
      expect((await ask('GET', path, {}, secure)).headers.get('strict-transport-security')).toMatch(/^max-age=31536000/)
    }
    await secure.close()
  })

  it('the public keys may be cached, and are public', async () => {
    const { headers, body, text } = await ask('GET', '/.well-known/jwks.json')
    expect(headers.get('cache-control')).toMatch(/^public/)
    expect(Object.keys(body.keys[0])).not.toContain('d')
    expect(text).not.toContain('"d"')
  })
})

describe('CORS', () => {
  const surfaces = [
    ...routes.map((route) => ({ path: urlOf(route), methods: methodsOf(route.path), method: route.method as string })),
    { path: '/graphql', methods: own['/graphql'] ?? [], method: 'POST' },
  ]
  const preflight = (origin: string, method: string) => ({
    headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization,content-type' },
  })
  const list = (answer: Answer, name: string) => (answer.headers.get(name) ?? '').toLowerCase().split(/, */)

  it.each(surfaces)('$method $path: a preflight of an allowed origin', async ({ path, method }) => {
    const answer = await ask('OPTIONS', path, preflight(ORIGIN, method))
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(list(answer, 'access-control-allow-methods')).toContain(method.toLowerCase())
    expect(list(answer, 'access-control-allow-headers')).toEqual(expect.arrayContaining(['authorization', 'content-type']))
    expect(answer.headers.get('access-control-allow-credentials')).toBe(path === '/graphql' ? 'true' : null)
    expect(list(answer, 'vary')).toContain('origin')
    expect(listed(answer)).toContain(method)
  })

  it.each(surfaces)('$method $path: an answer to an allowed origin, an error too', async ({ path, method }) => {
    for (const token of [undefined, 'wrong']) {
      const answer = await ask(method, path, { headers: { origin: ORIGIN }, token })
      expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
      expect(list(answer, 'access-control-expose-headers')).toEqual(expect.arrayContaining(['x-request-id', 'retry-after']))
      expect(list(answer, 'vary')).toContain('origin')
    }
  })

  const others = [
    'https://evil.example',
    'null',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://APP.example.com/',
    `${ORIGIN}/`,
    'https://sub.app.example.com',
    '*',
  ]
  it.each(others)('nothing is said to %s', async (origin) => {
    for (const { path, method } of surfaces) {
      const asked = await ask('OPTIONS', path, preflight(origin, method))
      expect([...asked.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    const answer = await ask('GET', '/v1/users', { headers: { origin }, token: boss.token })
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(list(answer, 'vary')).toContain('origin')
  })

  it.each(['/v1/nope', '/nope', '/healthz'])('%s answers an allowed origin as well', async (path) => {
    expect((await ask('GET', path, { headers: { origin: 'http://localhost:3000' } })).headers.get('access-control-allow-origin')).toBe(
      'http://localhost:3000',
    )
  })

  it('without CORS_ORIGINS nothing is said to anybody', async () => {
    const closed = await openWorld({}, { db: world().db })
    const answer = await ask('OPTIONS', '/v1/users', preflight(ORIGIN, 'GET'), closed)
    expect([answer.status, [...answer.headers.keys()].filter((name) => name.startsWith('access-control'))]).toEqual([204, []])
    await closed.close()
  })
})

const guarded = routes.filter(({ who }) => who !== 'anyone')
const right = (route: Route): Send => (route.takesBody ? { json: sampleBody(route) } : {})

describe('Authorization', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('the scheme may be spelt %s, on every surface', async (scheme) => {
    const login = await ask('POST', '/v1/auth/login', { json: { email: nobody.email, password: PASSWORD } })
    expect(login.body.token).toMatch(/^sess_[^:]+:.+/)
    for (const token of [login.body.token, login.body.accessToken, nobody.token]) {
      const headers = { authorization: `${scheme} ${token}` }
      for (const route of routes.filter(({ method, who }) => method === 'GET' && who === 'session')) {
        expect((await ask('GET', urlOf(route, nobody.id), { headers })).status).toBe(200)
      }
      expect((await ask('POST', '/auth', { headers })).body.user.email).toBe(nobody.email)
      const answer = await ask('POST', '/graphql', { headers, json: { query: '{ me { id } }' } })
      expect(answer.body.data.me.id).toBe(nobody.id)
    }
  })

  const NO_TOKEN = [
    '',
    'Bearer',
    'Bearer ',
    'Basic TOKEN',
    'Token TOKEN',
    'TOKEN',
    'BearerTOKEN',
    'Bearer: TOKEN',
    'Bearer TOKEN x',
    'Digest Bearer TOKEN',
  ]
  const DEAD_TOKEN = [
    'Bearer TOKEN,TOKEN',
    'Bearer "TOKEN"',
    `Bearer ${'a'.repeat(5_000)}`,
    'Bearer \u00e9',
    'Bearer a.b.c',
    'Bearer ..',
    'Bearer null',
    'Bearer undefined',
    'Bearer sess_:',
    'Bearer %00',
  ]
  it.each([
    ...NO_TOKEN.map((pattern) => ({ pattern, what: 'no token', refused: ['users'] })),
    ...DEAD_TOKEN.map((pattern) => ({ pattern, what: 'a dead token', refused: ['me', 'users'] })),
  ])('"$pattern" is $what, on any route', async ({ pattern, refused }) => {
    const headers = { authorization: pattern.replaceAll('TOKEN', boss.token) }
    for (const route of guarded)
      expectError(route.mount, await ask(route.method, urlOf(route), { ...right(route), headers: { ...json, ...headers } }), 401)
    const answer = await ask('POST', '/graphql', { headers, json: { query: '{ me { id } users { __typename } }' } })
    expect(answer.body.data).toEqual({ me: null, users: null })
    const seen = answer.body.errors.map(({ path, extensions }: { path: string[]; extensions: object }) => [...path, extensions])
    expect(seen).toEqual(refused.map((field) => [field, { code: 'UNAUTHENTICATED' }]))
  })
})

describe('tokens that are none, or are no more', () => {
  const dead: Record<string, string> = {}
  const mailed = (to: string) => /#token=([\w-]+)/.exec(world().mails.findLast((mail) => mail.to === to)?.text ?? '')?.[1] ?? ''
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString())
  const tampered = (token: string, change: { header?: object; payload?: object; signature?: string }) => {
    const [header, payload, signature = ''] = token.split('.')
    return `${encode({ ...decode(header), ...change.header })}.${encode({ ...decode(payload), ...change.payload })}.${change.signature ?? signature}`
  }
  const everyToken = async (who: Person) => {
    const login = (await ask('POST', '/v1/auth/login', { json: { email: who.email, password: PASSWORD } })).body
    const chain = (await ask('POST', '/auth/login', { json: { email: who.email, password: PASSWORD } })).body.tokens
    const resume = (await ask('POST', '/users/login', { json: { email: who.email, password: PASSWORD } })).body
    return {
      opaque: login.token,
      jwt: login.accessToken,
      'access token': chain.access.token,
      'refresh token': chain.refresh.token,
      resume: resume.token,
      graphql: who.token,
    }
  }
  const note = (why: string, tokens: Record<string, string>) => {
    for (const [kind, token] of Object.entries(tokens)) dead[`${why} ${kind}`] = token
  }

  beforeAll(async () => {
    const w = world()
    note('expired', await everyToken(await person(w)))
    w.advance(91 * 24 * 3_600_000)
    boss = { ...boss, token: await signIn(w, boss) }
    nobody = { ...nobody, token: await signIn(w, nobody) }
    const ended = await person(w)
    note('ended', await everyToken(ended))
    await w.graphql('mutation { signOutEverywhere { __typename } }', {}, ended.token)
    const reset = await person(w)
    note('reset', await everyToken(reset))
    await ask('POST', '/v1/security/forget-password', { json: { email: reset.email } })
    await ask('POST', '/auth/reset-password?token='.concat(mailed(reset.email)), { json: { password: 'another password' } })
    const disabled = await person(w)
    note('disabled', await everyToken(disabled))
    await ask('PUT', `/api/users/${disabled.id}`, { token: boss.token, json: { action: 'disableLogin' } })
    const deleted = await person(w)
    note('deleted', await everyToken(deleted))
    await ask('DELETE', `/v1/users/${deleted.id}`, { token: boss.token })
    const live = await person(w)
    const tokens = await everyToken(live)
    dead['live refresh token'] = tokens['refresh token']
    dead['refresh token of GraphQL'] = live.refreshToken
    await ask('POST', '/v1/security/forget-password', { json: { email: live.email } })
    dead['reset token'] = mailed(live.email)
    const change = 'mutation($input: ChangeEmailInput!) { result: changeEmail(input: $input) { __typename } }'
    await w.graphql(change, { input: { email: `new${live.email}` } }, live.token)
    dead['confirmation token'] = mailed(`new${live.email}`)
    const factor = await withTwoFactor(w)
    dead['login code'] = (await ask('POST', '/v1/auth/login', { json: { email: factor.email, password: PASSWORD } })).body.loginCode
    dead['login code of authentication'] = (
      await ask('POST', '/auth/login', { json: { email: factor.email, password: PASSWORD } })
    ).body.loginCode
    dead['recovery code'] = factor.recoveryCodes[0] ?? ''
    dead.secret = factor.secret
    dead['session id'] = (await w.db.client.session.findFirstOrThrow({ where: { userId: live.id } })).id
    dead['token hash'] = (await w.db.client.opaqueToken.findFirstOrThrow({ where: { session: { userId: live.id } } })).hash
    dead['user id'] = live.id
    const jwt = tokens.jwt
    dead['JWT with alg none'] = tampered(jwt, { header: { alg: 'none' }, signature: '' })
    dead['JWT of another account'] = tampered(jwt, { payload: { sub: boss.id, id: boss.id } })
    dead['JWT of another session'] = tampered(jwt, { payload: { sid: dead['session id'] } })
    dead['JWT for longer'] = tampered(jwt, { payload: { exp: 9_999_999_999 } })
    dead['JWT of another type'] = tampered(jwt, { header: { typ: 'JWT' } })
    dead['JWT of another key'] = tampered(jwt, { header: { kid: 'other' } })
    dead['JWT with HS256'] = tampered(jwt, { header: { alg: 'HS256' } })
    dead['JWT with its own key'] = tampered(jwt, { header: { jwk: { kty: 'oct', k: 'AAAA' } } })
    dead['JWT with an address for keys'] = tampered(jwt, { header: { jku: `${w.url}/.well-known/jwks.json` } })
    dead['JWT without signature'] = `${jwt.split('.').slice(0, 2).join('.')}.`
    dead['JWT with a cut signature'] = jwt.slice(0, -4)
    dead['opaque token, other secret'] = `${tokens.opaque.slice(0, -4)}AAAA`
    dead['opaque token, public part'] = tokens.opaque.split(':')[0] ?? ''
    dead['opaque token, other case'] = tokens.opaque.toUpperCase()
    dead['resume token, cut'] = tokens.resume.slice(0, -1)
    dead['resume token and more'] = `${tokens.resume}A`
  }, 60_000)

  it('there are such tokens', () => {
    expect(Object.entries(dead).filter(([, token]) => typeof token !== 'string' || token.length < 8)).toEqual([])
    expect(Object.keys(dead).length).toBeGreaterThan(45)
  })

  it.each(guarded)('$name refuses each of them', async (route) => {
    for (const [what, token] of Object.entries(dead)) {
      const answer = await ask(route.method, urlOf(route), { ...right(route), token })
      expect([what, answer.status]).toEqual([what, 401])
      expectError(route.mount, answer, 401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  it('GraphQL refuses each of them', async () => {
    for (const [what, token] of Object.entries(dead)) {
      for (const query of ['{ result: me { id } }', 'mutation { result: signOutEverywhere { ... on Error { code } } }']) {
        const { body, headers } = await ask('POST', '/graphql', { json: { query }, token })
        expect([what, failureCode(body), body.errors?.length]).toEqual([what, 'UNAUTHENTICATED', 1])
        expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      }
    }
  })
})

describe('credentials anywhere but in the header or the body', () => {
  it.each(guarded)('$name reads no token from the query, a cookie or another header', async (route) => {
    const url = urlOf(route)
    const joint = url.includes('?') ? '&' : '?'
    for (const name of ['access_token', 'token', 'accessToken', 'authorization', 'Authorization', 'bearer', 'auth', 'jwt', 'api_key']) {
      expectError(route.mount, await ask(route.method, `${url}${joint}${name}=${encodeURIComponent(boss.token)}`, right(route)), 401)
    }
    const value = boss.token
    for (const name of ['cookie', 'x-auth-token', 'x-access-token', 'x-authorization', 'proxy-authorization', 'x-user-id']) {
      const sent =
        name === 'cookie'
          ? `token=${value}; access_token=${value}; meteor_login_token=${value}`
          : name === 'x-user-id'
            ? boss.id
            : `Bearer ${value}`
      expectError(
        route.mount,
        await ask(route.method, url, { ...right(route), headers: { ...(route.takesBody ? json : {}), [name]: sent } }),
        401,
      )
    }
    if (route.takesBody) {
      const answer = await ask(route.method, url, { json: { ...sampleBody(route), access_token: value, authorization: `Bearer ${value}` } })
      expectError(route.mount, answer, 401)
    }
  })

  it.each(routes.filter(({ takesBody, name }) => takesBody && !/profile|disable|users\/logout/.test(name)))(
    '$name reads no field from the query',
    async (route) => {
      const known = { email: boss.email, username: boss.username, password: PASSWORD, refreshToken: boss.refreshToken }
      const query = new URLSearchParams({ ...(sampleBody(route) as Record<string, string>), ...known }).toString()
      expectError(route.mount, await ask(route.method, `${urlOf(route).split('?')[0]}?${query}`, { json: {}, token: boss.token }), 400)
    },
  )

  it('GraphQL reads no token from the query', async () => {
    const answer = await ask('POST', `/graphql?access_token=${boss.token}`, { json: { query: '{ me { id } }' } })
    expect(answer.body).toEqual({ data: { me: null } })
  })

  it('WEKAN_QUERY_TOKEN reads access_token, on the routes of wekan only', async () => {
    const lax = await openWorld({ WEKAN_QUERY_TOKEN: 'true' }, { db: world().db })
    for (const route of guarded) {
      const url = urlOf(route, boss.id)
      if (route.method !== 'GET') continue
      const { status } = await ask('GET', `${url}?access_token=${boss.token}`, {}, lax)
      expect([route.name, status]).toEqual([route.name, route.mount === '/api' ? 200 : 401])
      if (route.mount === '/api') expect((await ask('GET', `${url}?token=${boss.token}`, {}, lax)).status).toBe(401)
    }
    await lax.close()
  })
})

describe('DIALECTS and their prefixes', () => {
  const all = ['idiot', 'wekan', 'xiot', 'authentication']
  const mountsOf = (names: string) =>
    enabledDialects(readConfig({ DIALECTS: names })).flatMap((dialect) => dialect.mounts.map(({ path }) => path))

  it.each([...all, 'idiot,authentication', 'wekan,xiot'])('DIALECTS=%s serves these and nothing else', async (names) => {
    const some = await openWorld({ DIALECTS: names }, { db: world().db })
    const served = new Set(routesOf(some.config).map(({ name }) => name))
    expect(served.size).toBeGreaterThan(0)
    for (const route of routes) {
      const answer = await ask(route.method, urlOf(route), {}, some)
      if (served.has(route.name)) expect([route.name, answer.status === 404]).toEqual([route.name, false])
      else if (mountsOf(names).includes(route.mount)) expect([404, 405]).toContain(answer.status)
      else expectError('', answer, 404)
    }
    expect((await ask('POST', '/graphql', { json: { query: '{ __typename }' } }, some)).status).toBe(200)
    await some.close()
  })

  it('the shared sign-in of /v1 is there with either of its dialects', async () => {
    for (const names of ['idiot', 'xiot']) {
      const some = await openWorld({ DIALECTS: names }, { db: world().db })
      const answer = await ask('POST', '/v1/auth/login', { json: { email: nobody.email, password: PASSWORD } }, some)
      expect(answer.body.token).toMatch(/^sess_/)
      await some.close()
    }
  })

  it('each prefix moves its dialect, whole, and nothing stays behind', async () => {
    const moved = await openWorld(
      { IDIOT_PREFIX: '/idiot', WEKAN_PREFIX: '/boards', XIOT_PREFIX: '/deep/x.iot', AUTHENTICATION_PREFIX: '/a-b' },
      { db: world().db },
    )
    const there = routesOf(moved.config)
    expect(there.length).toBe(routes.length + 1)
    for (const route of there) {
      const form = route.mount.replace(/^(\/idiot|\/boards|\/deep\/x\.iot|\/a-b)/, '')
      const answer = await ask(route.method, urlOf(route), route.takesBody ? { raw: '{', headers: json } : {}, moved)
      expectError(form, answer, route.takesBody ? 400 : 401)
      expectError(form, await ask('GET', `${route.mount}/no/such/route`, {}, moved), 404)
      expectError('', await ask(route.method, urlOf(route).replace(/^(\/idiot|\/boards|\/deep\/x\.iot|\/a-b)/, ''), {}, moved), 404)
    }
    await moved.close()
  })
})

afterAll(() => {
  const telling =
    /node_modules|\bat (async )?\S+ \(|\.ts:\d|\.js:\d|\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b|prisma|postgres|pglite|\bhono\b|\byoga\b|argon2|Node\.js|\/work\/|\bv?\d+\.\d+\.\d+\b(?!\.)/i
  const pages = seen.filter(({ headers }) => headers.get('content-type')?.includes('text/html') !== true)
  expect(pages.length).toBeGreaterThan(2_000)
  const banners = ['server', 'x-powered-by', 'via', 'x-aspnet-version', 'x-runtime', 'x-generator']
  expect(seen.flatMap(({ headers }) => banners.filter((name) => headers.has(name)))).toEqual([])
  expect(pages.filter(({ text }) => telling.test(text)).map(({ text }) => text)).toEqual([])
  expect(
    seen
      .filter(({ headers }) => telling.test([...headers].filter(([name]) => name !== 'date').join('\n')))
      .map(({ headers }) => [...headers]),
  ).toEqual([])
  expect(seen.filter(({ status }) => status >= 500).map(({ text }) => text)).toEqual([])
})
