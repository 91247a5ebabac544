/**
 * What somebody with a stolen session or a guessed name does not get: another account's address, a factor that was turned on
 * elsewhere, a change of address that outlives the sessions, endless guesses, endless answers.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { expectFailure, grantScopes, mailedToken, mutate, query } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn, totp, unique } from './support/accounts.ts'
import { openWorld, useWorld } from './support/world.ts'

const world = useWorld({ VERIFY_EMAIL: 'true', LIMIT_RESET_MAILS: '1000' })
beforeAll(async () => void (await admin(world())))

const BY_NAME = 'user(by: { username: $name }) { id email }'
const byName = async (name: string, token: string) => await query(world(), BY_NAME, token, { name }, '($name: String!)')

describe('a username', () => {
  it('a username finds nobody else, but for who may read all accounts', async () => {
    const [someone, other] = [await person(world()), await person(world())]
    expectFailure(await byName(other.username, someone.token), 'errors', 'NOT_FOUND')
    expect(await byName(someone.username, someone.token)).toEqual({ id: someone.id, email: someone.email })
    await grantScopes(world(), someone, ['users:read'])
    expect(await byName(other.username, someone.token)).toEqual({ id: other.id, email: other.email })
  })
})

describe('a second factor that is turned on in one session', () => {
  const enrol = async (token: string): Promise<string> => {
    const { secret } = await mutate(world(), 'beginTwoFactorEnrollment', undefined, token)
    await mutate(world(), 'confirmTwoFactorEnrollment', { code: totp(secret) }, token)
    return secret
  }

  it('a second factor that is turned on in one session takes the proof of every other one, until it is given with a code', async () => {
    const someone = await person(world())
    const other = await signIn(world(), someone)
    const secret = await enrol(someone.token)
    expect((await mutate(world(), 'regenerateRecoveryCodes', undefined, other)).code).toBe('REAUTHENTICATION_REQUIRED')
    world().advance(30_000)
    await mutate(world(), 'reauthenticate', { password: PASSWORD, code: totp(secret) }, other)
    expect((await mutate(world(), 'regenerateRecoveryCodes', undefined, other)).recoveryCodes).toHaveLength(10)
  })

  it('a second factor that is turned on in one session makes an administrator of no session that did not show it', async () => {
    const strict = await openWorld({ REQUIRE_ADMIN_TWO_FACTOR: 'true' })
    const boss = await person(strict)
    const other = await signIn(strict, boss)
    const { secret } = await mutate(strict, 'beginTwoFactorEnrollment', undefined, boss.token)
    await mutate(strict, 'confirmTwoFactorEnrollment', { code: totp(secret) }, boss.token)
    const users = async (token: string) => await query(strict, 'users { __typename }', token)
    expect(await users(boss.token)).toEqual({ __typename: 'UserConnection' })
    expect((await users(other)).code).toBe('REAUTHENTICATION_REQUIRED')
    world().advance(30_000)
    await mutate(strict, 'reauthenticate', { password: PASSWORD, code: totp(secret) }, other)
    expect(await users(other)).toEqual({ __typename: 'UserConnection' })
    await strict.close()
  })
})

describe('a change of address that a thief asked for', () => {
  it.each([
    ['signOutEverywhere', async (owner: string) => await mutate(world(), 'signOutEverywhere', undefined, owner)],
    ['endOtherSessions', async (owner: string) => await mutate(world(), 'endOtherSessions', undefined, owner)],
    [
      'endUserSessions',
      async (_owner: string, { id }: Person) =>
        await mutate(world(), 'endUserSessions', { id }, await signIn(world(), await admin(world()))),
    ],
  ])('a change of address that a thief asked for is over with %s', async (_name, end) => {
    const someone = await person(world())
    const email = `thief${unique()}@example.com`
    await mutate(world(), 'changeEmail', { email }, await signIn(world(), someone))
    await end(someone.token, someone)
    expectFailure(
      await mutate(world(), 'confirmEmail', { token: mailedToken(world(), email) }),
      'AuthenticationError',
      'INVALID_MAIL_TOKEN',
    )
  })
})

describe('codes in mails', () => {
  it('codes in mails are guessed at 30 times a day, however many mails bring new ones; the links work on', async () => {
    const someone = await person(world())
    const codes: string[] = []
    for (let mail = 0; mail < 7; mail += 1) {
      await mutate(world(), 'requestEmailVerification', undefined, someone.token)
      for (let guess = 0; guess < 5; guess += 1) codes.push((await mutate(world(), 'confirmEmail', { code: '000000' }, someone.token)).code)
    }
    expect(codes.filter((code) => code === 'INVALID_MAIL_TOKEN')).toHaveLength(30)
    expect(codes.slice(30)).toEqual(Array(5).fill('TOO_MANY_REQUESTS'))
    expect((await mutate(world(), 'confirmEmail', { token: mailedToken(world(), someone.email) })).__typename).toBe('ConfirmEmailSuccess')
  })

  it('codes in mails are guessed at 30 times anew after one that fits', async () => {
    const someone = await person(world())
    const codeTo = (address: string): string => /^(\d{6})$/m.exec(world().mails.findLast(({ to }) => to === address)?.text ?? '')?.[1] ?? ''
    const guess = async (code: string) => await mutate(world(), 'confirmEmail', { code }, someone.token)
    const addresses = Array.from({ length: 8 }, () => `moved${unique()}@example.com`)
    for (const email of addresses) {
      await mutate(world(), 'changeEmail', { email }, someone.token)
      const code = codeTo(email)
      for (let wrong = 0; wrong < 4; wrong += 1)
        expectFailure(await guess(code === '000000' ? '000001' : '000000'), 'AuthenticationError', 'INVALID_MAIL_TOKEN', ['code'])
      expect(await guess(code)).toEqual({ __typename: 'ConfirmEmailSuccess', user: { id: someone.id, email, emailVerified: true } })
    }
  })
})

describe('a document that asks for lists of lists', () => {
  const aliases = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: id`).join(' ')

  it.each([
    [
      'sessions of the account of each event',
      `me { auditEvents(first: 500) { ... on AuditEventConnection { edges { node { user { sessions { id } } } } } } }`,
      false,
    ],
    [
      'personal access tokens of the account of each event',
      `me { auditEvents(first: 500) { ... on AuditEventConnection { edges { node { user { personalAccessTokens { id } } } } } } }`,
      false,
    ],
    [
      'many names for one field of each event',
      `me { auditEvents(first: 500) { ... on AuditEventConnection { edges { node { ${aliases(60)} } } } } }`,
      false,
    ],
    [
      'a page as long as a variable says',
      `me { auditEvents(first: $first) { ... on AuditEventConnection { edges { node { ${aliases(60)} } } } } }`,
      false,
    ],
    [
      'a long page of whole events',
      `me { auditEvents(first: 500) { ... on AuditEventConnection { edges { node { id at type outcome userId surface details { key value } } } } } }`,
      true,
    ],
  ])('%s', async (_name, selection, isTaken) => {
    const { token } = await person(world())
    const document = `query${selection.includes('$') ? '($first: Int!)' : ''} { ${selection} }`
    const { body } = await world().request('POST', '/graphql', { json: { query: document, variables: { first: 1 } }, token })
    if (isTaken) expect(body.errors).toBeUndefined()
    else expect(body.errors[0].message).toBe('An operation can ask for at most 25000 fields, lists counted by their length.')
  })
})

it('a mailbox has one share of mails, whatever its +tag', async () => {
  const own = await openWorld()
  const someone = await person(own)
  for (const tag of ['', '+a', '+b', '+c', '+d']) await mutate(own, 'changeEmail', { email: `stranger${tag}@example.com` }, someone.token)
  expect(own.mails.filter(({ to }) => to.startsWith('stranger'))).toHaveLength(3)
  await own.close()
})
