/**
 * Nothing is missing: every documented route has exactly one row, every row fits the schema and asks for at least what its
 * operation does, every error code has a form everywhere, and every operation says who may.
 */
import {
  type DocumentNode,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  validate,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type OperationName, operations, operationOf as rowOf } from '../../src/domain/access/operationTable.ts'
import { isAtLeast, type Requirement, requirements } from '../../src/domain/access/requirements.ts'
import { type ErrorCode, errorCodes } from '../../src/domain/base/errors.ts'
import { rootFieldOf } from '../../src/graphql/checkDocument.ts'
import { errorTypeOf } from '../../src/graphql/errorTypes.ts'
import { schema } from '../../src/graphql/schema.ts'
import { type FailureView, type Mount, type ReplyContext, type Row, withInstead } from '../../src/rest/dialect.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { formProblems } from '../../src/rest/loading/forms.ts'
import { overlap } from '../../src/rest/paths.ts'
import { placesOf } from '../../src/rest/routing.ts'
import { operationProblems } from '../../src/server/readDialects.ts'

const DOCUMENTED = {
  idiot: ['POST /v1/users', 'GET /v1/users', 'GET /v1/users/:id', 'DELETE /v1/users/:id', 'POST /v1/auth/login', 'POST /v1/auth/logout'],
  wekan: [
    'POST /users/register',
    'POST /users/login',
    'POST /api/users',
    'GET /api/users',
    'GET /api/users/:id',
    'DELETE /api/users/:id',
    'PUT /api/users/:id',
    'GET /api/user',
  ],
  xiot: [
    'POST /v1/auth/signup',
    'POST /v1/auth/login',
    'POST /v1/auth/verify-totp',
    'GET /v1/profile',
    'PUT /v1/profile',
    'PUT /v1/security/change-password',
    'POST /v1/security/forget-password',
    'POST /v1/security/twofactor-enable',
    'POST /v1/security/twofactor-disable',
    'PUT /v1/account/change-email',
  ],
  authentication: [
    'POST /auth',
    'POST /auth/register',
    'POST /auth/login',
    'POST /auth/logout',
    'POST /auth/refresh-tokens',
    'POST /auth/reset-password',
  ],
}
/** Ours, in a dialect's spelling (contract, sections 3 to 5). */
const OURS = ['POST /users/logout', 'POST /v1/security/reset-password', 'POST /auth/forgot-password']

const dialects = enabledDialects(readConfig({}))
const mounts = dialects.flatMap((dialect) => dialect.mounts)
const rowsOf = (own: readonly Mount[]): readonly Row[] => own.flatMap(({ rows }) => rows)
const rows = rowsOf(mounts)
const isDocumented = ({ texts }: Row): boolean => texts.documented !== false
const nameOf = ({ method, path }: Row) => `${method} ${path}`
const distinct = [...new Set(Object.values(DOCUMENTED).flat())]

describe('prefixes that would make routes meet', () => {
  it.each([{ WEKAN_PREFIX: '/v1' }, { AUTHENTICATION_PREFIX: '/api' }, { AUTHENTICATION_PREFIX: '/v1' }, { XIOT_PREFIX: '/graphql' }])(
    '%j are refused',
    (env) => {
      expect(() => enabledDialects(readConfig(env))).toThrow(/_PREFIX: puts .* where .* is/)
    },
  )

  it('the dialects of /v1 may share it, or be kept apart', () => {
    for (const env of [{}, { IDIOT_PREFIX: '/old' }, { IDIOT_PREFIX: '/old', XIOT_PREFIX: '/old' }])
      expect(enabledDialects(readConfig(env))).toHaveLength(4)
  })
})

