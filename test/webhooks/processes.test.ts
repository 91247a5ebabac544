/** Webhooks of several processes on one PostgreSQL: each event once, in the exact order, also when a process dies. */
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { silent } from '../../src/tools/silent.ts'
import { admin } from '../support/accounts.ts'
import { restoreTimeAfterwards } from '../support/clock.ts'
import { createPostgresDatabase, type PostgresDatabase, root } from '../support/database.ts'
import { openWorld, type World } from '../support/world.ts'
import { advance, closeReceiversAfterwards, createWebhook, deliveriesOf, inOrder, LOCAL, receiver, rotateKey } from './support.ts'

restoreTimeAfterwards()
closeReceiversAfterwards()
let database: PostgresDatabase
const opened: { close(): Promise<void> }[] = []

/** A process of its own, with connections of its own. */
const open = async (): Promise<World> => {
  const db = await openDatabase({ dataDir: '/nowhere', root, log: silent, url: database.url })
  // Longer than a test takes.
  const world = await openWorld({ ...LOCAL, WEBHOOK_TIMEOUT: '10s' }, { db })
  opened.push(world, db)
  return world
}
let one: World
let other: World
beforeAll(async () => {
  database = await createPostgresDatabase()
  one = await open()
  await admin(one)
  other = await open()
})
afterAll(async () => {
  for (const each of opened) await each.close()
  await database.drop()
})

const KEYS = ['KEYS_ROTATED']
const INSERT = `INSERT INTO audit_events (at, type, outcome, surface) VALUES (now(), 'keys.rotated', 'success', 'cli') RETURNING seq::int`

it('two processes deliver each of 200 events once, which four writers commit in any order', async () => {
  const to = await receiver()
  const { id } = await createWebhook(one, to.url, KEYS)
  other.app.domain.webhooks.wake()
  const writers = Array.from({ length: 4 }, () => new pg.Client({ connectionString: database.url }))
  await Promise.all(writers.map(async (writer) => await writer.connect()))
  await Promise.all(
    writers.map(async (writer, index) => {
      for (let round = 0; round < 25; round += 1) {
        await writer.query('BEGIN')
        await writer.query(INSERT)
        await new Promise((resolve) => setTimeout(resolve, ((round * 7 + index * 13) % 9) + 1))
        await writer.query(INSERT)
        await writer.query('COMMIT')
      }
    }),
  )
  const { rows } = await (writers[0] as pg.Client).query<{ seq: number }>(
    `SELECT seq::int FROM audit_events WHERE type = 'keys.rotated' ORDER BY seq`,
  )
  await Promise.all(writers.map(async (writer) => await writer.end()))
  await expect.poll(() => to.messages.length, { timeout: 20_000 }).toBe(200)
  expect(to.messages.map(({ json }) => Number(json.data.id)).sort((a, b) => a - b)).toEqual(rows.map(({ seq }) => seq))
  await expect.poll(async () => await one.db.client.webhookDelivery.count({ where: { state: 'delivered' } })).toBe(200)
  const states = await one.db.client.webhookDelivery.groupBy({ by: ['state', 'attempts'], _count: true })
  expect(states).toEqual([{ state: 'delivered', attempts: 1, _count: 200 }])
  await one.db.client.webhook.deleteMany({ where: { id: id.slice('Webhook:'.length) } })
})

it('an event of a transaction that is open is not delivered, nor is a later one, until it ends', async () => {
  const to = await receiver()
  await createWebhook(one, to.url, KEYS)
  const writer = new pg.Client({ connectionString: database.url })
  await writer.connect()
  await writer.query('BEGIN')
  const { rows } = await writer.query<{ seq: number }>(INSERT)
  const kid = await rotateKey(one)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(to.messages).toEqual([])
  await writer.query('COMMIT')
  await writer.end()
  await expect.poll(() => to.messages).toHaveLength(2)
  const [first, second] = inOrder(to)
  expect(first?.json.data.id).toBe(String(rows[0]?.seq))
  expect(second?.json.data.details).toEqual({ kid })
  await one.db.client.webhook.deleteMany()
})

it('an attempt whose process no longer ends it is repeated when its lease is over, with the same id, and its late outcome does not count', async () => {
  const to = await receiver()
  let answerLate = (): void => undefined
  to.answer = (response) => {
    answerLate = () => void response.writeHead(500).end()
  }
  const { id } = await createWebhook(one, to.url, KEYS)
  await rotateKey(one)
  await expect.poll(() => to.messages).toHaveLength(1)
  to.answer = 204
  advance(other, 30_000)
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  expect(to.messages).toHaveLength(1)
  advance(other, 11_000)
  const delivered = [{ state: 'DELIVERED', attempts: 2, log: [{ status: 204 }] }]
  await expect.poll(async () => await deliveriesOf(one, id)).toMatchObject(delivered)
  expect(to.messages.map((message) => message.id)).toEqual(Array(2).fill(to.messages[0]?.id))
  answerLate()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await deliveriesOf(one, id)).toMatchObject(delivered)
})
