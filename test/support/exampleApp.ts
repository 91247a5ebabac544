/**
 * An app of `examples`: built by Vite, served on an origin of its own, and open in one window of a browser, with a world as its server. The
 * window and its first tab stay for all tests of a file, because a new window takes longer than most of these tests.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page, Request } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Person } from './accounts.ts'
import { launch } from './browser.ts'
import { root } from './database.ts'
import { type FolderSite, openFolderSite } from './folderSite.ts'
import { useWorld, type World } from './world.ts'

interface Options {
  /** A variable of the build, such as VITE_TRANSPORT, whose value each page takes from `variant` in its address. */
  readonly variable?: string
  /** What a page may print besides. */
  readonly expected?: RegExp
  /** Settings of the server. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Whose tokens; null for nobody. */
type Tokens = Pick<Person, 'id' | 'token' | 'refreshToken'> | null

interface Opening {
  readonly as?: Tokens
  readonly variant?: string
}

export interface ExampleApp {
  world(): World
  /** The address of the server, as the app has it. */
  endpoint(): string
  /** The first tab. */
  page(): Page
  /** The names of the operations that all tabs sent, in their order; the id if only an id was sent. */
  readonly sent: string[]
  operationOf(request: Request): string
  /** Opens the app in the first tab, for this person or for nobody. */
  open(opening?: Opening): Promise<void>
  /** Another tab, which is closed after the test. */
  openTab(): Promise<Page>
  /** Puts tokens into the storage that all tabs share. All tabs hear of it but the one that does it. */
  keep(tokens: Tokens, on?: Page): Promise<void>
}

const operationOf = (request: Request): string => {
  const { operationName, query = '', doc_id } = request.postDataJSON()
  return operationName ?? /^(?:query|mutation) (\w+)/.exec(query)?.[1] ?? doc_id
}

/** No tree shaking, and no syntax of older browsers: both take longer than the rest of the build. */
const buildApp = async (name: string, outDir: string, variable: string): Promise<void> => {
  const define = { 'import.meta.env.VITE_API_URL': 'globalThis.api', [`import.meta.env.${variable}`]: 'globalThis.variant' }
  const output = { outDir, emptyOutDir: true, minify: false, target: 'esnext', modulePreload: false, reportCompressedSize: false } as const
  const options = { ...output, rollupOptions: { treeshake: false } }
  await build({ root: join(root, 'examples', name), logLevel: 'error', define, build: options })
}

/** Call it in a `describe`, with the name of the folder. After each test, no page may have printed an error or a warning that is not `expected`. */
export function useExampleApp(
  executable: string | undefined,
  name: string,
  { variable = 'VITE_VARIANT', expected = /^$/, settings = {} }: Options = {},
): ExampleApp {
  let folder: string
  let site: FolderSite
  let browser: Browser
  let page: Page
  const sent: string[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vestibule-example-'))
    site = await openFolderSite(folder)
  })
  const world = useWorld(() => ({ CORS_ORIGINS: site.url, ...settings }))
  const endpoint = () => `http://localhost:${new URL(world().url).port}/graphql`
  const openTab = async (): Promise<Page> => {
    const tab = await page.context().newPage()
    await tab.goto(site.url)
    return tab
  }
  beforeAll(async () => {
    ;[browser] = await Promise.all([launch(executable ?? ''), buildApp(name, folder, variable)])
    const context = await browser.newContext()
    await context.addInitScript(`globalThis.api = '${endpoint()}'
      globalThis.variant = new URLSearchParams(location.search).get('variant') ?? undefined`)
    context.on('request', (request) => void (request.method() === 'POST' && sent.push(operationOf(request))))
    context.on('console', (message) => void (/warning|error/.test(message.type()) && complaints.push(message.text())))
    context.on('weberror', (error) => void complaints.push(error.error().message))
    page = await context.newPage()
    await page.goto(site.url)
  })
  afterEach(async () => {
    for (const tab of page.context().pages()) if (tab !== page) await tab.close()
    await page.context().unrouteAll()
    await page.unrouteAll()
    expect(complaints.splice(0).filter((text) => !expected.test(text))).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    await site.close()
    await rm(folder, { recursive: true })
  })

  const keep: ExampleApp['keep'] = async (someone, on = page) => {
    const tokens = someone && { accountId: someone.id, accessToken: someone.token, refreshToken: someone.refreshToken }
    const store = `localStorage.setItem('vestibule-tokens', '${JSON.stringify(tokens)}')`
    await on.evaluate(tokens === null ? 'localStorage.clear()' : store)
  }
  const open: ExampleApp['open'] = async ({ as = null, variant } = {}) => {
    await keep(as)
    sent.splice(0)
    await page.goto(`${site.url}/${variant === undefined ? '' : `?variant=${variant}`}`)
  }
  return { world, endpoint, page: () => page, sent, operationOf, open, openTab, keep }
}
