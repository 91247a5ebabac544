/**
 * How many mails a mailbox gets: a share for each kind, which a stranger cannot use up for the owner, and an hour for all kinds,
 * beyond which notices are gathered into one mail.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import type { Mail } from '../../src/domain/base/ports.ts'
import { mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn, signInOnV1, turnOnFactor, unique, verifiedPerson } from '../support/accounts.ts'
import { restoreTimeAfterwards } from '../support/clock.ts'
import { databaseKind, useDatabase } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { openWorld, useWorld, type World } from '../support/world.ts'
import { askForReset, HOUR, later, MINUTE } from './support.ts'

const NEW_SIGN_IN = 'New sign-in to your account'
const GATHERED = 'What happened to your account'

const subjectsTo = (world: World, address: string) => world.mails.filter(({ to }) => to === address).map(({ subject }) => subject)
const countOf = (world: World, address: string, subject: string) => subjectsTo(world, address).filter((sent) => sent === subject).length

let programs = 0
/** Signs in from a program that was never seen. */
const signInAnew = async (world: World, { email }: Person): Promise<void> => {
  programs += 1
  const agent = `Program-${[...String(programs)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`
  const json = { email, password: PASSWORD }
  const { status } = await world.request('POST', '/auth/login', { json, headers: { 'user-agent': agent } })
  if (status !== 200) throw new Error(`sign-in answered ${status}`)
}
/** A database on which something happens before the first entry of the outbox is deleted outside of a transaction. */
const beforeFirstDelete = (db: Database, happens: () => Promise<void>): Database => {
  let hasHappened = false
  const { outboxEntry } = db.client
  const deleteMany = async (...args: Parameters<typeof outboxEntry.deleteMany>) => {
    if (!hasHappened) {
      hasHappened = true
      await happens()
    }
    return await outboxEntry.deleteMany(...args)
  }
  const entries = new Proxy(outboxEntry, { get: (target, key) => (key === 'deleteMany' ? deleteMany : Reflect.get(target, key)) })
  const client = new Proxy(db.client, { get: (target, key) => (key === 'outboxEntry' ? entries : Reflect.get(target, key)) })
  return { ...db, client }
}
const register = async (world: World, email: string): Promise<number> =>
  (await world.post('/auth/register', { name: 'Eve', email, password: PASSWORD, confirm: PASSWORD })).status
const tagged = (address: string, tag: string) => address.replace('@', `+${tag}@`)

