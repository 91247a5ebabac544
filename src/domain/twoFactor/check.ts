/**
 * One check of a second-factor code, wherever one is asked for. A code of six digits is a TOTP, any other a recovery code.
 */
import { record } from '../audit.ts'
import type { Caller } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { type ErrorCode, fieldFailure } from '../errors.ts'
import type { Account } from '../sessions/authenticate.ts'
import { countGuess, forgetGuesses } from './guesses.ts'
import { acceptRecoveryCode } from './recoveryCodes.ts'
import { acceptTotp } from './totp.ts'

const TOTP_FORM = /^\d{6}$/

type WrongCode = Extract<ErrorCode, 'INVALID_TWO_FACTOR_CODE' | 'WRONG_CODE'>

export const wrongCode = (as: WrongCode) => fieldFailure(as, 'code', 'Invalid two factor authentication code')

/**
 * Takes a code for an account that has a second factor on.
 * @param as the failure of a wrong code: of a sign-in, or of a proof within a session
 * @throws {Failure} INVALID_TWO_FACTOR_CODE or WRONG_CODE, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function checkCode(domain: Domain, caller: Caller, account: Account, code: string, as: WrongCode): Promise<void> {
  const plain = code.replace(/\s/g, '')
  const isTotp = TOTP_FORM.test(plain)
  await countGuess(domain, account.id, !isTotp)
  const accepted = isTotp ? await acceptTotp(domain, account, plain) : await acceptRecoveryCode(domain, caller, account, plain)
  if (!accepted) {
    await record(domain, domain.db, caller, { type: 'two_factor.code_failed', outcome: 'failure', userId: account.id })
    throw wrongCode(as)
  }
  await forgetGuesses(domain, account.id)
}
