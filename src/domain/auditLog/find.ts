/**
 * Reading the audit log: one event, or a page of them, newest first, by keyset on the number of the event.
 *
 * Reading all is for administrators, reading those about an account for its owner as well, within a session that somebody
 * signed in to. What tells where somebody else was when they acted on an account is for administrators alone.
 *
 * Cost: the filters on accounts and types and the bare list walk an index backwards, whatever the size of the log; the other
 * filters skip over what they leave out.
 */
import { z } from 'zod'
import type { AuditEvent as AuditEventRow, Prisma } from '../../db/generated/client.ts'
import { belongsTo } from '../access/fields.ts'
import { holds } from '../access/requirements.ts'
import { moment, parse, text } from '../base/input.ts'
import type { FilteredPage } from '../base/page.ts'
import { type Surface, surfaces } from '../base/surfaces.ts'
import type { Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { type AuditEventType, type AuditOutcome, auditEventTypes } from './events.ts'

/** An event, as it was written. */
export type AuditEvent = AuditEventRow

const schema = z.object({
  userId: text.nullish(),
  actorId: text.nullish(),
  surface: z.enum(surfaces).nullish(),
  since: moment.nullish(),
  until: moment.nullish(),
})

export interface AuditFilter {
  /** Whose account it is about, and who did it. */
  readonly userId?: string | null | undefined
  readonly actorId?: string | null | undefined
  readonly types?: readonly AuditEventType[] | null | undefined
  readonly outcome?: AuditOutcome | null | undefined
  readonly surface?: Surface | null | undefined
  /** From then on, and before then. */
  readonly since?: Date | null | undefined
  readonly until?: Date | null | undefined
}

export type AuditPage = FilteredPage<AuditFilter>

const SEQ = /^[1-9]\d{0,17}$/

/** The outcome follows from the type, and the types have an index. */
const typesOf = ({ types, outcome }: AuditFilter): AuditEventType[] | undefined => {
  if (outcome == null) return types == null ? undefined : [...types]
  return (types ?? (Object.keys(auditEventTypes) as AuditEventType[])).filter((type) => auditEventTypes[type].outcome === outcome)
}

const given = <Value>(value: Value | null | undefined): value is Value => value !== null && value !== undefined

const matching = (filter: AuditFilter): Prisma.AuditEventWhereInput[] => {
  const { userId, actorId, surface, since, until } = parse(schema, filter)
  const types = typesOf(filter)
  return [
    ...(given(userId) ? [{ userId }] : []),
    ...(given(actorId) ? [{ actorId }] : []),
    ...(types === undefined ? [] : [{ type: { in: types } }]),
    ...(given(surface) ? [{ surface }] : []),
    ...(given(since) ? [{ at: { gte: since } }] : []),
    ...(given(until) ? [{ at: { lt: until } }] : []),
  ]
}

/** The events between two places, newest first or, backwards, oldest first. @throws {Failure} INVALID_INPUT */
export async function findAuditEvents({ db }: Domain, { filter, backwards, limit, after, before }: AuditPage): Promise<AuditEvent[]> {
  const where = matching(filter)
  if (after !== undefined) where.push({ seq: { lt: after.seq } })
  if (before !== undefined) where.push({ seq: { gt: before.seq } })
  return await db.auditEvent.findMany({ where: { AND: where }, orderBy: { seq: backwards ? 'asc' : 'desc' }, take: limit })
}

/** An event, if the viewer may see it: one about the own account, or any for an administrator. */
export async function findAuditEvent({ db }: Domain, viewer: Viewer | null, seq: string): Promise<AuditEvent | null> {
  if (viewer === null || !SEQ.test(seq)) return null
  const event = await db.auditEvent.findUnique({ where: { seq: BigInt(seq) } })
  const isSeen = event !== null && (event.userId === null ? holds(viewer, 'admin') : belongsTo(viewer, 'owner', event.userId))
  return isSeen ? event : null
}

/** Whether the viewer may see who acted, and from where: not where that was somebody else than the owner. */
export const seesActor = (viewer: Viewer | null, { userId, actorId }: AuditEvent): boolean =>
  actorId === null || actorId === userId || holds(viewer, 'admin')
