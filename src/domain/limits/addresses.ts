/** Which client addresses count as one client. One customer with an IPv6 /48 has 65,536 networks of /64. */
import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'

const readPrefix = (clientAddress: string, bits: number): string => {
  if (!ipaddr.isValid(clientAddress)) return clientAddress
  const address = ipaddr.process(clientAddress)
  if (address.kind() === 'ipv4') return address.toString()
  const parts = (address as ipaddr.IPv6).parts.slice(0, bits / 16)
  return `${parts.map((part) => part.toString(16)).join(':')}::/${bits}`
}

/** Prefixes that were read lately: every request asks for that of its client. */
const prefixes = new LRUCache<string, string>({ max: 4_000 })
const LONGEST_ADDRESS = 45

/** The first `bits` of an IPv6 address; an IPv4 address as a whole, however it is written. */
const prefixOf = (clientAddress: string, bits: number): string => {
  if (clientAddress.length > LONGEST_ADDRESS) return readPrefix(clientAddress, bits)
  const key = `${bits} ${clientAddress}`
  const known = prefixes.get(key)
  if (known !== undefined) return known
  const prefix = readPrefix(clientAddress, bits)
  prefixes.set(key, prefix)
  return prefix
}

/** The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address. */
export const addressGroup = (clientAddress: string): string => prefixOf(clientAddress, 64)

/** The network that one customer may have: an IPv4 address, or the /48 of an IPv6 address. */
export const networkGroup = (clientAddress: string): string => prefixOf(clientAddress, 48)

/** The network around an address, unless it is the address alone. */
export const widerGroup = (clientAddress: string): string | null => {
  const network = networkGroup(clientAddress)
  return network === addressGroup(clientAddress) ? null : network
}
