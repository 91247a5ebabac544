/**
 * The beginning of an enrolment: a secret for an authenticator app. The factor is on after it was confirmed, so that an app that
 * did not store the secret locks nobody out. On a surface whose document has no confirm route it is on at once, and the mail to the
 * owner has an undo link.
 */
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { rulesFor } from '../frame/rules.ts'
import { notice } from '../mails/notices.ts'
import { offerUndo } from '../undo/offer.ts'
import { newRecoveryCodes } from './recoveryCodes.ts'
import { newTotpSecret, otpauthUrl, sealTotpSecret } from './totp.ts'
import { lockWithoutFactor, turnOn } from './turnOn.ts'

export interface Enrollment {
  readonly secret: string
  readonly otpauthUrl: string
  /** Null while the enrolment waits for its confirmation. */
  readonly recoveryCodes: readonly string[] | null
}

const enableAtOnce = async (domain: Domain, caller: Caller, account: Account, secret: string): Promise<readonly string[]> => {
  const recoveryCodes = await newRecoveryCodes(domain, caller)
  await inTransaction(domain.db, async (tx) => {
    await lockWithoutFactor(tx, account)
    const undo = await offerUndo(domain, tx, account.id)
    await turnOn(domain, tx, caller, account.id, { secret, lastStep: null, recoveryCodes, ended: 0 })
    await notice(domain, tx, account, 'twoFactorEnabled', {}, undo)
  })
  return recoveryCodes.codes
}

/**
 * Stores a secret until it is confirmed. Guesses at the previous secret no longer count, because the new one is shown to the
 * caller.
 */
const keepPending = async (domain: Domain, caller: Caller, account: Account, secret: string): Promise<void> =>
  await inTransaction(domain.db, async (tx) => {
    await lockWithoutFactor(tx, account)
    await tx.user.update({
      where: { id: account.id },
      data: { twoFactorPending: sealTotpSecret(domain, account.id, secret), twoFactorFailures: 0, twoFactorBlockedUntil: null },
    })
    await record(domain, tx, caller, { type: 'two_factor.enrollment_begun', userId: account.id })
  })

/**
 * Creates a secret for the caller's account. On GraphQL it waits for `confirmTwoFactorEnrollment`.
 * @throws {Failure} TWO_FACTOR_ALREADY_ENABLED, REAUTHENTICATION_REQUIRED, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function beginTwoFactorEnrollment(domain: Domain, caller: Caller): Promise<Enrollment> {
  const { account } = viewerOf(caller)
  if (account.twoFactorSecret !== null) throw new Failure('TWO_FACTOR_ALREADY_ENABLED')
  const secret = newTotpSecret(domain.randomBytes)
  let recoveryCodes: readonly string[] | null = null
  if (rulesFor(domain, caller).enablesTwoFactorAtOnce) recoveryCodes = await enableAtOnce(domain, caller, account, secret)
  else await keepPending(domain, caller, account, secret)
  return { secret, otpauthUrl: otpauthUrl(account, secret), recoveryCodes }
}
