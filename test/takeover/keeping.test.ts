/**
 * What is kept for an undo: the secret of the authenticator moves to a new SECRET_KEY with the others, and what is over is deleted, so
 * that the address is free.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, it, vi } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { PASSWORD, totp, unique, verifiedPerson } from '../support/accounts.ts'
import { restoreTimeAfterwards } from '../support/clock.ts'
import { useDatabase } from '../support/database.ts'
import { openWorld, type World } from '../support/world.ts'
import { changeEmail, DISABLE, NEW, undo, undoLinks } from './support.ts'

const A = 'the first secret key, which is long enough'
const B = 'the second secret key, which is long enough'
const NONE_LEFT = 'no secret is encrypted with an older SECRET_KEY any more'
const DAY = 86_400_000

restoreTimeAfterwards()
const database = useDatabase()
const open = async (...secretKeys: string[]): Promise<World> => await openWorld({}, { db: database(), secretKeys })

let email: string
let link: string | undefined
let secret: string

beforeAll(async () => {
  const first = await open(A)
  const owner = await verifiedPerson(first)
  email = owner.email
  ;({ secret } = await mutate(first, 'beginTwoFactorEnrollment', undefined, owner.token))
  const { recoveryCodes } = await mutate(first, 'confirmTwoFactorEnrollment', { code: totp(secret, -1) }, owner.token)
  const { loginCode } = (await first.post('/v1/auth/login', { email, password: PASSWORD })).body
  const { token } = (await first.post('/v1/auth/verify-totp', { loginCode, code: recoveryCodes[0] })).body
  expect((await first.post(DISABLE, undefined, token)).status).toBe(200)
  await changeEmail(first, token, `thief${unique()}@example.com`)
  // The first one undoes the enrolment.
  link = undoLinks(first, email)[1]
  await first.close()
})

it('a secret that an undo brings back is sealed anew, and works when the old key is gone', async () => {
  const sealed = async () => (await database().client.accountUndo.findMany({ orderBy: { seq: 'asc' } })).map((row) => row.twoFactorSecret)
  const [, before] = await sealed()
  const second = await open(B, A)
  while (!second.logs.some(({ message }) => message === NONE_LEFT)) await delay(10)
  const [, after, none] = await sealed()
  expect([after === before, none]).toEqual([false, null])
  await second.close()
  const third = await open(B)
  expect((await undo(third, link)).ok).toBe(true)
  third.advance(60_000)
  const code = totp(secret)
  expect((await mutate(third, 'signIn', { identifier: email, password: NEW, code })).__typename).toBe('SignInSuccess')
  await third.close()
})

it('undo links that are over and addresses that were reserved for them are deleted, and no sooner', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const world = await openWorld()
  const owner = await verifiedPerson(world)
  const { token } = (await world.post('/v1/auth/login', { email: owner.email, password: PASSWORD })).body
  await changeEmail(world, token, `thief${unique()}@example.com`)
  const counts = async () => [
    await world.db.client.accountUndo.count(),
    await world.db.client.identifier.count({ where: { reservedUntil: { not: null } } }),
  ]
  const cleaned = async () => {
    vi.advanceTimersByTime(10 * 60_000)
    await vi.waitFor(async () => expect(await world.db.client.mailToken.count({ where: { expiresAt: { lt: new Date() } } })).toBe(0))
    await delay(200)
  }
  world.advance(7 * DAY - 60_000)
  await cleaned()
  expect(await counts()).toEqual([1, 1])
  world.advance(120_000)
  vi.advanceTimersByTime(10 * 60_000)
  await vi.waitFor(async () => expect(await counts()).toEqual([0, 0]), 10_000)
  vi.useRealTimers()
  await world.close()
})
