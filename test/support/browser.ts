/**
 * A headless Chromium for the tests of pages, if this machine has one: CHROMIUM_PATH, or one of the usual places. Every
 * host but this machine's own is cut off, so that a page that needs the outside world fails.
 */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { World } from './world.ts'

const USUAL_PLACES = [
  // The same without windows, which takes half the time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
]

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** The path of a browser. Says on standard error that the browser tests do not run when there is none. */
export function findBrowser(): string | undefined {
  const given = process.env.CHROMIUM_PATH
  const found = given === undefined || given === '' ? USUAL_PLACES.find(existsSync) : given
  if (found === undefined) process.stderr.write('\nBROWSER TESTS DID NOT RUN: no Chromium found. Install one, or set CHROMIUM_PATH.\n\n')
  return found
}

/** How long a test waits for a page, in ms: several browsers run at once, on a machine that may have two cores. */
const PATIENCE = 90_000

export async function launch(executablePath: string): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS })
  const newContext = browser.newContext.bind(browser)
  const newPage = browser.newPage.bind(browser)
  return Object.assign(browser, {
    newContext: async (...options: Parameters<typeof newContext>) => {
      const context = await newContext(...options)
      context.setDefaultTimeout(PATIENCE)
      return context
    },
    newPage: async (...options: Parameters<typeof newPage>) => {
      const page = await newPage(...options)
      page.setDefaultTimeout(PATIENCE)
      return page
    },
  })
}

export interface LocalPage {
  page(): Page
  /** Addresses that it asked for outside its world. */
  readonly outside: readonly string[]
  /** What broke in it: errors, requests that failed, and what its own policy forbade. */
  readonly broken: readonly string[]
}

/** One page of a world for the tests of a `describe`, opened before them and watched from then on. */
export function useLocalPage(executablePath: string | undefined, world: () => World, path: string): LocalPage {
  const outside: string[] = []
  const broken: string[] = []
  let browser: Browser | undefined
  let page: Page
  beforeAll(async () => {
    browser = await launch(executablePath ?? '')
    page = await browser.newPage({ viewport: { width: 1300, height: 900 } })
    page.on('request', (request) => {
      if (!request.url().startsWith(world().url) && !/^(blob|data):/.test(request.url())) outside.push(request.url())
    })
    page.on('pageerror', (error) => void broken.push(error.message))
    page.on('requestfailed', (request) => void broken.push(request.url()))
    page.on('console', (message) => {
      if (message.type() === 'error' && /content security policy/i.test(message.text())) broken.push(message.text())
    })
    await page.goto(world().url + path)
  })
  afterAll(async () => await browser?.close())
  return { page: () => page, outside, broken }
}
