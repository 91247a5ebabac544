/**
 * The owner's way back after a theft of a token of `/v1`: the link in the mail about the change. It puts address and factor back, ends
 * everything that was opened, and sets a new password; of several links the earliest wins.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { adminToken, expectFailure, mailedToken, mutate, query } from '../graphql/ask.ts'
import {
  admin,
  PASSWORD,
  type Person,
  person,
  signIn,
  signInOnV1,
  totp,
  turnOnFactor,
  unique,
  verifiedPerson,
  verifyByMail,
} from '../support/accounts.ts'
import { databaseKind } from '../support/database.ts'
import { account, overtaken } from '../support/races.ts'
import { openWorld, useWorld, type World } from '../support/world.ts'
import { askForReset, changeEmail, DISABLE, ENABLE, NEW, resetLinks, rowOf, signInStatus, undo, undoLinks } from './support.ts'

const DAY = 86_400_000
const world = useWorld({ LIMIT_RESET_MAILS: '1000', LIMIT_PASSWORD_FAILURES: '1000', LIMIT_PASSWORD_FAILURES_HARD: '1000' })
beforeAll(async () => void (await admin(world())))

const fresh = () => `thief${unique()}@example.com`
const live = async ({ id }: Person) => await world().db.client.session.count({ where: { userId: id, endedAt: null } })
const undosOf = async ({ id }: Person) => await world().db.client.accountUndo.count({ where: { userId: id } })
/** With the link that undoes it, which is the first one. */
const enrolled = async (at: World, owner: Person) => await turnOnFactor(at, owner.token)
/** A token of /v1 of somebody with a factor. */
const v1WithCode = async (at: World, { email }: Person, code: string): Promise<string> => {
  const { loginCode } = (await at.post('/v1/auth/login', { email, password: PASSWORD })).body
  return (await at.post('/v1/auth/verify-totp', { loginCode, code })).body.token
}

