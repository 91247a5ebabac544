/** The app of examples/relay in a real browser, against a server of another origin. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema, getNamedType, isObjectType } from 'graphql'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { admin, grant, PASSWORD, type Person, person, signIn, totp, withTwoFactor } from '../support/accounts.ts'
import { seriousFindings } from '../support/axe.ts'
import { findBrowser } from '../support/browser.ts'
import { restoreTimeAfterwards } from '../support/clock.ts'
import { root } from '../support/database.ts'
import { folder, openRelayApp, type RelayApp, type Window } from '../support/relayApp.ts'
import { compileWithRelay } from '../support/relayCompiler.ts'

const LISTS = [
  ['Query', 'auditEvents'],
  ['Query', 'dialectUses'],
  ['Query', 'users'],
  ['User', 'auditEvents'],
]

/** The fields that are connections. */
const listsOfSchema = async () => {
  const types = Object.values(buildSchema(await readFile(join(root, 'schema.graphql'), 'utf8')).getTypeMap()).filter(isObjectType)
  const fields = types.flatMap((type) => Object.values(type.getFields()).map((field) => [type.name, field] as const))
  return fields.filter(([, { type }]) => getNamedType(type).name.endsWith('Connection')).map(([type, { name }]) => [type, name])
}

const read = async (name: string) => await readFile(join(folder, name), 'utf8')

const executable = findBrowser()

