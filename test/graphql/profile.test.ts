/**
 * What people change about their own account through GraphQL: profile, password, lost password, e-mail address, each with
 * every typed failure, the step-up after 10 minutes, and the mails that go out.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import {
  admin,
  PASSWORD,
  type Person,
  person,
  signIn,
  unique,
  verifiedPerson,
  verify,
  withTwoFactor,
  withUsername,
} from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, DAY, expectFailure, HOUR, MINUTE, mailedToken, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const NEW_PASSWORD = 'battery staple correct'
const signsIn = async (identifier: string, password: string): Promise<boolean> =>
  (await mutate(world(), 'signIn', { identifier, password })).__typename === 'SignInSuccess'
const mailsTo = (address: string) => world().mails.filter(({ to }) => to === address)
const freshAddress = () => `fresh${unique()}@example.com`
const eventsOf = async (userId: string, type: string) => await world().db.client.auditEvent.count({ where: { userId, type } })

describe('updateProfile', () => {
  const update = (input: object, token?: string) => mutate(world(), 'updateProfile', input, token)

  it('updateProfile changes what is given and leaves the rest', async () => {
    const someone = await person(world(), { name: 'Grace Hopper', bio: 'kept', phone: '01012345678' })
    const { user } = await update({ bio: 'Nanoseconds.' }, someone.token)
    const names = { name: 'Grace Hopper', firstName: 'Grace', lastName: 'Hopper' }
    expect(user).toEqual({ id: someone.id, ...names, phone: '01012345678', phoneE164: '+201012345678', bio: 'Nanoseconds.' })
  })

  it.each([
    [{ name: 'Ada King Lovelace' }, { name: 'Ada King Lovelace', firstName: 'Ada', lastName: 'King Lovelace' }],
    [{ name: 'Ada' }, { name: 'Ada', firstName: 'Ada', lastName: null }],
    [{ firstName: 'Ada' }, { name: 'Ada Hopper', firstName: 'Ada', lastName: 'Hopper' }],
    [{ lastName: 'Lovelace' }, { name: 'Grace Lovelace', firstName: 'Grace', lastName: 'Lovelace' }],
    [{ lastName: null }, { name: 'Grace', firstName: 'Grace', lastName: null }],
    [
      { name: 'Ada Lovelace', firstName: 'ignored', lastName: 'ignored' },
      { name: 'Ada Lovelace', firstName: 'Ada', lastName: 'Lovelace' },
    ],
    [
      { name: null, firstName: null },
      { name: 'Grace Hopper', firstName: 'Grace', lastName: 'Hopper' },
    ],
    [{ name: '  Ada   Lovelace ' }, { name: 'Ada   Lovelace', firstName: 'Ada', lastName: 'Lovelace' }],
  ])('%j keeps the forms of the name together', async (input, names) => {
    const someone = await person(world(), { name: 'Grace Hopper' })
    expect((await update(input, someone.token)).user).toMatchObject(names)
  })

  it.each([
    [{ phone: '+201012345678' }, { phone: '+201012345678', phoneE164: '+201012345678' }],
    [{ phone: '+49 30 123456' }, { phone: '+49 30 123456', phoneE164: '+4930123456' }],
    [{ phone: '' }, { phone: null, phoneE164: null }],
    [{ phone: null }, { phone: null, phoneE164: null }],
    [{ bio: null }, { bio: null }],
  ])('%j', async (input, expected) => {
    const someone = await person(world(), { phone: '01112345678', bio: 'old' })
    expect((await update(input, someone.token)).user).toMatchObject(expected)
  })

  it('updateProfile says all wrong fields at once', async () => {
    const input = { name: 'x'.repeat(101), firstName: ' ', lastName: 'a\u0000b', phone: 'none', bio: '\ud800' }
    const fields = ['name', 'firstName', 'lastName', 'phone', 'bio']
    expectFailure(await update(input, (await person(world())).token), 'InputError', 'INVALID_INPUT', fields)
  })

  it('updateProfile needs a session', async () => {
    expectFailure(await update({ bio: 'x' }), 'errors', 'UNAUTHENTICATED')
  })
})

describe('changePassword', () => {
  const change = (input: object, token?: string) => mutate(world(), 'changePassword', { newPassword: NEW_PASSWORD, ...input }, token)

  it('sets the new password, ends the other sessions and tells the owner', async () => {
    const someone = await verifiedPerson(world())
    const elsewhere = await signIn(world(), someone)
    const result = await change({ oldPassword: PASSWORD }, someone.token)
    expect(result).toEqual({ __typename: 'ChangePasswordSuccess', user: { id: someone.id, mustChangePassword: false } })
    expect(await query(world(), 'me { id }', someone.token)).toEqual({ id: someone.id })
    expectFailure(await query(world(), 'me { id }', elsewhere), 'errors', 'UNAUTHENTICATED')
    expect(await signsIn(someone.email, PASSWORD)).toBe(false)
    expect(await signsIn(someone.email, NEW_PASSWORD)).toBe(true)
    expect(mailsTo(someone.email).map(({ subject }) => subject)).toEqual(['Your password was changed'])
    expect(await eventsOf(someone.id, 'password.changed')).toBe(1)
  })

  it('kills pending reset tokens and login codes', async () => {
    const someone = await withTwoFactor(world())
    await mutate(world(), 'requestPasswordReset', { email: someone.email })
    const token = mailedToken(world(), someone.email)
    const { loginCode } = await mutate(world(), 'signIn', { identifier: someone.email, password: PASSWORD })
    await change({ oldPassword: PASSWORD }, someone.token)
    const reset = await mutate(world(), 'resetPassword', { token, newPassword: PASSWORD })
    expectFailure(reset, 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    const verified = await mutate(world(), 'verifyTwoFactor', { loginCode, code: someone.code() })
    expectFailure(verified, 'AuthenticationError', 'INVALID_LOGIN_CODE')
  })

  it('changePassword refuses a wrong old password, and counts it', async () => {
    const someone = await person(world())
    for (let count = 1; count <= 10; count += 1)
      expectFailure(await change({ oldPassword: 'not mine' }, someone.token), 'InputError', 'WRONG_PASSWORD', ['oldPassword'])
    const result = await change({ oldPassword: PASSWORD }, someone.token)
    expectFailure(result, 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter: expect.any(Number) })
  })

  it.each(['short', 'x'.repeat(129), 'password1'])('changePassword refuses the new password %j', async (newPassword) => {
    const someone = await person(world())
    expectFailure(await change({ oldPassword: PASSWORD, newPassword }, someone.token), 'InputError', 'INVALID_INPUT', ['newPassword'])
  })

  it('changePassword says all wrong fields at once', async () => {
    const result = await change({ oldPassword: '', newPassword: '' }, (await person(world())).token)
    expectFailure(result, 'InputError', 'INVALID_INPUT', ['oldPassword', 'newPassword'])
  })

  it('changePassword needs a session', async () => {
    expectFailure(await change({ oldPassword: PASSWORD }), 'errors', 'UNAUTHENTICATED')
  })

  it('changePassword takes the old password as the proof, however long ago the sign-in was', async () => {
    const someone = await person(world())
    world().advance(20 * MINUTE)
    expect((await change({ oldPassword: PASSWORD }, someone.token)).__typename).toBe('ChangePasswordSuccess')
  })
})

describe('requestPasswordReset', () => {
  const request = (email: string) => mutate(world(), 'requestPasswordReset', { email })

  it('requestPasswordReset sends a link to PUBLIC_URL with the token in the fragment, to the stored address', async () => {
    const someone = await person(world())
    expect(await request(someone.email.toUpperCase())).toEqual({ __typename: 'RequestPasswordResetSuccess', ok: true })
    expect(mailsTo(someone.email)).toHaveLength(1)
    expect(mailsTo(someone.email)[0]?.text).toMatch(/^http:\/\/vestibule\.test\/reset-password#token=[\w-]{43}$/m)
  })

  it('requestPasswordReset answers alike for an unknown address and a disabled account, without a mail', async () => {
    const someone = await person(world())
    await mutate(world(), 'setLoginEnabled', { id: someone.id, enabled: false }, await adminToken(world()))
    const before = world().mails.length
    for (const email of ['nobody@example.com', someone.email])
      expect(await request(email)).toEqual({ __typename: 'RequestPasswordResetSuccess', ok: true })
    expect(world().mails).toHaveLength(before)
  })

  it('requestPasswordReset does not take a username', async () => {
    const someone = await person(world())
    const result = await request(someone.username)
    expectFailure(result, 'InputError', 'INVALID_INPUT', ['email'])
    expect(mailsTo(someone.email)).toEqual([])
  })

  it.each(['', 'no address', 'a\0@example.com'])('requestPasswordReset refuses %j', async (email) => {
    expectFailure(await request(email), 'InputError', 'INVALID_INPUT', ['email'])
  })

  it('requestPasswordReset sends 3 mails to a mailbox in 15 minutes, and then none with the same answer', async () => {
    const someone = await person(world())
    for (let count = 1; count <= 5; count += 1) expect((await request(someone.email)).ok).toBe(true)
    expect(mailsTo(someone.email)).toHaveLength(3)
    world().advance(15 * MINUTE + 1000)
    await request(someone.email)
    expect(mailsTo(someone.email)).toHaveLength(4)
  })
})

describe('resetPassword', () => {
  const reset = (token: string, newPassword = NEW_PASSWORD) => mutate(world(), 'resetPassword', { token, newPassword })
  const asked = async (someone: Person): Promise<string> => {
    await mutate(world(), 'requestPasswordReset', { email: someone.email })
    return mailedToken(world(), someone.email)
  }

  it('sets the password, ends every session, verifies the address, and signs nobody in', async () => {
    const someone = await person(world())
    expect(await reset(await asked(someone))).toEqual({ __typename: 'ResetPasswordSuccess', ok: true })
    expectFailure(await query(world(), 'me { id }', someone.token), 'errors', 'UNAUTHENTICATED')
    expect(await signsIn(someone.email, PASSWORD)).toBe(false)
    const token = await signIn(world(), { email: someone.email, password: NEW_PASSWORD })
    expect(await query(world(), 'me { emailVerified sessions { id } }', token)).toEqual({
      emailVerified: true,
      sessions: [{ id: expect.any(String) }],
    })
    expect(mailsTo(someone.email).map(({ subject }) => subject)).toEqual(['Reset your password', 'Your password was reset'])
  })

  it('resetPassword leaves the second factor on', async () => {
    const someone = await withTwoFactor(world())
    await verify(world(), someone)
    await reset(await asked(someone))
    const result = await mutate(world(), 'signIn', { identifier: someone.email, password: NEW_PASSWORD })
    expect(result.code).toBe('TWO_FACTOR_REQUIRED')
  })

  it('resetPassword does not spend the token on a password that is refused', async () => {
    const token = await asked(await person(world()))
    expectFailure(await reset(token, 'password1'), 'InputError', 'INVALID_INPUT', ['newPassword'])
    expect((await reset(token)).__typename).toBe('ResetPasswordSuccess')
  })

  it.each([
    ['unknown', async () => 'x'.repeat(43)],
    [
      'spent',
      async (token: string) => {
        await reset(token)
        return token
      },
    ],
    [
      'older than an hour',
      async (token: string) => {
        world().advance(HOUR + 1000)
        return token
      },
    ],
    [
      'of a disabled account',
      async (token: string, { id }: Person) => {
        await mutate(world(), 'setLoginEnabled', { id, enabled: false }, await adminToken(world()))
        return token
      },
    ],
    [
      'for another purpose',
      async (_token: string, someone: Person) => {
        const email = freshAddress()
        await mutate(world(), 'changeEmail', { email }, await signIn(world(), someone))
        return mailedToken(world(), email)
      },
    ],
  ])('resetPassword refuses a token that is %s', async (_what, spoil) => {
    const someone = await person(world())
    expectFailure(await reset(await spoil(await asked(someone), someone)), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('resetPassword says all wrong fields at once', async () => {
    expectFailure(await reset('', 'short'), 'InputError', 'INVALID_INPUT', ['token', 'newPassword'])
  })
})

describe('changeEmail and confirmEmail', () => {
  const change = (email: string, token?: string) => mutate(world(), 'changeEmail', { email }, token)
  const confirm = (token: string) => mutate(world(), 'confirmEmail', { token })
  const emailOf = async (token: string) => (await query(world(), 'me { email }', token)).email

  it('changeEmail waits for the confirmation, which makes the address count and verifies it', async () => {
    const someone = await verifiedPerson(world())
    const email = freshAddress()
    const unchanged = { id: someone.id, email: someone.email, emailVerified: true }
    expect(await change(` ${email} `, someone.token)).toEqual({ __typename: 'ChangeEmailSuccess', pendingEmail: email, user: unchanged })
    expect(await signsIn(email, PASSWORD)).toBe(false)
    expect(mailsTo(email)[0]?.text).toMatch(/^http:\/\/vestibule\.test\/confirm-email#token=[\w-]{43}$/m)
    expect(await confirm(mailedToken(world(), email))).toEqual({ __typename: 'ConfirmEmailSuccess', user: null })
    expect(await query(world(), 'me { email emailVerified }', someone.token)).toEqual({ email, emailVerified: true })
    expect(await signsIn(email, PASSWORD)).toBe(true)
    expect(await signsIn(someone.email, PASSWORD)).toBe(false)
    expect(mailsTo(someone.email).map(({ subject }) => subject)).toEqual(['Your e-mail address was changed'])
    expect(await eventsOf(someone.id, 'email.changed')).toBe(1)
  })

  it('changeEmail shows the address that waits, to its owner and administrators only', async () => {
    const someone = await person(world())
    const email = freshAddress()
    await change(email, someone.token)
    const pending = `user(by: { id: "${someone.id}" }) { pendingEmails { address createdAt } }`
    const shown = { pendingEmails: [{ address: email, createdAt: expect.any(String) }] }
    expect(await query(world(), pending, someone.token)).toEqual(shown)
    expect(await query(world(), pending, await adminToken(world()))).toEqual(shown)
    expectFailure(await query(world(), pending, (await person(world())).token), 'errors', 'FORBIDDEN')
    await confirm(mailedToken(world(), email))
    expect(await query(world(), pending, someone.token)).toEqual({ pendingEmails: [] })
  })

  it('changeEmail keeps only the newest address waiting', async () => {
    const someone = await person(world())
    const [first, second] = [freshAddress(), freshAddress()]
    await change(first, someone.token)
    await change(second, someone.token)
    expectFailure(await confirm(mailedToken(world(), first)), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    expect((await confirm(mailedToken(world(), second))).__typename).toBe('ConfirmEmailSuccess')
  })

  it('changeEmail refuses an address that was taken meanwhile', async () => {
    const someone = await person(world())
    const email = freshAddress()
    await change(email, someone.token)
    await mutate(world(), 'signUp', { email, password: PASSWORD })
    expectFailure(await confirm(mailedToken(world(), email)), 'ConflictError', 'EMAIL_TAKEN', ['email'])
    expect(await emailOf(someone.token)).toBe(someone.email)
  })

  it('frees the old address for others', async () => {
    const someone = await person(world())
    const email = freshAddress()
    await change(email, someone.token)
    await confirm(mailedToken(world(), email))
    expect((await mutate(world(), 'signUp', { email: someone.email, password: PASSWORD })).__typename).toBe('SignUpSuccess')
  })

  it('kills pending reset tokens when the address changes', async () => {
    const someone = await person(world())
    const email = freshAddress()
    await mutate(world(), 'requestPasswordReset', { email: someone.email })
    const token = mailedToken(world(), someone.email)
    await change(email, someone.token)
    await confirm(mailedToken(world(), email))
    const reset = await mutate(world(), 'resetPassword', { token, newPassword: NEW_PASSWORD })
    expectFailure(reset, 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('changeEmail gives an account without an address its first one', async () => {
    const made = await mutate(world(), 'signUp', { username: `bare${unique()}`, password: PASSWORD })
    const { token } = made.credentials.accessToken
    const email = freshAddress()
    await change(email, token)
    await confirm(mailedToken(world(), email))
    expect(await emailOf(token)).toBe(email)
  })

  it.each([
    ["somebody's address", async () => (await person(world())).email.toUpperCase()],
    ["somebody's username", async () => (await withUsername(world(), { username: freshAddress() })).username],
    ['their present one', async ({ email }: Person) => email.toUpperCase()],
  ])('changeEmail refuses %s', async (_what, addressOf) => {
    const someone = await person(world())
    expectFailure(await change(await addressOf(someone), someone.token), 'ConflictError', 'EMAIL_TAKEN', ['email'])
  })

  it.each(['', 'no address', `${'x'.repeat(250)}@example.com`, 'a\0@example.com'])('changeEmail refuses %j', async (email) => {
    expectFailure(await change(email, (await person(world())).token), 'InputError', 'INVALID_INPUT', ['email'])
  })

  it('changeEmail needs a session', async () => {
    expectFailure(await change(freshAddress()), 'errors', 'UNAUTHENTICATED')
  })

  it('changeEmail asks for a fresh proof 10 minutes after the last one, and takes `reauthenticate`', async () => {
    const someone = await person(world())
    world().advance(9 * MINUTE)
    expect((await change(freshAddress(), someone.token)).__typename).toBe('ChangeEmailSuccess')
    world().advance(MINUTE + 1000)
    expectFailure(await change(freshAddress(), someone.token), 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
    await mutate(world(), 'reauthenticate', { password: PASSWORD }, someone.token)
    expect((await change(freshAddress(), someone.token)).__typename).toBe('ChangeEmailSuccess')
  })

  it('changeEmail takes no refresh for a fresh proof', async () => {
    const someone = await person(world())
    world().advance(11 * MINUTE)
    const { credentials } = await mutate(world(), 'refreshSession', { refreshToken: someone.refreshToken })
    const result = await change(freshAddress(), credentials.accessToken.token)
    expectFailure(result, 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
  })

  it.each([
    ['unknown', async () => 'x'.repeat(43)],
    [
      'spent',
      async (token: string) => {
        await confirm(token)
        return token
      },
    ],
    [
      'older than a day',
      async (token: string) => {
        world().advance(DAY + 1000)
        return token
      },
    ],
    [
      'of a disabled account',
      async (token: string, { id }: Person) => {
        await mutate(world(), 'setLoginEnabled', { id, enabled: false }, await adminToken(world()))
        return token
      },
    ],
    [
      'for another purpose',
      async (_token: string, { email }: Person) => {
        await mutate(world(), 'requestPasswordReset', { email })
        return mailedToken(world(), email)
      },
    ],
  ])('confirmEmail refuses a token that is %s', async (_what, spoil) => {
    const someone = await person(world())
    const email = freshAddress()
    await change(email, someone.token)
    expectFailure(await confirm(await spoil(mailedToken(world(), email), someone)), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it('confirmEmail needs a token', async () => {
    expectFailure(await confirm(''), 'InputError', 'INVALID_INPUT', ['token'])
  })
})