describe('routes', () => {
  it('routes are 30 in the documents, 29 of them distinct', () => {
    expect(Object.values(DOCUMENTED).flat()).toHaveLength(30)
    expect(distinct).toHaveLength(29)
  })

  it.each(Object.entries(DOCUMENTED))('routes of %s: those of its document, no other', (name, documented) => {
    const own = rowsOf(dialects.find((dialect) => dialect.name === name)?.mounts ?? [])
    expect(own.filter(isDocumented).map(nameOf).sort()).toEqual([...documented].sort())
  })

  it.each(distinct)('%s has exactly one row', (route) => {
    const found = rows.filter((row) => nameOf(row) === route && isDocumented(row))
    expect(new Set(found.map(({ prepare }) => prepare)).size).toBe(1)
    const [method = '', path = ''] = route.split(' ')
    expect(placesOf(dialects).get(path)?.get(method)?.row.prepare).toBe(found[0]?.prepare)
  })

  it('routes that no document has are marked so', () => {
    expect(
      rows
        .filter(({ texts }) => texts.documented === false)
        .map(nameOf)
        .sort(),
    ).toEqual([...OURS].sort())
  })

  it('stand below their mounts', () => {
    for (const mount of mounts)
      for (const { path } of mount.rows) expect(path === mount.path || path.startsWith(`${mount.path}/`) || path === '/api/user').toBe(true)
  })

  it('routes do not collide, not even where one has a parameter', () => {
    const paths = [...new Set(rows.map(({ path }) => path))]
    const matching = (path: string) => paths.filter((other) => new RegExp(`^${other.replace(/:\w+/g, '[^/]+')}$`).test(path))
    // A request to any of the paths, with something in the place of its parameter, reaches that one alone.
    for (const path of paths) expect(matching(path.replace(/:\w+/g, 'something'))).toEqual([path])
    expect(() => placesOf(dialects)).not.toThrow()
  })

  it.each([
    ['/people/:id', '/people/:nr', true],
    ['/people/:id', '/people/me', true],
    ['/people/me', '/people/me', true],
    ['/:kind/me', '/people/:id', true],
    ['/people/you', '/people/me', false],
    ['/people/:id', '/people', false],
    ['/people/:id', '/people/:id/mails', false],
    ['/people/:id', '/places/:id', false],
  ])('%s and %s meet: %j', (one, other, meet) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([meet, meet])
  })

  it('routes that are claimed twice are refused', () => {
    const [first] = dialects
    if (first === undefined) throw new Error('no dialect')
    const twice = {
      ...first,
      mounts: first.mounts.map((mount) => ({ ...mount, rows: mount.rows.map((row) => ({ ...row, prepare: row.prepare.bind(row) })) })),
    }
    expect(() => placesOf([first, twice as typeof first])).toThrow(/claimed twice/)
  })

  it('follow the prefixes of the settings, and go when their dialect is off', () => {
    const moved = enabledDialects(readConfig({ WEKAN_PREFIX: '/boards', DIALECTS: 'wekan' }))
    expect(
      rowsOf(moved.flatMap((dialect) => dialect.mounts))
        .filter(isDocumented)
        .map(nameOf),
    ).toEqual(expect.arrayContaining(DOCUMENTED.wekan.map((route) => route.replace(' ', ' /boards'))))
    expect(moved.map(({ name }) => name)).toEqual(['wekan'])
  })
})

const operationOf = (row: Row): OperationDefinitionNode => {
  const found = (row.document as DocumentNode).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  expect(found).toHaveLength(1)
  return found[0] as OperationDefinitionNode
}

describe.each(rows.flatMap(withInstead).map((row) => [nameOf(row), row] as const))('%s', (_name, row) => {
  it('a row has a document that fits the schema', () => {
    expect(validate(schema, row.document as DocumentNode)).toEqual([])
  })

  it('a row asks for at least what its operation does', () => {
    const field = rootFieldOf(row.document as DocumentNode)
    const asked = operations[field as OperationName].asks
    expect({ who: row.who, asked, enough: isAtLeast(row.who, asked) }).toMatchObject({ enough: true })
  })

  it('a row reads with queries, writes with mutations', () => {
    const reads = ['me', 'user', 'users', 'node'].includes(rootFieldOf(row.document as DocumentNode))
    expect(operationOf(row).operation).toBe(reads ? 'query' : 'mutation')
  })

  it('a row has a parameter schema where its path has parameters, and only there', () => {
    const parameters = [...row.path.matchAll(/:(\w+)/g)].map(([, name]) => name)
    expect(Object.keys(row.parts.params?.shape ?? {})).toEqual(parameters)
  })
})

describe('dialects', () => {
  it('pass every check that one of a file does', () => {
    expect(dialects.flatMap(operationProblems)).toEqual([])
    expect(formProblems(everyMount)).toEqual([])
  })

  it('dialects may ask for more than an operation, and for nothing less', () => {
    const enough = (asked: Requirement) => requirements.filter((who) => isAtLeast(who, asked))
    expect(enough('anyone')).toEqual(requirements)
    expect(enough('registration')).toEqual(['registration'])
    expect(enough('session')).toEqual(requirements.filter((who) => who !== 'anyone' && who !== 'registration'))
    expect(enough('interactive')).toEqual(['interactive', 'step-up', 'admin', 'admin step-up'])
    expect(enough('step-up')).toEqual(['step-up', 'admin step-up'])
    expect(enough('users:read')).toEqual(['admin', 'admin step-up', 'users:read'])
    expect(enough('admin')).toEqual(['admin', 'admin step-up'])
    expect(enough('admin step-up')).toEqual(['admin step-up'])
  })
})

/** The names of the fields of an input, and of the inputs in it. */
const inputFieldsOf = (type: GraphQLInputType): string[] => {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return []
  return Object.values(named.getFields()).flatMap((field) => [field.name, ...inputFieldsOf(field.type)])
}

