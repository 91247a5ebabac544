/**
 * The ends of sessions and of what waits beside them. A session that has ended stays ended for each of its tokens, on
 * every surface, from the next request on.
 */
import type { Domain, Tx } from '../domain.ts'

/** Ends the live sessions of an account, all or all but one; returns how many. */
export const endSessions = async (domain: Domain, tx: Tx, userId: string, options: { except?: string } = {}): Promise<number> => {
  const { count } = await tx.session.updateMany({
    where: { userId, endedAt: null, ...(options.except === undefined ? {} : { id: { not: options.except } }) },
    data: { endedAt: domain.clock.now() },
  })
  return count
}

/** Ends one session; false if it had ended already. */
export const endSession = async (domain: Domain, tx: Tx, sessionId: string): Promise<boolean> => {
  const { count } = await tx.session.updateMany({ where: { id: sessionId, endedAt: null }, data: { endedAt: domain.clock.now() } })
  return count === 1
}

/** Kills what an account has under way: login codes and mailed tokens. */
export const dropPending = async (tx: Tx, userId: string): Promise<void> => {
  await tx.loginCode.deleteMany({ where: { userId } })
  await tx.mailToken.deleteMany({ where: { userId } })
}
