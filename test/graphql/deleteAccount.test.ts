/**
 * Owners delete their accounts: what goes with it, what proof it takes, every typed failure, and races.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import {
  admin,
  PASSWORD,
  type Person,
  person,
  signIn,
  totp,
  verifiedPerson,
  verifiedWithTwoFactor,
  withTwoFactor,
} from '../support/accounts.ts'
import { openBrowser } from '../support/cookieJar.ts'
import { databaseKind } from '../support/database.ts'
import { personalToken } from '../support/personalToken.ts'
import { account, changed, overtaken } from '../support/races.ts'
import { useWorld, type World } from '../support/world.ts'
import { adminToken, expectFailure, MINUTE, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const SUBJECT = 'Your account was deleted'
const proof = { password: PASSWORD }
const go = (token: string | undefined, input: object = proof, at: World = world()) => mutate(at, 'deleteAccount', input, token)
const success = ({ id }: Pick<Person, 'id'>) => ({ __typename: 'DeleteAccountSuccess', deletedUserId: id })
const exists = async ({ id }: Pick<Person, 'id'>, at: World = world()) => (await at.db.client.user.count({ where: { id } })) === 1
const mailsTo = ({ email }: Pick<Person, 'email'>, at: World = world()) => at.mails.filter(({ to }) => to === email)
const eventsOf = async ({ id }: Pick<Person, 'id'>, type: string) =>
  await world().db.client.auditEvent.findMany({ where: { userId: id, type } })

describe('deleteAccount', () => {
  it('deleteAccount deletes the account with all its data, ends its sessions and tokens, and frees its names', async () => {
    const someone = await person(world())
    const elsewhere = await signIn(world(), someone)
    const script = await personalToken(world(), someone, [])
    expect(await go(someone.token)).toEqual(success(someone))
    for (const token of [someone.token, elsewhere, script])
      expectFailure(await query(world(), 'me { id }', token), 'errors', 'UNAUTHENTICATED')
    const again = await mutate(world(), 'signIn', { identifier: someone.email, password: PASSWORD })
    expectFailure(again, 'AuthenticationError', 'BAD_CREDENTIALS')
    const where = { userId: someone.id }
    const { client } = world().db
    expect([await client.session.count({ where }), await client.identifier.count({ where }), await exists(someone)]).toEqual([0, 0, false])
    const next = await person(world(), { email: someone.email, username: someone.username })
    expect(next.id).not.toBe(someone.id)
  })

  it('deleteAccount writes an event whose actor is the owner', async () => {
    const someone = await person(world())
    await go(someone.token)
    expect((await eventsOf(someone, 'account.deleted')).map(({ actorId, surface }) => ({ actorId, surface }))).toEqual([
      { actorId: someone.id, surface: 'graphql' },
    ])
    const newest = 'auditEvents(first: 1, filter: { types: [ACCOUNT_DELETED] }) { edges { node { userId actorKind } } }'
    const node = { userId: someone.id, actorKind: 'OWNER' }
    expect(await query(world(), newest, await adminToken(world()))).toEqual({ edges: [{ node }] })
  })

  it('deleteAccount tells the owner by a mail to the verified address, in the language of the account', async () => {
    const english = await verifiedPerson(world())
    const arabic = await verifiedPerson(world(), { locale: 'AR' })
    for (const someone of [english, arabic]) expect(await go(someone.token)).toEqual(success(someone))
    expect(mailsTo(english).map(({ subject }) => subject)).toEqual([SUBJECT])
    expect(mailsTo(english)[0]?.text).toContain('Your account at Vestibule was deleted with all its data')
    expect(mailsTo(arabic).map(({ subject }) => subject)).toEqual(['تم حذف حسابك'])
  })

  it('deleteAccount sends no mail to an address that was never verified', async () => {
    const someone = await person(world())
    await go(someone.token)
    expect(mailsTo(someone)).toEqual([])
  })

  it('deleteAccount needs a session', async () => {
    expectFailure(await go(undefined), 'errors', 'UNAUTHENTICATED')
    expectFailure(await go('no-such-token'), 'errors', 'UNAUTHENTICATED')
  })

  it('deleteAccount is not for personal access tokens, whatever they may do', async () => {
    const someone = await person(world())
    expectFailure(await go(await personalToken(world(), someone, ['users', 'sensors'])), 'PermissionError', 'FORBIDDEN')
    expect(await exists(someone)).toBe(true)
  })

  it('deleteAccount refuses a wrong password, also just after the sign-in and a right proof', async () => {
    const someone = await person(world())
    await mutate(world(), 'reauthenticate', proof, someone.token)
    expectFailure(await go(someone.token, { password: 'not the password' }), 'InputError', 'WRONG_PASSWORD', ['password'])
    expectFailure(await go(someone.token, { password: '' }), 'InputError', 'INVALID_INPUT', ['password'])
    expect(await exists(someone)).toBe(true)
    expect(await eventsOf(someone, 'password.check_failed')).toHaveLength(1)
  })

  it('deleteAccount takes the right password however old the last check of the session is', async () => {
    const someone = await person(world())
    world().advance(25 * MINUTE)
    expect(await go(someone.token)).toEqual(success(someone))
  })

  it('deleteAccount takes no right password of somebody else', async () => {
    const someone = await person(world())
    const other = await person(world(), { password: 'another right horse' })
    expectFailure(await go(someone.token, { password: other.password }), 'InputError', 'WRONG_PASSWORD', ['password'])
  })
})

describe('deleteAccount with a second factor', () => {
  it('deleteAccount needs a code too, and takes one of the app', async () => {
    const someone = await verifiedWithTwoFactor(world())
    expectFailure(await go(someone.token), 'InputError', 'INVALID_INPUT', ['code'])
    expectFailure(await go(someone.token, { ...proof, code: '000000' }), 'InputError', 'WRONG_CODE', ['code'])
    expectFailure(await go(someone.token, { password: 'not it', code: someone.code() }), 'InputError', 'WRONG_PASSWORD', ['password'])
    expect(await exists(someone)).toBe(true)
    expect(await go(someone.token, { ...proof, code: someone.code() })).toEqual(success(someone))
  })

  it('deleteAccount takes a recovery code', async () => {
    const someone = await withTwoFactor(world())
    expect(await go(someone.token, { ...proof, code: someone.recoveryCodes[0] })).toEqual(success(someone))
  })

  it('deleteAccount refuses a code that was used before', async () => {
    const someone = await withTwoFactor(world())
    const code = someone.code()
    await mutate(world(), 'reauthenticate', { ...proof, code }, someone.token)
    expectFailure(await go(someone.token, { ...proof, code }), 'InputError', 'WRONG_CODE', ['code'])
    expect(await exists(someone)).toBe(true)
  })
})

describe('deleteAccount by a cookie', () => {
  it('deleteAccount removes the cookie, as a sign-out does', async () => {
    const someone = await person(world())
    const browser = openBrowser(world())
    await mutate(browser, 'signIn', { identifier: someone.email, password: PASSWORD, transport: 'COOKIE' })
    expect(await go(undefined, proof, browser)).toEqual(success(someone))
    expect(browser.last().headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-vestibule-session=; .*Max-Age=0/)])
    expect(browser.last().headers.get('clear-site-data')).toBe('"storage"')
    expect(await query(browser, 'me { id }')).toBeNull()
  })

  it('deleteAccount leaves the cookie where it is refused', async () => {
    const someone = await person(world())
    const browser = openBrowser(world())
    await mutate(browser, 'signIn', { identifier: someone.email, password: PASSWORD, transport: 'COOKIE' })
    expectFailure(await go(undefined, { password: 'not it' }, browser), 'InputError', 'WRONG_PASSWORD', ['password'])
    expect(await query(browser, 'me { id }')).toEqual({ id: someone.id })
  })
})

describe('guesses at deleteAccount', () => {
  it('ten wrong passwords are the limit: then the right one is refused too, until the wait is over', async () => {
    const someone = await person(world())
    for (let tried = 0; tried < 10; tried += 1)
      expectFailure(await go(someone.token, { password: `wrong ${tried}` }), 'InputError', 'WRONG_PASSWORD', ['password'])
    const refused = await go(someone.token)
    expect(refused).toMatchObject({ __typename: 'RateLimitError', code: 'TOO_MANY_REQUESTS' })
    expect(await exists(someone)).toBe(true)
    world().advance(refused.retryAfter * 1000)
    expect(await go(someone.token)).toEqual(success(someone))
  })

  it('ten wrong codes are the limit', async () => {
    const someone = await withTwoFactor(world())
    for (let tried = 0; tried < 10; tried += 1)
      expectFailure(await go(someone.token, { ...proof, code: '000000' }), 'InputError', 'WRONG_CODE', ['code'])
    expect(await go(someone.token, { ...proof, code: totp(someone.secret) })).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    expect(await exists(someone)).toBe(true)
  })
})

describe('several at once', () => {
  it('of several deletions of one account at once one succeeds, and one mail goes out', async () => {
    const someone = await verifiedPerson(world())
    const other = await signIn(world(), someone)
    const results = await Promise.all([someone.token, other, someone.token, other].map(async (token) => await go(token)))
    const [done, ...late] = results
      .map(({ __typename, code }) => code ?? __typename)
      .sort((one) => (one === 'DeleteAccountSuccess' ? -1 : 1))
    expect(done).toBe('DeleteAccountSuccess')
    // A password is wrong where there is no account any more.
    expect(late.filter((code) => code !== 'UNAUTHENTICATED' && code !== 'WRONG_PASSWORD')).toEqual([])
    expect(await eventsOf(someone, 'account.deleted')).toHaveLength(1)
    expect(mailsTo(someone).map(({ subject }) => subject)).toEqual([SUBJECT])
  })

  if (databaseKind() === 'postgresql') {
    it('a password that is changed meanwhile keeps the account', async () => {
      const someone = await person(world())
      const credentials = changed(someone, { credentialVersion: { increment: 1 } })
      const result = await overtaken(world(), account(someone), credentials, () => go(someone.token))
      expectFailure(result, 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
      expect(await exists(someone)).toBe(true)
    })

    it('a session that is ended meanwhile deletes nothing', async () => {
      const someone = await person(world())
      const result = await overtaken(
        world(),
        account(someone),
        (tx) => tx.session.updateMany({ where: { userId: someone.id }, data: { endedAt: new Date() } }),
        () => go(someone.token),
      )
      expectFailure(result, 'errors', 'UNAUTHENTICATED')
      expect(await exists(someone)).toBe(true)
    })
  }
})

describe('an administrator who leaves', () => {
  const lonely = useWorld()

  it('the last enabled administrator stays, and of the last two that go at once one stays', async () => {
    const root = await admin(lonely())
    expectFailure(await go(root.token, proof, lonely()), 'ConflictError', 'LAST_ADMIN')
    const heir = await person(lonely())
    await mutate(lonely(), 'setAdmin', { id: heir.id, isAdmin: true }, root.token)
    const results = await Promise.all([root, heir].map(({ token }) => go(token, proof, lonely())))
    expect(results.map(({ code }) => code ?? 'deleted').sort()).toEqual(['LAST_ADMIN', 'deleted'])
    expect(await lonely().db.client.user.count({ where: { isAdmin: true } })).toBe(1)
    expect(lonely().mails).toEqual([])
  })
})

describe('the mail about a deleted account', () => {
  const quiet = useWorld({ LIMIT_MAILS_PER_HOUR: '1' })

  it('the mail about a deleted account goes out though the mailbox had all mails of the hour', async () => {
    await admin(quiet())
    const someone = await verifiedPerson(quiet())
    const another = 'another right horse'
    await mutate(quiet(), 'changePassword', { oldPassword: PASSWORD, newPassword: another }, someone.token)
    await mutate(quiet(), 'changePassword', { oldPassword: another, newPassword: PASSWORD }, someone.token)
    expect(await go(someone.token, proof, quiet())).toEqual(success(someone))
    expect(mailsTo(someone, quiet()).map(({ subject }) => subject)).toEqual(['Your password was changed', SUBJECT])
  })
})
