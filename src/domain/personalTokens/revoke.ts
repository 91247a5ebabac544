/** Revokes a personal access token. A script revokes its own token by signing out with it. */
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { byId, parse } from '../base/input.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { endSession } from '../sessions/end.ts'
import { findPersonalToken, type PersonalToken } from './findPersonalTokens.ts'

/**
 * Revokes a token of the caller, or for an administrator any token; returns the token.
 * @throws {Failure} INVALID_INPUT; NOT_FOUND, also for another account's token and for one that has ended
 */
export async function revokePersonalAccessToken(domain: Domain, caller: Caller, { id }: { id: string }): Promise<PersonalToken> {
  parse(byId, { id })
  const token = await findPersonalToken(domain, caller.viewer, id)
  if (token === null) throw new Failure('NOT_FOUND')
  await inTransaction(domain.db, async (tx) => {
    if (!(await endSession(domain, tx, token.id))) throw new Failure('NOT_FOUND')
    await record(domain, tx, caller, { type: 'token.revoked', userId: token.userId, details: { sessionId: token.id } })
  })
  return token
}