describe('operations', () => {
  const names = Object.keys(operations) as OperationName[]
  const asked = Object.fromEntries(names.map((name) => [name, operations[name].asks]))
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {}))

  it('operations of the schema all say who may, and nothing else does', () => {
    expect(fields.sort()).toEqual(Object.keys(operations).sort())
  })

  it('operations that anybody may run, that take a secret or make or mail one, run once a request', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
    const takesSecret = mutations.filter(({ args }) =>
      args.some(({ type }) => inputFieldsOf(type).some((name) => /password|code|token/i.test(name))),
    )
    const open = mutations.filter(({ name }) => ['anyone', 'registration'].includes(operations[name as OperationName].asks))
    const wanted = [...takesSecret, ...open].map(({ name }) => name).filter((name) => name !== 'createUser')
    expect([...new Set(wanted), 'changeEmail', 'regenerateRecoveryCodes', 'requestEmailVerification'].sort()).toEqual(
      names.filter((name) => rowOf(name).once).sort(),
    )
  })

  it('operations on other accounts and on keys need what the contract says', () => {
    expect(asked).toMatchObject({
      users: 'users:read',
      user: 'session',
      createUser: 'users:create',
      inviteUser: 'users:create',
      deleteUser: 'users:delete',
      setLoginEnabled: 'admin',
      setAdmin: 'admin step-up',
      setScopes: 'admin step-up',
      resetTwoFactor: 'admin step-up',
      rotateSigningKey: 'admin step-up',
      signingKeys: 'admin',
      waitingMails: 'admin',
      serverStatus: 'admin',
      webhooks: 'admin',
      webhookDeliveries: 'admin',
      createWebhook: 'admin step-up',
      updateWebhook: 'admin step-up',
      deleteWebhook: 'admin step-up',
      rotateWebhookSecret: 'admin step-up',
      redeliverWebhook: 'admin step-up',
    })
  })
})

const codes = Object.keys(errorCodes) as ErrorCode[]
const context: ReplyContext = { requestId: 'the-request', params: { id: 'the-id' }, method: 'GET' }
const failureOf = (code: ErrorCode): FailureView => ({
  code,
  message: 'what happened',
  fieldErrors: [{ field: 'email', message: 'is wrong' }],
  retryAfter: 7,
  loginCode: 'the-login-code',
})
const everyMount = [...mounts, ...enabledDialects(readConfig({ WEKAN_ERROR_STATUS: '200' })).flatMap((dialect) => dialect.mounts)]
const expectForm = ({ status, body }: { status: number; body: unknown }) => {
  expect(Number.isInteger(status) && status >= 200 && status <= 599).toBe(true)
  expect(typeof body === 'object' && body !== null).toBe(true)
  expect(JSON.parse(JSON.stringify(body))).toEqual(body)
}

describe('error codes', () => {
  it.each(codes)('%s has a form in every mount, and a type in GraphQL', (code) => {
    for (const { errors, rows: own } of everyMount) {
      expectForm(errors.failures[code](failureOf(code), context))
      for (const { failures } of own) if (failures?.[code] !== undefined) expectForm(failures[code](failureOf(code), context))
    }
    expect(schema.getType(errorTypeOf[code])?.toString()).toBe(errorTypeOf[code])
  })

  it('error codes are those of the schema', () => {
    const type = schema.getType('ErrorCode') as unknown as { getValues(): { name: string }[] }
    expect(
      type
        .getValues()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...codes].sort())
    expect(Object.keys(errorTypeOf).sort()).toEqual([...codes].sort())
  })

  const statuses: Partial<Record<ErrorCode, number>> = {
    INVALID_INPUT: 400,
    EMAIL_TAKEN: 400,
    USERNAME_TAKEN: 400,
    UNAUTHENTICATED: 401,
    BAD_CREDENTIALS: 401,
    REAUTHENTICATION_REQUIRED: 401,
    FORBIDDEN: 403,
    ACCOUNT_DISABLED: 403,
    REGISTRATION_CLOSED: 403,
    NOT_FOUND: 404,
    LAST_ADMIN: 400,
    OWN_ACCOUNT: 400,
    TOO_MANY_REQUESTS: 429,
    OVERLOADED: 503,
    SERVICE_UNAVAILABLE: 503,
  }
  it.each(Object.entries(statuses))('%s is %d in every mount', (code, status) => {
    for (const { errors, path } of mounts) {
      const form = errors.failures[code as ErrorCode](failureOf(code as ErrorCode), context)
      expect([path, form.status]).toEqual([path, status])
    }
  })

  it.each([400, 403, 404, 405, 410, 413, 415, 500, 503])('what is outside an operation has a form in every mount: %d', (status) => {
    for (const { errors } of mounts) {
      const form = errors.problem(status, 'what happened', context)
      expectForm(form)
      expect(form.status).toBe(status)
    }
  })

  it('invalid input has a form in every mount: 400', () => {
    for (const { errors } of mounts) {
      const form = errors.invalid([{ field: 'email', message: 'is wrong' }], context)
      expectForm(form)
      expect(form.status).toBe(400)
    }
  })
})
