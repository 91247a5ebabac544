/**
 * The places of client names, filled by somebody without an account through a route that answers everybody with success. Clients
 * of accounts keep theirs.
 */
import { expect, it } from 'vitest'
import { PASSWORD, person } from './support/accounts.ts'
import { restoreTimeAfterwards } from './support/clock.ts'
import { openTestDatabase } from './support/database.ts'
import { openWorld, type World } from './support/world.ts'

/** Names of clients that anybody may fill, a day and dialect. */
const UNPROVEN_CLIENTS = 100

restoreTimeAfterwards()

const MADE_UP = 110

/** Each of these succeeds, whoever sends it. */
const flood = async (world: World): Promise<void> => {
  for (let start = 0; start < MADE_UP; start += 10) {
    const send = async (_: unknown, index: number) => {
      const json = { email: `nobody${start + index}@example.com` }
      const { status } = await world.request('POST', '/auth/forgot-password', {
        json,
        headers: { 'user-agent': `made up ${start + index}` },
      })
      expect(status).toBe(200)
    }
    await Promise.all(Array.from({ length: 10 }, send))
  }
}

it('who has no account takes some of them, and none from who has', async () => {
  const db = await openTestDatabase()
  const world = await openWorld({}, { db })
  const { email } = await person(world)
  await flood(world)
  const headers = { 'user-agent': 'genuine/1.0' }
  const { tokens } = (await world.request('POST', '/auth/login', { json: { email, password: PASSWORD }, headers })).body
  const welcomed = { token: tokens.access.token, headers: { 'user-agent': 'genuine/2.0' } }
  expect((await world.request('POST', '/auth', welcomed)).status).toBe(200)
  await world.close()
  const rows = await db.client.dialectUse.findMany({ where: { dialect: 'authentication' } })
  const reported = rows.filter(({ client }) => client.startsWith('genuine')).map(({ client, route }) => `${client} ${route}`)
  expect(reported.sort()).toEqual(['genuine/1.0 POST /auth/login', 'genuine/2.0 POST /auth'])
  const madeUp = new Set(rows.map(({ client }) => client).filter((client) => client.startsWith('made up')))
  expect(madeUp.size).toBeGreaterThan(0)
  expect(madeUp.size).toBeLessThanOrEqual(UNPROVEN_CLIENTS)
  expect(rows.reduce((sum, { requests }) => sum + Number(requests), 0)).toBe(MADE_UP + 2)
  await db.close()
}, 60_000)
