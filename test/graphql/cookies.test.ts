/**
 * The life of a session in a cookie: how it begins, what the cookie looks like, how its value changes with a fresh proof, how
 * it ends, and that neither its value nor another token ever goes the other's way.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, unique, withTwoFactor } from '../support/accounts.ts'
import { COOKIE, type CookieWorld, cookieOf, OF_PAGE, openBrowser } from '../support/cookieJar.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { expectFailure, HOUR, MINUTE, mutate, query } from './ask.ts'

const SECOND = 1000
/** No idle end in between: it has tests of its own. */
const world = useWorld({ COOKIE_IDLE_LIFE: '24h' })
beforeAll(async () => void (await admin(world())))

const login = async () => ({ email: (await person(world())).email, password: PASSWORD })
const NOTHING = { accessToken: null, refreshToken: null, opaqueToken: null }
const VALUE = /^[\w-]{43}$/
const me = async (browser: CookieWorld) => await query(browser, 'me { id }')
const sessionsOf = async (userId: string) => await world().db.client.session.findMany({ where: { userId }, orderBy: { createdAt: 'asc' } })
const live = async (userId: string) => (await sessionsOf(userId)).filter(({ endedAt }) => endedAt === null)

/** A browser that is signed in as somebody. */
const signedIn = async ({ email, password }: Pick<Person, 'email' | 'password'>, from = openBrowser(world())): Promise<CookieWorld> => {
  const result = await mutate(from, 'signIn', { identifier: email, password, transport: 'COOKIE' })
  expect(result).toEqual({ __typename: 'SignInSuccess', user: expect.anything(), credentials: NOTHING, originCredentials: null })
  return from
}
const someone = async () => {
  const account = await person(world())
  return { account, browser: await signedIn(account) }
}
/** Another request of the same browser that is under way with the value it has now. */
const underWay = (browser: CookieWorld): CookieWorld => openBrowser(world(), browser.cookie)

describe('the cookie', () => {
  it('the cookie is set by a sign-in, with exactly these attributes, and the next request is signed in', async () => {
    const { account, browser } = await someone()
    const [line = '', ...others] = browser.last().headers.getSetCookie()
    expect(others).toEqual([])
    expect(line).toMatch(/^__Host-vestibule-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=(86400|86399)$/)
    expect(line.length).toBeLessThanOrEqual(4096)
    expect(await me(browser)).toEqual({ id: account.id })
    expect(browser.last().headers.getSetCookie()).toEqual([])
  })

  it('the cookie is set by a sign-up as well', async () => {
    const browser = openBrowser(world())
    const input = { email: `cookie${unique()}@example.com`, password: PASSWORD, transport: 'COOKIE' }
    const result = await mutate(browser, 'signUp', input)
    expect(result.credentials).toEqual(NOTHING)
    expect(await me(browser)).toEqual({ id: result.user.id })
  })

  it('the cookie holds what is kept as a hash only; there is no refresh chain and no other token', async () => {
    const { account, browser } = await someone()
    const session = (await live(account.id)).find(({ kind }) => kind === 'cookie')
    expect(session).toMatchObject({ surface: 'graphql', refreshCounter: null, refreshExpiresAt: null })
    const tokens = await world().db.client.opaqueToken.findMany({ where: { sessionId: session?.id ?? '' } })
    expect(tokens).toEqual([expect.objectContaining({ kind: 'cookie', expiresAt: session?.expiresAt })])
    expect(tokens[0]?.hash).not.toBe(browser.cookie)
  })

  it('stands in no body and in no line of the log, whatever is asked with it', async () => {
    const { browser } = await someone()
    const seen: string[] = [browser.last().text]
    const values = [browser.cookie ?? '']
    for (const selection of ['me { id username sessions { id transport userAgent } }', 'users { __typename }']) {
      await query(browser, selection)
      seen.push(browser.last().text)
    }
    await mutate(browser, 'reauthenticate', { password: PASSWORD })
    values.push(browser.cookie ?? '')
    seen.push(browser.last().text)
    await browser.request('POST', '/graphql', { json: { query: '{ me { id } }' }, headers: { 'x-csrf-protection': '' } })
    seen.push(browser.last().text)
    await mutate(browser, 'signOut')
    seen.push(browser.last().text, JSON.stringify(world().logs))
    expect(new Set(values).size).toBe(2)
    expect(seen.filter((text) => values.some((value) => text.includes(value)))).toEqual([])
  })

  it('the cookie lives 24 hours from the sign-in, whatever is asked meanwhile', async () => {
    const { account, browser } = await someone()
    world().advance(23 * HOUR)
    expect(await me(browser)).toEqual({ id: account.id })
    expect((await mutate(browser, 'reauthenticate', { password: PASSWORD })).__typename).toBe('ReauthenticateSuccess')
    expect(browser.last().headers.getSetCookie()[0]).toMatch(/; Max-Age=3(600|599)$/)
    world().advance(HOUR + SECOND)
    expectFailure(await me(browser), 'errors', 'UNAUTHENTICATED')
  })

  it('the cookie lives as long as the settings say', async () => {
    const short = await openWorld({ COOKIE_SESSION_LIFE: '10m' }, { db: world().db })
    const account = await person(short)
    const browser = await signedIn(account, openBrowser(short))
    expect(browser.last().headers.getSetCookie()[0]).toMatch(/; Max-Age=(600|599)$/)
    world().advance(10 * MINUTE + SECOND)
    expectFailure(await me(browser), 'errors', 'UNAUTHENTICATED')
    await short.close()
  })

  it('the cookie is listed as what it is', async () => {
    const { browser } = await someone()
    const { sessions } = await query(browser, 'me { sessions { transport current surface } }')
    expect(sessions).toHaveLength(2)
    expect(sessions).toEqual(
      expect.arrayContaining([
        { transport: 'COOKIE', current: true, surface: 'GRAPHQL' },
        { transport: 'BEARER', current: false, surface: 'GRAPHQL' },
      ]),
    )
  })
})

