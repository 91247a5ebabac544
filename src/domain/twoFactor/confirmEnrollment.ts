/**
 * The end of an enrolment: a first code proves that the app has the secret. A code of a secret that was replaced meanwhile is
 * wrong.
 */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { Failure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import { plainCode } from '../base/plainCode.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { notice } from '../mails/notices.ts'
import { endSessions } from '../sessions/end.ts'
import { offerUndo } from '../undo/offer.ts'
import { wrongCode } from './checkSecondFactor.ts'
import { countGuess } from './guesses.ts'
import { newRecoveryCodes } from './recoveryCodes.ts'
import { isTotp, matchingStep, openTotpSecret } from './totp.ts'
import { lockWithoutFactor, turnOn } from './turnOn.ts'

export interface ConfirmTwoFactorEnrollmentInput {
  readonly code: string
  readonly endOtherSessions?: boolean | null | undefined
}

export interface ConfirmedEnrollment {
  readonly recoveryCodes: readonly string[]
  readonly endedSessions: number
}

const schema = z.object({ code: nonEmpty, endOtherSessions: z.boolean().nullish() })

/** Checks a first code of the pending secret. */
const checkFirst = async (domain: Domain, account: Account, code: string) => {
  if (account.twoFactorSecret !== null) throw new Failure('TWO_FACTOR_ALREADY_ENABLED')
  if (account.twoFactorPending === null) throw new Failure('TWO_FACTOR_NOT_ENABLED')
  await countGuess(domain, account.id, false)
  const secret = openTotpSecret(domain, account.id, account.twoFactorPending)
  const lastStep = isTotp(code) ? matchingStep(domain, secret, code) : null
  if (lastStep === null) throw wrongCode('WRONG_CODE').about(account.id)
  return { secret, lastStep }
}

/**
 * Turns the factor on, given a first code of the pending secret; ends the other sessions if asked to.
 * @returns the recovery codes, which cannot be read again
 * @throws {Failure} INVALID_INPUT, TWO_FACTOR_NOT_ENABLED if no enrolment has begun, WRONG_CODE, TWO_FACTOR_ALREADY_ENABLED,
 * REAUTHENTICATION_REQUIRED, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function confirmTwoFactorEnrollment(
  domain: Domain,
  caller: Caller,
  input: ConfirmTwoFactorEnrollmentInput,
): Promise<ConfirmedEnrollment> {
  const { code, endOtherSessions } = parse(schema, input)
  const { account, session } = viewerOf(caller)
  const checked = await checkFirst(domain, account, plainCode(code))
  const recoveryCodes = await newRecoveryCodes(domain, caller)
  const endedSessions = await inTransaction(domain.db, async (tx) => {
    const { twoFactorPending } = await lockWithoutFactor(tx, account)
    const undo = await offerUndo(domain, tx, account.id)
    if (twoFactorPending === null || openTotpSecret(domain, account.id, twoFactorPending) !== checked.secret) throw wrongCode('WRONG_CODE')
    const ended = endOtherSessions === true ? await endSessions(domain, tx, account.id, { except: session.id }) : 0
    await turnOn(domain, tx, caller, account.id, { ...checked, recoveryCodes, ended })
    await notice(domain, tx, account, 'twoFactorEnabled', {}, undo)
    return ended
  })
  return { recoveryCodes: recoveryCodes.codes, endedSessions }
}
