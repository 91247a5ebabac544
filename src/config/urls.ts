/** URLs and origins in settings, in the form that browsers write. */
import { isIP } from 'node:net'
import * as z from 'zod'
import { isHostName } from './addresses.ts'
import { list, quoted } from './values.ts'

const WEB = /^https?:\/\/[^/]/i
const bare = (hostname: string): string => hostname.replace(/^\[(.+)\]$/, '$1')
const isHost = ({ hostname }: URL): boolean => isIP(bare(hostname)) !== 0 || isHostName(hostname)

const NO_WEB_URL = 'must be an http or https URL'

/** An http or https URL with a valid host. */
const webUrl = z.string().transform((text, context) => {
  const url = WEB.test(text) && URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && isHost(url)) return { text, url }
  const message = url !== undefined && /[*%]/.test(url.hostname) ? `has an invalid host: ${quoted(url.hostname)}` : NO_WEB_URL
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** A base URL, to which a path can be added. */
export const httpUrl = webUrl
  .refine(({ text, url }) => url.username === '' && url.password === '' && !/[?#]/.test(text), 'must have no query, fragment or user')
  .transform(({ url }) => `${url.origin}${url.pathname.replace(/\/+$/, '')}`)

/** A link, encoded so that it can be part of a header. */
export const link = webUrl
  .refine(({ url }) => url.username === '' && url.password === '', 'must have no user')
  .transform(({ url }) => url.href)

/** A mail server. */
export const smtpUrl = z
  .url({ protocol: /^smtps?$/, hostname: /./, error: 'must be a URL that begins with smtp:// or smtps://', abort: true })
  .refine((text) => !text.includes('#'), 'has a #: in a user name or password, write %23')

/** Adds a missing scheme. */
const completed = (text: string): string => {
  if (/^https?:/i.test(text)) return text
  return `${/^(?:localhost|127\.|\[::1\])/.test(text) ? 'http' : 'https'}://${text}`
}

const HAS_SCHEME = /^[a-z][a-z\d+.-]*:\/\//i

const originOf = (text: string): URL | undefined => {
  if (HAS_SCHEME.test(text) && !/^https?:/i.test(text)) return undefined
  const whole = completed(text)
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  return url !== undefined && isHost(url) && (whole === text || /[.:]/.test(text)) ? url : undefined
}

const problemOf = (text: string): string | undefined => {
  const url = originOf(text)
  if (url?.origin === text) return undefined
  if (text.includes('@')) return `an entry has a user${url === undefined ? '' : `: ${url.origin}?`}`
  if (url !== undefined) return `${quoted(text)} is not an origin: ${url.origin}?`
  return `${quoted(text)} is not an origin such as https://app.example.com${text.includes('*') ? ': wildcards are not supported, list each origin' : ''}`
}

const origin = z.string().superRefine((text, context) => {
  const problem = problemOf(text)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

/** A list of origins, as browsers send them. */
export const origins = list.pipe(z.array(origin))
