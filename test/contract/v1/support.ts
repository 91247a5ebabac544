/**
 * What the contract tests of `idiot` and `xiot` share: the one error body of `/v1`, and its requests in one word each.
 */
import { request as httpRequest } from 'node:http'
import { expect } from 'vitest'
import type { Person } from '../../support/accounts.ts'
import type { Answer, World } from '../../support/world.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const ORIGIN = 'https://app.example.com'

/** Any text but the empty one. */
export const someText = expect.stringMatching(/./)
export const aUuid = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
export const aDate = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

const expectHeaders = ({ headers }: Answer): void => {
  expect(headers.get('content-type')).toMatch(/^application\/json; ?charset=utf-8$/i)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
}

/** 200 with exactly this body. */
export const expectOk = (answer: Answer, body: unknown): void => {
  expect(answer.body).toEqual(body)
  expect(answer.status).toBe(200)
  expectHeaders(answer)
}

interface Problem {
  readonly message?: string
  /** The fields at fault, or their texts. */
  readonly errors?: readonly string[] | Readonly<Record<string, unknown>>
  readonly challenge?: string
}

/** An error of `/v1`, whole: the body, its headers, and a challenge with 401 only. */
export const expectProblem = (answer: Answer, status: number, { message, errors, challenge = 'Bearer' }: Problem = {}): void => {
  const texts = Array.isArray(errors) ? Object.fromEntries(errors.map((field) => [field, someText])) : errors
  expect(answer.body).toEqual({
    statusCode: status,
    message: message ?? someText,
    ...(texts === undefined ? {} : { errors: texts }),
    request_id: answer.headers.get('x-request-id'),
  })
  expect(answer.status).toBe(status)
  expectHeaders(answer)
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? challenge : null)
}

export const expectInvalid = (answer: Answer, errors: Problem['errors'] & {}): void =>
  expectProblem(answer, 400, { message: 'Validation errors', errors })

/** 429, and how long to wait. */
export const expectTooMany = (answer: Answer): number => {
  expectProblem(answer, 429)
  const wait = Number(answer.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  return wait
}

/** Signs in through `/v1`. */
export const enter = async (world: World, { email, password }: Pick<Person, 'email' | 'password'>): Promise<Answer['body']> => {
  const { body, status } = await world.post('/v1/auth/login', { email, password })
  if (status !== 200) throw new Error(`sign-in failed: ${JSON.stringify(body)}`)
  return body
}

/** The code that the first half of a two-factor sign-in answers with. */
export const loginCodeOf = async (world: World, who: Pick<Person, 'email' | 'password'>): Promise<string> =>
  (await enter(world, who)).loginCode

/** Asks for a reset mail and takes the token out of it. */
export const resetTokenOf = async (world: World, { email }: Pick<Person, 'email'>): Promise<string> => {
  const { status } = await world.post('/v1/security/forget-password', { email })
  const token = /#token=([\w-]+)/.exec(world.mails.at(-1)?.text ?? '')?.[1]
  if (status !== 200 || token === undefined) throw new Error('no reset mail')
  return token
}

export const disable = async (world: World, id: string, byToken: string): Promise<void> => {
  const { status } = await world.put(`/api/users/${id}`, { action: 'disableLogin' }, byToken)
  if (status !== 200) throw new Error('the account was not disabled')
}

/** Registers through `wekan`; its token lives 90 days. */
export const wekanPerson = async (world: World, body: Record<string, unknown>): Promise<{ id: string; token: string }> =>
  (await world.post('/users/register', body)).body

/** A request that `fetch` would not make: a body on GET, a `Host` of one's own. */
export const rawRequest = async (
  world: World,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number | undefined; text: string }> =>
  await new Promise((resolve, reject) => {
    const sent = httpRequest(world.url + path, { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.once('end', () => resolve({ status: answer.statusCode, text }))
    })
    sent.once('error', reject).end(body)
  })
