/**
 * The live sessions of accounts, newest first.
 */
import type { OpaqueToken, Session } from '../../db/generated/client.ts'
import { holds, isInteractive } from '../access.ts'
import type { Domain } from '../domain.ts'
import { storable } from '../input.ts'
import type { Viewer } from './authenticate.ts'

export type ListedSession = Session & { opaqueTokens: OpaqueToken[] }

/** The live sessions of each account, in the order of `userIds`. */
export async function sessionsOf(domain: Domain, userIds: readonly string[]): Promise<ListedSession[][]> {
  const sessions = await domain.db.session.findMany({
    where: { userId: { in: [...userIds] }, endedAt: null, expiresAt: { gt: domain.clock.now() } },
    include: { opaqueTokens: true },
    relationLoadStrategy: 'join',
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  return userIds.map((userId) => sessions.filter((session) => session.userId === userId))
}

/** A live session, if the viewer may see it: the own one, or any for an administrator. */
export async function findSession(domain: Domain, viewer: Viewer | null, id: string): Promise<ListedSession | null> {
  if (viewer === null || !storable(id)) return null
  const session = await domain.db.session.findUnique({ where: { id }, include: { opaqueTokens: true }, relationLoadStrategy: 'join' })
  if (session === null || session.endedAt !== null || session.expiresAt <= domain.clock.now()) return null
  return (isInteractive(viewer) && session.userId === viewer.account.id) || holds(viewer, 'admin') ? session : null
}