describe('without being asked for', () => {
  it.each([{}, { transport: 'BEARER' }])('there is no cookie: %j', async (transport) => {
    const account = await person(world())
    const browser = openBrowser(world())
    const result = await mutate(browser, 'signIn', { identifier: account.email, password: PASSWORD, ...transport })
    expect(result.credentials.accessToken.token).toMatch(/\./)
    expect(browser.last().headers.getSetCookie()).toEqual([])
    expect((await live(account.id)).map(({ kind }) => kind)).toEqual(['token', 'token'])
  })

  it.each(['cookie', null, 1, ''])('%j is no transport', async (transport) => {
    const account = await person(world())
    const document = 'mutation($input: SignInInput!) { signIn(input: $input) { __typename } }'
    const { body } = await openBrowser(world()).graphql(document, { input: { identifier: account.email, password: PASSWORD, transport } })
    expect(body.errors[0].message).toContain('transport')
    expect(await live(account.id)).toHaveLength(1)
  })

  it('a sign-in that fails sets none and ends no session', async () => {
    const { account, browser } = await someone()
    const result = await mutate(browser, 'signIn', { identifier: account.email, password: 'wrong', transport: 'COOKIE' })
    expectFailure(result, 'AuthenticationError', 'BAD_CREDENTIALS')
    expect(browser.last().headers.getSetCookie()).toEqual([])
    expect(await me(browser)).toEqual({ id: account.id })
  })
})

