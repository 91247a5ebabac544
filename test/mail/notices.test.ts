/**
 * What the owner of an account is mailed without having asked: a sign-in from a new device, a recovery code that was used.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Domain } from '../../src/domain/frame/domain.ts'
import { deleteExpired } from '../../src/jobs/deleteExpired.ts'
import { silent } from '../../src/tools/silent.ts'
import { adminToken, mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person, unique, verifiedWithTwoFactor, verify } from '../support/accounts.ts'
import { clock } from '../support/clock.ts'
import { type Answer, useWorld, type World } from '../support/world.ts'
import { DAY } from './support.ts'

const TRUSTING = { TRUSTED_PROXIES: 'loopback' }
const world = useWorld(TRUSTING)
beforeAll(async () => void (await admin(world())))

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const NEWER_FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:152.1) Gecko/20100101 Firefox/152.1'
const PHONE = 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0'

interface Device {
  readonly agent: string
  readonly address: string
}
const HOME: Device = { agent: FIREFOX, address: '198.51.100.7' }

const signInFrom = async ({ agent, address }: Device, login: object, on: World = world()): Promise<Answer> =>
  await on.request('POST', '/v1/auth/login', { json: login, headers: { 'user-agent': agent, 'x-forwarded-for': address } })
const enter = async (device: Device, { email }: Person, on: World = world()): Promise<number> =>
  (await signInFrom(device, { email, password: PASSWORD }, on)).status
const newsFor = ({ email }: Pick<Person, 'email'>, on: World = world()) =>
  on.mails.filter(({ to, subject }) => to === email && subject === 'New sign-in to your account')
/** A person whose one known device is HOME. */
const atHome = async (on: World = world()): Promise<Person> => {
  const email = `home${unique()}@example.com`
  const names = { firstName: 'Ada', lastName: 'King' }
  const { body } = await on.post('/v1/auth/signup', { email, ...names, password: PASSWORD, passwordConfirmation: PASSWORD })
  const made = { id: body.id, email, username: '', password: PASSWORD, token: '', refreshToken: '' }
  await verify(on, made)
  expect(await enter(HOME, made, on)).toBe(200)
  return made
}
const signInsOf = async ({ id }: Person, on: World = world()) =>
  (await on.db.client.auditEvent.findMany({ where: { userId: id, type: 'session.signed_in' }, orderBy: { seq: 'asc' } })).map(
    ({ details }) => (details as { newDevice?: boolean }).newDevice ?? false,
  )

describe('a sign-in', () => {
  it('a sign-in from the first device of an account is no news, however the account was made', async () => {
    const signedUp = await person(world())
    const waiting = await atHome()
    const email = `made${unique()}@example.com`
    const { body } = await world().post('/v1/users', { name: 'Ada', email, password: PASSWORD }, await adminToken(world()))
    const made = { ...signedUp, id: body.id, email }
    expect(await enter(HOME, made)).toBe(200)
    for (const someone of [signedUp, waiting, made]) expect(newsFor(someone)).toEqual([])
    expect(await signInsOf(made)).toEqual([false])
  })

  it.each<[string, Device, boolean]>([
    ['the same device', HOME, false],
    ['a newer version of the program', { ...HOME, agent: NEWER_FIREFOX }, false],
    ['another address of the network', { ...HOME, address: '198.51.3.250' }, false],
    ['another network', { ...HOME, address: '198.52.100.7' }, true],
    ['another program', { ...HOME, agent: PHONE }, true],
    ['an IPv6 network', { ...HOME, address: '2001:db8:1:2::3' }, true],
    ['no program that it names', { ...HOME, agent: '' }, true],
  ])('a sign-in from %s: %j, is it news? %j', async (_what, device, news) => {
    const someone = await atHome()
    expect(await enter(device, someone)).toBe(200)
    expect(newsFor(someone)).toHaveLength(news ? 1 : 0)
    expect(await signInsOf(someone)).toEqual([false, news])
    expect(await enter(device, someone)).toBe(200)
    expect(newsFor(someone)).toHaveLength(news ? 1 : 0)
  })

  it('a sign-in from two addresses of one IPv6 /32 is one device', async () => {
    const someone = await atHome()
    for (const address of ['2001:db8:1:2::3', '2001:db8:ffff::1']) await enter({ ...HOME, address }, someone)
    expect(newsFor(someone)).toHaveLength(1)
    await enter({ ...HOME, address: '2001:db9::1' }, someone)
    expect(newsFor(someone)).toHaveLength(2)
  })

  it('a sign-in is mailed with its time, address and program, and without a word of a stranger', async () => {
    const someone = await atHome()
    const agent = 'Firefox/1 Windows. Your account is locked! Open http://evil.example'
    await enter({ address: '203.0.113.9', agent }, someone)
    const [mail] = newsFor(someone)
    expect(mail?.text).toContain('Address: 203.0.113.9\nProgram: Firefox, Windows\nThrough: ')
    expect(mail?.text).toMatch(/^Time: .*\d\d:\d\d UTC$/m)
    expect(mail?.text).toContain('If this was not you')
    expect(mail?.text).not.toMatch(/evil|locked/)
  })

  it('a sign-in that fails is not mailed, nor one that waits for its second factor until it has it', async () => {
    const someone = await verifiedWithTwoFactor(world())
    const device = { ...HOME, agent: PHONE }
    await signInFrom(device, { email: someone.email, password: 'not mine' })
    const { body } = await signInFrom(device, { email: someone.email, password: PASSWORD })
    expect(newsFor(someone)).toEqual([])
    const json = { loginCode: body.loginCode, code: someone.code() }
    const headers = { 'user-agent': device.agent, 'x-forwarded-for': device.address }
    expect((await world().request('POST', '/v1/auth/verify-totp', { json, headers })).status).toBe(200)
    expect(newsFor(someone)).toHaveLength(1)
  })

  it('many sign-ins at once from one new device are mailed once', async () => {
    const someone = await atHome()
    const device = { ...HOME, agent: PHONE }
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => await enter(device, someone)))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(newsFor(someone)).toHaveLength(1)
    expect((await signInsOf(someone)).filter(Boolean)).toHaveLength(1)
  })

  it('a sign-in from a device that was not seen for 180 days is mailed again', async () => {
    const someone = await atHome()
    const phone = { ...HOME, agent: PHONE }
    const keepHouse = async () =>
      await deleteExpired({ db: world().db.client, clock, config: world().config, log: silent, lastSeen: { lateness: 0 } } as Domain)
    await enter(phone, someone)
    world().advance(179 * DAY)
    await keepHouse()
    await enter(phone, someone)
    expect(newsFor(someone)).toHaveLength(1)
    world().advance(2 * DAY)
    await keepHouse()
    await enter(phone, someone)
    expect(newsFor(someone)).toHaveLength(1)
    await enter(HOME, someone)
    expect(newsFor(someone)).toHaveLength(2)
  })

  it('a sign-in of an account without an address is mailed to nobody', async () => {
    const username = `bare${unique()}`
    await world().post('/users/register', { username, password: PASSWORD })
    const before = world().mails.length
    const headers = { 'user-agent': PHONE, 'x-forwarded-for': HOME.address }
    expect((await world().request('POST', '/users/login', { json: { username, password: PASSWORD }, headers })).status).toBe(200)
    expect(world().mails).toHaveLength(before)
  })
})

