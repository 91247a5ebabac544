/**
 * One check of a password, wherever one is asked for: at sign-in, at a change, as a proof. It is limited by account and
 * client address, does the same work for an account that is not there, and mends a hash that is weaker than today's.
 */
import type { Caller } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { failingFor } from '../errors.ts'
import type { Account } from '../sessions/authenticate.ts'

const rehash = async (domain: Domain, account: Account, password: string): Promise<void> => {
  const passwordHash = await domain.hasher.hash(password)
  await domain.db.user.updateMany({ where: { id: account.id, passwordHash: account.passwordHash }, data: { passwordHash } })
}

/**
 * Whether `password` is the account's.
 * @param unknownAs what failures are counted under when there is no account
 * @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED
 */
export async function passwordFits(
  domain: Domain,
  caller: Caller,
  account: Account | null,
  password: string,
  unknownAs = '',
): Promise<boolean> {
  const counted = account?.id ?? `unknown ${unknownAs}`
  const begin = async () => await domain.limits.passwordGate(counted, caller.clientAddress).catch(failingFor(account?.id, counted))
  const failed = async () => await domain.limits.passwordFailed(counted, caller.clientAddress)
  await begin()
  if (!(await domain.hasher.verify(account?.passwordHash ?? null, password, { begin, failed }))) return false
  await domain.limits.passwordSucceeded(counted, caller.clientAddress)
  if (account?.passwordHash && domain.hasher.isWeak(account.passwordHash)) await rehash(domain, account, password)
  return true
}
