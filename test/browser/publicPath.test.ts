/** A server that people reach below a path, `https://example.com/accounts`: whatever a browser follows leads back to it. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser, launch } from '../support/browser.ts'
import { openStrippingProxy, type StrippingProxy } from '../support/strippingProxy.ts'
import { openWorld, type World } from '../support/world.ts'

let proxy: StrippingProxy
let world: World
beforeAll(async () => {
  proxy = await openStrippingProxy('/accounts')
  world = await openWorld({ PUBLIC_URL: proxy.url, VERIFY_EMAIL: 'true' })
  proxy.forwardTo(world.url)
})
afterAll(async () => {
  await world.close()
  await proxy.close()
})

const PAGES = ['/docs', '/docs/', '/graphql', '/graphql/', '/reset-password', '/reset-password/', '/confirm-email', '/confirm-email/']

describe('without a browser', () => {
  it.each(PAGES)('what %s refers to is there', async (path) => {
    const page = await fetch(proxy.url + path, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    const html = (await page.text()).replace(/<script(?! src)[^>]*>.*?<\/script>|<style.*?<\/style>/gs, '')
    const references = [...html.matchAll(/\b(?:href|src)="([^"]+)"/g)]
      .map(([, reference]) => reference ?? '')
      .filter((reference) => !reference.startsWith('data:'))
    for (const reference of references) {
      const { href } = new URL(reference, page.url)
      expect([reference, (await fetch(href)).status]).toEqual([reference, 200])
    }
    if (path.startsWith('/docs')) expect(references).toHaveLength(10)
  })

  it.each([
    ['idiot', '/v1'],
    ['xiot', '/v1'],
    ['wekan', ''],
    ['authentication', ''],
  ])('the document of %s names the server by PUBLIC_URL, with its path', async (name, basePath) => {
    const document = await (await fetch(`${proxy.url}/openapi/${name}.json`)).json()
    expect(document.servers).toEqual([{ url: `${proxy.url}${basePath}` }])
    const [path] = Object.keys(document.paths)
    expect((await fetch(proxy.url + basePath + path, { method: 'OPTIONS' })).status).toBe(204)
  })

  it('links of mails, issuer and keys are below the path as well', async () => {
    const body = { name: 'Ada', email: 'ada@example.com', password: 'password', confirm: 'password' }
    const { tokens } = (await world.post('/auth/register', body)).body
    const links = world.mails.flatMap(({ text }) => text.match(/http\S+/g) ?? [])
    expect(links.map((link) => link.split('#token=')[0])).toEqual([`${proxy.url}/confirm-email`, `${proxy.url}/disown-email`])
    const claims = JSON.parse(Buffer.from(tokens.access.token.split('.')[1], 'base64url').toString())
    expect(claims.iss).toBe(proxy.url)
    expect((await fetch(`${claims.iss}/.well-known/jwks.json`)).status).toBe(200)
  })
})

const executable = findBrowser()

describe.skipIf(executable === undefined)('in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch(executable ?? '')
  })
  afterAll(async () => await browser?.close())

  it.each(['/docs', '/docs/'])('%s shows a document, and asks for nothing outside the path', async (path) => {
    const page = await browser.newPage()
    const asked: string[] = []
    const broken: string[] = []
    page.on('request', (request) => void asked.push(request.url()))
    page.on('response', (response) => {
      if (response.status() >= 400) broken.push(response.url())
    })
    await page.goto(proxy.url + path)
    await page.locator('.opblock').first().waitFor()
    await page.selectOption('#select', { label: 'Authentication API' })
    await page.getByRole('heading', { name: 'Authentication API' }).waitFor()
    expect(broken).toEqual([])
    expect(asked.filter((url) => !url.startsWith(`${proxy.url}/`) && !/^(?:data|blob):/.test(url))).toEqual([])
    await page.close()
  })

  it.each(['/graphql', '/graphql/'])('GraphiQL on %s reaches the schema', async (path) => {
    const page = await browser.newPage()
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.goto(proxy.url + path)
    const { url, status } = await answer.then((response) => ({ url: response.url(), status: response.status() }))
    expect([url.replace(/\/$/, ''), status]).toEqual([`${proxy.url}/graphql`, 200])
    await page.close()
  })
})
