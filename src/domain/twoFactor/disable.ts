/**
 * Turns the second factor off. It requires a code or the password, unless the surface's document has neither; if one is sent, it is
 * checked on every surface. Without such a proof, the mail to the owner has an undo link.
 */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { lockUnchanged } from '../accounts/lock.ts'
import { record } from '../auditLog/events.ts'
import { Failure, fieldFailure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { rulesFor } from '../frame/rules.ts'
import { notice } from '../mails/notices.ts'
import { isProof } from '../passwords/checkPassword.ts'
import { endSessions } from '../sessions/end.ts'
import { offerUndo } from '../undo/offer.ts'
import { checkCode } from './checkSecondFactor.ts'
import { turnOff } from './turnOff.ts'

export interface DisableTwoFactorInput {
  readonly code?: string | null | undefined
  readonly password?: string | null | undefined
  readonly endOtherSessions?: boolean | null | undefined
}

export interface DisabledTwoFactor {
  readonly account: Account
  readonly endedSessions: number
}

const schema = z.object({ code: nonEmpty.nullish(), password: nonEmpty.nullish(), endOtherSessions: z.boolean().nullish() })

const checkProof = async (
  domain: Domain,
  caller: Caller,
  account: Account,
  { code, password }: Pick<DisableTwoFactorInput, 'code' | 'password'>,
): Promise<void> => {
  if (code == null && password == null && !rulesFor(domain, caller).disablesTwoFactorWithoutProof) {
    throw fieldFailure('INVALID_INPUT', 'code', 'a code or the password is required')
  }
  if (password != null && !(await isProof(domain, caller, account, password)))
    throw fieldFailure('WRONG_PASSWORD', 'password', 'Wrong password')
  if (code == null) return
  if (password == null) await domain.limits.attempt(caller.clientAddress, account.id)
  await checkCode(domain, caller, account, code, 'WRONG_CODE')
}

/**
 * Turns the caller's second factor off and deletes its recovery codes; ends the other sessions if asked to.
 * @throws {Failure} INVALID_INPUT, TWO_FACTOR_NOT_ENABLED, REAUTHENTICATION_REQUIRED, WRONG_PASSWORD, WRONG_CODE, TOO_MANY_REQUESTS
 */
export async function disableTwoFactor(domain: Domain, caller: Caller, input: DisableTwoFactorInput): Promise<DisabledTwoFactor> {
  const { account, session } = viewerOf(caller)
  const { endOtherSessions, ...proof } = parse(schema, input)
  if (account.twoFactorSecret === null) throw new Failure('TWO_FACTOR_NOT_ENABLED')
  await checkProof(domain, caller, account, proof)
  const isProven = proof.code != null || proof.password != null
  return await inTransaction(domain.db, async (tx) => {
    await lockUnchanged(tx, account)
    const undo = isProven ? null : await offerUndo(domain, tx, account.id)
    const endedSessions = endOtherSessions === true ? await endSessions(domain, tx, account.id, { except: session.id }) : 0
    await record(domain, tx, caller, { type: 'two_factor.disabled', userId: account.id, details: { ended: endedSessions } })
    await notice(domain, tx, account, 'twoFactorDisabled', {}, undo)
    return { account: await turnOff(domain, tx, account.id), endedSessions }
  })
}
