/**
 * Which addresses webhooks may be sent to: those of the public Internet, and those of WEBHOOK_ALLOWED_NETWORKS. Everything else is refused:
 * private, loopback and link-local networks (with the metadata services of clouds), and every special-purpose range (IANA's registries), also
 * where IPv6 only wraps an IPv4 address.
 */
import ipaddr from 'ipaddr.js'
import proxyaddr from 'proxy-addr'
import { isAddress } from '../config/addresses.ts'

/** `allowed`: by the setting, also without TLS. */
export type Verdict = 'public' | 'allowed' | 'refused'
export type Judge = (address: string) => Verdict

/** Of the whole of IPv6, only this is given out for the Internet; ipaddr.js knows the special ranges in it. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')
/** Public by its number, but answered by every host of Azure: metadata and keys of virtual machines. */
const AZURE_WIRE_SERVER = '168.63.129.16'

const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean => {
  if (address.range() !== 'unicast' || address.toString() === AZURE_WIRE_SERVER) return false
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6)
}

export const createJudge = (allowedNetworks: readonly string[]): Judge => {
  const isAllowed = proxyaddr.compile([...allowedNetworks])
  return (text) => {
    // Stricter than ipaddr.js, which reads `010.0.0.1` as 8.0.0.1.
    if (!isAddress(text)) return 'refused'
    // `::ffff:10.0.0.1` is connected to as 10.0.0.1.
    const address = ipaddr.process(text)
    if (isAllowed(address.toString(), 0)) return 'allowed'
    return isPublic(address) ? 'public' : 'refused'
  }
}
