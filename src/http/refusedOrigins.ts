/**
 * Logs each origin whose pages are refused, once, with the setting that would allow it. Anybody can send any origin, so only those that
 * CORS_ORIGINS could list are logged, and no more than MOST of them. The message has the origin, because of lines with the same message
 * only one a second is written (`requestLog.ts`).
 */
import type { Config } from '../config.ts'
import type { Log } from '../domain/base/ports.ts'
import type { HttpRequest } from './message.ts'

const MOST = 100
/** A host name has at most 253 characters. */
const LONGEST = 'https://:65535'.length + 253

const isOrigin = (text: string): boolean =>
  text.length <= LONGEST && /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text

/** Whether the page comes from this server, so that its browser asks for nothing. */
const isOwn = ({ PUBLIC_URL }: Config, origin: string, { headers }: HttpRequest): boolean =>
  origin === new URL(PUBLIC_URL).origin || new URL(origin).host === headers.get('host')

export const createRefusedOrigins = (config: Config, log: Log): ((origin: string, request: HttpRequest) => void) => {
  const logged = new Set<string>()
  return (origin, request) => {
    if (logged.size >= MOST || logged.has(origin) || !isOrigin(origin) || isOwn(config, origin, request)) return
    logged.add(origin)
    log.warn({ origin, setting: 'CORS_ORIGINS' }, `refused a page of another origin: to allow it, add ${origin} to CORS_ORIGINS`)
    if (logged.size === MOST) log.warn({ origins: MOST }, 'further refused origins are not logged')
  }
}
