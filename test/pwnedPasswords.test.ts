/**
 * Passwords that are known from breaches: asked of a service of Have I Been Pwned's form, which learns five hex digits and
 * whose failures cost nobody a sign-up.
 */
import type { RequestListener } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { admin, PASSWORD, person, unique } from './support/accounts.ts'
import { newAda, passwordWays } from './support/newPasswords.ts'
import { deadUrl, lineOf, sha1, someRange, startRangeService } from './support/rangeService.ts'
import { useWorld, type World } from './support/world.ts'

const BREACHED = 'tr0ub4dor and three'
const REASON = 'is known from a data breach'
const range =
  (...lines: string[]): RequestListener =>
  (_request, response) =>
    response.end(someRange(lines))

const service = await startRangeService()
const nowhere = await deadUrl()
const asked = () => service.questions.splice(0)
const signUp = async (world: World, password: string, more: object = {}) =>
  (
    await world.graphql(
      'mutation($input: SignUpInput!) { result: signUp(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }',
      { input: { email: `someone${unique()}@example.com`, password, ...more } },
    )
  ).body.result
const warnings = (world: World) => world.logs.filter(({ level }) => level === 'warn')

beforeEach(() => {
  service.answer = range()
  asked()
})

describe('on every surface', () => {
  const world = useWorld({ PWNED_PASSWORDS_URL: `${service.url}/range/`, COMMON_PASSWORDS_DIALECTS: 'true' })

  it.each(passwordWays)('$name refuses a breached password at its field, and takes another', async ({ begin, refusal }) => {
    await admin(world())
    const attempt = await begin(world())
    service.answer = range(lineOf(BREACHED, 3))
    expect(refusal(await attempt(BREACHED))).toContain(REASON)
    expect(refusal(await attempt('of which nobody knows'))).toBeNull()
    expect(
      asked()
        .slice(-2)
        .map(({ path }) => path),
    ).toEqual([BREACHED, 'of which nobody knows'].map((password) => `/range/${sha1(password).slice(0, 5)}`))
  })

  it('five hex digits leave, in a padded GET, and nothing else of the password', async () => {
    await signUp(world(), BREACHED)
    const [question, ...more] = asked()
    expect(more).toEqual([])
    expect(question).toMatchObject({ method: 'GET', path: `/range/${sha1(BREACHED).slice(0, 5)}`, body: '' })
    expect(question?.headers).toMatchObject({ 'add-padding': 'true', 'user-agent': 'vestibule' })
    const sent = JSON.stringify(question)
    for (const secret of [BREACHED, encodeURIComponent(BREACHED), sha1(BREACHED).slice(5), sha1(BREACHED).slice(0, 6)])
      expect(sent.toLowerCase()).not.toContain(secret.toLowerCase())
  })

  it.each([
    ['in small letters', () => lineOf(BREACHED, 1).toLowerCase(), REASON],
    ['seen millions of times', () => lineOf(BREACHED, 52_256_179), REASON],
    ['with the count 0, which is padding', () => lineOf(BREACHED, 0), undefined],
    ['with another password alone', () => lineOf('another', 9), undefined],
  ])('a line %s', async (_what, line, reason) => {
    service.answer = range(line())
    expect((await signUp(world(), BREACHED)).fieldErrors?.[0].message).toBe(reason)
    expect(warnings(world())).toEqual([])
  })

  it('Unicode is composed first', async () => {
    await signUp(world(), 'cafe\u0301 au lait')
    expect(asked()[0]?.path).toBe(`/range/${sha1('caf\u00e9 au lait').slice(0, 5)}`)
  })

  it('nobody is asked about a password that a cheap check refuses, or that would not count', async () => {
    const owner = await person(world(), newAda())
    asked()
    const change = async (oldPassword: string, newPassword: string) =>
      await world().put(
        '/v1/security/change-password',
        { oldPassword, password: newPassword, passwordConfirmation: newPassword },
        owner.token,
      )
    expect((await signUp(world(), 'password1')).code).toBe('INVALID_INPUT')
    expect((await signUp(world(), 'vestibule1')).code).toBe('INVALID_INPUT')
    expect((await signUp(world(), BREACHED, { email: owner.email })).code).toBe('EMAIL_TAKEN')
    expect((await change('not the right one', BREACHED)).body.errors).toEqual({ oldPassword: 'Wrong password' })
    expect((await change(PASSWORD, 'AdaLovelace1')).body.errors.password).toContain('names and addresses')
    expect((await world().post('/v1/security/reset-password', { token: 'no such token', password: BREACHED })).status).toBe(401)
    expect(asked()).toEqual([])
  })
})

