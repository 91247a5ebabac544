/**
 * Users of Wekan whose export bcryptjs and node:crypto made (`wekanExport.mjs`): they sign in by their old passwords on every surface, their old
 * tokens go on working until they end like others, and afterwards their hashes are ours.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, signIn } from '../support/accounts.ts'
import { runWords, useDirectory } from '../support/commands.ts'
import { isFullSize } from '../support/fullSize.ts'
import { type Answer, useWorld } from '../support/world.ts'
import { fileOf } from './support.ts'
// @ts-expect-error: a script of its own, which uses nothing of ours
import { exportLines, idOf, passwordOf, tokenOf } from './wekanExport.mjs'

/** In full size a thousand accounts sign in, a quarter of them on each surface, of 100,000; else twenty. */
const ACCOUNTS = isFullSize ? 100_000 : 300
const EACH = isFullSize ? 250 : 5
const world = useWorld()
const directory = useDirectory()
let boss: string
let file: string

const emailOf = (number: number) => `wekan${number}@example.org`
const rowOf = async (number: number) => await world().db.client.user.findUniqueOrThrow({ where: { id: idOf(number) } })
const hashOf = async (number: number) => (await rowOf(number)).passwordHash ?? ''
const whoIs = async (token: string): Promise<Answer> => await world().get('/api/user', token)

beforeAll(async () => {
  const { email, password } = await admin(world())
  boss = await signIn(world(), { email, password })
  file = await fileOf(directory(), exportLines(ACCOUNTS, { distinct: 4, cost: 4 }).join(''))
  const { code, json } = await runWords(world(), ['import', 'wekan', file, '--json'])
  expect([code, json.created, json.rejected, json.skipped]).toEqual([0, ACCOUNTS, 0, 0])
  expect(json.notes).toMatchObject({
    'sessions that have ended were left out': ACCOUNTS,
    'e-mail addresses beside the first one were left out': Math.floor(ACCOUNTS / 7),
  })
}, 300_000)

const GRAPHQL = `mutation($input: SignInInput!) { result: signIn(input: $input) { ... on SignInSuccess { user { id } } ... on Error { code } } }`

/** On each surface, the id that a sign-in answers with, or what is as good. */
const surfaces: Readonly<Record<string, (identifier: string, password: string) => Promise<Answer>>> = {
  GraphQL: async (identifier, password) => await world().graphql(GRAPHQL, { input: { identifier, password } }),
  '/v1 (idiot, xiot)': async (email, password) => await world().post('/v1/auth/login', { email, password }),
  wekan: async (email, password) => await world().post('/users/login', { email, password }),
  authentication: async (email, password) => await world().post('/auth/login', { email, password }),
}

describe.each(Object.keys(surfaces))('on %s', (surface) => {
  const at = Object.keys(surfaces).indexOf(surface)
  const step = isFullSize ? 49 : 1
  const numbers = Array.from({ length: EACH * 2 }, (_, each) => 100 + (at * EACH * 2 + each) * step)
    // None of these is disabled or without a password.
    .filter((number) => number % 50 !== 49 && number % 20 !== 19)
    .slice(0, EACH)
  const ask = surfaces[surface] as (identifier: string, password: string) => Promise<Answer>

  it.each(numbers.slice(0, 5))('a wrong password of account %i is refused', async (number) => {
    const wrong = await ask(emailOf(number), 'not the old password')
    expect(JSON.stringify(wrong.body)).not.toContain(idOf(number))
    expect(await hashOf(number)).toMatch(/^\$meteor/)
  })

  it.each(numbers)('the old token and password of account %i go on working, and its hash is argon2id afterwards', async (number) => {
    expect(await hashOf(number)).toMatch(/^\$meteor\$2b\$04\$/)
    // Every third had no session.
    const { status: known, body: who } = await whoIs(tokenOf(number))
    expect([known, who._id]).toEqual(number % 3 === 0 ? [401, undefined] : [200, idOf(number)])
    const { status, body } = await ask(emailOf(number), passwordOf(number, 4))
    expect(status).toBe(200)
    if (surface === 'GraphQL') expect(body.result.user.id).toBe(idOf(number))
    expect(await hashOf(number)).toMatch(/^\$argon2id\$v=19\$/)
    const again = await ask(emailOf(number), passwordOf(number, 4))
    expect(again.status).toBe(200)
  })
})

