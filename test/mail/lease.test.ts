/**
 * The lease of a mail that is being sent: held while its try is under way, over soon after its holder died, and what a holder that
 * lost it has to say counts no more.
 */
import { afterAll, beforeEach, expect, it } from 'vitest'
import type { Deliver, Delivery, Mail } from '../../src/domain/base/ports.ts'
import { person } from '../support/accounts.ts'
import { restoreTimeAfterwards } from '../support/clock.ts'
import { useDatabase } from '../support/database.ts'
import { openWorld, type World } from '../support/world.ts'
import { askWithoutWaiting, entriesOf, later, SECOND } from './support.ts'

restoreTimeAfterwards()
const database = useDatabase()
const worlds: World[] = []
const open = async (deliver: Deliver): Promise<World> => {
  const world = await openWorld({}, { db: database(), deliver })
  worlds.push(world)
  return world
}
const closeAll = async (): Promise<void> => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
}
beforeEach(async () => {
  await closeAll()
  await database().client.outboxEntry.deleteMany()
})
afterAll(closeAll)

/** A way out that has one answer, when the test lets it give it. */
const slow = (delivery: Delivery) => {
  const taken: Mail[] = []
  let answer = (): void => undefined
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  const deliver: Deliver = async (mail) => {
    taken.push(mail)
    await answered
    return delivery
  }
  return { deliver, taken, answer: () => answer() }
}
const AWAY: Delivery = { outcome: 'unavailable', reason: 'ESOCKET' }
const pause = async (milliseconds: number) => await new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A process that has taken a mail, and has lost its lease to nobody yet: time has gone by faster than it could renew it. */
const stuck = async (delivery: Delivery) => {
  const way = slow(delivery)
  const world = await open(way.deliver)
  await askWithoutWaiting(world, (await person(world)).email)
  await expect.poll(() => way.taken.length).toBe(1)
  world.advance(21 * SECOND)
  return { ...way, world }
}

it('the lease of a mail is renewed while the mail is on its way, so that nobody else sends it', async () => {
  const way = slow({ outcome: 'delivered' })
  const holder = await open(way.deliver)
  await askWithoutWaiting(holder, (await person(holder)).email)
  await expect.poll(() => way.taken.length).toBe(1)
  holder.advance(15 * SECOND)
  await pause(6 * SECOND)
  holder.advance(15 * SECOND)
  const other = slow({ outcome: 'delivered' })
  const second = await open(other.deliver)
  await second.app.outbox.idle()
  expect(other.taken).toEqual([])
  way.answer()
  await holder.app.outbox.idle()
  expect(await entriesOf(holder)).toEqual([])
}, 30_000)

/** The holder lives, and renews its lease every five seconds: now and then just before the other process looks. Then the case is made again. */
const MADE_AGAIN = { retry: 3 }

it('a lease that ran out goes to another process, within seconds of the end of its holder', MADE_AGAIN, async () => {
  const { taken, world } = await stuck(AWAY)
  const other = slow({ outcome: 'delivered' })
  const second = await open(other.deliver)
  await expect.poll(() => other.taken.length).toBe(1)
  other.answer()
  await second.app.outbox.idle()
  expect(other.taken[0]?.text).toBe(taken[0]?.text)
  expect(await entriesOf(world)).toEqual([])
})

it.each<Delivery>([
  { outcome: 'refused', reason: 'EENVELOPE 550' },
  { outcome: 'deferred', reason: 'EENVELOPE 450' },
])(
  'a lease that ran out is not its holder’s any more: what comes of the old try changes nothing of the new one: %j',
  MADE_AGAIN,
  async (delivery) => {
    const old = await stuck(delivery)
    const fresh = slow(AWAY)
    const second = await open(fresh.deliver)
    await expect.poll(() => fresh.taken.length).toBe(1)
    const [held] = await entriesOf(second)
    old.answer()
    await old.world.app.outbox.idle()
    expect(await entriesOf(second)).toEqual([held])
    fresh.answer()
    await second.app.outbox.idle()
    expect(await entriesOf(second)).toMatchObject([{ attempts: 2, failedAt: null, lastError: 'ESOCKET', sealed: held?.sealed }])
  },
)

it('the lease of a mail is not renewed any more by a process that stopped with the mail on its way', async () => {
  const way = slow(AWAY)
  const holder = await open(way.deliver)
  await askWithoutWaiting(holder, (await person(holder)).email)
  await expect.poll(() => way.taken.length).toBe(1)
  await closeAll()
  const [before] = await entriesOf(holder)
  await pause(6 * SECOND)
  expect((await entriesOf(holder))[0]?.nextAttemptAt).toEqual(before?.nextAttemptAt)
  const sent: Mail[] = []
  const next = await open(async (mail) => {
    sent.push(mail)
    return { outcome: 'delivered' }
  })
  await later(next, 21 * SECOND)
  expect(sent).toHaveLength(1)
}, 40_000)

it('the lease of a process that died is waited for by one that was there before, though nothing wakes it', async () => {
  const sent: Mail[] = []
  const living = await open(async (mail) => {
    sent.push(mail)
    return { outcome: 'delivered' }
  })
  await living.app.outbox.idle()
  living.advance(5 * SECOND)
  const dying = slow(AWAY)
  const holder = await open(dying.deliver)
  await askWithoutWaiting(holder, (await person(holder)).email)
  await expect.poll(() => dying.taken.length).toBe(1)
  await holder.close()
  worlds.splice(worlds.indexOf(holder), 1)
  const [held] = await entriesOf(living)
  await later(living, (held?.nextAttemptAt.getTime() ?? 0) - Date.now() - 1_500)
  expect(sent).toEqual([])
  await later(living, 2 * SECOND)
  expect(sent).toHaveLength(1)
}, 40_000)
