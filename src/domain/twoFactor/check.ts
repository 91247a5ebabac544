/**
 * One check of a second-factor code, wherever one is asked for. A code of six digits is a TOTP, any other a recovery code.
 */
import type { Caller } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { type ErrorCode, type Failure, fieldFailure } from '../errors.ts'
import type { Account } from '../sessions/authenticate.ts'
import { countGuess, forgetGuesses } from './guesses.ts'
import { acceptRecoveryCode } from './recoveryCodes.ts'
import { acceptTotp, isTotp } from './totp.ts'

type WrongCode = Extract<ErrorCode, 'INVALID_TWO_FACTOR_CODE' | 'WRONG_CODE'>

export const wrongCode = (as: WrongCode): Failure => fieldFailure(as, 'code', 'Invalid two factor authentication code')

/** A code as people type it, without its spaces. */
export const plainCode = (code: string): string => code.replace(/\s/g, '')

/**
 * Takes a code for an account that has a second factor on.
 * @param as the failure of a wrong code: of a sign-in, or of a proof within a session
 * @throws {Failure} INVALID_TWO_FACTOR_CODE or WRONG_CODE, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function checkCode(domain: Domain, caller: Caller, account: Account, code: string, as: WrongCode): Promise<void> {
  const plain = plainCode(code)
  const byApp = isTotp(plain)
  await countGuess(domain, account.id, !byApp)
  const accepted = byApp ? await acceptTotp(domain, account, plain) : await acceptRecoveryCode(domain, caller, account, plain)
  if (!accepted) throw wrongCode(as).about(account.id)
  await forgetGuesses(domain, account.id)
}
