/** The app of examples/relay in a browser, against a server of another origin. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema, getNamedType, isObjectType } from 'graphql'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, grant, PASSWORD, type Person, person, signIn, totp, withTwoFactor } from '../support/accounts.ts'
import { seriousFindings } from '../support/axe.ts'
import { findBrowser } from '../support/browser.ts'
import { root } from '../support/database.ts'
import { useExampleApp } from '../support/exampleApp.ts'
import { compileWithRelay } from '../support/relayCompiler.ts'

const LISTS = [
  ['Query', 'auditEvents'],
  ['Query', 'dialectUses'],
  ['Query', 'users'],
  ['Query', 'waitingMails'],
  ['Query', 'webhookDeliveries'],
  ['Query', 'webhooks'],
  ['User', 'auditEvents'],
]
/** Arguments that a list needs. */
const NEEDED: Readonly<Record<string, string>> = { webhookDeliveries: 'webhookId' }

/** The fields that are connections. */
const listsOfSchema = async () => {
  const types = Object.values(buildSchema(await readFile(join(root, 'schema.graphql'), 'utf8')).getTypeMap()).filter(isObjectType)
  const fields = types.flatMap((type) => Object.values(type.getFields()).map((field) => [type.name, field] as const))
  return fields.filter(([, { type }]) => getNamedType(type).name.endsWith('Connection')).map(([type, { name }]) => [type, name])
}

const folder = join(root, 'examples/relay')
const executable = findBrowser()

