/**
 * How a session begins through GraphQL: sign-up, sign-in and its second half, each success and every typed failure, and the
 * limits on guessing.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, signIn, totp, unique, withTwoFactor, withUsername } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, chain, DAY, expectFailure, isoDate, jwt, MINUTE, mutate, query } from './ask.ts'

const world = useWorld()
beforeAll(async () => void (await admin(world())))

const me = (token: string) => query(world(), 'me { id }', token)
const wrong = (of: Person) => ({ identifier: of.email, password: 'not the password' })
const right = (of: Person) => ({ identifier: of.email, password: of.password })
const inMilliseconds = (text: string) => new Date(text).getTime() - Date.now()

/** Disables an account. */
const disable = async ({ id }: Person) => mutate(world(), 'setLoginEnabled', { id, enabled: false }, await adminToken(world()))

describe('signUp', () => {
  it('signUp makes an account and signs it in', async () => {
    const email = `Signup${unique()}@Example.com`
    const result = await mutate(world(), 'signUp', { email, password: PASSWORD })
    expect(result).toEqual({ __typename: 'SignUpSuccess', user: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) }, credentials: chain })
    expect(inMilliseconds(result.credentials.accessToken.expiresAt)).toBeGreaterThan(29 * MINUTE)
    expect(inMilliseconds(result.credentials.refreshToken.expiresAt)).toBeGreaterThan(29 * DAY)
    expect(await me(result.credentials.accessToken.token)).toEqual(result.user)
  })

  it('signUp keeps the address as typed, trimmed, and makes the username of its local part', async () => {
    const number = unique()
    const selection = '{ ... on SignUpSuccess { user { email username name firstName lastName isAdmin scopes emailVerified } } }'
    const { body } = await world().graphql(`mutation($input: SignUpInput!) { result: signUp(input: $input) ${selection} }`, {
      input: { email: `  Ada${number}@Example.COM `, password: PASSWORD, name: 'Ada King Lovelace' },
    })
    expect(body.result.user).toEqual({
      email: `Ada${number}@Example.COM`,
      username: `Ada${number}`,
      name: 'Ada King Lovelace',
      firstName: 'Ada',
      lastName: 'King Lovelace',
      isAdmin: false,
      scopes: [],
      emailVerified: false,
    })
  })

  it('signUp takes a username alone, and then there is no address', async () => {
    const username = `only a name ${unique()}`
    const made = await mutate(world(), 'signUp', { username, password: PASSWORD })
    const user = await query(world(), 'me { username email name firstName lastName }', made.credentials.accessToken.token)
    expect(user).toEqual({ username, email: null, name: username, firstName: username, lastName: null })
  })

  it('signUp makes the derived username unique', async () => {
    const local = `twin${unique()}`
    await mutate(world(), 'signUp', { email: `${local}@one.example`, password: PASSWORD })
    const second = await mutate(world(), 'signUp', { email: `${local}@two.example`, password: PASSWORD })
    expect(await query(world(), 'me { username }', second.credentials.accessToken.token)).toEqual({ username: `${local}2` })
  })

  it('signUp says all wrong fields at once', async () => {
    const input = {
      email: 'no address',
      username: 'bell\u0007',
      password: 'short',
      name: ' ',
      firstName: '',
      lastName: 'x'.repeat(51),
      phone: 'call me',
      bio: 'x'.repeat(501),
    }
    const fields = ['email', 'username', 'password', 'name', 'firstName', 'lastName', 'phone', 'bio']
    expectFailure(await mutate(world(), 'signUp', input), 'InputError', 'INVALID_INPUT', fields)
  })

  it.each([
    ['7 characters', 'seven77'],
    ['129 characters', 'x'.repeat(129)],
    ['a common one', 'password1'],
    ['a common one in capitals', 'PASSWORD1'],
    ['NUL', 'correct\0horse battery'],
    ['half a surrogate pair', 'correct\ud800horse battery'],
  ])('signUp refuses a password of %s', async (_what, password) => {
    const result = await mutate(world(), 'signUp', { email: `refused${unique()}@example.com`, password })
    expectFailure(result, 'InputError', 'INVALID_INPUT', ['password'])
  })

  it.each(['eight ch', '\u{1f511}'.repeat(8), ` ${'x'.repeat(126)} `])(
    'signUp takes the password %j and keeps it exactly',
    async (password) => {
      const email = `exact${unique()}@example.com`
      expect((await mutate(world(), 'signUp', { email, password })).__typename).toBe('SignUpSuccess')
      expect((await mutate(world(), 'signIn', { identifier: email, password })).__typename).toBe('SignInSuccess')
      expectFailure(
        await mutate(world(), 'signIn', { identifier: email, password: `${password.trim()}.` }),
        'AuthenticationError',
        'BAD_CREDENTIALS',
      )
    },
  )

  it('signUp needs a username or an address', async () => {
    expectFailure(await mutate(world(), 'signUp', { password: PASSWORD }), 'InputError', 'IDENTIFIER_REQUIRED', ['email'])
  })

  it.each([
    ['an address', 'email', 'EMAIL_TAKEN', (taken: Person) => ({ email: taken.email.toUpperCase() })],
    ['a username', 'username', 'USERNAME_TAKEN', (taken: Person) => ({ username: taken.username.toUpperCase() })],
    ["somebody's address as a username", 'username', 'USERNAME_TAKEN', (taken: Person) => ({ username: taken.email })],
  ])('signUp refuses %s that is taken', async (_what, field, code, input) => {
    const taken = await person(world())
    expectFailure(await mutate(world(), 'signUp', { ...input(taken), password: PASSWORD }), 'ConflictError', code, [field])
  })

  it("signUp refuses somebody's username as an address", async () => {
    const email = `name${unique()}@example.com`
    await withUsername(world(), { username: email })
    expectFailure(await mutate(world(), 'signUp', { email, password: PASSWORD }), 'ConflictError', 'EMAIL_TAKEN', ['email'])
  })

  it('signUp makes the very first account administrator, and no other', async () => {
    expect(await query(world(), 'me { isAdmin }', await adminToken(world()))).toEqual({ isAdmin: true })
    expect(await query(world(), 'me { isAdmin }', (await person(world())).token)).toEqual({ isAdmin: false })
  })
})

