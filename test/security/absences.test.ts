/**
 * What there must not be: accounts of a new server, hints, passwords that somebody else sets, answers that a browser follows, runs or opens
 * in a spreadsheet.
 */
import { isInputObjectType, isInterfaceType, isObjectType } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { settings } from '../../src/config.ts'
import { exporters } from '../../src/exporters/exporters.ts'
import { schema } from '../../src/graphql/schema.ts'
import { mailedToken, mutate, mutationOf } from '../graphql/ask.ts'
import { routes, urlOf } from '../guards/routes.ts'
import { exportTo } from '../moving/exportTo.ts'
import { PASSWORD, type Person, person } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld()

/** The names of all fields and arguments of the schema, each with its place. */
const namesOfSchema = (): string[] =>
  Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return []
    if (isInputObjectType(type)) return Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)
    if (!isObjectType(type) && !isInterfaceType(type)) return []
    return Object.values(type.getFields()).flatMap(({ name, args }) => [
      `${type.name}.${name}`,
      ...args.map((argument) => `${type.name}.${name}.${argument.name}`),
    ])
  })

const isJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

const signInOn: Readonly<Record<string, (name: string, password: string) => Promise<unknown>>> = {
  graphql: async (identifier, password) => (await mutate(world(), 'signIn', { identifier, password })).user?.id,
  v1: async (email, password) => (await world().post('/v1/auth/login', { email, password })).body.token,
  wekan: async (email, password) => (await world().post('/users/login', { email, password })).body.token,
  authentication: async (email, password) => (await world().post('/auth/login', { email, password })).body.tokens,
}

describe('a new server', () => {
  it('a new server has no account, and none of the usual names and passwords signs in', async () => {
    expect(await world().db.client.user.count()).toBe(0)
    const usual = ['admin', 'root', 'administrator', 'test', 'guest', 'vestibule', 'admin@example.com']
    for (const signIn of Object.values(signInOn))
      for (const name of usual) for (const password of [name, 'password']) expect(await signIn(name, password)).toBeUndefined()
  })
})

it('the metrics are on no path of the server', async () => {
  const paths = [
    '/metrics',
    '/graphql/metrics',
    '/v1/metrics',
    '/api/metrics',
    '/monitoring',
    '/debug',
    '/status',
    '/server-status',
    '/actuator',
    '/.env',
    '/.git/config',
  ]
  for (const path of paths) {
    const { status, text } = await world().get(path)
    expect([path, status, /vestibule_|process_cpu|nodejs_|ref: refs/.test(text)]).toEqual([path, 404, false])
  }
})

it('no secret of the settings has a default', () => {
  const all: readonly [string, { readonly schema: unknown; readonly secret?: boolean; readonly fallback?: unknown }][] =
    Object.entries(settings)
  const secrets = all.filter(([name, { secret }]) => secret === true || /PASSWORD$|SECRET|_TOKEN$/.test(name))
  expect(secrets.map(([name]) => name)).toEqual([
    ...[
      'METRICS_TOKEN',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'DATABASE_URL',
      'DATABASE_READ_URL',
      'SECRET_KEY',
      'WEKAN_QUERY_TOKEN',
      'ADMIN_PASSWORD',
      'SMTP_URL',
    ],
  ])
  expect(secrets.map(([, { fallback = '' }]) => fallback).filter((fallback) => fallback !== '' && fallback !== 'false')).toEqual([])
})

describe('an account', () => {
  let someone: Person
  beforeAll(async () => {
    someone = await person(world())
  })

  it('nobody but its owner sets the password of an account that there is', () => {
    const takers = namesOfSchema().filter((name) => /password$/i.test(name) && name.includes('Input.'))
    expect(takers.sort()).toEqual([
      'ChangePasswordInput.newPassword',
      'ChangePasswordInput.oldPassword',
      'CreateUserInput.password',
      // As a proof.
      'DeleteAccountInput.password',
      'ReauthenticateInput.password',
      'ResetPasswordInput.newPassword',
      'SignInInput.password',
      'SignUpInput.password',
      'UndoAccountChangeInput.newPassword',
    ])
    expect(routes.filter(({ path, fields }) => path.includes(':') && fields.some((field) => /password/i.test(field)))).toEqual([])
  })

  it('a link of a mail that is opened makes no session', async () => {
    await mutate(world(), 'requestPasswordReset', { email: someone.email })
    const sessions = await world().db.client.session.count()
    for (const path of ['/reset-password', '/confirm-email', '/disown-email', '/undo-change']) {
      const { status, headers } = await world().get(`${path}?token=${mailedToken(world(), someone.email)}`)
      expect([status, headers.get('set-cookie')]).toEqual([200, null])
    }
    expect(await world().db.client.session.count()).toBe(sessions)
  })

  it('a password of ten years ago signs in on every surface, and no answer asks for another one', async () => {
    world().advance(3_650 * 86_400_000)
    for (const signIn of Object.values(signInOn)) expect(await signIn(someone.email, PASSWORD)).toBeTruthy()
    expect((await world().db.client.user.findUniqueOrThrow({ where: { id: someone.id } })).mustChangePassword).toBe(false)
  })
})

