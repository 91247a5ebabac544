/**
 * Verification of an e-mail address: who is sent a mail, its link and its code, and all that a code must not do.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { adminToken, expectFailure, mailedToken, mutate, mutationOf, query } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn, signInOnV1, unique, withTwoFactor } from '../support/accounts.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { HOUR, MINUTE, SECOND } from './support.ts'

const world = useWorld({ VERIFY_EMAIL: 'true' })
beforeAll(async () => void (await admin(world())))

const mailsTo = (address: string) => world().mails.filter(({ to }) => to === address)
/** The code in the newest mail to an address. */
const codeTo = (address: string): string =>
  /^(\d{6})$/m.exec(mailsTo(address).findLast(({ text }) => /^\d{6}$/m.test(text))?.text ?? '')?.[1] ?? 'none'
const wrong = (code: string): string => (code === '000000' ? '000001' : '000000')
const confirm = async (input: object, token?: string) => await mutate(world(), 'confirmEmail', input, token)
const request = async (token?: string) => await mutate(world(), 'requestEmailVerification', undefined, token)
const isVerified = async (token: string): Promise<boolean> => (await query(world(), 'me { emailVerified }', token)).emailVerified
const eventsOf = async ({ id }: Person, type: string): Promise<number> =>
  await world().db.client.auditEvent.count({ where: { userId: id, type } })
const expectWrongCode = (result: unknown): void => expectFailure(result, 'AuthenticationError', 'INVALID_MAIL_TOKEN', ['code'])

