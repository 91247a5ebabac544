/**
 * How the counters of the limits behave, in memory and in PostgreSQL: how waits grow and where they end, which addresses are
 * one, and that processes which share a database share them.
 */
import { availableParallelism } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { createLimits } from '../../src/domain/limits/limits.ts'
import { silent } from '../../src/tools/silent.ts'
import { PASSWORD, person, type TwoFactorPerson, totp, withTwoFactor } from '../support/accounts.ts'
import { restoreTimeAfterwards } from '../support/clock.ts'
import { createPostgresDatabase, databaseKind, root } from '../support/database.ts'
import { openWorld, useWorld, type World } from '../support/world.ts'
import {
  ask,
  everyWayIsShut,
  expectTooMany,
  from,
  graphql,
  MINUTE,
  SECOND,
  signIns,
  succeeds,
  TRUSTING,
  type Way,
  WRONG,
  wrong,
} from './attempts.ts'

const [wekan, , v1, authentication] = signIns as [Way, Way, Way, Way]

/** A wait of about so many whole seconds: some of it has passed when it is read. */
const expectWait = (seconds: number, wanted: number) => {
  expect(seconds).toBeLessThanOrEqual(wanted)
  expect(seconds).toBeGreaterThan(wanted * 0.8 - 3)
}

/** A code that is wrong now and in the next steps. */
const badCode = ({ secret }: TwoFactorPerson): string => {
  const good = [-2, -1, 0, 1].map((steps) => totp(secret, steps))
  return ['000000', '111111', '222222', '333333', '444444'].find((code) => !good.includes(code)) ?? '555555'
}

const giveCode = async (to: World, { email }: TwoFactorPerson, code: string) =>
  await ask(to, 'POST', '/users/login', { email, password: PASSWORD, code })

describe.each<[string, Record<string, string>, number, number[]]>([
  ['by default', {}, 10, [30, 60, 120, 240, 480, 900, 900, 900]],
  [
    'three failures and a minute',
    { LIMIT_PASSWORD_FAILURES: '3', LIMIT_CODE_FAILURES: '3', LIMIT_PASSWORD_WINDOW: '1m' },
    3,
    [30, 60, 60, 60],
  ],
  [
    'a window below the first wait',
    { LIMIT_PASSWORD_FAILURES: '1', LIMIT_CODE_FAILURES: '1', LIMIT_PASSWORD_WINDOW: '10s' },
    1,
    [10, 10, 10],
  ],
])('the waits double up to the window, and each ends: %s', (_name, settings, limit, waits) => {
  const world = useWorld(settings)

  it('the waits of a password double up to the window, and each ends', async () => {
    const { email } = await person(world())
    await wrong(world(), email, limit, undefined, [v1])
    for (const wanted of waits) {
      const wait = expectTooMany(v1.mount, await v1.attempt(world(), email, PASSWORD))
      expectWait(wait, wanted)
      world().advance(wait * SECOND)
      await wrong(world(), email, 1, undefined, [v1])
    }
    world().advance((waits.at(-1) ?? 0) * SECOND)
    succeeds(v1, await v1.attempt(world(), email, PASSWORD))
    await wrong(world(), email, limit - 1, undefined, [v1])
    succeeds(v1, await v1.attempt(world(), email, PASSWORD))
  })

  it('the waits of a second factor double up to the window, and each ends', async () => {
    const owner = await withTwoFactor(world())
    for (let tried = 0; tried < limit; tried += 1) expect((await giveCode(world(), owner, badCode(owner))).status).toBe(403)
    for (const wanted of waits) {
      const wait = expectTooMany('/users', await giveCode(world(), owner, badCode(owner)))
      expectWait(wait, wanted)
      world().advance(wait * SECOND)
      expect((await giveCode(world(), owner, badCode(owner))).status).toBe(403)
    }
    world().advance((waits.at(-1) ?? 0) * SECOND)
    expect((await giveCode(world(), owner, owner.code())).status).toBe(200)
  })
})

describe('the failures of one password are counted', () => {
  const world = useWorld(TRUSTING)

  it('the failures of one password are counted for a /64 of IPv6 together', async () => {
    const { email } = await person(world())
    const here = ['2001:db8:7:8::1', '2001:DB8:7:8:ffff::2', '2001:0db8:0007:0008:1:2:3:4']
    for (let tried = 0; tried < 10; tried += 1) await wrong(world(), email, 1, from(here[tried % here.length] ?? ''))
    await everyWayIsShut(world(), email, PASSWORD, from('2001:db8:7:8:abcd::'))
    for (const way of signIns) succeeds(way, await way.attempt(world(), email, PASSWORD, from('2001:db8:7:9::1')))
  })

  it('the failures of one password are counted for an IPv4 address alone, also where it is written as IPv6', async () => {
    const { email } = await person(world())
    await wrong(world(), email, 5, from('198.51.100.20'))
    await wrong(world(), email, 5, from('::ffff:198.51.100.20'))
    await everyWayIsShut(world(), email, PASSWORD, from('198.51.100.20'))
    for (const way of signIns) succeeds(way, await way.attempt(world(), email, PASSWORD, from('198.51.100.21')))
  })

  it('the failures of one password are counted for a stranger who never stops: the owner waits nowhere else, and here 15 minutes at most', async () => {
    const { email } = await person(world())
    const stranger = from('192.0.2.200')
    await wrong(world(), email, 10, stranger)
    for (let round = 0; round < 12; round += 1) {
      const wait = expectTooMany(v1.mount, await v1.attempt(world(), email, WRONG, stranger))
      expect(wait * SECOND).toBeLessThanOrEqual(15 * MINUTE)
      world().advance(wait * SECOND)
      await wrong(world(), email, 1, stranger, [v1])
      succeeds(wekan, await wekan.attempt(world(), email, PASSWORD, from('192.0.2.201')))
    }
    world().advance(15 * MINUTE)
    succeeds(v1, await v1.attempt(world(), email, PASSWORD, stranger))
  })
})

