/**
 * Who still calls what is closed is counted like everybody else: that is how one learns whether a route can go for good.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { adminToken, query } from '../graphql/ask.ts'
import { admin } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'

/** How often counts are written. */
const USAGE_INTERVAL = 60_000

beforeAll(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterAll(() => void vi.useRealTimers())

const world = useWorld({ SWITCHED_OFF: 'wekan:GET /api/user', READ_ONLY: 'wekan' })

it('a request that was answered 410 or 403 is a use that failed', async () => {
  const { token } = await admin(world())
  const headers = { 'user-agent': 'an old client/1.0' }
  for (const [method, path] of [
    ['GET', '/api/user'],
    ['HEAD', '/api/user'],
    ['DELETE', '/api/users/some-id'],
  ] as const)
    await world().request(method, path, { token, headers })
  vi.advanceTimersByTime(USAGE_INTERVAL)
  const document = 'dialectUses(first: 10) { edges { node { route client tokenSurface requests failures } } }'
  const uses = async () => (await query(world(), document, await adminToken(world()))).edges.map(({ node }: { node: object }) => node)
  const reported = { client: headers['user-agent'], tokenSurface: null }
  await expect.poll(uses).toEqual(
    expect.arrayContaining([
      { ...reported, route: 'GET /api/user', requests: 2, failures: 2 },
      { ...reported, route: 'DELETE /api/users/:id', requests: 1, failures: 1 },
    ]),
  )
})
