/**
 * Turns a second factor on, for both ways of enrolment. The secret is encrypted again here, so that one which was pending during a
 * key rotation does not stay under the old key.
 */

import { heldEmailOf } from '../accounts/hold.ts'
import { lockRow } from '../accounts/lock.ts'
import { dropPending } from '../accounts/pending.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { NEVER } from '../sessions/rights.ts'
import { type NewRecoveryCodes, storeRecoveryCodes } from './recoveryCodes.ts'
import { sealTotpSecret } from './totp.ts'

/**
 * Locks the row of an account without a second factor, and returns it as it is now.
 * @throws {Failure} TWO_FACTOR_ALREADY_ENABLED, REAUTHENTICATION_REQUIRED if its credentials changed since it was `seen`
 */
export const lockWithoutFactor = async (tx: Tx, seen: Account): Promise<Account> => {
  await lockRow(tx, seen.id)
  const now = await tx.user.findUnique({ where: { id: seen.id } })
  if (now?.twoFactorSecret != null) throw new Failure('TWO_FACTOR_ALREADY_ENABLED')
  if (now?.credentialVersion !== seen.credentialVersion) throw new Failure('REAUTHENTICATION_REQUIRED')
  return now
}

interface NewFactor {
  readonly secret: string
  /** The time step of the code that confirmed it. */
  readonly lastStep: number | null
  readonly recoveryCodes: NewRecoveryCodes
  /** How many sessions ended. */
  readonly ended: number
}

/**
 * Turns the factor on. Lock the account's row first. All other sessions have at most passed a password check: it no longer counts
 * for step-up, until they re-authenticate with a code.
 */
export const turnOn = async (domain: Domain, tx: Tx, caller: Caller, userId: string, factor: NewFactor): Promise<void> => {
  const account = await tx.user.update({
    where: { id: userId },
    data: {
      twoFactorSecret: sealTotpSecret(domain, userId, factor.secret),
      twoFactorPending: null,
      twoFactorLastStep: factor.lastStep,
      twoFactorFailures: 0,
      twoFactorBlockedUntil: null,
      credentialVersion: { increment: 1 },
      updatedAt: domain.clock.now(),
    },
  })
  const session = viewerOf(caller).session.id
  await tx.session.updateMany({ where: { userId, id: { not: session } }, data: { authenticatedAt: NEVER } })
  await storeRecoveryCodes(tx, userId, factor.recoveryCodes)
  await dropPending(tx, userId, heldEmailOf(domain, account))
  await record(domain, tx, caller, { type: 'two_factor.enabled', userId, details: { ended: factor.ended } })
}
