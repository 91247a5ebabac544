/**
 * The contract of `xiot` (sections 1 and 3): its ten routes under `/v1` and `POST /v1/security/reset-password`, each with
 * its success and every error: second factors, reset mails, step-up, and the JWT against the published keys.
 */
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import {
  PASSWORD,
  type Person,
  v1Person as person,
  signInOnV1,
  type TwoFactorPerson,
  totp,
  unique,
  v1VerifiedPerson as verifiedPerson,
  v1VerifiedWithTwoFactor as verifiedWithTwoFactor,
  verify as verifyAddress,
  v1WithTwoFactor as withTwoFactor,
  withUsername,
} from '../support/accounts.ts'
import { useWorld, type World } from '../support/world.ts'
import {
  aDate,
  aUuid,
  commonCases,
  disable,
  enter,
  expectInvalid,
  expectOk,
  expectProblem,
  expectTooMany,
  HOUR,
  loginCodeOf,
  MINUTE,
  rawRequest,
  resetTokenOf,
  someText,
  useV1World,
  wekanPerson,
} from './v1.ts'

const world = useV1World()

const NEW_PASSWORD = 'another horse battery'
const STEP = 30_000

/** Moves on to the start of a step of authenticators, so that none ends within a test; the steps before are unused. */
const nextStep = (): void => world().advance(4 * STEP - (Date.now() % STEP) + 1_000)

/** Six digits that are right neither now nor in the steps beside. */
const wrongCode = (secret: string): string => {
  const right = [-1, 0, 1].map((step) => totp(secret, step))
  return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code)) ?? ''
}

const verify = async (loginCode: unknown, code: unknown) => await world().post('/v1/auth/verify-totp', { loginCode, code })

/** A session of somebody with a second factor. */
const enterWithCode = async (who: TwoFactorPerson): Promise<string> => {
  const { body, status } = await verify(await loginCodeOf(world(), who), who.code())
  expect(status).toBe(200)
  return body.token
}

let known: Promise<TwoFactorPerson> | undefined
/** One with a second factor for all cases that leave the account as it is: each ends with a right code. */
const shared = async (): Promise<TwoFactorPerson> => {
  known ??= withTwoFactor(world(), { name: 'Mona Lisa' })
  return await known
}

const profile = async (token: string) => (await world().get('/v1/profile', token)).body
const isLive = async (token: string): Promise<boolean> => (await world().get('/v1/profile', token)).status === 200
const isVerified = async (token: string): Promise<boolean> => (await world().get('/api/user', token)).body.emails[0].verified
const signsIn = async (email: string, password: string): Promise<number> =>
  (await world().post('/v1/auth/login', { email, password })).status
const mailsTo = (email: string, on: World = world()) => on.mails.filter(({ to }) => to === email)
const eventsOf = async (userId: string): Promise<string[]> =>
  (await world().db.client.auditEvent.findMany({ where: { userId }, orderBy: { at: 'asc' } })).map(({ type }) => type)

const LETTERS: readonly string[] = ['Ada', 'abc', 'Z'.repeat(50), 'مصطفى', 'أحمد', 'فاطمة', 'مُحَمَّد', 'رحمٰن', 'Adaأدا', 'ءءء', 'ييي']
const NO_LETTERS: readonly unknown[] = [
  '',
  'Al',
  'من',
  'Z'.repeat(51),
  'ي'.repeat(51),
  'Anne Marie',
  'Jean-Luc',
  "O'Neil",
  'Ada1',
  'أحمد١',
  'محـمد',
  'پدرام',
  'José',
  'Иван',
  'Ada!',
  'Ada\0',
  'أحمد\n\nأحمد',
  '\ud800Ada',
  '   ',
  12345,
  true,
  ['Ada'],
]

const PHONES: readonly [string, string][] = [
  ['01012345678', '+201012345678'],
  ['01112345678', '+201112345678'],
  ['01212345678', '+201212345678'],
  ['01512345678', '+201512345678'],
  ['1012345678', '+201012345678'],
  ['201012345678', '+201012345678'],
  ['+201112345678', '+201112345678'],
  ['+201512345678', '+201512345678'],
]
const NO_PHONES: readonly unknown[] = [
  '01312345678',
  '0101234567',
  '010123456789',
  '00201012345678',
  '+2001012345678',
  '+441012345678',
  '+14155552671',
  '010 1234 5678',
  '010-12345678',
  '٠١٠١٢٣٤٥٦٧٨',
  '01012345678x',
  'phone',
  '01012345678\0',
  1012345678,
  false,
  [],
]

const EMAILS: readonly unknown[] = ['', 'x', 'x@', '@example.com', 'a b@example.com', 'nul\0@example.com', '\ud800@example.com', 7, {}]

