/**
 * For 72 hours after a change of address that counted at once, resets and notices go to the verified address from before, so that a
 * stolen token of `/v1` and a reset do not make a stolen account.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { expectFailure, mailedToken, mutate, query } from '../graphql/ask.ts'
import { admin, PASSWORD, person, signIn, signInOnV1, totp, unique, verifiedPerson, verifyByMail } from '../support/accounts.ts'
import { databaseKind } from '../support/database.ts'
import { account, overtaken } from '../support/races.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { askForReset, changeEmail, ENABLE, NEW, resetLinks, rowOf, signInStatus } from './support.ts'

const HOUR = 3_600_000
const world = useWorld({ LIMIT_RESET_MAILS: '1000', FORGET_PASSWORD_DISCLOSES: 'true' })
beforeAll(async () => void (await admin(world())))

const fresh = () => `moved${unique()}@example.com`
const reset = async (token: string | undefined, newPassword = NEW) => await mutate(world(), 'resetPassword', { token, newPassword })
/** Somebody whose account was moved with a stolen token. */
const moved = async () => {
  const owner = await verifiedPerson(world())
  const token = await signInOnV1(world(), owner)
  const email = fresh()
  expect((await changeEmail(world(), token, email)).status).toBe(200)
  return { owner, token, email }
}