describe('a change of address with a stolen token', () => {
  it('a change of address with a stolen token is mailed to the old address with a link that takes it back, with everything opened since', async () => {
    const owner = await verifiedPerson(world())
    const { emailVerifiedAt } = await rowOf(world(), owner)
    const token = await signInOnV1(world(), owner)
    const email = fresh()
    expect((await changeEmail(world(), token, email)).body.message).toBe('E-mail changed successfully')
    const [link] = undoLinks(world(), owner.email)
    expect(undoLinks(world(), email)).toEqual([])
    expect(world().mails.findLast(({ to }) => to === owner.email)?.text).toMatch(
      /once, for 7 days[\s\S]*For 3 days from now on, a password reset/,
    )

    const personal = await mutate(
      world(),
      'createPersonalAccessToken',
      { name: 'script', scopes: [], expiresAt: new Date(Date.now() + DAY) },
      owner.token,
    )
    await askForReset(world(), email)
    expect(await undo(world(), link)).toEqual({ __typename: 'UndoAccountChangeSuccess', ok: true })

    expect(await rowOf(world(), owner)).toMatchObject({ email: owner.email, emailVerifiedAt, heldEmail: null, heldUntil: null })
    expect(await live(owner)).toBe(0)
    for (const dead of [token, owner.token, personal.token]) expect((await world().get('/v1/profile', dead)).status).toBe(401)
    expect(await signInStatus(world(), owner.email, PASSWORD)).toBe(401)
    expect(await signInStatus(world(), owner.email, NEW)).toBe(200)
    expect(await signInStatus(world(), email, NEW)).toBe(401)
    expect(await world().db.client.mailToken.count({ where: { userId: owner.id } })).toBe(0)
    expect((await person(world(), { email })).id).not.toBe(owner.id)
    expect(world().mails.filter(({ to, subject }) => to === owner.email && subject === 'A change to your account was undone')).toHaveLength(
      1,
    )
    const events = await world().db.client.auditEvent.findMany({ where: { userId: owner.id, type: 'account.change_undone' } })
    expect(events).toMatchObject([{ actorId: null, outcome: 'success', details: { ended: 3 } }])
  })

  it('a change of address with a stolen token is not undone twice, nor after seven days, nor while the account is disabled', async () => {
    const owner = await verifiedPerson(world())
    await changeEmail(world(), await signInOnV1(world(), owner), fresh())
    const [link] = undoLinks(world(), owner.email)
    await mutate(world(), 'setLoginEnabled', { id: owner.id, enabled: false }, await adminToken(world()))
    expectFailure(await undo(world(), link), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    await mutate(world(), 'setLoginEnabled', { id: owner.id, enabled: true }, await adminToken(world()))
    expect((await undo(world(), link)).ok).toBe(true)
    expectFailure(await undo(world(), link), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    const late = await verifiedPerson(world())
    await changeEmail(world(), await signInOnV1(world(), late), fresh())
    world().advance(7 * DAY + 1)
    expectFailure(await undo(world(), undoLinks(world(), late.email)[0]), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('a change of address with a stolen token is undone on the last of the seven days, whatever the thief did: verified, reset the password, moved on, changed the factor', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    const [one, two] = [fresh(), fresh()]
    await changeEmail(world(), token, one)
    await verifyByMail(world(), { email: one, token })
    await changeEmail(world(), token, two)
    await verifyByMail(world(), { email: two, token })
    const { secret } = (await world().post(ENABLE, undefined, token)).body
    world().advance(4 * DAY)
    await askForReset(world(), two)
    await mutate(world(), 'resetPassword', { token: resetLinks(world(), two).at(-1), newPassword: 'the password of a thief' })
    world().advance(3 * DAY - 60_000)
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect((await undo(world(), undoLinks(world(), owner.email)[0])).ok).toBe(true)
    expect(await rowOf(world(), owner)).toMatchObject({ email: owner.email, twoFactorSecret: null })
    expect(await signInStatus(world(), owner.email, NEW)).toBe(200)
    expect(await undosOf(owner)).toBe(0)
  })

  it('a password that breaks a rule does not spend the link, and one without a link is not asked about', async () => {
    const owner = await verifiedPerson(world())
    await changeEmail(world(), await signInOnV1(world(), owner), fresh())
    const [link] = undoLinks(world(), owner.email)
    expectFailure(await undo(world(), link, 'short'), 'InputError', 'INVALID_INPUT', ['newPassword'])
    expectFailure(await undo(world(), link, 'password1'), 'InputError', 'INVALID_INPUT', ['newPassword'])
    expectFailure(await undo(world(), link, owner.email), 'InputError', 'INVALID_INPUT', ['newPassword'])
    expectFailure(await undo(world(), 'no such token', NEW), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    expect((await undo(world(), link)).ok).toBe(true)
  })

  it('a change of address with a stolen token from an address that was never verified offers no undo, and holds nothing', async () => {
    const owner = await person(world())
    await changeEmail(world(), await signInOnV1(world(), owner), fresh())
    expect(undoLinks(world(), owner.email)).toEqual([])
    expect(await rowOf(world(), owner)).toMatchObject({ heldEmail: null, heldUntil: null })
    expect((await person(world(), { email: owner.email })).id).not.toBe(owner.id)
  })
})

describe('a factor', () => {
  it('a factor that a thief turned off is back with its recovery codes; what was used stays used', async () => {
    const owner = await verifiedPerson(world())
    const { secret, recoveryCodes } = await enrolled(world(), owner)
    const token = await v1WithCode(world(), owner, recoveryCodes[0] ?? '')
    expect((await world().post(DISABLE, undefined, token)).status).toBe(200)
    const [, link] = undoLinks(world(), owner.email)
    expect((await undo(world(), link)).ok).toBe(true)
    const withCode = async (code: string) => (await mutate(world(), 'signIn', { identifier: owner.email, password: NEW, code })).__typename
    expect(await signInStatus(world(), owner.email, NEW)).toBe(200)
    expect(await withCode(recoveryCodes[0] ?? '')).toBe('AuthenticationError')
    expect(await withCode(recoveryCodes[1] ?? '')).toBe('SignInSuccess')
    world().advance(30_000)
    expect(await withCode(totp(secret))).toBe('SignInSuccess')
  })

  it('a factor that a thief turned on is gone, and locks the owner out no more', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    await world().post(ENABLE, undefined, token)
    expect((await mutate(world(), 'signIn', { identifier: owner.email, password: PASSWORD })).__typename).toBe('TwoFactorRequired')
    const [link] = undoLinks(world(), owner.email)
    expect((await undo(world(), link)).ok).toBe(true)
    expect(await rowOf(world(), owner)).toMatchObject({ twoFactorSecret: null, twoFactorLastStep: null })
    expect(await world().db.client.recoveryCode.count({ where: { userId: owner.id } })).toBe(0)
    expect(await signIn(world(), { email: owner.email, password: NEW })).toMatch(/^[\w-]+\./)
  })

  it('a factor that was turned off with a code or the password needs no undo', async () => {
    const owner = await verifiedPerson(world())
    const { recoveryCodes } = await enrolled(world(), owner)
    const token = await v1WithCode(world(), owner, recoveryCodes[0] ?? '')
    expect((await world().post(DISABLE, { password: PASSWORD }, token)).status).toBe(200)
    expect(undoLinks(world(), owner.email).slice(1)).toEqual([])
  })

  it('a code of the authenticator that was used after the change is not taken again', async () => {
    const owner = await verifiedPerson(world())
    const { secret, recoveryCodes } = await enrolled(world(), owner)
    await changeEmail(world(), await v1WithCode(world(), owner, recoveryCodes[0] ?? ''), fresh())
    const code = totp(secret)
    expect((await mutate(world(), 'signIn', { identifier: owner.username, password: PASSWORD, code })).__typename).toBe('SignInSuccess')
    const [, link] = undoLinks(world(), owner.email)
    expect((await undo(world(), link)).ok).toBe(true)
    const again = await mutate(world(), 'signIn', { identifier: owner.email, password: NEW, code })
    expectFailure(again, 'AuthenticationError', 'INVALID_TWO_FACTOR_CODE', ['code'])
  })

  it('a recovery code that was used after the change stays used, though the thief has made others since', async () => {
    const owner = await verifiedPerson(world())
    const { recoveryCodes } = await enrolled(world(), owner)
    const token = await v1WithCode(world(), owner, recoveryCodes[0] ?? '')
    await changeEmail(world(), token, fresh())
    await mutate(world(), 'signIn', { identifier: owner.username, password: PASSWORD, code: recoveryCodes[1] })
    await world().post(DISABLE, undefined, token)
    await world().post(ENABLE, undefined, token)
    const links = undoLinks(world(), owner.email).slice(1)
    expect(links).toHaveLength(3)
    expect((await undo(world(), links[0])).ok).toBe(true)
    const used = await world().db.client.recoveryCode.count({ where: { userId: owner.id, usedAt: { not: null } } })
    expect(used).toBe(2)
    expectFailure(await undo(world(), links[1]), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })
})

describe('of several links', () => {
  it('a later one leaves the earlier ones, which take it back; what the later one brought back is not lost', async () => {
    const owner = await verifiedPerson(world())
    const { recoveryCodes } = await enrolled(world(), owner)
    const token = await v1WithCode(world(), owner, recoveryCodes[0] ?? '')
    await world().post(DISABLE, undefined, token)
    await changeEmail(world(), token, fresh())
    const [, first, second] = undoLinks(world(), owner.email)
    expect((await undo(world(), second)).ok).toBe(true)
    expect(await rowOf(world(), owner)).toMatchObject({ email: owner.email, twoFactorSecret: null })
    expect((await undo(world(), first, 'yet another horse battery')).ok).toBe(true)
    expect((await rowOf(world(), owner)).twoFactorSecret).not.toBeNull()
    expect(await signInStatus(world(), owner.email, 'yet another horse battery')).toBe(200)
  })

  it('none goes to an address that a thief moved to, while the owner’s is held; afterwards the owner’s still wins', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    const email = fresh()
    await changeEmail(world(), token, email)
    await verifyByMail(world(), { email, token })
    await world().post(ENABLE, undefined, token)
    expect(undoLinks(world(), email)).toEqual([])
    expect(undoLinks(world(), owner.email)).toHaveLength(2)
    world().advance(3 * DAY + 1)
    // Disabled now with a fresh token: the thief's mailbox is the account's by now, and gets a link of its own.
    await mutate(world(), 'resetTwoFactor', { id: owner.id }, await adminToken(world()))
    const again = (await world().post('/v1/auth/login', { email, password: PASSWORD })).body.token
    await world().post(ENABLE, undefined, again)
    const [late] = undoLinks(world(), email)
    expect((await undo(world(), late, 'the password of a thief')).ok).toBe(true)
    expect((await undo(world(), undoLinks(world(), owner.email)[0])).ok).toBe(true)
    expect((await rowOf(world(), owner)).email).toBe(owner.email)
    expect(await signInStatus(world(), owner.email, NEW)).toBe(200)
  })

  it('twenty are alive at most, and the first of them works', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    for (let turn = 0; turn < 12; turn += 1) {
      expect((await world().post(ENABLE, undefined, token)).status).toBe(200)
      expect((await world().post(DISABLE, undefined, token)).status).toBe(200)
    }
    expect(await undosOf(owner)).toBe(20)
    expect(undoLinks(world(), owner.email)).toHaveLength(20)
    expect((await undo(world(), undoLinks(world(), owner.email)[0])).ok).toBe(true)
  })
})

describe('the old address, while it can come back', () => {
  it('the old address, while it can come back, is taken by nobody else and signs in to nothing; the account itself may take it', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    await changeEmail(world(), token, fresh())
    const other = await person(world())
    expectFailure(await mutate(world(), 'signUp', { email: owner.email, password: NEW }), 'ConflictError', 'EMAIL_TAKEN', ['email'])
    expectFailure(await mutate(world(), 'signUp', { username: owner.email, password: NEW }), 'ConflictError', 'USERNAME_TAKEN', [
      'username',
    ])
    expectFailure(await mutate(world(), 'changeEmail', { email: owner.email }, other.token), 'ConflictError', 'EMAIL_TAKEN', ['email'])
    expect((await changeEmail(world(), await signInOnV1(world(), other), owner.email.toUpperCase())).status).toBe(400)
    expect(await signInStatus(world(), owner.email, PASSWORD)).toBe(401)
    expect((await changeEmail(world(), token, owner.email)).status).toBe(200)
    expect(await rowOf(world(), owner)).toMatchObject({ email: owner.email, heldEmail: null, emailVerifiedAt: expect.any(Date) })
    expect(await signInStatus(world(), owner.email, PASSWORD)).toBe(200)
  })

  it('the old address is free again when the last undo of it is over', async () => {
    const owner = await verifiedPerson(world())
    await changeEmail(world(), await signInOnV1(world(), owner), fresh())
    world().advance(7 * DAY - 1_000)
    expect((await mutate(world(), 'signUp', { email: owner.email, password: NEW })).code).toBe('EMAIL_TAKEN')
    world().advance(2_000)
    expect((await person(world(), { email: owner.email })).id).not.toBe(owner.id)
  })

  it('the old address stays taken through a change that was confirmed', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    await world().post(ENABLE, undefined, token)
    const email = fresh()
    const { recoveryCodes } = (await world().db.client.accountUndo.findFirst({ where: { userId: owner.id } })) ?? {}
    expect(recoveryCodes).toEqual([])
    await mutate(world(), 'changeEmail', { email }, token)
    expect((await mutate(world(), 'confirmEmail', { token: mailedToken(world(), email) })).__typename).toBe('ConfirmEmailSuccess')
    expect((await mutate(world(), 'signUp', { email: owner.email, password: NEW })).code).toBe('EMAIL_TAKEN')
    expect((await undo(world(), undoLinks(world(), owner.email)[0])).ok).toBe(true)
    expect((await rowOf(world(), owner)).email).toBe(owner.email)
  })
})

describe('checkMailToken', () => {
  const check = async (token: string | undefined, use: string) => await mutate(world(), 'checkMailToken', { token, use })

  it('checkMailToken tells a live link from a dead one, spends nothing, and says what to sign in with', async () => {
    const owner = await verifiedPerson(world())
    await changeEmail(world(), await signInOnV1(world(), owner), fresh())
    const [link] = undoLinks(world(), owner.email)
    for (let time = 0; time < 3; time += 1)
      expect(await check(link, 'UNDO_ACCOUNT_CHANGE')).toEqual({ __typename: 'CheckMailTokenSuccess', signInName: owner.email })
    expectFailure(await check(link, 'RESET_PASSWORD'), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    expect((await undo(world(), link)).ok).toBe(true)
    expectFailure(await check(link, 'UNDO_ACCOUNT_CHANGE'), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('checkMailToken of a reset names the address, or the username while another address is held', async () => {
    const owner = await verifiedPerson(world())
    await askForReset(world(), owner.email)
    expect((await check(resetLinks(world(), owner.email).at(-1), 'RESET_PASSWORD')).signInName).toBe(owner.email)
    await changeEmail(world(), await signInOnV1(world(), owner), fresh())
    await askForReset(world(), owner.email)
    expect((await check(resetLinks(world(), owner.email).at(-1), 'RESET_PASSWORD')).signInName).toBe(owner.username)
  })

  it('checkMailToken of a verification works for both of its links until one was used', async () => {
    const owner = await person(world())
    await mutate(world(), 'requestEmailVerification', undefined, owner.token)
    const token = mailedToken(world(), owner.email)
    expect((await check(token, 'CONFIRM_EMAIL')).signInName).toBeNull()
    expect((await check(token, 'DISOWN_EMAIL')).signInName).toBeNull()
    await mutate(world(), 'confirmEmail', { token })
    expect([(await check(token, 'CONFIRM_EMAIL')).code, (await check(token, 'DISOWN_EMAIL')).code]).toEqual([
      'INVALID_MAIL_TOKEN',
      'INVALID_MAIL_TOKEN',
    ])
  })

  it('checkMailToken counts as an attempt, and so does the undo', async () => {
    const own = await openWorld({ LIMIT_ADDRESS_PER_MINUTE: '4' })
    const codes: string[] = []
    for (let time = 0; time < 3; time += 1) {
      codes.push((await mutate(own, 'checkMailToken', { token: 'none', use: 'RESET_PASSWORD' })).code)
      codes.push((await mutate(own, 'undoAccountChange', { token: 'none', newPassword: NEW })).code)
    }
    expect(codes).toEqual([...Array(4).fill('INVALID_MAIL_TOKEN'), 'TOO_MANY_REQUESTS', 'TOO_MANY_REQUESTS'])
    await own.close()
  })
})

it('20 uses of one link at the same time have one winner', async () => {
  const owner = await verifiedPerson(world())
  await changeEmail(world(), await signInOnV1(world(), owner), fresh())
  const [link] = undoLinks(world(), owner.email)
  const results = await Promise.all(Array.from({ length: 20 }, async (_, index) => await undo(world(), link, `password of try ${index}`)))
  expect(results.filter(({ ok }) => ok === true)).toHaveLength(1)
  const winner = results.findIndex(({ ok }) => ok === true)
  expect(await signInStatus(world(), owner.email, `password of try ${winner}`)).toBe(200)
  expect(await world().db.client.auditEvent.count({ where: { userId: owner.id, type: 'account.change_undone' } })).toBe(1)
})

it('an undo and ten changes of the thief at the same time: the owner has the account afterwards, and no session is left', async () => {
  const owner = await verifiedPerson(world())
  const token = await signInOnV1(world(), owner)
  await changeEmail(world(), token, fresh())
  const [link] = undoLinks(world(), owner.email)
  const changes = Array.from({ length: 10 }, async (_, index) =>
    index % 2 === 0 ? await changeEmail(world(), token, fresh()) : await world().post(ENABLE, undefined, token),
  )
  const [result] = await Promise.all([undo(world(), link), ...changes])
  expect(result.ok).toBe(true)
  expect(await rowOf(world(), owner)).toMatchObject({ email: owner.email, twoFactorSecret: null, heldEmail: null })
  expect(await live(owner)).toBe(0)
  expect(await undosOf(owner)).toBe(0)
  expect(await query(world(), 'me { id }', await signIn(world(), { email: owner.email, password: NEW }))).toEqual({ id: owner.id })
})

if (databaseKind() === 'postgresql') {
  it('a change that is under way when the account is put back does not go on', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    await changeEmail(world(), token, fresh())
    const bump = { credentialVersion: { increment: 1 } }
    const answer = await overtaken(
      world(),
      account(owner),
      async (tx) => await tx.user.update({ where: { id: owner.id }, data: { ...bump, email: owner.email } }),
      async () => await changeEmail(world(), token, fresh()),
    )
    expect(answer.status).toBe(401)
    expect((await rowOf(world(), owner)).email).toBe(owner.email)
  })

  it('an undo that waits for a change takes that change with it', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    const email = fresh()
    await changeEmail(world(), token, email)
    const [link] = undoLinks(world(), owner.email)
    const result = await overtaken(
      world(),
      account(owner),
      async (tx) =>
        await tx.user.update({ where: { id: owner.id }, data: { email: `moved-${email}`, credentialVersion: { increment: 1 } } }),
      async () => await undo(world(), link),
    )
    expect(result.ok).toBe(true)
    expect((await rowOf(world(), owner)).email).toBe(owner.email)
  })
}
