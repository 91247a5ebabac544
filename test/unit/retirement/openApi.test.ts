/**
 * The OpenAPI documents where dialects are being retired: valid, with nothing left that cannot be answered any more, and word for
 * word the committed ones where nothing is said.
 */
import { describe, expect, it } from 'vitest'
import { type Name, names } from '../../openapi/committed.ts'
import { generated } from '../../openapi/generated.ts'
import { problemsOf } from '../../openapi/problems.ts'
import { at, type JsonObject, operationsOf } from '../../support/openApiDocument.ts'

type Settings = Readonly<Record<string, string>>

const GUIDE = 'https://docs.example.com/leaving-rest'
const ALL = names.join()
const dated = (date: string) => names.map((name) => `${name}=${date}`).join()

/** The operations of a document by `METHOD path`. */
const operations = (document: JsonObject): Record<string, JsonObject> =>
  Object.fromEntries(operationsOf(document).map(({ method, path, operation }) => [`${method} ${path}`, operation]))

const statuses = (operation: JsonObject | undefined): string[] => Object.keys(at(operation, 'responses')).sort()
const headersOf = (operation: JsonObject | undefined, status: string): string[] =>
  Object.keys(at(at(at(operation, 'responses'), status), 'headers'))
const components = (document: JsonObject): string[] => Object.keys(at(at(document, 'components'), 'headers'))

const RETIRING: readonly Settings[] = [
  { DEPRECATION: dated('2026-01-01') },
  { SUNSET: dated('2027-01-31T12:00:00Z'), MIGRATION_GUIDE: GUIDE },
  { READ_ONLY: ALL },
  { READ_ONLY: ALL, WEKAN_ERROR_STATUS: '200' },
  { SWITCHED_OFF: ALL, MIGRATION_GUIDE: GUIDE },
  {
    DEPRECATION: dated('2026-01-01'),
    SUNSET: dated('2027-01-31'),
    MIGRATION_GUIDE: GUIDE,
    READ_ONLY: ALL,
    SWITCHED_OFF: 'wekan:GET /api/user',
  },
  { DIALECTS: 'xiot', XIOT_PREFIX: '/old', SWITCHED_OFF: 'xiot:POST /v1/auth/login', SUNSET: 'xiot:POST /v1/auth/login=2027-01-31' },
]

describe.each(RETIRING)('%j', (settings) => {
  const served = names.filter((name) => settings.DIALECTS === undefined || settings.DIALECTS === name)

  it.each(served)('%s is a sound document', async (name) => {
    expect(await problemsOf(generated(name, settings))).toEqual([])
  })

  it.each(served)('%s has the operations and parameters that it ever had', (name) => {
    const { DIALECTS, XIOT_PREFIX, WEKAN_ERROR_STATUS } = settings
    const base = Object.fromEntries(
      Object.entries({ DIALECTS, XIOT_PREFIX, WEKAN_ERROR_STATUS }).filter(([, value]) => value !== undefined),
    )
    const asked = (document: JsonObject) =>
      Object.entries(operations(document)).map(([route, { operationId, summary, parameters, requestBody, security }]) => ({
        route,
        operationId,
        summary,
        parameters,
        requestBody,
        security,
      }))
    expect(asked(generated(name, settings))).toEqual(asked(generated(name, base as Settings)))
  })
})

