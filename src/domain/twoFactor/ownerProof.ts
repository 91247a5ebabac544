/**
 * The proof of who the caller is, within a session: the password, and a code if the account has a second factor. Wrong ones count
 * like those of a sign-in.
 */
import * as z from 'zod'
import { fieldFailure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { isProof } from '../passwords/checkPassword.ts'
import { checkCode } from './checkSecondFactor.ts'

export interface OwnerProof {
  readonly password: string
  /** Required if the account has a second factor. */
  readonly code?: string | null | undefined
}

const schema = z.object({ password: nonEmpty, code: nonEmpty.nullish() })

/**
 * Checks the proof, and uses its code up.
 * @throws {Failure} INVALID_INPUT, also if a required code is missing, WRONG_PASSWORD, WRONG_CODE, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function checkOwner(domain: Domain, caller: Caller, account: Account, input: OwnerProof): Promise<void> {
  const { password, code } = parse(schema, input)
  if (account.twoFactorSecret !== null && code == null) throw fieldFailure('INVALID_INPUT', 'code', 'is required')
  if (!(await isProof(domain, caller, account, password))) throw fieldFailure('WRONG_PASSWORD', 'password', 'Wrong password')
  if (account.twoFactorSecret !== null && code != null) await checkCode(domain, caller, account, code, 'WRONG_CODE')
}
