/**
 * The access log: one line for each request, `"msg":"request"`. It has words of closed sets, numbers, the id of the request, and of the
 * client address what ACCESS_LOG_CLIENT allows; no URL, header or body, so no secret can be in it. docs/monitoring.md has its fields.
 *
 * Requests that did not end well always have a line, since fail2ban and people look for them. Of the others ACCESS_LOG_SAMPLE takes an exact
 * share, evenly spread, and none of probes.
 */
import ipaddr from 'ipaddr.js'
import type { Config } from '../config.ts'
import type { Log } from '../domain/base/ports.ts'
import { type Answered, nobody, type Observer, observers } from '../http/observer.ts'
import { OK } from '../http/outcomes.ts'

const PROBES = new Set(['/healthz', '/readyz'])

/** Bits of a network that often belongs to one household or company. */
const NETWORK_BITS = { ipv4: 24, ipv6: 48 } as const

const networkOf = (address: string): string => {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  const bits = NETWORK_BITS[parsed.kind()]
  const kept = parsed.toByteArray().map((byte, index) => (index < bits / 8 ? byte : 0))
  return `${ipaddr.fromByteArray(kept)}/${bits}`
}

type ClientOf = (address: string) => { readonly client?: string }

const clientBy: Readonly<Record<Config['ACCESS_LOG_CLIENT'], ClientOf>> = {
  full: (client) => ({ client }),
  network: (address) => ({ client: networkOf(address) }),
  none: () => ({}),
}

/** True for `share` of its calls, evenly spread. */
const sampler = (share: number): (() => boolean) => {
  let due = 0
  return () => {
    due += share
    if (due < 1) return false
    due -= 1
    return true
  }
}

type Settings = Pick<Config, 'ACCESS_LOG' | 'ACCESS_LOG_SAMPLE' | 'ACCESS_LOG_CLIENT'>

const writeLines = ({ ACCESS_LOG, ACCESS_LOG_SAMPLE, ACCESS_LOG_CLIENT }: Settings, log: Pick<Log, 'info'>): Observer => {
  if (!ACCESS_LOG) return nobody
  const isTaken = sampler(ACCESS_LOG_SAMPLE)
  const clientOf = clientBy[ACCESS_LOG_CLIENT]
  const isWritten = ({ outcome, about }: Answered): boolean => outcome !== OK || (!PROBES.has(about.route ?? '') && isTaken())
  return {
    arrived: () => undefined,
    answered(request) {
      if (!isWritten(request)) return
      const { requestId, traceId, method, about, outcome, status, seconds, clientAddress } = request
      const { surface, route, operation } = about
      const ms = Math.round(seconds * 10_000) / 10
      log.info({ requestId, traceId, surface, method, route, operation, outcome, status, ms, ...clientOf(clientAddress) }, 'request')
    },
  }
}

/** `log` must be one without a limit on lines. `other` is shown each request, too. */
export const createAccessLog = (settings: Settings, log: Pick<Log, 'info'>, other: Observer = nobody): Observer =>
  other === nobody ? writeLines(settings, log) : observers(writeLines(settings, log), other)
