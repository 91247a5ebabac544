/**
 * The pages of the administration, by clicking through them in Chromium, against the real program on both databases: accounts, the audit
 * log and its files, legacy clients after requests to their dialects, keys, mails, webhooks and settings.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { findBrowser, launch } from '../support/browser.ts'
import { useProgramDatabase } from '../support/database.ts'
import { killAll, startProgram } from '../support/program.ts'
import { expectAccessible, openVisit, type Visit } from '../support/webPages.ts'

const PASSWORD = 'a long enough password'
const SMTP_SECRET = 'the-secret-of-the-mail-server'
const SECRET_KEY = 'the-secret-key-of-this-test-is-long-enough'
/** More than a page of the list. */
const PEOPLE = 55
const executable = findBrowser()
const postgres = useProgramDatabase()

let browser: Browser
beforeAll(async () => {
  if (executable !== undefined) browser = await launch(executable)
})
afterAll(async () => {
  await browser?.close()
  await killAll()
})

describe.skipIf(executable === undefined).each([
  ['the embedded database', () => ({ SECRET_KEY })],
  ['PostgreSQL', () => ({ ...postgres(), SECRET_KEY })],
])('administration on %s', (database, storage) => {
  let directory: string
  let base: string
  let token: string
  let visit: Visit
  const ids = new Map<string, string>()

  const graphql = async (query: string, variables: object = {}) => {
    const headers = { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) }
    const answer = await fetch(`${base}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    const { data, errors } = JSON.parse(await answer.text())
    expect(errors).toBeUndefined()
    return data
  }
  const signInByBearer = async (identifier: string): Promise<string> => {
    const query = `mutation($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess { credentials { accessToken { token } } } } }`
    return (await graphql(query, { input: { identifier, password: PASSWORD } })).signIn.credentials.accessToken.token
  }
  const createUser = async (input: object): Promise<string> => {
    const query = 'mutation($input: CreateUserInput!) { createUser(input: $input) { ... on CreateUserSuccess { createdUserId } } }'
    return (await graphql(query, { input: { password: PASSWORD, ...input } })).createUser.createdUserId
  }
  const wekanSignIn = async (username: string, userAgent: string, password = PASSWORD) =>
    await fetch(`${base}/users/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': userAgent },
      body: JSON.stringify({ username, password }),
    })

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vestibule-admin-'))
    base = await startProgram(directory, {
      ...storage(),
      ...{ ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: PASSWORD, STEP_UP_GRAPHQL: '10s', LIMIT_ADDRESS_PER_MINUTE: '10000' },
      ...{ SMTP_URL: `smtp://mailer:${SMTP_SECRET}@127.0.0.1:1`, DEPRECATION: 'wekan=2026-01-01', WEBHOOK_ALLOWED_NETWORKS: 'loopback' },
    }).ready()
    token = await signInByBearer('admin@example.com')
    for (let count = 1; count <= PEOPLE; count += 1) {
      const username = `person${String(count).padStart(2, '0')}`
      ids.set(username, await createUser({ username, email: `${username}@example.com`, name: `Person <b>${count}</b>` }))
    }
    // Counted by the time that the page is looked at: counts are written once a minute.
    await wekanSignIn('person01', 'OldBoard/1.0')
    await wekanSignIn('person01', 'OldBoard/1.0', 'wrong')
    await wekanSignIn('person02', '=cmd()|x', 'wrong')
    await wekanSignIn('person02', 'Mozilla/5.0 "quoted", text')
    visit = await openVisit(browser, base, { locale: 'en-GB', reducedMotion: 'reduce' })
    await visit.go('/sign-in?next=/admin')
    await visit.fill('Username or e-mail address', 'admin@example.com')
    await visit.fill('Password', PASSWORD)
    await visit.page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
    await visit.page.getByRole('heading', { name: 'Users' }).waitFor()
  })
  afterEach(() => expect(visit.broken).toEqual([]))
  afterAll(async () => {
    await visit?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const rows = () => visit.page.getByRole('table').first().getByRole('row')
  const names = async (): Promise<string[]> => await visit.page.locator('tbody a bdi').allTextContents()
  const dialog = () => visit.page.getByRole('dialog')
  /** Ticks a box once the page shows what the last answer said. */
  const tick = async (label: string): Promise<void> => {
    await visit.page.waitForLoadState('networkidle')
    await visit.page.getByLabel(label, { exact: true }).setChecked(true, { force: true })
  }
  /** Waits for what is said at the end; proves who is there if that is asked, and resolves with whether it was. */
  const ends = async (done: string): Promise<boolean> => {
    const proof = visit.page.getByRole('heading', { name: 'Confirm that it is you' })
    await Promise.race([proof.waitFor(), visit.shows(done)])
    const isAsked = await proof.isVisible()
    if (!isAsked) return false
    await dialog().getByLabel('Password', { exact: true }).fill(PASSWORD)
    await dialog().getByRole('button', { name: 'Confirm', exact: true }).click()
    await visit.shows(done)
    return true
  }
  /** Presses a button and the one of its question. */
  const does = async (button: string, done: string, answer = button): Promise<boolean> => {
    await visit.press(button)
    await dialog().getByRole('button', { name: answer, exact: true }).click()
    return await ends(done)
  }
  const untilStepUpIsOld = async () => await new Promise((resolve) => setTimeout(resolve, 10_200))
  const ofUser = async (username: string) => await visit.go(`/admin/users/${ids.get(username)}`)

  test('who is no administrator reads a plain sentence', async () => {
    const other = await openVisit(browser, base, { locale: 'en-GB' })
    await other.go('/sign-in?next=/admin/keys')
    await other.fill('Username or e-mail address', 'person03')
    await other.fill('Password', PASSWORD)
    await other.page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
    await other.shows('These pages are for administrators. Your account is not one.')
    expect(other.broken).toEqual([])
    await other.close()
  })

  test('users are sorted, paged and searched, and back leads back', async () => {
    await visit.go('/admin')
    await visit.shows(`${PEOPLE + 1} accounts.`)
    expect((await names())[0]).toBe('person55')
    await visit.page.getByRole('columnheader').getByRole('button', { name: 'Username' }).click()
    await expect.poll(async () => (await names())[0]).toBe('admin')
    expect(await visit.page.getByRole('columnheader', { name: 'Username' }).getAttribute('aria-sort')).toBe('ascending')
    await visit.press('Next page')
    await expect.poll(names).toEqual(['person50', 'person51', 'person52', 'person53', 'person54', 'person55'])
    await visit.page.goBack()
    await expect.poll(async () => (await names())[0]).toBe('admin')
    await visit.fill('Search', 'PERSON1')
    await visit.page.getByLabel('Sort by').selectOption({ label: 'Username, Z to A' })
    await visit.press('Show')
    await visit.shows('10 accounts.')
    await expect.poll(async () => (await names())[0]).toBe('person19')
    expect(await visit.page.getByRole('cell', { name: 'Person <b>19</b>' }).count()).toBe(1)
    await visit.fill('Search', 'nobody at all')
    await visit.press('Show')
    await visit.shows('No account matches.')
    await visit.press('Show all')
    await visit.page.getByLabel('Role').selectOption({ label: 'Administrators' })
    await visit.press('Show')
    await expect.poll(names).toEqual(['admin'])
  })

  test('several are disabled and enabled at once, and what failed is said by name', async () => {
    await visit.go('/admin?sort=username-asc')
    for (const name of ['admin', 'person01', 'person02']) await tick(`Select ${name}`)
    await visit.press('Next page')
    await tick('Select person55')
    await visit.shows('Selected: 4 accounts.')
    await does('Disable them', 'Disabled: 3 accounts.')
    await visit.shows('These could not be changed:')
    expect(await visit.page.getByRole('listitem').filter({ hasText: 'admin:' }).textContent()).toBe(
      'admin: You cannot do this to your own account.',
    )
    await visit.shows('Selected: one account.')
    await visit.press('Clear the selection')
    await visit.page.getByLabel('Sign-in').selectOption({ label: 'Disabled' })
    await visit.press('Show')
    await expect.poll(names).toEqual(['person01', 'person02', 'person55'])
    await tick('Select all on this page')
    await does('Enable them', 'Enabled: 3 accounts.')
    await visit.shows('No account matches.')
  })

  test('an account is created, a taken name is said and nothing typed is lost; another one is invited, twice', async () => {
    await visit.go('/admin')
    await visit.follow('Create an account')
    await visit.fill('Username (optional)', 'PERSON01')
    await visit.fill('First password', PASSWORD)
    await tick('users:read')
    await visit.press('Create the account')
    await ends('Another account has this username.')
    expect(await visit.page.getByLabel('First password').inputValue()).toBe(PASSWORD)
    await visit.fill('Username (optional)', 'created')
    await visit.press('Create the account')
    await ends('The account created was created.')
    await visit.follow('See the account')
    await visit.shows('The owner has not chosen a password yet')
    expect(await visit.page.getByLabel('users:read').isChecked()).toBe(true)
    for (const said of ['The account was created, and an invitation is on its way', 'The account waits already.']) {
      await visit.go('/admin/invite')
      await visit.fill('E-mail address', 'invited@example.com')
      await visit.press('Send the invitation')
      await ends(said)
    }
  })

  test('one account: each deed asks for the password when the last check is old, and shows what has become of it', async () => {
    await wekanSignIn('person04', 'Firefox/1.0')
    await ofUser('person04')
    await visit.page.getByRole('heading', { name: 'Person <b>4</b>' }).waitFor()
    await does('End the session of Firefox', 'The session has ended.', 'End')
    await visit.shows('Not signed in anywhere.')
    await untilStepUpIsOld()
    expect(await does('Make an administrator', 'The account is an administrator now.')).toBe(true)
    await visit.shows('An administrator holds every scope.')
    await does('No longer an administrator', 'The account is no longer an administrator.')
    await tick('users:create')
    await visit.press('Set the scopes')
    await ends('The scopes are set.')
    await expect.poll(async () => await visit.page.getByRole('region', { name: 'What happened' }).textContent()).toContain('Scopes changed')
    expect(await visit.page.getByLabel('users:create').isChecked()).toBe(true)
    await does('Disable sign-in', 'Sign-in is disabled.')
    await does('Enable sign-in', 'Sign-in is enabled.')
    await does('End all sessions and tokens', 'Ended: 0 sessions and tokens.')
    await does('Send a password reset mail', 'The mail is on its way')
    for (const what of ['Made an administrator', 'Scopes changed', 'Sign-in disabled'])
      expect(await visit.page.getByRole('region', { name: 'What happened' }).textContent()).toContain(what)
    await does('Delete the account', 'The account was deleted.')
    await visit.page.reload()
    await visit.shows('There is no such account (any more).')
    await visit.page.getByRole('cell', { name: 'Account deleted' }).waitFor()
  })

  test('one’s own account is changed elsewhere, and nobody is nobody', async () => {
    await visit.go('/admin/audit-log')
    await visit.follow('admin')
    await visit.shows('This is your own account.')
    expect(await visit.page.getByRole('button', { name: 'Delete the account' }).count()).toBe(0)
    await visit.go('/admin/users/nobody%2F%3Cb%3E')
    await visit.shows('There is no such account (any more).')
  })

  test('the audit log is filtered, and what is shown comes as CSV and as NDJSON', async () => {
    const id = ids.get('person02') ?? ''
    await visit.go('/admin/audit-log')
    await visit.page.getByRole('table').waitFor()
    await visit.fill('Id of the account', id)
    await visit.page.getByLabel('Outcome').selectOption({ label: 'Failed' })
    await visit.page.getByLabel('Surface').selectOption({ label: 'Wekan API' })
    await visit.press('Show')
    await expect.poll(async () => await rows().count()).toBe(2)
    expect(await rows().nth(1).textContent()).toContain('Sign-in failed')
    await visit.page.getByLabel('Until (day)').fill('2020-01-01')
    await visit.press('Show')
    await visit.shows('No event matches.')
    await visit.go(`/admin/audit-log?user=${id}`)
    await visit.page.getByRole('table').waitFor()
    const { auditEvents } = await graphql(
      `query($id: ID) { auditEvents(first: 500, userId: $id) { edges { node { id at type userAgent requestId } } } }`,
      { id },
    )
    const expected = auditEvents.edges.map(({ node }: { node: object }) => node)
    expect(expected.length).toBeGreaterThan(3)
    const saved = async (format: string): Promise<string> => {
      const [download] = await Promise.all([visit.page.waitForEvent('download'), visit.press(`Download as ${format}`)])
      return readFileSync(await download.path(), 'utf8')
    }
    const lines = (await saved('NDJSON'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const chosen = lines.map(({ id: event, at, type, userAgent, requestId }) => ({ id: event, at, type, userAgent, requestId }))
    expect(chosen).toEqual(expected)
    const cells = parse(await saved('CSV'), { columns: true }) as Record<string, string>[]
    expect(cells.map((line) => line.id)).toEqual(expected.map((event: { id: string }) => event.id))
    const agents = cells.map(({ userAgent }) => userAgent)
    expect(agents).toContain("'=cmd()|x")
    expect(agents).toContain('Mozilla/5.0 "quoted", text')
    await visit.shows(`The file is on your device now, with ${expected.length} events.`)
  })

  test('keys are rotated after a question', async () => {
    await visit.go('/admin/keys')
    await visit.page.getByRole('table').waitFor()
    const before = await rows().count()
    await untilStepUpIsOld()
    expect(await does('Make a new key', 'signs now.')).toBe(true)
    await expect.poll(async () => await rows().count()).toBe(before + 1)
    expect(await rows().nth(1).textContent()).toContain('signs')
    expect(await rows().nth(2).textContent()).toContain('still accepted')
  })

  test('mails that wait are shown with their reason, without what they say', async () => {
    await visit.go('/admin/mails')
    await visit.page.getByRole('cell', { name: 'invited@example.com' }).first().waitFor()
    const reason = async () => {
      await visit.press('Look again')
      return await visit.page.getByRole('table').textContent()
    }
    await expect.poll(reason, { timeout: 60_000, interval: 1_000 }).toMatch(/ESOCKET|ECONN/)
  })

  test('webhooks: the secret is shown once, deliveries are listed, and one is disabled and deleted', async () => {
    await visit.go('/admin/webhooks')
    await visit.shows('There are no webhooks.')
    await visit.fill('URL', 'ftp://nowhere')
    await visit.press('Create the webhook')
    await ends('This must')
    await untilStepUpIsOld()
    await visit.fill('URL', 'http://127.0.0.1:65000/hook')
    await visit.press('Create the webhook')
    expect(await ends('This is the secret with which the receiver checks signatures.')).toBe(true)
    expect(await visit.page.locator('.secret').textContent()).toMatch(/^whsec_/)
    await visit.follow('http://127.0.0.1:65000/hook')
    await visit.page.getByRole('cell', { name: 'Webhook created' }).waitFor()
    expect(await visit.page.locator('.secret').count()).toBe(0)
    await does('Disable', 'The webhook is disabled.')
    await visit.shows('Disabled by an administrator')
    await does('Make a new secret', 'This is the secret')
    await does('Delete', 'The webhook was deleted.')
    await visit.follow('All webhooks')
    await visit.shows('There are no webhooks.')
  })

  test('the settings are searched, and the page has no secret', async () => {
    await visit.go('/admin/server')
    await visit.page.getByRole('cell', { name: 'SMTP_URL', exact: true }).waitFor()
    const text = (await visit.page.content()) + (await visit.page.evaluate<string>('document.body.innerText'))
    for (const secret of [SMTP_SECRET, SECRET_KEY, PASSWORD]) expect(text).not.toContain(secret)
    expect(await visit.page.getByRole('row', { name: /^SMTP_URL/ }).textContent()).toContain('(set)')
    await visit.fill('Search the settings', 'deprecation')
    await visit.page.getByRole('cell', { name: 'wekan=2026-01-01' }).waitFor()
    await expect.poll(async () => await visit.page.getByRole('cell', { name: 'SMTP_URL', exact: true }).count()).toBe(0)
    await visit.fill('Search the settings', 'no such setting')
    await visit.shows('No setting matches.')
  })

  test('legacy clients: who is left, in the chart, in its table and in the list, and what to do next', async () => {
    const counted = async () => {
      await visit.go('/admin/legacy-clients?by=CLIENT&dialect=wekan&client=OldBoard')
      await visit.page.getByRole('heading', { name: 'Who is left' }).waitFor()
      await visit.page.waitForLoadState('networkidle')
      return await visit.page.getByRole('table', { name: 'Requests by client' }).count()
    }
    await expect.poll(counted, { timeout: 90_000, interval: 3_000 }).toBe(1)
    const groups = visit.page.getByRole('table', { name: 'Requests by client' }).getByRole('row')
    expect(await groups.nth(1).getByRole('cell').allTextContents()).toEqual([' OldBoard/1.0', '2', '1', '100%'])
    await visit.page.getByRole('img', { name: 'Requests per day by client' }).locator('.recharts-bar-rectangle path').first().waitFor()
    await visit.page.getByText('The chart as a table').click()
    const byDay = visit.page.getByRole('table', { name: 'Requests per day by client' }).getByRole('row')
    expect(await byDay.nth(1).getByRole('cell').nth(1).textContent()).toBe('2')
    const left = visit.page.getByRole('table', { name: 'Who is left' }).getByRole('row')
    expect(await left.count()).toBe(2)
    expect(await left.nth(1).textContent()).toContain('POST /users/login')
    const wekan = visit.page.getByRole('region', { name: /wekan$/ })
    expect(await wekan.textContent()).toMatch(/It is deprecated since 1 Jan 2026, and still used: .*SUNSET=wekan=\d{4}-\d\d-\d\d/)
    expect(await visit.page.getByRole('region', { name: /xiot$/ }).textContent()).toContain('SWITCHED_OFF=xiot')
    await visit.page.getByLabel('Period').selectOption({ label: 'A year' })
    await visit.page.getByLabel('By', { exact: true }).selectOption({ label: 'Route' })
    await visit.press('Show')
    await visit.page.getByRole('img', { name: 'Requests per week by route' }).waitFor()
  })

  test('a server that does not answer is said, and what was read stays', async () => {
    await visit.go('/admin?sort=username-asc')
    await visit.page.getByRole('table').waitFor()
    await tick('Select person05')
    await visit.page.route('**/graphql', async (route) => await route.abort())
    await does('Disable them', 'The server could not be reached.')
    await visit.shows('They are still selected.')
    expect((await names())[0]).toBe('admin')
    await visit.page.unroute('**/graphql')
    await does('Disable them', 'Disabled: one account.')
  })

  // How a page looks does not depend on the database.
  describe.skipIf(database === 'PostgreSQL')('for everybody', () => {
    const PATHS = ['', '/create', '/invite', '/audit-log', '/legacy-clients', '/keys', '/mails', '/webhooks', '/server']

    test.each([
      ['English', 'EN', 'light'],
      ['English, dark', 'EN', 'dark'],
      ['Arabic', 'AR', 'light'],
      ['Arabic, dark', 'AR', 'dark'],
    ] as const)('in %s no page keeps anybody out', async (_language, locale, colorScheme) => {
      await graphql('mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename } }', { input: { locale } })
      await visit.page.emulateMedia({ colorScheme })
      for (const path of [...PATHS, `/users/${ids.get('person01')}`]) {
        await visit.go(`/admin${path}`)
        await visit.page.locator('h1').waitFor()
        await visit.page.waitForLoadState('networkidle')
        await expect.poll(async () => await visit.page.locator('html').getAttribute('lang')).toBe(locale.toLowerCase())
        await expectAccessible(visit.page)
        // Nothing is wider than a small phone.
        await visit.page.setViewportSize({ width: 360, height: 740 })
        await expect.poll(async () => await visit.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
        await visit.page.setViewportSize({ width: 1280, height: 900 })
      }
    })
  })
})