describe('with NEW_DEVICE_NOTICE=false', () => {
  const quiet = useWorld({ ...TRUSTING, NEW_DEVICE_NOTICE: 'false' })

  it('a sign-in from a new device is an event and no mail', async () => {
    const someone = await atHome(quiet())
    await enter({ ...HOME, agent: PHONE }, someone, quiet())
    expect(quiet().mails).toEqual([])
    expect(await signInsOf(someone, quiet())).toEqual([false, true])
  })
})

describe('a recovery code that was used', () => {
  const reported = (email: string) =>
    world()
      .mails.filter(({ to, subject }) => to === email && subject === 'A recovery code was used')
      .map(({ text }) => /You have (\d+) recovery codes? left/.exec(text)?.[1])

  it('the use of a recovery code is mailed with the number of those that are left, wherever it was used', async () => {
    const { email, token, recoveryCodes } = await verifiedWithTwoFactor(world())
    const [first, second, third] = recoveryCodes
    expect((await mutate(world(), 'signIn', { identifier: email, password: PASSWORD, code: first })).__typename).toBe('SignInSuccess')
    expect((await mutate(world(), 'reauthenticate', { password: PASSWORD, code: second }, token)).__typename).toBe('ReauthenticateSuccess')
    expect(reported(email)).toEqual(['9', '8'])
    expect((await world().post('/v1/security/twofactor-disable', { code: third }, token)).status).toBe(200)
    expect(reported(email)).toEqual(['9', '8', '7'])
  })

  it('a recovery code that was used before, or that does not exist, is not mailed', async () => {
    const { email, recoveryCodes } = await verifiedWithTwoFactor(world())
    const attempt = async (code: string | undefined) => await mutate(world(), 'signIn', { identifier: email, password: PASSWORD, code })
    await attempt(recoveryCodes[0])
    expect((await attempt(recoveryCodes[0])).code).toBe('INVALID_TWO_FACTOR_CODE')
    expect((await attempt('AAAA-BBBBB-CCCCC')).code).toBe('INVALID_TWO_FACTOR_CODE')
    expect(reported(email)).toEqual(['9'])
  })

  it('a recovery code that is used 10 times at once is mailed once', async () => {
    const { id, email, recoveryCodes } = await verifiedWithTwoFactor(world())
    const code = recoveryCodes[0]
    await Promise.all(
      Array.from({ length: 9 }, async () => await mutate(world(), 'signIn', { identifier: email, password: PASSWORD, code })),
    )
    expect(reported(email)).toEqual(['9'])
    const events = await world().db.client.auditEvent.findMany({ where: { userId: id, type: 'two_factor.recovery_code_used' } })
    expect(events.map(({ details }) => details)).toEqual([{ left: 9 }])
  })
})
