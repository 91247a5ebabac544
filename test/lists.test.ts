/**
 * Lists longer than a page: streamed as one bare array, in creation order, whatever window is asked for. The accounts are
 * written straight into the database: a thousand sign-ups would prove nothing more here.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, type Person } from './support/accounts.ts'
import { countStatements } from './support/database.ts'
import { useWorld } from './support/world.ts'

const COUNT = 2_203

describe('a user base of some pages', () => {
  const world = useWorld()
  let boss: Person
  let ids: string[] = []

  beforeAll(async () => {
    boss = await admin(world())
    const now = new Date()
    const rows = Array.from({ length: COUNT - 1 }, (_, index) => ({
      id: `imported-${index}`,
      username: `imported${index}`,
      name: `Imported ${index}`,
      firstName: 'Imported',
      createdAt: now,
      updatedAt: now,
    }))
    await world().db.client.user.createMany({ data: rows })
    ids = [boss.id, ...rows.map(({ id }) => id)]
  })

  it('GET /v1/users has all of them', async () => {
    const { status, headers, body } = await world().get('/v1/users', boss.token)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    expect(body.map(({ id }: { id: string }) => id)).toEqual(ids)
    expect(body.at(-1)).toEqual({ id: `imported-${COUNT - 2}`, name: `Imported ${COUNT - 2}`, email: '', permissions: [] })
  })

  it('GET /api/users has all of them', async () => {
    const { body } = await world().get('/api/users', boss.token)
    expect(body.map(({ _id }: { _id: string }) => _id)).toEqual(ids)
  })

  it.each([
    [0, 0],
    [499, 2],
    [500, 500],
    [0, 501],
    [999, 1],
    [1_000, 100_000],
    [1, 1_000],
    [100, 1_001],
    [203, 1_000],
    [COUNT - 1, 1],
    [COUNT, 10],
    [5_000, 10],
  ])('offset=%i and limit=%i cut out what they say', async (offset, limit) => {
    const { body } = await world().get(`/v1/users?offset=${offset}&limit=${limit}`, boss.token)
    expect(body.map(({ id }: { id: string }) => id)).toEqual(ids.slice(offset, offset + limit))
  })

  it.each([0, 1_100])('a page from %i on costs one statement beside that for the caller', async (offset) => {
    const read = async () => void (await world().get(`/v1/users?offset=${offset}&limit=100`, boss.token))
    expect(await countStatements(world().db, read)).toBe(2)
  })

  it('a fault in a later page breaks the answer off, and its line of the log has the id of the request', async () => {
    const { app, db, logs, url } = world()
    const response = await app.fetch(new Request(`${url}/v1/users`, { headers: { authorization: `Bearer ${boss.token}` } }))
    const reader = response.body?.getReader()
    await reader?.read()
    await db.client.$executeRaw`ALTER TABLE users RENAME TO hidden`
    await expect(reader?.read().then(() => reader.read())).rejects.toThrow()
    await db.client.$executeRaw`ALTER TABLE hidden RENAME TO users`
    const faults = logs.splice(0).filter(({ level }) => level === 'error')
    expect(faults.map(({ fields }) => fields.requestId)).toEqual([response.headers.get('x-request-id')])
  })
})
