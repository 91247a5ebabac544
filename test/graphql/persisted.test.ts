/**
 * Persisted documents over HTTP: every form of naming one, what is no name, and the allow-list, which nobody passes and which leaves
 * the dialects and the pages of mails alone. A persisted document meets the same rules as one that was sent.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { getIntrospectionQuery } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import documentsOfPages from '../../src/web/visitor/persisted.json' with { type: 'json' }
import { PASSWORD, type Person } from '../support/accounts.ts'
import { COOKIE, cookieOf } from '../support/cookieJar.ts'
import { runs } from '../support/fullSize.ts'
import { sha256, useManifests } from '../support/manifest.ts'
import { type Answer, useWorld, type World } from '../support/world.ts'
import { mailedToken, mutationOf } from './ask.ts'

const ME = 'query Me { me { id } }'
/** The text that the pages send for an operation. */
const ofPages = (name: string): string => Object.values(documentsOfPages).find((text) => text.startsWith(`mutation ${name}(`)) ?? ''
const USER = 'query OneUser($id: ID!) { user(by: { id: $id }) { id } }'
const TWO = 'query First { first: __typename } query Second { second: __typename }'
const SIGN_IN = mutationOf('signIn', {})
const SIGN_UP = mutationOf('signUp', {})
const SIGN_OUT = 'mutation { result: signOutEverywhere { __typename } }'
const path = useManifests().manifestOf(ME, USER, TWO, SIGN_IN, SIGN_UP, SIGN_OUT)

const RESPONSE = 'application/graphql-response+json'
const post = (to: World, json: unknown, token?: string, headers: Readonly<Record<string, string>> = {}) =>
  to.request('POST', '/graphql', { json, token, headers })
const get = (to: World, parameters: Readonly<Record<string, string>>, token?: string, headers: Readonly<Record<string, string>> = {}) =>
  to.request('GET', `/graphql?${new URLSearchParams(parameters)}`, { token, headers })
const apollo = (hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })
const codeOf = ({ body }: Answer): unknown => body?.errors?.[0]?.extensions?.code
const hash = sha256(ME)

const FORMS: readonly (readonly [string, (id: string) => Record<string, unknown>])[] = [
  ['documentId with sha256:', (id) => ({ documentId: `sha256:${id}` })],
  ['documentId', (id) => ({ documentId: id })],
  ['id', (id) => ({ id })],
  ["Relay's doc_id", (id) => ({ doc_id: id })],
  ["Apollo's extension", apollo],
]
const asQuery = (params: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))

const open = useWorld({ PERSISTED_OPERATIONS: path })
const ADMIN = { email: 'admin@example.com', password: PASSWORD }
const only = useWorld({
  PERSISTED_OPERATIONS: path,
  PERSISTED_OPERATIONS_ONLY: 'true',
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
})

