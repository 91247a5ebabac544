/**
 * The pages for people in a real browser, as a person uses them, and what must never happen there: an error of a script, something that the
 * policy of the page forbids, a serious finding of axe-core.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { seriousFindings } from './axe.ts'

export interface Visit {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors of scripts and of the policy, in all pages of the visit. */
  readonly broken: readonly string[]
  /** Goes to a path of the pages. */
  go(path: string): Promise<void>
  fill(label: string, text: string): Promise<void>
  press(button: string): Promise<void>
  follow(link: string): Promise<void>
  /** Waits for a text on the page. */
  shows(text: string): Promise<void>
  close(): Promise<void>
}

/** What a browser says of an answer that is not 2xx is no fault of the page. */
const isOfAnswer = (text: string): boolean => text.startsWith('Failed to load resource')

export async function openVisit(browser: Browser, base: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ acceptDownloads: true, ...options })
  const broken: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error' && !isOfAnswer(message.text())) broken.push(message.text())
  })
  context.on('weberror', (error) => broken.push(error.error().message))
  const page = await context.newPage()
  return {
    context,
    page,
    broken,
    async go(path) {
      await page.goto(base + path)
    },
    async fill(label, text) {
      await page.getByLabel(label, { exact: true }).and(page.locator('input, textarea')).fill(text)
    },
    async press(button) {
      await page.getByRole('button', { name: button, exact: true }).click()
    },
    async follow(link) {
      await page.getByRole('link', { name: link, exact: true }).first().click()
    },
    async shows(text) {
      await page.getByText(text).first().waitFor()
    },
    close: async () => await context.close(),
  }
}

/** Nothing that keeps people out, by the rules of WCAG. */
export const expectAccessible = async (page: Page): Promise<void> => {
  expect(await seriousFindings(page)).toEqual([])
}
