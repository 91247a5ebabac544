/**
 * The first account, and the number of administrators. The transaction that creates the first account writes one row of `claims`;
 * exactly one transaction can. The same row is the lock for changes to the number of enabled administrators.
 */

import { Failure } from '../base/errors.ts'
import type { Domain, Tx } from '../frame/domain.ts'

const CLAIM = 'first-account'

/** The domains that know that the first account exists, which it then does for good. */
const knowing = new WeakSet<Domain>()

/** Claims to be the first account; true for exactly one committed transaction. One statement, until the first account is known to exist. */
export const claimFirst = async (domain: Domain, tx: Tx, userId: string): Promise<boolean> => {
  if (knowing.has(domain)) return false
  const { count } = await tx.claim.createMany({ data: [{ name: CLAIM, userId, claimedAt: domain.clock.now() }], skipDuplicates: true })
  // A row in the way was committed by somebody else.
  if (count === 0) knowing.add(domain)
  return count === 1
}

/** Whether the first account exists. */
export const firstIsClaimed = async (tx: Tx): Promise<boolean> => (await tx.claim.findUnique({ where: { name: CLAIM } })) !== null

/** Takes the lock for changing administrators, until the transaction ends. */
export const lockAdmins = async (tx: Tx): Promise<void> => {
  await tx.$queryRaw`SELECT name FROM claims WHERE name = ${CLAIM} FOR UPDATE`
}

/**
 * Refuses to remove the last enabled administrator. Call it under `lockAdmins`.
 * @throws {Failure} LAST_ADMIN if there is no other enabled administrator
 */
export const keepAnAdmin = async (tx: Tx, exceptId: string): Promise<void> => {
  const others = await tx.user.count({ where: { isAdmin: true, loginDisabled: false, id: { not: exceptId } } })
  if (others === 0) throw new Failure('LAST_ADMIN')
}