describe('signUp while registration is closed', () => {
  const closed = useWorld({ REGISTRATION: 'closed', ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: PASSWORD })

  it('signUp is refused while registration is closed', async () => {
    const result = await mutate(closed(), 'signUp', { email: 'late@example.com', password: PASSWORD })
    expectFailure(result, 'PermissionError', 'REGISTRATION_CLOSED')
  })

  it('still lets an administrator create accounts', async () => {
    const token = await signIn(closed(), { email: 'root@example.com', password: PASSWORD })
    const made = await mutate(closed(), 'createUser', { email: 'late@example.com', password: PASSWORD }, token)
    expect(made.__typename).toBe('CreateUserSuccess')
  })
})

describe('signIn', () => {
  it.each([
    ['the address', ({ email }: Person) => email],
    ['the address in capitals', ({ email }: Person) => email.toUpperCase()],
    ['the username', ({ username }: Person) => username],
    ['the username in capitals', ({ username }: Person) => username.toUpperCase()],
  ])('signIn opens a session by %s', async (_what, identifierOf) => {
    const someone = await person(world())
    const result = await mutate(world(), 'signIn', { identifier: identifierOf(someone), password: PASSWORD })
    expect(result).toEqual({ __typename: 'SignInSuccess', user: { id: someone.id }, credentials: chain, originCredentials: null })
  })

  it('signIn answers alike for an unknown identifier and a wrong password', async () => {
    const someone = await person(world())
    const unknown = await mutate(world(), 'signIn', { identifier: 'nobody@example.com', password: PASSWORD })
    expectFailure(unknown, 'AuthenticationError', 'BAD_CREDENTIALS')
    expect(await mutate(world(), 'signIn', wrong(someone))).toEqual(unknown)
    expect(await mutate(world(), 'signIn', { identifier: 'not even an address', password: 'x' })).toEqual(unknown)
  })

  it('normalises a password to NFC', async () => {
    const email = `nfc${unique()}@example.com`
    await mutate(world(), 'signUp', { email, password: 'cafe\u0301 noir' })
    expect((await mutate(world(), 'signIn', { identifier: email, password: 'caf\u00e9 noir' })).__typename).toBe('SignInSuccess')
  })

  it('signIn says that an account is disabled only after the right password', async () => {
    const someone = await person(world())
    await disable(someone)
    expectFailure(await mutate(world(), 'signIn', wrong(someone)), 'AuthenticationError', 'BAD_CREDENTIALS')
    expectFailure(await mutate(world(), 'signIn', right(someone)), 'PermissionError', 'ACCOUNT_DISABLED')
  })

  it('signIn needs an identifier and a password, both well-formed', async () => {
    const empty = await mutate(world(), 'signIn', { identifier: '', password: '', code: '' })
    expectFailure(empty, 'InputError', 'INVALID_INPUT', ['identifier', 'password', 'code'])
    const garbled = await mutate(world(), 'signIn', { identifier: 'a\0', password: '\udfff' })
    expectFailure(garbled, 'InputError', 'INVALID_INPUT', ['identifier', 'password'])
  })

  it('signIn asks for the second factor where there is one, and gives no token', async () => {
    const result = await mutate(world(), 'signIn', right(await withTwoFactor(world())))
    const waits = { loginCode: expect.stringMatching(/^[\w-]{43}$/), expiresAt: isoDate }
    expectFailure(result, 'TwoFactorRequired', 'TWO_FACTOR_REQUIRED', [], waits)
    expect(Math.round(inMilliseconds(result.expiresAt) / MINUTE)).toBe(5)
  })

  it('signIn takes the code at once', async () => {
    const someone = await withTwoFactor(world())
    const result = await mutate(world(), 'signIn', { ...right(someone), code: someone.code() })
    expect(result).toMatchObject({ __typename: 'SignInSuccess', user: { id: someone.id }, credentials: chain })
  })

  it.each([
    ['is wrong', () => '000000'],
    ['was used', (code: string) => code],
    ['is no code', () => 'abcdef'],
  ])('signIn refuses a code that %s', async (_what, second) => {
    const someone = await withTwoFactor(world())
    const code = someone.code()
    expect((await mutate(world(), 'signIn', { ...right(someone), code })).__typename).toBe('SignInSuccess')
    const result = await mutate(world(), 'signIn', { ...right(someone), code: second(code) })
    expectFailure(result, 'AuthenticationError', 'INVALID_TWO_FACTOR_CODE', ['code'])
  })

  it('signIn takes the code of the step before, and no older one', async () => {
    const someone = await withTwoFactor(world())
    world().advance(5 * MINUTE - (Date.now() % 30_000))
    const old = await mutate(world(), 'signIn', { ...right(someone), code: totp(someone.secret, -2) })
    expectFailure(old, 'AuthenticationError', 'INVALID_TWO_FACTOR_CODE', ['code'])
    const before = await mutate(world(), 'signIn', { ...right(someone), code: totp(someone.secret, -1) })
    expect(before.__typename).toBe('SignInSuccess')
  })

  it('slows down after 10 wrong passwords, with growing delays, also for unknown accounts', async () => {
    const someone = await person(world())
    for (const guess of [wrong(someone), { identifier: `nobody${unique()}`, password: 'x' }]) {
      for (let count = 1; count <= 10; count += 1)
        expectFailure(await mutate(world(), 'signIn', guess), 'AuthenticationError', 'BAD_CREDENTIALS')
      const retryAfter = expect.toSatisfy((seconds: number) => seconds > 20 && seconds <= 30)
      expectFailure(await mutate(world(), 'signIn', guess), 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter })
      world().advance(31_000)
      expectFailure(await mutate(world(), 'signIn', guess), 'AuthenticationError', 'BAD_CREDENTIALS')
      const longer = expect.toSatisfy((seconds: number) => seconds > 50 && seconds <= 60)
      expectFailure(await mutate(world(), 'signIn', guess), 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter: longer })
    }
    expectFailure(await mutate(world(), 'signIn', right(someone)), 'RateLimitError', 'TOO_MANY_REQUESTS', [], {
      retryAfter: expect.any(Number),
    })
    world().advance(61_000)
    expect((await mutate(world(), 'signIn', right(someone))).__typename).toBe('SignInSuccess')
  })
})