describe('POST /v1/auth/signup', () => {
  const fresh = (more: object = {}) => ({
    email: `new${unique()}@example.com`,
    firstName: 'Ahmed',
    lastName: 'Hassan',
    password: 'password',
    passwordConfirmation: 'password',
    ...more,
  })
  const signUp = async (json: unknown) => await world().post('/v1/auth/signup', json)
  const created = (email: string) => ({ statusCode: 200, message: `${email} account created successfully`, id: aUuid })

  commonCases(world, {
    method: 'POST',
    path: '/v1/auth/signup',
    methods: ['POST'],
    who: 'anyone',
    required: ['email', 'firstName', 'lastName', 'password', 'passwordConfirmation'],
  })

  it('200 with the printed answer, and no tokens', async () => {
    const body = fresh()
    const answer = await signUp(body)
    expectOk(answer, created(body.email))
    expect(await world().db.client.session.count({ where: { userId: answer.body.id } })).toBe(0)
  })

  it('the account signs in, and has a name, no phone, no scope', async () => {
    const body = fresh()
    const { id } = (await signUp(body)).body
    const { token, user } = await enter(world(), body)
    expect(user).toEqual({
      id,
      email: body.email,
      firstName: 'Ahmed',
      lastName: 'Hassan',
      phone: null,
      name: 'Ahmed Hassan',
      twoFactorEnabled: false,
    })
    expectProblem(await world().get('/v1/users', token), 403, { message: 'missing permission users:read' })
  })

  it('e-mail and names are trimmed and kept as typed', async () => {
    const number = unique()
    const answer = await signUp(fresh({ email: ` New${number}@Example.com `, firstName: ' Ada ', lastName: '\tKing\n' }))
    expectOk(answer, created(`New${number}@Example.com`))
    const { user } = await enter(world(), { email: `new${number}@example.COM`, password: 'password' })
    expect(user).toMatchObject({ email: `New${number}@Example.com`, firstName: 'Ada', lastName: 'King', name: 'Ada King' })
  })

  it.each(PHONES)('takes the phone %s, keeps it as sent, and %s beside it', async (phone, e164) => {
    const body = fresh({ phone })
    const { id } = (await signUp(body)).body
    expect(await world().db.client.user.findUnique({ where: { id } })).toMatchObject({ phone, phoneE164: e164 })
  })

  it.each([null, ''])('takes the phone %j as none', async (phone) => {
    const body = fresh({ phone })
    expectOk(await signUp(body), created(body.email))
    expect((await enter(world(), body)).user.phone).toBeNull()
  })

  it.each(NO_PHONES)('400 for the phone %j', async (phone) => {
    expectInvalid(await signUp(fresh({ phone })), ['phone'])
  })

  it.each(LETTERS)('takes %j as a name', async (letters) => {
    const body = fresh({ firstName: letters, lastName: letters })
    expectOk(await signUp(body), created(body.email))
    const stored = await world().db.client.user.findFirst({ where: { email: body.email } })
    expect(stored).toMatchObject({ name: `${letters} ${letters}`, firstName: letters, lastName: letters })
  })

  it.each(NO_LETTERS)('400 for %j as a name', async (letters) => {
    expectInvalid(await signUp(fresh({ firstName: letters, lastName: letters })), ['firstName', 'lastName'])
  })

  it.each(EMAILS)('400 for the e-mail %j', async (email) => {
    expectInvalid(await signUp(fresh({ email })), ['email'])
  })

  it.each(['', '1234567', '😀'.repeat(7), 'p'.repeat(129), 'NUL \0 inside', 'half \ud800 a pair', 12345678, true])(
    '400 for the password %j',
    async (password) => {
      const { errors } = (await signUp(fresh({ password, passwordConfirmation: password }))).body
      expect(errors).toHaveProperty('password', someText)
    },
  )

  it.each(['12345678', '😀'.repeat(8), 'é'.repeat(128), '  a space at both ends  '])('takes the password %j, exactly', async (password) => {
    const body = fresh({ password, passwordConfirmation: password })
    expectOk(await signUp(body), created(body.email))
    expect(await signsIn(body.email, password)).toBe(200)
    expect(await signsIn(body.email, `${password} `)).toBe(401)
    expect(await signsIn(body.email, password.slice(0, -2))).toBe(401)
  })

  it('a password counts as the same in every Unicode normal form', async () => {
    const body = fresh({ password: 'Caf\u0065\u0301 noir', passwordConfirmation: 'Caf\u0065\u0301 noir' })
    await signUp(body)
    expect(await signsIn(body.email, 'Caf\u00e9 noir')).toBe(200)
    expect(await signsIn(body.email, 'CAF\u00e9 noir')).toBe(401)
  })

  it.each(['', 'passwore', 'password ', 'PASSWORD', 12345678])('400 for the confirmation %j', async (passwordConfirmation) => {
    expectInvalid(await signUp(fresh({ passwordConfirmation })), ['passwordConfirmation'])
  })

  it('400 with all wrong fields at once', async () => {
    const wrong = { email: 'x', firstName: 'x', lastName: '1', password: 'short', passwordConfirmation: 'other', phone: '1' }
    expectInvalid(await signUp(wrong), ['email', 'firstName', 'lastName', 'password', 'passwordConfirmation', 'phone'])
  })

  it('400 as printed for an address that is taken, whatever its case', async () => {
    const body = fresh()
    await signUp(body)
    const printed = { message: 'Validation errors', errors: { email: 'E-mail already in use' } }
    expectProblem(await signUp(body), 400, printed)
    expectProblem(await signUp({ ...body, email: ` ${body.email.toUpperCase()}` }), 400, printed)
  })

  it("400 for an address that is another's username", async () => {
    const email = `name${unique()}@example.com`
    await withUsername(world(), { username: email })
    expectInvalid(await signUp(fresh({ email })), { email: 'E-mail already in use' })
  })

  it('of three in parallel with one address, one is made', async () => {
    const body = fresh()
    const answers = await Promise.all([signUp(body), signUp(body), signUp(body)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
  })

  it('unknown keys and __proto__ have no effect', async () => {
    const email = `new${unique()}@example.com`
    const raw = `{"__proto__": {"isAdmin": true}, "isAdmin": true, "scopes": ["perm"], "id": "mine", "emailVerified": true, ${JSON.stringify(fresh({ email })).slice(1)}`
    const answer = await world().request('POST', '/v1/auth/signup', { raw, headers: { 'content-type': 'application/json' } })
    expectOk(answer, created(email))
    const { token } = await enter(world(), { email, password: 'password' })
    expectProblem(await world().get('/v1/users', token), 403, { message: 'missing permission users:read' })
    expect(await isVerified(token)).toBe(false)
  })

  it('of duplicate keys the last wins', async () => {
    const email = `new${unique()}@example.com`
    const raw = `{"firstName": "1", "email": "first@example.com", ${JSON.stringify(fresh({ email })).slice(1)}`
    expectOk(await world().request('POST', '/v1/auth/signup', { raw, headers: { 'content-type': 'application/json' } }), created(email))
  })

  it('a token that is sent along, dead or alive, makes no difference', async () => {
    for (const token of [world.admin(), 'nonsense']) {
      const body = fresh()
      expectOk(await world().post('/v1/auth/signup', body, token), created(body.email))
    }
  })

  it('a username is derived, so that the list of Wekan has it', async () => {
    const { id } = (await signUp(fresh({ email: `derived${unique()}@example.com` }))).body
    const { body } = await world().get('/api/users', world.admin())
    expect(body).toContainEqual({ _id: id, username: expect.stringMatching(/^derived\d+/) })
  })
})

describe('POST /v1/auth/login', () => {
  const login = async (json: unknown) => await world().post('/v1/auth/login', json)

  commonCases(world, { method: 'POST', path: '/v1/auth/login', methods: ['POST'], who: 'anyone', required: ['email', 'password'] })

  it('200 with one answer for both documents', async () => {
    const someone = await person(world(), { name: 'Mona Lisa' })
    expectOk(await login({ email: someone.email, password: someone.password }), {
      token: expect.stringMatching(/^sess_[\w-]+:[\w-]+$/),
      expire_at: aDate,
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      user: {
        id: someone.id,
        email: someone.email,
        firstName: 'Mona',
        lastName: 'Lisa',
        phone: null,
        name: 'Mona Lisa',
        twoFactorEnabled: false,
      },
    })
  })

  it('every sign-in has tokens of its own, with 128 bits and more', async () => {
    const someone = await person(world())
    const [one, two] = [await enter(world(), someone), await enter(world(), someone)]
    expect(one.token).not.toBe(two.token)
    expect(one.accessToken).not.toBe(two.accessToken)
    expect(one.token.split(':')[1].length).toBeGreaterThanOrEqual(22)
  })

  it('the claims of the JWT, against the published keys', async () => {
    const someone = await person(world())
    const { accessToken, expire_at } = await enter(world(), someone)
    const { body: jwks, headers } = await world().get('/.well-known/jwks.json')
    expect(headers.get('content-type')).toMatch(/^application\/json; ?charset=utf-8$/i)
    for (const key of jwks.keys) expect(Object.keys(key)).not.toContain('d')
    const { payload, protectedHeader } = await jwtVerify(accessToken, createLocalJWKSet(jwks), {
      issuer: 'http://vestibule.test',
      audience: 'vestibule',
      typ: 'at+jwt',
      currentDate: new Date(Date.now()),
    })
    const seconds = Math.floor(Date.parse(expire_at) / 1000)
    expect(payload).toEqual({
      id: someone.id,
      sub: someone.id,
      sid: someText,
      jti: someText,
      iat: seconds - 24 * 3600,
      exp: seconds,
      iss: 'http://vestibule.test',
      aud: 'vestibule',
    })
    expect(protectedHeader).toEqual({ alg: expect.stringMatching(/^(ES|PS|RS|Ed)/), typ: 'at+jwt', kid: someText })
  })

  it('jti differs in every JWT, sid in every session', async () => {
    const someone = await person(world())
    const claims = [await enter(world(), someone), await enter(world(), someone)].map(({ accessToken }) => decodeJwt(accessToken))
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(2)
    expect(new Set(claims.map(({ sid }) => sid)).size).toBe(2)
    expect(decodeProtectedHeader((await enter(world(), someone)).accessToken).typ).toBe('at+jwt')
  })

  it('in the database there are only hashes', async () => {
    const { token, accessToken } = await enter(world(), await person(world()))
    const { sid } = decodeJwt(accessToken)
    const rows = await world().db.client.opaqueToken.findMany({ where: { sessionId: String(sid) } })
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token.split(':')[1])
  })

  it.each(['email', 'password'])('400 for an empty %s', async (field) => {
    expectInvalid(await login({ email: 'x@example.com', password: 'x', [field]: '' }), [field])
  })

  it.each([7, true, [], {}, 'nul\0', '\ud800'])('400 for %j as e-mail and password', async (value) => {
    expectInvalid(await login({ email: value, password: value }), ['email', 'password'])
  })

  it('401, the same text for an unknown address and a wrong password', async () => {
    const { email } = await person(world())
    const wrong = await login({ email, password: 'a wrong one' })
    const unknown = await login({ email: `nobody${unique()}@example.com`, password: 'a wrong one' })
    expectProblem(wrong, 401)
    expectProblem(unknown, 401, { message: wrong.body.message })
  })

  it.each(['no address', 'x', "'; DROP TABLE users; --", '%', 'é'.repeat(5_000)])('401, no format check: %s', async (email) => {
    expectProblem(await login({ email, password: 'p' }), 401)
  })

  it('signs in whatever the case of the address and the spaces around it', async () => {
    const { id, email } = await person(world())
    expect((await login({ email: ` ${email.toUpperCase()} `, password: PASSWORD })).body.user.id).toBe(id)
  })

  it('signs in an account of Wekan without an e-mail: "" is printed', async () => {
    const username = `board${unique()}`
    const { id } = await wekanPerson(world(), { username, password: 'tester' })
    expect((await login({ email: username, password: 'tester' })).body.user).toEqual({
      id,
      email: '',
      firstName: username,
      lastName: null,
      phone: null,
      name: username,
      twoFactorEnabled: false,
    })
  })

  it('403 "Account disabled" after a right password only', async () => {
    const someone = await person(world())
    await disable(world(), someone.id, world.admin())
    expectProblem(await login({ email: someone.email, password: PASSWORD }), 403, { message: 'Account disabled' })
    expectProblem(await login({ email: someone.email, password: 'a wrong one' }), 401)
  })

  it('with a second factor: 200 with a loginCode, and no token of any kind', async () => {
    const { email } = await shared()
    const answer = await login({ email, password: PASSWORD })
    expectOk(answer, {
      statusCode: 200,
      message: 'Two factor authentication code required',
      loginCode: expect.stringMatching(/^[\w-]{22,}$/),
    })
    expect(await world().db.client.loginCode.count({ where: { hash: answer.body.loginCode } })).toBe(0)
  })

  it('with a second factor, a wrong password is 401 like any', async () => {
    const { email } = await shared()
    expectProblem(await login({ email, password: 'a wrong one' }), 401)
  })

  describe('limits', () => {
    const from = async (address: string, json: object) =>
      await world().request('POST', '/v1/auth/login', { json, headers: { 'x-forwarded-for': address } })
    const failTenTimes = async (email: string) => {
      for (let count = 0; count < 10; count += 1) expectProblem(await from('192.0.2.1', { email, password: 'a wrong one' }), 401)
    }

    it('429 after ten failures, with a delay that grows; another address may', async () => {
      const { email } = await person(world())
      await failTenTimes(email)
      const first = expectTooMany(await from('192.0.2.1', { email, password: PASSWORD }))
      expect((await from('192.0.2.2', { email, password: PASSWORD })).status).toBe(200)
      world().advance(first * 1000)
      expectProblem(await from('192.0.2.1', { email, password: 'a wrong one' }), 401)
      const second = expectTooMany(await from('192.0.2.1', { email, password: PASSWORD }))
      expect(second).toBeGreaterThan(first)
      world().advance(second * 1000)
      expect((await from('192.0.2.1', { email, password: PASSWORD })).status).toBe(200)
    })

    it('an unknown address counts alike', async () => {
      const email = `nobody${unique()}@example.com`
      await failTenTimes(email)
      expectTooMany(await from('192.0.2.1', { email: email.toUpperCase(), password: PASSWORD }))
    })

    it('the counter is the same behind every surface', async () => {
      const { email } = await person(world())
      await failTenTimes(email)
      const headers = { 'x-forwarded-for': '192.0.2.1' }
      for (const path of ['/auth/login', '/users/login'])
        expect((await world().request('POST', path, { json: { email, password: PASSWORD }, headers })).status).toBe(429)
    })

    it('invalid input and right passwords count as no failure', async () => {
      const { email } = await person(world())
      for (let count = 0; count < 12; count += 1) expectInvalid(await from('192.0.2.1', { email, password: '' }), ['password'])
      for (let count = 0; count < 9; count += 1) await from('192.0.2.1', { email, password: 'a wrong one' })
      expect((await from('192.0.2.1', { email, password: PASSWORD })).status).toBe(200)
      expectProblem(await from('192.0.2.1', { email, password: 'a wrong one' }), 401)
      expect((await from('192.0.2.1', { email, password: PASSWORD })).status).toBe(200)
    })
  })
})

describe('POST /v1/auth/verify-totp', () => {
  const INVALID_CODE = { message: 'Invalid two factor authentication code' }
  const INVALID_LOGIN_CODE = { message: 'Invalid or expired login code' }

  commonCases(world, { method: 'POST', path: '/v1/auth/verify-totp', methods: ['POST'], who: 'anyone', required: ['loginCode', 'code'] })

  it('200 with the full login answer', async () => {
    const someone = await shared()
    const answer = await verify(await loginCodeOf(world(), someone), someone.code())
    expectOk(answer, {
      token: expect.stringMatching(/^sess_[\w-]+:[\w-]+$/),
      expire_at: aDate,
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      user: {
        id: someone.id,
        email: someone.email,
        firstName: 'Mona',
        lastName: 'Lisa',
        phone: null,
        name: 'Mona Lisa',
        twoFactorEnabled: true,
      },
    })
    expect([await isLive(answer.body.token), await isLive(answer.body.accessToken)]).toEqual([true, true])
  })

  it('a sign-in that began on authentication gets its tokens too', async () => {
    const someone = await shared()
    const begun = await world().post('/auth/login', { email: someone.email, password: PASSWORD })
    expect(begun.status).toBe(401)
    const pair = { token: someText, expires: aDate }
    const answer = await verify(begun.body.loginCode, someone.code())
    expect(answer.body).toEqual({
      token: someText,
      expire_at: aDate,
      accessToken: someText,
      user: expect.objectContaining({ id: someone.id }),
      tokens: { access: pair, refresh: pair },
    })
    expect(await isLive(answer.body.tokens.access.token)).toBe(true)
    await world().post('/v1/auth/logout', undefined, answer.body.token)
    expect(await isLive(answer.body.tokens.access.token)).toBe(false)
  })

  describe('codes', () => {
    it('the code of the step before is accepted, of two steps before not', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      expectProblem(await verify(await loginCodeOf(world(), someone), totp(secret, -2)), 401, INVALID_CODE)
      expect((await verify(await loginCodeOf(world(), someone), totp(secret, -1))).status).toBe(200)
    })

    it('the code of the next step is not accepted', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      expectProblem(await verify(await loginCodeOf(world(), someone), totp(secret, 1)), 401, INVALID_CODE)
      expect((await verify(await loginCodeOf(world(), someone), totp(secret))).status).toBe(200)
    })

    it('a code works once; the next one works again', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      const code = totp(secret)
      expect((await verify(await loginCodeOf(world(), someone), code)).status).toBe(200)
      expectProblem(await verify(await loginCodeOf(world(), someone), code), 401, INVALID_CODE)
      world().advance(STEP)
      expectProblem(await verify(await loginCodeOf(world(), someone), code), 401, INVALID_CODE)
      expect((await verify(await loginCodeOf(world(), someone), totp(secret))).status).toBe(200)
    })

    it('a code works once in parallel, too', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      const loginCodes = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      const answers = await Promise.all(loginCodes.map(async (loginCode) => await verify(loginCode, totp(secret))))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
    })

    it('a code that is used up at sign-in is used up everywhere', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      const { token } = (await verify(await loginCodeOf(world(), someone), totp(secret))).body
      expectProblem(await world().post('/v1/security/twofactor-disable', { code: totp(secret) }, token), 400, { errors: ['code'] })
      expect((await profile(token)).twoFactorEnabled).toBe(true)
    })

    it('a code of a JSON number is padded to six digits', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      while (!totp(secret).startsWith('0')) world().advance(STEP)
      expect((await verify(await loginCodeOf(world(), someone), Number(totp(secret)))).status).toBe(200)
    })

    it('a wrong code is 401, and the loginCode goes on', async () => {
      const { secret, ...someone } = await shared()
      nextStep()
      const loginCode = await loginCodeOf(world(), someone)
      expectProblem(await verify(loginCode, wrongCode(secret)), 401, INVALID_CODE)
      expect((await verify(loginCode, totp(secret))).status).toBe(200)
    })

    it.each(['12345', '1234567', 'nonsense', 'AAAA-BBBBB-CCCCC', '٠٠٠٠٠٠', '1e5'])('401 for the code %s', async (code) => {
      const loginCode = await loginCodeOf(world(), await shared())
      expectProblem(await verify(loginCode, code), 401, INVALID_CODE)
      expect((await verify(loginCode, (await shared()).code())).status).toBe(200)
    })

    it.each(['', true, [], {}, -1, 1.5, 1_000_000, 'nul\0'])('400 for the code %j', async (code) => {
      expectInvalid(await verify(await loginCodeOf(world(), await shared()), code), ['code'])
    })

    it('a recovery code works, once, however it is written', async () => {
      const someone = await shared()
      const [one = '', two = ''] = someone.recoveryCodes
      expect((await verify(await loginCodeOf(world(), someone), one)).status).toBe(200)
      expectProblem(await verify(await loginCodeOf(world(), someone), one), 401, INVALID_CODE)
      expect((await verify(await loginCodeOf(world(), someone), ` ${two.toLowerCase()} `)).status).toBe(200)
      const rows = await world().db.client.recoveryCode.findMany({ where: { userId: someone.id } })
      expect(rows.filter(({ usedAt }) => usedAt !== null)).toHaveLength(2)
    })

    it("another's recovery code is none", async () => {
      const [one, other] = [await shared(), await withTwoFactor(world())]
      expectProblem(await verify(await loginCodeOf(world(), one), other.recoveryCodes[0]), 401, INVALID_CODE)
    })
  })

  describe('login codes', () => {
    it.each(['x', 'A'.repeat(43), 'sess_x:y'])('401 for the unknown loginCode %s', async (loginCode) => {
      expectProblem(await verify(loginCode, '123456'), 401, INVALID_LOGIN_CODE)
    })

    it.each(['', 7, true, [], 'nul\0'])('400 for the loginCode %j', async (loginCode) => {
      expectInvalid(await verify(loginCode, '123456'), ['loginCode'])
    })

    it('an access token is no loginCode', async () => {
      expectProblem(await verify(world.admin(), '123456'), 401, INVALID_LOGIN_CODE)
    })

    it('single use', async () => {
      const someone = await shared()
      const loginCode = await loginCodeOf(world(), someone)
      expect((await verify(loginCode, someone.code())).status).toBe(200)
      expectProblem(await verify(loginCode, someone.code()), 401, INVALID_LOGIN_CODE)
    })

    it('single use in parallel, too', async () => {
      const someone = await shared()
      const loginCode = await loginCodeOf(world(), someone)
      nextStep()
      const codes = [totp(someone.secret, -1), totp(someone.secret)]
      const answers = await Promise.all(codes.map(async (code) => await verify(loginCode, code)))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    })

    it('lives five minutes', async () => {
      const someone = await shared()
      const [one, two] = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      world().advance(5 * MINUTE - STEP - 10_000)
      expect((await verify(one, someone.code())).status).toBe(200)
      world().advance(10_000)
      expectProblem(await verify(two, someone.code()), 401, INVALID_LOGIN_CODE)
    })

    it('several of one account are alive at once', async () => {
      const someone = await shared()
      const codes = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      for (const loginCode of codes) expect((await verify(loginCode, someone.code())).status).toBe(200)
    })

    it('dead after five wrong codes; another of the account is not', async () => {
      const someone = await shared()
      const [one, two] = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      for (let count = 0; count < 5; count += 1) expectProblem(await verify(one, wrongCode(someone.secret)), 401, INVALID_CODE)
      expectProblem(await verify(one, someone.code()), 401, INVALID_LOGIN_CODE)
      expect((await verify(two, someone.code())).status).toBe(200)
    })

    it('alive after four wrong codes, and after any invalid input', async () => {
      const someone = await shared()
      const loginCode = await loginCodeOf(world(), someone)
      for (let count = 0; count < 4; count += 1) expectProblem(await verify(loginCode, wrongCode(someone.secret)), 401, INVALID_CODE)
      for (let count = 0; count < 6; count += 1) expectInvalid(await verify(loginCode, ''), ['code'])
      expect((await verify(loginCode, someone.code())).status).toBe(200)
    })

    const ends: readonly [string, (who: TwoFactorPerson, token: string) => Promise<{ status: number }>][] = [
      [
        'a change of the password',
        async (_who, token) =>
          await world().put(
            '/v1/security/change-password',
            { oldPassword: PASSWORD, password: NEW_PASSWORD, passwordConfirmation: NEW_PASSWORD },
            token,
          ),
      ],
      [
        'a reset of the password',
        async (who) =>
          await world().post('/v1/security/reset-password', { token: await resetTokenOf(world(), who), password: NEW_PASSWORD }),
      ],
      [
        'a change of the e-mail',
        async (_who, token) => await world().put('/v1/account/change-email', { email: `moved${unique()}@example.com` }, token),
      ],
      ['a second factor that is turned off', async (_who, token) => await world().post('/v1/security/twofactor-disable', undefined, token)],
      [
        'a second factor that is another one now',
        async (_who, token) => {
          await world().post('/v1/security/twofactor-disable', undefined, token)
          return await world().post('/v1/security/twofactor-enable', undefined, token)
        },
      ],
      ['disabling the account', async (who) => await world().put(`/api/users/${who.id}`, { action: 'disableLogin' }, world.admin())],
      ['deleting the account', async (who) => await world().delete(`/v1/users/${who.id}`, world.admin())],
    ]
    it.each(ends)('all die on %s', async (_name, end) => {
      const someone = await withTwoFactor(world())
      const codes = [await loginCodeOf(world(), someone), await loginCodeOf(world(), someone)]
      expect((await end(someone, someone.token)).status).toBe(200)
      for (const loginCode of codes) expectProblem(await verify(loginCode, someone.code()), 401, INVALID_LOGIN_CODE)
    })

    it('one from before the account was disabled stays dead when it is enabled again', async () => {
      const someone = await withTwoFactor(world())
      const loginCode = await loginCodeOf(world(), someone)
      await disable(world(), someone.id, world.admin())
      await world().put(`/api/users/${someone.id}`, { action: 'enableLogin' }, world.admin())
      expectProblem(await verify(loginCode, someone.code()), 401, INVALID_LOGIN_CODE)
    })
  })

  describe('limits', () => {
    /** Ten wrong codes, five for each loginCode. */
    const failTenTimes = async (who: TwoFactorPerson) => {
      for (let count = 0; count < 2; count += 1) {
        const loginCode = await loginCodeOf(world(), who)
        for (let tries = 0; tries < 5; tries += 1) expectProblem(await verify(loginCode, wrongCode(who.secret)), 401, INVALID_CODE)
      }
    }

    it('429 after ten wrong codes whatever the address, with a delay that grows', async () => {
      const someone = await shared()
      nextStep()
      await failTenTimes(someone)
      const json = { loginCode: await loginCodeOf(world(), someone), code: totp(someone.secret) }
      const headers = { 'x-forwarded-for': '198.51.100.9' }
      const first = expectTooMany(await world().request('POST', '/v1/auth/verify-totp', { json, headers }))
      world().advance(first * 1000)
      expectProblem(await verify(await loginCodeOf(world(), someone), wrongCode(someone.secret)), 401, INVALID_CODE)
      const second = expectTooMany(await verify(await loginCodeOf(world(), someone), totp(someone.secret)))
      expect(second).toBeGreaterThan(first)
      world().advance(second * 1000)
      expect((await verify(await loginCodeOf(world(), someone), someone.code())).status).toBe(200)
    })

    it('a refused try is no wrong code: the loginCode outlives the wait', async () => {
      const someone = await withTwoFactor(world())
      nextStep()
      await failTenTimes(someone)
      const loginCode = await loginCodeOf(world(), someone)
      let wait = 0
      for (let count = 0; count < 6; count += 1) wait = expectTooMany(await verify(loginCode, totp(someone.secret)))
      world().advance(wait * 1000)
      expect((await verify(loginCode, totp(someone.secret))).status).toBe(200)
    })

    it('codes count on any route', async () => {
      const someone = await withTwoFactor(world())
      nextStep()
      const token = await enterWithCode(someone)
      for (let count = 0; count < 10; count += 1) {
        const answer = await world().post('/v1/security/twofactor-disable', { code: wrongCode(someone.secret) }, token)
        expectProblem(answer, 400, { errors: ['code'] })
      }
      expectTooMany(await verify(await loginCodeOf(world(), someone), totp(someone.secret)))
      expectTooMany(await world().post('/v1/security/twofactor-disable', { code: totp(someone.secret) }, token))
    })

    it('a right code sets the count back', async () => {
      const someone = await shared()
      nextStep()
      for (let round = 0; round < 3; round += 1) {
        const loginCode = await loginCodeOf(world(), someone)
        for (let tries = 0; tries < 4; tries += 1) expectProblem(await verify(loginCode, wrongCode(someone.secret)), 401, INVALID_CODE)
        expect((await verify(loginCode, someone.code())).status).toBe(200)
      }
    })
  })
})

