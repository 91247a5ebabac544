/** What a page is before any browser looks at it: its headers, its policy, its language, and that it names nothing outside itself. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Locale, locales } from '../../src/domain/base/locales.ts'
import { confirmEmailPage } from '../../src/pages/confirmEmailPage.ts'
import { disownEmailPage } from '../../src/pages/disownEmailPage.ts'
import { ar } from '../../src/pages/locales/ar.ts'
import { en } from '../../src/pages/locales/en.ts'
import { resetPasswordPage } from '../../src/pages/resetPasswordPage.ts'
import { undoChangePage } from '../../src/pages/undoChangePage.ts'

const direction: Readonly<Record<Locale, string>> = { en: 'ltr', ar: 'rtl' }

const pages = {
  'reset-password': resetPasswordPage,
  'confirm-email': confirmEmailPage,
  'disown-email': disownEmailPage,
  'undo-change': undoChangePage,
}
const names = Object.keys(pages) as (keyof typeof pages)[]

const ask = (name: keyof typeof pages, { query = '', accept = '', fallback = 'en' as Locale } = {}): Response => {
  const url = new URL(`https://id.example/${name}${query}`)
  const { headers, body } = pages[name]({ fallback })({ url, headers: new Headers({ 'accept-language': accept }) })
  return new Response(body as string, { headers: [...headers] as [string, string][] })
}

describe.each(names.flatMap((name) => locales.map((locale) => [name, locale] as const)))('/%s in %s', (name, locale) => {
  const page = () => ask(name, { query: `?lang=${locale}` })

  test('each page may not be kept, framed, or sent to others, and says its language', () => {
    expect(Object.fromEntries(page().headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-language': locale,
      vary: 'Accept-Language',
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

  test('each page names no other host, has no inline handlers or styles, and can be read without a mouse', async () => {
    const html = await page().text()
    expect(html).not.toMatch(/https?:|\/\/\w+\.|\son\w+=|\sstyle=/)
    expect(html).toContain(`<html lang="${locale}" dir="${direction[locale]}">`)
    expect(html.match(/<h1>/g)).toHaveLength(1)
    for (const [, id] of html.matchAll(/<label for="([^"]+)"/g)) expect(html).toContain(`id="${id}"`)
    for (const [, ids = ''] of html.matchAll(/aria-(?:describedby|controls)="([^"]+)"/g))
      for (const id of ids.split(' ')) expect(html).toContain(`id="${id}"`)
  })

  test('each page shows words of its language alone', async () => {
    const seen = (await page().text()).replace(/<(style|script)>[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, '')
    expect(seen).not.toMatch({ en: /\p{Script=Arabic}/u, ar: /[A-Za-z]/ }[locale])
    expect(seen).not.toMatch(/undefined|\{/)
  })
})

const textsOf = (texts: object): string[] =>
  Object.values(texts).flatMap((value: unknown) => (typeof value === 'string' ? [value] : textsOf(value as object)))

test('the script speaks no other language either', () => {
  for (const text of textsOf(ar)) expect(text.replace('{reason}', '')).toMatch(/^[^A-Za-z]+$/)
  for (const text of textsOf(en)) expect(text).not.toMatch(/\p{Script=Arabic}/u)
  expect(textsOf(ar)).toHaveLength(textsOf(en).length)
})

describe.each(names)('the language of /%s', (name) => {
  test.each<[string, Parameters<typeof ask>[1], Locale]>([
    ['nothing said', {}, 'en'],
    ['nothing said, in an Arabic house', { fallback: 'ar' }, 'ar'],
    ['any language', { accept: '*', fallback: 'ar' }, 'ar'],
    ['an Arabic browser', { accept: 'ar-EG,ar;q=0.9,en;q=0.8' }, 'ar'],
    ['an English browser in an Arabic house', { accept: 'en-GB,en;q=0.9', fallback: 'ar' }, 'en'],
    ['a browser that prefers neither', { accept: 'fr,ar;q=0.4,en;q=0.3' }, 'ar'],
    ['a browser that knows neither', { accept: 'fr,de' }, 'en'],
    ['the link of an Arabic mail in an English browser', { query: '?lang=ar', accept: 'en' }, 'ar'],
    ['an English link in an Arabic browser', { query: '?lang=en', accept: 'ar' }, 'en'],
    ['a language that we do not have', { query: '?lang=tlh', accept: 'ar' }, 'ar'],
    ['what is no language', { query: '?lang=%22%3E%3Cscript%3E&lang=ar' }, 'en'],
  ])('%s', async (_name, asked, locale) => {
    const answer = ask(name, asked)
    expect(answer.headers.get('content-language')).toBe(locale)
    expect(await answer.text()).toContain(`<html lang="${locale}" dir="${direction[locale]}">`)
  })
})
