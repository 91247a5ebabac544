/** The live sessions of accounts, newest first, each with its last known use, without personal access tokens. */
import type { OpaqueToken, Session } from '../../db/generated/client.ts'
import { belongsTo } from '../access/fields.ts'
import { storable } from '../base/input.ts'
import type { Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { isLive, notEnded, signedInTo } from './live.ts'

export type ListedSession = Session & { opaqueTokens: OpaqueToken[] }

const asSeen = (domain: Domain, session: ListedSession): ListedSession => ({ ...session, lastSeenAt: domain.lastSeen.of(session) })

/** The live sessions of each account, in the order of `userIds`. */
export async function sessionsOf(domain: Domain, userIds: readonly string[]): Promise<ListedSession[][]> {
  const sessions = await domain.db.session.findMany({
    where: { userId: { in: [...userIds] }, ...signedInTo, ...notEnded(domain) },
    include: { opaqueTokens: true },
    relationLoadStrategy: 'join',
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  const live = sessions.filter((session) => isLive(domain, session)).map((session) => asSeen(domain, session))
  return userIds.map((userId) => live.filter((session) => session.userId === userId))
}

/** A live session, if the viewer may see it: their own, or for an administrator any. */
export async function findSession(domain: Domain, viewer: Viewer | null, id: string): Promise<ListedSession | null> {
  if (viewer === null || !storable(id)) return null
  const session = await domain.db.session.findUnique({
    where: { id, ...signedInTo },
    include: { opaqueTokens: true },
    relationLoadStrategy: 'join',
  })
  if (session === null || !isLive(domain, session)) return null
  return belongsTo(viewer, 'owner', session.userId) ? asSeen(domain, session) : null
}