describe('a second factor', () => {
  it('a second factor comes before the cookie, which the second half sets by its own transport', async () => {
    const account = await withTwoFactor(world())
    const browser = openBrowser(world())
    const first = await mutate(browser, 'signIn', { identifier: account.email, password: PASSWORD, transport: 'COOKIE' })
    expect(first.code).toBe('TWO_FACTOR_REQUIRED')
    expect(browser.last().headers.getSetCookie()).toEqual([])
    const second = await mutate(browser, 'verifyTwoFactor', { loginCode: first.loginCode, code: account.code(), transport: 'COOKIE' })
    expect([second.credentials, second.originCredentials]).toEqual([NOTHING, null])
    expect(await me(browser)).toEqual({ id: account.id })
  })

  it('a second factor may be verified for bearer tokens all the same', async () => {
    const account = await withTwoFactor(world())
    const browser = openBrowser(world())
    const { loginCode } = await mutate(browser, 'signIn', { identifier: account.email, password: PASSWORD, transport: 'COOKIE' })
    const { credentials } = await mutate(browser, 'verifyTwoFactor', { loginCode, code: account.code() })
    expect(credentials.accessToken.token).toMatch(/\./)
    expect(browser.cookie).toBeUndefined()
  })

  it('a second factor of a sign-in that began on a dialect gives a cookie and nothing of the dialect', async () => {
    const account = await withTwoFactor(world())
    const { loginCode } = (await world().post('/v1/auth/login', { email: account.email, password: PASSWORD })).body
    const browser = openBrowser(world())
    const result = await mutate(browser, 'verifyTwoFactor', { loginCode, code: account.code(), transport: 'COOKIE' })
    expect([result.credentials, result.originCredentials]).toEqual([NOTHING, null])
    const session = (await live(account.id)).find(({ kind }) => kind === 'cookie')
    expect(await world().db.client.opaqueToken.count({ where: { sessionId: session?.id ?? '' } })).toBe(1)
  })

  it('a second factor with its code at once sets the cookie at once', async () => {
    const account = await withTwoFactor(world())
    const browser = openBrowser(world())
    await mutate(browser, 'signIn', { identifier: account.email, password: PASSWORD, code: account.code(), transport: 'COOKIE' })
    expect(await me(browser)).toEqual({ id: account.id })
  })
})

describe('another sign-in in the same browser', () => {
  it('another sign-in in the same browser ends the session that it replaces, also that of another account, and says so in its log', async () => {
    const [first, second] = [await someone(), await person(world())]
    const before = underWay(first.browser)
    await signedIn(second, first.browser)
    expect(await me(first.browser)).toEqual({ id: second.id })
    expectFailure(await me(before), 'errors', 'UNAUTHENTICATED')
    expect((await live(first.account.id)).map(({ kind }) => kind)).toEqual(['token'])
    const events = await world().db.client.auditEvent.findMany({ where: { userId: first.account.id, type: 'session.replaced' } })
    expect(events).toHaveLength(1)
  })

  it('another sign-in in the same browser ends it once, however many sign-ins come at once', async () => {
    const { account, browser } = await someone()
    const tabs = await Promise.all(Array.from({ length: 5 }, () => signedIn(account, underWay(browser))))
    expectFailure(await me(underWay(browser)), 'errors', 'UNAUTHENTICATED')
    for (const tab of tabs) expect(await me(tab)).toEqual({ id: account.id })
    expect(await world().db.client.auditEvent.count({ where: { userId: account.id, type: 'session.replaced' } })).toBe(1)
  })

  it('another sign-in in the same browser of the other transport leaves it alone', async () => {
    const { account, browser } = await someone()
    await mutate(browser, 'signIn', { identifier: account.email, password: PASSWORD })
    expect(await me(browser)).toEqual({ id: account.id })
    expect(await live(account.id)).toHaveLength(3)
  })
})

describe('a fresh proof', () => {
  const proofs = [
    ['reauthenticate', { password: PASSWORD }],
    ['changePassword', { oldPassword: PASSWORD, newPassword: 'another good phrase' }],
  ] as const

  it.each(proofs)('a fresh proof by %s gives the cookie a new value, and the old one is dead 5 seconds later', async (name, input) => {
    const { account, browser } = await someone()
    const old = underWay(browser)
    await mutate(browser, name, input)
    expect(browser.cookie).not.toBe(old.cookie)
    world().advance(4 * SECOND)
    expect(await me(old)).toEqual({ id: account.id })
    world().advance(2 * SECOND)
    expectFailure(await me(old), 'errors', 'UNAUTHENTICATED')
    expect(await me(browser)).toEqual({ id: account.id })
  })

  it.each(proofs)('a fresh proof by %s sets no cookie for a bearer', async (name, input) => {
    const { token } = await person(world())
    const browser = openBrowser(world())
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
    const document = `mutation($input: ${type}Input!) { result: ${name}(input: $input) { __typename } }`
    expect((await browser.graphql(document, { input }, token)).body.result.__typename).toBe(`${type}Success`)
    expect(browser.last().headers.getSetCookie()).toEqual([])
  })

  it('a fresh proof is none of the old value, not even while that goes on', async () => {
    const { browser } = await someone()
    const old = underWay(browser)
    await mutate(browser, 'reauthenticate', { password: PASSWORD })
    expectFailure(await mutate(old, 'changeEmail', { email: 'x@example.com' }), 'AuthenticationError', 'REAUTHENTICATION_REQUIRED')
    expect((await mutate(browser, 'changeEmail', { email: `cookie${unique()}@example.com` })).__typename).toBe('ChangeEmailSuccess')
  })

  it('a fresh proof of two tabs at once leaves the browser signed in, whichever answer comes last', async () => {
    const { account, browser } = await someone()
    const tabs = [underWay(browser), underWay(browser)]
    const results = await Promise.all(tabs.map((tab) => mutate(tab, 'reauthenticate', { password: PASSWORD })))
    expect(results.map(({ __typename }) => __typename)).toEqual(['ReauthenticateSuccess', 'ReauthenticateSuccess'])
    expect(new Set([browser, ...tabs].map(({ cookie }) => cookie)).size).toBe(3)
    world().advance(MINUTE)
    for (const tab of tabs) expect(await me(tab)).toEqual({ id: account.id })
    expectFailure(await me(browser), 'errors', 'UNAUTHENTICATED')
  })

  it('a fresh proof that is wrong changes nothing', async () => {
    const { account, browser } = await someone()
    expect((await mutate(browser, 'reauthenticate', { password: 'wrong' })).code).toBe('WRONG_PASSWORD')
    expect(browser.last().headers.getSetCookie()).toEqual([])
    world().advance(MINUTE)
    expect(await me(browser)).toEqual({ id: account.id })
  })
})

