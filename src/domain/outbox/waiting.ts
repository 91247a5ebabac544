/**
 * What waits in the outbox, for administrators: to whom, since when, and why the last attempt failed. Never a subject, a text, a token or
 * a code; contents are opened for the address alone.
 */
import type { OutboxEntry, Prisma } from '../../db/generated/client.ts'
import { holds } from '../access/requirements.ts'
import { storable } from '../base/input.ts'
import type { PageWindow, Place } from '../base/pageWindow.ts'
import type { Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { type EntryKind, openContent } from './queue.ts'

export interface WaitingMail {
  readonly id: string
  readonly seq: bigint
  readonly kind: EntryKind
  /** Null before it is known who gets it, and if no key opens the content. */
  readonly address: string | null
  readonly createdAt: Date
  readonly attempts: number
  readonly dueAt: Date
  readonly lastFailure: string | null
}

/** How the address is found in the content. Whether an account has the address of a requested reset is not known yet. */
const addressKeys: Readonly<Record<EntryKind, 'to' | 'address' | null>> = { mail: 'to', digest: 'address', password_reset: null }

const addressOf = (domain: Domain, { id, kind, sealed }: Pick<OutboxEntry, 'id' | 'kind' | 'sealed'>): string | null => {
  const key = addressKeys[kind as EntryKind]
  if (key === null || sealed === null) return null
  try {
    const { [key]: address } = openContent(domain, id, sealed) as Partial<Record<typeof key, string>>
    return address ?? null
  } catch {
    // The worker logs that no key opens it.
    return null
  }
}

const shown = (domain: Domain, entry: OutboxEntry): WaitingMail => ({
  id: entry.id,
  seq: entry.seq,
  kind: entry.kind as EntryKind,
  address: addressOf(domain, entry),
  createdAt: entry.createdAt,
  attempts: entry.attempts,
  dueAt: entry.nextAttemptAt,
  lastFailure: entry.lastError,
})

export const waitingPlace = ({ seq }: WaitingMail): Place => ({ value: '', seq })

/** What waits between two places, the oldest first. */
export async function findWaitingMails(domain: Domain, page: PageWindow): Promise<WaitingMail[]> {
  const { backwards, limit, skip = 0, after, before } = page
  const sides: Prisma.OutboxEntryWhereInput[] = [
    ...(after === undefined ? [] : [{ seq: { gt: after.seq } }]),
    ...(before === undefined ? [] : [{ seq: { lt: before.seq } }]),
  ]
  const rows = await domain.db.outboxEntry.findMany({
    where: { failedAt: null, AND: sides },
    orderBy: { seq: backwards ? 'desc' : 'asc' },
    skip,
    take: limit,
  })
  return rows.map((row) => shown(domain, row))
}

/** A waiting mail, for administrators; null if it waits no more, or the viewer may not see it. */
export async function findWaitingMail(domain: Domain, viewer: Viewer | null, id: string): Promise<WaitingMail | null> {
  if (!holds(viewer, 'admin') || !storable(id)) return null
  const row = await domain.db.outboxEntry.findUnique({ where: { id, failedAt: null } })
  return row === null ? null : shown(domain, row)
}
