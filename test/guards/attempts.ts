/**
 * Attempts at sign-in over every surface, and what each surface says when they are too many.
 */
import { expect } from 'vitest'
import type { Answer, Send, World } from '../support/world.ts'
import { expectError } from './routes.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const TRUSTING = { TRUSTED_PROXIES: 'loopback' }
export const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
export const WRONG = 'not the right one'

export const ask = async (world: World, method: string, path: string, json: unknown, { headers = {}, token }: Send = {}) =>
  await world.request(method, path, { json, token, headers: { 'content-type': 'application/json', ...headers } })
export const graphql = async (world: World, name: string, input: object, send: Send = {}) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const query = `mutation($input: ${type}!) { result: ${name}(input: $input) { __typename ... on Error { code ... on RateLimitError { retryAfter } } } }`
  return await ask(world, 'POST', '/graphql', { query, variables: { input } }, send)
}

/** Refused for too many: 429 with `Retry-After` in the dialect's own body, or the typed failure of GraphQL. Returns the seconds. */
export const expectTooMany = (mount: string, answer: Answer): number => {
  if (mount === '/graphql') {
    expect(answer.body.data.result).toMatchObject({ __typename: 'RateLimitError', code: 'TOO_MANY_REQUESTS' })
    const { retryAfter } = answer.body.data.result
    expect(retryAfter).toBeGreaterThanOrEqual(1)
    return retryAfter
  }
  expectError(mount, answer, 429)
  if (mount === '/users') {
    expect(answer.body).toEqual({ error: 'too-many-requests', reason: 'Too many failed login attempts. Try again later.' })
  }
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  return Number(answer.headers.get('retry-after'))
}

export interface Way {
  readonly name: string
  readonly mount: string
  readonly attempt: (world: World, identifier: string, password: string, send?: Send) => Promise<Answer>
}
/** Every sign-in by a password. */
export const signIns: readonly Way[] = [
  {
    name: '/users/login by username',
    mount: '/users',
    attempt: (w, username, password, send) => ask(w, 'POST', '/users/login', { username, password }, send),
  },
  {
    name: '/users/login by e-mail',
    mount: '/users',
    attempt: (w, email, password, send) => ask(w, 'POST', '/users/login', { email, password }, send),
  },
  {
    name: '/v1/auth/login',
    mount: '/v1',
    attempt: (w, email, password, send) => ask(w, 'POST', '/v1/auth/login', { email, password }, send),
  },
  { name: '/auth/login', mount: '/auth', attempt: (w, email, password, send) => ask(w, 'POST', '/auth/login', { email, password }, send) },
  { name: 'signIn', mount: '/graphql', attempt: (w, identifier, password, send) => graphql(w, 'signIn', { identifier, password }, send) },
]
export const wrong = async (world: World, identifier: string, count: number, send?: Send, ways = signIns) => {
  for (let tried = 0; tried < count; tried += 1) {
    const way = ways[tried % ways.length] as Way
    const answer = await way.attempt(world, identifier, WRONG, send)
    if (way.mount === '/graphql') expect(answer.body.data.result.code).toBe('BAD_CREDENTIALS')
    else expect([way.name, answer.status]).toEqual([way.name, 401])
  }
}
export const succeeds = ({ mount }: Way, { status, body }: Answer) =>
  mount === '/graphql' ? expect(body.data.result.__typename).toBe('SignInSuccess') : expect(status).toBe(200)
export const everyWayIsShut = async (world: World, identifier: string, password: string, send?: Send) => {
  for (const way of signIns) expectTooMany(way.mount, await way.attempt(world, identifier, password, send))
}
