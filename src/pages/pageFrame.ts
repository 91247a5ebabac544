/**
 * The frame of the pages: one self-contained document per language. The content security policy names its style and script by hash,
 * and allows nothing else to be loaded, embedded or framed. Pages are built once, contain nothing of the request, and all their
 * texts are constants.
 *
 * `?lang=`, which links in mails have, takes precedence over Accept-Language.
 */
import { createHash } from 'node:crypto'
import { direction, type Locale, locales, localesFrom } from '../domain/base/locales.ts'
import { acceptLanguage } from '../http/acceptLanguage.ts'
import { answerOf } from '../http/answers.ts'
import type { HttpAnswer, HttpRequest } from '../http/message.ts'
import { clientScript } from './clientScript.ts'
import { ar } from './locales/ar.ts'
import { en } from './locales/en.ts'
import type { PageName, PageTexts } from './pageTexts.ts'
import { style } from './style.ts'

export interface PageContent {
  /** The content of `<main>` between the heading and the status line. */
  readonly body: string
  /** Runs after the shared script, in its scope. */
  readonly script: string
}

const pageTexts: Readonly<Record<Locale, PageTexts>> = { en, ar }

const sourceHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const escaped = (url: string): string => url.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

/** The link to SIGN_IN_URL, if that is set. */
const onward = (text: string, url: string | undefined): string =>
  url === undefined ? '' : `<p id="onward" hidden><a href="${escaped(url)}">${text}</a></p>\n`

interface Parts extends PageContent {
  readonly title: string
  readonly onward: string
}

const document = (locale: Locale, { title, body, onward, script }: Parts): string => `<!doctype html>
<html lang="${locale}" dir="${direction[locale]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
<p id="status" role="status" aria-live="polite" tabindex="-1"></p>
${onward}<noscript><p>${pageTexts[locale].needsScript}</p></noscript>
</main>
<script>${script}</script>
</body>
</html>
`

const policy = (script: string): string =>
  [
    `default-src 'none'`,
    `style-src ${sourceHash(style)}`,
    `script-src ${sourceHash(script)}`,
    'img-src data:',
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')

interface Variant {
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
}

export interface PageSettings {
  /** The language if the request asks for none. */
  readonly fallback: Locale
  /** The sign-in page of the front end. */
  readonly signInUrl?: string | undefined
}

type ContentOf = (texts: PageTexts) => PageContent

const variant = (locale: Locale, name: PageName, contentOf: ContentOf, signInUrl: string | undefined): Variant => {
  const texts = pageTexts[locale]
  const content = contentOf(texts)
  const script = `${clientScript(texts, name)}\n${content.script}`
  const parts = { title: texts[name].title, body: content.body, onward: onward(texts.onward, signInUrl), script }
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-language': locale,
    vary: 'Accept-Language',
    'content-security-policy': policy(script),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  }
  return { html: document(locale, parts), headers }
}

type Asked = Pick<HttpRequest, 'url' | 'headers'>

const localeOf = ({ url, headers }: Asked, fallback: Locale): Locale => {
  const given = url.searchParams.get('lang')
  return locales.find((locale) => locale === given) ?? acceptLanguage(headers.get('accept-language'), localesFrom(fallback)) ?? fallback
}

/** Serves a page in the language that a request asks for, or else in `fallback`. */
export const page =
  (name: PageName, contentOf: ContentOf) =>
  ({ fallback, signInUrl }: PageSettings): ((request: Asked) => HttpAnswer) => {
    const made = locales.map((locale) => [locale, variant(locale, name, contentOf, signInUrl)] as const)
    const variants = Object.fromEntries(made) as Record<Locale, Variant>
    return (request) => {
      const { html, headers } = variants[localeOf(request, fallback)]
      return answerOf(200, html, headers)
    }
  }