describe('an operation that is deprecated', () => {
  const settings = {
    DEPRECATION: 'idiot=2026-01-01,wekan:GET /api/user=2026-02-01',
    SUNSET: 'idiot:GET /v1/users=2027-01-31',
    MIGRATION_GUIDE: GUIDE,
  }

  it('an operation that is deprecated says so, and why, and where to read on', () => {
    const found = operations(generated('idiot', settings))
    expect(found['GET /v1/users']).toMatchObject({
      deprecated: true,
      description: 'Deprecated as of 2026-01-01T00:00:00.000Z. To be switched off on 2027-01-31T00:00:00.000Z.',
      externalDocs: { url: GUIDE },
    })
    expect(found['POST /v1/users']).toMatchObject({ deprecated: true, description: 'Deprecated as of 2026-01-01T00:00:00.000Z.' })
    const other = Object.entries(operations(generated('wekan', settings))).filter(([, operation]) => 'deprecated' in operation)
    expect(other.map(([route]) => route)).toEqual(['GET /api/user'])
  })

  it('a shared one only where all agree', () => {
    expect(operations(generated('idiot', settings))['POST /v1/auth/login']).not.toHaveProperty('deprecated')
    const agreed = { DEPRECATION: 'idiot=2026-01-01,xiot=2026-02-01' }
    for (const name of ['idiot', 'xiot'] as const)
      expect(operations(generated(name, agreed))['POST /v1/auth/login']).toMatchObject({ deprecated: true })
  })

  it('lists its headers with each answer, and only its own', () => {
    const document = generated('idiot', settings)
    const found = operations(document)
    for (const status of statuses(found['GET /v1/users']).filter((one) => one !== 'default'))
      expect(headersOf(found['GET /v1/users'], status)).toEqual(expect.arrayContaining(['X-Request-Id', 'Deprecation', 'Sunset', 'Link']))
    expect(headersOf(found['POST /v1/users'], '200')).toEqual(['X-Request-Id', 'Cache-Control', 'Deprecation', 'Link'])
    expect(headersOf(found['POST /v1/auth/login'], '200')).toEqual(['X-Request-Id', 'Cache-Control'])
    expect(components(document)).toEqual([
      'X-Request-Id',
      'Cache-Control',
      'WWW-Authenticate',
      'Retry-After',
      'Deprecation',
      'Sunset',
      'Link',
    ])
    for (const name of ['Deprecation', 'Sunset', 'Link'])
      expect(at(at(at(document, 'components'), 'headers'), name)).toMatchObject({ required: true, schema: { type: 'string' } })
  })
})

describe('an operation that is closed', () => {
  it.each(names)('%s: lists 410 alone where it is switched off', (name) => {
    for (const [route, operation] of Object.entries(operations(generated(name, { SWITCHED_OFF: ALL, READ_ONLY: ALL })))) {
      expect([route, statuses(operation)]).toEqual([route, ['410']])
      expect(operation.description).toMatch(/Switched off\.$/)
      expect(operation).not.toHaveProperty('deprecated')
    }
    expect(components(generated(name, { SWITCHED_OFF: ALL }))).toEqual(['X-Request-Id', 'Cache-Control'])
  })

  it.each(names)('%s: lists 403 and 410 where it is read-only, and all its answers where it is not', (name) => {
    const [open, closed] = [operations(generated(name)), operations(generated(name, { READ_ONLY: ALL }))]
    const changing = Object.keys(open).filter((route) => JSON.stringify(open[route]).includes('"read-only"'))
    expect(changing.length).toBeGreaterThan(0)
    for (const route of Object.keys(open)) {
      if (changing.includes(route)) expect([route, statuses(closed[route])]).toEqual([route, ['403', '410']])
      else expect(closed[route]).toEqual(open[route])
    }
  })

  it('an operation that is closed says 200 where wekan hides its errors so', () => {
    const found = operations(generated('wekan', { READ_ONLY: 'wekan', WEKAN_ERROR_STATUS: '200' }))
    expect(statuses(found['DELETE /api/users/{id}'])).toEqual(['200', '410'])
    expect(JSON.stringify(at(at(found['DELETE /api/users/{id}'], 'responses'), '200'))).not.toContain('deleted')
    expect(statuses(found['POST /users/register'])).toEqual(['403', '410'])
  })
})

describe('where nothing is said', () => {
  it.each<[Name, Settings]>([
    ['idiot', { MIGRATION_GUIDE: GUIDE }],
    ['wekan', { SWITCHED_OFF: 'idiot,authentication', DEPRECATION: 'xiot=2026-01-01' }],
    ['xiot', { READ_ONLY: 'idiot', SWITCHED_OFF: 'idiot' }],
    ['authentication', { READ_ONLY: 'wekan:PUT /api/users/{id}' }],
  ])('the document of %s is the same: %j', (name, settings) => {
    expect(generated(name, settings)).toEqual(generated(name))
  })
})
