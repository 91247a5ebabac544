/** What a page is before any browser looks at it: its headers, its policy, its language, and that it names nothing outside itself. */
import { randomBytes } from 'node:crypto'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type Locale, locales } from '../../src/domain/base/locales.ts'
import type { GuardedRequest } from '../../src/http/message.ts'
import { createRouter } from '../../src/http/router.ts'
import { pageRoutes } from '../../src/pages/pageRoutes.ts'
import { readWebFiles } from '../../src/pages/webFiles.ts'
import { accountTexts } from '../../src/web/account/texts.ts'
import { auditTexts } from '../../src/web/auditTexts.ts'
import { ar } from '../../src/web/texts/ar.ts'
import { en } from '../../src/web/texts/en.ts'
import { landingTexts } from '../../src/web/visitor/landingTexts.ts'

const direction: Readonly<Record<Locale, string>> = { en: 'ltr', ar: 'rtl' }
const files = readWebFiles(process.cwd())

const ask = async (path: string, headers: Record<string, string> = {}, settings: Record<string, string> = {}) => {
  const config = readConfig({ PUBLIC_URL: 'https://id.example', ...settings })
  const router = createRouter(pageRoutes({ config, randomBytes, files, overview: async () => ({ name: 'Example' }) }))
  const url = new URL(path, 'https://id.example')
  const request = { method: 'GET', url, headers: new Headers(headers), facts: { requestId: 'r' } }
  const answer = await router(request as unknown as GuardedRequest)
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : Buffer.from((answer.body as Uint8Array | null) ?? [])
  return { status: answer.status, headers: answer.headers, body, text: body.toString() }
}
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

const GROUPS = {
  landing: ['/'],
  'sign-in': ['/sign-in', '/sign-up', '/forgot-password'],
  account: ['/account', '/account/sessions', '/account/'],
  admin: ['/admin', '/admin/users/17'],
}
const OF_MAILS = ['/reset-password', '/confirm-email', '/disown-email', '/undo-change']
const ALL = [...Object.values(GROUPS).flat(), ...OF_MAILS]

describe.each(ALL.flatMap((path) => locales.map((locale) => [path, locale] as const)))('%s in %s', (path, locale) => {
  test('is one document in its language', async () => {
    const { status, headers, text } = await ask(`${path}?lang=${locale}`, HTML)
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-language': locale,
      vary: 'Accept, Accept-Language',
    })
    expect(text).toContain(`<html lang="${locale}" dir="${direction[locale]}">`)
  })
})

describe('the policy of a page', () => {
  test('allows its own scripts and styles by a nonce, and nothing else', async () => {
    const { headers, text } = await ask('/sign-in', HTML)
    const nonce = /nonce="([\w-]{22})"/.exec(text)?.[1]
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    for (const [tag] of text.matchAll(/<(?:script|link rel="(?:stylesheet|modulepreload)")[^>]*>/g))
      expect(tag).toContain(`nonce="${nonce}"`)
    expect(text.match(/<script/g)).toHaveLength(1)
  })

  test('has another nonce in each answer', async () => {
    const nonces = await Promise.all(
      Array.from({ length: 5 }, async () => (await ask('/sign-in', HTML)).headers.get('content-security-policy')),
    )
    expect(new Set(nonces).size).toBe(5)
  })

  test('is kept by the document: it names no other host, and has no inline handlers, styles or scripts', async () => {
    const { text } = await ask('/sign-in', HTML)
    expect(text).not.toMatch(/https?:|\/\/\w+\.|\son\w+=|\sstyle=|<style|<script[^>]*>[^<]/)
  })
})

describe('the language of a page', () => {
  test.each<[string, Record<string, string>, string, string, Locale]>([
    ['nothing said', {}, '', 'en', 'en'],
    ['nothing said, where Arabic is the default', {}, '', 'ar', 'ar'],
    ['any language', { 'accept-language': '*' }, '', 'ar', 'ar'],
    ['an Arabic browser', { 'accept-language': 'ar-EG,ar;q=0.9,en;q=0.8' }, '', 'en', 'ar'],
    ['an English browser, where Arabic is the default', { 'accept-language': 'en-GB,en;q=0.9' }, '', 'ar', 'en'],
    ['a browser that prefers neither', { 'accept-language': 'fr,ar;q=0.4,en;q=0.3' }, '', 'en', 'ar'],
    ['a browser that knows neither', { 'accept-language': 'fr,de' }, '', 'en', 'en'],
    ['the link of an Arabic mail in an English browser', { 'accept-language': 'en' }, '?lang=ar', 'en', 'ar'],
    ['an English link in an Arabic browser', { 'accept-language': 'ar' }, '?lang=en', 'en', 'en'],
    ['a language that we do not have', { 'accept-language': 'ar' }, '?lang=tlh', 'en', 'ar'],
    ['what is no language', {}, '?lang=%22%3E%3Cscript%3E&lang=ar', 'en', 'en'],
  ])('%s', async (_name, headers, query, fallback, locale) => {
    const { headers: given, text } = await ask(`/reset-password${query}`, { ...HTML, ...headers }, { DEFAULT_LOCALE: fallback })
    expect(given.get('content-language')).toBe(locale)
    expect(text).toContain(`<html lang="${locale}" dir="${direction[locale]}">`)
  })
})

