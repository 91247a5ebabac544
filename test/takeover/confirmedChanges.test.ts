/**
 * A stolen token whose last proof is young enough for step-up passes the strict rules too: the owner can undo what was done with it.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { mailedToken, mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, turnOnFactor, unique, verifiedPerson } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { askForReset, NEW, resetLinks, rowOf, signInStatus, signIns, undo, undoLinks } from './support.ts'

const world = useWorld({ LIMIT_RESET_MAILS: '1000' })
beforeAll(async () => void (await admin(world())))

describe.each(Object.entries(signIns))('with a fresh token of %s', (_surface, signIn) => {
  it('a confirmed change of address is undone by the link in the mail to the old one', async () => {
    const owner = await verifiedPerson(world())
    const token = await signIn(world(), owner)
    const thief = `thief${unique()}@example.com`
    expect((await world().put('/v1/account/change-email', { email: thief }, token)).status).toBe(200)
    expect((await mutate(world(), 'confirmEmail', { token: mailedToken(world(), thief) })).__typename).toBe('ConfirmEmailSuccess')
    await askForReset(world(), thief)
    expect(
      (await mutate(world(), 'resetPassword', { token: resetLinks(world(), thief)[0], newPassword: 'the password of a thief' })).ok,
    ).toBe(true)
    expect(undoLinks(world(), owner.email)).toHaveLength(1)
    expect((await undo(world(), undoLinks(world(), owner.email)[0])).ok).toBe(true)
    expect((await rowOf(world(), owner)).email).toBe(owner.email)
    expect(await signInStatus(world(), owner.email, NEW)).toBe(200)
    expect(await signInStatus(world(), owner.email, 'the password of a thief')).toBe(401)
  })

  it('a second factor that was confirmed is undone by the link in the mail', async () => {
    const owner = await verifiedPerson(world())
    await turnOnFactor(world(), await signIn(world(), owner))
    expect(undoLinks(world(), owner.email)).toHaveLength(1)
    expect((await undo(world(), undoLinks(world(), owner.email)[0])).ok).toBe(true)
    expect((await rowOf(world(), owner)).twoFactorSecret).toBeNull()
    expect(await signInStatus(world(), owner.email, NEW)).toBe(200)
  })
})

describe('what needs no undo', () => {
  it('a first address of an account that never had a verified one', async () => {
    const owner = await verifiedPerson(world())
    await world().db.client.user.update({ where: { id: owner.id }, data: { emailVerifiedAt: null } })
    const email = `next${unique()}@example.com`
    await mutate(world(), 'changeEmail', { email }, owner.token)
    expect((await mutate(world(), 'confirmEmail', { token: mailedToken(world(), email) })).__typename).toBe('ConfirmEmailSuccess')
    expect(undoLinks(world(), owner.email)).toEqual([])
    expect(await signInStatus(world(), email, PASSWORD)).toBe(200)
  })
})
