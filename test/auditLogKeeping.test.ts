/**
 * The audit log is append-only by the database itself: nothing changes or deletes an event, whatever statement it tries, but
 * the retention job, and that only what is older than AUDIT_LIFE.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { createOutage } from '../src/db/outage.ts'
import type { Log } from '../src/domain/base/ports.ts'
import { createLastSeen } from '../src/domain/usage/lastSeen.ts'
import { deleteExpired } from '../src/jobs/deleteExpired.ts'
import { DAY, mutate } from './graphql/ask.ts'
import { admin, type Person, person } from './support/accounts.ts'
import { clock } from './support/clock.ts'
import { useWorld } from './support/world.ts'

const world = useWorld()
const LIFE = 400 * DAY
let boss: Person
beforeAll(async () => {
  boss = await admin(world())
})

/** Runs the job; returns what it tells the log. */
const retain = async (): Promise<object[]> => {
  const reported: object[] = []
  const log: Log = { debug() {}, info: (fields) => void reported.push(fields), warn() {}, error() {} }
  await deleteExpired({
    db: world().db.client,
    clock,
    config: world().config,
    log,
    lastSeen: createLastSeen({ db: world().db.client, log, outage: createOutage(log), shared: false }),
  })
  return reported
}

const events = async () => await world().db.client.auditEvent.findMany({ orderBy: { seq: 'asc' } })

describe('an event', () => {
  it.each([
    "UPDATE audit_events SET outcome = 'failure'",
    'UPDATE audit_events SET details = details WHERE seq = 1',
    "INSERT INTO audit_events (seq, at, type, outcome, surface) VALUES (1, now(), 'x', 'success', 'graphql') ON CONFLICT (seq) DO UPDATE SET type = 'x'",
    'DELETE FROM audit_events',
    'DELETE FROM audit_events WHERE seq = 1',
    'TRUNCATE audit_events',
    'TRUNCATE audit_events, users CASCADE',
  ])('an event stands against %s', async (sql) => {
    const before = await events()
    expect(before[0]?.seq).toBe(1n)
    await expect(world().db.client.$executeRawUnsafe(sql)).rejects.toThrow('audit_events is append-only')
    expect(await events()).toEqual(before)
  })

  it.each(["UPDATE audit_events SET outcome = 'failure'", 'TRUNCATE audit_events'])(
    'stands against %s even where the retention job would delete',
    async (sql) => {
      const before = await events()
      const work = world().db.client.$transaction(async (tx) => {
        await tx.$executeRawUnsafe("SET LOCAL vestibule.retention = 'on'")
        await tx.$executeRawUnsafe(sql)
      })
      await expect(work).rejects.toThrow('audit_events is append-only')
      expect(await events()).toEqual(before)
    },
  )

  it('an event outlives its account', async () => {
    const someone = await person(world())
    const before = await events()
    expect((await mutate(world(), 'deleteUser', { id: someone.id }, boss.token)).user.id).toBe(someone.id)
    const after = await events()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.slice(before.length)).toMatchObject([{ type: 'account.deleted', userId: someone.id, actorId: boss.id }])
  })
})

describe('the retention job', () => {
  it('the retention job deletes what is older than AUDIT_LIFE, in more than one batch, and nothing else', async () => {
    const { client } = world().db
    const kept = await events()
    const now = clock.now().getTime()
    const aged = (index: number, at: number) => ({
      type: 'session.signed_in',
      outcome: 'success',
      surface: 'wekan',
      userId: `aged-${index}`,
      at: new Date(at),
    })
    const old = Array.from({ length: 2_001 }, (_, index) => aged(index, now - LIFE - 60_000 - index))
    const young = Array.from({ length: 3 }, (_, index) => aged(index, now - LIFE + 60_000 + index))
    await client.auditEvent.createMany({ data: [...old, ...young] })
    const reported = await retain()
    const left = await events()
    expect(left.slice(0, kept.length)).toEqual(kept)
    expect(left.slice(kept.length).map(({ at }) => at)).toEqual(young.map(({ at }) => at))
    expect(reported).toMatchObject([{ deleted: 2_001 }])
  })

  it('the retention job leaves nobody else able to delete', async () => {
    await retain()
    await expect(world().db.client.$executeRawUnsafe('DELETE FROM audit_events')).rejects.toThrow('audit_events is append-only')
  })

  it('the retention job deletes events of the server itself when their time has come', async () => {
    const before = await events()
    world().advance(LIFE + DAY)
    await retain()
    expect(before.length).toBeGreaterThan(3)
    expect(await events()).toEqual([])
  })
})
