/** Bodies that are read: more bytes than there is room for are 503 in the surface's own body, others go on, and who leaves gives all back. */
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { useWorld } from '../support/world.ts'
import { TRUSTING } from './attempts.ts'
import { head, parseAnswer } from './raw.ts'

const world = useWorld(TRUSTING)

const TEXT = 'Service overloaded, try again later'
/** As many bodies of 99,000 bytes as one client may hold: each takes 100 KiB of its 8 MiB. */
const ONE = 81
const SENT = 99_000

const sockets: Socket[] = []
afterEach(async () => {
  await leave()
})

/** Begins `count` requests from an address, and leaves each body unfinished. */
const hold = async (count: number, address: string) => {
  const bytes = Buffer.alloc(SENT, 'x')
  await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(Number(new URL(world().url).port), '127.0.0.1')
      socket.on('error', () => undefined)
      sockets.push(socket)
      socket.write(head('POST /v1/auth/login', `X-Forwarded-For: ${address}`, 'Content-Type: application/json', 'Content-Length: 101000'))
      await new Promise<void>((resolve) => {
        socket.write(bytes, () => resolve())
      })
    }),
  )
}
const leave = async () => {
  await Promise.all(
    sockets.splice(0).map(async (socket) => {
      if (socket.closed) return
      await new Promise<void>((resolve) => {
        socket.once('close', () => resolve())
        socket.destroy()
      })
    }),
  )
}
const post = async (path: string, address: string, length = 2) =>
  await fetch(world().url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: `{}${' '.repeat(length - 2)}`,
  })
const statusOf = async (address: string, length?: number) => {
  const { status } = await post('/v1/auth/login', address, length)
  return status
}

describe('of one client', () => {
  it.each<[string, (requestId: string) => unknown]>([
    [
      '/graphql',
      () => ({
        errors: [
          {
            message: 'The server has more work than it can do: try again after `retryAfter` seconds.',
            extensions: { code: 'OVERLOADED' },
          },
        ],
      }),
    ],
    ['/v1/auth/login', (requestId) => ({ statusCode: 503, message: TEXT, request_id: requestId })],
    ['/auth/login', () => ({ error: TEXT, message: TEXT, status: 503, code: 503 })],
    ['/users/login', () => ({ error: 503, reason: TEXT })],
    [
      '/api/users',
      () => ({ isClientSafe: true, error: 503, reason: TEXT, message: `${TEXT} [503]`, errorType: 'Meteor.Error', statusCode: 503 }),
    ],
  ])('no more than 8 MiB: %s', async (path, bodyOf) => {
    await hold(ONE, '192.0.2.1')
    await expect.poll(async () => await statusOf('192.0.2.1', 80_000), { timeout: 10_000 }).toBe(503)
    const refused = await post(path, '192.0.2.1', 80_000)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await refused.json()).toEqual(bodyOf(refused.headers.get('x-request-id') ?? ''))
    expect(await statusOf('192.0.2.2', 80_000)).toBe(400)
    expect((await fetch(`${world().url}/healthz`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(200)
  })

  it('all is given back when it leaves, or when a body is whole', async () => {
    await hold(ONE, '192.0.2.3')
    await expect.poll(async () => await statusOf('192.0.2.3', 80_000), { timeout: 10_000 }).toBe(503)
    await leave()
    await expect.poll(async () => await statusOf('192.0.2.3', 80_000), { timeout: 10_000 }).toBe(400)
    for (let count = 0; count < 2 * ONE; count += 1) expect(await statusOf('192.0.2.3', 100_000)).toBe(400)
  })
})

it('the bodies of all clients take no more than 32 MiB: who holds less gets in, and few of who holds most are given up', async () => {
  for (let client = 1; client <= 6; client += 1) await hold(60, `198.51.100.${client}`)
  await expect.poll(async () => await statusOf('198.51.100.1', 100_000), { timeout: 10_000 }).toBe(503)
  expect(await statusOf('198.51.100.200', 100_000)).toBe(400)
  const given: string[] = []
  for (const socket of sockets) {
    socket.on('data', (bytes) => given.push(String(bytes)))
    socket.write(Buffer.alloc(2_000, 'x'))
  }
  await expect.poll(() => given.length, { timeout: 10_000 }).toBe(sockets.length)
  const statuses = given.map((answer) => parseAnswer(answer).status)
  expect(new Set(statuses)).toEqual(new Set([400, 503]))
  const refused = statuses.filter((status) => status === 503).length
  expect(refused).toBeGreaterThan(0)
  expect(refused).toBeLessThan(60)
})
