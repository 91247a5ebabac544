/**
 * The example with Apollo Client (examples/apollo) in a browser: built by Vite, served on an origin of its own,
 * with a world as its server.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { admin, grant, PASSWORD, type Person, person, signIn, totp, withTwoFactor } from '../support/accounts.ts'
import { seriousFindings } from '../support/axe.ts'
import { findBrowser, launch } from '../support/browser.ts'
import { root } from '../support/database.ts'
import { type FolderSite, openFolderSite } from '../support/folderSite.ts'
import { useWorld } from '../support/world.ts'

const executable = findBrowser()
const example = join(root, 'examples/apollo')

it('the code of the README is the code of the app', async () => {
  const readme = await readFile(join(example, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/`app\/(\w+\.ts)`[^`]*```ts\n([\s\S]*?)```/g)].map(([, file = '', text = '']) => ({ file, text }))
  expect(blocks.map(({ file }) => file)).toEqual(['client.ts', 'bearer.ts'])
  for (const { file, text } of blocks) expect(await readFile(join(example, 'app', file), 'utf8')).toContain(text)
})

describe.skipIf(executable === undefined)('the example with Apollo Client', () => {
  let folder: string
  let site: FolderSite
  let owner: Person
  let browser: Browser
  let context: BrowserContext
  let page: Page
  /** The names of the operations that were sent, in their order. */
  let sent: string[]
  /** Errors and warnings of the pages. */
  let complaints: string[]

  const api = () => `http://localhost:${new URL(world().url).port}/graphql`
  /** One build for both transports: what Vite would put in place of the variable is read from the page. */
  const buildApp = async () => {
    const define = { 'import.meta.env.VITE_API': JSON.stringify(api()), 'import.meta.env.VITE_TRANSPORT': 'globalThis.TRANSPORT' }
    const output = { outDir: folder, minify: false, modulePreload: false, reportCompressedSize: false } as const
    await build({ root: example, configFile: false, logLevel: 'error', define, build: output })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vestibule-apollo-'))
    site = await openFolderSite(folder)
  })
  const world = useWorld(() => ({ CORS_ORIGINS: site.url }))
  beforeAll(async () => {
    ;[browser] = await Promise.all([launch(executable ?? ''), buildApp()])
    owner = await admin(world())
  })
  afterAll(async () => {
    await browser.close()
    await site.close()
    await rm(folder, { recursive: true })
  })

  /** Opens a page in a new browser, which has kept these tokens. */
  const begin = async (tokens?: { accessToken: string; refreshToken: string }) => {
    const localStorage = tokens === undefined ? [] : [{ name: 'vestibule-tokens', value: JSON.stringify(tokens) }]
    context = await browser.newContext({ storageState: { cookies: [], origins: [{ origin: site.url, localStorage }] } })
    context.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.postDataJSON().operationName)
    })
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    context.on('weberror', (error) => void complaints.push(error.error().message))
    page = await context.newPage()
  }
  beforeEach(() => {
    sent = []
    complaints = []
  })
  afterEach(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })

  const nameOf = ({ username }: Person) => username.replace('person', 'Person Number')
  const heading = (name: string, on = page) => on.getByRole('heading', { name, exact: true, level: 1 })
  const section = (name: string, on = page) => on.getByRole('region', { name, exact: true })
  const fill = async (label: string, value: string) => await page.getByLabel(label, { exact: true }).fill(value)
  const press = async (name: string) => await page.getByRole('button', { name, exact: true }).click()
  const alert = async () => await page.getByRole('alert').textContent()
  const items = async (name: string) => await section(name).getByRole('listitem').allTextContents()
  const open = async (on = page) => void (await on.goto(site.url))
  /** Opens the page of an account, and waits for all of its sections. */
  const openAccount = async (of: Person, on = page) => {
    await open(on)
    await heading(nameOf(of), on).waitFor()
    await section('Sessions', on).getByRole('listitem').first().waitFor()
    await section('All accounts', on)
      .getByText(/\d accounts$|scope USERS_READ/)
      .waitFor()
  }
  /** The same in a new browser that has the tokens of the account. */
  const openSignedIn = async (someone: Person) => {
    await begin({ accessToken: someone.token, refreshToken: someone.refreshToken })
    await openAccount(someone)
  }
  const fillSignIn = async (identifier: string) => {
    await fill('E-mail address or username', identifier)
    await fill('Password', PASSWORD)
    await press('Sign in')
  }
  const count = (name: string) => sent.filter((one) => one === name).length

  it('a new person signs up, after what was wrong is shown beside its field', async () => {
    await begin()
    await open()
    await heading('Sign in').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await press('Create an account')
    await fill('Name', 'Ada Lovelace')
    await fill('E-mail address', 'ada@example.com')
    await fill('Password', 'short')
    await press('Sign up')
    expect(await alert()).toBe('Correct the marked fields.')
    const password = page.getByLabel('Password', { exact: true })
    expect(await password.getAttribute('aria-invalid')).toBe('true')
    expect(await page.locator(`[id="${await password.getAttribute('aria-describedby')}"]`).textContent()).toContain('8')
    expect(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('false')
    expect(await seriousFindings(page)).toEqual([])
    await fill('Password', PASSWORD)
    await press('Sign up')
    await heading('Ada Lovelace').waitFor()
  })

  it('a wrong password is refused, and a second factor is asked for', async () => {
    const careful = await withTwoFactor(world())
    await begin()
    await open()
    await fill('E-mail address or username', careful.email)
    await fill('Password', 'not the password')
    await press('Sign in')
    expect(await alert()).toBe('The account is unknown, or the password is wrong.')
    await fillSignIn(careful.email)
    await heading('Second factor').waitFor()
    await fill('Code of the app, or a recovery code', careful.code())
    await press('Verify')
    await heading(nameOf(careful)).waitFor()
  })

  it.each([
    ['one tab', 1],
    ['two tabs', 2],
  ])('a dead access token is refreshed once for all requests of %s, and each request is repeated', async (_tabs, tabs) => {
    const someone = await person(world())
    await begin({ accessToken: 'dead', refreshToken: someone.refreshToken })
    let refused = 0
    context.on('response', (response) => {
      if (response.headers()['www-authenticate'] !== undefined) refused += 1
    })
    await context.route(api(), async (route) => {
      // The refresh waits until each request of all tabs was refused.
      if (route.request().postDataJSON().operationName === 'RefreshSession') await expect.poll(() => refused).toBe(4 * tabs)
      await route.continue()
    })
    const others = tabs === 1 ? [] : [await context.newPage()]
    await Promise.all([page, ...others].map(async (tab) => await openAccount(someone, tab)))
    expect(count('RefreshSession')).toBe(1)
    expect(['Me', 'Sessions', 'AccessTokens', 'Users'].map(count)).toEqual(Array(4).fill(2 * tabs))
  })

  it('a session that was ended elsewhere leads to the sign-in form, in all tabs', async () => {
    const someone = await person(world())
    await openSignedIn(someone)
    const other = await context.newPage()
    await openAccount(someone, other)
    await world().graphql('mutation { signOutEverywhere { __typename } }', {}, await signIn(world(), someone))
    sent = []
    await press('Rename')
    for (const tab of [page, other]) await heading('Sign in', tab).waitFor()
    expect(sent).toEqual(['UpdateProfile', 'RefreshSession'])
  })

  it('signing out empties the cache, and shows the sign-in form in the other tab too', async () => {
    await openSignedIn(owner)
    const other = await context.newPage()
    await openAccount(owner, other)
    sent = []
    await press('Sign out')
    for (const tab of [page, other]) {
      await heading('Sign in', tab).waitFor()
      expect(await tab.evaluate('globalThis[Symbol.for("apollo.devtools")][0].extract()')).toEqual({})
    }
    expect(await page.evaluate('localStorage.length')).toBe(0)
    expect(sent).toEqual(['SignOut'])
  })

  it('the list is searched, filtered and paged, and a page that fails leaves the others', async () => {
    for (let number = 10; number < 22; number += 1) await person(world(), { name: `Listed ${number}` })
    await withTwoFactor(world(), { name: 'Listed 22' })
    const reader = await person(world())
    await grant(world(), reader, ['users:read'])
    await openSignedIn(reader)
    const list = section('All accounts')
    await fill('Name, username or e-mail address', 'listed')
    await press('Search')
    await list.getByText('10 of 13 accounts').waitFor()
    expect(await items('All accounts')).toHaveLength(10)
    await page.route(api(), async (route) => {
      await route.fulfill({ json: { data: { users: null }, errors: [{ message: 'The page is lost.', path: ['users'] }] } })
    })
    await press('Show more')
    expect(await alert()).toBe('The page is lost.')
    expect(await items('All accounts')).toHaveLength(10)
    await page.unroute(api())
    await press('Show more')
    await list.getByText('13 of 13 accounts').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.getByRole('combobox').selectOption('On')
    await press('Search')
    await list.getByText('1 of 1 accounts').waitFor()
    expect(await items('All accounts')).toEqual([expect.stringContaining('Listed 22')])
    sent = []
    await page.getByRole('combobox').selectOption('On or off')
    await press('Search')
    await list.getByText('13 of 13 accounts').waitFor()
    expect(sent).toEqual([])
  })

  it('after each mutation the page is right, although no query was sent', async () => {
    const someone = await person(world())
    await signIn(world(), someone)
    await openSignedIn(someone)
    sent = []
    const rename = section('Profile').getByLabel('Name')
    await rename.fill('Ada King')
    await press('Rename')
    await heading('Ada King').waitFor()

    const factor = section('Second factor')
    await factor.getByText('Off.').waitFor()
    await press('Set up')
    await fill('Code of the app', totp((await factor.locator('code').textContent()) ?? ''))
    await press('Turn on')
    await factor.getByText('On. You have 10 recovery codes.').waitFor()

    const sessions = section('Sessions')
    expect(await items('Sessions')).toEqual([expect.stringMatching(/End$/), expect.stringMatching(/\(this session\)$/)])
    await press('End the session of node')
    await expect.poll(async () => await items('Sessions')).toEqual([expect.stringMatching(/\(this session\)$/)])
    expect(await sessions.getByRole('button').count()).toBe(0)

    await fill('Name of the token', 'reports')
    await press('Create')
    await section('Personal access tokens').getByText('shown only once').waitFor()
    expect(await items('Personal access tokens')).toEqual([expect.stringContaining('reports')])
    expect(await seriousFindings(page)).toEqual([])
    await press('Revoke reports')
    await expect.poll(async () => await items('Personal access tokens')).toEqual([])

    expect(sent).toEqual([
      'UpdateProfile',
      'BeginTwoFactorEnrollment',
      'ConfirmTwoFactorEnrollment',
      'EndSession',
      'CreateAccessToken',
      'RevokeAccessToken',
    ])
  })

  it('what needs a recent check of the password asks for it first', async () => {
    const someone = await person(world())
    await openSignedIn(someone)
    world().advance(11 * 60_000)
    await fill('Name of the token', 'reports')
    await press('Create')
    await fill('Your password', PASSWORD)
    await press('Confirm')
    await page.getByLabel('Your password').waitFor({ state: 'detached' })
    await press('Create')
    await expect.poll(async () => await items('Personal access tokens')).toEqual([expect.stringContaining('reports')])
  })

  it('with a cookie a person stays signed in after a reload, until the sign-out, and the page keeps no tokens', async () => {
    const someone = await person(world())
    await begin()
    await page.addInitScript('globalThis.TRANSPORT = "COOKIE"')
    await open()
    await heading('Sign in').waitFor()
    await fillSignIn(someone.email)
    const name = nameOf(someone)
    await heading(name).waitFor()
    await page.reload()
    await heading(name).waitFor()
    expect(await page.evaluate('localStorage.length')).toBe(0)
    await press('Sign out')
    await heading('Sign in').waitFor()
    await page.reload()
    await heading('Sign in').waitFor()
    expect(await context.cookies()).toEqual([])
  })
})
