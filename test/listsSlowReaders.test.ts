/**
 * A list that nobody reads is not read from the database either: the next page is fetched when the client has taken what was sent. Only
 * so many lists are sent page by page at once.
 */
import { get, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { admin } from './support/accounts.ts'
import { statementsOf } from './support/database.ts'
import { useWorld } from './support/world.ts'

const world = useWorld({ LIMIT_LISTS: '2', TRUSTED_PROXIES: '127.0.0.1' })

/** A page of these is more than the buffers of a connection take. */
const fill = async (): Promise<unknown> =>
  await world().db.client.$executeRaw`
    INSERT INTO users (id, created_at, updated_at, email, username, name, first_name)
    SELECT 'wide-' || i, now(), now(), repeat('x', 12000), 'wide-' || i, 'x', 'x' FROM generate_series(1, 3999) AS i`

const open = async (token: string, path = '/v1/users', client = '192.0.2.1'): Promise<IncomingMessage> =>
  await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': client }
    get(world().url + path, { headers }, resolve).on('error', reject)
  })

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

it('more lists at once than LIMIT_LISTS, or than half of them for one client, are refused by 503 in the form of the surface, before a page is read', async () => {
  const { token } = await admin(world())
  let ofOne = await open(token)
  // The list of the test before may not have ended yet.
  while (ofOne.statusCode !== 200) ofOne = await open(token)
  // Until it waits for its reader.
  await sleep(500)
  let refused = ofOne
  const sent = await statementsOf(world().db, async () => {
    refused = await open(token)
  })
  expect(sent.filter((sql) => /FROM users WHERE/.test(sql))).toEqual([])
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '2'])
  expect(await json(refused)).toMatchObject({ statusCode: 503, message: 'Service overloaded, try again later' })
  const ofAnother = await open(token, '/api/users', '192.0.2.2')
  expect([ofOne.statusCode, ofAnother.statusCode]).toEqual([200, 200])
  const wekan = await open(token, '/api/users', '192.0.2.3')
  expect([wekan.statusCode, wekan.headers['retry-after']]).toEqual([503, '2'])
  expect(await json(wekan)).toMatchObject({ error: 503, reason: 'Service overloaded, try again later' })
  expect((await world().get('/v1/users?limit=3', token)).status).toBe(200)
  for (const list of [ofOne, ofAnother]) list.destroy()
  const again = async (): Promise<number | undefined> => {
    const list = await open(token)
    list.destroy()
    return list.statusCode
  }
  await expect.poll(again).toBe(200)
}, 60_000)