describe('attempts of a signed-in account', () => {
  const world = useWorld({ ...TRUSTING, LIMIT_ADDRESS_PER_MINUTE: '5' })

  it('from any number of addresses are four times what one address may make in a minute; no other account waits', async () => {
    const [someone, other] = [await person(world()), await person(world())]
    const prove = async (token: string, host: number) =>
      await graphql(world(), 'reauthenticate', { password: PASSWORD }, { ...from(`203.0.113.${host}`), token })
    for (let host = 1; host <= 20; host += 1)
      expect((await prove(someone.token, host)).body.data.result.__typename).toBe('ReauthenticateSuccess')
    expectTooMany('/graphql', await prove(someone.token, 21))
    expect((await prove(other.token, 21)).body.data.result.__typename).toBe('ReauthenticateSuccess')
    world().advance(MINUTE)
    expect((await prove(someone.token, 21)).body.data.result.__typename).toBe('ReauthenticateSuccess')
  })
})

describe('failures at the same time', () => {
  const world = useWorld()

  it.each([1, 2, 3, 4, 5])('each failure is a step of the wait, also at the same time: round %i', async (round) => {
    const config = readConfig({ LIMIT_PASSWORD_FAILURES: '3', LIMIT_PASSWORD_WINDOW: '1d' })
    const { passwords } = createLimits(config, world().db.pool)
    const name = `ada${round}@example.com`
    const failAtOnce = async (times: number) =>
      await Promise.all(Array.from({ length: times }, async () => await passwords.failed(name, '203.0.113.70')))
    const wait = async () => (await passwords.read([name], '203.0.113.70')).wait / SECOND
    await failAtOnce(8)
    // The third failure closes for 30 s; each further one doubles that.
    expectWait(await wait(), 960)
    await failAtOnce(3)
    expectWait(await wait(), 7_680)
  })
})

if (databaseKind() === 'postgresql')
  describe('two processes on one PostgreSQL count together', () => {
    const LIMIT = 60
    let one: World
    let other: World
    let close: () => Promise<void>
    restoreTimeAfterwards()
    beforeAll(async () => {
      const { url, drop } = await createPostgresDatabase()
      const open = async () => await openDatabase({ url, dataDir: root, root, log: silent })
      const databases = [await open(), await open()] as const
      const settings = { ...TRUSTING, LIMIT_ADDRESS_PER_MINUTE: String(LIMIT) }
      one = await openWorld(settings, { db: databases[0] })
      other = await openWorld(settings, { db: databases[1] })
      close = async () => {
        for (const { close: end } of [one, other, ...databases]) await end()
        await drop()
      }
    }, 60_000)
    afterAll(async () => await close())

    it('failed passwords: five here, five there, and both are shut', async () => {
      const here = from('203.0.113.60')
      const { email } = await person(one)
      for (const world of [one, other]) await wrong(world, email, 5, here)
      for (const world of [one, other]) await everyWayIsShut(world, email, PASSWORD, here)
      const wait = expectTooMany(authentication.mount, await authentication.attempt(other, email, PASSWORD, here))
      other.advance(wait * SECOND)
      for (const world of [one, other]) succeeds(v1, await v1.attempt(world, email, PASSWORD, here))
    })

    it('a right password here sets the count back there', async () => {
      const here = from('203.0.113.61')
      const { email } = await person(one)
      await wrong(one, email, 9, here)
      succeeds(v1, await v1.attempt(other, email, PASSWORD, here))
      await wrong(one, email, 9, here)
      succeeds(v1, await v1.attempt(one, email, PASSWORD, here))
    })

    it('a burst at both gets 10, and those that the other cores of both had begun', async () => {
      const here = from('203.0.113.62')
      const { email } = await person(one)
      const burst = Array.from({ length: LIMIT / 2 }, () => [one, other]).flat()
      const answers = await Promise.all(burst.map((world) => v1.attempt(world, email, WRONG, here)))
      const tried = answers.filter(({ status }) => status === 401).length
      expect(answers.filter(({ status }) => status === 429).length).toBe(LIMIT - tried)
      expect(tried).toBeGreaterThanOrEqual(10)
      expect(tried).toBeLessThan(10 + 2 * availableParallelism())
    })

    it('attempts of one address', async () => {
      const here = from('203.0.113.63')
      for (let tried = 0; tried < LIMIT; tried += 1)
        expect((await ask(tried % 2 === 0 ? one : other, 'POST', '/auth/refresh-tokens', { refreshToken: 'x' }, here)).status).toBe(401)
      for (const world of [one, other])
        expectTooMany('/auth', await ask(world, 'POST', '/auth/refresh-tokens', { refreshToken: 'x' }, here))
    })

    it('two processes on one PostgreSQL count wrong codes together', async () => {
      const owner = await withTwoFactor(one)
      for (let tried = 0; tried < 10; tried += 1)
        expect((await giveCode(tried % 2 === 0 ? one : other, owner, badCode(owner))).status).toBe(403)
      for (const world of [one, other]) expectTooMany('/users', await giveCode(world, owner, badCode(owner)))
    })

    it('two processes on one PostgreSQL count reset mails together', async () => {
      const { email } = await person(one)
      for (const world of [one, other, one, other]) await graphql(world, 'requestPasswordReset', { email }, from('203.0.113.64'))
      expect([...one.mails, ...other.mails].filter(({ to, subject }) => to === email && subject.startsWith('Reset'))).toHaveLength(3)
    })
  })
