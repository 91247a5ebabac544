/** Turns a second factor off, for its owner and for an administrator. */

import { dropPending } from '../accounts/pending.ts'
import type { Account } from '../frame/account.ts'
import type { Domain, Tx } from '../frame/domain.ts'

/**
 * Removes the factor from an account, with its recovery codes, its count of guesses and pending steps. Lock the account's row
 * first.
 */
export const turnOff = async (domain: Domain, tx: Tx, userId: string): Promise<Account> => {
  await tx.recoveryCode.deleteMany({ where: { userId } })
  await dropPending(tx, userId)
  return await tx.user.update({
    where: { id: userId },
    data: {
      twoFactorSecret: null,
      twoFactorPending: null,
      twoFactorLastStep: null,
      twoFactorFailures: 0,
      twoFactorBlockedUntil: null,
      credentialVersion: { increment: 1 },
      updatedAt: domain.clock.now(),
    },
  })
}
