/**
 * Wrong passwords in a row for one account, whatever the address: after 100 only a client that the account knows, a reset by mail or
 * an administrator gets another one looked at, and an outsider cannot tell an account from nobody, nor its username from its address.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { adminToken, mailedToken } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person, unique, verifiedPerson, withTwoFactor } from '../support/accounts.ts'
import { databaseKind } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { type Answer, openWorld, useWorld, type World } from '../support/world.ts'
import { ask, expectTooMany, from, graphql, SECOND, signIns, succeeds, TRUSTING, type Way, WRONG, wrong } from './attempts.ts'

const HOUR = 3_600 * SECOND
const [, wekan, v1] = signIns as [Way, Way, Way]
/** Where all accounts of the tests sign up. */
const HOME = from('127.0.0.1')

let addresses = 0
/** An address in a network that no account signs in from, and that was not used before. */
const elsewhere = () => {
  addresses += 1
  return from(`10.${100 + Math.floor(addresses / 62_500)}.${Math.floor(addresses / 250) % 250}.${addresses % 250}`)
}
const plain = ({ status, body, headers }: Answer) => ({ status, body: { ...body, request_id: '' }, retryAfter: headers.get('retry-after') })
const wrongFromAll = async (world: World, identifier: string, count: number) => {
  for (let tried = 0; tried < count; tried += 1) await wrong(world, identifier, 1, elsewhere(), [v1])
}
const tried = async (world: World, identifier: string, password: string, send = elsewhere()) =>
  (await v1.attempt(world, identifier, password, send)).status

describe('by default', () => {
  const world = useWorld(TRUSTING)
  beforeAll(async () => void (await admin(world())))

  it('100 are answered, and from then on the right password as well waits elsewhere, longer each time', async () => {
    expect(readConfig({}).LIMIT_PASSWORD_FAILURES_HARD).toBe(100)
    const { email } = await person(world())
    await wrongFromAll(world(), email, 100)
    const waits: number[] = []
    for (let more = 0; more < 7; more += 1)
      waits.push(expectTooMany(v1.mount, await v1.attempt(world(), email, more % 2 === 0 ? PASSWORD : WRONG, elsewhere())))
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900])
    for (const way of signIns.slice(1)) expectTooMany(way.mount, await way.attempt(world(), email, PASSWORD, elsewhere()))
    for (const way of signIns.slice(1)) succeeds(way, await way.attempt(world(), email, PASSWORD, HOME))
  }, 60_000)
})

