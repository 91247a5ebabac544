/**
 * The outbox itself: what is queued is part of its transaction and sealed, goes out in order and once whoever looks, and
 * outlives processes that die, stop, or have other keys.
 */
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Deliver, Mail } from '../../src/domain/base/ports.ts'
import type { Domain } from '../../src/domain/frame/domain.ts'
import { deleteExpired } from '../../src/jobs/deleteExpired.ts'
import { silent } from '../../src/tools/silent.ts'
import { PASSWORD, person, verifiedPerson, verifiedWithTwoFactor } from '../support/accounts.ts'
import { clock, restoreTimeAfterwards } from '../support/clock.ts'
import { useDatabase } from '../support/database.ts'
import { openWorld, type World, type WorldOptions } from '../support/world.ts'
import { askForReset, askWithoutWaiting, DAY, entriesOf, gated, later, linesOf, MINUTE } from './support.ts'

restoreTimeAfterwards()
const database = useDatabase()

const worlds: World[] = []
const open = async (options: Omit<WorldOptions, 'db'> = {}, settings: Record<string, string> = {}): Promise<World> => {
  const world = await openWorld(settings, { ...options, db: database() })
  worlds.push(world)
  return world
}
const closeAll = async (): Promise<void> => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
}

const never: Deliver = () => new Promise(() => undefined)
const away: Deliver = async () => ({ outcome: 'unavailable', reason: 'ESOCKET' })

beforeEach(async () => {
  await closeAll()
  await database().client.outboxEntry.deleteMany()
})
afterAll(closeAll)

/** Waits until somebody tries to deliver the one mail that there is. */
const mailIsTaken = async (world: World): Promise<void> =>
  await expect.poll(async () => (await entriesOf(world)).map(({ kind, attempts }) => [kind, attempts])).toEqual([['mail', 1]])

describe('an entry', () => {
  it('an entry is rolled back with what it reports', async () => {
    const world = await open()
    const someone = await verifiedWithTwoFactor(world)
    const { client } = database()
    await client.$executeRawUnsafe('ALTER TABLE users ADD CONSTRAINT kept CHECK (two_factor_secret IS NOT NULL) NOT VALID')
    const queued = await client.$queryRawUnsafe<{ is_called: boolean; last_value: bigint }[]>('SELECT last_value FROM outbox_seq_seq')
    const answer = await world.post('/v1/security/twofactor-disable', { password: someone.password }, someone.token)
    await client.$executeRawUnsafe('ALTER TABLE users DROP CONSTRAINT kept')
    const after = await client.$queryRawUnsafe<{ last_value: bigint }[]>('SELECT last_value FROM outbox_seq_seq')
    expect(answer.status).toBe(500)
    expect(after[0]?.last_value).toBe((queued[0]?.last_value ?? 0n) + 1n)
    expect(await entriesOf(world)).toEqual([])
    expect(world.mails.filter(({ subject }) => subject.includes('off'))).toEqual([])
  })

  it('an entry holds nothing that can be read: no token, no address, no name, no subject', async () => {
    const world = await open({ deliver: away })
    const someone = await person(world, { name: 'Zebulon Zimmer' })
    await askForReset(world, someone)
    const rows = JSON.stringify(await database().client.$queryRawUnsafe('SELECT outbox::text AS row FROM outbox'))
    const working = await open()
    await later(working, 2 * MINUTE)
    const text = working.mails[0]?.text ?? ''
    const token = /#token=([\w-]+)/.exec(text)?.[1] ?? 'no mail was sent'
    expect(token).toMatch(/^[\w-]{43}$/)
    for (const secret of [token, someone.email, 'Zebulon', 'Reset', 'http']) expect(rows).not.toContain(secret)
    expect(rows).toContain('v1.')
  })

  it('an entry that was copied to another row is not sent', async () => {
    const world = await open({ deliver: away })
    const [someone, other] = [await person(world), await person(world)]
    await askForReset(world, someone)
    await later(world, MINUTE)
    await askForReset(world, other)
    const [first, second] = await entriesOf(world)
    await database().client.outboxEntry.update({ where: { id: second?.id ?? '' }, data: { sealed: first?.sealed ?? '' } })
    const working = await open()
    await later(working, 2 * MINUTE)
    expect(working.mails.map(({ to }) => to)).toEqual([someone.email])
    expect(await entriesOf(world)).toMatchObject([{ id: second?.id, lastError: 'changed or moved since it was sealed' }])
  })

  it('an entry is sent when the mail server is back, with all that were queued', async () => {
    const world = await open({ deliver: away })
    const owners = []
    for (let count = 0; count < 12; count += 1) owners.push(await verifiedPerson(world))
    const change = { oldPassword: PASSWORD, password: 'another password', passwordConfirmation: 'another password' }
    for (const { token } of owners) await world.put('/v1/security/change-password', change, token)
    expect(await entriesOf(world)).toHaveLength(12)
    await closeAll()
    world.advance(2 * MINUTE)
    const working = await open()
    await working.app.outbox.idle()
    expect(working.mails.map(({ to }) => to).sort()).toEqual(owners.map(({ email }) => email).sort())
  })

  it('an entry that always fails holds up nothing that is newer', async () => {
    const taken: string[] = []
    const world = await open({
      deliver: async ({ to }) => {
        if (to.startsWith('poison')) return { outcome: 'unavailable', reason: 'ETIMEDOUT' }
        taken.push(to)
        return { outcome: 'delivered' }
      },
    })
    const change = { oldPassword: PASSWORD, password: 'another password', passwordConfirmation: 'another password' }
    for (const number of [1, 2, 3]) {
      const { token } = await verifiedPerson(world, { email: `poison${number}@example.com` })
      await world.put('/v1/security/change-password', change, token)
    }
    await later(world, 5 * MINUTE)
    const someone = await verifiedPerson(world)
    await world.put('/v1/security/change-password', change, someone.token)
    for (let minute = 0; minute < 3; minute += 1) await later(world, MINUTE)
    expect(taken).toEqual([someone.email])
  })

  it('an entry that was given up is deleted after a week', async () => {
    const world = await open({ deliver: async () => ({ outcome: 'refused', reason: 'EENVELOPE 550' }) })
    await askForReset(world, await person(world))
    const keepHouse = async () =>
      await deleteExpired({ db: database().client, clock, config: world.config, log: silent, lastSeen: { lateness: 0 } } as Domain)
    await later(world, 6 * DAY)
    await keepHouse()
    expect(await entriesOf(world)).toMatchObject([{ sealed: null, lastError: 'EENVELOPE 550' }])
    await later(world, 2 * DAY)
    await keepHouse()
    expect(await entriesOf(world)).toEqual([])
  })
})