describe('a reset', () => {
  it.each(['old', 'new'] as const)(
    'a reset that is asked for by the %s address goes to the old one, and gives the account back',
    async (by) => {
      const { owner, token, email } = await moved()
      await askForReset(world(), by === 'old' ? owner.email : email)
      expect(resetLinks(world(), email)).toEqual([])
      expect(resetLinks(world(), owner.email)).toHaveLength(1)
      expect((await reset(resetLinks(world(), owner.email)[0])).ok).toBe(true)
      expect((await world().get('/v1/profile', token)).status).toBe(401)
      expect(await signInStatus(world(), owner.username, NEW)).toBe(200)
      expect(await signInStatus(world(), owner.username, PASSWORD)).toBe(401)
      expect(await rowOf(world(), owner)).toMatchObject({ email: owner.email, heldEmail: null, heldUntil: null })
      expect(await signInStatus(world(), owner.email, NEW)).toBe(200)
      expect(await signInStatus(world(), email, NEW)).toBe(401)
    },
  )

  it('frees the address that the thief had put there', async () => {
    const { owner, email } = await moved()
    await askForReset(world(), owner.email)
    expect((await reset(resetLinks(world(), owner.email)[0])).ok).toBe(true)
    expect((await person(world(), { email })).email).toBe(email)
    world().advance(73 * HOUR)
    await askForReset(world(), owner.email)
    expect(resetLinks(world(), owner.email)).toHaveLength(2)
  })

  it.each([
    ['a change of address', async (token: string) => await changeEmail(world(), token, fresh())],
    ['a second factor', async (token: string) => await world().post(ENABLE, undefined, token)],
  ])('a reset that was mailed to the old address works on after %s by the thief', async (_what, attack) => {
    const { owner, token } = await moved()
    await askForReset(world(), owner.email)
    expect((await attack(token)).status).toBe(200)
    expect((await reset(resetLinks(world(), owner.email)[0])).ok).toBe(true)
  })

  it('a reset leaves the second factor on, as the address was proven before', async () => {
    const owner = await verifiedPerson(world())
    const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, owner.token)
    const { recoveryCodes } = await mutate(world(), 'confirmTwoFactorEnrollment', { code: totp(secret, -1) }, owner.token)
    const { loginCode } = (await world().post('/v1/auth/login', { email: owner.email, password: PASSWORD })).body
    const { token } = (await world().post('/v1/auth/verify-totp', { loginCode, code: recoveryCodes[0] })).body
    await changeEmail(world(), token, fresh())
    await askForReset(world(), owner.email)
    expect((await reset(resetLinks(world(), owner.email)[0])).ok).toBe(true)
    expect((await rowOf(world(), owner)).twoFactorSecret).not.toBeNull()
  })

  it('a reset by a link of before the end of the hold is dead once the old address is somebody else’s', async () => {
    const short = await openWorld({ EMAIL_CHANGE_HOLD: '1h', UNDO_LIFE: '1h', RESET_TOKEN_LIFE: '2h' })
    const owner = await verifiedPerson(short)
    await changeEmail(short, await signInOnV1(short, owner), fresh())
    short.advance(HOUR - 60_000)
    await askForReset(short, owner.email)
    short.advance(120_000)
    expect((await person(short, { email: owner.email })).id).not.toBe(owner.id)
    const token = resetLinks(short, owner.email)[0]
    expectFailure(await mutate(short, 'resetPassword', { token, newPassword: NEW }), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    await short.close()
  })

  it('a reset is known to forget-password of xiot by both addresses', async () => {
    const { owner, email } = await moved()
    for (const address of [owner.email, email])
      expect((await world().post('/v1/security/forget-password', { email: address })).status).toBe(200)
    expect(resetLinks(world(), owner.email)).toHaveLength(2)
    expect((await world().post('/v1/security/forget-password', { email: `no${email}` })).status).toBe(400)
  })

  it('a reset goes to the new address from 72 hours on, and not a moment before; a link of before works on', async () => {
    const { owner, email } = await moved()
    world().advance(72 * HOUR - 60_000)
    await askForReset(world(), email)
    expect([resetLinks(world(), owner.email).length, resetLinks(world(), email).length]).toEqual([1, 0])
    world().advance(60_001)
    await askForReset(world(), email)
    await askForReset(world(), owner.email)
    expect([resetLinks(world(), owner.email).length, resetLinks(world(), email).length]).toEqual([1, 1])
    expect((await reset(resetLinks(world(), owner.email)[0])).ok).toBe(true)
    expectFailure(await reset(resetLinks(world(), email)[0]), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('a reset of a chain of changes within the hold stays with the first address, which further changes prolong', async () => {
    const { owner, token, email } = await moved()
    world().advance(10 * HOUR)
    const last = fresh()
    await changeEmail(world(), token, last)
    world().advance(65 * HOUR)
    for (const address of [owner.email, email, last]) await askForReset(world(), address)
    expect([owner.email, email, last].map((address) => resetLinks(world(), address).length)).toEqual([2, 0, 0])
    expect((await reset(resetLinks(world(), owner.email)[0])).ok).toBe(true)
  })

  it('a reset of a thief who verified the new address in the meantime goes to the owner', async () => {
    const { owner, token, email } = await moved()
    await mutate(world(), 'requestEmailVerification', undefined, token)
    await mutate(world(), 'confirmEmail', { token: mailedToken(world(), email) })
    await askForReset(world(), email)
    expect([resetLinks(world(), owner.email).length, resetLinks(world(), email).length]).toEqual([1, 0])
  })

  it('a reset of an address that was never verified is not held', async () => {
    const owner = await person(world())
    const email = fresh()
    await changeEmail(world(), await signInOnV1(world(), owner), email)
    await askForReset(world(), owner.email)
    await askForReset(world(), email)
    expect([resetLinks(world(), owner.email).length, resetLinks(world(), email).length]).toEqual([0, 1])
  })
})

describe('a change back to the held address', () => {
  it('ends the hold, and leaves the address as verified as it was', async () => {
    const { owner, token } = await moved()
    const { heldVerifiedAt } = await rowOf(world(), owner)
    expect((await changeEmail(world(), token, owner.email)).status).toBe(200)
    expect(await query(world(), 'me { email emailVerified }', token)).toEqual({ email: owner.email, emailVerified: true })
    expect(await rowOf(world(), owner)).toMatchObject({ emailVerifiedAt: heldVerifiedAt, heldEmail: null, heldUntil: null })
  })
})

describe('notices', () => {
  it('go to the held address as well, for as long as it is held', async () => {
    const { owner, token, email } = await moved()
    await world().post(ENABLE, undefined, token)
    const subjects = (to: string) => world().mails.filter((mail) => mail.to === to && mail.subject.startsWith('Two-factor')).length
    expect([subjects(owner.email), subjects(email)]).toEqual([1, 0])
    await verifyByMail(world(), { email, token })
    world().advance(72 * HOUR + 1)
    await mutate(world(), 'resetTwoFactor', { id: owner.id }, await signIn(world(), await admin(world())))
    expect([subjects(owner.email), subjects(email)]).toEqual([1, 1])
  })

  it('notices of a changed password and of a new device reach the owner', async () => {
    const { owner, token } = await moved()
    const json = { oldPassword: PASSWORD, password: NEW, passwordConfirmation: NEW }
    expect((await world().put('/v1/security/change-password', json, token)).status).toBe(200)
    const headers = { 'user-agent': 'curl/8.0' }
    await world().request('POST', '/v1/auth/login', { json: { email: owner.username, password: NEW }, headers })
    const subjects = world()
      .mails.filter(({ to }) => to === owner.email)
      .map(({ subject }) => subject)
    expect(subjects.slice(-2)).toEqual(['Your password was changed', 'New sign-in to your account'])
  })
})

it('the hold is a setting', async () => {
  const own = await openWorld({ EMAIL_CHANGE_HOLD: '1h', LIMIT_RESET_MAILS: '1000' })
  const owner = await verifiedPerson(own)
  const email = fresh()
  await changeEmail(own, await signInOnV1(own, owner), email)
  await askForReset(own, email)
  own.advance(HOUR + 1)
  await askForReset(own, email)
  expect([resetLinks(own, owner.email).length, resetLinks(own, email).length]).toEqual([1, 1])
  await own.close()
})

if (databaseKind() === 'postgresql') {
  it('a reset of the old address that waits for the change of address goes on: the owner has shown it', async () => {
    const owner = await verifiedPerson(world())
    await askForReset(world(), owner.email)
    const [link] = resetLinks(world(), owner.email)
    const { emailVerifiedAt } = await rowOf(world(), owner)
    const email = fresh()
    const data = {
      email,
      emailVerifiedAt: null,
      heldEmail: owner.email,
      heldVerifiedAt: emailVerifiedAt,
      heldUntil: new Date(Date.now() + HOUR),
      credentialVersion: { increment: 1 },
    }
    const result = await overtaken(
      world(),
      account(owner),
      async (tx) => await tx.user.update({ where: { id: owner.id }, data }),
      async () => await reset(link),
    )
    expect(result.ok).toBe(true)
    expect(await rowOf(world(), owner)).toMatchObject({ email: owner.email, heldEmail: null, emailVerifiedAt: expect.any(Date) })
  })

  it('a reset and a change of address at the same time: either way the owner’s new password counts, or the link is dead', async () => {
    let [resets, changes] = [0, 0]
    for (let time = 0; time < 10; time += 1) {
      const owner = await verifiedPerson(world())
      const token = await signInOnV1(world(), owner)
      await askForReset(world(), owner.email)
      const [result, change] = await Promise.all([reset(resetLinks(world(), owner.email).at(-1)), changeEmail(world(), token, fresh())])
      if (result.ok === true) resets += 1
      if (change.status === 200) changes += 1
      const { email, heldEmail } = await rowOf(world(), owner)
      expect([email, heldEmail]).toContain(owner.email)
      expect(await signInStatus(world(), owner.username, result.ok === true ? NEW : PASSWORD)).toBe(200)
    }
    process.stdout.write(`reset against change of address: 10 rounds, ${resets} resets, ${changes} changes\n`)
    expect(resets + changes).toBeGreaterThanOrEqual(10)
  })
}
