/**
 * What is known of a request before its body is read: its id, its language, its client address, and its trace if a trusted proxy forwarded it.
 * Forwarded headers of other peers are ignored, with one warning.
 */
import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'
import proxyaddr from 'proxy-addr'
import { isAddress } from '../config/addresses.ts'
import type { Config } from '../config.ts'
import { type Locale, localesFrom } from '../domain/base/locales.ts'
import type { Log, RandomBytes } from '../domain/base/ports.ts'
import { acceptLanguage } from './acceptLanguage.ts'
import type { RequestHeaders } from './headers.ts'

export interface Facts {
  readonly requestId: string
  readonly clientAddress: string
  readonly userAgent: string | null
  readonly locale: Locale
  /** The W3C `traceparent` of a trusted proxy, as it was sent. */
  readonly traceParent: string | null
}

const KEPT_ID = /^[\w-]{1,64}$/
const ID_BYTES = 12
/** Random bytes are taken for so many ids at once. */
const IDS_AT_ONCE = 256
/** Addresses that were read lately; a text beyond this length is read anew. */
const ADDRESSES = { max: 2_000 }
const LONGEST_CACHED = 100
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

const createIds = (randomBytes: RandomBytes): (() => string) => {
  let bytes: Buffer = Buffer.alloc(0)
  let next = 0
  return () => {
    if (next + ID_BYTES > bytes.length) {
      bytes = Buffer.from(randomBytes(ID_BYTES * IDS_AT_ONCE))
      next = 0
    }
    next += ID_BYTES
    return bytes.toString('hex', next - ID_BYTES, next)
  }
}

/** What the addresses of a request say: whether a trusted proxy sent it, and its client. */
interface Sender {
  readonly trusted: boolean
  readonly clientAddress: string
}

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
  const newId = createIds(randomBytes)
  const senders = new LRUCache<string, Sender>(ADDRESSES)

  const readSender = (remoteAddress: string | undefined, forwarded: string | null): Sender => {
    const peer = peerAddress(remoteAddress)
    const trusted = peer !== UNKNOWN && trusts(peer, 0)
    if (forwarded === null) return { trusted, clientAddress: peer }
    if (!trusted) warnOnce(peer)
    const request = { headers: { 'x-forwarded-for': plainAddresses(forwarded) }, connection: { remoteAddress: peer } }
    return { trusted, clientAddress: trusted ? proxyaddr(request as never, trusts) : peer }
  }

  const senderOf = (remoteAddress: string | undefined, forwarded: string | null): Sender => {
    const key = forwarded === null ? `${remoteAddress}` : `${remoteAddress} for ${forwarded}`
    const known = senders.get(key)
    if (known !== undefined) return known
    const sender = readSender(remoteAddress, forwarded)
    if (key.length <= LONGEST_CACHED) senders.set(key, sender)
    return sender
  }

  return (headers: RequestHeaders, remoteAddress: string | undefined): Facts => {
    const { trusted, clientAddress } = senderOf(remoteAddress, headers.get('x-forwarded-for'))
    const given = headers.get('x-request-id')
    return {
      requestId: trusted && given !== null && KEPT_ID.test(given) ? given : newId(),
      clientAddress,
      userAgent: headers.get('user-agent'),
      locale: acceptLanguage(headers.get('accept-language'), offered) ?? config.DEFAULT_LOCALE,
      traceParent: trusted ? headers.get('traceparent') : null,
    }
  }
}
