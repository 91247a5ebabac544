/**
 * Sign-in: identifier and password, then the second factor where there is one. No surface gets a token of any kind for
 * an account with a second factor before the factor was checked.
 */
import { z } from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { findByIdentifier, identifierKey } from '../accounts/identifiers.ts'
import { record } from '../audit.ts'
import type { Caller } from '../caller.ts'
import { type Domain, later } from '../domain.ts'
import { Failure } from '../errors.ts'
import { nonEmpty, parse } from '../input.ts'
import { passwordFits } from '../passwords/check.ts'
import type { Surface } from '../surfaces.ts'
import { checkCode } from '../twoFactor/check.ts'
import type { Account } from './authenticate.ts'
import { noteDevice } from './devices.ts'
import { hashToken, newSecret } from './opaqueTokens.ts'
import { openSession, type SignedIn } from './open.ts'

export interface SignInInput {
  /** A username or an e-mail address. */
  readonly identifier: string
  readonly password: string
  /** A second-factor code, for clients that send it at once. */
  readonly code?: string | null | undefined
}

const schema = z.object({ identifier: nonEmpty, password: nonEmpty, code: nonEmpty.nullish() })

/** Opens a session for a checked account, writes the event, and tells the owner of a new device. */
export const completeSignIn = async (domain: Domain, caller: Caller, account: Account, origin?: Surface): Promise<SignedIn> =>
  await inTransaction(domain.db, async (tx) => {
    const signedIn = await openSession(domain, tx, caller, account, origin)
    const newDevice = (await noteDevice(domain, tx, caller, signedIn.account)) ? { newDevice: true } : {}
    const details = { sessionId: signedIn.session.id, ...newDevice }
    await record(domain, tx, caller, { type: 'session.signed_in', userId: account.id, details })
    return signedIn
  })

const failed = async (domain: Domain, caller: Caller, account: Account | null, failure: Failure): Promise<Failure> => {
  await record(domain, domain.db, caller, {
    type: 'session.sign_in_failed',
    outcome: 'failure',
    userId: account?.id ?? null,
    details: { code: failure.code },
  })
  return failure
}

const askForCode = async (domain: Domain, caller: Caller, account: Account): Promise<Failure> => {
  const loginCode = newSecret(domain.randomBytes)
  const expiresAt = later(domain, domain.config.LOGIN_CODE_LIFE)
  await domain.db.loginCode.create({
    data: {
      hash: hashToken(loginCode),
      userId: account.id,
      surface: caller.surface,
      createdAt: domain.clock.now(),
      expiresAt,
      credentialVersion: account.credentialVersion,
    },
  })
  return new Failure('TWO_FACTOR_REQUIRED', { loginCode, expiresAt })
}

/**
 * @throws {Failure} INVALID_INPUT, BAD_CREDENTIALS, ACCOUNT_DISABLED (after a right password only), TWO_FACTOR_REQUIRED
 * (with `loginCode`), INVALID_TWO_FACTOR_CODE, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function signIn(domain: Domain, caller: Caller, input: SignInInput): Promise<SignedIn> {
  const { identifier, password, code } = parse(schema, input)
  await domain.limits.attempt(caller.clientAddress)
  const account = await findByIdentifier(domain, identifier)
  const fits = await passwordFits(domain, caller, account, password, identifierKey(identifier))
  if (account === null || !fits) throw await failed(domain, caller, account, new Failure('BAD_CREDENTIALS'))
  if (account.loginDisabled) throw await failed(domain, caller, account, new Failure('ACCOUNT_DISABLED'))
  if (account.twoFactorSecret !== null) {
    if (code == null) throw await askForCode(domain, caller, account)
    await checkCode(domain, caller, account, code, 'INVALID_TWO_FACTOR_CODE')
  }
  return await completeSignIn(domain, caller, account)
}
