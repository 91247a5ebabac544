/**
 * An account that somebody made with another's address: the first reset by its owner takes off everything that was put on before, and
 * "it was not me" in the verification mail frees the address.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { expectFailure, mailedToken, mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, person, signIn, signInOnV1, totp, unique, verifiedPerson, withTwoFactor } from '../support/accounts.ts'
import { databaseKind } from '../support/database.ts'
import { account, overtaken } from '../support/races.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { askForReset, changeEmail, ENABLE, linksTo, NEW, resetLinks, rowOf, signInStatus, undo, undoLinks } from './support.ts'

const HOUR = 3_600_000
const DAY = 86_400_000
const world = useWorld({ LIMIT_RESET_MAILS: '1000' })
beforeAll(async () => void (await admin(world())))

const db = () => world().db.client
const fresh = () => `other${unique()}@example.com`
const resetBy = async (email: string) => {
  await askForReset(world(), email)
  return await mutate(world(), 'resetPassword', { token: resetLinks(world(), email).at(-1), newPassword: NEW })
}

describe('a reset that proves an address for the first time', () => {
  it('a reset that proves an address for the first time takes off the second factor, its recovery codes, sessions, tokens, devices and pending changes, and says so', async () => {
    const thief = await withTwoFactor(world())
    const pending = fresh()
    const token = thief.token
    await mutate(world(), 'createPersonalAccessToken', { name: 'kept', scopes: [], expiresAt: new Date(Date.now() + DAY) }, token)
    await mutate(world(), 'requestEmailVerification', undefined, token)
    await mutate(world(), 'changeEmail', { email: pending }, token)
    await mutate(world(), 'signIn', { identifier: thief.email, password: PASSWORD })
    expect((await resetBy(thief.email)).ok).toBe(true)

    expect(await rowOf(world(), thief)).toMatchObject({ twoFactorSecret: null, twoFactorPending: null, emailVerifiedAt: expect.any(Date) })
    const where = { userId: thief.id }
    expect([
      await db().recoveryCode.count({ where }),
      await db().session.count({ where: { ...where, endedAt: null } }),
      await db().mailToken.count({ where }),
      await db().loginCode.count({ where }),
      await db().knownDevice.count({ where }),
    ]).toEqual([0, 0, 0, 0, 0])
    expect(await signInStatus(world(), thief.email, NEW)).toBe(200)
    expectFailure(
      await mutate(world(), 'confirmEmail', { token: mailedToken(world(), pending) }),
      'AuthenticationError',
      'INVALID_MAIL_TOKEN',
    )
    const events = await db().auditEvent.findMany({ where: { ...where, type: { in: ['account.cleaned', 'two_factor.disabled'] } } })
    expect(events.map(({ type, actorId, details }) => [type, actorId, details])).toEqual([
      ['two_factor.disabled', null, { ended: 0 }],
      ['account.cleaned', null, { ended: 2 }],
    ])
    const mail = world().mails.findLast(({ to, subject }) => to === thief.email && subject === 'Your password was reset')
    expect(mail?.text).toContain('This address was confirmed for the first time.')
  })

  it.each([1, 2])(
    'a reset after %i changes at once of a verified address proves nothing for the first time: the second factor stays, though the hold is over',
    async (moves) => {
      const own = await openWorld({ EMAIL_CHANGE_HOLD: '1h' })
      const owner = await verifiedPerson(own)
      const token = await signInOnV1(own, owner)
      expect((await own.post(ENABLE, undefined, token)).status).toBe(200)
      let email = owner.email
      for (let move = 1; move <= moves; move += 1) {
        email = fresh()
        expect((await changeEmail(own, token, email)).status).toBe(200)
        own.advance(HOUR + 1)
      }
      await askForReset(own, email)
      expect((await mutate(own, 'resetPassword', { token: resetLinks(own, email).at(-1), newPassword: NEW })).ok).toBe(true)
      const { twoFactorSecret, emailVerifiedAt } = await rowOf(own, owner)
      await own.close()
      expect([twoFactorSecret === null, emailVerifiedAt === null]).toEqual([false, false])
    },
  )

  it('a reset that proves an address for the first time takes off an enrolment that waits for its first code', async () => {
    const someone = await person(world())
    await mutate(world(), 'beginTwoFactorEnrollment', undefined, someone.token)
    await resetBy(someone.email)
    expect(await rowOf(world(), someone)).toMatchObject({ twoFactorPending: null })
  })

  it('the reset that proves an address for the first time is the first one alone: the next leaves a factor on', async () => {
    const someone = await person(world())
    await resetBy(someone.email)
    const token = await signIn(world(), { email: someone.email, password: NEW })
    const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, token)
    await mutate(world(), 'confirmTwoFactorEnrollment', { code: totp(secret) }, token)
    await askForReset(world(), someone.email)
    const last = { token: resetLinks(world(), someone.email).at(-1), newPassword: 'yet another horse battery' }
    expect((await mutate(world(), 'resetPassword', last)).ok).toBe(true)
    expect((await rowOf(world(), someone)).twoFactorSecret).not.toBeNull()
    expect(await db().auditEvent.count({ where: { userId: someone.id, type: 'account.cleaned' } })).toBe(1)
    const mail = world().mails.findLast(({ to, subject }) => to === someone.email && subject === 'Your password was reset')
    expect(mail?.text).not.toContain('for the first time')
  })

  it('a reset that proves an address for the first time leaves the factor of an address that was verified by a mail', async () => {
    const owner = await verifiedPerson(world())
    await mutate(world(), 'beginTwoFactorEnrollment', undefined, owner.token)
    await resetBy(owner.email)
    expect((await rowOf(world(), owner)).twoFactorPending).not.toBeNull()
  })
})

describe('"it was not me"', () => {
  const disown = async (token: string | undefined) => await mutate(world(), 'disownEmail', { token })
  const asked = async (someone: { email: string; token: string }) => {
    await mutate(world(), 'requestEmailVerification', undefined, someone.token)
    return linksTo(world(), someone.email, 'disown-email').at(-1)
  }

  it('frees the address of an account that was never verified, and ends everything of it; its owner can register', async () => {
    const thief = await person(world())
    const link = await asked(thief)
    await mutate(world(), 'changeEmail', { email: fresh() }, thief.token)
    await askForReset(world(), thief.email)
    expect(await disown(link)).toEqual({ __typename: 'DisownEmailSuccess', ok: true })
    expect(await rowOf(world(), thief)).toMatchObject({ email: null, emailVerifiedAt: null, username: thief.username })
    expect((await world().get('/v1/profile', thief.token)).status).toBe(401)
    expect(await db().mailToken.count({ where: { userId: thief.id } })).toBe(0)
    expect(await signInStatus(world(), thief.email, PASSWORD)).toBe(401)
    const owner = await person(world(), { email: thief.email })
    expect(owner.id).not.toBe(thief.id)
    expectFailure(await disown(link), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    const events = await db().auditEvent.findMany({ where: { userId: thief.id, type: 'email.disowned' } })
    expect(events).toMatchObject([{ actorId: null, details: { ended: 1 } }])
  })

  it('frees it as a username and as a name, too', async () => {
    const email = fresh()
    const { body } = await world().post('/users/register', { username: email, email, password: PASSWORD })
    const link = await asked({ email, token: body.token })
    expect((await disown(link)).ok).toBe(true)
    const row = await db().user.findUniqueOrThrow({ where: { id: body.id } })
    expect(row.username).toMatch(/^user-[0-9a-f]{16}$/)
    expect([row.email, row.name, row.firstName]).toEqual([null, row.username, row.username])
    expect((await person(world(), { email })).id).not.toBe(body.id)
  })

  it('"it was not me" does nothing to a verified account', async () => {
    const owner = await person(world())
    const link = await asked(owner)
    await mutate(world(), 'confirmEmail', { token: linksTo(world(), owner.email, 'confirm-email').at(-1) })
    expectFailure(await disown(link), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    expect((await rowOf(world(), owner)).email).toBe(owner.email)
    expect((await world().get('/v1/profile', owner.token)).status).toBe(200)
  })

  it('nor to one that a reset has verified, nor with the link of another mail', async () => {
    const owner = await person(world())
    const link = await asked(owner)
    await resetBy(owner.email)
    expectFailure(await disown(link), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    const other = fresh()
    await mutate(world(), 'changeEmail', { email: other }, await signIn(world(), { email: owner.email, password: NEW }))
    expect(linksTo(world(), other, 'disown-email')).toEqual([])
    expectFailure(await disown(mailedToken(world(), other)), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('"it was not me" in the hands of a thief who moved an account gives it back to the owner, and takes no undo away', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    const email = fresh()
    await changeEmail(world(), token, email)
    expect((await disown(await asked({ email, token }))).ok).toBe(true)
    expect(await rowOf(world(), owner)).toMatchObject({ email: owner.email, emailVerifiedAt: expect.any(Date), heldEmail: null })
    expect((await undo(world(), undoLinks(world(), owner.email)[0])).ok).toBe(true)
    expect(await signInStatus(world(), owner.email, NEW)).toBe(200)
  })

  it('"it was not me" when the hold is over takes the address off, and the undo goes on', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    const email = fresh()
    await changeEmail(world(), token, email)
    world().advance(4 * DAY)
    const again = await signInOnV1(world(), { email, password: PASSWORD })
    expect((await disown(await asked({ email, token: again }))).ok).toBe(true)
    expect((await rowOf(world(), owner)).email).toBeNull()
    expect((await undo(world(), undoLinks(world(), owner.email)[0])).ok).toBe(true)
    expect((await rowOf(world(), owner)).email).toBe(owner.email)
  })

  if (databaseKind() === 'postgresql') {
    it('"it was not me" that is overtaken by a verification does nothing', async () => {
      const owner = await person(world())
      const link = await asked(owner)
      const result = await overtaken(
        world(),
        account(owner),
        async (tx) => await tx.user.update({ where: { id: owner.id }, data: { emailVerifiedAt: new Date() } }),
        async () => await disown(link),
      )
      expect(result.code).toBe('INVALID_MAIL_TOKEN')
      expect((await rowOf(world(), owner)).email).toBe(owner.email)
    })
  }
})
