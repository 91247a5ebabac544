/** More under way than LIMIT_REQUESTS: 503 with a time to come again, in the surface's own body; probes and pages go on. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { unique } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld({ LIMIT_REQUESTS: '1' }, { realHashes: true })

const TEXT = 'Service overloaded, try again later'

it.each<[string, string, string, (requestId: string) => unknown]>([
  [
    'POST',
    '/graphql',
    'application/json',
    () => ({
      errors: [
        {
          message: 'The server has more work than it can do: try again after `retryAfter` seconds.',
          extensions: { code: 'OVERLOADED' },
        },
      ],
    }),
  ],
  ['GET', '/v1/profile', '', (requestId) => ({ statusCode: 503, message: TEXT, request_id: requestId })],
  ['POST', '/auth/login', 'application/json', () => ({ error: TEXT, message: TEXT, status: 503, code: 503 })],
  ['POST', '/users/login', 'application/json', () => ({ error: 503, reason: TEXT })],
  [
    'GET',
    '/api/user',
    '',
    () => ({ isClientSafe: true, error: 503, reason: TEXT, message: `${TEXT} [503]`, errorType: 'Meteor.Error', statusCode: 503 }),
  ],
])('%s %s', async (method, path, type, bodyOf) => {
  const ask = async () =>
    await fetch(world().url + path, {
      method,
      ...(type === '' ? {} : { headers: { 'content-type': type }, body: '{"query":"{ __typename }"}' }),
    })
  const hold = () =>
    fetch(`${world().url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // Another name each time: one that was wrong too often would be refused before its hash.
      body: JSON.stringify({ email: `nobody-${unique()}@example.com`, password: 'a wrong one' }),
    })
  let refused: Response | undefined
  for (let round = 0; round < 30 && refused === undefined; round += 1) {
    const held = hold()
    // By then its hash is computed, which takes longer than that.
    await delay(5 + round)
    const answers = await Promise.all(Array.from({ length: 8 }, ask))
    await held
    refused = answers.find(({ status }) => status === 503)
  }
  if (refused === undefined) throw new Error('nothing was refused beside a sign-in under way')
  expect(refused.headers.get('retry-after')).toBe('2')
  expect(await refused.json()).toEqual(bodyOf(refused.headers.get('x-request-id') ?? ''))
  const probes = await Promise.all([...Array.from({ length: 10 }, ask), fetch(`${world().url}/healthz`), fetch(`${world().url}/readyz`)])
  expect(probes.slice(-2).map(({ status }) => status)).toEqual([200, 200])
  expect((await ask()).status).not.toBe(503)
})