const DELETED = `${COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`

describe('signing out', () => {
  it.each(['signOut', 'signOutEverywhere'])(
    'signing out by %s ends the session, deletes the cookie, and clears what the page has kept',
    async (name) => {
      const { account, browser } = await someone()
      const copy = underWay(browser)
      expect((await mutate(browser, name)).__typename).toBe('SignOutSuccess')
      const { headers } = browser.last()
      expect(headers.getSetCookie()).toEqual([DELETED])
      expect(headers.get('clear-site-data')).toBe('"storage"')
      expect(browser.cookie).toBeUndefined()
      expectFailure(await me(copy), 'errors', 'UNAUTHENTICATED')
      expect(await live(account.id)).toHaveLength(name === 'signOut' ? 1 : 0)
    },
  )

  it.each(['signOut', 'signOutEverywhere'])('a bearer by %s touches no cookie', async (name) => {
    const { account, browser } = await someone()
    const document = `mutation { result: ${name} { __typename } }`
    expect((await browser.graphql(document, {}, account.token)).body.result.__typename).toBe('SignOutSuccess')
    expect(browser.last().headers.getSetCookie()).toEqual([])
    expect(browser.last().headers.get('clear-site-data')).toBeNull()
    const seen = await me(browser)
    if (name === 'signOut') expect(seen).toEqual({ id: account.id })
    else expectFailure(seen, 'errors', 'UNAUTHENTICATED')
  })

  it('another session, by its refresh token, leaves the one in the cookie alone', async () => {
    const { account, browser } = await someone()
    expect((await mutate(browser, 'signOut', { refreshToken: account.refreshToken })).endedSessions).toBe(1)
    expect(browser.last().headers.getSetCookie()).toEqual([])
    expect(await me(browser)).toEqual({ id: account.id })
  })
})

describe('a document that does several things', () => {
  const OUT = 'out: signOutEverywhere { __typename ... on Error { code } }'

  it('a document that does several things gives the cookie its last word: signed out, then in', async () => {
    const { account, browser } = await someone()
    const again = `again: signIn(input: { identifier: "${account.email}", password: "${PASSWORD}", transport: COOKIE }) { __typename }`
    const { body } = await browser.graphql(`mutation { ${OUT} ${again} }`)
    expect(body).toEqual({ out: { __typename: 'SignOutSuccess' }, again: { __typename: 'SignInSuccess' } })
    expect(await me(browser)).toEqual({ id: account.id })
    expect((await live(account.id)).map(({ kind }) => kind)).toEqual(['cookie'])
  })

  it('a document that does several things gets no proof for a session that it has ended', async () => {
    const { browser } = await someone()
    const proof = `proof: reauthenticate(input: { password: "${PASSWORD}" }) { __typename ... on Error { code } }`
    const { text } = await browser.graphql(`mutation { ${OUT} ${proof} }`)
    expect(JSON.parse(text).errors).toMatchObject([{ path: ['proof'], extensions: { code: 'UNAUTHENTICATED' } }])
    expect(browser.last().headers.getSetCookie()).toEqual([DELETED])
  })
})