describe('after 12 in a row', () => {
  const HARD = 12
  const world = useWorld({ ...TRUSTING, LIMIT_PASSWORD_FAILURES_HARD: String(HARD) })
  let owner: Person
  beforeAll(async () => void (await admin(world())))
  beforeEach(async () => {
    owner = await person(world())
    await wrongFromAll(world(), owner.email, HARD)
  })

  it('the owner at a device that the account knows is never locked out, and sets the count back', async () => {
    expect(await tried(world(), owner.email, PASSWORD)).toBe(429)
    expect(await tried(world(), owner.email, WRONG, HOME)).toBe(401)
    expect(await tried(world(), owner.email, PASSWORD, HOME)).toBe(200)
    expect(await tried(world(), owner.email, PASSWORD)).toBe(200)
  })

  it('a sign-in of the owner says nothing after 12 wrong passwords in a row: a wrong one elsewhere is answered as before', async () => {
    const before = plain(await v1.attempt(world(), owner.email, WRONG, elsewhere()))
    expect(await tried(world(), owner.email, PASSWORD, HOME)).toBe(200)
    const after = plain(await v1.attempt(world(), owner.email, WRONG, elsewhere()))
    expect([before.status, after.status, before.retryAfter, after.retryAfter]).toEqual([429, 429, '30', '60'])
    expect(after.body).toEqual(before.body)
  })

  it('the same program at another address is not known, nor another program at the same', async () => {
    const other = { headers: { ...HOME.headers, 'user-agent': 'curl/8.5.0' } }
    expect(await tried(world(), owner.email, PASSWORD, other)).toBe(429)
    expect(await tried(world(), owner.email, PASSWORD, from('127.0.77.1'))).toBe(429)
    expect(await tried(world(), owner.email, PASSWORD, HOME)).toBe(200)
  })

  it('each address that the owner signed in from is known', async () => {
    expect(await tried(world(), owner.email, PASSWORD, HOME)).toBe(200)
    expect(await tried(world(), owner.email, PASSWORD, from('127.0.77.2'))).toBe(200)
    await wrongFromAll(world(), owner.username, HARD)
    expect(await tried(world(), owner.username, PASSWORD, HOME)).toBe(200)
    for (let count = 0; count < HARD; count += 1) await tried(world(), owner.email, WRONG)
    expect(await tried(world(), owner.email, PASSWORD)).toBe(429)
    expect(await tried(world(), owner.username, PASSWORD, from('127.0.77.2'))).toBe(200)
  })

  it('a finished reset sets it back, from every address', async () => {
    await world().post('/auth/forgot-password', { email: owner.email })
    const password = 'another password'
    const token = mailedToken(world(), owner.email)
    expect((await ask(world(), 'POST', '/v1/security/reset-password', { token, password }, elsewhere())).status).toBe(200)
    expect(await tried(world(), owner.email, password)).toBe(200)
  })

  it('a device that signed in after a change which the owner took back is not known any more', async () => {
    const someone = await verifiedPerson(world())
    const stolen = (await v1.attempt(world(), someone.email, PASSWORD, HOME)).body.token
    const thief = from('127.0.88.1')
    const email = `thief${unique()}@example.com`
    const moved = await ask(world(), 'PUT', '/v1/account/change-email', { email }, { ...thief, token: stolen })
    expect(moved.status).toBe(200)
    expect(await tried(world(), someone.username, PASSWORD, thief)).toBe(200)
    const newPassword = 'another password'
    const { body } = await graphql(world(), 'undoAccountChange', { token: mailedToken(world(), someone.email), newPassword }, HOME)
    expect(body.data.result.__typename).toBe('UndoAccountChangeSuccess')
    await wrongFromAll(world(), someone.email, HARD)
    expect(await tried(world(), someone.email, newPassword, thief)).toBe(429)
    expect(await tried(world(), someone.email, newPassword, HOME)).toBe(200)
  })

  it('an administrator who lets the account sign in sets it back', async () => {
    const { body } = await graphql(world(), 'setLoginEnabled', { id: owner.id, enabled: true }, { token: await adminToken(world()) })
    expect(body.data.result.__typename).toBe('SetLoginEnabledSuccess')
    expect(await tried(world(), owner.email, PASSWORD)).toBe(200)
  })

  it('nobody else does: neither an administrator who forbids it, nor time', async () => {
    world().advance(400 * 24 * HOUR)
    expect(await tried(world(), owner.email, PASSWORD)).toBe(401)
    await graphql(world(), 'setLoginEnabled', { id: owner.id, enabled: false }, { token: await adminToken(world()) })
    expect(await tried(world(), owner.email, PASSWORD)).toBe(401)
  })

  it('what was typed is forgotten a day after the last wrong one, not before', async () => {
    world().advance(23 * HOUR)
    expect(await tried(world(), owner.email, PASSWORD)).toBe(429)
    world().advance(23 * HOUR)
    expect(await tried(world(), owner.email, PASSWORD)).toBe(429)
    world().advance(24 * HOUR + SECOND)
    expect(await tried(world(), owner.email, PASSWORD)).toBe(401)
    expect(await tried(world(), owner.email, PASSWORD, HOME)).toBe(200)
  })

  it('the other name of the account is answered as if nothing had been, and no password is looked at', async () => {
    expect(await tried(world(), owner.username, WRONG)).toBe(401)
    expect(await tried(world(), owner.username, PASSWORD)).toBe(401)
    await wrongFromAll(world(), owner.username, HARD - 2)
    expect(await tried(world(), owner.username, PASSWORD)).toBe(429)
    expect(await tried(world(), owner.username, PASSWORD, HOME)).toBe(200)
  })

  it('a proof within a session elsewhere is refused, and at the known device it is taken', async () => {
    const send = { ...elsewhere(), token: owner.token }
    const waits: number[] = []
    for (const again of [1, 2]) {
      expect(again).toBeGreaterThan(0)
      waits.push(expectTooMany('/graphql', await graphql(world(), 'reauthenticate', { password: PASSWORD }, send)))
    }
    expect(waits).toEqual([30, 60])
    const { body } = await graphql(world(), 'reauthenticate', { password: PASSWORD }, { ...HOME, token: owner.token })
    expect(body.data.result.__typename).toBe('ReauthenticateSuccess')
    expect(await tried(world(), owner.email, PASSWORD)).toBe(200)
  })

  it('nobody is answered as somebody, step by step, on every surface', async () => {
    const nobody = `nobody${unique()}@example.com`
    await wrongFromAll(world(), nobody, HARD)
    for (const way of signIns) {
      const [one, other] = [
        await way.attempt(world(), owner.email, WRONG, elsewhere()),
        await way.attempt(world(), nobody, WRONG, elsewhere()),
      ]
      expect(plain(one)).toEqual(plain(other))
      expectTooMany(way.mount, one)
    }
    world().advance(25 * HOUR)
    expect(plain(await v1.attempt(world(), owner.email, WRONG, elsewhere()))).toEqual(
      plain(await v1.attempt(world(), nobody, WRONG, elsewhere())),
    )
  })
})