describe('a stranger', () => {
  const world = useWorld({ VERIFY_EMAIL: 'true' })
  beforeAll(async () => void (await admin(world())))

  it.each([
    ['verified', verifiedPerson],
    ['never verified', person],
  ] as const)('who signs up with tags of a mailbox takes no reset from its owner, whose address was %s', async (_what, make) => {
    const owner = await make(world())
    for (const tag of ['a', 'b', 'c', 'd', 'e']) expect(await register(world(), tagged(owner.email, tag))).toBe(201)
    for (let count = 0; count < 4; count += 1) await askForReset(world(), owner)
    expect(countOf(world(), owner.email, 'Reset your password')).toBe(3)
  })

  it('who asks for resets of such accounts takes none either', async () => {
    const owner = await person(world())
    const email = tagged(owner.email, 'a')
    await register(world(), email)
    for (let count = 0; count < 5; count += 1) await askForReset(world(), { email })
    expect(countOf(world(), email, 'Reset your password')).toBe(3)
    await askForReset(world(), owner)
    expect(countOf(world(), owner.email, 'Reset your password')).toBe(1)
  })

  it('a stranger takes no confirmation of a change with sign-ups, and no verification with confirmations', async () => {
    const [owner, eve] = [await verifiedPerson(world()), await person(world())]
    const mailbox = `wanted${unique()}@example.com`
    for (const tag of ['a', 'b', 'c', 'd']) await register(world(), tagged(mailbox, tag))
    await mutate(world(), 'changeEmail', { email: mailbox }, owner.token)
    expect(subjectsTo(world(), mailbox)).toEqual(['Confirm your e-mail address'])
    for (const tag of ['e', 'f', 'g']) await mutate(world(), 'changeEmail', { email: tagged(mailbox, tag) }, eve.token)
    const sent = world().mails.filter(({ to }) => to.replace(/\+.*@/, '@') === mailbox)
    expect(sent.filter(({ subject }) => subject === 'Verify your e-mail address')).toHaveLength(3)
    expect(sent.filter(({ subject }) => subject === 'Confirm your e-mail address')).toHaveLength(3)
  })

  it('a stranger gets three mails of a kind to a mailbox in any 15 minutes, not in those of a clock', async () => {
    const owner = await verifiedPerson(world())
    const resets = () => countOf(world(), owner.email, 'Reset your password')
    await askForReset(world(), owner)
    world().advance(14 * MINUTE)
    for (let count = 0; count < 3; count += 1) await askForReset(world(), owner)
    expect(resets()).toBe(3)
    world().advance(2 * MINUTE)
    for (let count = 0; count < 3; count += 1) await askForReset(world(), owner)
    expect(resets()).toBe(4)
  })

  it.skipIf(!isFullSize)(
    'a stranger does all that can be done for two hours: at most 20 mails in any hour, and the owner has each reset of the share',
    async () => {
      const [owner, eve] = [await person(world()), await verifiedPerson(world())]
      world().advance(HOUR)
      const isOwn = (to: string) => to.replace(/\+.*@/, '@') === owner.email
      const times: number[] = []
      let seen = world().mails.length
      const note = () => {
        for (const { to } of world().mails.slice(seen)) if (isOwn(to)) times.push(Date.now())
        seen = world().mails.length
      }
      const made = tagged(owner.email, `first${unique()}`)
      await register(world(), made)
      for (let step = 0; step < 24; step += 1) {
        for (const tag of ['x', 'y']) await register(world(), tagged(owner.email, `${tag}${unique()}`))
        await mutate(world(), 'changeEmail', { email: tagged(owner.email, `c${unique()}`) }, eve.token)
        await mutate(world(), 'requestEmailVerification', undefined, owner.token)
        await askForReset(world(), { email: made })
        await askForReset(world(), owner)
        await askForReset(world(), owner)
        note()
        world().advance(5 * MINUTE)
        eve.token satisfies string
      }
      const most = Math.max(...times.map((time) => times.filter((other) => other >= time && other < time + HOUR).length))
      expect(most).toBeLessThanOrEqual(20)
      expect(countOf(world(), owner.email, 'Reset your password')).toBe(24)
    },
    60_000,
  )

  it('a stranger with an account writes to 20 mailboxes an hour that are not its own', async () => {
    const eve = await verifiedPerson(world())
    const run = unique()
    for (let number = 0; number < 23; number += 1)
      expect((await mutate(world(), 'changeEmail', { email: `m${run}-${number}@example.com` }, eve.token)).__typename).toBe(
        'ChangeEmailSuccess',
      )
    expect(world().mails.filter(({ to }) => to.startsWith(`m${run}-`))).toHaveLength(20)
    world().advance(HOUR)
    await mutate(world(), 'changeEmail', { email: `m${run}-23@example.com` }, await signIn(world(), eve))
    expect(world().mails.filter(({ to }) => to.startsWith(`m${run}-`))).toHaveLength(21)
  })
})

