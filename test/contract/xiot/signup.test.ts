/**
 * `POST /v1/auth/signup` of `xiot`.
 */
import { describe, expect, it } from 'vitest'
import { unique, withUsername } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { aUuid, enter, expectInvalid, expectOk, expectProblem, someText } from '../v1/support.ts'
import { EMAILS, LETTERS, NO_LETTERS, NO_PHONES, PHONES, useXiot } from './support.ts'

const { world, isVerified, signsIn } = useXiot()

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

  it.each(PHONES)('POST /v1/auth/signup takes the phone %s, keeps it as sent, and %s beside it', async (phone, e164) => {
    const body = fresh({ phone })
    const { id } = (await signUp(body)).body
    expect(await world().db.client.user.findUnique({ where: { id } })).toMatchObject({ phone, phoneE164: e164 })
  })

  it.each([null, ''])('POST /v1/auth/signup takes the phone %j as none', async (phone) => {
    const body = fresh({ phone })
    expectOk(await signUp(body), created(body.email))
    expect((await enter(world(), body)).user.phone).toBeNull()
  })

  it.each(NO_PHONES)('400 for the phone %j', async (phone) => {
    expectInvalid(await signUp(fresh({ phone })), ['phone'])
  })

  it.each(LETTERS)('POST /v1/auth/signup takes %j as a name', async (letters) => {
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

  it.each(['12345678', '😀'.repeat(8), 'é'.repeat(128), '  a space at both ends  '])(
    'POST /v1/auth/signup takes the password %j, exactly',
    async (password) => {
      const body = fresh({ password, passwordConfirmation: password })
      expectOk(await signUp(body), created(body.email))
      expect(await signsIn(body.email, password)).toBe(200)
      expect(await signsIn(body.email, `${password} `)).toBe(401)
      expect(await signsIn(body.email, password.slice(0, -2))).toBe(401)
    },
  )

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
