/**
 * index.html of the pages as a request gets it: in its language, with the paths of this server, and with a nonce of its own, without
 * which the content security policy lets no script and no style run (ASVS 3.4.3).
 */
import { direction, type Locale, locales } from '../domain/base/locales.ts'

/** What vite.config.ts puts where a nonce belongs. */
const PLACE_OF_NONCE = 'VESTIBULE_NONCE'

export interface PageValues {
  /** The path of PUBLIC_URL, without a slash at its end; empty for the root. */
  readonly base: string
  /** The groups of pages that are on. */
  readonly pages: readonly string[]
  /** The page to sign in, if there is one. */
  readonly signIn: string | undefined
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

const withMeta = (html: string, name: string, value: string): string =>
  html.replace(new RegExp(`(<meta name="vestibule:${name}" content=")[^"]*`), (_all, before: string) => before + escaped(value))

const withValues = (html: string, { base, pages, signIn }: PageValues): string =>
  withMeta(withMeta(withMeta(html, 'base', `${base}/`), 'pages', pages.join(' ')), 'sign-in', signIn ?? '').replaceAll(
    '"./assets/',
    `"${escaped(base)}/assets/`,
  )

const inLocale = (html: string, locale: Locale): string =>
  html.replace(/<html lang="[^"]*" dir="[^"]*">/, `<html lang="${locale}" dir="${direction[locale]}">`)

/** @param html of `dist/web` */
export const createPageDocument = (html: string, values: PageValues): ((locale: Locale, nonce: string) => string) => {
  const filled = withValues(html, values)
  const variants = new Map(locales.map((locale) => [locale, inLocale(filled, locale)]))
  return (locale, nonce) => (variants.get(locale) ?? filled).replaceAll(PLACE_OF_NONCE, nonce)
}

/** Scripts and styles run only with the nonce, those that they load included; nothing else is loaded, embedded, framed or sent elsewhere. */
export const policyOf = (nonce: string): string =>
  [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
