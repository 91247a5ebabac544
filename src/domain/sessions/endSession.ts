/**
 * Ends sessions from a list: one session of the caller's account or all others, and for an administrator those of any account. The
 * event names who did it. Everything else that ends sessions: docs/accounts.md.
 */
import { inTransaction } from '../../db/transaction.ts'
import { dropPending } from '../accounts/pending.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { byId, parse } from '../base/input.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { endSessions, endSession as endThis } from './end.ts'
import { findSession, type ListedSession } from './list.ts'

/**
 * Ends a session that the caller may see, including the present one. For personal access tokens there is
 * `revokePersonalAccessToken`.
 * @returns the session as it was
 * @throws {Failure} INVALID_INPUT; NOT_FOUND, also for another account's session and for one that has ended
 */
export async function endSession(domain: Domain, caller: Caller, { id }: { id: string }): Promise<ListedSession> {
  parse(byId, { id })
  const session = await findSession(domain, caller.viewer, id)
  if (session === null) throw new Failure('NOT_FOUND')
  await inTransaction(domain.db, async (tx) => {
    if (!(await endThis(domain, tx, session.id))) throw new Failure('NOT_FOUND')
    await record(domain, tx, caller, { type: 'session.ended', userId: session.userId, details: { sessionId: session.id } })
  })
  return session
}

/** Ends all sessions and personal access tokens of the caller's account except the present session; returns how many. */
export async function endOtherSessions(domain: Domain, caller: Caller): Promise<number> {
  const { account, session } = viewerOf(caller)
  return await inTransaction(domain.db, async (tx) => {
    const ended = await endSessions(domain, tx, account.id, { except: session.id })
    await dropPending(tx, account.id)
    await record(domain, tx, caller, { type: 'session.others_ended', userId: account.id, details: { ended } })
    return ended
  })
}

/** Ends all sessions and personal access tokens of an account; returns how many. @throws {Failure} NOT_FOUND, INVALID_INPUT */
export async function endUserSessions(domain: Domain, caller: Caller, { id }: { id: string }): Promise<number> {
  parse(byId, { id })
  return await inTransaction(domain.db, async (tx) => {
    const account = await tx.user.findUnique({ where: { id }, select: { id: true } })
    if (account === null) throw new Failure('NOT_FOUND')
    const ended = await endSessions(domain, tx, id)
    await dropPending(tx, id)
    await record(domain, tx, caller, { type: 'session.all_ended', userId: id, details: { ended } })
    return ended
  })
}
