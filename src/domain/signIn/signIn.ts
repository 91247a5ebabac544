/**
 * Sign-in: identifier and password, then the second factor, if there is one. No surface issues a token of any kind before the
 * second factor was checked.
 */
import * as z from 'zod'
import { findForSignIn } from '../accounts/identifiers.ts'
import { Failure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Transport } from '../base/surfaces.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import { type Domain, later } from '../frame/domain.ts'
import { passwordFits } from '../passwords/checkPassword.ts'
import { hashLoginCode, newLoginCode } from '../secrets/loginCode.ts'
import { withTransport } from '../sessions/cookies.ts'
import { openSession, type SignedIn } from '../sessions/openSession.ts'
import { checkCode } from '../twoFactor/checkSecondFactor.ts'

export interface SignInInput {
  /** A username or an e-mail address. */
  readonly identifier: string
  readonly password: string
  /** A second-factor code, for clients that send it at once. */
  readonly code?: string | null | undefined
  readonly transport?: Transport | undefined
}

const schema = withTransport((transport) => z.object({ identifier: nonEmpty, password: nonEmpty, code: nonEmpty.nullish(), transport }))

const askForCode = async (domain: Domain, caller: Caller, account: Account): Promise<Failure> => {
  const loginCode = newLoginCode(domain.randomBytes)
  const expiresAt = later(domain, domain.config.LOGIN_CODE_LIFE)
  await domain.db.loginCode.create({
    data: {
      hash: hashLoginCode(loginCode),
      userId: account.id,
      surface: caller.surface,
      createdAt: domain.clock.now(),
      expiresAt,
      credentialVersion: account.credentialVersion,
    },
  })
  return new Failure('TWO_FACTOR_REQUIRED', { loginCode, expiresAt }).about(account.id)
}

/**
 * @throws {Failure} INVALID_INPUT, BAD_CREDENTIALS, ACCOUNT_DISABLED (after a right password only), TWO_FACTOR_REQUIRED
 * (with `loginCode`), INVALID_TWO_FACTOR_CODE, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function signIn(domain: Domain, caller: Caller, input: SignInInput): Promise<SignedIn> {
  const { identifier, password, code, ...opening } = parse(schema(domain, caller), input)
  await domain.limits.attempt(caller.clientAddress)
  const found = await findForSignIn(domain, identifier, caller.clientAddress)
  const fits = await passwordFits(domain, caller, found, identifier, password)
  const { account } = found
  if (account === null || !fits) throw new Failure('BAD_CREDENTIALS').about(account?.id)
  if (account.loginDisabled) throw new Failure('ACCOUNT_DISABLED').about(account.id)
  if (account.twoFactorSecret !== null) {
    if (code == null) throw await askForCode(domain, caller, account)
    await checkCode(domain, caller, account, code, 'INVALID_TWO_FACTOR_CODE')
  }
  return await openSession(domain, caller, account, opening)
}
