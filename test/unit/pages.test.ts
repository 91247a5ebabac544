/** What a page is before any browser looks at it: its headers, its policy, and that it names nothing outside itself. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { confirmEmailPage } from '../../src/pages/confirmEmail.ts'
import { resetPasswordPage } from '../../src/pages/resetPassword.ts'

describe.each([
  ['reset-password', resetPasswordPage],
  ['confirm-email', confirmEmailPage],
])('/%s', (_name, page) => {
  test('may not be kept, framed, or told to others', () => {
    expect(Object.fromEntries(page().headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    })
  })

  test('its policy allows its own style and script by their hashes, and nothing else', async () => {
    const html = await page().text()
    const hash = (tag: string): string =>
      createHash('sha256')
        .update(new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? '')
        .digest('base64')
    expect(page().headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash('style')}'; script-src 'sha256-${hash('script')}'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
  })

  test('names no other host, has no inline handlers or styles, and can be read without a mouse', async () => {
    const html = await page().text()
    expect(html).not.toMatch(/https?:|\/\/\w+\.|\son\w+=|\sstyle=/)
    expect(html).toContain('<html lang="en">')
    expect(html.match(/<h1>/g)).toHaveLength(1)
    for (const [, id] of html.matchAll(/<label for="([^"]+)"/g)) expect(html).toContain(`id="${id}"`)
    for (const [, ids = ''] of html.matchAll(/aria-(?:describedby|controls)="([^"]+)"/g))
      for (const id of ids.split(' ')) expect(html).toContain(`id="${id}"`)
  })
})