describe('the count', () => {
  const HARD = 12
  const world = useWorld({ ...TRUSTING, LIMIT_PASSWORD_FAILURES_HARD: String(HARD) })
  beforeAll(async () => void (await admin(world())))
  const failuresOf = async ({ id }: Person) => (await world().db.client.user.findUniqueOrThrow({ where: { id } })).passwordFailures

  it('the count of wrong passwords is of those in a row: a right password elsewhere sets it back as well', async () => {
    const owner = await person(world())
    await wrongFromAll(world(), owner.email, HARD - 1)
    expect(await tried(world(), owner.username, PASSWORD)).toBe(200)
    await wrongFromAll(world(), owner.username, HARD - 1)
    expect(await tried(world(), owner.username, PASSWORD)).toBe(200)
  })

  it('the count of wrong passwords is that of the account, over its names and its proofs', async () => {
    const owner = await withTwoFactor(world())
    await wrongFromAll(world(), owner.email, 3)
    await wrongFromAll(world(), owner.username, 3)
    const token = { token: owner.token }
    const change = { oldPassword: WRONG, newPassword: 'another password' }
    expect((await graphql(world(), 'changePassword', change, { ...elsewhere(), ...token })).body.data.result.code).toBe('WRONG_PASSWORD')
    expect(
      (await graphql(world(), 'reauthenticate', { password: WRONG, code: '1' }, { ...elsewhere(), ...token })).body.data.result.code,
    ).toBe('WRONG_PASSWORD')
    expect(
      (await graphql(world(), 'disableTwoFactor', { proof: { password: WRONG } }, { ...elsewhere(), ...token })).body.data.result.code,
    ).toBe('WRONG_PASSWORD')
    expect(await failuresOf(owner)).toBe(9)
    const off = { ...HOME, ...token }
    expect((await graphql(world(), 'disableTwoFactor', { proof: { password: PASSWORD } }, off)).body.data.result.__typename).toBe(
      'DisableTwoFactorSuccess',
    )
    expect(await failuresOf(owner)).toBe(0)
  })

  it('the count by proofs is apart from that of what was typed: who stands outside is answered as before', async () => {
    const owner = await person(world())
    const prove = async () =>
      (await graphql(world(), 'reauthenticate', { password: WRONG }, { ...elsewhere(), token: owner.token })).body.data.result.code
    for (let count = 0; count < HARD; count += 1) expect(await prove()).toBe('WRONG_PASSWORD')
    expect(await prove()).toBe('TOO_MANY_REQUESTS')
    expect([await tried(world(), owner.email, WRONG), await tried(world(), owner.email, PASSWORD)]).toEqual([401, 401])
    expect(await tried(world(), owner.email, PASSWORD, HOME)).toBe(200)
  })

  it('the count of strangers with the same program in the same network is not that of the owner', async () => {
    const owner = await person(world())
    const neighbour = (at: number) => from(`127.0.${at}.7`)
    for (let count = 1; count <= HARD; count += 1) expect(await tried(world(), owner.email, WRONG, neighbour(count))).toBe(401)
    expect(await tried(world(), owner.email, PASSWORD, neighbour(99))).toBe(429)
    expect(await tried(world(), owner.email, PASSWORD, HOME)).toBe(200)
  })

  it('the count of wrong passwords of a known client ends what it may, but for one look in each wait, which grows', async () => {
    const owner = await person(world())
    const [names, window] = [[owner.email, owner.username], 900 * SECOND]
    for (let count = 0; count < HARD; count += 1) expect(await tried(world(), names[count % 2] as string, WRONG, HOME)).toBe(401)
    expect(await tried(world(), owner.email, WRONG, HOME)).toBe(401)
    expect(await tried(world(), owner.email, PASSWORD, HOME)).toBe(401)
    world().advance(31 * SECOND)
    expect(await tried(world(), owner.username, WRONG, HOME)).toBe(401)
    world().advance(31 * SECOND)
    expect(await tried(world(), owner.username, PASSWORD, HOME)).toBe(401)
    world().advance(window)
    expect(await tried(world(), owner.email, PASSWORD, HOME)).toBe(200)
    expect(await tried(world(), owner.username, WRONG, HOME)).toBe(401)
    expect(await tried(world(), owner.username, PASSWORD, HOME)).toBe(200)
  })

  it.skipIf(!isFullSize)(
    'the count of wrong passwords is that of a hundred clients at most, those that were used last',
    async () => {
      const owner = await person(world())
      for (let at = 1; at <= 101; at += 1) {
        world().advance(SECOND)
        expect(await tried(world(), owner.email, PASSWORD, from(`127.0.3.${at}`))).toBe(200)
      }
      expect(await world().db.client.knownClient.count({ where: { userId: owner.id } })).toBe(100)
      await wrongFromAll(world(), owner.username, HARD)
      expect(await tried(world(), owner.email, PASSWORD, from('127.0.3.1'))).toBe(401)
      expect(await tried(world(), owner.email, PASSWORD, from('127.0.3.2'))).toBe(200)
    },
    30_000,
  )

  it('the count of wrong passwords of a known client is set back by a reset, as that of the account', async () => {
    const owner = await verifiedPerson(world())
    const names = [owner.email, owner.username]
    for (let count = 0; count <= HARD; count += 1) expect(await tried(world(), names[count % 2] as string, WRONG, HOME)).toBe(401)
    expect(await tried(world(), owner.username, PASSWORD, HOME)).toBe(401)
    await world().post('/auth/forgot-password', { email: owner.email })
    const password = 'another password'
    await world().post(`/auth/reset-password?token=${mailedToken(world(), owner.email)}`, { password })
    await wrongFromAll(world(), `${owner.username} `, HARD - 7)
    expect(await tried(world(), owner.username, password, HOME)).toBe(200)
  })

  it('the count of wrong passwords of what was typed is kept as a hash, and deleted when it has ended', async () => {
    const nobody = `nobody${unique()}@example.com`
    await wrongFromAll(world(), nobody, 1)
    const rows = await world().db.client.typedFailure.findMany()
    for (const { typed } of rows) expect(typed).toMatch(/^[\w-]{43}$/)
    world().advance(24 * HOUR + SECOND)
    const { deleteExpired } = await import('../../src/jobs/deleteExpired.ts')
    const { clock } = await import('../support/clock.ts')
    await deleteExpired({ db: world().db.client, clock, config: world().config, log: console, lastSeen: { lateness: 0 } } as never)
    expect(await world().db.client.typedFailure.count()).toBe(0)
  })
})

