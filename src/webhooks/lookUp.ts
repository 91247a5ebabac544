/**
 * Finds the addresses of a name in the DNS, without the thread pool of Node, which hashes passwords: a DNS server that does not answer holds
 * nobody up. `/etc/hosts` and search domains are not used.
 */
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'

/** The addresses of a name, IPv4 first; none if it has none. @throws an error of the DNS, with its code */
export type LookUp = (name: string) => Promise<readonly string[]>

/** Of one attempt at one server, in ms; at most two attempts. */
const PATIENCE = 1_500
/** A name with more addresses is nobody's receiver. */
const MOST_ADDRESSES = 32

type CodedError = Error & { readonly code?: string }

const NO_SUCH = ['ENOTFOUND', 'ENODATA']

/** @param servers of the DNS, as `address:port`; by default those of the machine */
export const createLookUp = (servers?: readonly string[]): LookUp => {
  const resolver = new Resolver({ timeout: PATIENCE, tries: 2 })
  if (servers !== undefined) resolver.setServers(servers)
  return async (name) => {
    if (/(?:^|\.)localhost\.?$/i.test(name)) return ['127.0.0.1', '::1']
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    // A DNS that knows one family only is no failure; one that answers nothing at all is.
    const failed = answers.find((answer) => answer.status === 'rejected' && !NO_SUCH.includes((answer.reason as CodedError).code ?? ''))
    if (found.length === 0 && failed?.status === 'rejected') throw failed.reason
    return found.filter((address) => isIP(address) !== 0).slice(0, MOST_ADDRESSES)
  }
}