describe.skipIf(executable === undefined)('the app of examples/relay', () => {
  let app: RelayApp
  let window: Window
  let boss: Person
  restoreTimeAfterwards()

  const tokensOf = ({ token, refreshToken }: Person) => ({ accessToken: token, refreshToken })

  beforeAll(async () => {
    app = await openRelayApp(executable ?? '')
    boss = await admin(app.world)
  })
  afterAll(async () => await app.close())
  afterEach(async () => {
    await window.context.close()
    expect(window.broken).toEqual([])
  })

  const open = async (someone?: Person): Promise<Page> => {
    window = await app.openWindow(someone && { tokens: tokensOf(someone) })
    return await window.openTab()
  }
  const form = (page: Page, name: string) => page.getByRole('form', { name, exact: true })
  const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
  const alerts = (page: Page) => page.getByRole('alert')
  const press = async (page: Page, name: string) => await page.getByRole('button', { name, exact: true }).click()
  /** Waits until all sections are there. */
  const loaded = async (page: Page) => {
    await page.getByText('Signed in as').waitFor()
    await expect.poll(() => page.getByText('Loading…').count()).toBe(0)
  }
  /** Two tabs of one window, loaded at the same time. */
  const openTwo = async (someone: Person): Promise<[Page, Page]> => {
    window = await app.openWindow({ tokens: tokensOf(someone) })
    const tabs = await Promise.all([window.openTab(), window.openTab()])
    await Promise.all(tabs.map(loaded))
    return tabs
  }
  const fillSignIn = async (page: Page, { email }: Pick<Person, 'email'>) => {
    await form(page, 'Sign in').getByLabel('E-mail address or username').fill(email)
    await form(page, 'Sign in').getByLabel('Password').fill(PASSWORD)
    await form(page, 'Sign in').getByRole('button').click()
  }
  const rows = async (page: Page) => await page.locator('tbody tr').count()

  it('signs up, and shows what is wrong with a field beside the field', async () => {
    const page = await open()
    expect(await seriousFindings(page)).toEqual([])
    const signUp = form(page, 'Sign up')
    await signUp.getByLabel('Name').fill('Grace Hopper')
    await signUp.getByLabel('E-mail address').fill('grace@example.com')
    await signUp.getByLabel('Password').fill('short')
    await signUp.getByRole('button').click()
    await alerts(page).waitFor()
    const problem = await signUp.getByLabel('Password').getAttribute('aria-describedby')
    expect(await page.locator(`[id="${problem}"]`).textContent()).toBe('must have at least 8 characters')
    await signUp.getByLabel('Password').fill(PASSWORD)
    await signUp.getByRole('button').click()
    await page.getByText('Signed in as Grace Hopper (grace@example.com)').waitFor()
  })

  it('asks for the second factor of an account that has one', async () => {
    const careful = await withTwoFactor(app.world)
    const page = await open()
    await fillSignIn(page, careful)
    await page.getByLabel('Code of your authenticator app').fill('000000')
    await press(page, 'Continue')
    expect(await alerts(page).textContent()).toBe('Invalid two factor authentication code')
    await page.getByLabel('Code of your authenticator app').fill(careful.recoveryCodes[0] ?? '')
    await press(page, 'Continue')
    await page.getByText(`(${careful.email})`).waitFor()
  })

  it('refreshes a dead access token once for all queries of a page, and repeats them', async () => {
    const reader = await person(app.world)
    await grant(app.world, reader, ['users:read'])
    const page = await open({ ...reader, token: 'dead' })
    await loaded(page)
    expect(await alerts(page).allTextContents()).toEqual([])
    expect(window.sent.sort()).toEqual([
      ...['AccessTokensQuery', 'AccessTokensQuery', 'AccountsQuery', 'AccountsQuery'],
      ...['ProfileQuery', 'ProfileQuery', 'SessionsQuery', 'SessionsQuery', 'environmentRefreshMutation'],
    ])
  })

  it('refreshes a dead access token once for two tabs', async () => {
    window = await app.openWindow({ tokens: { ...tokensOf(await person(app.world)), accessToken: 'dead' } })
    // The refresh waits until both tabs have sent their four queries with the dead token.
    await window.context.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('refreshSession')) await expect.poll(() => window.sent.length).toBeGreaterThanOrEqual(9)
      await route.continue()
    })
    const tabs = await Promise.all([window.openTab(), window.openTab()])
    await Promise.all(tabs.map(loaded))
    expect(window.sent.filter((name) => name === 'environmentRefreshMutation')).toHaveLength(1)
    expect(window.sent).toHaveLength(17)
  })

  it('shows the sign-in form in all tabs once one of them notices that the session has ended elsewhere', async () => {
    const someone = await person(app.world)
    const [page, other] = await openTwo(someone)
    await app.world.graphql('mutation { signOutEverywhere { __typename } }', {}, someone.token)
    window.sent.length = 0
    await page.getByLabel('Full name').fill('Somebody Else')
    await press(page, 'Rename')
    for (const tab of [page, other]) await form(tab, 'Sign in').waitFor()
    expect(window.sent).toEqual(['RenameMutation', 'environmentRefreshMutation'])
  })

  it('signs out in all tabs, and keeps nothing in its cache for the next account', async () => {
    const [first, second] = [await person(app.world, { name: 'First Visitor' }), await person(app.world, { name: 'Second Visitor' })]
    const [page, other] = await openTwo(first)
    await press(page, 'Sign out')
    for (const tab of [page, other]) await form(tab, 'Sign in').waitFor()
    await other.close()
    expect((await app.world.graphql('{ me { id } }', {}, first.token)).body.me).toBeNull()
    window.sent.length = 0
    await fillSignIn(page, second)
    await loaded(page)
    expect(await page.getByText('First Visitor').count()).toBe(0)
    expect(window.sent.sort()).toEqual(['AccessTokensQuery', 'AccountsQuery', 'ProfileQuery', 'SessionsQuery', 'SignInMutation'])
  })

  it('lists accounts page by page, and keeps the first page if the second one fails', async () => {
    for (let made = 0; made < 12; made++) await person(app.world, { name: 'Listed Member' })
    await withTwoFactor(app.world, { name: 'Listed Careful' })
    const page = await open(boss)
    await loaded(page)
    expect(await seriousFindings(page)).toEqual([])
    await page.getByLabel('Name, username or address').fill('listed')
    await press(page, 'Search')
    await page.getByText('Accounts found: 13').waitFor()
    expect(await rows(page)).toBe(10)
    const failure = { message: 'The list is not there.', path: ['users'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }
    const headers = { 'access-control-allow-origin': '*' }
    await page.route('**/graphql', async (route) => await route.fulfill({ json: { data: { users: null }, errors: [failure] }, headers }))
    await press(page, 'Show more')
    await alerts(page).waitFor()
    expect([await alerts(page).textContent(), await rows(page)]).toEqual(['The list is not there.', 10])
    await page.unroute('**/graphql')
    await press(page, 'Show more')
    await expect.poll(() => rows(page)).toBe(13)
    expect([await alerts(page).count(), await page.getByRole('button', { name: 'Show more' }).count()]).toEqual([0, 0])
    await page.getByLabel('Only accounts with a second factor').check()
    await press(page, 'Search')
    await page.getByText('Accounts found: 1').waitFor()
    await expect.poll(() => page.locator('tbody td').first().textContent()).toBe('Listed Careful')
  })

  it('shows each change without another query', async () => {
    const member = await person(app.world, { name: 'Changing Member' })
    await grant(app.world, member, ['users:read', 'users:delete'])
    await person(app.world, { name: 'Changing Guest' })
    await signIn(app.world, member)
    const page = await open(member)
    await loaded(page)
    await page.getByLabel('Name, username or address').fill('changing')
    await press(page, 'Search')
    await page.getByText('Accounts found: 2').waitFor()
    window.sent.length = 0

    await page.getByLabel('Full name').fill('Changing Name')
    await press(page, 'Rename')
    await page.getByText('Signed in as Changing Name').waitFor()
    await page.getByRole('cell', { name: 'Changing Name', exact: true }).waitFor()

    await press(page, 'Turn the second factor on')
    await page.getByLabel('Code of the app').fill(totp((await page.locator('form code').textContent()) ?? ''))
    await press(page, 'Confirm')
    await page.getByText('Your second factor is on.').waitFor()
    await page.getByRole('cell', { name: 'on', exact: true }).waitFor()

    const sessions = section(page, 'Your sessions').getByRole('listitem')
    expect(await sessions.count()).toBe(2)
    await press(page, 'End')
    await expect.poll(() => sessions.count()).toBe(1)

    await page.getByLabel('Name of the token').fill('deployment')
    await press(page, 'Create')
    await page.getByText('deployment, until').waitFor()
    await press(page, 'Revoke')
    await expect.poll(() => page.getByText('deployment, until').count()).toBe(0)

    page.once('dialog', async (dialog) => await dialog.accept())
    await press(page, 'Delete Changing Guest')
    await page.getByText('Accounts found: 1').waitFor()
    expect(await rows(page)).toBe(1)
    expect(await alerts(page).allTextContents()).toEqual([])
    expect(window.sent).toEqual([
      ...['RenameMutation', 'TwoFactorBeginMutation', 'TwoFactorConfirmMutation', 'SessionsEndMutation'],
      ...['CreateAccessTokenMutation', 'AccessTokensRevokeMutation', 'AccountRowDeleteMutation'],
    ])
  })

  it('says that a change needs the password again, and makes the change after it', async () => {
    const page = await open(boss)
    await loaded(page)
    app.world.advance(11 * 60_000)
    await press(page, 'Turn the second factor on')
    expect(await alerts(page).textContent()).toBe('Confirm your password first, under “Your account”.')
    await page.getByLabel('Your password').fill(PASSWORD)
    await press(page, 'Confirm password')
    await expect.poll(() => window.sent.includes('ReauthenticateMutation')).toBe(true)
    await page.getByRole('button', { name: 'Confirm password', disabled: false }).waitFor()
    await press(page, 'Turn the second factor on')
    await page.getByLabel('Code of the app').waitFor()
  })

  it('can send the ids of its documents instead of their texts', async () => {
    window = await app.openWindow({ tokens: tokensOf(boss), persisted: 'true' })
    await loaded(await window.openTab())
    const names = Object.entries<string>(JSON.parse(await read('persisted.json'))).map(([id, text]) => [id, text.match(/\w+ (\w+)/)?.[1]])
    const nameOf = Object.fromEntries(names)
    expect(window.sent.map((id) => nameOf[id]).sort()).toEqual(['AccessTokensQuery', 'AccountsQuery', 'ProfileQuery', 'SessionsQuery'])
  })
})

describe('the documents of examples/relay', () => {
  it('can page through every list of the schema', async () => {
    const fragments = LISTS.map(
      ([type, field]) => `graphql\`
        fragment lists_${type}_${field} on ${type}
        @refetchable(queryName: "lists${type}${field}PaginationQuery")
        @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
          ${field}(first: $count, after: $cursor) @connection(key: "lists${type}_${field}") { edges { node { id } } }
        }\``,
    )
    const source = `import { graphql } from 'relay-runtime'\n${fragments.join('\n')}`
    expect(await compileWithRelay('lists', source)).toContain('compiled documents: 8 reader, 4 normalization')
    expect(await listsOfSchema()).toEqual(LISTS)
  })

  it('has a set-up that its README shows as it is', async () => {
    const [, block] = /```ts\n([\s\S]*?)```/.exec(await read('README.md')) ?? []
    expect(block).toMatch(/^const fetchGraphQL/m)
    expect(await read('src/environment.ts')).toContain(block)
  })
})
