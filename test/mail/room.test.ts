/**
 * The outbox is a queue that strangers fill: it takes so many entries of one client, and so many in all. What does not fit is refused
 * before anything is looked up, or goes without a mail; what an owner has to know is gathered.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Deliver, Mail } from '../../src/domain/base/ports.ts'
import type { Domain } from '../../src/domain/frame/domain.ts'
import { deleteExpired } from '../../src/jobs/deleteExpired.ts'
import { silent } from '../../src/tools/silent.ts'
import { mutate } from '../graphql/ask.ts'
import { PASSWORD, type Person, person, unique, verifiedPerson } from '../support/accounts.ts'
import { clock, restoreTimeAfterwards } from '../support/clock.ts'
import { type Answer, openWorld, type World } from '../support/world.ts'
import { later, MINUTE } from './support.ts'

restoreTimeAfterwards()

const HERE = '198.51.100.7'
const THERE = '203.0.113.9'

let world: World
/** Whether mails can be sent. */
let isAway: boolean
let sent: Mail[]
let someone: Person
let owner: Person

const deliver: Deliver = async (mail) => {
  if (isAway) return { outcome: 'unavailable', reason: 'ESOCKET' }
  sent.push(mail)
  return { outcome: 'delivered' }
}

/** Fills the outbox, whose mail server is away, with one mail for the owner. */
beforeEach(async () => {
  isAway = true
  sent = []
  const settings = { TRUSTED_PROXIES: 'loopback', LIMIT_OUTBOX: '6', LIMIT_OUTBOX_PER_ADDRESS: '4', FORGET_PASSWORD_DISCLOSES: 'false' }
  world = await openWorld(settings, { deliver })
  someone = await person(world)
  owner = await verifiedPerson(world)
  await mutate(world, 'changePassword', { oldPassword: PASSWORD, newPassword: 'another good one' }, owner.token)
  expect(await waiting()).toBe(1)
})
afterEach(async () => await world.close())

const waiting = async (): Promise<number> => await world.db.client.outboxEntry.count({ where: { failedAt: null } })
const forget = async (email: string, from: string, path = '/auth/forgot-password'): Promise<Answer> =>
  await world.request('POST', path, { json: { email }, headers: { 'x-forwarded-for': from } })
const fill = async (): Promise<void> => {
  for (const [count, from] of [
    [3, HERE],
    [2, THERE],
  ] as const)
    for (let number = 0; number < count; number += 1) expect((await forget(`nobody${unique()}@example.com`, from)).status).toBe(200)
}

describe('one client', () => {
  beforeEach(async () => {
    for (let number = 0; number < 4; number += 1) expect((await forget(`nobody${number}@example.com`, HERE)).status).toBe(200)
  })

  it('one client has so many entries waiting; beyond, each surface says 429, for whomever a reset is asked for', async () => {
    for (const path of ['/auth/forgot-password', '/v1/security/forget-password'])
      for (const email of ['nobody@example.com', someone.email, owner.email]) {
        const { status, headers } = await forget(email, HERE, path)
        expect([status, headers.get('retry-after')]).toEqual([429, '60'])
      }
    expect(await waiting()).toBe(5)
  })

  it('one client takes no room from another one', async () => {
    expect((await forget(someone.email, THERE)).status).toBe(200)
    expect(await waiting()).toBe(6)
  })

  it('one client has room again when the mail server is back', async () => {
    isAway = false
    await later(world, MINUTE)
    expect(await waiting()).toBe(0)
    expect((await forget(someone.email, HERE)).status).toBe(200)
    expect(sent.map(({ subject }) => subject).sort()).toEqual(['Reset your password', 'Your password was changed'])
  })
})

