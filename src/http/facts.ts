/**
 * What is known of a request before its body is read: its id, its language, its client address, and whether a trusted proxy forwarded it.
 * Forwarded headers of other peers are ignored, with one warning.
 */
import ipaddr from 'ipaddr.js'
import proxyaddr from 'proxy-addr'
import { isAddress } from '../config/addresses.ts'
import type { Config } from '../config.ts'
import { type Locale, localesFrom } from '../domain/base/locales.ts'
import type { Log, RandomBytes } from '../domain/base/ports.ts'
import { acceptLanguage } from './acceptLanguage.ts'

export interface Facts {
  readonly requestId: string
  readonly clientAddress: string
  readonly userAgent: string | null
  readonly locale: Locale
}

const KEPT_ID = /^[\w-]{1,64}$/
const UNKNOWN = 'unknown'

/** Some proxies add the port: `1.2.3.4:5678`, `[2001:db8::1]:5678`. */
const withoutPort = (text: string): string => text.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')

/** An address in one form: IPv4 in IPv6 becomes IPv4. Any other text, also a loose form of an address, is `unknown`. */
const plainAddress = (text: string): string => (isAddress(text) ? ipaddr.process(text).toString() : UNKNOWN)

const plainAddresses = (forwarded: string): string =>
  forwarded
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => plainAddress(withoutPort(part)))
    .join(', ')

/** A link-local address has a zone (`%eth0`), which only this machine knows. */
const peerAddress = (remoteAddress = ''): string => plainAddress(remoteAddress.replace(/%.*$/, ''))

/** Reads the facts of a request that came from `remoteAddress`. */
export function createFactsReader({ config, log, randomBytes }: { config: Config; log: Log; randomBytes: RandomBytes }) {
  const trusts = proxyaddr.compile([...config.TRUSTED_PROXIES])
  const offered = localesFrom(config.DEFAULT_LOCALE)
  let warned = false
  const warnOnce = (peer: string) => {
    if (warned) return
    warned = true
    log.warn({ peer }, 'X-Forwarded-For came from a peer that is not a trusted proxy, and is ignored; see TRUSTED_PROXIES')
  }
  return (headers: Headers, remoteAddress: string | undefined): Facts => {
    const peer = peerAddress(remoteAddress)
    const trusted = peer !== UNKNOWN && trusts(peer, 0)
    const forwarded = headers.get('x-forwarded-for')
    if (forwarded !== null && !trusted) warnOnce(peer)
    const request = { headers: { 'x-forwarded-for': plainAddresses(forwarded ?? '') }, connection: { remoteAddress: peer } }
    const given = headers.get('x-request-id')
    return {
      requestId: trusted && given !== null && KEPT_ID.test(given) ? given : randomBytes(12).toString('hex'),
      clientAddress: trusted && forwarded !== null ? proxyaddr(request as never, trusts) : peer,
      userAgent: headers.get('user-agent'),
      locale: acceptLanguage(headers.get('accept-language'), offered) ?? config.DEFAULT_LOCALE,
    }
  }
}