describe.each([
  ['beside others', open],
  ['alone', only],
] as const)('persisted documents %s', (_mode, world) => {
  let someone: Person
  beforeAll(async () => {
    const { body } = await post(world(), {
      documentId: sha256(SIGN_UP),
      variables: { input: { email: 'someone@example.com', username: 'someone', password: PASSWORD } },
    })
    const { user, credentials } = body.data.result
    someone = {
      id: user.id,
      email: 'someone@example.com',
      username: 'someone',
      password: PASSWORD,
      token: credentials.accessToken.token,
      refreshToken: '',
    }
  })

  it.each(FORMS)('persisted documents are named by %s, in a POST and in a GET', async (_form, named) => {
    const expected = { data: { me: { id: someone.id } } }
    const posted = await post(world(), named(hash), someone.token)
    expect([posted.status, posted.body]).toEqual([200, expected])
    const got = await get(world(), asQuery(named(hash)), someone.token)
    expect([got.status, got.body]).toEqual([200, expected])
    expect(got.headers.get('cache-control')).toBe('no-store')
  })

  it.each(FORMS)('persisted documents by %s take variables and the name of an operation', async (_form, named) => {
    const { id } = someone
    expect((await post(world(), { ...named(sha256(USER)), variables: { id } }, someone.token)).body.data.user).toEqual({ id })
    expect((await get(world(), asQuery({ ...named(sha256(USER)), variables: { id } }), someone.token)).body.data.user).toEqual({ id })
    expect((await post(world(), { ...named(sha256(TWO)), operationName: 'Second' })).body).toEqual({ data: { second: 'Query' } })
    expect((await post(world(), named(sha256(TWO)))).status).toBe(400)
  })

  it.each(FORMS)(
    'persisted documents by %s that nobody knows are not found, by a code and the status of the media type',
    async (_form, named) => {
      for (const accept of [RESPONSE, 'application/json']) {
        const answers = [
          await post(world(), named(sha256('unknown')), undefined, { accept }),
          await get(world(), asQuery(named(sha256('unknown'))), undefined, { accept }),
        ]
        for (const answer of answers) {
          expect(answer.status).toBe(accept === RESPONSE ? 400 : 200)
          expect(answer.headers.get('content-type')).toBe(`${accept}; charset=utf-8`)
          expect(answer.body).toEqual({
            errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
          })
        }
      }
    },
  )

  const HOSTILE = [
    '__proto__',
    'constructor',
    'toString',
    'sha256:',
    'sha256:__proto__',
    ':',
    '\u0000',
    '../../etc/passwd',
    'x'.repeat(90_000),
  ]
  it.each(HOSTILE.map((text) => [text.slice(0, 20), text]))('persisted documents are not found by %j', async (_short, text) => {
    for (const [, named] of FORMS) expect(codeOf(await post(world(), named(text)))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  it.each([[1], [true], [['a']], [{ a: 1 }], [[]], [{}]])('persisted documents are not named by %j: 400', async (value) => {
    for (const body of [{ documentId: value }, { id: value }, apollo(value), { query: value }, { query: value, documentId: hash }]) {
      const { status, body: answer } = await post(world(), body)
      expect(status).toBe(400)
      expect(answer.errors[0]).toEqual({ message: expect.stringMatching(/must be a string\.$/), extensions: { code: 'BAD_REQUEST' } })
    }
  })

  it.each([['2.0'], [1], [[]], [{}], [{ version: 2, sha256Hash: hash }], [{ version: '1', sha256Hash: hash }]])(
    'persisted documents are not named by the extension %j: 400',
    async (persistedQuery) => {
      const { status, body } = await post(world(), { extensions: { persistedQuery } })
      expect([status, body.errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST'])
      expect((await get(world(), { extensions: JSON.stringify({ persistedQuery }) })).status).toBe(400)
    },
  )

  it('persisted documents and their text do not go together, nor many in one request', async () => {
    for (const body of [
      { query: ME, documentId: hash },
      { query: ME, id: hash },
      [{ documentId: hash }],
      [{ documentId: hash }, { id: hash }],
    ])
      expect((await post(world(), body)).status).toBe(400)
    expect((await get(world(), { query: ME, documentId: hash })).status).toBe(400)
    expect((await world().get(`/graphql?documentId=${hash}&documentId=${hash}`)).status).toBe(400)
  })

  it('persisted documents are named once, or twice alike', async () => {
    const alike = await post(world(), { documentId: `sha256:${hash}`, id: hash, ...apollo(hash) })
    expect(alike.body).toEqual({ data: { me: null } })
    for (const other of [{ id: sha256(TWO) }, { id: 5 }, apollo(sha256(TWO)), apollo(5)])
      expect((await post(world(), { documentId: hash, ...other })).status).toBe(400)
    expect((await get(world(), asQuery({ documentId: hash, id: sha256(TWO) }))).status).toBe(400)
  })

  it('persisted documents do not go with a parameter that is none', async () => {
    for (const [, named] of FORMS) {
      const { status, body } = await post(world(), { ...named(hash), opertionName: 'Me' })
      expect([status, body.errors[0].message]).toEqual([400, 'Unexpected parameter "opertionName" in the request body.'])
    }
  })

  it('persisted documents of mutations do not run by GET', async () => {
    for (const [, named] of FORMS) {
      const { status, headers } = await get(world(), asQuery(named(sha256(SIGN_OUT))), someone.token)
      expect([status, headers.get('allow')]).toEqual([405, 'POST'])
    }
    expect((await post(world(), { documentId: hash }, someone.token)).body.data.me).toEqual({ id: someone.id })
  })

  it('persisted documents are read from the URL by GET alone', async () => {
    const answer = await world().request('POST', `/graphql?documentId=${hash}`, { json: {} })
    expect(answer.body.errors).toHaveLength(1)
    expect(answer.body).not.toHaveProperty('data')
  })

  it('say what is wrong with a variable without its value', async () => {
    const { text, body } = await post(world(), {
      documentId: sha256(SIGN_IN),
      variables: { input: { identifier: 'ada', password: { plain: 'open sesame' } } },
    })
    expect(text).not.toContain('sesame')
    expect(body.errors[0].message).toContain('at "input.password"')
  })

  it('meet what all requests meet: media type, size, and no other page behind them', async () => {
    const send = { raw: JSON.stringify({ documentId: hash }), headers: { 'content-type': 'text/plain' } }
    expect((await world().request('POST', '/graphql', send)).status).toBe(415)
    expect((await post(world(), { documentId: hash, variables: { x: 'x'.repeat(100 * 1024) } })).status).toBe(413)
    const signedIn = await post(
      world(),
      {
        documentId: sha256(SIGN_IN),
        variables: { input: { identifier: someone.email, password: PASSWORD, transport: 'COOKIE' } },
      },
      undefined,
      { 'x-csrf-protection': '1' },
    )
    const cookie = `${COOKIE}=${cookieOf(signedIn)}`
    const byCookie = (headers: Readonly<Record<string, string>>) => post(world(), { documentId: hash }, undefined, { cookie, ...headers })
    expect((await byCookie({ 'x-csrf-protection': '1' })).body).toEqual({ data: { me: { id: someone.id } } })
    const forged = await byCookie({})
    expect([forged.status, codeOf(forged)]).toEqual([403, 'CSRF'])
  })
})

describe('where other documents run as well', () => {
  it('they do, and one that Apollo sends after its hash was not known', async () => {
    const query = '{ other: __typename }'
    for (const body of [{ query }, { query, ...apollo(sha256(query)) }])
      expect((await post(open(), body)).body).toEqual({ data: { other: 'Query' } })
  })

  it('a request with neither is answered as before', async () => {
    const { status, body } = await post(open(), {}, undefined, { accept: RESPONSE })
    expect([status, body.errors[0].message]).toEqual([400, 'Must provide query string.'])
  })

  it('GraphiQL is served', async () => {
    expect((await open().request('GET', '/graphql', { headers: { accept: 'text/html' } })).status).toBe(200)
  })
})

describe('the hash of Apollo beside the text', () => {
  const NAMED = useManifests().fileOf(JSON.stringify({ 'me-v1': ME }))
  const named = useWorld({ PERSISTED_OPERATIONS: NAMED })
  const QUERY = '{ other: __typename }'
  const QUERY_HASH = '69b2937ee6f6d4a92b42ace902455c68ba49042b7bb280690c50426973a0b810'

  it('the hash of Apollo may have a prefix, and be an id of the file', async () => {
    for (const world of [open, named]) {
      const answer = await post(world(), { query: QUERY, ...apollo(`sha256:${QUERY_HASH}`) })
      expect(answer.body).toEqual({ data: { other: 'Query' } })
    }
    expect((await post(named(), { query: ME, ...apollo('me-v1') })).body).toEqual({ data: { me: null } })
    expect((await post(named(), apollo('me-v1'))).body).toEqual({ data: { me: null } })
    expect((await get(named(), { documentId: 'me-v1' })).body).toEqual({ data: { me: null } })
    expect((await post(named(), apollo(hash))).body).toEqual({ data: { me: null } })
  })

  it.each([
    ['the hash of another document', hash],
    ['no hash', 'me-v1'],
    ['a hash in upper case', QUERY_HASH.toUpperCase()],
  ])('the hash of Apollo does not fit the text when it is %s: nothing runs', async (_what, wrong) => {
    const { status, body } = await post(named(), { query: QUERY, ...apollo(wrong) })
    expect([status, body]).toEqual([
      400,
      {
        errors: [
          {
            message: 'The hash in "extensions.persistedQuery" is not that of the document.',
            extensions: { code: 'PERSISTED_QUERY_HASH_MISMATCH' },
          },
        ],
      },
    ])
  })
})

describe("with Relay's manifest", () => {
  const RELAY = 'query bMeQuery {\n  me {\n    id\n    name\n  }\n}\n'
  const RELAY_ID = 'db54b663ed241d203a765bbe67ebd170'
  const relay = useWorld({
    PERSISTED_OPERATIONS: useManifests().fileOf(JSON.stringify({ [RELAY_ID]: RELAY })),
    PERSISTED_OPERATIONS_ONLY: 'true',
  })

  it.each(FORMS.slice(1))('its ids are names by %s, and the text runs as well', async (_form, naming) => {
    expect((await post(relay(), { ...naming(RELAY_ID), query: '', variables: {} })).body).toEqual({ data: { me: null } })
    expect((await get(relay(), asQuery(naming(RELAY_ID)))).body).toEqual({ data: { me: null } })
    expect((await post(relay(), { query: RELAY })).body).toEqual({ data: { me: null } })
  })
})

describe('without a manifest', () => {
  const plain = useWorld()
  const NOT_SUPPORTED = {
    errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
  }

  it.each(FORMS)('a name by %s is not supported, with the status of the media type', async (_form, named) => {
    for (const [accept, status] of [
      [RESPONSE, 400],
      ['application/json', 200],
    ] as const) {
      const posted = await post(plain(), named(hash), undefined, { accept })
      expect([posted.status, posted.body]).toEqual([status, NOT_SUPPORTED])
      const got = await get(plain(), asQuery(named(hash)), undefined, { accept })
      expect([got.status, got.body]).toEqual([status, NOT_SUPPORTED])
    }
  })

  it('a text runs, also with its hash', async () => {
    const query = '{ other: __typename }'
    for (const body of [{ query }, { query, ...apollo(sha256(query)) }])
      expect((await post(plain(), body)).body).toEqual({ data: { other: 'Query' } })
    const { status, body } = await post(plain(), { query, ...apollo(hash) })
    expect([status, body.errors[0].extensions.code]).toEqual([400, 'PERSISTED_QUERY_HASH_MISMATCH'])
  })

  it('a request with neither says what is missing', async () => {
    const { status, body } = await post(plain(), {}, undefined, { accept: RESPONSE })
    expect([status, body.errors[0]]).toEqual([400, { message: 'Must provide query string.', extensions: { code: 'BAD_REQUEST' } }])
  })
})

describe('the allow-list', () => {
  const expectRefused = (answer: Answer) => {
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({
      errors: [{ message: 'This server runs persisted documents only.', extensions: { code: 'PERSISTED_QUERY_ONLY' } }],
    })
  }

  it('the allow-list refuses every other document, whoever sends it, however', async () => {
    const { body: signedIn } = await only().post('/auth/login', ADMIN)
    const { token } = signedIn.tokens.access
    expect((await only().get('/api/users', token)).status).toBe(200)
    const others = [
      '{ __typename }',
      `${ME} `,
      ` ${ME}`,
      '{ me { id isAdmin } }',
      getIntrospectionQuery(),
      SIGN_OUT.replace('result', 'other'),
    ]
    for (const query of others) {
      expectRefused(await post(only(), { query }, token))
      expectRefused(await get(only(), { query }, token))
      expectRefused(await post(only(), { query, ...apollo(hash) }, token))
    }
    expect((await post(only(), { documentId: hash }, token)).body.data.me).not.toBeNull()
  })

  it('the allow-list asks for an id where there is neither', async () => {
    for (const body of [{}, { query: '' }, { query: null }, { documentId: null }, { documentId: '' }]) {
      const answer = await post(only(), body)
      expect([answer.status, codeOf(answer)]).toEqual([400, 'PERSISTED_QUERY_ID_REQUIRED'])
    }
  })

  it('the allow-list takes the text of a document that it knows', async () => {
    expect((await post(only(), { query: ME })).body).toEqual({ data: { me: null } })
    expect((await get(only(), { query: ME })).body).toEqual({ data: { me: null } })
    expect((await get(only(), { query: SIGN_OUT })).status).toBe(405)
  })

  it('the allow-list serves no GraphiQL', async () => {
    const { status, text, headers } = await only().request('GET', '/graphql', { headers: { accept: 'text/html' } })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(headers.get('content-type') ?? '').not.toMatch(/html/)
    expect(text).not.toMatch(/graphiql/i)
  })

  it('the allow-list leaves the dialects alone', async () => {
    const email = 'legacy@example.com'
    const registered = await only().post('/auth/register', { name: 'Old Client', email, password: PASSWORD, confirm: PASSWORD })
    expect(registered.status).toBe(201)
    const v1 = await only().post('/v1/auth/login', { email, password: PASSWORD })
    expect((await only().get('/v1/profile', v1.body.token)).body.email).toBe(email)
    const wekan = await only().post('/users/login', { email, password: PASSWORD })
    expect((await only().get('/api/user', wekan.body.token)).body.emails[0].address).toBe(email)
    expect((await only().post('/v1/auth/logout', undefined, v1.body.token)).status).toBe(200)
  })

  it('the allow-list leaves the pages of mails alone', async () => {
    const email = 'forgetful@example.com'
    await only().post('/auth/register', { name: 'Forgetful', email, password: PASSWORD, confirm: PASSWORD })
    await only().post('/v1/security/forget-password', { email })
    const input = { token: mailedToken(only(), email), newPassword: 'quite another password' }
    const reset = await post(only(), { query: ofPages('ResetPassword'), variables: { input } })
    expect(reset.body).toEqual({ data: { resetPassword: { __typename: 'ResetPasswordSuccess', ok: true } } })
    const confirmed = await post(only(), { query: ofPages('ConfirmEmail'), variables: { input: { token: 'none' } } })
    expect(confirmed.body.data.confirmEmail).toMatchObject({ code: 'INVALID_MAIL_TOKEN' })
  })

  it('the allow-list has every document of the pages', async () => {
    const folders = ['visitor', 'account', 'admin']
    const texts = folders.flatMap((folder) =>
      Object.values(JSON.parse(readFileSync(`src/web/${folder}/persisted.json`, 'utf8')) as Record<string, string>),
    )
    expect(texts.length).toBeGreaterThan(50)
    for (const query of texts) {
      const { body } = await post(only(), { query })
      expect([query.split('(')[0], body.errors?.[0]?.extensions?.code]).not.toContain('PERSISTED_QUERY_ONLY')
    }
    expect((await post(only(), { query: '{ __typename }' })).body.errors[0].extensions.code).toBe('PERSISTED_QUERY_ONLY')
  })

  it('the allow-list holds against anything in the places of a name: no fault, and nothing runs that is not listed', async () => {
    const listed = [ME, USER, TWO, SIGN_IN, SIGN_UP, SIGN_OUT]
    const words = fc.constantFrom(
      '',
      hash,
      `sha256:${hash}`,
      '__proto__',
      '{ __typename }',
      ME,
      TWO,
      'First',
      `__PERSISTED_OPERATION_${hash}__`,
    )
    const value = fc.oneof(words, fc.string(), fc.jsonValue({ maxDepth: 2 }))
    const extensions = fc.oneof(
      value,
      fc.record({ persistedQuery: fc.oneof(value, fc.record({ version: fc.oneof(fc.constant(1), value), sha256Hash: value })) }),
    )
    const anything = { query: value, documentId: value, id: value, extensions, operationName: value, variables: value }
    const body: fc.Arbitrary<Partial<Record<keyof typeof anything, unknown>>> = fc.oneof(
      fc.record(anything, { requiredKeys: [] }),
      fc.record({ query: words, operationName: fc.constantFrom(undefined, 'First') }),
      fc.record({ documentId: words, query: fc.constantFrom(undefined, null, '', '{ __typename }') }),
      fc.record({ extensions, query: fc.constantFrom(undefined, '{ __typename }') }),
    )
    const count = { answered: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const { status, body: answer } = await post(only(), sent)
        expect(status).toBeLessThan(500)
        const isAnswered = answer?.data !== undefined
        count[isAnswered ? 'answered' : 'refused'] += 1
        if (!isAnswered) return
        const ids = [
          sent.documentId,
          sent.id,
          (sent.extensions as ReturnType<typeof apollo>['extensions'] | undefined)?.persistedQuery?.sha256Hash,
        ]
        const named = [sent.query, ...ids].filter((text) => typeof text === 'string')
        expect(named.some((text) => listed.some((document) => text === document || text.endsWith(sha256(document))))).toBe(true)
      }),
      { numRuns: runs(50, 150) },
    )
    expect(count.answered).toBeGreaterThan(0)
    expect(count.refused).toBeGreaterThan(0)
  })
})