describe('notices', () => {
  const world = useWorld()
  beforeAll(async () => void (await admin(world())))
  const gatheredTo = (address: string) => world().mails.filter(({ to, subject }) => to === address && subject === GATHERED)

  it('beyond 20 in an hour are gathered into one mail, which comes when the hour allows, and nothing is lost', async () => {
    const owner = await verifiedPerson(world())
    for (let count = 0; count < 40; count += 1) await signInAnew(world(), owner)
    expect(subjectsTo(world(), owner.email)).toEqual(Array(20).fill(NEW_SIGN_IN))
    await later(world(), 58 * MINUTE)
    expect(subjectsTo(world(), owner.email)).toHaveLength(20)
    await later(world(), 2 * MINUTE)
    expect(subjectsTo(world(), owner.email)).toEqual([...Array(20).fill(NEW_SIGN_IN), GATHERED])
    const [{ text = '', html = '' } = {}] = gatheredTo(owner.email)
    expect(text).toMatch(
      /^Sign-in from a new device or network: 20 times, from \d+ \w+ 20\d\d, \d\d:\d\d UTC to \d+ \w+ 20\d\d, \d\d:\d\d UTC$/m,
    )
    expect(text).toContain('If this was not you, somebody else may be using your account')
    expect(text + html).not.toMatch(/https?:/)
    expect(await world().db.client.gatheredNotice.count({ where: { userId: owner.id } })).toBe(0)
    for (let count = 0; count < 22; count += 1) await signInAnew(world(), owner)
    expect(subjectsTo(world(), owner.email)).toEqual([...Array(20).fill(NEW_SIGN_IN), GATHERED, ...Array(19).fill(NEW_SIGN_IN)])
  })

  it('wait on where resets have taken the room, and what comes meanwhile joins them', async () => {
    const owner = await verifiedPerson(world())
    await signInAnew(world(), owner)
    world().advance(10 * MINUTE)
    for (let count = 0; count < 20; count += 1) await signInAnew(world(), owner)
    await later(world(), 45 * MINUTE)
    for (let count = 0; count < 3; count += 1) await askForReset(world(), owner)
    await later(world(), 10 * MINUTE)
    await signInAnew(world(), owner)
    expect(subjectsTo(world(), owner.email)).toHaveLength(23)
    expect(gatheredTo(owner.email)).toEqual([])
    await later(world(), 6 * MINUTE)
    expect(gatheredTo(owner.email).map(({ text }) => /network: (\d+) times/.exec(text)?.[1])).toEqual(['2'])
  })

  it('notices of every kind stand in the mail that gathers them, each with how often and when', async () => {
    const owner = await verifiedPerson(world())
    for (let count = 0; count < 20; count += 1) await signInAnew(world(), owner)
    const { token } = owner
    await turnOnFactor(world(), token)
    await mutate(world(), 'disableTwoFactor', { proof: { password: PASSWORD } }, token)
    for (const name of ['one', 'two', 'three'])
      await mutate(world(), 'createPersonalAccessToken', { name, scopes: [], expiresAt: new Date(Date.now() + HOUR).toISOString() }, token)
    await mutate(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: 'another good one' }, token)
    // The mail about the factor that was turned on has an undo link, and goes whatever the hour has seen.
    expect(subjectsTo(world(), owner.email)).toHaveLength(21)
    await later(world(), HOUR)
    const when = '\\d+ \\w+ 20\\d\\d, \\d\\d:\\d\\d UTC'
    const [{ text = '' } = {}] = gatheredTo(owner.email)
    expect(text).toMatch(
      new RegExp(
        [
          `Two-factor authentication turned off: once, ${when}`,
          `Personal access token made: 3 times, from ${when} to ${when}`,
          `Password changed: once, ${when}\n`,
        ].join('\n'),
      ),
    )
    expect(subjectsTo(world(), owner.email)).toHaveLength(22)
  })

  it.skipIf(!isFullSize)(
    'notices that never end take one row for each kind, and one mail each time there is room',
    async () => {
      const owner = await verifiedPerson(world())
      for (let count = 0; count < 30; count += 1) await signInAnew(world(), owner)
      expect(await world().db.client.gatheredNotice.findMany({ where: { userId: owner.id } })).toMatchObject([
        { name: 'newDevice', times: 10 },
      ])
      expect(await world().db.client.outboxEntry.count({ where: { kind: 'digest' } })).toBe(1)
      for (let hour = 0; hour < 3; hour += 1) {
        for (let count = 0; count < 30; count += 1) {
          await signInAnew(world(), owner)
          world().advance(2 * MINUTE)
        }
        await world().app.outbox.idle()
      }
      await later(world(), HOUR)
      const sent = subjectsTo(world(), owner.email)
      const reported = gatheredTo(owner.email).map(({ text }) => Number(/network: (\d+|once)/.exec(text)?.[1]?.replace('once', '1')))
      expect(sent.filter((subject) => subject === NEW_SIGN_IN).length + reported.reduce((sum, times) => sum + times, 0)).toBe(120)
      expect(sent.length).toBeLessThanOrEqual(20 * 5)
    },
    60_000,
  )

  it('leave a reset its way: it goes although the hour is full', async () => {
    const owner = await verifiedPerson(world())
    for (let count = 0; count < 25; count += 1) await signInAnew(world(), owner)
    for (let count = 0; count < 4; count += 1) await askForReset(world(), owner)
    expect(countOf(world(), owner.email, 'Reset your password')).toBe(3)
    expect(subjectsTo(world(), owner.email)).toHaveLength(23)
  })

  it('notices of an address that was left go to that address', async () => {
    const owner = await verifiedPerson(world())
    for (let count = 0; count < 21; count += 1) await signInAnew(world(), owner)
    await mutate(world(), 'changeEmail', { email: `left${unique()}@example.com` }, owner.token)
    const token = /#token=([\w-]+)/.exec(world().mails.at(-1)?.text ?? '')?.[1]
    await mutate(world(), 'confirmEmail', { token })
    await later(world(), HOUR)
    expect(gatheredTo(owner.email).map(({ text }) => /network: once/.test(text))).toEqual([true])
  })

  it('notices with an undo link are not gathered, so that a thief cannot use up the hour before a change', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    for (let count = 0; count < 21; count += 1) await signInAnew(world(), owner)
    expect(subjectsTo(world(), owner.email)).toHaveLength(20)
    expect((await world().put('/v1/account/change-email', { email: `moved${unique()}@example.com` }, token)).status).toBe(200)
    const reported = world().mails.filter(({ to, text }) => to === owner.email && text.includes('/undo-change#token='))
    expect(reported.map(({ subject }) => subject)).toEqual(['Your e-mail address was changed'])
  })

  it('notices of an account that is gone are sent to nobody', async () => {
    const owner = await verifiedPerson(world())
    for (let count = 0; count < 21; count += 1) await signInAnew(world(), owner)
    await mutate(world(), 'deleteUser', { id: owner.id }, await signIn(world(), await admin(world())))
    await later(world(), HOUR)
    expect(gatheredTo(owner.email)).toEqual([])
    expect(await world().db.client.outboxEntry.count()).toBe(0)
  })
})