describe('old tokens', () => {
  it.each([1, 4, 8, 10])('an old token of account %i answers who it is, and its hash stays as it was', async (number) => {
    const { status, body } = await whoIs(tokenOf(number))
    expect([status, body._id, body.emails[0].address]).toEqual([200, idOf(number), emailOf(number)])
    expect(await hashOf(number)).toMatch(/^\$meteor/)
  })

  it('a token that had ended, and those of a disabled account, are of no use', async () => {
    for (const token of ['ended 1', tokenOf(49), tokenOf(149, 0)]) expect((await whoIs(token)).status).toBe(401)
    const disabled = await world().post('/users/login', { email: emailOf(149), password: passwordOf(149, 4) })
    expect(disabled.status).toBe(403)
  })

  it('a token goes on until its 90 days are over, and no longer', async () => {
    const sessions = await world().db.client.session.findMany({ where: { userId: idOf(2) } })
    const lives = sessions.map(({ createdAt, expiresAt }) => expiresAt.getTime() - createdAt.getTime())
    expect(lives).toEqual([90 * 86_400_000, 90 * 86_400_000])
  })

  it('sign-out with it ends it, and no other', async () => {
    expect((await world().post('/users/logout', {}, tokenOf(5, 0))).status).toBe(200)
    expect((await whoIs(tokenOf(5, 0))).status).toBe(401)
    expect((await whoIs(tokenOf(5, 1))).status).toBe(200)
  })

  it('a change of the password, with the old one as proof, ends the others', async () => {
    const number = 11
    const change = `mutation($input: ChangePasswordInput!) { result: changePassword(input: $input) { __typename ... on Error { code } } }`
    const token = await signIn(world(), { email: emailOf(14), password: passwordOf(14, 4) })
    const refused = await world().graphql(change, { input: { oldPassword: 'wrong', newPassword: 'a new and long password' } }, token)
    expect(refused.body.result.code).toBe('WRONG_PASSWORD')
    expect((await whoIs(tokenOf(14))).status).toBe(200)
    const changed = await world().graphql(
      change,
      { input: { oldPassword: passwordOf(14, 4), newPassword: 'a new and long password' } },
      token,
    )
    expect(changed.body.result.__typename).toBe('ChangePasswordSuccess')
    expect((await whoIs(tokenOf(14))).status).toBe(401)
    // Within a session of the old token, the foreign hash itself is the proof.
    const own = await world().graphql(
      change,
      { input: { oldPassword: passwordOf(number, 4), newPassword: 'a new and long password' } },
      tokenOf(number),
    )
    expect(own.body.result.__typename).toBe('ChangePasswordSuccess')
    expect(await hashOf(number)).toMatch(/^\$argon2id/)
    expect((await whoIs(tokenOf(number, 0))).status).toBe(200)
    expect((await whoIs(tokenOf(number, 1))).status).toBe(401)
  })

  it('an old token needs a fresh proof where others do, and the old password gives it', async () => {
    const token = tokenOf(17)
    const again = `mutation($input: ReauthenticateInput!) { result: reauthenticate(input: $input) { __typename ... on Error { code } } }`
    const begin = 'mutation { result: beginTwoFactorEnrollment { __typename ... on Error { code } } }'
    expect((await world().graphql(begin, {}, token)).body.result.code).toBe('REAUTHENTICATION_REQUIRED')
    expect((await world().graphql(again, { input: { password: passwordOf(17, 4) } }, token)).body.result.__typename).toBe(
      'ReauthenticateSuccess',
    )
    expect((await world().graphql(begin, {}, token)).body.result.__typename).toBe('BeginTwoFactorEnrollmentSuccess')
    expect(await hashOf(17)).toMatch(/^\$argon2id/)
  })

  it('an administrator who disables the account ends them', async () => {
    const disable = `mutation($input: SetLoginEnabledInput!) { result: setLoginEnabled(input: $input) { __typename ... on Error { code } } }`
    expect((await whoIs(tokenOf(20))).status).toBe(200)
    const { body } = await world().graphql(disable, { input: { id: idOf(20), enabled: false } }, boss)
    expect(body.result.__typename).toBe('SetLoginEnabledSuccess')
    expect((await whoIs(tokenOf(20))).status).toBe(401)
  })
})

describe('everybody else', () => {
  it('people of LDAP come without a password, and a reset by mail gives them one', async () => {
    expect(await rowOf(19)).toMatchObject({ passwordHash: null, username: emailOf(19) })
    expect((await world().post('/users/login', { email: emailOf(19), password: 'anything' })).status).toBe(401)
  })

  it('dates, languages, addresses and rights are those of Wekan', async () => {
    expect(await rowOf(0)).toMatchObject({
      isAdmin: true,
      locale: 'ar',
      username: 'wekan0',
      emailVerifiedAt: null,
      name: 'Person Number 0',
    })
    expect(await rowOf(1)).toMatchObject({ isAdmin: false, locale: 'en' })
    expect((await rowOf(1)).emailVerifiedAt).not.toBeNull()
  })

  it('the undo keeps whoever has signed in or changed since, and takes back all others', async () => {
    const run = await world().db.client.importRun.findFirstOrThrow({ where: { source: file } })
    const changed = await world().db.client.user.count({
      where: { email: { endsWith: '@example.org' }, OR: [{ passwordHash: { startsWith: '$argon2id' } }, { id: idOf(20) }] },
    })
    const { json } = await runWords(world(), ['import', 'undo', run.id, '--yes', '--json'])
    expect(json).toMatchObject({ kept: changed, deleted: ACCOUNTS - changed })
    // The sign-ins on four surfaces, a disabled account whose password was right, and those of the tests above.
    expect(changed).toBe(EACH * 4 + 5)
    expect((await whoIs(tokenOf(8))).status).toBe(401)
    expect((await whoIs(tokenOf(11, 0))).status).toBe(200)
  }, 300_000)
})
