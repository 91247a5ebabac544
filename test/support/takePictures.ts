/**
 * `npm run docs:pictures`: the pages as pictures for the README and docs/pages.md, each at 360 and at 1,280 px, taken in Chromium from the
 * built program on an embedded database with some accounts of its own.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startServer } from '../../bench/program.ts'
import { findBrowser, launch } from './browser.ts'

const PASSWORD = 'a long enough password'
const WIDTHS = [360, 1280]
/** In bytes, of each picture. */
const LARGEST = 100_000

const PAGES: readonly (readonly [name: string, path: string])[] = [
  ['start', '/'],
  ['sign-in', '/sign-in'],
  ['sign-up', '/sign-up'],
  ['forgot-password', '/forgot-password'],
]
const OWN_PAGES: readonly (readonly [name: string, path: string])[] = [
  ['account', '/account'],
  ['password', '/account/password'],
  ['email', '/account/email'],
  ['two-factor', '/account/two-factor'],
  ['sessions', '/account/sessions'],
  ['tokens', '/account/tokens'],
  ['account-audit-log', '/account/audit-log'],
  ['data', '/account/data'],
  ['users', '/admin'],
  ['audit-log', '/admin/audit-log'],
  ['legacy-clients', '/admin/legacy-clients?by=CLIENT'],
  ['keys', '/admin/keys'],
  ['mails', '/admin/mails'],
  ['webhooks', '/admin/webhooks'],
  ['server', '/admin/server'],
]

const NAMES = [
  'Ada Lovelace',
  'Grace Hopper',
  'Layla Hassan',
  'Alan Turing',
  'Mona Farid',
  'Edsger Dijkstra',
  'Barbara Liskov',
  'Omar Saleh',
]
const CLIENTS = ['WekanMobile/3.1 (Android 14)', 'python-requests/2.31', 'okhttp/4.12', 'curl/8.5']

const post = async (url: string, body: object, agent = 'pictures/1.0'): Promise<void> => {
  const headers = { 'content-type': 'application/json', 'user-agent': agent }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
}

const emailOf = (name: string): string => `${name.toLowerCase().replace(' ', '.')}@example.com`

/** Accounts, of which the first is the administrator, and clients of two legacy APIs. */
const fill = async (base: string): Promise<void> => {
  const query = 'mutation($input: SignUpInput!) { signUp(input: $input) { __typename } }'
  for (const name of NAMES)
    await post(`${base}/graphql`, { query, variables: { input: { name, email: emailOf(name), password: PASSWORD } } })
  for (const [at, name] of NAMES.entries()) {
    await post(`${base}/users/login`, { email: emailOf(name), password: PASSWORD }, CLIENTS[at % CLIENTS.length])
    await post(`${base}/v1/auth/login`, { email: emailOf(name), password: PASSWORD }, CLIENTS[(at + 1) % CLIENTS.length])
  }
}

const take = async (page: Page, base: string, directory: string, pages: typeof PAGES): Promise<void> => {
  for (const [name, path] of pages)
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 620 })
      await page.goto(base + path)
      await page.locator('h1').waitFor()
      await page.waitForLoadState('networkidle')
      await page.screenshot({ path: join(directory, `${name}-${width}.png`) })
    }
}

export async function main({ root }: { readonly root: string }): Promise<void> {
  const executable = findBrowser()
  if (executable === undefined) throw new Error('pictures need Chromium: set CHROMIUM_PATH')
  const home = mkdtempSync(join(tmpdir(), 'vestibule-pictures-'))
  const directory = join(root, 'docs/images')
  const settings = { PORT: '0', DATA_DIR: join(home, 'data'), DEPRECATION: 'wekan=2026-06-01', SUNSET: 'wekan=2027-12-01' }
  const program = await startServer(join(root, 'dist/main.js'), home, settings)
  const browser = await launch(executable)
  try {
    const { url: base } = program
    const page = await browser.newPage({ locale: 'en-GB' })
    await take(page, base, directory, PAGES)
    await fill(base)
    await page.goto(`${base}/sign-in`)
    await page.getByLabel('Username or e-mail address').fill(emailOf(NAMES[0] ?? ''))
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Profile' }).waitFor()
    // Uses of dialects are written once a minute.
    await page.waitForTimeout(70_000)
    await take(page, base, directory, OWN_PAGES)
  } finally {
    await browser.close()
    await program.stop()
    rmSync(home, { recursive: true, force: true })
  }
  const tooLarge = readdirSync(directory).filter((name) => statSync(join(directory, name)).size > LARGEST)
  if (tooLarge.length > 0) throw new Error(`larger than ${LARGEST} bytes: ${tooLarge.join(', ')}`)
}