describe('a full outbox', () => {
  it('a full outbox is answered by 503 with Retry-After on each surface, for whomever a reset is asked for', async () => {
    await fill()
    for (const path of ['/auth/forgot-password', '/v1/security/forget-password'])
      for (const email of ['nobody@example.com', someone.email]) {
        const { status, headers } = await forget(email, THERE, path)
        expect([status, headers.get('retry-after')]).toEqual([503, '60'])
      }
    expect((await mutate(world, 'requestPasswordReset', { email: someone.email })).code).toBe('OVERLOADED')
    expect(await waiting()).toBe(6)
  })

  it('a full outbox refuses a verification and a change of address that were asked for, and changes nothing', async () => {
    await fill()
    expect((await mutate(world, 'requestEmailVerification', undefined, someone.token)).code).toBe('OVERLOADED')
    expect((await mutate(world, 'changeEmail', { email: 'new@example.com' }, someone.token)).code).toBe('OVERLOADED')
    expect(await world.db.client.mailToken.count()).toBe(0)
  })

  it('a full outbox keeps what an owner has to know, which is sent when there is room', async () => {
    await fill()
    await mutate(world, 'changePassword', { oldPassword: 'another good one', newPassword: PASSWORD }, owner.token)
    await mutate(world, 'changePassword', { oldPassword: PASSWORD, newPassword: 'another good one' }, owner.token)
    expect(await world.db.client.gatheredNotice.findMany()).toMatchObject([{ name: 'passwordChanged', times: 2 }])
    isAway = false
    await later(world, MINUTE)
    expect(sent.map(({ to, subject }) => [to, subject]).sort()).toEqual([
      [owner.email, 'What happened to your account'],
      [owner.email, 'Your password was changed'],
    ])
    expect(sent.some(({ text }) => /^Password changed: 2 times, /m.test(text))).toBe(true)
    expect(await waiting()).toBe(0)
  })
})

it('a sign-up goes on without its mail where there is no room for one', async () => {
  const own = await openWorld({ VERIFY_EMAIL: 'true', LIMIT_OUTBOX: '2' }, { deliver })
  const emails = [1, 2, 3].map((number) => `full${number}@example.com`)
  for (const email of emails) {
    const json = { name: 'Ada', email, password: PASSWORD, confirm: PASSWORD }
    expect((await own.post('/auth/register', json)).status).toBe(201)
  }
  expect(await own.db.client.outboxEntry.count()).toBe(2)
  expect(await own.db.client.auditEvent.count({ where: { type: 'email.verification_requested' } })).toBe(2)
  isAway = false
  await later(own, MINUTE)
  expect(sent.map(({ to }) => to).sort()).toEqual(emails.slice(0, 2))
  await own.close()
})

it('of mails that were given up, the newest 10,000 are kept', async () => {
  await world.db.client.$executeRaw`
    INSERT INTO outbox (id, kind, created_at, expires_at, next_attempt_at, failed_at, last_error)
    SELECT 'old' || number, 'mail', now(), now(), now(), now() - number * interval '1 second', 'EENVELOPE 550' FROM generate_series(1, 12345) AS number`
  const domain = { db: world.db.client, clock, config: world.config, log: silent, lastSeen: { lateness: 0 } } as Domain
  await deleteExpired(domain)
  const kept = await world.db.client.outboxEntry.findMany({ where: { failedAt: { not: null } }, select: { id: true } })
  expect(kept).toHaveLength(10_000)
  expect(kept.map(({ id }) => id)).toContain('old1')
  expect(kept.map(({ id }) => id)).not.toContain('old12345')
})

it('shares of mailboxes are forgotten when they count no more', async () => {
  const domain = { db: world.db.client, clock, config: world.config, log: silent, lastSeen: { lateness: 0 } } as Domain
  expect(await world.db.client.mailShare.count()).toBe(1)
  world.advance(59 * MINUTE)
  await deleteExpired(domain)
  expect(await world.db.client.mailShare.count()).toBe(1)
  world.advance(2 * MINUTE)
  await deleteExpired(domain)
  expect(await world.db.client.mailShare.count()).toBe(0)
})