describe('a mail that gathers', () => {
  restoreTimeAfterwards()
  const database = useDatabase()

  it('a mail that gathers is not given up before its time, however short the life of mails is; and one that was given up loses nothing', async () => {
    const opening = async () => await openWorld({ MAIL_LIFE: '10m' }, { db: database() })
    const first = await opening()
    const owner = await verifiedPerson(first)
    for (let count = 0; count < 22; count += 1) await signInAnew(first, owner)
    await later(first, HOUR)
    expect(first.mails.slice(20).map(({ text }) => /network: (\d+) times/.exec(text)?.[1])).toEqual(['2'])
    await later(first, HOUR)
    for (let count = 0; count < 22; count += 1) await signInAnew(first, owner)
    await first.close()
    await database().client.outboxEntry.updateMany({ where: { kind: 'digest' }, data: { failedAt: new Date(), sealed: null } })
    const again = await opening()
    await signInAnew(again, owner)
    await later(again, HOUR)
    expect(again.mails.map(({ subject, text }) => [subject, /network: (\d+) times/.exec(text)?.[1]])).toEqual([[GATHERED, '3']])
    await again.close()
  }, 60_000)

  it('a mail that gathers goes in time as well when its first notice comes between the last one and the end of its entry', async () => {
    const other = await openWorld({}, { db: database() })
    const owner = await verifiedPerson(other)
    for (let count = 0; count < 22; count += 1) await signInAnew(other, owner)
    await other.close()
    const mails: Mail[] = []
    const between = async () => {
      const beside = await openWorld({}, { db: database() })
      for (let count = 0; count < 22; count += 1) await signInAnew(beside, owner)
      await beside.close()
      mails.push(...beside.mails)
    }
    const world = await openWorld({}, { db: beforeFirstDelete(database(), between) })
    await later(world, HOUR)
    await later(world, HOUR)
    const gathered = [...mails, ...world.mails].filter(({ subject }) => subject === GATHERED)
    expect(gathered.map(({ text }) => /network: (\d+) times/.exec(text)?.[1])).toEqual(['2', '3'])
    await world.close()
  }, 60_000)
})

describe('several processes', () => {
  restoreTimeAfterwards()
  const database = useDatabase()
  const worlds: World[] = []
  const open = async (): Promise<World> => {
    const world = await openWorld({}, { db: database() })
    worlds.push(world)
    return world
  }
  const closeAll = async () => {
    await Promise.all(worlds.splice(0).map((world) => world.close()))
  }
  beforeEach(closeAll)
  afterAll(closeAll)
  const all = (...of: readonly World[]) => of.flatMap(({ mails }) => mails)

  it.runIf(databaseKind() === 'postgresql')(
    'share one hour to the mail: of 60 notices, 20 of them at once, 20 go and 40 are gathered',
    async () => {
      const [one, other] = [await open(), await open()]
      const owner = await verifiedPerson(one)
      // No more at once than may wait for the hashes of one account.
      for (let batch = 0; batch < 3; batch += 1)
        await Promise.all(Array.from({ length: 20 }, async (_, index) => await signInAnew(index % 2 === 0 ? one : other, owner)))
      expect(all(one, other).map(({ subject }) => subject)).toEqual(Array(20).fill(NEW_SIGN_IN))
      await later(one, HOUR)
      await later(other, 0)
      const gathered = all(one, other).filter(({ subject }) => subject === GATHERED)
      expect(gathered.map(({ text }) => /network: (\d+) times/.exec(text)?.[1])).toEqual(['40'])
    },
    60_000,
  )

  it('several processes that end take nothing with them: the count, what was gathered, and its mail', async () => {
    const first = await open()
    const owner = await verifiedPerson(first)
    for (let count = 0; count < 22; count += 1) await signInAnew(first, owner)
    await closeAll()
    const second = await open()
    await signInAnew(second, owner)
    expect(second.mails).toEqual([])
    await closeAll()
    second.advance(HOUR)
    const third = await open()
    await third.app.outbox.idle()
    expect(third.mails.map(({ subject, text }) => [subject, /network: (\d+) times/.exec(text)?.[1]])).toEqual([[GATHERED, '3']])
  }, 30_000)
})
