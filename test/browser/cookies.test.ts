/**
 * A session in a cookie, in a real browser: pages of the server’s origin and of a listed one act with it and never see it; pages of
 * other origins, of the same site and of another, can do nothing with it by any means that HTML and scripts have.
 *
 * `localhost` and `127.0.0.1` are two sites; the ports of one host are different origins of one site.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PASSWORD, type Person, person, withTwoFactor } from '../support/accounts.ts'
import { findBrowser, launch } from '../support/browser.ts'
import { COOKIE, OF_PAGE } from '../support/cookieJar.ts'
import { root } from '../support/database.ts'
import { openSite, type Site } from '../support/sites.ts'
import { openWorld, type World } from '../support/world.ts'

const executable = findBrowser()

describe.skipIf(executable === undefined)('a session in a cookie', () => {
  /** The server behind its proxy, a listed front end, and a page of somebody else. */
  let api: Site
  let front: Site
  let evil: Site
  let world: World
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let someone: Person
  const at = (site: Site, host = 'localhost') => `http://${host}:${site.port}`
  const endpoint = () => `${at(api)}/graphql`

  beforeAll(async () => {
    api = await openSite()
    front = await openSite()
    evil = await openSite()
    world = await openWorld({ PUBLIC_URL: at(api), CORS_ORIGINS: `${at(front)},${at(front, '127.0.0.1')}` })
    api.forwardTo(world.url)
    browser = await launch(executable ?? '')
  })
  afterAll(async () => {
    await browser.close()
    for (const site of [api, front, evil]) await site.close()
    await world.close()
  })
  beforeEach(async () => {
    someone = await person(world)
    context = await browser.newContext()
    page = await context.newPage()
  })
  afterEach(async () => await context.close())

  /** Runs an expression in the page. */
  // biome-ignore lint/suspicious/noExplicitAny: what a page answers has every form
  const run = async (expression: string): Promise<any> => await page.evaluate(expression)
  /** What a page's own `fetch` gives to it. */
  const ask = async (query: string, variables = {}, headers: object = { 'x-csrf-protection': '1' }, url = endpoint()) => {
    const body = JSON.stringify({ query, variables })
    const init = { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json', ...headers }, body }
    return await run(
      `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)}).then(async (answer) => ({ status: answer.status, body: await answer.json() }), () => 'unreadable')`,
    )
  }
  const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) {
    ... on SignInSuccess { credentials { accessToken { token } refreshToken { token } opaqueToken { token } } } ... on Error { code } } }`
  const signIn = async (headers?: object) =>
    await ask(SIGN_IN, { input: { identifier: someone.email, password: PASSWORD, transport: 'COOKIE' } }, headers)
  const me = async () => (await ask('{ me { id } }')).body?.data.me?.id
  const jar = async () => await context.cookies()

  describe('a page of a listed origin of the same site', () => {
    beforeEach(async () => void (await page.goto(at(front))))

    it('a page of a listed origin of the same site signs in, is signed in from then on, and never sees what with', async () => {
      const credentials = { accessToken: null, refreshToken: null, opaqueToken: null }
      expect(await signIn()).toEqual({ status: 200, body: { data: { signIn: { credentials } } } })
      expect(await me()).toBe(someone.id)
      await page.reload()
      expect(await me()).toBe(someone.id)
      expect(await run('document.cookie')).toBe('')
      await page.goto(at(api))
      expect(await run('document.cookie')).toBe('')
      expect(await run('cookieStore.getAll()')).toEqual([])
    })

    it('a page of a listed origin of the same site is as short as docs/sessions.md prints it', async () => {
      const guide = await readFile(join(root, 'docs/sessions.md'), 'utf8')
      const example = /```js\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
      await page.addScriptTag({ content: example.replace('https://accounts.example.com/graphql', endpoint()) })
      expect(await run('whoAmI()')).toBeNull()
      expect(await run(`signIn('${someone.email}', 'wrong')`)).toMatchObject({ code: 'BAD_CREDENTIALS' })
      expect(await run(`signIn('${someone.email}', '${PASSWORD}')`)).toMatchObject({ user: { id: someone.id } })
      expect(await run('whoAmI()')).toMatchObject({ id: someone.id })
      expect(await run('signOut()')).toEqual({ __typename: 'SignOutSuccess' })
      expect(await run('whoAmI()')).toBeNull()
      const careful = await withTwoFactor(world)
      const { loginCode } = await run(`signIn('${careful.email}', '${PASSWORD}')`)
      expect(await run(`verifyTwoFactor('${loginCode}', '${careful.recoveryCodes[0]}')`)).toMatchObject({ user: { id: careful.id } })
      expect(await run('whoAmI()')).toMatchObject({ id: careful.id })
    })

    it('a page of a listed origin of the same site has made the browser keep one cookie, with these attributes', async () => {
      await signIn()
      expect(await jar()).toEqual([
        {
          name: COOKIE,
          value: expect.stringMatching(/^[\w-]{43}$/),
          domain: 'localhost',
          path: '/',
          httpOnly: true,
          secure: true,
          sameSite: 'Strict',
          expires: expect.closeTo(Date.now() / 1000 + 86_400, -2),
        },
      ])
    })

    it('a page of a listed origin of the same site gets a new value with a fresh proof, and no request beside it is signed out', async () => {
      await signIn()
      const [before] = await jar()
      const proof = `mutation { reauthenticate(input: { password: "${PASSWORD}" }) { __typename } }`
      const asked = [me(), ask(proof), me(), me(), me()]
      const [first, reauthenticated, ...others] = await Promise.all(asked)
      expect(reauthenticated.body.data.reauthenticate.__typename).toBe('ReauthenticateSuccess')
      expect([first, ...others]).toEqual(Array(4).fill(someone.id))
      const [after] = await jar()
      expect(after?.value).not.toBe(before?.value)
      expect(await me()).toBe(someone.id)
    })

    it('a page of a listed origin of the same site needs the header of its own', async () => {
      expect((await signIn({})).body.errors[0].extensions.code).toBe('CSRF')
      expect(await jar()).toEqual([])
      await signIn()
      expect((await ask('{ me { id } }', {}, {})).status).toBe(403)
    })

    it('a page of a listed origin of the same site has no session on a dialect by it', async () => {
      await signIn()
      expect(await run(`fetch('${at(api)}/v1/profile', { credentials: 'include' }).then(() => 'read', () => 'unreadable')`)).toBe(
        'unreadable',
      )
      expect(await run(`fetch('${at(api)}/v1/profile').then(({ status }) => status)`)).toBe(401)
      await page.goto(at(api))
      expect(await run(`fetch('/v1/profile').then(({ status }) => status)`)).toBe(401)
      expect(api.passed.at(-1)).toMatchObject({ path: '/v1/profile', cookie: expect.stringContaining(COOKIE) })
    })
  })

  describe('a page of the server’s origin', () => {
    beforeEach(async () => void (await page.goto(at(api))))

    it("a page of the server's own origin signs out: the cookie is gone, and so is what the page has kept", async () => {
      await signIn()
      await run(`localStorage.setItem('kept', 'words')`)
      const copy = (await jar())[0]?.value
      expect((await ask('mutation { signOut { __typename } }')).body.data.signOut.__typename).toBe('SignOutSuccess')
      expect(await jar()).toEqual([])
      await page.reload()
      expect(await run(`localStorage.getItem('kept')`)).toBeNull()
      const headers = { ...OF_PAGE, cookie: `${COOKIE}=${copy}` }
      const { body } = await world.request('POST', '/graphql', { json: { query: '{ me { id } }' }, headers })
      expect(body).toMatchObject({ data: { me: null }, errors: [{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }] })
    })

    it("a page of the server's own origin is GraphiQL as well, whose requests carry the header by themselves", async () => {
      await signIn()
      await page.goto(endpoint())
      await page.getByRole('tab', { name: 'SignUp' }).waitFor()
      const init = `{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ me { id } }"}' }`
      expect(await run(`fetch('/graphql', ${init}).then((answer) => answer.json())`)).toEqual({ data: { me: { id: someone.id } } })
    })
  })

  it('a page of another site gets none, although it is listed', async () => {
    await page.goto(at(front, '127.0.0.1'))
    const { status, body } = await signIn()
    expect([status, body.errors[0].extensions.code]).toEqual([403, 'CSRF'])
    expect(body.errors[0].message).toContain('BEARER')
    expect(await jar()).toEqual([])
  })

  describe.each([
    ['the same site', 'localhost', true],
    ['another site', '127.0.0.1', false],
  ])('a page of another origin of %s', (_site, host, sendsCookie) => {
    const RENAME = 'mutation { updateProfile(input: { name: "Forged" }) { __typename } }'
    const snapshot = async () => ({
      user: await world.db.client.user.findUnique({ where: { id: someone.id } }),
      sessions: await world.db.client.session.findMany({ orderBy: { id: 'asc' } }),
      events: await world.db.client.auditEvent.count(),
    })
    /** JSON that passes through a form: its rest is the value of a field. */
    const form = (enctype: string, document: string) => `{
      const form = document.body.appendChild(document.createElement('form'))
      Object.assign(form, { method: 'post', action: '${endpoint()}', enctype: '${enctype}' })
      const field = form.appendChild(document.createElement('input'))
      Object.assign(field, { name: ${JSON.stringify(JSON.stringify({ query: document }).replace(/}$/, ',"x":"'))}, value: '"}' })
      form.submit()
    }`
    const load = (tag: string, attribute: string) =>
      `document.head.appendChild(Object.assign(document.createElement('${tag}'), { rel: 'stylesheet', ${attribute}: '${endpoint()}?query=${encodeURIComponent(RENAME)}' }))`
    const send = (init: object) =>
      `fetch('${endpoint()}', ${JSON.stringify({ method: 'POST', credentials: 'include', body: JSON.stringify({ query: RENAME }), ...init })}).catch(() => {})`
    const json = { 'content-type': 'application/json' }
    const READ = '{ me { id email } }'

    const attacks: [string, () => string, { method: string; status: number }][] = [
      ['a form of plain text that is JSON', () => form('text/plain', RENAME), { method: 'POST', status: 415 }],
      ['a form', () => form('application/x-www-form-urlencoded', RENAME), { method: 'POST', status: 415 }],
      ['a form of several parts', () => form('multipart/form-data', RENAME), { method: 'POST', status: 415 }],
      [
        'fetch with plain text, blind',
        () => send({ mode: 'no-cors', headers: { 'content-type': 'text/plain' } }),
        { method: 'POST', status: 415 },
      ],
      ['fetch with plain text', () => send({ headers: { 'content-type': 'text/plain' } }), { method: 'POST', status: 415 }],
      ['fetch with JSON', () => send({ headers: json }), { method: 'OPTIONS', status: 204 }],
      [
        'fetch with JSON and the header',
        () => send({ headers: { ...json, 'x-csrf-protection': '1' } }),
        { method: 'OPTIONS', status: 204 },
      ],
      [
        'a beacon',
        () => `navigator.sendBeacon('${endpoint()}', ${JSON.stringify(JSON.stringify({ query: RENAME }))})`,
        { method: 'POST', status: 415 },
      ],
      ['an image', () => load('img', 'src'), { method: 'GET', status: sendsCookie ? 403 : 405 }],
      ['a script', () => load('script', 'src'), { method: 'GET', status: sendsCookie ? 403 : 405 }],
      ['a style sheet', () => load('link', 'href'), { method: 'GET', status: sendsCookie ? 403 : 405 }],
      [
        'a query that is read blindly',
        () => `fetch('${endpoint()}?query=${encodeURIComponent(READ)}', { mode: 'no-cors', credentials: 'include' }).catch(() => {})`,
        { method: 'GET', status: sendsCookie ? 403 : 200 },
      ],
    ]

    beforeEach(async () => {
      await page.goto(at(api))
      await signIn()
      await page.goto(at(evil, host))
      api.passed.splice(0)
    })

    it.each(attacks)('a page of another origin does nothing by %s', async (_what, attack, { method, status }) => {
      const before = await snapshot()
      const seen = () => api.passed.map((one) => ({ ...one, cookie: one.cookie !== undefined }))
      await run(attack()).catch(() => undefined)
      const cookie = method !== 'OPTIONS' && sendsCookie
      await expect.poll(seen).toEqual([{ method, status, cookie, path: expect.stringMatching(/^\/graphql/) }])
      expect(await snapshot()).toEqual(before)
    })

    it('a page of another origin reads nothing, and signs nobody in', async () => {
      expect(await ask('{ me { id } }')).toBe('unreadable')
      const before = await jar()
      const events = await world.db.client.auditEvent.count()
      expect(await signIn()).toBe('unreadable')
      await run(
        form(
          'text/plain',
          `mutation { signIn(input: { identifier: "${someone.email}", password: "${PASSWORD}", transport: COOKIE }) { __typename } }`,
        ),
      )
      await expect.poll(() => api.passed.at(-1)).toMatchObject({ method: 'POST', status: 415 })
      expect(await jar()).toEqual(before)
      expect(await world.db.client.auditEvent.count()).toBe(events)
    })
  })
})
