/** A server whose database takes long to open: it answers at once, that it is not ready, in the form of each surface. */
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/postgresServer.ts'
import { killAll, startProgram } from '../support/program.ts'

const ORIGIN = 'https://app.example.com'
const TEXT = 'Service unavailable, try again later'
const ID = expect.stringMatching(/^[\da-f]{24}$/)

let directory: string
let silent: Server
let base: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-starting-'))
  silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const port = await freePort()
  base = `http://127.0.0.1:${port}`
  startProgram(directory, {
    PORT: String(port),
    DATABASE_URL: `postgresql://nobody@127.0.0.1:${(silent.address() as AddressInfo).port}/nothing`,
    DATABASE_CONNECT_TIMEOUT: '60s',
    DATABASE_POOL_TIMEOUT: '60s',
    SECRET_KEY: 'the-secret-key-of-this-test-is-long-enough',
    CORS_ORIGINS: ORIGIN,
  })
  const isAlive = async (): Promise<boolean> =>
    await fetch(`${base}/healthz`).then(
      ({ status }) => status === 200,
      () => false,
    )
  while (!(await isAlive())) await sleep(20)
})

afterAll(async () => {
  await killAll()
  silent.close()
  rmSync(directory, { recursive: true, force: true })
})

test.each<[string, string, string, unknown]>([
  ['xiot', 'GET', '/v1/profile', { statusCode: 503, message: TEXT, request_id: ID }],
  ['idiot', 'POST', '/v1/users', { statusCode: 503, message: TEXT, request_id: ID }],
  ['no route of /v1', 'GET', '/v1/nothing', { statusCode: 503, message: TEXT, request_id: ID }],
  ['authentication', 'POST', '/auth/login', { error: TEXT, message: TEXT, status: 503, code: 503 }],
  ['wekan, sign-in', 'POST', '/users/login', { error: 503, reason: TEXT }],
  [
    'wekan',
    'GET',
    '/api/user',
    { isClientSafe: true, error: 503, reason: TEXT, message: `${TEXT} [503]`, errorType: 'Meteor.Error', statusCode: 503 },
  ],
  [
    'graphql',
    'POST',
    '/graphql',
    {
      errors: [
        {
          message: 'The server is starting: try again after `retryAfter` seconds.',
          extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 2 },
        },
      ],
    },
  ],
  ['readiness', 'GET', '/readyz', { message: 'Starting', request_id: ID }],
  ['any other page', 'GET', '/reset-password', { message: 'Starting', request_id: ID }],
])('a server that is starting answers %s by 503 in its form', async (_surface, method, path, body) => {
  const sent = method === 'POST' ? { body: '{}' } : {}
  const answer = await fetch(base + path, { method, headers: { origin: ORIGIN, 'content-type': 'application/json' }, ...sent })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
  expect(await answer.json()).toEqual(body)
  expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
})

test('a server that is starting answers the preflight of a page, which may then read the answer', async () => {
  const headers = { origin: ORIGIN, 'access-control-request-method': 'POST' }
  const answer = await fetch(`${base}/auth/login`, { method: 'OPTIONS', headers })
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, ORIGIN])
})
