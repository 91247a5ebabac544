/**
 * Where a request to a webhook may go: the form of its URL, and the addresses of its host at this moment. The same rules hold when a webhook is
 * created and at each connection, because a name may get another address at any time (DNS rebinding): what is connected to is what was judged.
 */
import { isIP } from 'node:net'
import type { Judge, Verdict } from './addresses.ts'
import type { LookUp } from './lookUp.ts'

export interface Target {
  readonly url: URL
  /** All that were judged and may be connected to. */
  readonly addresses: readonly string[]
}

/** A URL that nothing is sent to; the message is for whoever gave it, and has no address of a name. */
export class BadTarget extends Error {
  override readonly name = 'BadTarget'
}

/** One text for a name that is not there and for one that leads inside: an administrator does not learn which names a network has. */
const NOWHERE = 'must have a host that the DNS knows, with addresses that are all public or in WEBHOOK_ALLOWED_NETWORKS'

export const LONGEST_URL = 2_000

/** Ports of other protocols, which could take a request for something of theirs, are all below 1024. */
const isFitPort = ({ port }: URL): boolean => port === '' || port === '80' || port === '443' || Number(port) >= 1_024

const formProblem = (text: string): string | undefined => {
  if (text.length > LONGEST_URL) return `must have at most ${LONGEST_URL} characters`
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return 'must be an https URL'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return 'must have no user: the signature shows who sends'
  if (url.hash !== '' || text.includes('#')) return 'must have no fragment'
  return isFitPort(url) ? undefined : 'must have the port 80 or 443, or one from 1024 on'
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.+)\]$/, '$1')

const addressesOf = async (host: string, lookUp: LookUp): Promise<readonly string[]> => {
  if (isIP(host) !== 0) return [host]
  const found = await lookUp(host).catch((error: Error & { readonly code?: string }) => {
    throw new BadTarget(`must have a host that can be looked up (${error.code ?? 'EDNS'})`)
  })
  if (found.length > 0) return found
  throw new BadTarget(NOWHERE)
}

const expectAllowed = (url: URL, verdicts: readonly Verdict[]): void => {
  // One bad address among good ones is how a rebinding begins.
  if (verdicts.includes('refused')) throw new BadTarget(NOWHERE)
  if (url.protocol === 'http:' && verdicts.includes('public')) throw new BadTarget('must be an https URL')
}

/** @throws {BadTarget} */
export const findTarget = async (text: string, judge: Judge, lookUp: LookUp): Promise<Target> => {
  const problem = formProblem(text)
  if (problem !== undefined) throw new BadTarget(problem)
  const url = new URL(text)
  const addresses = await addressesOf(hostOf(url), lookUp)
  expectAllowed(url, addresses.map(judge))
  return { url, addresses }
}
