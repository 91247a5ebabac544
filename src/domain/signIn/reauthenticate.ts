/**
 * Re-authentication: checks password and second factor in an open session, so that it may run operations that need step-up. A
 * session in a cookie gets a new token.
 */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../auditLog/events.ts'
import { Failure, fieldFailure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { isProof } from '../passwords/checkPassword.ts'
import type { IssuedToken } from '../sessions/accessTokens.ts'
import { renewCookie } from '../sessions/cookies.ts'
import { checkCode } from '../twoFactor/checkSecondFactor.ts'

export interface ReauthenticateInput {
  readonly password: string
  /** Required if the account has a second factor. */
  readonly code?: string | null | undefined
}

const schema = z.object({ password: nonEmpty, code: nonEmpty.nullish() })

export interface Reauthenticated {
  readonly authenticatedAt: Date
  readonly cookieToken: IssuedToken | null
}

/**
 * @throws {Failure} WRONG_PASSWORD, INVALID_INPUT if a required code is missing, WRONG_CODE, TOO_MANY_REQUESTS, UNAUTHENTICATED if
 * the session has ended meanwhile
 */
export async function reauthenticate(domain: Domain, caller: Caller, input: ReauthenticateInput): Promise<Reauthenticated> {
  const viewer = viewerOf(caller)
  const { account, session } = viewer
  const { password, code } = parse(schema, input)
  if (account.twoFactorSecret !== null && code == null) throw fieldFailure('INVALID_INPUT', 'code', 'is required')
  if (!(await isProof(domain, caller, account, password))) throw fieldFailure('WRONG_PASSWORD', 'password', 'Wrong password')
  if (account.twoFactorSecret !== null && code != null) await checkCode(domain, caller, account, code, 'WRONG_CODE')
  const authenticatedAt = domain.clock.now()
  return await inTransaction(domain.db, async (tx) => {
    const { count } = await tx.session.updateMany({ where: { id: session.id, endedAt: null }, data: { authenticatedAt } })
    if (count === 0) throw new Failure('UNAUTHENTICATED', { isTokenDead: true })
    await record(domain, tx, caller, { type: 'session.reauthenticated', userId: account.id, details: { sessionId: session.id } })
    return { authenticatedAt, cookieToken: await renewCookie(domain, tx, viewer) }
  })
}
