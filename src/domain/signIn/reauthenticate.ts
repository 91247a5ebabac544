/**
 * Re-authentication: checks password and second factor in an open session, so that it may run operations that need step-up. A
 * session in a cookie gets a new token.
 */
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import type { IssuedToken } from '../sessions/accessTokens.ts'
import { renewCookie } from '../sessions/cookies.ts'
import { checkOwner, type OwnerProof } from '../twoFactor/ownerProof.ts'

export interface Reauthenticated {
  readonly authenticatedAt: Date
  readonly cookieToken: IssuedToken | null
}

/**
 * @throws {Failure} WRONG_PASSWORD, INVALID_INPUT if a required code is missing, WRONG_CODE, TOO_MANY_REQUESTS, UNAUTHENTICATED if
 * the session has ended meanwhile
 */
export async function reauthenticate(domain: Domain, caller: Caller, input: OwnerProof): Promise<Reauthenticated> {
  const viewer = viewerOf(caller)
  const { account, session } = viewer
  await checkOwner(domain, caller, account, input)
  const authenticatedAt = domain.clock.now()
  return await inTransaction(domain.db, async (tx) => {
    const { count } = await tx.session.updateMany({ where: { id: session.id, endedAt: null }, data: { authenticatedAt } })
    if (count === 0) throw new Failure('UNAUTHENTICATED', { isTokenDead: true })
    await record(domain, tx, caller, { type: 'session.reauthenticated', userId: account.id, details: { sessionId: session.id } })
    return { authenticatedAt, cookieToken: await renewCookie(domain, tx, viewer) }
  })
}
