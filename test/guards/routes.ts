/**
 * Every route that the settings switch on, read from the dialects' own tables, so that a new row is covered by itself. For
 * each: a body that its document prints, what its document says of each field, and how its dialect says what went wrong.
 */
import { expect } from 'vitest'
import type * as z from 'zod'
import { type Config, readConfig } from '../../src/config.ts'
import type { Method } from '../../src/rest/dialect.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { PASSWORD, unique } from '../support/accounts.ts'
import type { Answer } from '../support/world.ts'

export interface Route {
  /** `METHOD path`, as the contract prints it. */
  readonly name: string
  readonly method: Method
  /** With `:id` for a parameter. */
  readonly path: string
  /** The path below which the dialect answers, and so its error body. */
  readonly mount: string
  /** Whose session it asks for: nobody's, anybody's, or that of one who is allowed more. */
  readonly who: 'anyone' | 'session' | 'some'
  readonly fields: readonly string[]
  readonly takesBody: boolean
  readonly takesForms: boolean
}

const fieldsOf = (schema: z.ZodObject | undefined): string[] => Object.keys(schema?.shape ?? {})

/** The routes of `config`, each once although two dialects document it. */
export const routesOf = (config: Config = readConfig({})): Route[] => {
  const rows = enabledDialects(config).flatMap(({ mounts }) =>
    mounts.flatMap(({ path, acceptsForms, rows: ofMount }) => ofMount.map((row) => ({ ...row, mount: path, takesForms: acceptsForms }))),
  )
  const routes = rows.map(({ method, path, mount, who, parts: { body }, takesForms }) => ({
    name: `${method} ${path}`,
    method,
    path,
    mount,
    who:
      who === 'anyone' || who === 'registration'
        ? ('anyone' as const)
        : who === 'session' || who === 'interactive' || who === 'step-up'
          ? ('session' as const)
          : ('some' as const),
    fields: fieldsOf(body),
    takesBody: body !== undefined,
    takesForms,
  }))
  return [...new Map(routes.map((route) => [route.name, route])).values()]
}

export const routes = routesOf()
/** Takes a body that can hardly be wrong, and ends the session that asks: its own tests stand with its dialect. */
const TAKES_ANY_BODY = ['POST /users/logout']
export const bodyRoutes = routes.filter(({ takesBody, name }) => takesBody && !TAKES_ANY_BODY.includes(name))
export const idRoutes = routes.filter(({ path }) => path.includes(':'))
export const mounts = [...new Set(routes.map(({ mount }) => mount))]
export const paths = [...new Set(routes.map(({ path }) => path))]

/** What the documents say of each field, as a body that is right but for accounts and tokens that nobody has. */
const samples = (): Readonly<Record<string, string | readonly string[]>> => {
  const number = unique()
  return {
    email: `sample${number}@example.com`,
    username: `sample${number}`,
    name: 'Sample Person',
    firstName: 'Sample',
    lastName: 'Person',
    phone: '01012345678',
    bio: 'Some words',
    password: PASSWORD,
    passwordConfirmation: PASSWORD,
    confirm: PASSWORD,
    oldPassword: 'not the right one',
    loginCode: 'no-such-login-code',
    code: '000000',
    refreshToken: 'no-such-refresh-token',
    token: 'no-such-token',
    action: 'enableLogin',
    all: 'no',
    permissions: [],
  }
}

/** A body for a route with all its fields, other than `code` where a document has it optional. */
export const sampleBody = ({ name, fields }: Route): Record<string, unknown> => {
  const all = samples()
  const unknown = fields.filter((field) => all[field] === undefined)
  if (unknown.length > 0) throw new Error(`${name}: give a sample of ${unknown.join(', ')}`)
  return Object.fromEntries(fields.map((field) => [field, all[field]]))
}

/** The path of a route with an id in it, and the query that its document demands. */
export const urlOf = ({ name, path }: Pick<Route, 'name' | 'path'>, id = 'no-such-id'): string =>
  path.replace(':id', id) + (name.endsWith('/auth/reset-password') ? '?token=no-such-token' : '')

const text = expect.any(String)
type Form = (answer: Answer) => object

/** The error body of each mount, word for word but for the words (contract, sections 2 to 5). */
const forms: Readonly<Record<string, Form>> = {
  '/v1': ({ status, headers, body }) => ({
    statusCode: status,
    message: text,
    request_id: headers.get('x-request-id'),
    ...('errors' in body ? { errors: body.errors } : {}),
  }),
  '/auth': ({ status, body }) => ({
    error: text,
    message: body.error,
    status,
    code: status,
    ...('errors' in body ? { errors: body.errors } : {}),
    ...('loginCode' in body ? { loginCode: text } : {}),
  }),
  '/users': ({ body }) => ({ error: typeof body.error === 'number' ? expect.any(Number) : text, reason: text }),
  '/api': ({ status, body }) => ({
    isClientSafe: true,
    error: typeof body.error === 'number' ? expect.any(Number) : text,
    reason: text,
    message: `${body.reason} [${body.error}]`,
    errorType: 'Meteor.Error',
    statusCode: status,
  }),
  '': ({ headers }) => ({ message: text, request_id: headers.get('x-request-id') }),
}

/** An error of the mount `path` (`''`: outside all), in its own body and with the headers that every error has. */
export const expectError = (mount: string, answer: Answer, status: number | readonly number[]): void => {
  expect([status].flat()).toContain(answer.status)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
  const form = forms[mount]
  if (form === undefined) throw new Error(`say in test/guards/routes.ts what an error of ${mount} looks like`)
  expect(answer.body).toEqual(form(answer))
  if (answer.body.errors !== undefined) {
    expect(answer.status).toBe(400)
    expect(Object.values(answer.body.errors).every((message) => typeof message === 'string')).toBe(true)
  }
  if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
}
