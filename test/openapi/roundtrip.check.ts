/**
 * The committed documents of `idiot` and `authentication`, turned back into Markdown by Widdershins 4, say again what the originals say,
 * thing by thing; and beyond them only what the contract says. Each test of a changed document shows that a change is seen.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../support/openApiDocument.ts'
import { changed, committed } from './committed.ts'
import { type Comparison, compare, type Difference, summaryOf } from './compare.ts'
import { parseMarkdown } from './markdown/parse.ts'
import { type Thing, thingsOf } from './things.ts'
import { markdownOf } from './widdershins.ts'

const originalOf = (file: string): Thing[] => thingsOf(parseMarkdown(readFileSync(new URL(`./originals/${file}`, import.meta.url), 'utf8')))

const originals = { idiot: originalOf('idiot-backend-api.md'), authentication: originalOf('authentication-api.md') }
type Name = keyof typeof originals

const comparisonOf = async (name: Name, document: JsonObject): Promise<Comparison> =>
  compare(originals[name], thingsOf(parseMarkdown(await markdownOf(document))))

/** What is equal, of all that the original says. */
const equal = {
  idiot: {
    document: 1,
    tag: 2,
    operation: 6,
    parameter: 3,
    'body property': 0,
    status: 12,
    'response property': 4,
    'response header': 0,
    schema: 3,
    'schema property': 8,
    'enumerated value': 0,
    example: 9,
    'security requirement': 5,
  },
  authentication: {
    document: 1,
    tag: 1,
    operation: 6,
    parameter: 6,
    'body property': 10,
    status: 12,
    'response property': 5,
    'response header': 0,
    schema: 1,
    'schema property': 3,
    'enumerated value': 0,
    example: 7,
    'security requirement': 6,
  },
}

const SCOPES = 'users:create users:read users:delete sensors:read sensors:update sensors:delete sensors:state:update'

/** What is not equal, and why. */
const differences: Readonly<Record<Name, readonly Difference[]>> = {
  idiot: [
    // The answer has one of two shapes, with a token or with a login code; the original has one shape, in which the token is optional.
    { kind: 'response property', name: 'POST /auth/login 200 token' },
    // The login is open; the scopes that the original prints there are the catalogue (contract, section 2).
    { kind: 'security requirement', name: 'POST /auth/login', aspect: 'authentication', original: 'required', ours: 'none' },
    { kind: 'security requirement', name: 'POST /auth/login', aspect: 'scopes', original: SCOPES, ours: '' },
    // Widdershins shows a sample of the first response that has a schema: the original has none for 200, ours has one.
    { kind: 'example', name: 'POST /auth/logout default' },
  ],
  authentication: [],
}

