/**
 * An account for somebody else, who chooses the password by a link in a mail: what the account is until then, that the link works once,
 * and when the invitation is sent again.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, unique } from '../support/accounts.ts'
import { personalToken } from '../support/personalToken.ts'
import { useWorld, type World } from '../support/world.ts'
import { adminToken, DAY, expectFailure, grantScopes, HOUR, MINUTE, mailedToken, mutate, query } from './ask.ts'

const world = useWorld()
let boss: Person
beforeAll(async () => {
  boss = await admin(world())
})

const NEW = 'one of my own choice'
const address = () => `guest${unique()}@example.com`
const invite = async (input: object, token: string | undefined = undefined, at: World = world()) =>
  await mutate(at, 'inviteUser', input, token ?? (await adminToken(at)))
const mailsTo = (email: string, at: World = world()) => at.mails.filter(({ to }) => to === email)
const choose = async (email: string, newPassword = NEW) =>
  await mutate(world(), 'resetPassword', { token: mailedToken(world(), email), newPassword })
const signInAs = async (identifier: string, password: string) => await mutate(world(), 'signIn', { identifier, password })
const rowOf = async (email: string) => await world().db.client.user.findFirstOrThrow({ where: { email } })
const eventsOf = async (userId: string) =>
  (await world().db.client.auditEvent.findMany({ where: { userId }, orderBy: { seq: 'asc' } })).map(({ type }) => type)
const holder = async (...scopes: string[]): Promise<Person> => {
  const someone = await person(world())
  await grantScopes(world(), someone, scopes)
  return someone
}

describe('inviteUser', () => {
  it('inviteUser creates an account that nobody can sign in to, and mails a link to choose its password', async () => {
    const email = address()
    const result = await invite({ email, name: 'Ada Lovelace', scopes: ['USERS_READ'] })
    const { invitedUserId: id } = result
    const user = { id, username: email.split('@')[0], email, name: 'Ada Lovelace' }
    expect(result).toEqual({ __typename: 'InviteUserSuccess', invitedUserId: expect.any(String), isNew: true, user })
    expect(await rowOf(email)).toMatchObject({
      passwordHash: null,
      emailVerifiedAt: null,
      mustChangePassword: false,
      scopes: ['users:read'],
    })
    expectFailure(await signInAs(email, PASSWORD), 'AuthenticationError', 'BAD_CREDENTIALS')
    const [mail, ...others] = mailsTo(email)
    expect(others).toEqual([])
    expect(mail?.subject).toBe('You are invited')
    expect(mail?.text).toMatch(/^Hello Ada Lovelace,\n/)
    expect(mail?.text).toMatch(/http:\/\/vestibule\.test\/reset-password#token=[\w-]{43}\n\nIt works once, for 7 days\./)
    expect(await eventsOf(id)).toEqual(['account.created', 'account.invited', 'session.sign_in_failed'])
  })

  it('inviteUser is answered by the choice of a password, which verifies the address, and by which its owner signs in', async () => {
    const email = address()
    await invite({ email })
    const check = { token: mailedToken(world(), email), use: 'RESET_PASSWORD' }
    expect(await mutate(world(), 'checkMailToken', check)).toMatchObject({ signInName: email })
    expect((await choose(email)).__typename).toBe('ResetPasswordSuccess')
    const { credentials } = await signInAs(email, NEW)
    const me = await query(world(), 'me { emailVerified mustChangePassword isAdmin }', credentials.accessToken.token)
    expect(me).toEqual({ emailVerified: true, mustChangePassword: false, isAdmin: false })
  })

  it('the link of inviteUser works once, and for seven days', async () => {
    const [early, late] = [address(), address()]
    for (const email of [early, late]) await invite({ email })
    const token = mailedToken(world(), early)
    world().advance(7 * DAY - HOUR)
    expect((await mutate(world(), 'resetPassword', { token, newPassword: NEW })).__typename).toBe('ResetPasswordSuccess')
    expectFailure(await mutate(world(), 'resetPassword', { token, newPassword: NEW }), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    world().advance(2 * HOUR)
    expectFailure(await choose(late), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('inviteUser writes in the language of the invited person', async () => {
    const email = address()
    await invite({ email, locale: 'AR' })
    expect(mailsTo(email)[0]?.subject).toBe('دعوة إلى حساب')
    expect(mailsTo(email)[0]?.text).toContain('/reset-password?lang=ar#token=')
  })

  it('inviteUser names no stranger’s words', async () => {
    const email = address()
    await invite({ email, name: 'Call +201012345678 now' })
    expect(mailsTo(email)[0]?.text).toMatch(/^Hello,\n/)
  })

  it.each(['users:create', 'users', 'perm'])('inviteUser is for those who hold %s', async (scope) => {
    const { token } = await holder(scope)
    expect((await invite({ email: address() }, token)).__typename).toBe('InviteUserSuccess')
  })

  it('inviteUser is for no others, and nobody grants what they lack', async () => {
    const email = address()
    expectFailure(await mutate(world(), 'inviteUser', { email }), 'errors', 'UNAUTHENTICATED')
    const reader = await holder('users:read', 'users:delete')
    expectFailure(await invite({ email }, reader.token), 'PermissionError', 'FORBIDDEN', [], { missingScope: 'USERS_CREATE' })
    const bare = await personalToken(world(), boss, ['users:read'])
    expectFailure(await invite({ email }, bare), 'PermissionError', 'FORBIDDEN', [], { missingScope: 'USERS_CREATE' })
    const maker = await holder('users:create')
    const result = await invite({ email, scopes: ['USERS_DELETE'] }, maker.token)
    expect(result).toMatchObject({ __typename: 'PermissionError', code: 'FORBIDDEN' })
    expect([mailsTo(email), await world().db.client.user.count({ where: { email } })]).toEqual([[], 0])
  })

  it('inviteUser refuses wrong input', async () => {
    expectFailure(await invite({ email: 'nobody' }), 'InputError', 'INVALID_INPUT', ['email'])
    expectFailure(await invite({ email: address(), username: '' }), 'InputError', 'INVALID_INPUT', ['username'])
    expectFailure(await invite({ email: address(), username: 'other@example.com' }), 'InputError', 'INVALID_INPUT', ['username'])
  })

  it('inviteUser refuses an address and a username that are taken', async () => {
    const someone = await person(world())
    expectFailure(await invite({ email: someone.email }), 'ConflictError', 'EMAIL_TAKEN', ['email'])
    expectFailure(await invite({ email: address(), username: someone.username }), 'ConflictError', 'USERNAME_TAKEN', ['username'])
    expect(mailsTo(someone.email)).toEqual([])
  })

  it('of several invitations of one address at once one makes the account', async () => {
    const email = address()
    const token = await adminToken(world())
    const results = await Promise.all(Array.from({ length: 6 }, async () => await invite({ email }, token)))
    const names = results.map(({ __typename, isNew, code }) => code ?? `${__typename} ${isNew}`)
    expect(names.filter((name) => name === 'InviteUserSuccess true')).toHaveLength(1)
    expect(names.filter((name) => !['InviteUserSuccess true', 'InviteUserSuccess false', 'EMAIL_TAKEN'].includes(name))).toEqual([])
    expect(await world().db.client.user.count({ where: { email } })).toBe(1)
  })
})

describe('inviteUser for an account that waits', () => {
  it('the invitation is sent again, and the account stays as it is', async () => {
    const email = address()
    const { invitedUserId } = await invite({ email, name: 'Ada', scopes: ['USERS_READ'] })
    const before = await rowOf(email)
    const first = mailedToken(world(), email)
    world().advance(8 * DAY)
    const again = await invite({ email: email.toUpperCase(), name: 'Eve', username: 'eve', locale: 'AR', scopes: ['USERS_DELETE'] })
    expect(again).toMatchObject({ __typename: 'InviteUserSuccess', invitedUserId, isNew: false, user: { email, name: 'Ada' } })
    expect(await rowOf(email)).toEqual(before)
    expect(mailsTo(email).map(({ subject }) => subject)).toEqual(['You are invited', 'You are invited'])
    expect(mailedToken(world(), email)).not.toBe(first)
    expect(await eventsOf(invitedUserId)).toEqual(['account.created', 'account.invited', 'account.invited'])
    expect((await choose(email)).__typename).toBe('ResetPasswordSuccess')
  })

  it('an invitation that was answered is not sent again', async () => {
    const email = address()
    await invite({ email })
    await choose(email)
    const before = mailsTo(email).length
    expectFailure(await invite({ email }), 'ConflictError', 'EMAIL_TAKEN', ['email'])
    expect(mailsTo(email)).toHaveLength(before)
  })

  it('the answer to one invitation ends the links of all', async () => {
    const email = address()
    await invite({ email })
    const first = mailedToken(world(), email)
    await invite({ email })
    await choose(email)
    expectFailure(await mutate(world(), 'resetPassword', { token: first, newPassword: NEW }), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('no invitation goes to an account that is disabled, nor to one that was never invited', async () => {
    const email = address()
    const { invitedUserId: id } = await invite({ email })
    await mutate(world(), 'setLoginEnabled', { id, enabled: false }, await adminToken(world()))
    expectFailure(await invite({ email }), 'ConflictError', 'EMAIL_TAKEN', ['email'])
    expectFailure(await choose(email), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    const imported = await person(world())
    await world().db.client.user.update({ where: { id: imported.id }, data: { passwordHash: null } })
    expectFailure(await invite({ email: imported.email }), 'ConflictError', 'EMAIL_TAKEN', ['email'])
    expect(mailsTo(imported.email)).toEqual([])
  })

  it('a mailbox gets three invitations in 15 minutes, and the answer stays the same', async () => {
    const email = address()
    const token = await adminToken(world())
    for (let sent = 0; sent < 5; sent += 1) expect((await invite({ email }, token)).isNew).toBe(sent === 0)
    expect(mailsTo(email)).toHaveLength(3)
    world().advance(16 * MINUTE)
    await invite({ email }, token)
    expect(mailsTo(email)).toHaveLength(4)
  })
})

describe('inviteUser on a server that is closed', () => {
  const closed = useWorld({ REGISTRATION: 'closed', ADMIN_EMAIL: 'boss@example.com', ADMIN_PASSWORD: PASSWORD, INVITATION_LIFE: '2d' })

  it('inviteUser goes on, and the link lives as long as the settings say', async () => {
    const email = address()
    const { credentials } = await mutate(closed(), 'signIn', { identifier: 'boss@example.com', password: PASSWORD })
    expect((await invite({ email }, credentials.accessToken.token, closed())).isNew).toBe(true)
    expect(mailsTo(email, closed())[0]?.text).toContain('It works once, for 2 days.')
  })
})

describe('inviteUser while the outbox is full', () => {
  const full = useWorld({ LIMIT_OUTBOX: '1' }, { deliver: async () => ({ outcome: 'deferred', reason: '451' }) })

  it('inviteUser creates nothing', async () => {
    const { token } = await admin(full())
    const [first, second] = [address(), address()]
    expect((await invite({ email: first }, token, full())).isNew).toBe(true)
    expect(await invite({ email: second }, token, full())).toMatchObject({ __typename: 'RateLimitError', code: 'OVERLOADED' })
    expect(await full().db.client.user.count({ where: { email: second } })).toBe(0)
  })
})