describe('a service that gives no answer costs nobody a sign-up, and is in the log', () => {
  const world = useWorld({ PWNED_PASSWORDS_URL: `${service.url}/range` })
  const endless: RequestListener = (_request, response) => {
    const more = () => {
      if (!response.destroyed && response.write(`${lineOf(BREACHED, 1)}\r\n`.repeat(1_000))) setImmediate(more)
      else response.once('drain', more)
    }
    more()
  }
  const dripping: RequestListener = (_request, response) => {
    const drip = setInterval(() => response.write('0'), 100)
    response.once('close', () => clearInterval(drip))
  }
  const status =
    (code: number, headers = {}): RequestListener =>
    (_request, response) =>
      response.writeHead(code, headers).end(someRange([lineOf(BREACHED, 1)]))

  /** One sign-up, taken; the one line that the log says of it. */
  const taken = async (to: World) => {
    await delay(1_100)
    to.logs.splice(0)
    expect((await signUp(to, BREACHED)).__typename).toBe('SignUpSuccess')
    const lines = warnings(to)
    expect(lines.map(({ message }) => message)).toEqual([expect.stringContaining('PWNED_PASSWORDS_URL gave no answer')])
    const logged = JSON.stringify(to.logs)
    for (const secret of [BREACHED, sha1(BREACHED).slice(0, 5), service.url]) expect(logged).not.toContain(secret)
    return lines[0]?.fields
  }

  it.each([
    ['500', status(500), 'the answer has the status 500'],
    ['404', status(404), 'the answer has the status 404'],
    ['a redirect, which is not followed', status(302, { location: `${service.url}/elsewhere` }), 'the answer has the status 302'],
    ['a page', (_request, response) => response.end('<html>Please sign in</html>'), 'the answer is not a range'],
    ['a range with a line of garbage', range(lineOf(BREACHED, 1), 'and more'), 'the answer is not a range'],
    ['an endless answer', endless, 'the answer is too long'],
    ['a broken connection', (request) => request.socket.destroy(), 'UND_ERR_SOCKET'],
  ] satisfies [string, RequestListener, string][])('%s', async (_what, answer, reason) => {
    service.answer = answer
    expect(await taken(world())).toMatchObject({ reason, requestId: expect.any(String) })
    expect(asked()).toHaveLength(1)
  })

  it.each([
    ['never answers', () => undefined],
    ['drips', dripping],
  ] satisfies [string, RequestListener][])('one that %s is waited for two seconds', async (_what, answer) => {
    service.answer = answer
    const begun = performance.now()
    expect(await taken(world())).toMatchObject({ reason: 'TimeoutError' })
    expect(performance.now() - begun).toBeGreaterThan(1_900)
    expect(performance.now() - begun).toBeLessThan(5_000)
  })

  describe('nor one that is not there', () => {
    const lonely = useWorld({ PWNED_PASSWORDS_URL: nowhere })
    it('connection refused', async () => {
      expect(await taken(lonely())).toMatchObject({ reason: 'ECONNREFUSED' })
    })
  })
})

describe('the surfaces that take common passwords', () => {
  const world = useWorld({ PWNED_PASSWORDS_URL: `${service.url}/range/` })
  it.each(passwordWays.filter(({ surface }) => surface === 'dialect'))('$name asks nobody', async ({ begin, refusal }) => {
    await admin(world())
    const attempt = await begin(world())
    service.answer = range(lineOf(BREACHED, 3))
    asked()
    expect(refusal(await attempt(BREACHED))).toBeNull()
    expect(asked()).toEqual([])
  })
})

describe('where GraphQL takes common passwords, and the dialects do not', () => {
  const world = useWorld({
    PWNED_PASSWORDS_URL: `${service.url}/range/`,
    COMMON_PASSWORDS_GRAPHQL: 'false',
    COMMON_PASSWORDS_DIALECTS: 'true',
  })

  it('a sign-up with a token of a dialect follows the rule of GraphQL, like one without a token', async () => {
    const { token } = (await world().post('/users/register', { username: `u${unique()}`, password: PASSWORD })).body
    service.answer = range(lineOf(BREACHED, 3))
    asked()
    const document = 'mutation($input: SignUpInput!) { result: signUp(input: $input) { __typename } }'
    for (const sent of [undefined, token]) {
      const input = { email: `someone${unique()}@example.com`, password: BREACHED }
      expect((await world().graphql(document, { input }, sent)).body).toEqual({ result: { __typename: 'SignUpSuccess' } })
    }
    expect(asked()).toEqual([])
  })
})

describe('PWNED_PASSWORDS_URL is absent', () => {
  const world = useWorld({ COMMON_PASSWORDS_DIALECTS: 'true' }, { overHttp: true })
  it.each(passwordWays)('$name: no request leaves', async ({ begin, refusal }) => {
    await admin(world())
    const attempt = await begin(world())
    const fetched = vi.spyOn(globalThis, 'fetch')
    expect(refusal(await attempt(BREACHED))).toBeNull()
    const urls = fetched.mock.calls.map(([input]) => String(input))
    fetched.mockRestore()
    expect(urls).toHaveLength(1)
    expect(urls[0]).toContain(world().url)
  })
})
