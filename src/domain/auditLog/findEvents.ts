/**
 * Reads the audit log: one event, or a page of events, newest first, by keyset on the event number.
 *
 * Administrators may read all events, and owners those about their account, in an interactive session. Only administrators see who
 * else acted on an account, and from where.
 *
 * Cost: filters by account and type, and no filter, walk an index backwards, so the size of the log does not matter; other filters
 * skip the events that do not match.
 */
import * as z from 'zod'
import type { AuditEvent as AuditEventRow, Prisma } from '../../db/generated/client.ts'
import { belongsTo } from '../access/fields.ts'
import { holds } from '../access/requirements.ts'
import { moment, parse, text } from '../base/input.ts'
import type { FilteredPage } from '../base/pageWindow.ts'
import { type Surface, surfaces } from '../base/surfaces.ts'
import type { Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { type AuditEventType, type AuditOutcome, auditEventTypes } from './events.ts'

/** An event as it is stored. */
export type AuditEvent = AuditEventRow

const schema = z.object({
  userId: text.nullish(),
  actorId: text.nullish(),
  surface: z.enum(surfaces).nullish(),
  since: moment.nullish(),
  until: moment.nullish(),
})

export interface AuditFilter {
  /** The account that the event is about, and the one that acted. */
  readonly userId?: string | null | undefined
  readonly actorId?: string | null | undefined
  readonly types?: readonly AuditEventType[] | null | undefined
  readonly outcome?: AuditOutcome | null | undefined
  readonly surface?: Surface | null | undefined
  /** From this time on, and before this time. */
  readonly since?: Date | null | undefined
  readonly until?: Date | null | undefined
}

export type AuditPage = FilteredPage<AuditFilter>

const SEQ = /^[1-9]\d{0,17}$/

/** The outcome follows from the type, and types are indexed. */
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

/** The events between two places, newest first; backwards, oldest first. @throws {Failure} INVALID_INPUT */
export async function findAuditEvents(
  { lists }: Domain,
  { filter, backwards, limit, skip = 0, after, before }: AuditPage,
): Promise<AuditEvent[]> {
  const where = matching(filter)
  if (after !== undefined) where.push({ seq: { lt: after.seq } })
  if (before !== undefined) where.push({ seq: { gt: before.seq } })
  const query = { where: { AND: where }, orderBy: { seq: backwards ? 'asc' : 'desc' }, skip, take: limit } as const
  return await lists.read(async (db) => await db.auditEvent.findMany(query))
}

/** An event, if the viewer may see it: one about their own account, or for an administrator any. */
export async function findAuditEvent({ db }: Domain, viewer: Viewer | null, seq: string): Promise<AuditEvent | null> {
  if (viewer === null || !SEQ.test(seq)) return null
  const event = await db.auditEvent.findUnique({ where: { seq: BigInt(seq) } })
  const isSeen = event !== null && (event.userId === null ? holds(viewer, 'admin') : belongsTo(viewer, 'owner', event.userId))
  return isSeen ? event : null
}

/** Whether the viewer may see who acted and from where; an owner may not if somebody else acted. */
export const seesActor = (viewer: Viewer | null, { userId, actorId }: AuditEvent): boolean =>
  actorId === null || actorId === userId || holds(viewer, 'admin')
