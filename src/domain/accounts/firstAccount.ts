/**
 * The first account ever, and administrators in general. One row of `claims` is written in the transaction of the first
 * account, by whichever way it came; who writes it is first, exactly one, once. The same row is the lock under which
 * the number of enabled administrators changes.
 */

import { Failure } from '../base/errors.ts'
import type { Domain, Tx } from '../frame/domain.ts'

const CLAIM = 'first-account'

/** Claims to be the first account; true for exactly one transaction that commits. */
export const claimFirst = async (domain: Domain, tx: Tx, userId: string): Promise<boolean> => {
  const { count } = await tx.claim.createMany({ data: [{ name: CLAIM, userId, claimedAt: domain.clock.now() }], skipDuplicates: true })
  return count === 1
}

/** Whether the first account has been made. */
export const firstIsClaimed = async (tx: Tx): Promise<boolean> => (await tx.claim.findUnique({ where: { name: CLAIM } })) !== null

/** Takes the lock under which administrators are made and unmade, until the transaction ends. */
export const lockAdmins = async (tx: Tx): Promise<void> => {
  await tx.$queryRaw`SELECT name FROM claims WHERE name = ${CLAIM} FOR UPDATE`
}

/**
 * Refuses to lose the last enabled administrator. Call under `lockAdmins`.
 * @throws {Failure} LAST_ADMIN if no other enabled one is left
 */
export const keepAnAdmin = async (tx: Tx, exceptId: string): Promise<void> => {
  const others = await tx.user.count({ where: { isAdmin: true, loginDisabled: false, id: { not: exceptId } } })
  if (others === 0) throw new Failure('LAST_ADMIN')
}
