/** The personal access tokens of accounts, newest first. A token is stored as a session of its own kind, which nobody signs in to. */
import type { Session } from '../../db/generated/client.ts'
import { belongsTo } from '../access/fields.ts'
import { storable } from '../base/input.ts'
import type { Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { isLive, notEnded } from '../sessions/live.ts'

export interface PersonalToken {
  readonly id: string
  readonly userId: string
  readonly name: string
  /** As granted; of these, the ones that the owner holds today are in effect. */
  readonly scopes: readonly string[]
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Null before the first use. */
  readonly lastUsedAt: Date | null
}

/** The condition for queries. */
export const personal = { kind: 'personal' } as const

export const asPersonalToken = (domain: Domain, session: Session): PersonalToken => {
  const { id, userId, name, scopes, createdAt, expiresAt } = session
  const seen = domain.lastSeen.of(session)
  return { id, userId, name: name ?? '', scopes, createdAt, expiresAt, lastUsedAt: seen > createdAt ? seen : null }
}

/** The live tokens of each account, in the order of `userIds`. */
export async function personalTokensOf(domain: Domain, userIds: readonly string[]): Promise<PersonalToken[][]> {
  const sessions = await domain.db.session.findMany({
    where: { userId: { in: [...userIds] }, ...personal, ...notEnded(domain) },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  const tokens = sessions.map((session) => asPersonalToken(domain, session))
  return userIds.map((userId) => tokens.filter((token) => token.userId === userId))
}

/** A live token, if the viewer may see it: their own, or for an administrator any. */
export async function findPersonalToken(domain: Domain, viewer: Viewer | null, id: string): Promise<PersonalToken | null> {
  if (viewer === null || !storable(id)) return null
  const session = await domain.db.session.findUnique({ where: { id, ...personal } })
  if (session === null || !isLive(domain, session)) return null
  return belongsTo(viewer, 'owner', session.userId) ? asPersonalToken(domain, session) : null
}
