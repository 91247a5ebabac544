/**
 * Requests that another page may have made: every combination of the custom header, `Sec-Fetch-Site` and `Origin`, for what
 * acts by a cookie and for what asks for one. A refused one executes nothing, which the database shows, and leaves a line in
 * the log.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, unique } from '../support/accounts.ts'
import { COOKIE, cookieOf, OF_PAGE, openBrowser } from '../support/cookieJar.ts'
import { type Answer, type Send, useWorld } from '../support/world.ts'
import { mutate } from './ask.ts'

const OWN = 'http://vestibule.test'
const LISTED = 'https://app.example.com'
const world = useWorld({ CORS_ORIGINS: LISTED }, { overHttp: true })
beforeAll(async () => void (await admin(world())))

type Headers = Readonly<Record<string, string>>
const headersOf = (given: Readonly<Record<string, string | undefined>>): Headers =>
  Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined))

const signedIn = async (): Promise<{ account: Person; cookie: string }> => {
  const account = await person(world())
  const browser = openBrowser(world())
  await mutate(browser, 'signIn', { identifier: account.email, password: PASSWORD, transport: 'COOKIE' })
  return { account, cookie: `${COOKIE}=${browser.cookie}` }
}

const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none', 'same-origin, same-origin']
const origins = [undefined, OWN, LISTED, 'https://evil.example', 'null', `${OWN}.evil.example`, `${LISTED}, ${LISTED}`]
/** With the custom header. Everything else is refused, and everything without it. */
const ALLOWED = [
  [undefined, undefined],
  [undefined, OWN],
  [undefined, LISTED],
  ['same-origin', undefined],
  ['same-origin', OWN],
  ['same-origin', LISTED],
  ['same-site', OWN],
  ['same-site', LISTED],
]
const isAllowed = (site: string | undefined, origin: string | undefined) => ALLOWED.some(([a, b]) => a === site && b === origin)
const cases = sites.flatMap((site) => origins.map((origin) => ({ site, origin, allowed: isAllowed(site, origin) })))

const expectRefused = ({ status, body, headers }: Answer) => {
  expect(status).toBe(403)
  expect(body.errors).toHaveLength(1)
  expect(body.errors[0]).toMatchObject({ message: expect.stringMatching(/\.$/), extensions: { code: 'CSRF' } })
  expect(body.data ?? null).toBeNull()
  expect(headers.getSetCookie()).toEqual([])
  expect(headers.get('content-type')).toMatch(/json; charset=utf-8$/)
}

const renaming = (name: string) => ({ query: `mutation { updateProfile(input: { name: "${name}" }) { __typename } }` })
const nameOf = async ({ id }: Person) => (await world().db.client.user.findUniqueOrThrow({ where: { id } })).name
const events = async () => await world().db.client.auditEvent.count()
const READ = `/graphql?query=${encodeURIComponent('{ me { id } }')}`

/** Until the log takes a line of each kind again: a second, and one more after a line that counted others. */
const quiet = () => delay(2_200)

