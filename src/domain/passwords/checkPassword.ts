/**
 * Checks a password, for sign-in, for a change, and as a proof. Checks are limited by what was typed as the account and by client
 * address (`limits.ts`), and by account from any address (`tries.ts`). An unknown account takes the same work. A hash that is
 * weaker than the present parameters is replaced.
 */

import { inSpan } from '../../tracing/spans.ts'
import { identifierKey } from '../accounts/identifiers.ts'
import { Failure, failingFor } from '../base/errors.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { tooMany } from '../limits/counting.ts'
import type { Delay } from '../limits/passwordDelays.ts'
import { countFailure, forgetFailures, type Standing, standingOf } from './tries.ts'

interface Attempt {
  readonly account: Account | null
  /** The identifiers that were typed, or that the account has, in normal form. */
  readonly names: readonly string[]
  /** Whether this is a sign-in, where an identifier was typed; within a session the account is known. */
  readonly isSignIn: boolean
  /** How long the names must wait at the client address. */
  readonly delay: Delay
}

const NOBODY: Standing = { isKnown: false, isLookedAt: false, isCounted: false, isDelayed: false }

/** If there is no capacity for a new hash, it is replaced another time. */
const rehash = async (domain: Domain, caller: Caller, account: Account, password: string): Promise<void> => {
  try {
    const passwordHash = await domain.hasher.hash({ client: caller.clientAddress, account: account.id }, password)
    await domain.db.user.updateMany({ where: { id: account.id, passwordHash: account.passwordHash }, data: { passwordHash } })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
}

const succeeded = async (domain: Domain, caller: Caller, account: Account, names: readonly string[], standing: Standing): Promise<void> => {
  if (standing.isDelayed) await domain.limits.passwords.succeeded(names, caller.clientAddress)
  if (standing.isCounted) await forgetFailures(domain, caller, account)
}

const check = async (domain: Domain, caller: Caller, { account, names, isSignIn, delay }: Attempt, password: string): Promise<boolean> => {
  const { limits } = domain
  const { clientAddress } = caller
  const [name = ''] = names
  let standing = NOBODY
  let wait: number | null = null
  if (delay.wait > 0) throw tooMany(delay.wait)
  const fits = await domain.hasher.verify({ client: clientAddress, account: name }, password, {
    async begin() {
      standing = await standingOf(domain, caller, account, names)
      return standing.isLookedAt ? (account?.passwordHash ?? null) : null
    },
    async failed() {
      for (const each of names) await limits.passwords.failed(each, clientAddress)
      wait = await countFailure(domain, caller, account, isSignIn ? name : null)
    },
  })
  if (fits && account !== null) await succeeded(domain, caller, account, names, standing)
  else if (wait !== null && !standing.isKnown) throw new Failure('TOO_MANY_REQUESTS', { retryAfter: wait })
  if (fits && account?.passwordHash && domain.hasher.isWeak(account.passwordHash)) await rehash(domain, caller, account, password)
  return fits
}

/**
 * Whether `password` is that of the account which somebody signs in to as `identifier`; both were found by `findForSignIn`.
 * @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED
 */
export async function passwordFits(
  domain: Domain,
  caller: Caller,
  { account, delay }: Pick<Attempt, 'account' | 'delay'>,
  identifier: string,
  password: string,
): Promise<boolean> {
  const name = identifierKey(identifier)
  const attempt = { account, delay, names: [name], isSignIn: true }
  return await inSpan('check password', async () => await check(domain, caller, attempt, password)).catch(failingFor(account?.id, name))
}

/**
 * Whether `password` is the caller's, as a proof within a session. It computes a hash, so it counts as an attempt too.
 * @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED
 */
export async function isProof(domain: Domain, caller: Caller, account: Account, password: string): Promise<boolean> {
  const names = [...new Set([account.email, account.username].filter((name) => name !== null).map(identifierKey))]
  await domain.limits.attempt(caller.clientAddress, account.id)
  return await inSpan('check password', async () => {
    const delay = await domain.limits.passwords.read(names, caller.clientAddress)
    return await check(domain, caller, { account, delay, names, isSignIn: false }, password).catch(failingFor(account.id, names[0]))
  })
}
