/**
 * Enrolment of a second factor. Two steps, begin and confirm, so that nobody is locked out by an app that did not take
 * the secret; on a surface whose document has no confirm route, the first step takes effect at once.
 */
import { z } from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../audit.ts'
import { type Caller, viewerOf } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { Failure } from '../errors.ts'
import { nonEmpty, parse } from '../input.ts'
import { notice } from '../mails/notices.ts'
import type { Account } from '../sessions/authenticate.ts'
import { dropPending } from '../sessions/end.ts'
import { wrongCode } from './check.ts'
import { countGuess, forgetGuesses } from './guesses.ts'
import { newRecoveryCodes, storeRecoveryCodes } from './recoveryCodes.ts'
import { matchingStep, newTotpSecret, openTotpSecret, otpauthUrl, sealTotpSecret } from './totp.ts'

export interface Enrollment {
  readonly secret: string
  readonly otpauthUrl: string
  /** Null while the enrolment waits for its confirmation. */
  readonly recoveryCodes: readonly string[] | null
}

/** Turns the factor on, if it is off, with the secret that the caller has decided. */
const enable = async (
  domain: Domain,
  caller: Caller,
  account: Account,
  sealed: string,
  lastStep: number | null,
): Promise<readonly string[]> => {
  const made = await newRecoveryCodes(domain)
  await inTransaction(domain.db, async (tx) => {
    const { count } = await tx.user.updateMany({
      where: { id: account.id, twoFactorSecret: null, credentialVersion: account.credentialVersion },
      data: {
        twoFactorSecret: sealed,
        twoFactorPending: null,
        twoFactorLastStep: lastStep,
        twoFactorFailures: 0,
        twoFactorBlockedUntil: null,
        credentialVersion: { increment: 1 },
        updatedAt: domain.clock.now(),
      },
    })
    if (count === 0) throw new Failure('TWO_FACTOR_ALREADY_ENABLED')
    await storeRecoveryCodes(tx, account.id, made)
    await dropPending(tx, account.id)
    await record(domain, tx, caller, { type: 'two_factor.enabled', userId: account.id })
  })
  notice(domain, account, 'twoFactorEnabled')
  return made.codes
}

/**
 * Makes a secret for the caller's account. On GraphQL it waits for `confirmTwoFactorEnrollment`.
 * @throws {Failure} TWO_FACTOR_ALREADY_ENABLED, REAUTHENTICATION_REQUIRED
 */
export async function beginTwoFactorEnrollment(domain: Domain, caller: Caller): Promise<Enrollment> {
  const { account } = viewerOf(caller)
  if (account.twoFactorSecret !== null) throw new Failure('TWO_FACTOR_ALREADY_ENABLED')
  const secret = newTotpSecret(domain.randomBytes)
  const sealed = sealTotpSecret(domain, account.id, secret)
  let recoveryCodes: readonly string[] | null = null
  if (domain.surfaces[caller.surface].enablesTwoFactorAtOnce) {
    recoveryCodes = await enable(domain, caller, account, sealed, null)
  } else {
    await inTransaction(domain.db, async (tx) => {
      await tx.user.updateMany({ where: { id: account.id }, data: { twoFactorPending: sealed } })
      await record(domain, tx, caller, { type: 'two_factor.enrollment_begun', userId: account.id })
    })
  }
  return { secret, otpauthUrl: otpauthUrl(account, secret), recoveryCodes }
}

/**
 * Turns the factor on with a first code of the pending secret.
 * @returns the recovery codes, this once
 * @throws {Failure} TWO_FACTOR_NOT_ENABLED if no enrolment has begun, WRONG_CODE, TWO_FACTOR_ALREADY_ENABLED
 */
export async function confirmTwoFactorEnrollment(domain: Domain, caller: Caller, input: { code: string }): Promise<readonly string[]> {
  const code = parse(z.object({ code: nonEmpty }), input).code.replace(/\s/g, '')
  const { account } = viewerOf(caller)
  if (account.twoFactorSecret !== null) throw new Failure('TWO_FACTOR_ALREADY_ENABLED')
  if (account.twoFactorPending === null) throw new Failure('TWO_FACTOR_NOT_ENABLED')
  await countGuess(domain, account.id, false)
  const step = /^\d{6}$/.test(code) ? matchingStep(domain, openTotpSecret(domain, account.id, account.twoFactorPending), code) : null
  if (step === null) throw wrongCode('WRONG_CODE')
  await forgetGuesses(domain, account.id)
  return await enable(domain, caller, account, account.twoFactorPending, step)
}
