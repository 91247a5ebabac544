/** The example with Apollo Client (examples/apollo) in a browser, against a server of another origin. */
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, grant, PASSWORD, type Person, person, signIn, totp, withTwoFactor } from '../support/accounts.ts'
import { seriousFindings } from '../support/axe.ts'
import { findBrowser } from '../support/browser.ts'
import { useExampleApp } from '../support/exampleApp.ts'

const executable = findBrowser()

/** What the cache of a page has. */
const CACHE = 'globalThis[Symbol.for("apollo.devtools")][0].extract()'

describe.skipIf(executable === undefined)('the example with Apollo Client', () => {
  const app = useExampleApp(executable, 'apollo', { variable: 'VITE_TRANSPORT' })
  const { world, page, sent } = app
  let owner: Person
  beforeAll(async () => {
    owner = await admin(world())
  })

  const nameOf = ({ username }: Person) => username.replace('person', 'Person Number')
  const heading = (name: string, on = page()) => on.getByRole('heading', { name, exact: true, level: 1 })
  const section = (name: string, on = page()) => on.getByRole('region', { name, exact: true })
  const fill = async (label: string, value: string) => await page().getByLabel(label, { exact: true }).fill(value)
  const press = async (name: string) => await page().getByRole('button', { name, exact: true }).click()
  const alert = async () => await page().getByRole('alert').textContent()
  const items = async (name: string) => await section(name).getByRole('listitem').allTextContents()
  /** Waits for all sections of the page of an account. */
  const loaded = async (someone: Person, on = page()) => {
    await heading(nameOf(someone), on).waitFor()
    await section('Sessions', on).getByRole('listitem').first().waitFor()
    await section('All accounts', on)
      .getByText(/\d accounts$|scope USERS_READ/)
      .waitFor()
  }
  const openAccount = async (someone: Person) => {
    await app.open({ as: someone })
    await loaded(someone)
  }
  /** Opens another tab for the account that is signed in. */
  const openOther = async (someone: Person): Promise<Page> => {
    const other = await app.openTab()
    await loaded(someone, other)
    return other
  }
  const fillSignIn = async (identifier: string) => {
    await fill('E-mail address or username', identifier)
    await fill('Password', PASSWORD)
    await press('Sign in')
  }
  const count = (name: string) => sent.filter((one) => one === name).length

  it('a new person signs up, after what was wrong is shown beside its field', async () => {
    await app.open()
    await heading('Sign in').waitFor()
    expect(await seriousFindings(page())).toEqual([])
    await press('Create an account')
    await fill('Name', 'Ada Lovelace')
    await fill('E-mail address', 'ada@example.com')
    await fill('Password', 'short')
    await press('Sign up')
    expect(await alert()).toBe('Correct the marked fields.')
    const password = page().getByLabel('Password', { exact: true })
    expect(await password.getAttribute('aria-invalid')).toBe('true')
    expect(
      await page()
        .locator(`[id="${await password.getAttribute('aria-describedby')}"]`)
        .textContent(),
    ).toContain('8')
    expect(await page().getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('false')
    expect(await seriousFindings(page())).toEqual([])
    await fill('Password', PASSWORD)
    await press('Sign up')
    await heading('Ada Lovelace').waitFor()
  })

  it('a wrong password is refused, and a second factor is asked for', async () => {
    const careful = await withTwoFactor(world())
    await app.open()
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
    await app.open()
    let refused = 0
    const context = page().context()
    context.on('response', (response) => {
      if (response.headers()['www-authenticate'] !== undefined) refused += 1
    })
    await context.route(app.endpoint(), async (route) => {
      // The refresh waits until each request of all tabs was refused.
      if (app.operationOf(route.request()) === 'RefreshSession') await expect.poll(() => refused).toBe(4 * tabs)
      await route.continue()
    })
    await app.keep({ ...someone, token: 'dead' })
    const [other] = await Promise.all([tabs === 1 ? page() : app.openTab(), page().reload()])
    for (const tab of [page(), other]) await loaded(someone, tab)
    expect(count('RefreshSession')).toBe(1)
    expect(['Me', 'Sessions', 'AccessTokens', 'Users'].map(count)).toEqual(Array(4).fill(2 * tabs))
  })

  it('a session that was ended elsewhere leads to the sign-in form, in all tabs', async () => {
    const someone = await person(world())
    await openAccount(someone)
    const other = await openOther(someone)
    await world().graphql('mutation { signOutEverywhere { __typename } }', {}, await signIn(world(), someone))
    sent.splice(0)
    await press('Rename')
    for (const tab of [page(), other]) await heading('Sign in', tab).waitFor()
    expect(sent).toEqual(['UpdateProfile', 'RefreshSession'])
  })

  it('signing out empties the cache, and shows the sign-in form in the other tab too', async () => {
    await openAccount(owner)
    const other = await openOther(owner)
    sent.splice(0)
    await press('Sign out')
    for (const tab of [page(), other]) {
      await heading('Sign in', tab).waitFor()
      expect(await tab.evaluate(CACHE)).toEqual({})
    }
    expect(await page().evaluate('localStorage.length')).toBe(0)
    expect(sent).toEqual(['SignOut'])
  })

  it('a tab that slept while somebody else signed in shows nothing of the account before', async () => {
    const [before, after] = [await person(world()), await person(world())]
    await openAccount(before)
    const other = await openOther(before)
    const devTools = await page().context().newCDPSession(page())
    await devTools.send('Page.setWebLifecycleState', { state: 'frozen' })
    await app.keep(null, other)
    await app.keep(after, other)
    sent.splice(0)
    await devTools.send('Page.setWebLifecycleState', { state: 'active' })
    await loaded(after)
    expect(await page().locator('body').textContent()).not.toContain(before.email)
    expect(Object.keys(Object(await page().evaluate(CACHE)))).not.toContain(`User:${before.id}`)
    expect(sent.toSorted()).toEqual(['AccessTokens', 'Me', 'Sessions', 'Users'])
  })

  it('the list is searched, filtered and paged, and a page that fails leaves the others', async () => {
    for (let number = 10; number < 22; number += 1) await person(world(), { name: `Listed ${number}` })
    await withTwoFactor(world(), { name: 'Listed 22' })
    const reader = await person(world())
    await grant(world(), reader, ['users:read'])
    await openAccount(reader)
    const list = section('All accounts')
    await fill('Name, username or e-mail address', 'listed')
    await press('Search')
    await list.getByText('10 of 13 accounts').waitFor()
    expect(await items('All accounts')).toHaveLength(10)
    await page().route(app.endpoint(), async (route) => {
      await route.fulfill({ json: { data: { users: null }, errors: [{ message: 'The page is lost.', path: ['users'] }] } })
    })
    await press('Show more')
    expect(await alert()).toBe('The page is lost.')
    expect(await items('All accounts')).toHaveLength(10)
    await page().unroute(app.endpoint())
    await press('Show more')
    await list.getByText('13 of 13 accounts').waitFor()
    expect(await page().getByRole('alert').count()).toBe(0)
    await page().getByRole('combobox').selectOption('On')
    await press('Search')
    await list.getByText('1 of 1 accounts').waitFor()
    expect(await items('All accounts')).toEqual([expect.stringContaining('Listed 22')])
    sent.splice(0)
    await page().getByRole('combobox').selectOption('On or off')
    await press('Search')
    await list.getByText('13 of 13 accounts').waitFor()
    expect(sent).toEqual([])
  })

  it('after each mutation the page is right, although no query was sent', async () => {
    const someone = await person(world())
    await signIn(world(), someone)
    await openAccount(someone)
    sent.splice(0)
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
    expect(await seriousFindings(page())).toEqual([])
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
    await openAccount(someone)
    world().advance(11 * 60_000)
    await fill('Name of the token', 'reports')
    await press('Create')
    await fill('Your password', PASSWORD)
    await press('Confirm')
    await page().getByLabel('Your password').waitFor({ state: 'detached' })
    await press('Create')
    await expect.poll(async () => await items('Personal access tokens')).toEqual([expect.stringContaining('reports')])
  })

  it('with a cookie a person stays signed in after a reload, until the sign-out, and the page keeps no tokens', async () => {
    const someone = await person(world())
    await app.open({ variant: 'COOKIE' })
    await heading('Sign in').waitFor()
    await fillSignIn(someone.email)
    const name = nameOf(someone)
    await heading(name).waitFor()
    await page().reload()
    await heading(name).waitFor()
    expect(await page().evaluate('localStorage.length')).toBe(0)
    await press('Sign out')
    await heading('Sign in').waitFor()
    await page().reload()
    await heading('Sign in').waitFor()
    expect(await page().context().cookies()).toEqual([])
  })
})
