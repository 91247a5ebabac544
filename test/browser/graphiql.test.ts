/**
 * GraphiQL in a real browser that reaches nothing but this server: the page loads, its prepared tabs work one after the
 * other as they stand, and a query that is typed in answers.
 */
import type { Request } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { findBrowser, useLocalPage } from '../support/browser.ts'
import { useWorld } from '../support/world.ts'

const executable = findBrowser()

const asksFor = (operation: string) => (request: Request) => request.postData()?.includes(`"operationName":"${operation}"`) === true

describe.skipIf(executable === undefined)('GraphiQL', () => {
  const world = useWorld()
  const { page, outside, broken } = useLocalPage(executable, world, '/graphql')
  beforeAll(async () => await page().getByRole('tab', { name: 'SignUp' }).waitFor())

  /** Presses the button until the operation was sent, and waits for that one answer: GraphiQL learns its name a moment after the editor has its text. */
  const execute = async (operation: string): Promise<string> => {
    for (let tries = 0; tries < 20; tries += 1) {
      const sent = page()
        .waitForRequest(asksFor(operation), { timeout: 1_000 })
        .catch(() => null)
      await page()
        .getByRole('button', { name: /execute query/i })
        .click()
      const response = await (await sent)?.response()
      if (response != null) return await response.text()
    }
    throw new Error(`the operation ${operation} was not sent`)
  }

  /** Opens a tab, runs it, and gives the answer to it. */
  const run = async (tab: string): Promise<string> => {
    await page().locator('button.graphiql-tab-button', { hasText: tab }).click()
    await page()
      .locator('.graphiql-query-editor', { hasText: `${tab} {` })
      .waitFor()
    return await execute(tab)
  }

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