describe('a request that presents the cookie', () => {
  let someone: Awaited<ReturnType<typeof signedIn>>
  beforeAll(async () => {
    someone = await signedIn()
  })
  const ask = async (method: string, path: string, headers: Headers, send: Send = {}) =>
    await world().request(method, path, { ...send, headers: { ...headers, cookie: someone.cookie } })

  it.each(cases)('Sec-Fetch-Site $site, Origin $origin: allowed $allowed', async ({ site, origin, allowed }) => {
    for (const header of ['1', undefined, '', '0', 'true', '1, 1']) {
      const headers = headersOf({ 'sec-fetch-site': site, origin, 'x-csrf-protection': header })
      const name = `Name ${unique()}`
      const wrote = await ask('POST', '/graphql', headers, { json: renaming(name) })
      const read = await ask('GET', READ, headers)
      if (allowed && header === '1') {
        expect([wrote.status, await nameOf(someone.account)]).toEqual([200, name])
        expect(read.body).toEqual({ data: { me: { id: someone.account.id } } })
      } else {
        for (const answer of [wrote, read]) expectRefused(answer)
        expect(await nameOf(someone.account)).not.toBe(name)
      }
    }
  })

  it.each([
    ['text/plain', JSON.stringify(renaming('Forged'))],
    ['text/plain;charset=utf-8', JSON.stringify(renaming('Forged'))],
    ['application/x-www-form-urlencoded', new URLSearchParams(renaming('Forged')).toString()],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\nmutation { x }\r\n--x--\r\n'],
    ['application/graphql', renaming('Forged').query],
  ])('a request that presents the cookie does nothing as %s, with whatever headers', async (type, raw) => {
    const before = await nameOf(someone.account)
    for (const headers of [{}, OF_PAGE]) {
      const { status, body } = await ask('POST', '/graphql', { ...headers, 'content-type': type }, { raw })
      expect([status, body.errors[0].extensions.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
    }
    expect(await nameOf(someone.account)).toBe(before)
  })

  it('a request that presents the cookie does nothing by GET, not even with all the headers', async () => {
    const before = await nameOf(someone.account)
    const path = `/graphql?query=${encodeURIComponent(renaming('Forged').query)}`
    expect((await ask('GET', path, OF_PAGE)).status).toBe(405)
    expectRefused(await ask('GET', path, {}))
    expect(await nameOf(someone.account)).toBe(before)
  })

  it('a request that presents the cookie is answered by HEAD as by GET', async () => {
    expect((await ask('HEAD', READ, OF_PAGE)).status).toBe(200)
    expect((await ask('HEAD', READ, {})).status).toBe(403)
  })

  it('a request that presents the cookie is refused after what cannot be read at all', async () => {
    expect((await ask('POST', '/graphql', {}, { raw: '{', headers: {} })).status).toBe(415)
    expect((await ask('POST', '/graphql', { 'content-type': 'application/json' }, { raw: '{' })).status).toBe(400)
    expect((await ask('POST', '/graphql', {}, { json: { query: 'x'.repeat(101 * 1024) } })).status).toBe(413)
  })

  it.each([
    ['twice', (pair: string) => `${pair}; ${pair}`],
    ['with another value', (pair: string) => `${COOKIE}=AAAA; ${pair}`],
    ['with no value', (pair: string) => `${pair}; ${COOKIE}=`],
  ])('a request that presents the cookie is refused when the cookie is there %s', async (_what, cookies) => {
    expectRefused(
      await world().request('POST', '/graphql', { json: renaming('Forged'), headers: { ...OF_PAGE, cookie: cookies(someone.cookie) } }),
    )
  })

  it.each([
    ['of lower case', (value: string) => `__host-vestibule-session=${value}`],
    ['without its prefix', (value: string) => `vestibule-session=${value}`],
    ['with a space before the sign', (value: string) => `${COOKIE} =${value}`],
    ['with white space that is no space in front', (value: string) => `\u00a0${COOKIE}=${value}`],
    ['inside another value', (value: string) => `a="x${COOKIE}=${value}"`],
    ['of the commonest kind', (value: string) => `session=${value}; sid=${value}; token=${value}; access_token=${value}`],
  ])('a request that presents the cookie is one of nobody when the name is %s', async (_what, cookies) => {
    const [, value = ''] = someone.cookie.split('=')
    const answer = await world().request('POST', '/graphql', {
      json: { query: '{ me { id } }' },
      headers: { ...OF_PAGE, cookie: cookies(value) },
    })
    expect([answer.status, answer.body]).toEqual([200, { data: { me: null } }])
    expect(cookieOf(answer)).toBeUndefined()
  })

  it('a request that presents the cookie is found among other cookies', async () => {
    const cookie = `a=b; ${someone.cookie}; ${COOKIE}x=y`
    const answer = await world().request('POST', '/graphql', { json: { query: '{ me { id } }' }, headers: { ...OF_PAGE, cookie } })
    expect(answer.body).toEqual({ data: { me: { id: someone.account.id } } })
  })

  it('a request that presents the cookie leaves one line in the log when it is refused: its id, the reason, no value', async () => {
    await world().request('OPTIONS', '/graphql', { headers: { origin: 'https://evil.example' } })
    await quiet()
    world().logs.length = 0
    const answers: Answer[] = []
    for (const forge of [
      () => ask('POST', '/graphql', { origin: 'https://evil.example', 'x-csrf-protection': '1' }, { json: renaming('Forged') }),
      () => ask('GET', READ, {}),
      () => ask('POST', '/graphql', { 'content-type': 'text/plain' }, { raw: '{}' }),
    ]) {
      answers.push(await forge())
      await delay(1_100)
    }
    expect(world().logs.map(({ level }) => level)).toEqual(['warn', 'warn', 'warn'])
    expect(world().logs.map(({ fields }) => fields.requestId)).toEqual(answers.map(({ headers }) => headers.get('x-request-id')))
    expect(world().logs[0]?.fields).toMatchObject({
      reason: expect.stringContaining('origin'),
      origin: 'https://evil.example',
      method: 'POST',
    })
    expect(JSON.stringify(world().logs)).not.toContain(someone.cookie.split('=')[1])
    await ask('GET', READ, OF_PAGE)
    expect(world().logs).toHaveLength(3)
  })

  it('a request that presents the cookie leaves one line a second, and the number of those that are left out', async () => {
    await quiet()
    world().logs.length = 0
    for (let index = 0; index < 20; index += 1) await ask('GET', READ, {})
    await expect.poll(() => world().logs.reduce((sum, { fields }) => sum + (Number(fields.omitted) || 0), 0)).toBeGreaterThan(0)
    await delay(1_100)
    const lines = world().logs
    expect(lines.length).toBeLessThan(10)
    expect(lines.reduce((sum, { fields }) => sum + (fields.omitted === undefined ? 1 : Number(fields.omitted)), 0)).toBe(20)
  })

  it('a request that presents the cookie shows GraphiQL to a person all the same, and executes nothing of the address', async () => {
    world().logs.length = 0
    for (const path of ['/graphql', READ]) {
      const { status, headers, text } = await ask('GET', path, { accept: 'text/html', 'sec-fetch-site': 'none' })
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)])
      expect(text).not.toContain(someone.account.id)
    }
    expect(world().logs).toEqual([])
  })
})

