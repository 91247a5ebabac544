/**
 * Replaces the recovery codes with ten new ones. Step-up is the only proof required: in a session of an account with a second
 * factor, only a sign-in or `reauthenticate` with password and factor meets it. It counts as a change of credentials: of several at
 * once one succeeds, and a sign-in that began with an old code fails.
 */
import { inTransaction } from '../../db/transaction.ts'
import { lockUnchanged } from '../accounts/lock.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { notice } from '../mails/notices.ts'
import { newRecoveryCodes, storeRecoveryCodes } from './recoveryCodes.ts'

/**
 * @returns the codes, which cannot be read again
 * @throws {Failure} TWO_FACTOR_NOT_ENABLED, REAUTHENTICATION_REQUIRED, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function regenerateRecoveryCodes(domain: Domain, caller: Caller): Promise<readonly string[]> {
  const { account } = viewerOf(caller)
  if (account.twoFactorSecret === null) throw new Failure('TWO_FACTOR_NOT_ENABLED')
  const made = await newRecoveryCodes(domain, caller)
  await inTransaction(domain.db, async (tx) => {
    await lockUnchanged(tx, account)
    await storeRecoveryCodes(tx, account.id, made)
    await tx.user.update({
      where: { id: account.id },
      data: { credentialVersion: { increment: 1 }, updatedAt: domain.clock.now() },
    })
    await record(domain, tx, caller, { type: 'two_factor.recovery_codes_regenerated', userId: account.id })
    await notice(domain, tx, account, 'recoveryCodesRegenerated')
  })
  return made.codes
}
