/**
 * The pages for everybody and those of one's own account, by clicking through them in Chromium, against the real program on both
 * databases: sign-up and sign-in, the second factor, mails, sessions, tokens, the audit log, one's data, and the end of the account.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSync } from 'otplib'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { findBrowser, launch } from '../support/browser.ts'
import { useProgramDatabase } from '../support/database.ts'
import { mailFiles } from '../support/mailFiles.ts'
import { killAll, startProgram } from '../support/program.ts'
import { expectAccessible, openVisit, type Visit } from '../support/webPages.ts'

const PASSWORD = 'a long enough password'
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
  ['the embedded database', () => ({})],
  ['PostgreSQL', () => postgres()],
])('on %s', (name, storage) => {
  let directory: string
  let base: string
  const visits: Visit[] = []
  let made = 0

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vestibule-pages-'))
    base = await startProgram(directory, { ...storage(), LIMIT_ADDRESS_PER_MINUTE: '10000', STEP_UP_GRAPHQL: '1h' }).ready()
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  afterEach(async () => {
    for (const visit of visits.splice(0)) {
      expect(visit.broken).toEqual([])
      await visit.close()
    }
  })

  const open = async (options: Parameters<typeof openVisit>[2] = {}): Promise<Visit> => {
    const visit = await openVisit(browser, base, { locale: 'en-GB', ...options })
    visits.push(visit)
    return visit
  }
  const newEmail = (): string => `person${++made}@example.com`

  const signUp = async (visit: Visit, email: string): Promise<void> => {
    await visit.go('/sign-up')
    await visit.fill('Your name (optional)', 'Grace Hopper')
    await visit.fill('E-mail address', email)
    await visit.fill('Password', PASSWORD)
    await visit.press('Create the account')
    await visit.page.getByRole('heading', { name: 'Profile' }).waitFor()
  }
  const signIn = async (visit: Visit, email: string, password = PASSWORD): Promise<void> => {
    await visit.fill('Username or e-mail address', email)
    await visit.fill('Password', password)
    await visit.page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  const signOut = async (visit: Visit): Promise<void> => {
    await visit.press('Sign out')
    await visit.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  }
  const newAccount = async (): Promise<{ visit: Visit; email: string }> => {
    const visit = await open()
    const email = newEmail()
    await signUp(visit, email)
    return { visit, email }
  }
  /** The link to a page in the newest mail to an address that has one. */
  const linkTo = async (email: string, path: string): Promise<string> => {
    const link = async () =>
      new RegExp(`http://localhost:\\d+(${path}\\S*#token=\\S+)`).exec((await mailFiles(join(directory, 'data'), email)).at(-1) ?? '')?.[1]
    await expect.poll(link).toBeTypeOf('string')
    return (await link()) ?? ''
  }

  test('somebody signs up, signs out, mistypes the password, and signs in', async () => {
    const { visit, email } = await newAccount()
    expect(visit.page.url()).toBe(`${base}/account`)
    expect(await visit.page.getByLabel('Name', { exact: true }).inputValue()).toBe('Grace Hopper')
    await signOut(visit)
    await signIn(visit, email, 'not the password')
    await visit.shows('The name or the password is wrong.')
    expect(await visit.page.getByLabel('Username or e-mail address').inputValue()).toBe(email)
    await visit.fill('Password', PASSWORD)
    await visit.page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
    await visit.page.getByRole('heading', { name: 'Profile' }).waitFor()
  })

  test('a taken address, a short password and an empty field are said in their places, and what was typed stays', async () => {
    const { email } = await newAccount()
    const visit = await open()
    await visit.go('/sign-up')
    await visit.press('Create the account')
    await visit.shows('Please fill in this field.')
    await visit.fill('E-mail address', 'other@example.com')
    await visit.fill('Password', 'short')
    await visit.press('Create the account')
    await visit.shows('The password must have at least 8 characters.')
    await visit.fill('E-mail address', email)
    await visit.fill('Password', PASSWORD)
    await visit.press('Create the account')
    await visit.shows('Another account has this e-mail address.')
    expect(await visit.page.getByLabel('E-mail address').inputValue()).toBe(email)
  })

  test('who is not signed in is led to sign-in first, and then to the page that was asked for', async () => {
    const { visit, email } = await newAccount()
    await signOut(visit)
    await visit.go('/account/sessions')
    await visit.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signIn(visit, email)
    await visit.page.getByRole('heading', { name: 'Sessions' }).waitFor()
    expect(visit.page.url()).toBe(`${base}/account/sessions`)
  })

  test('a link that leads elsewhere after sign-in is not followed', async () => {
    const { visit, email } = await newAccount()
    await signOut(visit)
    for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
      await visit.go(`/sign-in?next=${encodeURIComponent(next)}`)
      await signIn(visit, email)
      await visit.page.getByRole('heading', { name: 'Profile' }).waitFor()
      expect(visit.page.url()).toBe(`${base}/account`)
      await signOut(visit)
    }
  })

  test('a forgotten password is replaced by the link in a mail, once', async () => {
    const { visit, email } = await newAccount()
    await signOut(visit)
    await visit.follow('Forgot your password?')
    await visit.fill('E-mail address of your account', email)
    await visit.press('Send a link')
    await visit.shows('a mail with a link is on its way')
    const link = await linkTo(email, '/reset-password')
    await visit.go(link)
    await visit.fill('New password', 'another long password')
    await visit.press('Set new password')
    await visit.shows('Your password is changed.')
    await visit.follow('Continue to sign-in')
    await signIn(visit, email, 'another long password')
    await visit.page.getByRole('heading', { name: 'Profile' }).waitFor()
    await visit.go(link)
    await visit.shows('This link is not valid any more')
  })

  test('the profile is changed, also to a name with markup, and its language is that of the pages', async () => {
    const { visit } = await newAccount()
    await visit.fill('Name', '<img src=x onerror=alert(1)> & "Grace"')
    await visit.press('Save')
    await visit.shows('Your profile is saved.')
    await visit.page.reload()
    expect(await visit.page.getByLabel('Name', { exact: true }).inputValue()).toBe('<img src=x onerror=alert(1)> & "Grace"')
    await visit.fill('Name', 'x'.repeat(10_000))
    await visit.press('Save')
    await visit.shows('This must have at most 100 characters.')
    expect(await visit.page.getByLabel('Name', { exact: true }).inputValue()).toBe('x'.repeat(10_000))
    await visit.fill('Name', 'Grace')
    await visit.page.getByLabel('Language of pages and mails').selectOption({ label: 'العربية' })
    await visit.press('Save')
    await visit.shows('تم حفظ ملفك الشخصي.')
    expect(await visit.page.locator('html').getAttribute('dir')).toBe('rtl')
    await visit.page.reload()
    await visit.page.getByRole('heading', { name: 'الملف الشخصي' }).waitFor()
  })

  test('the password is changed, and other sessions end', async () => {
    const { visit, email } = await newAccount()
    const other = await open()
    await other.go('/sign-in')
    await signIn(other, email)
    await other.page.getByRole('heading', { name: 'Profile' }).waitFor()
    await visit.follow('Password')
    await visit.fill('Current password', 'wrong')
    await visit.fill('New password', 'a new long password')
    await visit.press('Change the password')
    await visit.shows('The password is wrong.')
    await visit.fill('Current password', PASSWORD)
    await visit.press('Change the password')
    await visit.shows('Your password is changed.')
    // What the other has typed is still there after it has signed in again.
    await other.fill('Name', 'Typed before')
    await other.press('Save')
    await other.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await other.fill('Username or e-mail address', email)
    await other.fill('Password', 'a new long password')
    await other.page.getByRole('dialog').getByRole('button', { name: 'Sign in', exact: true }).click()
    await other.shows('Your profile is saved.')
    expect(await other.page.getByLabel('Name', { exact: true }).inputValue()).toBe('Typed before')
  })

  test('the address is confirmed by the code of a mail, and changed by another one', async () => {
    const { visit, email } = await newAccount()
    const codeFor = async (address: string): Promise<string> => {
      const code = async () => /^\s*(\d{3} ?\d{3})\s*$/m.exec((await mailFiles(join(directory, 'data'), address)).at(-1) ?? '')?.[1]
      await expect.poll(code).toBeTypeOf('string')
      return (await code()) ?? ''
    }
    await visit.follow('E-mail address')
    await visit.shows('not confirmed yet')
    await visit.press('Send a mail to confirm it')
    await visit.shows('A mail with a link and a code is on its way')
    await visit.fill('Code from the mail', '000000')
    await visit.press('Confirm')
    await visit.shows('This link is not valid any more')
    await visit.fill('Code from the mail', await codeFor(email))
    await visit.press('Confirm')
    await visit.shows('Your address is confirmed.')
    const address = newEmail()
    await visit.fill('New address', address)
    await visit.press('Change the address')
    await visit.shows(`${address} waits for its confirmation`)
    await visit.fill('Code from the mail', await codeFor(address))
    await visit.press('Confirm')
    await visit.shows('Your address is confirmed.')
    await expect
      .poll(async () => await visit.page.getByRole('region', { name: 'Your address' }).textContent())
      .toContain(`${address} confirmed`)
  })

  test('two-step sign-in: turned on by the secret, used with the app and with a recovery code, and turned off', async () => {
    const { visit, email } = await newAccount()
    await visit.follow('Two-step sign-in')
    await visit.press('Turn it on')
    const image = visit.page.getByAltText('QR code with the secret for your authenticator app')
    expect(await image.getAttribute('src')).toMatch(/^data:image\/png;base64,/)
    const secret = ((await visit.page.locator('.secret').textContent()) ?? '').replaceAll(' ', '')
    await visit.fill('Code of the app', '000000')
    await visit.press('Turn it on')
    await visit.shows('The code is wrong.')
    await visit.fill('Code of the app', generateSync({ secret }))
    await visit.press('Turn it on')
    await visit.shows('Two-step sign-in is on now.')
    const codes = await visit.page.locator('.codes li').allTextContents()
    expect(codes).toHaveLength(10)
    const [download] = await Promise.all([visit.page.waitForEvent('download'), visit.press('Download')])
    expect(readFileSync(await download.path(), 'utf8')).toBe(`${codes.join('\n')}\n`)
    await visit.press('I have kept them')
    await visit.shows('You have 10 unused recovery codes.')
    await signOut(visit)
    await signIn(visit, email)
    await visit.shows('Your account has two-step sign-in.')
    await visit.fill('Code', '000000')
    await visit.press('Continue')
    await visit.shows('The code is wrong, or it was used before.')
    await visit.fill('Code', codes[0] ?? '')
    await visit.press('Continue')
    await visit.page.getByRole('heading', { name: 'Profile' }).waitFor()
    await visit.follow('Two-step sign-in')
    await visit.shows('You have 9 unused recovery codes.')
    await visit.press('Turn it off')
    await visit.fill('Password', PASSWORD)
    await visit.page.getByRole('dialog').getByRole('button', { name: 'Turn it off' }).click()
    await visit.shows('Two-step sign-in is off now.')
  })

  test('sessions: one is ended from another, and says so where it was open', async () => {
    const { visit, email } = await newAccount()
    const other = await open({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0' })
    await other.go('/sign-in')
    await signIn(other, email)
    await other.page.getByRole('heading', { name: 'Profile' }).waitFor()
    await visit.follow('Sessions')
    await visit.press('End the session of Firefox, Linux')
    await visit.page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click()
    await visit.shows('The session has ended.')
    await expect.poll(async () => await visit.page.getByRole('row').count()).toBe(2)
    await other.follow('Sessions')
    await other.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  })

  test('two tabs: who signs out in one is signed out in the other', async () => {
    const { visit } = await newAccount()
    const second = await visit.context.newPage()
    await second.goto(`${base}/account/sessions`)
    await second.getByRole('heading', { name: 'Sessions' }).waitFor()
    await visit.press('Sign out')
    await second.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('two tabs: when another account signs in in one, the other shows nothing of the first any more', async () => {
    const { visit, email } = await newAccount()
    await visit.fill('Name', 'The first one')
    await visit.press('Save')
    await visit.shows('Your profile is saved.')
    const other = await open()
    const second = newEmail()
    await signUp(other, second)
    const tab = await visit.context.newPage()
    await tab.goto(`${base}/account`)
    await tab.getByRole('button', { name: 'Sign out', exact: true }).click()
    await tab.getByLabel('Username or e-mail address').fill(second)
    await tab.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await tab.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect.poll(async () => await visit.page.getByLabel('Name', { exact: true }).inputValue()).toBe('Grace Hopper')
    expect(await visit.page.locator('main').textContent()).not.toContain(email.split('@')[0])
  })

  test('a personal access token is shown once, works, and is revoked', async () => {
    const { visit } = await newAccount()
    await visit.follow('Personal access tokens')
    await visit.shows('You have no tokens.')
    await visit.fill('Name', 'Backups <b>')
    await visit.press('Make the token')
    await visit.shows('This is your new token.')
    const token = (await visit.page.locator('.secret').textContent()) ?? ''
    const ask = async () => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const answer = await fetch(`${base}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: '{ me { name } }' }) })
      return (await answer.json()) as unknown
    }
    expect(await ask()).toEqual({ data: { me: { name: 'Grace Hopper' } } })
    await visit.page.reload()
    await visit.press('Revoke the token Backups <b>')
    expect(await visit.page.locator('.secret').count()).toBe(0)
    await visit.page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
    await visit.shows('The token is revoked.')
    expect(await ask()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  test('the audit log tells what happened, page by page, and back leads back', async () => {
    const { visit, email } = await newAccount()
    for (let count = 0; count < 14; count += 1) {
      await signOut(visit)
      await signIn(visit, email)
      await visit.page.getByRole('heading', { name: 'Profile' }).waitFor()
    }
    await visit.follow('What happened')
    await visit.page.getByRole('cell', { name: 'Signed in' }).first().waitFor()
    const first = await visit.page.getByRole('table').textContent()
    await visit.press('Next page')
    await visit.page.getByRole('cell', { name: 'Account created' }).waitFor()
    await visit.page.goBack()
    await expect.poll(async () => await visit.page.getByRole('table').textContent()).toBe(first)
  })

  test('all data of the account comes as a file, and the account is deleted by its password', async () => {
    const { visit, email } = await newAccount()
    await visit.follow('Your data')
    const [download] = await Promise.all([visit.page.waitForEvent('download'), visit.press('Download my data')])
    const data = JSON.parse(readFileSync(await download.path(), 'utf8'))
    expect(data.account).toMatchObject({ email, name: 'Grace Hopper', sessions: [{ current: true }] })
    expect(data.auditEvents.map(({ type }: { type: string }) => type)).toContain('ACCOUNT_CREATED')
    await visit.press('Delete my account…')
    await visit.fill('Password', 'wrong')
    await visit.press('Delete it for good')
    await visit.shows('The password is wrong.')
    await visit.fill('Password', PASSWORD)
    await visit.press('Delete it for good')
    await visit.shows('Your account is deleted.')
    await signIn(visit, email)
    await visit.shows('The name or the password is wrong.')
  })

  describe('bad days', () => {
    test('no answer, a server that is busy and too many attempts are said, and nothing that was typed is lost', async () => {
      const { visit } = await newAccount()
      await visit.fill('Name', 'Typed with care')
      const answers: readonly [string, (route: import('playwright-core').Route) => Promise<void>][] = [
        ['The server could not be reached.', async (route) => await route.abort()],
        [
          'The server is busy. Please try again in a moment. Please wait 7 seconds',
          async (route) => await route.fulfill({ status: 503, headers: { 'retry-after': '7' }, json: { message: 'Busy' } }),
        ],
        [
          'There were too many attempts.',
          async (route) => await route.fulfill({ status: 429, headers: { 'retry-after': '60' }, json: { message: 'Too many' } }),
        ],
        ['Something went wrong on the server.', async (route) => await route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' })],
      ]
      for (const [text, answer] of answers) {
        await visit.page.route('**/graphql', answer)
        await visit.press('Save')
        await visit.shows(text)
        expect(await visit.page.getByLabel('Name', { exact: true }).inputValue()).toBe('Typed with care')
        await visit.page.unroute('**/graphql')
      }
      await visit.press('Save')
      await visit.shows('Your profile is saved.')
    })
  })

  // What a page looks like does not depend on the database.
  describe.runIf(name === 'PostgreSQL')('for everybody', () => {
    const PAGES = ['/', '/sign-in', '/sign-up', '/forgot-password', '/reset-password']
    const OWN = ['', '/password', '/email', '/two-factor', '/sessions', '/tokens', '/audit-log', '/data'].map((path) => `/account${path}`)

    test.each([
      ['English', 'en', 'light'],
      ['English, dark', 'en', 'dark'],
      ['Arabic', 'ar', 'light'],
      ['Arabic, dark', 'ar', 'dark'],
    ] as const)('in %s no page keeps anybody out', async (_name, lang, colorScheme) => {
      const visit = await open({ colorScheme, locale: lang })
      for (const path of PAGES) {
        await visit.go(path)
        await visit.page.locator('h1').waitFor()
        expect(await visit.page.locator('html').getAttribute('lang')).toBe(lang)
        await expectAccessible(visit.page)
      }
      const signUpAnswer = await visit.page.evaluate(
        `fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf-protection': '1' }, body: JSON.stringify({
          query: 'mutation($input: SignUpInput!) { signUp(input: $input) { __typename } }',
          variables: { input: { email: '${newEmail()}', password: '${PASSWORD}', transport: 'COOKIE', locale: '${lang.toUpperCase()}' } } }) }).then((answer) => answer.json())`,
      )
      expect(signUpAnswer).toEqual({ data: { signUp: { __typename: 'SignUpSuccess' } } })
      for (const path of OWN) {
        await visit.go(path)
        await visit.page.locator('h1').waitFor()
        await visit.page.waitForLoadState('networkidle')
        await expectAccessible(visit.page)
        // Nothing is wider than a small phone.
        await visit.page.setViewportSize({ width: 360, height: 740 })
        expect(await visit.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
        await visit.page.setViewportSize({ width: 1280, height: 900 })
      }
    })

    test('sign-in with a second factor needs nothing but a keyboard', async () => {
      const { visit, email } = await newAccount()
      await visit.follow('Two-step sign-in')
      await visit.press('Turn it on')
      const secret = ((await visit.page.locator('.secret').textContent()) ?? '').replaceAll(' ', '')
      await visit.fill('Code of the app', generateSync({ secret }))
      await visit.press('Turn it on')
      await visit.page.locator('.codes li').first().waitFor()
      const [code = ''] = await visit.page.locator('.codes li').allTextContents()
      const keys = visit.page.keyboard
      await visit.press('I have kept them')
      await signOut(visit)
      await visit.go('/sign-in')
      await visit.page.getByRole('heading', { name: 'Sign in' }).waitFor()
      // The first field has the focus.
      await expect.poll(async () => await visit.page.evaluate('document.activeElement.name')).toBe('identifier')
      await keys.type(email)
      await keys.press('Tab')
      await keys.type(PASSWORD)
      await keys.press('Enter')
      await expect.poll(async () => await visit.page.evaluate('document.activeElement.name')).toBe('code')
      await keys.type(code)
      await keys.press('Enter')
      await visit.page.getByRole('heading', { name: 'Profile' }).waitFor()
      // The first stop of a page leads past its head.
      await visit.page.reload()
      await visit.page.getByRole('heading', { name: 'Profile' }).waitFor()
      await keys.press('Tab')
      expect(await visit.page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    })
  })
})