describe('/', () => {
  test.each([
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html; charset=utf-8'],
    ['curl', '*/*', 'application/json; charset=utf-8'],
    ['a program', 'application/json', 'application/json; charset=utf-8'],
    ['a program that prefers JSON', 'text/html;q=0.5, application/json', 'application/json; charset=utf-8'],
    ['a program that says nothing', undefined, 'application/json; charset=utf-8'],
  ])('answers %s in its form', async (_name, accept, type) => {
    const { headers } = await ask('/', accept === undefined ? {} : { accept })
    expect([headers.get('content-type'), headers.get('vary')]).toEqual([
      type,
      type.startsWith('text') ? 'Accept, Accept-Language' : 'Accept',
    ])
  })
})

describe('PAGES', () => {
  test.each(Object.entries(GROUPS))('%s can be turned off alone', async (group, paths) => {
    const others = Object.keys(GROUPS).filter((other) => other !== group)
    for (const path of ALL) {
      const { status } = await ask(path, HTML, { PAGES: others.join(',') })
      expect([path, status]).toEqual([path, paths.includes(path) ? 404 : 200])
    }
  })

  test('none leaves the pages of mails, which link to the sign-in page of the settings', async () => {
    for (const path of ALL) expect((await ask(path, HTML, { PAGES: 'none' })).status).toBe(OF_MAILS.includes(path) ? 200 : 404)
    const signInOf = async (settings: Record<string, string>) =>
      /<meta name="vestibule:sign-in" content="([^"]*)">/.exec((await ask('/reset-password', HTML, settings)).text)?.[1]
    expect(await signInOf({})).toBe('/sign-in')
    expect(await signInOf({ PAGES: 'none' })).toBe('')
    expect(await signInOf({ SIGN_IN_URL: 'https://app.example/?a=%22&b' })).toBe('https://app.example/?a=%22&amp;b')
  })

  test.each([
    ['none,admin', 'PAGES: "none" cannot be combined with other entries'],
    ['admin,users', 'PAGES: must be a list of landing, sign-in, account, admin, or none'],
  ])('%s is refused', (value, problem) => {
    expect(() => readConfig({ PAGES: value })).toThrow(problem)
  })
})

describe('assets', () => {
  const assetOf = async (settings = {}) => /src="([^"]+\.js)"/.exec((await ask('/sign-in', HTML, settings)).text)?.[1] ?? ''

  test('are below the path of PUBLIC_URL', async () => {
    expect(await assetOf()).toMatch(/^\/assets\/[\w.-]+\.js$/)
    expect(await assetOf({ PUBLIC_URL: 'https://example.com/accounts/' })).toMatch(/^\/accounts\/assets\/[\w.-]+\.js$/)
  })

  test('are kept for good by browsers, and compressed as they accept it', async () => {
    const path = await assetOf()
    const plain = await ask(path)
    expect(Object.fromEntries(plain.headers)).toEqual({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    })
    const brotli = await ask(path, { 'accept-encoding': 'gzip, deflate, br' })
    expect(brotli.headers.get('content-encoding')).toBe('br')
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true)
    const gzip = await ask(path, { 'accept-encoding': 'gzip' })
    expect(gzip.headers.get('content-encoding')).toBe('gzip')
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
  })

  test.each(['index.html', '../index.html', '..%2findex.html', '%2e%2e/%2e%2e/package.json', 'x.js', '.vite/manifest.json'])(
    '%s is none of them',
    async (name) => {
      expect((await ask(`/assets/${name}`)).status).toBe(404)
    },
  )

  /** What a browser loads before the sign-in page shows: the document, its scripts and its styles. */
  test('of the first page take at most 180 KB, compressed by gzip', async () => {
    const { text } = await ask('/sign-in', HTML)
    const paths = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')
    let size = Buffer.byteLength(text)
    for (const path of paths) size += (await ask(path, { 'accept-encoding': 'gzip' })).body.length
    process.stdout.write(`first page: ${Math.round(size / 1000)} KB, compressed by gzip\n`)
    expect(paths.length).toBeGreaterThan(1)
    expect(size).toBeLessThan(180_000)
  })
})

const textsOf = (texts: object): string[] =>
  Object.values(texts).flatMap((value: unknown) =>
    typeof value === 'string' ? [value] : typeof value === 'function' ? [] : textsOf(value as object),
  )

test('no page says anything in the other language', () => {
  const withoutNames = (text: string): string =>
    text.replaceAll(/\b(?:English|GraphQL|GraphiQL|JWKS|REST|ADMIN_EMAIL|ADMIN_PASSWORD|iDIoT|Wekan)\b|`[^`]*`/g, '')
  for (const text of textsOf([ar, accountTexts.ar, auditTexts.ar, landingTexts.ar])) expect(withoutNames(text)).toMatch(/^[^A-Za-z]*$/)
  for (const text of textsOf([en, accountTexts.en, auditTexts.en, landingTexts.en]))
    expect(text.replace('العربية', '')).not.toMatch(/\p{Script=Arabic}/u)
})
