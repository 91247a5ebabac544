/**
 * The app of examples/relay, built and served on an origin of its own, and driven in a browser. It asks a world behind a proxy, whose
 * address is known before the world is there.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, Request } from 'playwright-core'
import { build, preview } from 'vite'
import { launch } from './browser.ts'
import { root } from './database.ts'
import { openSite } from './sites.ts'
import { openWorld, type World } from './world.ts'

export const folder = join(root, 'examples/relay')

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

interface Options {
  readonly tokens?: Tokens
  /** `true` sends ids instead of texts, as an app that was built with VITE_PERSISTED does. */
  readonly persisted?: 'true'
}

/** A window of the browser with storage of its own. */
export interface Window {
  readonly context: BrowserContext
  /** What all its tabs sent: the names of the operations, or the ids of their documents. */
  readonly sent: string[]
  /** Errors that no part of the app caught, and warnings of React and Relay. */
  readonly broken: string[]
  openTab(): Promise<Page>
}

export interface RelayApp {
  readonly world: World
  openWindow(options?: Options): Promise<Window>
  close(): Promise<void>
}

const buildInto = async (outDir: string, api: string): Promise<void> => {
  await build({
    root: folder,
    configFile: join(folder, 'vite.config.js'),
    logLevel: 'warn',
    define: { 'import.meta.env.VITE_API_URL': JSON.stringify(api), 'import.meta.env.VITE_PERSISTED': 'globalThis.persisted' },
    build: { outDir, emptyOutDir: true, minify: false, reportCompressedSize: false, rollupOptions: { treeshake: false } },
  })
}

const serve = async (outDir: string) =>
  await preview({ root: folder, configFile: false, logLevel: 'warn', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } })

const nameOf = (request: Request): string => {
  const { query, doc_id } = request.postDataJSON()
  return doc_id ?? /^(?:query|mutation) (\w+)/.exec(query)?.[1]
}

const openWindow = async (browser: Browser, url: string, { tokens, persisted }: Options): Promise<Window> => {
  const localStorage = tokens === undefined ? [] : [{ name: 'vestibule-tokens', value: JSON.stringify(tokens) }]
  const context = await browser.newContext({ storageState: { cookies: [], origins: [{ origin: url, localStorage }] } })
  if (persisted !== undefined) await context.addInitScript(`globalThis.persisted = '${persisted}'`)
  const sent: string[] = []
  const broken: string[] = []
  context.on('request', (request) => {
    if (request.method() === 'POST') sent.push(nameOf(request))
  })
  context.on('weberror', (error) => void broken.push(error.error().message))
  context.on('console', (message) => {
    if (message.text().startsWith('Warning:')) broken.push(message.text())
  })
  const openTab = async () => {
    const page = await context.newPage()
    await page.goto(url)
    return page
  }
  return { context, sent, broken, openTab }
}

export async function openRelayApp(executable: string): Promise<RelayApp> {
  const api = await openSite()
  const outDir = await mkdtemp(join(tmpdir(), 'relay-app-'))
  const [world, browser] = await Promise.all([
    openWorld({ PERSISTED_OPERATIONS: join(folder, 'persisted.json') }),
    launch(executable),
    buildInto(outDir, `http://localhost:${api.port}/graphql`),
  ])
  api.forwardTo(world.url)
  const site = await serve(outDir)
  const url = `http://localhost:${(site.httpServer.address() as AddressInfo).port}`
  return {
    world,
    openWindow: async (options = {}) => await openWindow(browser, url, options),
    async close() {
      await browser.close()
      await site.close()
      await api.close()
      await world.close()
      await rm(outDir, { recursive: true })
    },
  }
}