describe('a request that asks for the cookie', () => {
  const SIGN_IN = 'mutation($input: SignInInput!) { signIn(input: $input) { __typename } }'
  const LITERAL = (email: string) =>
    `mutation { ...A } fragment A on Mutation { one: signIn(input: { identifier: "${email}", password: "${PASSWORD}", transport: COOKIE }) { __typename } }`
  const DEFAULT = (email: string) =>
    `mutation($t: SessionTransport! = COOKIE) { signIn(input: { identifier: "${email}", password: "${PASSWORD}", transport: $t }) { __typename } }`
  let account: Person
  beforeAll(async () => {
    account = await person(world())
  })
  const input = () => ({ identifier: account.email, password: PASSWORD, transport: 'COOKIE' })
  const ask = async (json: unknown, headers: Headers) => await world().request('POST', '/graphql', { json, headers })
  const sessions = async () => await world().db.client.session.count()

  it.each(cases)('Sec-Fetch-Site $site, Origin $origin: allowed $allowed', async ({ site, origin, allowed }) => {
    for (const header of ['1', undefined]) {
      const headers = headersOf({ 'sec-fetch-site': site, origin, 'x-csrf-protection': header })
      const before = [await sessions(), await events()]
      const answer = await ask({ query: SIGN_IN, variables: { input: input() } }, headers)
      if (allowed && header === '1') {
        expect(cookieOf(answer)).toMatch(/^[\w-]{43}$/)
      } else {
        expectRefused(answer)
        expect([await sessions(), await events()]).toEqual(before)
      }
    }
  })

  it.each([
    ['in a literal', () => ({ query: LITERAL(account.email) })],
    ['in the default of a variable', () => ({ query: DEFAULT(account.email) })],
    ['to sign up', () => signUp()],
    [
      'for a second factor',
      () => ({ query: 'mutation { verifyTwoFactor(input: { loginCode: "x", code: "000000", transport: COOKIE }) { __typename } }' }),
    ],
  ])('%s is refused without the header', async (_what, json) => {
    await quiet()
    world().logs.length = 0
    const before = [await sessions(), await events(), await world().db.client.user.count()]
    expectRefused(await ask(json(), { origin: LISTED }))
    expect([await sessions(), await events(), await world().db.client.user.count()]).toEqual(before)
    expect(world().logs.map(({ level, fields }) => [level, fields.origin])).toEqual([['warn', LISTED]])
  })
  const signUp = () => ({
    query: 'mutation($input: SignUpInput!) { signUp(input: $input) { __typename } }',
    variables: { input: { email: `csrf${unique()}@example.com`, password: PASSWORD, transport: 'COOKIE' } },
  })

  it('a request that asks for the cookie is refused beside a token as well', async () => {
    const headers = { authorization: `Bearer ${account.token}` }
    expectRefused(await ask({ query: SIGN_IN, variables: { input: input() } }, headers))
  })

  it('a request that asks for the cookie by a bearer, and no cookie: nothing is asked of it', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const answer = await ask({ query: SIGN_IN, variables: { input: { ...input(), transport: 'BEARER' } } }, headers)
    expect(answer.body).toEqual({ data: { signIn: { __typename: 'SignInSuccess' } } })
    expect(cookieOf(answer)).toBeUndefined()
  })
})