/** The error statuses of the contract, section 1, with their examples. */
const ERRORS = /^(status|example): \S+ \S+ (400|401|403|404|410|413|415|429|500|503)( #\d+)?$/

/** What every answer carries, and what its status asks for (contract, section 1). */
const HEADERS = /^response header: \S+ \S+ \w+ (X-Request-Id|Cache-Control|WWW-Authenticate|Retry-After)$/

/** What ours says beyond the original. Each line is needed. */
const beyond: Readonly<Record<Name, readonly RegExp[]>> = {
  idiot: [
    ERRORS,
    HEADERS,
    /^parameter: GET \/users query (limit|offset)$/,
    // "No body" of a login means that none was declared.
    /^parameter: POST \/auth\/login body body$/,
    /^body property: POST \/auth\/login body (email|password)$/,
    /^example: POST \/auth\/login body$/,
    // Later versions of the original ask for it, and its front end cannot do without.
    /^(schema property: (User|UserCreate) |response property: .* 200 (\[\]\.)?)permissions$/,
    // The one answer of the login for both dialects of `/v1`, and what it is with a second factor.
    /^example: POST \/auth\/login (200 #2|default)$/,
    /^(schema|example|schema property): (SignedIn|SignedInUser|TwoFactorRequired)\b/,
    // The union of the two documented error bodies of `/v1`.
    /^schema property: Error (statusCode|errors(\.\*\*additionalProperties\*\*)?)$/,
    /^example: POST \/auth\/logout 200$/,
  ],
  authentication: [
    ERRORS,
    HEADERS,
    // A route of ours, without which the link of a reset could not be asked for.
    /^[a-z ]+: POST \/auth\/forgot-password( |$)/,
    // The original declares no schema for these answers.
    /^example: POST \/auth\/(register 201|(login|logout|refresh-tokens|reset-password) 200)$/,
    /^(schema|example|schema property): (Error|SignedIn|Account|Tokens|Token|TwoFactorRequired|Message)\b/,
  ],
}

describe.each(['idiot', 'authentication'] as const)('%s', (name) => {
  it('the document says again what the original says', async () => {
    const comparison = await comparisonOf(name, committed(name))
    process.stdout.write(summaryOf(name, comparison))
    expect(comparison.differences).toEqual(differences[name])
    expect(comparison.equal).toEqual(equal[name])
  })

  it('the document says nothing beyond it but what the contract adds', async () => {
    const { additions } = await comparisonOf(name, committed(name))
    expect(additions.filter((addition) => !beyond[name].some((allowed) => allowed.test(addition)))).toEqual([])
    expect(beyond[name].filter((allowed) => !additions.some((addition) => allowed.test(addition)))).toEqual([])
  })
})

it('the document prints the catalogue of scopes at the login of idiot, as the original does', async () => {
  const { operations } = parseMarkdown(await markdownOf(committed('idiot')))
  const login = operations.find(({ operationId }) => operationId === 'authLogin')
  const catalogue = originals.idiot.find(({ kind, name }) => kind === 'security requirement' && name === 'POST /auth/login')?.says.scopes
  expect(catalogue).toBeTruthy()
  expect(login?.description).toContain(catalogue)
})

type Change = Parameters<typeof changed>[1]
const drop = (object: object | undefined, key: string): void => {
  if (object === undefined || !(key in object)) throw new Error(`${key} is not there`)
  Reflect.deleteProperty(object, key)
}

const changes: readonly (readonly [string, Name, Change, readonly Difference[]])[] = [
  [
    'without an operation',
    'idiot',
    ({ paths }) => drop(paths?.['/users/{id}'], 'delete'),
    [
      { kind: 'operation', name: 'DELETE /users/{id}' },
      { kind: 'parameter', name: 'DELETE /users/{id} path id' },
      { kind: 'status', name: 'DELETE /users/{id} 200' },
      { kind: 'status', name: 'DELETE /users/{id} default' },
      { kind: 'example', name: 'DELETE /users/{id} 200' },
      { kind: 'security requirement', name: 'DELETE /users/{id}' },
    ],
  ],
  [
    'with another operation id',
    'idiot',
    ({ paths }) => Object.assign(paths?.['/users']?.post ?? {}, { operationId: 'addUser' }),
    [
      { kind: 'operation', name: 'POST /users', aspect: 'heading', original: 'createUser', ours: 'addUser' },
      { kind: 'operation', name: 'POST /users', aspect: 'operationId', original: 'createUser', ours: 'addUser' },
    ],
  ],
  [
    'without a status',
    'authentication',
    ({ paths }) => drop(paths?.['/auth/reset-password']?.post?.responses, '401'),
    [{ kind: 'status', name: 'POST /auth/reset-password 401' }],
  ],
  [
    'without the default response beside the statuses',
    'idiot',
    ({ paths }) => drop(paths?.['/users']?.get?.responses, 'default'),
    [{ kind: 'status', name: 'GET /users default' }],
  ],
  [
    'without a property of a body',
    'authentication',
    ({ paths }) => drop(bodyOf(paths?.['/auth/register'])?.properties, 'confirm'),
    [
      { kind: 'body property', name: 'POST /auth/register body confirm' },
      { kind: 'example', name: 'POST /auth/register body', aspect: '.confirm', original: '"string"' },
    ],
  ],
  [
    'with another type of a property',
    'authentication',
    ({ paths }) => Object.assign(bodyOf(paths?.['/auth/login'])?.properties?.email ?? {}, { type: 'integer' }),
    [
      { kind: 'body property', name: 'POST /auth/login body email', aspect: 'type', original: 'string', ours: 'integer' },
      { kind: 'example', name: 'POST /auth/login body', aspect: '.email', original: '"string"', ours: '0' },
    ],
  ],
  [
    'where a property may not be null any more',
    'authentication',
    ({ paths }) => Object.assign(bodyOf(paths?.['/auth/register'])?.properties?.bio ?? {}, { type: 'string' }),
    [{ kind: 'body property', name: 'POST /auth/register body bio', aspect: 'type', original: 'string¦null', ours: 'string' }],
  ],
  [
    'with an optional property that was required',
    'idiot',
    ({ components }) => Object.assign(components?.schemas?.UserCreate ?? {}, { required: ['name', 'email'] }),
    [{ kind: 'schema property', name: 'UserCreate password', aspect: 'required', original: 'true', ours: 'false' }],
  ],
  [
    'with a required property of an answer that was optional',
    'authentication',
    ({ paths }) => Object.assign(answerOf(paths?.['/auth']) ?? {}, { required: ['message'] }),
    [{ kind: 'response property', name: 'POST /auth 200 message', aspect: 'required', original: 'false', ours: 'true' }],
  ],
  [
    'without a parameter',
    'authentication',
    ({ paths }) => drop(paths?.['/auth/reset-password']?.post, 'parameters'),
    [
      {
        kind: 'operation',
        name: 'POST /auth/reset-password',
        aspect: 'url',
        original: '/auth/reset-password?token=string',
        ours: '/auth/reset-password',
      },
      { kind: 'parameter', name: 'POST /auth/reset-password query token' },
    ],
  ],
  [
    'with another description of a parameter',
    'idiot',
    ({ paths }) => Object.assign(paths?.['/users/{id}']?.get?.parameters?.[0] ?? {}, { description: 'an id' }),
    [
      {
        kind: 'parameter',
        name: 'GET /users/{id} path id',
        aspect: 'description',
        original: 'id of user to return',
        ours: 'an id',
      },
    ],
  ],
  [
    'with another schema of an answer',
    'idiot',
    ({ paths }) => Object.assign(paths?.['/users/{id}']?.get?.responses?.default?.content?.['application/json'] ?? {}, { schema: {} }),
    [{ kind: 'status', name: 'GET /users/{id} default', aspect: 'schema', original: 'Error', ours: 'Inline' }],
  ],
  [
    'with another summary',
    'authentication',
    ({ paths }) => Object.assign(paths?.['/auth/logout']?.post ?? {}, { summary: 'Sign out' }),
    [{ kind: 'operation', name: 'POST /auth/logout', aspect: 'summary', original: 'User logout', ours: 'Sign out' }],
  ],
  [
    'with another scope',
    'idiot',
    ({ paths }) => Object.assign(paths?.['/users']?.get ?? {}, { security: [{ BearerAuth: ['users'] }] }),
    [{ kind: 'security requirement', name: 'GET /users', aspect: 'scopes', original: 'users:read', ours: 'users' }],
  ],
  [
    'with an open operation that was not',
    'authentication',
    ({ paths }) => Object.assign(paths?.['/auth']?.post ?? {}, { security: [] }),
    [
      { kind: 'operation', name: 'POST /auth', aspect: 'header Authorization: Bearer {access-token}', original: 'sent' },
      { kind: 'security requirement', name: 'POST /auth', aspect: 'authentication', original: 'required', ours: 'none' },
      { kind: 'security requirement', name: 'POST /auth', aspect: 'schemes', original: 'BearerAuth', ours: '' },
    ],
  ],
  [
    'with another example',
    'idiot',
    ({ components }) => Object.assign(components?.schemas?.UserCreate?.properties?.password ?? {}, { example: 'secret' }),
    ['POST /users body', 'UserCreate schema'].map((name) => ({
      kind: 'example' as const,
      name,
      aspect: '.password',
      original: '"DWD21378udh#g3@#d"',
      ours: '"secret"',
    })),
  ],
  [
    'below another server',
    'idiot',
    (document) => Object.assign(document, { servers: [{ url: '/v2' }] }),
    [
      { kind: 'document', name: 'document', aspect: 'servers', original: '/v1', ours: '/v2' },
      ...['POST /users', 'GET /users', 'GET /users/{id}', 'DELETE /users/{id}', 'POST /auth/login', 'POST /auth/logout'].map((name) => {
        const path = name.slice(name.indexOf(' ') + 1)
        return { kind: 'operation' as const, name, aspect: 'url', original: `/v1${path}`, ours: `/v2${path}` }
      }),
    ],
  ],
]

type Node = Parameters<Change>[0] | undefined
const bodyOf = (path: Node): Node => path?.post?.requestBody?.content?.['application/json']?.schema
const answerOf = (path: Node): Node => path?.post?.responses?.['200']?.content?.['application/json']?.schema

/** `toEqual` takes no order for given; differences come in the order of the original. */
const inOrder = (all: readonly Difference[]): string[] => all.map((one) => JSON.stringify(one, Object.keys(one).sort())).sort()

it.each(changes)('a document %s differs from the original of %s', async (_what, name, change, expected) => {
  const comparison = await comparisonOf(name, changed(committed(name), change))
  expect(inOrder(comparison.differences)).toEqual(inOrder([...differences[name], ...expected]))
})

it('a document that narrows a field to a list of values says something beyond the original', async () => {
  const narrowed = changed(committed('authentication'), ({ paths }) => {
    Object.assign(bodyOf(paths?.['/auth/logout'])?.properties?.refreshToken ?? {}, { enum: ['string'] })
  })
  const { additions } = await comparisonOf('authentication', narrowed)
  const unforeseen = additions.filter((addition) => !beyond.authentication.some((allowed) => allowed.test(addition)))
  expect(unforeseen).toEqual(['enumerated value: POST /auth/logout refreshToken string'])
})