describe('several processes', () => {
  it('send each of 50 mails exactly once', async () => {
    const taken: Mail[] = []
    const slowly: Deliver = async (mail) => {
      taken.push(mail)
      await new Promise((resolve) => setTimeout(resolve, 5))
      return { outcome: 'delivered' }
    }
    const [one, other] = [await open({ deliver: slowly }), await open({ deliver: slowly })]
    const owners = await Promise.all(Array.from({ length: 25 }, async () => await person(one)))
    await Promise.all(
      owners.flatMap(({ email }, index) => [askWithoutWaiting(index % 2 === 0 ? one : other, email), askWithoutWaiting(one, email)]),
    )
    for (const world of [one, other]) world.app.outbox.wake()
    await Promise.all([one.app.outbox.idle(), other.app.outbox.idle()])
    expect(taken).toHaveLength(50)
    expect(new Set(taken.map(({ text }) => text)).size).toBe(50)
    expect(await entriesOf(one)).toEqual([])
  })

  it('finish what one of them took and died with, once its lease is over', async () => {
    const dying = await open({ deliver: never })
    const someone = await person(dying)
    await askWithoutWaiting(dying, someone.email)
    await mailIsTaken(dying)
    await closeAll()
    const living = await open()
    await later(living, 10_000)
    expect(living.mails).toEqual([])
    await later(living, 11_000)
    expect(living.mails.map(({ to }) => to)).toEqual([someone.email])
    expect(await entriesOf(living)).toEqual([])
  }, 30_000)
})

describe('a process that stops', () => {
  it('a process that stops waits for what is under way', async () => {
    const slow = gated()
    const world = await open({ deliver: slow.deliver })
    await askWithoutWaiting(world, (await person(world)).email)
    await expect.poll(() => slow.taken.length).toBe(1)
    const closing = closeAll()
    setTimeout(slow.open, 300)
    await closing
    expect(await database().client.outboxEntry.count()).toBe(0)
  })

  it('a process that stops waits no longer than a few seconds; what is left goes out later', async () => {
    const world = await open({ deliver: never })
    const someone = await person(world)
    await askWithoutWaiting(world, someone.email)
    await mailIsTaken(world)
    const begun = performance.now()
    await closeAll()
    expect(performance.now() - begun).toBeLessThan(9_000)
    expect(linesOf(world, 'warn')).toContain('mails that were being sent at shutdown will be tried again')
    const next = await open()
    await later(next, 2 * MINUTE + 1_000)
    expect(next.mails.map(({ to }) => to)).toEqual([someone.email])
  }, 30_000)

  it('a process that stops sends at its next start what it had not begun', async () => {
    const full = gated()
    const world = await open({ deliver: full.deliver })
    const owners = await Promise.all(Array.from({ length: 6 }, async () => await person(world)))
    for (const { email } of owners) await askWithoutWaiting(world, email)
    await expect.poll(() => full.taken.length).toBe(4)
    const closing = world.app.close()
    full.open()
    await closing
    await closeAll()
    const next = await open()
    await next.app.outbox.idle()
    expect([...full.taken, ...next.mails].map(({ to }) => to).sort()).toEqual(owners.map(({ email }) => email).sort())
    expect(next.mails).toHaveLength(2)
  })
})

/** The last, because the newest key goes into the database. */
describe('two processes in the middle of a rotation of SECRET_KEY', () => {
  it('leave to each other what only one of them has the key for', async () => {
    const [old, fresh] = ['the secret key of every test, long enough', 'a new secret key, which is long enough']
    const behind = await open({ secretKeys: [old] })
    const ahead = await open({ secretKeys: [fresh, old], deliver: away })
    const someone = await person(ahead)
    await askForReset(ahead, someone)
    await later(behind, 2 * MINUTE)
    expect(behind.mails).toEqual([])
    expect(await entriesOf(behind)).toMatchObject([{ lastError: 'sealed with another SECRET_KEY', failedAt: null }])
    const after = await open({ secretKeys: [fresh, old] })
    await later(after, 2 * MINUTE)
    expect(after.mails.map(({ to }) => to)).toEqual([someone.email])
  })
})
