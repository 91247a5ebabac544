/**
 * GraphiQL in a real browser that reaches nothing but this server: the page loads, its prepared tabs work one after the
 * other as they stand, and a query that is typed in answers.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Page, Request } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/axe.ts'
import { findBrowser, launch, useLocalPage } from '../support/browser.ts'
import { useWorld } from '../support/world.ts'

const executable = findBrowser()

/** Colours of its theme and of the editor, and tabs with a button to close them. */
const OF_GRAPHIQL = ['color-contrast', 'nested-interactive']

const asksFor = (operation: string) => (request: Request) => request.postData()?.includes(`"operationName":"${operation}"`) === true

describe.skipIf(executable === undefined)('GraphiQL', () => {
  const world = useWorld()
  const { page, outside, broken } = useLocalPage(executable, world, '/graphql')
  beforeAll(async () => await page().getByRole('tab', { name: 'SignUp' }).waitFor())

  /**
   * Presses the button until the operation was sent, and waits for the first answer: GraphiQL learns its name a moment after the editor has
   * its text.
   */
  const execute = async (operation: string): Promise<string> => {
    const sent = page().waitForRequest(asksFor(operation), { timeout: 30_000 })
    let isSent = false
    const noted = sent.then(() => {
      isSent = true
    })
    while (!isSent) {
      await page()
        .getByRole('button', { name: /execute query/i })
        .click()
      await Promise.race([noted, delay(5_000)])
    }
    return (await (await sent).response())?.text() ?? ''
  }

  /** Opens a tab, runs it, and gives the answer to it. */
  const run = async (tab: string): Promise<string> => {
    await open(tab)
    return await execute(tab)
  }

  const TABS = ['SignUp', 'SignIn', 'Me', 'Users', 'DialectUses']
  const open = async (tab: string, shown = page()) => {
    await shown.locator('button.graphiql-tab-button', { hasText: tab }).click()
    await shown.locator('.graphiql-query-editor', { hasText: `${tab} {` }).waitFor()
  }

  const expectHeaders = async (shown: Page) => {
    const headers = async () => ((await shown.locator('.graphiql-editor-tool').last().textContent()) ?? '').replace(/\s/g, '')
    await expect.poll(headers).toContain('"authorization":"Bearer$TOKEN"')
    for (const tab of TABS) {
      await open(tab, shown)
      await expect.poll(headers).toContain('"authorization":"Bearer$TOKEN"')
    }
  }

  it('GraphiQL shows the headers that each tab sends, in the first one too', async () => {
    await expectHeaders(page())
  })

  it('GraphiQL shows the headers of each tab when it is opened again', async () => {
    const browser = await launch(executable ?? '')
    const shown = await browser.newPage({ viewport: { width: 1300, height: 900 } })
    const load = async () => {
      await shown.goto(`${world().url}/graphql`)
      await shown.getByRole('tab', { name: 'SignUp' }).waitFor()
    }
    await load()
    await open('SignIn', shown)
    await expect.poll(async () => await shown.evaluate(`localStorage.getItem('graphiql:tabState')`)).toContain('SignIn')
    await load()
    await expectHeaders(shown)
    await browser.close()
  })

  it('GraphiQL shows the whole lines of each document', async () => {
    for (const tab of TABS) {
      await open(tab)
      const lines = await page().locator('.graphiql-query-editor .view-line > span').all()
      const ends = await Promise.all(lines.map(async (line) => (await line.boundingBox()) ?? { x: 0, width: 0 }))
      const button = await page().locator('.graphiql-execute-button').boundingBox()
      expect(lines.length).toBeGreaterThan(10)
      expect(Math.max(...ends.map(({ x, width }) => x + width))).toBeLessThan(button?.x ?? 0)
    }
  })

  it('GraphiQL shows the description of the schema', async () => {
    await page()
      .getByRole('button', { name: /documentation explorer/i })
      .click()
    const shown = page().locator('.graphiql-doc-explorer')
    await expect.poll(async () => await shown.textContent()).toContain('Accounts and what belongs to them: sign-up and sign-in')
    await page()
      .getByRole('button', { name: /documentation explorer/i })
      .click()
  })

  it('GraphiQL on a phone is as wide as its screen', async () => {
    const phone = await launch(executable ?? '')
    const screen = await phone.newPage({ viewport: { width: 390, height: 844 }, isMobile: true })
    await screen.goto(`${world().url}/graphql`)
    await screen.getByRole('tab', { name: 'SignUp' }).waitFor()
    expect(await screen.evaluate('innerWidth')).toBe(390)
    await phone.close()
  })

  it('axe finds nothing critical in GraphiQL, and what is serious is in its own markup', async () => {
    const findings = await seriousFindings(page())
    expect(findings.filter(({ impact, rule }) => impact === 'critical' || !OF_GRAPHIQL.includes(rule))).toEqual([])
  })

  it('GraphiQL signs up, signs in, and says who that is, as the tabs stand', async () => {
    expect(JSON.parse(await run('SignUp')).data.signUp.user.name).toBe('Ada Lovelace')
    expect(JSON.parse(await run('SignIn')).data.signIn.user.isAdmin).toBe(true)
    expect(JSON.parse(await run('Me')).data.me.email).toBe('ada@example.com')
    const [first] = JSON.parse(await run('Users')).data.users.edges
    expect(first.node.username).toBe('ada')
    expect(JSON.parse(await run('DialectUses')).data.dialectUses.edges).toEqual([])
  })

  it('GraphiQL answers a query that is typed in, and shows the answer', async () => {
    await page()
      .getByRole('button', { name: /new tab/i })
      .click()
    const editor = page().locator('.graphiql-query-editor .view-lines')
    await editor.click()
    await page().keyboard.press('ControlOrMeta+A')
    await page().keyboard.insertText('query Mine { me { username emailVerified } }')
    expect(JSON.parse(await execute('Mine')).data.me.username).toBe('ada')
    const shown = async () => ((await page().locator('.result-window').textContent()) ?? '').replace(/\s+/g, ' ')
    await expect.poll(shown, { timeout: 20_000 }).toContain('emailVerified')
    expect(await shown()).toContain('"ada"')
  })

  it('GraphiQL asks nobody else for anything, and nothing in it breaks', () => {
    expect(outside).toEqual([])
    expect(broken).toEqual([])
  })
})
