/**
 * The pages for people: one document at all their addresses, its assets, and `/`, which is a page for a browser and JSON for a program.
 * `?lang=`, which links in mails have, takes precedence over Accept-Language.
 */
import Negotiator from 'negotiator'
import type { Config } from '../config.ts'
import { type Locale, locales, localesFrom } from '../domain/base/locales.ts'
import type { RandomBytes } from '../domain/base/ports.ts'
import { acceptLanguage } from '../http/acceptLanguage.ts'
import { answerOf, jsonAnswer, plainAnswer } from '../http/answers.ts'
import type { GuardedRequest, HttpAnswer } from '../http/message.ts'
import { type Answer, type Route, route } from '../http/router.ts'
import { createPageDocument, policyOf } from './pageDocument.ts'
import { type Encoding, encodings, type WebFiles } from './webFiles.ts'

/** The addresses of each group of pages that a setting turns off (PAGES), and those that mails link to. */
const addresses = {
  landing: ['/'],
  'sign-in': ['/sign-in', '/sign-up', '/forgot-password'],
  account: ['/account', '/account/*'],
  admin: ['/admin', '/admin/*'],
} as const satisfies Record<Config['PAGES'][number], readonly string[]>
const LINKED_BY_MAILS = ['/reset-password', '/confirm-email', '/disown-email', '/undo-change']

interface Parts {
  readonly config: Config
  readonly randomBytes: RandomBytes
  readonly files: WebFiles
  /** What `/` answers a program. */
  readonly overview: () => Promise<object>
}

const NONCE_BYTES = 16

const localeOf = ({ url, headers }: Pick<GuardedRequest, 'url' | 'headers'>, fallback: Locale): Locale => {
  const given = url.searchParams.get('lang')
  return locales.find((locale) => locale === given) ?? acceptLanguage(headers.get('accept-language'), localesFrom(fallback)) ?? fallback
}

/** The best that the client accepts, whatever it prefers. */
const encodingOf = (header: string | null): Encoding | undefined => {
  const ours = Object.keys(encodings) as Encoding[]
  const accepted = new Negotiator({ headers: { 'accept-encoding': header ?? 'identity' } }).encodings(ours)
  return ours.find((encoding) => accepted.includes(encoding))
}

const assetRoute = ({ assets }: WebFiles): Route =>
  route('/assets/:name', ['GET'], async ({ headers, facts }, { name = '' }) => {
    const asset = assets.get(name)
    if (asset === undefined) return plainAnswer(404, 'Not found', facts.requestId)
    const encoding = encodingOf(headers.get('accept-encoding'))
    return answerOf(200, await asset.read(encoding), {
      'content-type': asset.type,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    })
  })

/** Browsers name HTML; a program that accepts anything gets JSON. */
const wantsPage = (accept: string | null): boolean =>
  accept !== null && new Negotiator({ headers: { accept } }).mediaType(['application/json', 'text/html']) === 'text/html'

const pageAnswer = ({ config, randomBytes, files }: Parts): ((request: GuardedRequest) => HttpAnswer) => {
  const { PUBLIC_URL, SIGN_IN_URL, PAGES, DEFAULT_LOCALE } = config
  const signIn = SIGN_IN_URL ?? (PAGES.includes('sign-in') ? '/sign-in' : undefined)
  const base = new URL(PUBLIC_URL).pathname.replace(/\/+$/, '')
  const documentOf = createPageDocument(files.document, { base, pages: PAGES, signIn })
  return (request) => {
    const locale = localeOf(request, DEFAULT_LOCALE)
    const nonce = randomBytes(NONCE_BYTES).toString('base64url')
    return answerOf(200, documentOf(locale, nonce), {
      'content-type': 'text/html; charset=utf-8',
      'content-language': locale,
      'content-security-policy': policyOf(nonce),
      vary: 'Accept, Accept-Language',
    })
  }
}

export const pageRoutes = (parts: Parts): Route[] => {
  const page = pageAnswer(parts)
  const start: Answer = async (request) => {
    if (wantsPage(request.headers.get('accept'))) return page(request)
    const answer = jsonAnswer(200, await parts.overview())
    answer.headers.set('vary', 'Accept')
    return answer
  }
  const paths = [...parts.config.PAGES.flatMap((group): readonly string[] => addresses[group]), ...LINKED_BY_MAILS]
  return [...paths.map((path) => route(path, ['GET'], path === '/' ? start : page)), assetRoute(parts.files)]
}