describe('a cookie that opens nothing', () => {
  const answerTo = async (cookie: string) => {
    const browser = openBrowser(world(), cookie)
    const seen = await me(browser)
    if (cookie === '') expect(seen).toBeNull()
    else expectFailure(seen, 'errors', 'UNAUTHENTICATED')
    return browser.last()
  }

  it.each([
    ['nonsense', async () => 'nonsense'],
    ['empty', async () => ''],
    ['longer than any', async () => 'x'.repeat(5000)],
    ['an access token', async () => (await person(world())).token],
    ['a refresh token', async () => (await person(world())).refreshToken],
    ['a token of /v1', async () => (await world().post('/v1/auth/login', await login())).body.token],
    ['a token of Wekan', async () => (await world().post('/users/login', await login())).body.token],
  ])('a cookie that opens nothing is deleted by the answer: %s', async (_what, given) => {
    const answer = await answerTo(await given())
    expect(answer.headers.getSetCookie()).toEqual([DELETED])
    expect(answer.headers.get('clear-site-data')).toBeNull()
  })

  it('a cookie that opens nothing is deleted when its session ended long ago, and not when it ended just now: a late answer must not delete a new one', async () => {
    const { browser } = await someone()
    const value = browser.cookie ?? ''
    await mutate(browser, 'signOut')
    world().advance(4 * SECOND)
    expect((await answerTo(value)).headers.getSetCookie()).toEqual([])
    world().advance(2 * SECOND)
    expect((await answerTo(value)).headers.getSetCookie()).toEqual([DELETED])
  })

  it('so it is with a value that a newer one took the place of', async () => {
    const { browser } = await someone()
    const value = browser.cookie ?? ''
    await mutate(browser, 'reauthenticate', { password: PASSWORD })
    world().advance(6 * SECOND)
    expect((await answerTo(value)).headers.getSetCookie()).toEqual([])
    world().advance(5 * SECOND)
    expect((await answerTo(value)).headers.getSetCookie()).toEqual([DELETED])
  })

  it('a cookie that opens nothing gives way to the new one when the request signs in', async () => {
    const account = await person(world())
    const browser = await signedIn(account, openBrowser(world(), 'nonsense'))
    expect(browser.cookie).toMatch(VALUE)
  })

  it.each([
    ['disabled', 'setLoginEnabled', { enabled: false }],
    ['deleted', 'deleteUser', {}],
  ])('a cookie that opens nothing is that of an account that was %s', async (_what, name, input) => {
    const { account, browser } = await someone()
    const boss = await mutate(world(), 'signIn', { identifier: (await admin(world())).email, password: PASSWORD })
    await mutate(world(), name, { id: account.id, ...input }, boss.credentials.accessToken.token)
    expectFailure(await me(browser), 'errors', 'UNAUTHENTICATED')
  })
})

describe('beside an Authorization header', () => {
  it.each([
    ['of another account', async () => `Bearer ${(await person(world())).token}`],
    ['that opens nothing', async () => 'Bearer nonsense'],
    ['of another scheme', async () => 'Basic YWRhOmFkYQ=='],
    ['that is empty', async () => ''],
  ])('%s the cookie is not looked at', async (_what, authorizationOf) => {
    const { account, browser } = await someone()
    const headers = { authorization: await authorizationOf() }
    const { body } = await browser.request('POST', '/graphql', { json: { query: '{ me { id } }' }, headers })
    expect(body.data.me?.id).not.toBe(account.id)
    expect(browser.last().headers.getSetCookie()).toEqual([])
  })

  it('a request needs no defence against forgery', async () => {
    const { account, browser } = await someone()
    const headers = { ...OF_PAGE, 'x-csrf-protection': '', 'sec-fetch-site': 'cross-site', cookie: `${COOKIE}=${browser.cookie}` }
    const answer = await world().request('POST', '/graphql', { json: { query: '{ me { id } }' }, token: account.token, headers })
    expect(answer.body).toEqual({ data: { me: { id: account.id } } })
    expect(cookieOf(answer)).toBeUndefined()
  })
})
