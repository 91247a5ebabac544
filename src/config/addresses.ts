/**
 * IP addresses and networks, parsed strictly: four decimal parts, or IPv6. Programs read other forms of IPv4 (`1`, `0x7f.1`, `127.1`,
 * `010.0.0.1`) as different addresses (RFC 6943, section 3.1.1), so they are refused.
 */
import { isIP, isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import * as z from 'zod'
import { list, quoted } from './values.ts'

/** Whether a text is an address, without a zone. */
export const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes('%')

const NAMED: readonly string[] = ['loopback', 'linklocal', 'uniquelocal']
const NONE = `is not an address, a network such as 10.0.0.0/8, or one of ${NAMED.join(', ')}`

const bitsOf = (address: string): number => (isIPv4(address) ? 32 : 128)

const firstOf = (network: string): string =>
  (isIPv4(network.split('/')[0] ?? '') ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(network).toString()

const networkProblem = (text: string, address: string, bits: string, ifAll: string): string | undefined => {
  const isNetwork = isAddress(address) && /^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= bitsOf(address)
  if (!isNetwork) return NONE
  if (bits === '0') return ifAll
  const first = firstOf(text)
  if (ipaddr.parse(address).toString() === first) return undefined
  return `is not the first address of its network: ${first}/${bits} or ${address}/${bitsOf(address)}?`
}

const problemOf = (text: string, ifAll: string): string | undefined => {
  if (NAMED.includes(text) || isAddress(text)) return undefined
  const [address = '', bits, ...more] = text.split('/')
  return bits === undefined || more.length > 0 ? NONE : networkProblem(text, address, bits, ifAll)
}

/** A list of addresses, networks and names of networks. `ifAll`: why it cannot be every address. */
const networksBut = (ifAll: string) =>
  list.pipe(
    z.array(
      z.string().superRefine((text, context) => {
        const problem = problemOf(text, ifAll)
        if (problem !== undefined) context.addIssue({ code: 'custom', message: `${quoted(text)} ${problem}` })
      }),
    ),
  )

export const proxies = networksBut('includes everybody, so that each client could choose its address: name your proxies')
export const networks = networksBut('includes every address: name the networks of your receivers')

const LABEL = /^[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?$/i
const NUMERIC = /^(?:\d+|0x[\da-f]*)$/i

/** Whether a text is a host name, and not a non-standard form of an address. */
export const isHostName = (text: string): boolean => {
  const labels = text.split('.')
  return text.length <= 253 && labels.every((label) => LABEL.test(label)) && !NUMERIC.test(labels.at(-1) ?? '')
}

/** What to listen on. */
export const listenHost = z
  .string()
  .refine((text) => isIP(text) !== 0 || isHostName(text), 'must be an IP address or a host name, such as 127.0.0.1, :: or localhost')
