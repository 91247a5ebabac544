/**
 * Checks a second-factor code. Its form shows whether it is a code of an app or a recovery code; any other text is wrong without
 * any work.
 */

import { inSpan } from '../../tracing/spans.ts'
import { type ErrorCode, type Failure, fieldFailure } from '../base/errors.ts'
import { plainCode } from '../base/plainCode.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { countGuess, forgetGuesses } from './guesses.ts'
import { acceptRecoveryCode, mayBeRecoveryCode } from './recoveryCodes.ts'
import { acceptTotp, isTotp } from './totp.ts'

type WrongCode = Extract<ErrorCode, 'INVALID_TWO_FACTOR_CODE' | 'WRONG_CODE'>

export const wrongCode = (as: WrongCode): Failure => fieldFailure(as, 'code', 'Invalid two factor authentication code')

const accept = async (domain: Domain, caller: Caller, account: Account, code: string, isRecovery: boolean): Promise<boolean> => {
  if (isTotp(code)) return await acceptTotp(domain, account, code)
  return isRecovery && (await acceptRecoveryCode(domain, caller, account, code))
}

/**
 * Checks and uses up a code for an account with a second factor.
 * @param as the failure of a wrong code: of a sign-in, or of a proof within a session
 * @throws {Failure} INVALID_TWO_FACTOR_CODE or WRONG_CODE, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function checkCode(domain: Domain, caller: Caller, account: Account, code: string, as: WrongCode): Promise<void> {
  await inSpan('check second factor', async () => {
    const plain = plainCode(code)
    const isRecovery = await mayBeRecoveryCode(domain, account.id, plain)
    await countGuess(domain, account.id, isRecovery)
    if (!(await accept(domain, caller, account, plain, isRecovery))) throw wrongCode(as).about(account.id)
    await forgetGuesses(domain, account.id)
  })
}