it('no field, argument, route or setting asks for a hint or a secret question', () => {
  const fields = routes.flatMap(({ name, fields }) => [name, ...fields])
  const all = [...namesOfSchema(), ...fields, ...Object.keys(settings)]
  expect(all.length).toBeGreaterThan(400)
  expect(all.filter((name) => /hint|question|answer|reminder|mother|maiden/i.test(name))).toEqual([])
})

describe('whatever is asked', () => {
  const answers = async (search: string) =>
    await Promise.all(
      [...routes.map((route) => [route.method, urlOf(route)] as const), ['GET', '/graphql'] as const, ['GET', '/nope'] as const].map(
        async ([method, path]) => await world().request(method, `${path}?${search}`, method === 'GET' ? {} : { json: {} }),
      ),
    )

  it('no parameter wraps an answer in a call', async () => {
    for (const { headers, text } of await answers('callback=evil&jsonp=evil&cb=evil&format=jsonp')) {
      expect(headers.get('content-type') ?? 'application/json').toMatch(/json/)
      expect(text).not.toMatch(/evil\s*\(/)
    }
  })

  it('no answer leads a browser elsewhere', async () => {
    const to = encodeURIComponent('//evil.example/')
    for (const { status, headers } of await answers(`next=${to}&redirect=${to}&redirect_uri=${to}&returnTo=${to}&url=${to}`)) {
      expect(Math.floor(status / 100)).not.toBe(3)
      expect([headers.get('location'), headers.get('refresh')]).toEqual([null, null])
    }
    for (const path of ['/reset-password', '/confirm-email', '/disown-email', '/undo-change'])
      expect((await world().get(`${path}?next=${to}&redirect=${to}`)).text).not.toContain('evil.example')
  })

  it('no cookie is longer than browsers take, however long what a client sends', async () => {
    const long = 'é'.repeat(2_000)
    for (const identifier of [(await person(world(), { name: 'n'.repeat(100) })).email, long]) {
      const { headers } = await world().request('POST', '/graphql', {
        json: { query: mutationOf('signIn', {}), variables: { input: { identifier, password: PASSWORD, transport: 'COOKIE' } } },
        headers: {
          'x-csrf-protection': '1',
          'user-agent': 'u'.repeat(8_000),
          'accept-language': 'ar,'.repeat(1_000),
          cookie: `a=${'c'.repeat(4_000)}`,
        },
      })
      const cookies = headers.getSetCookie()
      expect(cookies).toHaveLength(identifier === long ? 0 : 1)
      for (const cookie of cookies) expect(Buffer.byteLength(cookie)).toBeLessThanOrEqual(4_096)
    }
  })

  it('no answer and no export is a table for a spreadsheet', async () => {
    for (const accept of ['text/csv', 'application/vnd.ms-excel'])
      for (const { method, path } of routes.filter(({ method }) => method === 'GET'))
        expect((await world().request(method, urlOf({ name: '', path }), { headers: { accept } })).headers.get('content-type')).toMatch(
          /json/,
        )
    const formula = '=HYPERLINK("https://evil.example","here")'
    const { email } = await person(world(), { name: formula, firstName: formula, lastName: '@SUM(1)', bio: `+1\n=1+1\n-2,3\t;x` })
    for (const { name } of exporters) {
      const { file } = await exportTo(world(), name)
      expect(file).toContain(email)
      expect(file.split('\n').filter((line) => /^["\t ]*[=+@-]/.test(line))).toEqual([])
      expect(isJson(file) || file.trim().split('\n').every(isJson)).toBe(true)
    }
  })
})