describe('of IPv6, four times as much as of a /64 is counted for its /48', () => {
  const world = useWorld({ ...TRUSTING, LIMIT_ADDRESS_PER_MINUTE: '20' })
  let subnets = 0
  const subnet = (network: string) => {
    subnets += 1
    return from(`${network}:${subnets.toString(16)}::1`)
  }

  it('40 wrong passwords; a device that the account knows goes on', async () => {
    const away = await openWorld(TRUSTING, { db: world().db })
    const { email } = await person(away)
    const tablet = { headers: { 'x-forwarded-for': '2001:db8:1:ffff::1', 'user-agent': 'Tablet' } }
    succeeds(wekan, await wekan.attempt(away, email, PASSWORD, tablet))
    for (let count = 0; count < 40; count += 1) await wrong(away, email, 1, subnet('2001:db8:1'), [v1])
    expect(expectTooMany(v1.mount, await v1.attempt(away, email, PASSWORD, subnet('2001:db8:1')))).toBeGreaterThan(20)
    succeeds(v1, await v1.attempt(away, email, PASSWORD, { headers: { ...tablet.headers, 'x-forwarded-for': '2001:db8:1:ffff::2' } }))
    succeeds(v1, await v1.attempt(away, email, PASSWORD, subnet('2001:db8:2')))
    await away.close()
  }, 60_000)

  it('attempts in a minute', async () => {
    const refresh = async (send: ReturnType<typeof from>) =>
      (await ask(world(), 'POST', '/auth/refresh-tokens', { refreshToken: 'x' }, send)).status
    for (let count = 0; count < 80; count += 1) expect(await refresh(subnet('2001:db8:3'))).toBe(401)
    expect(await refresh(subnet('2001:db8:3'))).toBe(429)
    expect(await refresh(subnet('2001:db8:4'))).toBe(401)
    for (let count = 0; count < 20; count += 1) expect(await refresh(from('192.0.2.77'))).toBe(401)
    expect(await refresh(from('192.0.2.77'))).toBe(429)
  }, 60_000)
})

if (databaseKind() === 'postgresql')
  it.skipIf(!isFullSize)(
    'wrong ones in parallel with sign-ins of the owner at the same device end in no deadlock',
    async () => {
      const world = await openWorld({ ...TRUSTING, LIMIT_PASSWORD_FAILURES: '1000000', LIMIT_PASSWORD_FAILURES_HARD: '1000000' })
      const { email } = await person(world)
      const both = Array.from({ length: 60 }, (_, at) =>
        [WRONG, PASSWORD].map((password) => tried(world, email, password, from(`127.0.0.${at + 1}`))),
      )
      const statuses = (await Promise.all(both.flat())).sort()
      expect([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 401).length]).toEqual([60, 60])
      expect(world.logs.filter(({ level }) => level === 'error')).toEqual([])
      await world.close()
    },
    60_000,
  )
