/** The app of examples/urql in a browser, against a server of another origin. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, signIn, totp, unique, withTwoFactor } from '../support/accounts.ts'
import { seriousFindings } from '../support/axe.ts'
import { findBrowser } from '../support/browser.ts'
import { root } from '../support/database.ts'
import { useExampleApp } from '../support/exampleApp.ts'

const executable = findBrowser()

describe.skipIf(executable === undefined)('the app of examples/urql', () => {
  const app = useExampleApp(executable, 'urql')
  const { world, page, sent, keep, open, openTab, endpoint, operationOf } = app
  let administrator: Person
  /** The texts of the operations that all pages sent in all tests. */
  const texts = new Set<string>()
  beforeAll(async () => {
    administrator = await admin(world())
    page()
      .context()
      .on('request', (request) => void (request.method() === 'POST' && texts.add(request.postDataJSON().query)))
  })

  const region = (name: string, tab = page()) => tab.getByRole('region', { name, exact: true })
  const heading = async (name: string, tab = page()) => await tab.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  const press = async (name: string) => await page().getByRole('button', { name, exact: true }).click()
  /** Fills in the fields of a form, and sends it. */
  const send = async (name: string, button: string, fields: Readonly<Record<string, string>>) => {
    for (const [label, value] of Object.entries(fields)) await region(name).getByLabel(label, { exact: true }).fill(value)
    await region(name).getByRole('button', { name: button, exact: true }).click()
  }
  const countOf = (operation: string) => sent.filter((name) => name === operation).length
  /** Waits for the three queries of the account. */
  const loaded = async ({ token }: Pick<Person, 'token'>, tab = page()) => {
    const { name } = (await world().graphql('{ me { name } }', {}, token)).body.me
    await heading(name, tab)
    await region('Sessions', tab).getByRole('listitem').first().waitFor()
  }

  it('somebody signs up: what is wrong with a field is shown beside it', async () => {
    await open()
    const fields = { Name: 'Ada Lovelace', 'E-mail address': `ada${unique()}@example.com` }
    await send('Sign up', 'Sign up', { ...fields, Password: 'short' })
    await region('Sign up').getByRole('alert').waitFor()
    expect(
      await page()
        .locator('[aria-invalid=true]')
        .evaluateAll((all) => all.map((field) => field.getAttribute('name'))),
    ).toEqual(['password'])
    expect(await page().locator('p:has([name=password]) > .error').allTextContents()).toEqual(['must have at least 8 characters'])
    expect(await seriousFindings(page())).toEqual([])
    await send('Sign up', 'Sign up', { Password: PASSWORD })
    await heading('Ada Lovelace')
  })

  it('somebody signs in with a password and a second factor', async () => {
    const someone = await withTwoFactor(world())
    await open()
    await send('Sign in', 'Sign in', { 'Username or e-mail address': someone.email, Password: 'wrong' })
    await region('Sign in').getByRole('alert').waitFor()
    await send('Sign in', 'Sign in', { Password: PASSWORD })
    const field = 'Code of your authenticator app, or a recovery code'
    await send('Sign in', 'Continue', { [field]: '000000' })
    await region('Sign in').getByRole('alert').waitFor()
    await send('Sign in', 'Continue', { [field]: someone.code() })
    await page().getByText('The second factor is on.').waitFor()
  })

  it('a dead access token is replaced once for all requests of a page, and they are sent again', async () => {
    const someone = await person(world())
    await open({ as: { ...someone, token: 'dead' } })
    await loaded(someone)
    expect(sent.toSorted()).toEqual(['Me', 'Me', 'PersonalAccessTokens', 'PersonalAccessTokens', 'RefreshSession', 'Sessions', 'Sessions'])
  })

  it('a dead access token is replaced once for all requests of two tabs', async () => {
    const someone = await person(world())
    await open({ as: someone })
    const other = await openTab()
    for (const tab of [page(), other]) await loaded(someone, tab)
    sent.splice(0)
    await keep({ ...someone, token: 'dead' })
    // The refresh waits until both tabs have sent all their queries with the dead token.
    await page()
      .context()
      .route(endpoint(), async (route) => {
        if (operationOf(route.request()) === 'RefreshSession') await expect.poll(() => sent.length).toBeGreaterThanOrEqual(7)
        await route.continue()
      })
    await Promise.all([page().reload(), other.reload()])
    for (const tab of [page(), other]) await loaded(someone, tab)
    await expect.poll(() => sent.length).toBe(13)
    expect(countOf('RefreshSession')).toBe(1)
  })

  it('a refresh that the server could not do just now leaves the session as it is', async () => {
    const someone = await person(world())
    await page()
      .context()
      .route(endpoint(), async (route) => {
        const refreshSession = { __typename: 'RateLimitError', code: 'TOO_MANY_REQUESTS', message: 'Try again later.', fieldErrors: [] }
        if (operationOf(route.request()) === 'RefreshSession') await route.fulfill({ json: { data: { refreshSession } } })
        else await route.continue()
      })
    await open({ as: { ...someone, token: 'dead' } })
    await page().getByRole('alert').first().waitFor()
    expect(await page().getByRole('alert').first().textContent()).toBe('The request failed. Please try again.')
    await page().context().unrouteAll()
    await page().reload()
    await loaded(someone)
  })

  it('a refresh that is not answered ends after a time, and the requests after it refresh again, in all tabs', async () => {
    const someone = await person(world())
    await open({ as: someone })
    const other = await openTab()
    for (const tab of [page(), other]) await loaded(someone, tab)
    await page().evaluate('{ const { timeout } = AbortSignal; AbortSignal.timeout = (limit) => timeout.call(AbortSignal, limit / 10) }')
    await keep({ ...someone, token: 'dead' })
    let isHanging = true
    await page()
      .context()
      .route(endpoint(), async (route) => {
        if (operationOf(route.request()) !== 'RefreshSession' || !isHanging) return await route.continue()
        isHanging = false
      })
    await send('Profile', 'Rename', { Name: 'Ada King' })
    await region('Profile').getByRole('alert').waitFor()
    await other.reload()
    await loaded(someone, other)
    await send('Profile', 'Rename', { Name: 'Ada Lovelace' })
    await heading('Ada Lovelace')
    expect(countOf('RefreshSession')).toBe(2)
  })

  it('a session that was ended elsewhere leads to the sign-in form at the next request', async () => {
    const someone = await person(world())
    await open({ as: someone })
    await loaded(someone)
    await world().graphql('mutation { signOutEverywhere { __typename } }', {}, someone.token)
    await press('Rename')
    await heading('Welcome')
    expect(await page().evaluate('localStorage.length')).toBe(0)
    expect(countOf('RefreshSession')).toBe(1)
  })

  it('a sign-out in one tab leads to the sign-in form in the other', async () => {
    const someone = await person(world())
    await open({ as: someone })
    const other = await openTab()
    await loaded(someone, other)
    await press('Sign out')
    await heading('Welcome', other)
  })

  it('a sign-out empties the cache: the next person on the page sees nothing of the one before', async () => {
    const before = await person(world(), { name: 'Somebody Before' })
    const after = await person(world(), { name: 'Somebody After' })
    await open({ as: before })
    await loaded(before)
    await press('Sign out')
    await heading('Welcome')
    sent.splice(0)
    await send('Sign in', 'Sign in', { 'Username or e-mail address': after.email, Password: PASSWORD })
    await loaded(after)
    expect(sent.toSorted()).toEqual(['Me', 'PersonalAccessTokens', 'Sessions', 'SignIn'])
    expect(await page().locator('body').textContent()).not.toContain(before.email)
  })

  it('a tab that hears late of a sign-out and a sign-in shows nothing of the account before', async () => {
    const [before, after] = [await person(world()), await person(world())]
    await open({ as: before })
    const other = await openTab()
    for (const tab of [page(), other]) await loaded(before, tab)
    sent.splice(0)
    await keep(after, other)
    await loaded(after)
    expect(await page().locator('body').textContent()).not.toContain(before.email)
    expect(sent.toSorted()).toEqual(['Me', 'PersonalAccessTokens', 'Sessions'])
  })

  it('the list of accounts is searched, filtered and continued, and a next page that fails leaves the first', async () => {
    for (let number = 1; number <= 11; number += 1) await person(world(), { name: `Listed ${number}` })
    await withTwoFactor(world(), { name: 'Listed 12' })
    await open({ as: administrator })
    const lines = region('Accounts').getByRole('listitem')
    await send('Accounts', 'Search', { 'Name, username or e-mail address': 'listed' })
    await page().getByText('10 of 12 accounts').waitFor()
    await page().route(
      endpoint(),
      async (route) =>
        await route.fulfill({ json: { data: { users: null }, errors: [{ message: 'The page is lost.', path: ['users'] }] } }),
      { times: 1 },
    )
    await press('Show more')
    expect(await region('Accounts').getByRole('alert').textContent()).toBe('The page is lost.')
    expect(await lines.count()).toBe(10)
    await press('Show more')
    await page().getByText('12 of 12 accounts').waitFor()
    expect(await lines.count()).toBe(12)
    expect(await region('Accounts').getByRole('alert').count()).toBe(0)
    expect(countOf('Users')).toBe(4)
    await region('Accounts').getByLabel('Second factor').selectOption('On')
    await send('Accounts', 'Search', {})
    await page().getByText('1 of 1 accounts').waitFor()
    expect(await lines.allTextContents()).toEqual([expect.stringContaining('Listed 12')])
    expect(await seriousFindings(page())).toEqual([])
  })

  it('the page is right after each mutation, without another query', async () => {
    const someone = await person(world())
    await signIn(world(), someone)
    await open({ as: someone })
    await loaded(someone)
    sent.splice(0)

    await send('Profile', 'Rename', { Name: 'Grace Hopper' })
    await heading('Grace Hopper')

    await press('Turn on')
    const secret = (await region('Second factor').locator('code').textContent()) ?? ''
    await send('Second factor', 'Confirm', { 'Code that the app shows': totp(secret) })
    await page().getByText('The second factor is on.').waitFor()
    expect(await page().getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').count()).toBe(10)

    const sessions = region('Sessions').getByRole('listitem')
    expect(await sessions.count()).toBe(2)
    await press('End the session of node')
    await expect.poll(async () => await sessions.count()).toBe(1)
    expect(await sessions.textContent()).toContain('This session')

    await send('Personal access tokens', 'Create a token', { 'Name of the token': 'deploy' })
    const revoke = page().getByRole('button', { name: 'Revoke deploy' })
    await revoke.waitFor()
    expect(await seriousFindings(page())).toEqual([])
    await revoke.click()
    await revoke.waitFor({ state: 'detached' })

    expect(sent).toEqual([
      'UpdateProfile',
      'BeginTwoFactorEnrollment',
      'ConfirmTwoFactorEnrollment',
      'EndSession',
      'CreatePersonalAccessToken',
      'RevokePersonalAccessToken',
    ])
  })

  it('the password is asked for again when the sign-in is too long ago for an operation', async () => {
    const someone = await person(world())
    await open({ as: someone })
    await loaded(someone)
    world().advance(20 * 60_000)
    await press('Turn on')
    await send('Second factor', 'Confirm', { Password: PASSWORD })
    await page().getByAltText('QR code of the secret').waitFor()
  })

  it('every document that the app sent in these tests is in persisted.json', async () => {
    const persisted = JSON.parse(await readFile(join(root, 'examples/urql/persisted.json'), 'utf8'))
    expect([...texts].filter((text) => !Object.values(persisted).includes(text))).toEqual([])
    expect(texts.size).toBe(Object.keys(persisted).length)
  })
})
