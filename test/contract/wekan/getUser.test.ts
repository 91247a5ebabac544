/**
 * `GET /api/users/:id` of `wekan`.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD, person, signIn, unique, withTwoFactor } from '../../support/accounts.ts'
import { itsGuards } from '../guards.ts'
import { DAY, expectAnswer, ISO, mailedToken, SECOND } from '../support.ts'
import {
  at,
  expectApiError,
  FORBIDDEN,
  fieldsOf,
  logIn,
  loginToken,
  NOT_FOUND,
  REDACTED,
  register,
  useWekan,
  wholeDocument,
} from './support.ts'

const { world, admin } = useWekan()

describe('GET /api/users/:id', () => {
  itsGuards({
    world,
    admin: admin,
    method: 'GET',
    path: '/api/users/admin',
    allow: ['GET', 'DELETE', 'PUT'],
    needs: 'admin',
    body: 'none',
    expectError: expectApiError,
    expectForbidden: (answer) => expectAnswer(answer, 403, FORBIDDEN),
  })

  const get = async (id: string, token = admin().token) => await world().get(at(id), token)

  it('an administrator reads the whole document', async () => {
    const account = await register(world())
    expectAnswer(await get(account.id), 200, wholeDocument(account, [loginToken]))
  })

  it('isAdmin where it is true', async () => {
    const { body } = await get(admin().id)
    expect(body.isAdmin).toBe(true)
    expect(body).not.toHaveProperty('loginDisabled')
  })

  it('emails is [] where there is none', async () => {
    const { email: _, ...fields } = fieldsOf()
    const { id, token } = (await world().post('/users/register', fields)).body
    expectAnswer(await get(id), 200, { ...wholeDocument({ id, username: fields.username, email: '' }, [loginToken]), emails: [] })
    expect((await world().get('/v1/profile', token)).body.email).toBe('')
  })

  it('profile.fullname where the name differs from the username', async () => {
    const account = await person(world(), { name: 'Ada King Lovelace' })
    expectAnswer(await get(account.id), 200, { ...wholeDocument(account), profile: { fullname: 'Ada King Lovelace' } })
    const same = `same${unique()}`
    const plain = await person(world(), { name: same, username: same })
    expectAnswer(await get(plain.id), 200, wholeDocument(plain))
  })

  it('one login token for each live session of Wekan', async () => {
    const account = await register(world())
    const { token } = (await logIn(world(), account.username, account.password)).body
    await signIn(world(), account)
    expectAnswer(await get(account.id), 200, wholeDocument(account, [loginToken, loginToken]))
    await world().post('/users/logout', undefined, token)
    expectAnswer(await get(account.id), 200, wholeDocument(account, [loginToken]))
  })

  it('login tokens oldest first, as the document prints them', async () => {
    const account = await register(world())
    for (const pause of [DAY, DAY]) {
      world().advance(pause)
      await logIn(world(), account.username, account.password)
    }
    const when = (await get(account.id)).body.services.resume.loginTokens.map((token: { when: string }) => Date.parse(token.when))
    expect(when).toHaveLength(3)
    expect(when).toEqual([...when].sort((one, other) => one - other))
    expect(Math.round((when[2] - when[0]) / DAY)).toBe(2)
  })

  it('a verification token for an address that waits for its mail', async () => {
    const account = await register(world())
    const address = `new${unique()}@example.com`
    const change = 'mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }'
    await world().graphql(change, { input: { email: address } }, account.token)
    const { body, text } = await get(account.id)
    expect(body.emails).toEqual([{ address: account.email, verified: false }])
    expect(body.services.email).toEqual({ verificationTokens: [{ token: REDACTED, address, when: expect.stringMatching(ISO) }] })
    expect(text).not.toContain(mailedToken(world(), address))
  })

  it('an address that a reset has shown to be the owner’s is verified', async () => {
    const { id, email } = await register(world())
    await world().post('/auth/forgot-password', { email })
    await world().post(`/auth/reset-password?token=${mailedToken(world(), email)}`, { password: PASSWORD })
    expect((await get(id)).body.emails).toEqual([{ address: email, verified: true }])
  })

  it('nothing secret is in it', async () => {
    const { id, token, username, password, secret, recoveryCodes } = await withTwoFactor(world())
    const { text } = await get(id)
    const kept = await world().db.client.user.findUniqueOrThrow({
      where: { id },
      include: { sessions: { include: { opaqueTokens: true } } },
    })
    const hashes = kept.sessions.flatMap(({ opaqueTokens }) => opaqueTokens.map(({ hash }) => hash))
    for (const text_ of [token, password, secret, ...recoveryCodes, ...hashes, kept.passwordHash ?? '', 'argon2'])
      expect(text).not.toContain(text_)
    expect(text).toContain(username)
  })

  it('modifiedAt moves on with a change', async () => {
    const { id, token } = await register(world())
    const before = (await get(id)).body
    world().advance(SECOND)
    await world().put('/v1/profile', { firstName: 'Grace' }, token)
    const after = (await get(id)).body
    expect(after.createdAt).toBe(before.createdAt)
    expect(Date.parse(after.modifiedAt)).toBeGreaterThanOrEqual(Date.parse(before.modifiedAt) + SECOND)
  })

  it.each([
    ['a plain one', 'plainuser'],
    ['in another case', 'PlainUser2'],
    ['with spaces', 'Jean  Luc Picard'],
    ['with @', 'jean @enterprise'],
    ['that is an address', 'jean.luc@starfleet.example'],
    ['with a percent sign', '100% sure'],
    ['that looks escaped', 'a%20b%2Fc'],
    ['with a slash', 'ops/jean'],
    ['with ? and #', 'who? #1'],
    ['with + and &', 'a+b&c=d'],
    ['in Arabic', 'جان لوك'],
    ['with an emoji', 'jean 🖖'],
  ])('by username: %s', async (_name, username) => {
    const account = await register(world(), { username, ...(username.includes('.') ? { email: username } : {}) })
    expectAnswer(await get(username), 200, wholeDocument(account, [loginToken]))
    expect((await get(username.toUpperCase())).body._id).toBe(account.id)
  })

  it('an id goes before a username that looks like it', async () => {
    const account = await register(world())
    await register(world(), { username: account.id })
    expect((await get(account.id)).body._id).toBe(account.id)
  })

  it.each([
    ['unknown', 'EnhMbvxh65Hr7YvtG'],
    ['no id at all', '-'],
    ['very long', 'x'.repeat(2000)],
    ['with quotes', `' OR 1=1 --`],
    ['__proto__', '__proto__'],
    ['an e-mail address that is no username', 'admin@example.com'],
  ])('%s: 404', async (_name, id) => {
    expectAnswer(await get(id), 404, NOT_FOUND)
  })

  it('an id with a broken escape: 404', async () => {
    expectAnswer(await world().get('/api/users/%E0%A4%A', admin().token), 404, NOT_FOUND)
  })

  it('an id with NUL: 400', async () => {
    expectApiError(await world().get('/api/users/%00', admin().token), 400)
  })

  it('without administration an unknown id is 403, and so is the caller’s own id', async () => {
    const { id, token } = await register(world())
    for (const some of ['unknown', id]) expectAnswer(await get(some, token), 403, FORBIDDEN)
  })
})
