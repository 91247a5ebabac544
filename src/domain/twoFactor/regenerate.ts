/**
 * Ten new recovery codes in place of the old ones, which are dead at once. The step-up is the proof, and no second one is asked
 * for: only a sign-in or a `reauthenticate` with both password and factor brings a session with a factor that far. It counts as a
 * change of the credentials, so of several at once one succeeds, and no sign-in goes on that began with an old code.
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
 * @returns the codes, this once
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
