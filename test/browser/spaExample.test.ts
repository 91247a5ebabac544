/** The app of examples/spa in a browser, against a server of another origin. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, PASSWORD, type Person, person, unique, withTwoFactor } from '../support/accounts.ts'
import { seriousFindings } from '../support/axe.ts'
import { findBrowser } from '../support/browser.ts'
import { root } from '../support/database.ts'
import { useExampleApp } from '../support/exampleApp.ts'

const executable = findBrowser()

describe.skipIf(executable === undefined)('the app of examples/spa', () => {
  // Chromium prints a line for each request without an answer.
  const app = useExampleApp(executable, 'spa', { expected: /net::ERR_CONNECTION_REFUSED/ })
  const { world, page, sent, keep, open, openTab, endpoint, operationOf } = app
  let administrator: Person
  /** The texts of the documents that all pages sent in all tests. */
  const texts = new Set<string>()
  beforeAll(async () => {
    administrator = await admin(world())
    page()
      .context()
      .on('request', (request) => void (request.method() === 'POST' && texts.add(request.postDataJSON().query)))
  })

  const form = (name: string) => page().getByRole('form', { name, exact: true })
  const accounts = (tab = page()) => tab.getByRole('region', { name: 'Accounts', exact: true })
  const heading = async (name: string, tab = page()) => await tab.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  const press = async (name: string) => await page().getByRole('button', { name, exact: true }).click()
  /** Fills in fields of a form, and sends it with Enter. */
  const send = async (name: string, fields: Readonly<Record<string, string>>) => {
    for (const [label, value] of Object.entries(fields)) await form(name).getByLabel(label, { exact: true }).fill(value)
    await form(name).locator('input').last().press('Enter')
  }
  const alertOf = async (name: string) => {
    await form(name).getByRole('alert').waitFor()
    return await form(name).getByRole('alert').textContent()
  }
  const focused = async () => await page().evaluate('document.activeElement.name ?? document.activeElement.textContent')
  /** The server is away until `comeBack`, for all tabs; only for one operation if it is named. */
  const goAway = async (only?: string) =>
    await page()
      .context()
      .route(endpoint(), async (route) => {
        if (only === undefined || operationOf(route.request()) === only) await route.abort('connectionrefused')
        else await route.continue()
      })
  const comeBack = async () => await page().context().unrouteAll()
  const AWAY = 'The server does not answer. Nothing is lost: please try again in a moment.'

  it('somebody signs up: what is wrong with a field is beside it, and a name with markup is text', async () => {
    const name = '<img src=x onerror=alert(1)> & <b>Ada</b>'
    await open()
    expect(await seriousFindings(page())).toEqual([])
    await send('Sign up', { Name: name, 'E-mail address': `ada${unique()}@example.com`, 'New password': 'short' })
    await alertOf('Sign up')
    expect(await page().locator('#new-password-error').textContent()).toBe('must have at least 8 characters')
    expect(await focused()).toBe('password')
    expect(await seriousFindings(page())).toEqual([])
    await send('Sign up', { 'New password': PASSWORD })
    await heading(`Signed in as ${name}`)
    // Who may not list accounts reads that.
    await accounts().getByRole('alert').waitFor()
    await open({ as: administrator })
    await accounts().getByText(name).waitFor()
    expect(await page().locator('main :is(img, b)').count()).toBe(0)
  })

  it('somebody whose address is taken is asked to sign in', async () => {
    await open()
    await send('Sign up', { Name: 'Ada', 'E-mail address': administrator.email, 'New password': PASSWORD })
    expect(await alertOf('Sign up')).toBe('There is an account with this address already. Is it yours? Then sign in.')
  })

  it('somebody signs in with a password and a second factor, and signs out in all tabs', async () => {
    const someone = await withTwoFactor(world(), { name: 'Grace Hopper' })
    await open()
    const other = await openTab()
    await send('Sign in', { 'E-mail address or username': someone.email, Password: 'wrong' })
    await alertOf('Sign in')
    await send('Sign in', { Password: PASSWORD })
    await form('Second factor').waitFor()
    expect(await focused()).toBe('code')
    await press('Start again')
    await send('Sign in', {})
    const field = 'Code of your authenticator app, or a recovery code'
    await send('Second factor', { [field]: '000000' })
    await alertOf('Second factor')
    await send('Second factor', { [field]: someone.code() })
    for (const tab of [page(), other]) await heading('Signed in as Grace Hopper', tab)
    await press('Sign out')
    for (const tab of [page(), other]) await heading('You are signed out', tab)
    expect(await focused()).toBe('You are signed out')
  })

  it('two tabs that find the access token dead at the same moment refresh once, and both stay signed in', async () => {
    const someone = await person(world(), { name: 'Two Tabs' })
    await open({ as: someone })
    const other = await openTab()
    for (const tab of [page(), other]) await heading('Signed in as Two Tabs', tab)
    await keep({ ...someone, token: 'dead' })
    sent.splice(0)
    // The refresh waits until both tabs have sent their two queries with the dead token.
    await page()
      .context()
      .route(endpoint(), async (route) => {
        if (operationOf(route.request()) === 'RefreshSession') await expect.poll(() => sent.length).toBeGreaterThanOrEqual(5)
        await route.continue()
      })
    await Promise.all([page().reload(), other.reload()])
    for (const tab of [page(), other]) await heading('Signed in as Two Tabs', tab)
    await expect.poll(() => sent.toSorted()).toEqual([...Array(4).fill('Me'), 'RefreshSession', ...Array(4).fill('Users')])
  })

  it('a session that was ended elsewhere leads to the sign-in form', async () => {
    const someone = await person(world())
    await open({ as: someone })
    await accounts().getByRole('alert').waitFor()
    await world().graphql('mutation { signOutEverywhere { __typename } }', {}, someone.token)
    await press('Show more')
    await heading('You are signed out')
    expect(await page().evaluate('localStorage.length')).toBe(0)
  })

  it('the list goes on page by page; a page that does not come leaves those before it, and can be asked for again', async () => {
    for (let made = 0; made < 21; made += 1) await person(world())
    await open({ as: administrator })
    const lines = accounts().getByRole('listitem')
    await accounts().getByText('10 accounts, and there are more').waitFor()
    await goAway()
    await press('Show more')
    await accounts().getByRole('alert').waitFor()
    expect(await accounts().getByRole('alert').textContent()).toBe(AWAY)
    expect(await lines.count()).toBe(10)
    await comeBack()
    await press('Show more')
    await accounts().getByText('20 accounts, and there are more').waitFor()
    expect(await focused()).toBe(await lines.nth(10).textContent())
    expect(await seriousFindings(page())).toEqual([])
    await press('Show more')
    await accounts()
      .getByText(/^\d+ accounts$/)
      .waitFor()
    const { totalCount } = (await world().graphql('{ users { totalCount } }', {}, administrator.token)).body.users
    expect(await lines.count()).toBe(totalCount)
    expect(new Set(await lines.allTextContents()).size).toBe(totalCount)
    expect(await accounts().getByRole('alert').textContent()).toBe('')
  })

  it('nothing that was typed is lost, and nobody is signed out, while the server is away', async () => {
    const someone = await person(world(), { name: 'Patient Person' })
    await open()
    await goAway()
    await send('Sign in', { 'E-mail address or username': someone.email, Password: PASSWORD })
    expect(await alertOf('Sign in')).toBe(AWAY)
    await comeBack()
    await press('Sign in')
    await heading('Signed in as Patient Person')
    await goAway('RefreshSession')
    await keep({ ...someone, token: 'dead' })
    await press('Sign out')
    await page().getByRole('alert').getByText(AWAY).first().waitFor()
    await comeBack()
    await press('Sign out')
    await heading('You are signed out')
  })

  it('every document that the app sent in these tests is in persisted.json', async () => {
    const persisted = Object.values(JSON.parse(await readFile(join(root, 'examples/spa/persisted.json'), 'utf8')))
    expect([...texts].toSorted()).toEqual(persisted.toSorted())
  })
})