describe('verifyTwoFactor', () => {
  const begin = async (): Promise<{ someone: Awaited<ReturnType<typeof withTwoFactor>>; loginCode: string }> => {
    const someone = await withTwoFactor(world())
    return { someone, loginCode: (await mutate(world(), 'signIn', right(someone))).loginCode }
  }
  const verify = (loginCode: string, code: string) => mutate(world(), 'verifyTwoFactor', { loginCode, code })

  it('verifyTwoFactor ends the sign-in with a code', async () => {
    const { someone, loginCode } = await begin()
    const result = await verify(loginCode, someone.code())
    expect(result).toEqual({ __typename: 'SignInSuccess', user: { id: someone.id }, credentials: chain, originCredentials: null })
    expect(await me(result.credentials.accessToken.token)).toEqual({ id: someone.id })
  })

  it('verifyTwoFactor takes a recovery code, once, whatever its case', async () => {
    const { someone, loginCode } = await begin()
    const [recovery = ''] = someone.recoveryCodes
    expect((await verify(loginCode, recovery.toLowerCase().replaceAll('-', ' '))).__typename).toBe('SignInSuccess')
    const again = (await mutate(world(), 'signIn', right(someone))).loginCode
    expectFailure(await verify(again, recovery), 'AuthenticationError', 'INVALID_TWO_FACTOR_CODE', ['code'])
  })

  it('hands out the tokens of the surface that the sign-in began on as well', async () => {
    const someone = await withTwoFactor(world())
    const { body } = await world().post('/v1/auth/login', { email: someone.email, password: PASSWORD })
    const result = await verify(body.loginCode, someone.code())
    expect(result.credentials).toEqual(chain)
    const opaqueToken = { token: expect.stringMatching(/^sess_.+:.+/), expiresAt: isoDate }
    expect(result.originCredentials).toEqual({ accessToken: jwt, refreshToken: null, opaqueToken })
    expect(await me(result.originCredentials.opaqueToken.token)).toEqual({ id: someone.id })
  })

  it('verifyTwoFactor keeps several login codes of one account alive at once', async () => {
    const { someone, loginCode } = await begin()
    await mutate(world(), 'signIn', right(someone))
    expect((await verify(loginCode, someone.code())).__typename).toBe('SignInSuccess')
  })

  it.each([
    ['unknown', async () => 'x'.repeat(43)],
    [
      'spent',
      async ({ someone, loginCode }: Awaited<ReturnType<typeof begin>>) => {
        await verify(loginCode, someone.code())
        return loginCode
      },
    ],
    [
      'older than 5 minutes',
      async ({ loginCode }: Awaited<ReturnType<typeof begin>>) => {
        world().advance(5 * MINUTE + 1000)
        return loginCode
      },
    ],
    [
      'worn out by 5 wrong codes',
      async ({ loginCode }: Awaited<ReturnType<typeof begin>>) => {
        for (let count = 1; count <= 5; count += 1)
          expectFailure(await verify(loginCode, '000000'), 'AuthenticationError', 'INVALID_TWO_FACTOR_CODE', ['code'])
        return loginCode
      },
    ],
    [
      'from before the account was disabled',
      async ({ someone, loginCode }: Awaited<ReturnType<typeof begin>>) => {
        await disable(someone)
        return loginCode
      },
    ],
  ])('verifyTwoFactor refuses a login code that is %s', async (_what, spoil) => {
    const begun = await begin()
    const loginCode = await spoil(begun)
    expectFailure(await verify(loginCode, begun.someone.code()), 'AuthenticationError', 'INVALID_LOGIN_CODE')
  })

  it('verifyTwoFactor needs a login code and a code', async () => {
    expectFailure(await verify('', ''), 'InputError', 'INVALID_INPUT', ['loginCode', 'code'])
  })

  it('slows down after 10 wrong codes of one account, whatever the login code', async () => {
    const { someone, loginCode } = await begin()
    const second = (await mutate(world(), 'signIn', right(someone))).loginCode
    const third = (await mutate(world(), 'signIn', right(someone))).loginCode
    for (const code of [loginCode, second])
      for (let count = 1; count <= 5; count += 1)
        expectFailure(await verify(code, '000000'), 'AuthenticationError', 'INVALID_TWO_FACTOR_CODE', ['code'])
    const retryAfter = expect.toSatisfy((seconds: number) => seconds > 20 && seconds <= 30)
    expectFailure(await verify(third, totp(someone.secret)), 'RateLimitError', 'TOO_MANY_REQUESTS', [], { retryAfter })
    world().advance(31_000)
    expect((await verify(third, someone.code())).__typename).toBe('SignInSuccess')
  })

  it('verifyTwoFactor does not wear a login code out by right codes that came while the account waits', async () => {
    const { someone, loginCode } = await begin()
    const second = (await mutate(world(), 'signIn', right(someone))).loginCode
    const third = (await mutate(world(), 'signIn', right(someone))).loginCode
    for (const code of [loginCode, second]) for (let count = 1; count <= 5; count += 1) await verify(code, '000000')
    for (let count = 1; count <= 5; count += 1) expect((await verify(third, totp(someone.secret))).code).toBe('TOO_MANY_REQUESTS')
    world().advance(31_000)
    expect((await verify(third, someone.code())).__typename).toBe('SignInSuccess')
  })

  it('verifyTwoFactor takes only a recovery code after 100 wrong codes in a row', async () => {
    const { someone } = await begin()
    await world().db.client.user.update({ where: { id: someone.id }, data: { twoFactorFailures: 100 } })
    const signInWith = (code: string | undefined) => mutate(world(), 'signIn', { ...right(someone), code })
    expect((await signInWith(someone.code())).code).toBe('TOO_MANY_REQUESTS')
    world().advance(16 * MINUTE)
    expect((await signInWith(someone.code())).code).toBe('TOO_MANY_REQUESTS')
    world().advance(16 * MINUTE)
    expect((await signInWith(someone.recoveryCodes[0])).__typename).toBe('SignInSuccess')
    expect((await signInWith(someone.code())).__typename).toBe('SignInSuccess')
  })
})