describe.skipIf(executable === undefined)('the app of examples/relay', () => {
  const settings = { PERSISTED_OPERATIONS: join(folder, 'persisted.json') }
  // React prints each error that a boundary caught.
  const expected = /RequestError: missing permission users:read/
  const app = useExampleApp(executable, 'relay', { variable: 'VITE_PERSISTED', settings, expected })
  const { world, page, sent, open, openTab } = app
  let boss: Person
  beforeAll(async () => {
    boss = await admin(world())
  })

  const form = (name: string, on = page()) => on.getByRole('form', { name, exact: true })
  const section = (name: string, on = page()) => on.getByRole('region', { name, exact: true })
  const alerts = (on = page()) => on.getByRole('alert')
  const press = async (name: string, on = page()) => await on.getByRole('button', { name, exact: true }).click()
  /** Waits until all sections are there. */
  const loaded = async (on = page()) => {
    await on.getByText('Signed in as').waitFor()
    await expect.poll(() => on.getByText('Loading…').count()).toBe(0)
  }
  /** Two tabs, both loaded. */
  const openTwo = async (someone: Person): Promise<[Page, Page]> => {
    await open({ as: someone })
    const other = await openTab()
    for (const tab of [page(), other]) await loaded(tab)
    return [page(), other]
  }
  const fillSignIn = async ({ email }: Pick<Person, 'email'>) => {
    await form('Sign in').getByLabel('E-mail address or username').fill(email)
    await form('Sign in').getByLabel('Password').fill(PASSWORD)
    await form('Sign in').getByRole('button').click()
  }
  const rows = async () => await page().locator('tbody tr').count()

  it('signs up, and shows what is wrong with a field beside the field', async () => {
    await open()
    expect(await seriousFindings(page())).toEqual([])
    const signUp = form('Sign up')
    await signUp.getByLabel('Name').fill('Grace Hopper')
    await signUp.getByLabel('E-mail address').fill('grace@example.com')
    await signUp.getByLabel('Password').fill('short')
    await signUp.getByRole('button').click()
    await alerts().waitFor()
    const problem = await signUp.getByLabel('Password').getAttribute('aria-describedby')
    expect(await page().locator(`[id="${problem}"]`).textContent()).toBe('must have at least 8 characters')
    await signUp.getByLabel('Password').fill(PASSWORD)
    await signUp.getByRole('button').click()
    await page().getByText('Signed in as Grace Hopper (grace@example.com)').waitFor()
  })

  it('asks for the second factor of an account that has one', async () => {
    const careful = await withTwoFactor(world())
    await open()
    await fillSignIn(careful)
    await page().getByLabel('Code of your authenticator app').fill('000000')
    await press('Continue')
    expect(await alerts().textContent()).toBe('Invalid two factor authentication code')
    await page()
      .getByLabel('Code of your authenticator app')
      .fill(careful.recoveryCodes[0] ?? '')
    await press('Continue')
    await page().getByText(`(${careful.email})`).waitFor()
  })

  it('refreshes a dead access token once for all queries of a page, and repeats them', async () => {
    const reader = await person(world())
    await grant(world(), reader, ['users:read'])
    await open({ as: { ...reader, token: 'dead' } })
    await loaded()
    expect(await alerts().allTextContents()).toEqual([])
    expect(sent.toSorted()).toEqual([
      ...['AccessTokensQuery', 'AccessTokensQuery', 'AccountsQuery', 'AccountsQuery'],
      ...['ProfileQuery', 'ProfileQuery', 'SessionsQuery', 'SessionsQuery', 'environmentRefreshMutation'],
    ])
  })

  it('refreshes a dead access token once for two tabs', async () => {
    const someone = await person(world())
    await open()
    const isRefresh = (name: string | undefined) => name === 'environmentRefreshMutation'
    // The refresh waits until both tabs have sent their four queries with the dead token.
    await page()
      .context()
      .route(app.endpoint(), async (route) => {
        if (isRefresh(app.operationOf(route.request()))) await expect.poll(() => sent.length).toBeGreaterThanOrEqual(9)
        await route.continue()
      })
    await app.keep({ ...someone, token: 'dead' })
    const [other] = await Promise.all([openTab(), page().reload()])
    for (const tab of [page(), other]) await loaded(tab)
    expect(sent.filter(isRefresh)).toHaveLength(1)
    expect(sent).toHaveLength(17)
  })

  it('shows the sign-in form in all tabs once one of them notices that the session has ended elsewhere', async () => {
    const someone = await person(world())
    const [, other] = await openTwo(someone)
    await world().graphql('mutation { signOutEverywhere { __typename } }', {}, someone.token)
    sent.splice(0)
    await page().getByLabel('Full name').fill('Somebody Else')
    await press('Rename')
    for (const tab of [page(), other]) await form('Sign in', tab).waitFor()
    expect(sent).toEqual(['RenameMutation', 'environmentRefreshMutation'])
  })

  it('signs out in all tabs, and keeps nothing in its cache for the next account', async () => {
    const [first, second] = [await person(world(), { name: 'First Visitor' }), await person(world(), { name: 'Second Visitor' })]
    const [, other] = await openTwo(first)
    await press('Sign out')
    for (const tab of [page(), other]) await form('Sign in', tab).waitFor()
    await other.close()
    expect((await world().graphql('{ me { id } }', {}, first.token)).body.me).toBeNull()
    sent.splice(0)
    await fillSignIn(second)
    await loaded()
    expect(await page().getByText('First Visitor').count()).toBe(0)
    expect(sent.toSorted()).toEqual(['AccessTokensQuery', 'AccountsQuery', 'ProfileQuery', 'SessionsQuery', 'SignInMutation'])
  })

  it('shows nothing of the account before in a tab that hears late of a sign-out and a sign-in', async () => {
    const [first, second] = [await person(world(), { name: 'First Guest' }), await person(world(), { name: 'Second Guest' })]
    const [tab, other] = await openTwo(first)
    sent.splice(0)
    await app.keep(second, other)
    await tab.getByText('Signed in as Second Guest').waitFor()
    await loaded(tab)
    expect(await tab.locator('body').textContent()).not.toContain(first.email)
    expect(sent.toSorted()).toEqual(['AccessTokensQuery', 'AccountsQuery', 'ProfileQuery', 'SessionsQuery'])
  })

  it('lists accounts page by page, and keeps the first page if the second one fails', async () => {
    for (let made = 0; made < 12; made++) await person(world(), { name: 'Listed Member' })
    await withTwoFactor(world(), { name: 'Listed Careful' })
    await open({ as: boss })
    await loaded()
    expect(await seriousFindings(page())).toEqual([])
    await page().getByLabel('Name, username or address').fill('listed')
    await press('Search')
    await page().getByText('Accounts found: 13').waitFor()
    expect(await rows()).toBe(10)
    const failure = { message: 'The list is not there.', path: ['users'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }
    const headers = { 'access-control-allow-origin': '*' }
    await page().route('**/graphql', async (route) => await route.fulfill({ json: { data: { users: null }, errors: [failure] }, headers }))
    await press('Show more')
    await alerts().waitFor()
    expect([await alerts().textContent(), await rows()]).toEqual(['The list is not there.', 10])
    await page().unroute('**/graphql')
    await press('Show more')
    await expect.poll(() => rows()).toBe(13)
    expect([await alerts().count(), await page().getByRole('button', { name: 'Show more' }).count()]).toEqual([0, 0])
    await page().getByLabel('Only accounts with a second factor').check()
    await press('Search')
    await page().getByText('Accounts found: 1').waitFor()
    await expect.poll(() => page().locator('tbody td').first().textContent()).toBe('Listed Careful')
  })

  it('shows each change without another query', async () => {
    const member = await person(world(), { name: 'Changing Member' })
    await grant(world(), member, ['users:read', 'users:delete'])
    await person(world(), { name: 'Changing Guest' })
    await signIn(world(), member)
    await open({ as: member })
    await loaded()
    await page().getByLabel('Name, username or address').fill('changing')
    await press('Search')
    await page().getByText('Accounts found: 2').waitFor()
    sent.splice(0)

    await page().getByLabel('Full name').fill('Changing Name')
    await press('Rename')
    await page().getByText('Signed in as Changing Name').waitFor()
    await page().getByRole('cell', { name: 'Changing Name', exact: true }).waitFor()

    await press('Turn the second factor on')
    await page()
      .getByLabel('Code of the app')
      .fill(totp((await page().locator('form code').textContent()) ?? ''))
    await press('Confirm')
    await page().getByText('Your second factor is on.').waitFor()
    await page().getByRole('cell', { name: 'on', exact: true }).waitFor()

    const sessions = section('Your sessions').getByRole('listitem')
    expect(await sessions.count()).toBe(2)
    await press('End')
    await expect.poll(() => sessions.count()).toBe(1)

    await page().getByLabel('Name of the token').fill('deployment')
    await press('Create')
    await page().getByText('deployment, until').waitFor()
    await press('Revoke')
    await expect.poll(() => page().getByText('deployment, until').count()).toBe(0)

    page().once('dialog', async (dialog) => await dialog.accept())
    await press('Delete Changing Guest')
    await page().getByText('Accounts found: 1').waitFor()
    expect(await rows()).toBe(1)
    expect(await alerts().allTextContents()).toEqual([])
    expect(sent).toEqual([
      ...['RenameMutation', 'TwoFactorBeginMutation', 'TwoFactorConfirmMutation', 'SessionsEndMutation'],
      ...['CreateAccessTokenMutation', 'AccessTokensRevokeMutation', 'AccountRowDeleteMutation'],
    ])
  })

  it('says that a change needs the password again, and makes the change after it', async () => {
    await open({ as: boss })
    await loaded()
    world().advance(11 * 60_000)
    await press('Turn the second factor on')
    expect(await alerts().textContent()).toBe('Confirm your password first, under “Your account”.')
    await page().getByLabel('Your password').fill(PASSWORD)
    await press('Confirm password')
    await expect.poll(() => sent.includes('ReauthenticateMutation')).toBe(true)
    await page().getByRole('button', { name: 'Confirm password', disabled: false }).waitFor()
    await press('Turn the second factor on')
    await page().getByLabel('Code of the app').waitFor()
  })

  it('can send the ids of its documents instead of their texts', async () => {
    await open({ as: boss, variant: 'true' })
    await loaded()
    const names = Object.entries<string>(JSON.parse(await readFile(settings.PERSISTED_OPERATIONS, 'utf8'))).map(([id, text]) => [
      id,
      text.match(/\w+ (\w+)/)?.[1],
    ])
    const nameOf = Object.fromEntries(names)
    expect(sent.map((id) => nameOf[id]).sort()).toEqual(['AccessTokensQuery', 'AccountsQuery', 'ProfileQuery', 'SessionsQuery'])
  })
})

describe('the documents of examples/relay', () => {
  it('can page through every list of the schema', async () => {
    const fragments = LISTS.map(([type, field = '']) => {
      const needed = NEEDED[field]
      const [declared, given] = needed === undefined ? ['', ''] : [`, ${needed}: { type: "ID!" }`, `, ${needed}: $${needed}`]
      return `graphql\`
        fragment lists_${type}_${field} on ${type}
        @refetchable(queryName: "lists${type}${field}PaginationQuery")
        @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }${declared}) {
          ${field}(first: $count, after: $cursor${given}) @connection(key: "lists${type}_${field}") { edges { node { id } } }
        }\``
    })
    const source = `import { graphql } from 'relay-runtime'\n${fragments.join('\n')}`
    expect(await compileWithRelay('lists', source)).toContain('compiled documents: 14 reader, 7 normalization')
    expect(await listsOfSchema()).toEqual(LISTS)
  })
})
