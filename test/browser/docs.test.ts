/**
 * The page of the REST documents in a real browser that reaches nothing but this server: it shows each dialect, an operation
 * can be tried, and the token of a sign-in on the page is used by the next operation.
 */
import { describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/axe.ts'
import { findBrowser, useLocalPage } from '../support/browser.ts'
import { useWorld } from '../support/world.ts'

const executable = findBrowser()

describe.skipIf(executable === undefined)('the page of the REST documents', () => {
  const world = useWorld()
  const { page, outside, broken } = useLocalPage(executable, world, '/docs')

  const choose = async (title: string) => {
    await page().locator('.download-url-wrapper select').selectOption({ label: title })
    await page().getByRole('heading', { name: title }).waitFor()
  }

  /** Opens an operation, sends it as it stands or with a body, and gives the status and text of the answer. */
  const attempt = async (summary: string, body?: object): Promise<{ status: number; body: unknown }> => {
    const block = page().locator('.opblock', { hasText: summary })
    await block.locator('.opblock-summary-control').click()
    await block.getByRole('button', { name: 'Try it out' }).click()
    if (body !== undefined) await block.locator('textarea.body-param__text').fill(JSON.stringify(body))
    const answered = page().waitForResponse((response) => !response.url().includes('/docs') && !response.url().includes('/openapi'))
    await block.getByRole('button', { name: 'Execute' }).click()
    const response = await answered
    await block.locator('.live-responses-table').waitFor()
    return { status: response.status(), body: await response.json() }
  }

  it.each(['iDIoT backend API', 'Wekan REST API', 'Users API', 'Authentication API'])(
    'the page of the REST documents shows the %s',
    async (title) => {
      await choose(title)
      await expect.poll(async () => await page().locator('.opblock').count()).toBeGreaterThan(5)
    },
  )

  it('registers, and welcomes with the token of that registration', async () => {
    await choose('Authentication API')
    const registered = await attempt('Register a new user', {
      name: 'Ada',
      email: 'ada@example.com',
      password: 'first programmer',
      confirm: 'first programmer',
    })
    expect(registered.status).toBe(201)
    expect(await attempt('Welcome authenticated user')).toMatchObject({ status: 200, body: { message: 'Welcome Ada' } })
  })

  it('the page of the REST documents has no frame, and is as wide as the window', async () => {
    const bar = await page().locator('.topbar').boundingBox()
    expect(bar).toMatchObject({ x: 0, y: 0 })
    expect(await page().evaluate('getComputedStyle(document.body).margin')).toBe('0px')
    expect(await page().evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  })

  it.each([
    ['iDIoT backend API', '/v1'],
    ['Wekan REST API', '/'],
  ])('the page of the REST documents says where the %s is, on this server', async (title, url) => {
    await choose(title)
    await expect.poll(async () => await page().locator('.servers-title + div').textContent()).toBe(url)
    expect(await page().locator('#servers').count()).toBe(0)
  })

  /** Those of Swagger UI: colours of its theme, and the buttons of an operation, which are in one element that is a button itself. */
  const OF_SWAGGER_UI = ['color-contrast', 'nested-interactive']

  it('axe finds nothing critical on the page of the REST documents, and what is serious is in the markup of Swagger UI', async () => {
    const findings = await seriousFindings(page())
    expect(findings.filter(({ impact, rule }) => impact === 'critical' || !OF_SWAGGER_UI.includes(rule))).toEqual([])
  })

  it('the page of the REST documents asks nobody else for anything, and nothing in it breaks', () => {
    expect(outside).toEqual([])
    expect(broken).toEqual([])
  })
})