describe('GET /v1/profile', () => {
  commonCases(world, { method: 'GET', path: '/v1/profile', methods: ['GET', 'PUT'], who: 'session' })

  it('200 with the bare record', async () => {
    const { id, email, token } = await person(world(), { name: 'Mona Lisa' })
    expectOk(await world().get('/v1/profile', token), {
      id,
      email,
      firstName: 'Mona',
      lastName: 'Lisa',
      phone: null,
      name: 'Mona Lisa',
      twoFactorEnabled: false,
      createdAt: aDate,
      updatedAt: aDate,
    })
  })

  it.each(['sess_ token', 'JWT', 'token of Wekan', 'token of authentication', 'token of GraphQL'])('200 with a %s', async (kind) => {
    const someone = await person(world())
    const { email } = someone
    const tokens: Record<string, () => Promise<string>> = {
      'sess_ token': async () => (await enter(world(), someone)).token,
      JWT: async () => (await enter(world(), someone)).accessToken,
      'token of Wekan': async () => (await world().post('/users/login', { email, password: PASSWORD })).body.token,
      'token of authentication': async () => (await world().post('/auth/login', { email, password: PASSWORD })).body.tokens.access.token,
      'token of GraphQL': async () => someone.token,
    }
    expect((await profile((await tokens[kind]?.()) ?? '')).id).toBe(someone.id)
  })

  it.each(['bearer', 'BEARER', 'BeArEr'])('the scheme may be written %s', async (scheme) => {
    const answer = await world().request('GET', '/v1/profile', { headers: { authorization: `${scheme} ${world.admin()}` } })
    expect(answer.status).toBe(200)
  })

  it('the same record as other surfaces have it: Wekan', async () => {
    const username = `board${unique()}`
    const { id, token } = await wekanPerson(world(), { username, email: `${username}@example.com`, password: 'tester' })
    expect(await profile(token)).toMatchObject({
      id,
      email: `${username}@example.com`,
      name: username,
      firstName: username,
      lastName: null,
    })
  })

  it('HEAD as GET, without the body', async () => {
    const answer = await world().request('HEAD', '/v1/profile', { token: world.admin() })
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('a body is ignored', async () => {
    const headers = { authorization: `Bearer ${world.admin()}`, 'content-type': 'text/plain' }
    expect((await rawRequest(world(), 'GET', '/v1/profile', headers, '{"broken')).status).toBe(200)
  })
})

describe('PUT /v1/profile', () => {
  const update = async (json: unknown, token: string) => await world().put('/v1/profile', json, token)

  commonCases(world, { method: 'PUT', path: '/v1/profile', methods: ['GET', 'PUT'], who: 'session', required: [] })

  it('200 with the changed record', async () => {
    const { id, email, token } = await person(world())
    expectOk(await update({ firstName: 'Omar', lastName: 'Sharif', phone: '01012345678' }, token), {
      statusCode: 200,
      message: 'Profile updated successfully',
      user: {
        id,
        email,
        firstName: 'Omar',
        lastName: 'Sharif',
        phone: '01012345678',
        name: 'Omar Sharif',
        twoFactorEnabled: false,
        createdAt: aDate,
        updatedAt: aDate,
      },
    })
    expect(await profile(token)).toMatchObject({ firstName: 'Omar', lastName: 'Sharif', name: 'Omar Sharif', phone: '01012345678' })
  })

  it.each([
    [{ firstName: 'Omar' }, { firstName: 'Omar', lastName: 'Lisa', name: 'Omar Lisa', phone: null }],
    [{ lastName: 'Sharif' }, { firstName: 'Mona', lastName: 'Sharif', name: 'Mona Sharif', phone: null }],
    [{ phone: '01512345678' }, { firstName: 'Mona', lastName: 'Lisa', name: 'Mona Lisa', phone: '01512345678' }],
    [{}, { firstName: 'Mona', lastName: 'Lisa', name: 'Mona Lisa', phone: null }],
    [{ firstName: '  Omar ' }, { firstName: 'Omar', lastName: 'Lisa', name: 'Omar Lisa', phone: null }],
  ])('%j changes that and nothing else', async (body, expected) => {
    const { token } = await person(world(), { name: 'Mona Lisa' })
    expect((await update(body, token)).body.user).toMatchObject(expected)
    expect(await profile(token)).toMatchObject(expected)
  })

  it('what is changed shows on the other surfaces', async () => {
    const { id, token } = await person(world())
    await update({ firstName: 'Omar', lastName: 'Sharif' }, token)
    expect((await world().get(`/v1/users/${id}`, token)).body.name).toBe('Omar Sharif')
    expect((await world().post('/auth', undefined, token)).body.message).toBe('Welcome Omar Sharif')
  })

  it.each(PHONES)('takes the phone %s, prints it as sent, keeps %s', async (phone, e164) => {
    const { id, token } = await one()
    expect((await update({ phone }, token)).body.user.phone).toBe(phone)
    expect(await world().db.client.user.findUnique({ where: { id } })).toMatchObject({ phone, phoneE164: e164 })
  })

  it.each([null, ''])('the phone %j clears it', async (phone) => {
    const { id, token } = await one()
    await update({ phone: '01012345678' }, token)
    expect((await update({ phone }, token)).body.user.phone).toBeNull()
    expect(await world().db.client.user.findUnique({ where: { id } })).toMatchObject({ phone: null, phoneE164: null })
  })

  it.each(NO_PHONES)('400 for the phone %j', async (phone) => {
    expectInvalid(await update({ phone }, (await one()).token), ['phone'])
  })

  it.each(LETTERS)('takes %j as a name', async (letters) => {
    const { token } = await one()
    expect((await update({ firstName: letters, lastName: letters }, token)).body.user).toMatchObject({
      firstName: letters,
      lastName: letters,
      name: `${letters} ${letters}`,
    })
  })

  it.each([...NO_LETTERS, null])('400 for %j as a name', async (letters) => {
    const { token } = await one()
    const before = await profile(token)
    expectInvalid(await update({ firstName: letters, lastName: letters }, token), ['firstName', 'lastName'])
    expect(await profile(token)).toEqual(before)
  })

  it('400 with all wrong fields at once, and nothing is changed', async () => {
    const { token } = await one()
    const before = await profile(token)
    expectInvalid(await update({ firstName: 'x', lastName: '1', phone: 'x' }, token), ['firstName', 'lastName', 'phone'])
    expectInvalid(await update({ firstName: 'Good', phone: 'x' }, token), ['phone'])
    expect(await profile(token)).toEqual(before)
  })

  it('unknown keys have no effect: no e-mail, no id, no scope', async () => {
    const { token } = await one()
    const before = await profile(token)
    const answer = await update(
      { email: 'other@example.com', id: 'x', isAdmin: true, scopes: ['perm'], name: 'No Body', password: 'x' },
      token,
    )
    expect({ ...answer.body.user, updatedAt: '' }).toEqual({ ...before, updatedAt: '' })
    expectProblem(await world().get('/v1/users', token), 403, { message: 'missing permission users:read' })
  })

  let known: Promise<Person> | undefined
  async function one(): Promise<Person> {
    known ??= person(world()).then(async (made) => ({ ...made, token: (await enter(world(), made)).token }))
    return await known
  }
})

describe('PUT /v1/security/change-password', () => {
  const change = async (json: object, token: string) => await world().put('/v1/security/change-password', json, token)
  const to = (password: unknown, more: object = {}) => ({ oldPassword: PASSWORD, password, passwordConfirmation: password, ...more })

  commonCases(world, {
    method: 'PUT',
    path: '/v1/security/change-password',
    methods: ['PUT'],
    who: 'session',
    required: ['oldPassword', 'password', 'passwordConfirmation'],
  })

  it('200: the new password works, the old one no more', async () => {
    const { email, token } = await person(world())
    expectOk(await change(to(NEW_PASSWORD), token), { statusCode: 200, message: 'Password changed successfully' })
    expect(await signsIn(email, PASSWORD)).toBe(401)
    expect(await signsIn(email, NEW_PASSWORD)).toBe(200)
  })

  it('other sessions end, this one stays, with both its tokens', async () => {
    const someone = await person(world())
    const [here, there] = [await enter(world(), someone), await enter(world(), someone)]
    const wekan = (await world().post('/users/login', { email: someone.email, password: PASSWORD })).body.token
    expect((await change(to(NEW_PASSWORD), here.token)).status).toBe(200)
    const tokens = [here.token, here.accessToken, there.token, there.accessToken, wekan, someone.token]
    const live = []
    for (const token of tokens) live.push(await isLive(token))
    expect(live).toEqual([true, true, false, false, false, false])
  })

  it('400 errors.oldPassword for a wrong old one; nothing changes and the session goes on', async () => {
    const { email, token } = await person(world())
    expectProblem(await change(to(NEW_PASSWORD, { oldPassword: 'a wrong one' }), token), 400, { errors: ['oldPassword'] })
    expect(await isLive(token)).toBe(true)
    expect(await signsIn(email, PASSWORD)).toBe(200)
  })

  it.each(['', '1234567', '😀'.repeat(7), 'p'.repeat(129), 'NUL \0 inside', 'half \ud800 a pair', 12345678])(
    '400 errors.password for %j',
    async (password) => {
      const answer = await change(to(password), world.admin())
      expect(answer.status).toBe(400)
      expect(answer.body.errors).toHaveProperty('password', someText)
    },
  )

  it.each(['12345678', 'password', '😀'.repeat(8), 'é'.repeat(128), ' spaces '])('takes %j, exactly', async (password) => {
    const { email, token } = await person(world())
    expect((await change(to(password), token)).status).toBe(200)
    expect(await signsIn(email, password)).toBe(200)
  })

  it('400 errors.passwordConfirmation for one that differs', async () => {
    expectInvalid(await change(to(NEW_PASSWORD, { passwordConfirmation: 'other' }), world.admin()), ['passwordConfirmation'])
  })

  it('400 with all wrong fields at once', async () => {
    const answer = await change({ oldPassword: '', password: 'short', passwordConfirmation: 'other' }, world.admin())
    expectInvalid(answer, ['oldPassword', 'password', 'passwordConfirmation'])
  })

  it('429 with Retry-After: a wrong oldPassword counts as a failure, at sign-in too', async () => {
    const { email, token } = await person(world())
    for (let count = 0; count < 10; count += 1)
      expectProblem(await change(to(NEW_PASSWORD, { oldPassword: 'a wrong one' }), token), 400, { errors: ['oldPassword'] })
    expectTooMany(await change(to(NEW_PASSWORD), token))
    const wait = expectTooMany(await world().post('/v1/auth/login', { email, password: PASSWORD }))
    world().advance(wait * 1000)
    expect((await change(to(NEW_PASSWORD), (await enter(world(), { email, password: PASSWORD })).token)).status).toBe(200)
  })

  it('the second factor stays on', async () => {
    const someone = await withTwoFactor(world())
    expect((await change(to(NEW_PASSWORD), someone.token)).status).toBe(200)
    expect(await enter(world(), { email: someone.email, password: NEW_PASSWORD })).toHaveProperty('loginCode')
  })
})

describe('POST /v1/security/forget-password', () => {
  const forget = async (email: unknown) => await world().post('/v1/security/forget-password', { email })
  const SENT = { statusCode: 200, message: 'Reset password link sent to your e-mail' }

  commonCases(world, { method: 'POST', path: '/v1/security/forget-password', methods: ['POST'], who: 'anyone', required: ['email'] })

  it('200, and one mail with a link to PUBLIC_URL, the token in its fragment', async () => {
    const { email } = await person(world())
    expectOk(await forget(email), SENT)
    const mails = mailsTo(email)
    expect(mails).toHaveLength(1)
    const links = mails[0]?.text.match(/https?:\/\/\S+/g)
    expect(links).toEqual([expect.stringMatching(/^http:\/\/vestibule\.test\/reset-password#token=[\w-]{22,}$/)])
  })

  it('the token is kept hashed, in no log line, and in no answer', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    expect(await world().db.client.mailToken.count({ where: { hash: token } })).toBe(0)
    expect(await world().db.client.mailToken.count({ where: { userId: someone.id } })).toBe(1)
    expect(JSON.stringify(world().logs)).not.toContain(token)
  })

  it('the link never follows Host or X-Forwarded-Host', async () => {
    const { email } = await person(world())
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'content-type': 'application/json',
    }
    const { status } = await rawRequest(world(), 'POST', '/v1/security/forget-password', headers, JSON.stringify({ email }))
    expect(status).toBe(200)
    await world().app.outbox.idle()
    expect(mailsTo(email)[0]?.text).not.toContain('evil.example')
    expect(mailsTo(email)[0]?.text).toContain('http://vestibule.test/reset-password#token=')
  })

  it('the mail goes to the stored address, as it was typed', async () => {
    const number = unique()
    const { email } = { email: `Stored${number}@Example.com` }
    await person(world(), { email })
    expectOk(await forget(` stored${number}@EXAMPLE.com `), SENT)
    expect(mailsTo(email)).toHaveLength(1)
  })

  it('400 errors.email for an unknown address', async () => {
    const before = world().mails.length
    expectProblem(await forget(`nobody${unique()}@example.com`), 400, { errors: ['email'] })
    expect(world().mails).toHaveLength(before)
  })

  it('400 errors.email for a username, which is no address', async () => {
    const { username } = await person(world())
    expectProblem(await forget(username), 400, { errors: ['email'] })
  })

  it.each(EMAILS)('400 errors.email for %j', async (email) => {
    expectProblem(await forget(email), 400, { errors: ['email'] })
  })

  it('three mails a mailbox in 15 minutes, then the same answer and no mail', async () => {
    const { email } = await person(world())
    for (let count = 0; count < 5; count += 1) expectOk(await forget(email), SENT)
    expectOk(await forget(email.toUpperCase()), SENT)
    expect((await world().post('/auth/forgot-password', { email })).status).toBe(200)
    expect(mailsTo(email)).toHaveLength(3)
    world().advance(15 * MINUTE + 1_000)
    expectOk(await forget(email), SENT)
    expect(mailsTo(email)).toHaveLength(4)
  })

  it('a disabled account gets no mail', async () => {
    const { id, email } = await person(world())
    await disable(world(), id, world.admin())
    expectOk(await forget(email), SENT)
    expect(mailsTo(email)).toEqual([])
  })

  it('nobody is signed out by it', async () => {
    const someone = await person(world())
    await forget(someone.email)
    expect([await isLive(someone.token), await signsIn(someone.email, PASSWORD)]).toEqual([true, 200])
  })
})

describe('POST /v1/security/reset-password', () => {
  const reset = async (token: unknown, password: unknown = NEW_PASSWORD) =>
    await world().post('/v1/security/reset-password', { token, password })

  commonCases(world, {
    method: 'POST',
    path: '/v1/security/reset-password',
    methods: ['POST'],
    who: 'anyone',
    required: ['token', 'password'],
  })

  it('200: the new password works, the old one no more, and nobody is signed in by it', async () => {
    const someone = await person(world())
    const answer = await reset(await resetTokenOf(world(), someone))
    expectOk(answer, { statusCode: 200, message: someText })
    expect([await signsIn(someone.email, PASSWORD), await signsIn(someone.email, NEW_PASSWORD)]).toEqual([401, 200])
  })

  it('401 for the second time', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    await reset(token)
    expectProblem(await reset(token, 'a third password'), 401)
    expect(await signsIn(someone.email, NEW_PASSWORD)).toBe(200)
  })

  it('of two in parallel, one resets', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    const answers = await Promise.all([reset(token, 'the first of two'), reset(token, 'the second of two')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  it.each(['x', 'A'.repeat(43)])('401 for the unknown token %s', async (token) => {
    expectProblem(await reset(token), 401)
  })

  it('401 for an access token or a loginCode', async () => {
    expectProblem(await reset(world.admin()), 401)
    expectProblem(await reset(world.noToken('a login code')), 401)
  })

  it('401 when it has expired', async () => {
    const [one, two] = [await person(world()), await person(world())]
    const [early, late] = [await resetTokenOf(world(), one), await resetTokenOf(world(), two)]
    world().advance(HOUR - MINUTE)
    expect((await reset(early)).status).toBe(200)
    world().advance(MINUTE)
    expectProblem(await reset(late), 401)
  })

  describe('a weak password', () => {
    let known: Promise<{ who: Person; token: string }> | undefined
    const one = async () => {
      known ??= person(world()).then(async (who) => ({ who, token: await resetTokenOf(world(), who) }))
      return await known
    }

    it.each(['', '1234567', '😀'.repeat(7), 'p'.repeat(129), 'NUL \0', 'half \ud800', 12345678])('400 for %j', async (weak) => {
      const { who, token } = await one()
      expectInvalid(await reset(token, weak), ['password'])
      expect(await isLive(who.token)).toBe(true)
    })

    it('spends nothing', async () => {
      const { token } = await one()
      expectInvalid(await reset(token, 'short'), ['password'])
      expect((await reset(token)).status).toBe(200)
    })
  })

  it.each(['', 7, true, [], 'nul\0'])('400 for the token %j', async (token) => {
    expectInvalid(await reset(token), ['token'])
  })

  it('opening the link spends nothing', async () => {
    const token = await resetTokenOf(world(), await person(world()))
    for (let count = 0; count < 3; count += 1) expect((await world().get('/reset-password')).status).toBe(200)
    expect((await reset(token)).status).toBe(200)
  })

  it('marks the address verified', async () => {
    const someone = await person(world())
    expect(await isVerified(someone.token)).toBe(false)
    await reset(await resetTokenOf(world(), someone))
    expect(await isVerified((await enter(world(), { ...someone, password: NEW_PASSWORD })).token)).toBe(true)
  })

  it('ends all sessions of the account', async () => {
    const someone = await person(world())
    const { token, accessToken } = await enter(world(), someone)
    await reset(await resetTokenOf(world(), someone))
    expect([await isLive(token), await isLive(accessToken), await isLive(someone.token)]).toEqual([false, false, false])
  })

  it('the second factor stays on', async () => {
    const someone = await withTwoFactor(world())
    await verifyAddress(world(), someone)
    await reset(await resetTokenOf(world(), someone))
    const answer = await enter(world(), { email: someone.email, password: NEW_PASSWORD })
    expect(Object.keys(answer).sort()).toEqual(['loginCode', 'message', 'statusCode'])
    expect((await verify(answer.loginCode, someone.code())).status).toBe(200)
  })

  it('a token dies when the account is disabled', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    await disable(world(), someone.id, world.admin())
    expectProblem(await reset(token), 401)
    await world().put(`/api/users/${someone.id}`, { action: 'enableLogin' }, world.admin())
    expectProblem(await reset(token), 401)
  })
})

describe('POST /v1/security/twofactor-enable', () => {
  const enable = async (token: string) => await world().post('/v1/security/twofactor-enable', undefined, token)

  commonCases(world, { method: 'POST', path: '/v1/security/twofactor-enable', methods: ['POST'], who: 'session' })

  it('200 with everything an authenticator needs', async () => {
    const { email, token } = await person(world())
    const answer = await enable(token)
    expectOk(answer, {
      statusCode: 200,
      message: 'Two factor authentication enabled',
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      otpauthUrl: expect.stringMatching(/^otpauth:\/\/totp\//),
      qrCode: expect.stringMatching(/^data:image\/png;base64,/),
      recoveryCodes: expect.any(Array),
    })
    const url = new URL(answer.body.otpauthUrl)
    expect(decodeURIComponent(url.pathname)).toContain(email)
    expect(url.searchParams.get('secret')).toBe(answer.body.secret)
    const { algorithm = 'SHA1', digits = '6', period = '30' } = Object.fromEntries(url.searchParams)
    expect([algorithm.toUpperCase(), digits, period]).toEqual(['SHA1', '6', '30'])
    const png = Buffer.from(answer.body.qrCode.split(',')[1], 'base64')
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    expect(new Set(answer.body.recoveryCodes).size).toBe(answer.body.recoveryCodes.length)
    expect(answer.body.recoveryCodes.length).toBeGreaterThan(0)
    for (const code of answer.body.recoveryCodes) expect(code).toEqual(someText)
  })

  it('takes effect at once, and this session goes on', async () => {
    const someone = await person(world())
    await enable(someone.token)
    expect(await enter(world(), someone)).toHaveProperty('loginCode')
    expect((await profile(someone.token)).twoFactorEnabled).toBe(true)
  })

  it('400 when it is on: never a second secret', async () => {
    const someone = await shared()
    expectProblem(await enable(await enterWithCode(someone)), 400)
    expect((await verify(await loginCodeOf(world(), someone), someone.code())).status).toBe(200)
    expect((await verify(await loginCodeOf(world(), someone), someone.recoveryCodes.at(-1))).status).toBe(200)
  })

  it('of two in parallel, one turns it on', async () => {
    const someone = await person(world())
    const answers = await Promise.all([enable(someone.token), enable(someone.token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    const secret = answers.find(({ status }) => status === 200)?.body.secret
    expect((await verify(await loginCodeOf(world(), someone), totp(secret))).status).toBe(200)
  })

  it('the secret is encrypted at rest, recovery codes are hashed, nothing is logged or told again', async () => {
    const { id, secret, recoveryCodes } = await shared()
    const token = await enterWithCode(await shared())
    const { client } = world().db
    const stored = await client.user.findUniqueOrThrow({ where: { id }, include: { recoveryCodes: true } })
    const text = JSON.stringify({ ...stored, seq: 0 }) + JSON.stringify(world().logs) + JSON.stringify(await profile(token))
    for (const shown of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
      expect(text).not.toContain(shown)
    expect(stored.recoveryCodes).toHaveLength(recoveryCodes.length)
  })

  it('the owner is told by mail, and an event is written', async () => {
    const { id, email } = await verifiedWithTwoFactor(world())
    expect(mailsTo(email).filter(({ subject }) => subject === 'Two-factor authentication is on')).toHaveLength(1)
    expect(await eventsOf(id)).toContain('two_factor.enabled')
  })

  it('kills pending reset tokens', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    await enable(someone.token)
    expectProblem(await world().post('/v1/security/reset-password', { token, password: NEW_PASSWORD }), 401)
  })

  it('every secret is another', async () => {
    const [one, two] = [await shared(), await withTwoFactor(world())]
    expect(one.secret).not.toBe(two.secret)
    expect(one.recoveryCodes.filter((code) => two.recoveryCodes.includes(code))).toEqual([])
  })
})

describe('POST /v1/security/twofactor-disable', () => {
  const off = async (token: string, json?: object) => await world().post('/v1/security/twofactor-disable', json, token)
  const OFF = { statusCode: 200, message: 'Two factor authentication disabled' }

  commonCases(world, { method: 'POST', path: '/v1/security/twofactor-disable', methods: ['POST'], who: 'session', required: [] })

  it('200 without a body: the password is enough to sign in', async () => {
    const someone = await withTwoFactor(world())
    expectOk(await off(someone.token), OFF)
    const { token, user } = await enter(world(), someone)
    expect(user.twoFactorEnabled).toBe(false)
    expect((await profile(token)).twoFactorEnabled).toBe(false)
  })

  const proofs: readonly [string, (who: TwoFactorPerson) => object][] = [
    ['null for both', () => ({ code: null, password: null })],
    ['a right code', (who) => ({ code: who.code() })],
    ['a recovery code', (who) => ({ code: who.recoveryCodes[0] })],
    ['the right password', () => ({ password: PASSWORD })],
    ['both right', (who) => ({ code: who.code(), password: PASSWORD })],
  ]
  it.each(proofs)('200 with %s', async (_name, body) => {
    const someone = await withTwoFactor(world())
    expectOk(await off(someone.token, body(someone)), OFF)
  })

  const wrongs: readonly [string, string, (who: TwoFactorPerson) => object][] = [
    ['a wrong code', 'code', (who) => ({ code: wrongCode(who.secret) })],
    ['a wrong password', 'password', () => ({ password: 'a wrong one' })],
    ['a right code and a wrong password', 'password', (who) => ({ code: who.code(), password: 'a wrong one' })],
    ['a wrong code and the right password', 'code', (who) => ({ code: wrongCode(who.secret), password: PASSWORD })],
    ['an empty code', 'code', () => ({ code: '' })],
    ['an empty password', 'password', () => ({ password: '' })],
    ['a code that is none', 'code', () => ({ code: true })],
  ]
  let kept: Promise<TwoFactorPerson> | undefined
  it.each(wrongs)('400 with %s, and it stays on', async (_name, field, body) => {
    kept ??= withTwoFactor(world())
    const someone = await kept
    expectProblem(await off(someone.token, body(someone)), 400, { errors: [field] })
    expect((await profile(someone.token)).twoFactorEnabled).toBe(true)
  })

  it('400 when it is off', async () => {
    const { token } = await person(world())
    expectProblem(await off(token), 400)
  })

  it('old codes and recovery codes are gone: a new enrolment has its own', async () => {
    const someone = await withTwoFactor(world())
    await off(someone.token)
    expect(await world().db.client.recoveryCode.count({ where: { userId: someone.id } })).toBe(0)
    const again = await world().post('/v1/security/twofactor-enable', undefined, someone.token)
    expect(again.status).toBe(200)
    const loginCode = await loginCodeOf(world(), someone)
    expectProblem(await verify(loginCode, someone.recoveryCodes[0]), 401)
    expect((await verify(loginCode, totp(again.body.secret))).status).toBe(200)
  })

  it('the owner is told by mail, and an event is written', async () => {
    const { id, email, token } = await verifiedWithTwoFactor(world())
    await off(token)
    expect(mailsTo(email)).toHaveLength(2)
    expect(await eventsOf(id)).toContain('two_factor.disabled')
  })

  it('kills pending reset tokens', async () => {
    const someone = await withTwoFactor(world())
    const token = await resetTokenOf(world(), someone)
    await off(someone.token)
    expectProblem(await world().post('/v1/security/reset-password', { token, password: NEW_PASSWORD }), 401)
  })

  it('429 with Retry-After: a wrong password counts as a failure', async () => {
    const someone = await withTwoFactor(world())
    for (let count = 0; count < 10; count += 1)
      expectProblem(await off(someone.token, { password: 'a wrong one' }), 400, { errors: ['password'] })
    expectTooMany(await off(someone.token, { password: PASSWORD }))
  })
})

describe('PUT /v1/account/change-email', () => {
  const change = async (email: unknown, token: string) => await world().put('/v1/account/change-email', { email }, token)
  const address = () => `moved${unique()}@example.com`

  commonCases(world, { method: 'PUT', path: '/v1/account/change-email', methods: ['PUT'], who: 'session', required: ['email'] })

  it('200: it counts at once', async () => {
    const someone = await person(world())
    const email = address()
    expectOk(await change(email, someone.token), { statusCode: 200, message: 'E-mail changed successfully' })
    expect((await profile(someone.token)).email).toBe(email)
    expect([await signsIn(email, PASSWORD), await signsIn(someone.email, PASSWORD)]).toEqual([200, 401])
  })

  it('the new address is trimmed and kept as typed', async () => {
    const { token } = await person(world())
    const number = unique()
    expect((await change(`  Moved${number}@Example.com `, token)).status).toBe(200)
    expect((await profile(token)).email).toBe(`Moved${number}@Example.com`)
    expect(await signsIn(`moved${number}@example.com`, PASSWORD)).toBe(200)
  })

  it('the new address starts unverified', async () => {
    const someone = await person(world())
    await world().post('/v1/security/reset-password', { token: await resetTokenOf(world(), someone), password: NEW_PASSWORD })
    const { token } = await enter(world(), { ...someone, password: NEW_PASSWORD })
    expect(await isVerified(token)).toBe(true)
    await change(address(), token)
    expect(await isVerified(token)).toBe(false)
  })

  it('the old address is told by mail, and an event is written', async () => {
    const someone = await verifiedPerson(world())
    const email = address()
    await change(email, someone.token)
    expect(mailsTo(someone.email)).toHaveLength(1)
    expect(mailsTo(email)).toEqual([])
    expect(await eventsOf(someone.id)).toContain('email.changed')
  })

  it('an account that had no address gets one', async () => {
    const username = `board${unique()}`
    await wekanPerson(world(), { username, password: 'tester' })
    const email = address()
    const token = await signInOnV1(world(), { email: username, password: 'tester' })
    expect((await change(email, token)).status).toBe(200)
    expect(await signsIn(email, 'tester')).toBe(200)
  })

  it('kills pending reset tokens', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    await change(address(), someone.token)
    expectProblem(await world().post('/v1/security/reset-password', { token, password: NEW_PASSWORD }), 401)
  })

  it('400 for an address that is taken, whatever its case', async () => {
    const [one, two] = [await person(world()), await person(world())]
    for (const email of [two.email, ` ${two.email.toUpperCase()} `])
      expectProblem(await change(email, one.token), 400, { errors: ['email'] })
    expect((await profile(one.token)).email).toBe(one.email)
  })

  it('400 for the own address, whatever its case', async () => {
    const { email, token } = await person(world())
    for (const own of [email, email.toUpperCase(), ` ${email} `]) expectProblem(await change(own, token), 400, { errors: ['email'] })
    expect(mailsTo(email)).toEqual([])
  })

  it("400 for an address that is another's username", async () => {
    const email = address()
    await withUsername(world(), { username: email })
    expectProblem(await change(email, (await person(world())).token), 400, { errors: ['email'] })
  })

  it('an address that was taken cannot become a username', async () => {
    const email = address()
    await change(email, (await person(world())).token)
    const { status, body } = await world().post('/users/register', { username: email, password: 'tester' })
    expect([status, body]).toEqual([400, { error: 403, reason: 'Username already exists.' }])
  })

  it('the old address is free again', async () => {
    const someone = await person(world())
    await change(address(), someone.token)
    expect((await person(world(), { email: someone.email })).id).not.toBe(someone.id)
  })

  it('of two in parallel to one address, one moves', async () => {
    const [one, two] = [await person(world()), await person(world())]
    const email = address()
    const answers = await Promise.all([change(email, one.token), change(email, two.token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  it.each(EMAILS)('400 errors.email for %j', async (email) => {
    expectInvalid(await change(email, world.admin()), ['email'])
  })

  it('the second factor stays on, and this session goes on', async () => {
    const someone = await withTwoFactor(world())
    const email = address()
    await change(email, someone.token)
    expect(await isLive(someone.token)).toBe(true)
    expect(await enter(world(), { email, password: PASSWORD })).toHaveProperty('loginCode')
  })
})

describe('in a world of its own', () => {
  // Sessions of /v1 that outlive the day of its step-up.
  const old = useWorld({ V1_SESSION_LIFE: '90d' })

  describe('POST /v1/auth/signup', () => {
    it('the first account is the administrator, with every scope; one, also of three in parallel', async () => {
      const names = { firstName: 'Ada', lastName: 'King', password: 'password', passwordConfirmation: 'password' }
      const emails = ['one@example.com', 'two@example.com', 'three@example.com']
      await Promise.all(emails.map(async (email) => await old().post('/v1/auth/signup', { email, ...names })))
      const statuses: number[] = []
      for (const email of emails) {
        const { token } = await enter(old(), { email, password: 'password' })
        statuses.push((await old().get('/v1/users', token)).status)
      }
      expect(statuses.sort()).toEqual([200, 403, 403])
    })
  })
  const challenge = 'Bearer error="insufficient_user_authentication"'
  const DAY = 24 * HOUR

  const calls: readonly [string, 'POST' | 'PUT', string, object | undefined, boolean][] = [
    ['PUT /v1/account/change-email', 'PUT', '/v1/account/change-email', { email: 'moved@example.com' }, false],
    ['POST /v1/security/twofactor-enable', 'POST', '/v1/security/twofactor-enable', undefined, false],
    ['POST /v1/security/twofactor-disable', 'POST', '/v1/security/twofactor-disable', undefined, true],
  ]

  describe.each(calls)('%s', (_name, method, path, json, needsFactor) => {
    const client = async (): Promise<string> => {
      const { token } = await person(old())
      if (needsFactor) expect((await old().post('/v1/security/twofactor-enable', undefined, token)).status).toBe(200)
      return token
    }
    const call = async (token: string) => await old().request(method, path, { json, token })

    it('step-up: 401 with a challenge when the last proof is 24 hours old; the session itself goes on', async () => {
      const token = await client()
      const before = (await old().get('/v1/profile', token)).body
      old().advance(DAY + 1)
      expectProblem(await call(token), 401, { challenge })
      expect((await old().get('/v1/profile', token)).body).toEqual(before)
    })

    it('step-up: 200 just before', async () => {
      const token = await client()
      old().advance(DAY - MINUTE)
      expect((await call(token)).status).toBe(200)
    })
  })

  describe('PUT /v1/account/change-email', () => {
    it('step-up: a password that was given in between is a proof again', async () => {
      const username = `board${unique()}`
      const { token } = await wekanPerson(old(), { username, email: `${username}@example.com`, password: 'tester' })
      old().advance(DAY + 1)
      expectProblem(await old().put('/v1/account/change-email', { email: `${username}@example.org` }, token), 401, { challenge })
      const passwords = { oldPassword: 'tester', password: NEW_PASSWORD, passwordConfirmation: NEW_PASSWORD }
      expect((await old().put('/v1/security/change-password', passwords, token)).status).toBe(200)
      expect((await old().put('/v1/account/change-email', { email: `${username}@example.org` }, token)).status).toBe(200)
    })
  })

  describe('POST /v1/auth/verify-totp', () => {
    it('429 after 100 wrong codes in a row, for any but a recovery code', async () => {
      const someone = await person(old())
      const { token } = await enter(old(), someone)
      const { secret, recoveryCodes } = (await old().post('/v1/security/twofactor-enable', undefined, token)).body
      const guess = async () => await old().post('/v1/security/twofactor-disable', { code: wrongCode(secret) }, token)
      for (let count = 0; count < 100; count += 1) {
        if (count >= 10) old().advance(15 * MINUTE)
        expectProblem(await guess(), 400, { errors: ['code'] })
      }
      const call = async (code: string) => await old().post('/v1/auth/verify-totp', { loginCode: await loginCodeOf(old(), someone), code })
      old().advance(15 * MINUTE)
      expectTooMany(await call(totp(secret)))
      old().advance(15 * MINUTE)
      expect((await call(recoveryCodes[0])).status).toBe(200)
      old().advance(STEP)
      expect((await call(totp(secret))).status).toBe(200)
    })
  })
})

describe('in a closed and discreet world', () => {
  const email = 'root@example.com'
  const closed = useWorld({
    REGISTRATION: 'closed',
    ADMIN_EMAIL: email,
    ADMIN_PASSWORD: 'the first password',
    FORGET_PASSWORD_DISCLOSES: 'false',
  })

  describe('POST /v1/auth/signup', () => {
    const names = { firstName: 'Ada', lastName: 'King', password: 'password', passwordConfirmation: 'password' }
    it.each(['new@example.com', email])('403 for %s while registration is closed', async (address) => {
      expectProblem(await closed().post('/v1/auth/signup', { email: address, ...names }), 403)
      expect(await closed().db.client.user.count()).toBe(1)
    })
  })

  describe('POST /v1/security/forget-password', () => {
    it('200 always, and mail for accounts only', async () => {
      for (const address of [email, 'nobody@example.com'])
        expectOk(await closed().post('/v1/security/forget-password', { email: address }), {
          statusCode: 200,
          message: 'Reset password link sent to your e-mail',
        })
      expect(closed().mails.map(({ to }) => to)).toEqual([email])
    })
  })
})

describe('the limit of attempts from one address', () => {
  const narrow = useWorld({ TRUSTED_PROXIES: 'loopback', LIMIT_ADDRESS_PER_MINUTE: '3' })
  const names = { firstName: 'Ada', lastName: 'King', password: 'password', passwordConfirmation: 'password' }
  const routes: readonly [string, 'POST' | 'PUT', string, object, boolean][] = [
    ['POST /v1/auth/signup', 'POST', '192.0.2.11', { email: 'taken@example.com', ...names }, false],
    ['POST /v1/auth/login', 'POST', '192.0.2.12', { email: 'nobody@example.com', password: 'x' }, false],
    ['POST /v1/auth/verify-totp', 'POST', '192.0.2.13', { loginCode: 'x', code: '123456' }, false],
    ['POST /v1/security/forget-password', 'POST', '192.0.2.14', { email: 'nobody@example.com' }, false],
    ['POST /v1/security/reset-password', 'POST', '192.0.2.15', { token: 'x', password: 'password' }, false],
    ['PUT /v1/account/change-email', 'PUT', '192.0.2.16', { email: 'taken@example.com' }, true],
  ]
  const from = async (address: string, method: string, path: string, json: object, token?: string) =>
    await narrow().request(method, path, { json, token, headers: { 'x-forwarded-for': address } })

  describe.each(routes)('%s', (name, method, address, json, needsSession) => {
    it('429 with Retry-After for the fourth of three; another address may, and a minute later this one', async () => {
      narrow().advance(MINUTE)
      await from('192.0.2.99', 'POST', '/v1/auth/signup', { email: 'taken@example.com', ...names })
      const token = needsSession ? (await person(narrow())).token : undefined
      const path = name.split(' ')[1] ?? ''
      const call = async (client: string) => await from(client, method, path, json, token)
      for (let count = 0; count < 3; count += 1) expect([400, 401]).toContain((await call(address)).status)
      expect(expectTooMany(await call(address))).toBeLessThanOrEqual(60)
      expect([400, 401]).toContain((await call('203.0.113.1')).status)
      narrow().advance(MINUTE)
      expect([400, 401]).toContain((await call(address)).status)
    })
  })

  describe('POST /v1/auth/login', () => {
    const call = async (address: string) =>
      (await from(address, 'POST', '/v1/auth/login', { email: 'nobody@example.com', password: 'x' })).status

    it('one network of IPv6 (/64) is one address', async () => {
      const statuses = []
      for (const host of ['::1', '::2', '::ffff:1', ':a:b:c:d']) statuses.push(await call(`2001:db8:0:7${host}`))
      expect(statuses).toEqual([401, 401, 401, 429])
      expect(await call('2001:db8:0:8::1')).toBe(401)
    })

    it('the count is of all these routes together', async () => {
      const address = '192.0.2.50'
      await from(address, 'POST', '/v1/security/forget-password', { email: 'nobody@example.com' })
      await from(address, 'POST', '/v1/security/reset-password', { token: 'x', password: 'password' })
      await from(address, 'POST', '/v1/auth/verify-totp', { loginCode: 'x', code: '123456' })
      expect(await call(address)).toBe(429)
    })
  })

  describe('GET /v1/profile', () => {
    it('is not limited', async () => {
      narrow().advance(MINUTE)
      const { token } = await person(narrow())
      for (let count = 0; count < 10; count += 1) expect((await narrow().get('/v1/profile', token)).status).toBe(200)
    })
  })
})