describe('a sign-up', () => {
  const fresh = () => `fresh${unique()}@example.com`
  const signUps: Readonly<Record<string, (email: string) => Promise<unknown>>> = {
    GraphQL: async (email) => await mutate(world(), 'signUp', { email, password: PASSWORD }),
    wekan: async (email) => await world().post('/users/register', { username: `u${unique()}`, email, password: PASSWORD }),
    xiot: async (email) =>
      await world().post('/v1/auth/signup', {
        email,
        firstName: 'Ada',
        lastName: 'King',
        password: PASSWORD,
        passwordConfirmation: PASSWORD,
      }),
    authentication: async (email) =>
      await world().post('/auth/register', { name: 'Ada King', email, password: PASSWORD, confirm: PASSWORD }),
  }

  it.each(Object.keys(signUps))('through %s sends a link and a code to the address', async (surface) => {
    const email = fresh()
    await signUps[surface]?.(email)
    expect(mailsTo(email).map(({ subject }) => subject)).toEqual(['Verify your e-mail address'])
    expect(mailsTo(email)[0]?.text).toMatch(/^http:\/\/vestibule\.test\/confirm-email#token=[\w-]{43}$/m)
    expect(codeTo(email)).toMatch(/^\d{6}$/)
    expect(mailsTo(email)[0]?.subject).not.toContain(codeTo(email))
  })

  it('a sign-up without an address, and an account that somebody else makes, send no mail', async () => {
    const before = world().mails.length
    await world().post('/users/register', { username: `u${unique()}`, password: PASSWORD })
    const token = await adminToken(world())
    await world().post('/api/users', { username: `u${unique()}`, email: fresh(), password: PASSWORD }, token)
    await world().post('/v1/users', { name: 'Ada', email: fresh(), password: PASSWORD }, token)
    expect(world().mails).toHaveLength(before)
  })
})

describe('without VERIFY_EMAIL', () => {
  const quiet = useWorld({ VERIFY_EMAIL: 'false', ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: PASSWORD })

  it('a sign-up sends no mail, and who wants one asks for it', async () => {
    const someone = await person(quiet())
    expect(quiet().mails).toEqual([])
    await mutate(quiet(), 'requestEmailVerification', undefined, someone.token)
    expect(quiet().mails.map(({ to }) => to)).toEqual([someone.email])
  })
})

describe('the administrator of the settings', () => {
  const started = useWorld({ VERIFY_EMAIL: 'true', ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: PASSWORD })

  it('the administrator of the settings is sent no mail at the start', async () => {
    await started().app.outbox.idle()
    expect(started().mails).toEqual([])
  })
})

describe('the link', () => {
  it('verifies, for anyone who has it, once, ends no session, and writes the event', async () => {
    const someone = await person(world())
    const token = mailedToken(world(), someone.email)
    expect(await isVerified(someone.token)).toBe(false)
    expect(await confirm({ token })).toEqual({ __typename: 'ConfirmEmailSuccess', user: null })
    expect(await isVerified(someone.token)).toBe(true)
    expect(await eventsOf(someone, 'email.verified')).toBe(1)
    expectFailure(await confirm({ token }), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    expect(mailsTo(someone.email)).toHaveLength(1)
  })

  it('the link that verifies an address goes on after a change of password and of factor, which do not touch the address', async () => {
    const someone = await withTwoFactor(world())
    const token = /#token=([\w-]+)/.exec(mailsTo(someone.email)[0]?.text ?? '')?.[1]
    await mutate(world(), 'changePassword', { oldPassword: PASSWORD, newPassword: 'another good one' }, someone.token)
    expect((await confirm({ token })).__typename).toBe('ConfirmEmailSuccess')
    expect(await isVerified(someone.token)).toBe(true)
  })

  it.each<[string, (someone: Person) => Promise<unknown>]>([
    [
      'the address was left',
      async (someone) =>
        await world().put('/v1/account/change-email', { email: `left${unique()}@example.com` }, await signInOnV1(world(), someone)),
    ],
    [
      'the account is disabled',
      async ({ id }) => await mutate(world(), 'setLoginEnabled', { id, enabled: false }, await adminToken(world())),
    ],
    ['24 hours have gone by', async () => world().advance(24 * HOUR + SECOND)],
  ])('the link that verifies an address is dead when %s', async (_what, end) => {
    const someone = await person(world())
    const token = mailedToken(world(), someone.email)
    await end(someone)
    expectFailure(await confirm({ token }), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    expect(await eventsOf(someone, 'email.verified')).toBe(0)
  })
})

describe('the code', () => {
  let someone: Person
  let code: string
  beforeEach(async () => {
    someone = await person(world())
    code = codeTo(someone.email)
  })

  it('verifies from a session of the account, however it is spaced, and the link goes with it', async () => {
    expect((await confirm({ code: ` ${code.slice(0, 3)} ${code.slice(3)} ` }, someone.token)).__typename).toBe('ConfirmEmailSuccess')
    expect(await isVerified(someone.token)).toBe(true)
    expectFailure(await confirm({ token: mailedToken(world(), someone.email) }), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
    expectWrongCode(await confirm({ code }, someone.token))
  })

  it('the code that verifies an address is kept as a slow hash, and shown in its mail alone', async () => {
    const [row] = await world().db.client.mailToken.findMany({ where: { userId: someone.id } })
    expect(row?.codeHash).toMatch(/^\$argon2id\$/)
    expect(JSON.stringify(row)).not.toContain(code)
    expect(JSON.stringify(world().logs)).not.toContain(code)
  })

  it('the code that verifies an address is refused to anybody else, signed in or not', async () => {
    const other = await person(world())
    await confirm({ token: mailedToken(world(), other.email) })
    expectWrongCode(await confirm({ code }, other.token))
    expectWrongCode(await confirm({ code }))
    expect((await confirm({ code }, someone.token)).__typename).toBe('ConfirmEmailSuccess')
  })

  it('the code that verifies an address is dead after five wrong ones, which are an event once a minute, while the link still works', async () => {
    world().advance(MINUTE)
    for (let tries = 0; tries < 5; tries += 1) expectWrongCode(await confirm({ code: wrong(code) }, someone.token))
    expectWrongCode(await confirm({ code }, someone.token))
    expect(await isVerified(someone.token)).toBe(false)
    expect(await eventsOf(someone, 'mail_token.refused')).toBe(1)
    expect((await confirm({ token: mailedToken(world(), someone.email) })).__typename).toBe('ConfirmEmailSuccess')
  })

  it('the code that verifies an address may be wrong four times', async () => {
    for (let tries = 0; tries < 4; tries += 1) expectWrongCode(await confirm({ code: wrong(code) }, someone.token))
    expect((await confirm({ code }, someone.token)).__typename).toBe('ConfirmEmailSuccess')
  })

  it('the code that verifies an address loses no try where no hash can be computed', async () => {
    const full = await openWorld({ VERIFY_EMAIL: 'true' }, { db: world().db, isOverloaded: true })
    for (let tries = 0; tries < 6; tries += 1)
      expectFailure(await mutate(full, 'confirmEmail', { code }, someone.token), 'RateLimitError', 'OVERLOADED', [], { retryAfter: 2 })
    await full.close()
    expect((await confirm({ code }, someone.token)).__typename).toBe('ConfirmEmailSuccess')
  })

  it('given 20 times at once is taken once', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, async () => await confirm({ code }, someone.token)))
    const isTaken = ({ __typename }: { __typename: string }) => __typename === 'ConfirmEmailSuccess'
    expect(results.filter(isTaken)).toHaveLength(1)
    for (const result of results.filter((one) => !isTaken(one))) expectWrongCode(result)
    expect(await eventsOf(someone, 'email.verified')).toBe(1)
  })

  it('guessed 20 times at once is looked at five times', async () => {
    await Promise.all(Array.from({ length: 20 }, async () => await confirm({ code: wrong(code) }, someone.token)))
    expect(await world().db.client.mailToken.findMany({ where: { userId: someone.id } })).toMatchObject([{ attempts: 5 }])
    expectWrongCode(await confirm({ code }, someone.token))
  })

  it('the code that verifies an address ends after ten minutes, the link does not', async () => {
    world().advance(10 * MINUTE + SECOND)
    expectWrongCode(await confirm({ code }, someone.token))
    expect((await confirm({ token: mailedToken(world(), someone.email) })).__typename).toBe('ConfirmEmailSuccess')
  })

  it('the code that verifies an address is killed by a newer one; the older link is not', async () => {
    const link = mailedToken(world(), someone.email)
    expect(await request(someone.token)).toEqual({ __typename: 'RequestEmailVerificationSuccess', user: { id: someone.id } })
    const newer = codeTo(someone.email)
    if (newer !== code) expectWrongCode(await confirm({ code }, someone.token))
    expect((await confirm({ token: link })).__typename).toBe('ConfirmEmailSuccess')
    expectWrongCode(await confirm({ code: newer }, someone.token))
    expectFailure(await confirm({ token: mailedToken(world(), someone.email) }), 'AuthenticationError', 'INVALID_MAIL_TOKEN')
  })

  it.each<[string, (code: string) => object, string]>([
    ['five digits', (given) => ({ code: given.slice(1) }), 'code'],
    ['letters', () => ({ code: 'abcdef' }), 'code'],
    ['an empty token', () => ({ token: '' }), 'token'],
  ])('%s is invalid input, and no try', async (_what, input, field) => {
    for (let tries = 0; tries < 6; tries += 1)
      expectFailure(await confirm(input(code), someone.token), 'InputError', 'INVALID_INPUT', [field])
    expect((await confirm({ code }, someone.token)).__typename).toBe('ConfirmEmailSuccess')
  })

  it.each<[string, (code: string) => object]>([
    ['nothing', () => ({})],
    ['both', (given) => ({ code: given, token: 'x' })],
  ])('%s is refused before it is looked at, and no try', async (_what, input) => {
    const variables = { input: input(code) }
    for (let tries = 0; tries < 6; tries += 1) {
      const { text } = await world().graphql(mutationOf('confirmEmail', variables.input), variables, someone.token)
      const message = 'Variable "$input" got an invalid value; Exactly one key must be specified for OneOf type "ConfirmEmailInput".'
      expect(JSON.parse(text)).toEqual({
        errors: [{ message, locations: [{ line: 1, column: 10 }], extensions: { code: 'BAD_USER_INPUT' } }],
      })
    }
    expect((await confirm({ code }, someone.token)).__typename).toBe('ConfirmEmailSuccess')
  })
})

describe('requestEmailVerification', () => {
  it('requestEmailVerification needs a session, and an address that waits for it', async () => {
    expectFailure(await request(), 'errors', 'UNAUTHENTICATED')
    const someone = await person(world())
    await confirm({ token: mailedToken(world(), someone.email) })
    expectFailure(await request(someone.token), 'ConflictError', 'EMAIL_ALREADY_VERIFIED')
    const bare = await mutate(world(), 'signUp', { username: `bare${unique()}`, password: PASSWORD })
    expectFailure(await request(bare.credentials.accessToken.token), 'ConflictError', 'EMAIL_ALREADY_VERIFIED')
  })

  it('requestEmailVerification sends no more than its share of the mailbox, the sign-up counted and resets not, with the same answer', async () => {
    const someone = await person(world())
    for (let count = 0; count < 4; count += 1) expect((await request(someone.token)).user).toEqual({ id: someone.id })
    expect(mailsTo(someone.email)).toHaveLength(3)
    await world().post('/auth/forgot-password', { email: someone.email })
    expect(mailsTo(someone.email).map(({ subject }) => subject)).toEqual([
      ...Array(3).fill('Verify your e-mail address'),
      'Reset your password',
    ])
    expect((await confirm({ code: codeTo(someone.email) }, someone.token)).__typename).toBe('ConfirmEmailSuccess')
  })

  it('requestEmailVerification writes an event for each mail', async () => {
    const someone = await person(world())
    await request(someone.token)
    expect(await eventsOf(someone, 'email.verification_requested')).toBe(2)
  })
})

describe('a change of address', () => {
  it('a change of address is confirmed by the code in its mail, from the session of the account', async () => {
    const someone = await person(world())
    const [email, own] = [`moved${unique()}@example.com`, codeTo(someone.email)]
    await mutate(world(), 'changeEmail', { email }, someone.token)
    const code = codeTo(email)
    if (own !== code) expectWrongCode(await confirm({ code: own }, someone.token))
    expectWrongCode(await confirm({ code }, (await person(world())).token))
    expect((await confirm({ code }, someone.token)).__typename).toBe('ConfirmEmailSuccess')
    expect(await query(world(), 'me { email emailVerified }', someone.token)).toEqual({ email, emailVerified: true })
    expect(await signIn(world(), { email, password: PASSWORD })).toMatch(/^[\w-]+\./)
  })

  it('a change of address that waits does not keep the present address from being verified by its link', async () => {
    const someone = await person(world())
    const email = `moved${unique()}@example.com`
    await mutate(world(), 'changeEmail', { email }, someone.token)
    expect((await confirm({ token: mailedToken(world(), someone.email) })).__typename).toBe('ConfirmEmailSuccess')
    expect(await query(world(), 'me { email emailVerified pendingEmails { address } }', someone.token)).toEqual({
      email: someone.email,
      emailVerified: true,
      pendingEmails: [{ address: email }],
    })
  })
})
