/**
 * A list that nobody reads is not read from the database either: the next page is fetched when the client has taken what was sent.
 */
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { admin } from './support/accounts.ts'
import { statementsOf } from './support/database.ts'
import { useWorld } from './support/world.ts'

const world = useWorld()

/** A page of these is more than the buffers of a connection take. */
const fill = async (): Promise<unknown> =>
  await world().db.client.$executeRaw`
    INSERT INTO users (id, created_at, updated_at, email, username, name, first_name)
    SELECT 'wide-' || i, now(), now(), repeat('x', 12000), 'wide-' || i, 'x', 'x' FROM generate_series(1, 3999) AS i`

const open = async (token: string): Promise<IncomingMessage> =>
  await new Promise((resolve, reject) =>
    get(`${world().url}/v1/users`, { headers: { authorization: `Bearer ${token}` } }, resolve).on('error', reject),
  )

it('a reader that stops gets no further pages fetched, and all of them when it goes on', async () => {
  const { token } = await admin(world())
  await fill()
  await statementsOf(world().db, async (sent) => {
    const pages = () => sent.filter((sql) => /FROM users WHERE/.test(sql)).length
    const answer = await open(token)
    await sleep(1_500)
    const fetched = pages()
    expect(fetched).toBeLessThanOrEqual(2)
    await sleep(500)
    expect(pages()).toBe(fetched)
    let text = ''
    for await (const part of answer.setEncoding('utf8')) text += part
    expect(JSON.parse(text)).toHaveLength(4_000)
    expect(pages()).toBe(4)
  })
}, 60_000)

it('a reader that leaves ends the list', async () => {
  const { token } = await admin(world())
  const sent = await statementsOf(world().db, async () => {
    const answer = await open(token)
    answer.destroy()
    await sleep(500)
  })
  expect(sent.filter((sql) => /FROM users WHERE/.test(sql)).length).toBeLessThanOrEqual(2)
}, 30_000)
