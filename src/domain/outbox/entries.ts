/**
 * The rows of the outbox, and what the worker does to them. A worker claims an entry by a lease, which is renewed during the
 * attempt (lease.ts). If the process dies, the lease runs out and another attempt is made, so no entry is lost, and in normal
 * operation no mail is sent twice. Cost: one statement for a claim, one for its end.
 */
import { type Domain, later } from '../frame/domain.ts'

/**
 * Short, so that a mail does not wait long after a process died; with four renewals, so that a slow database does not lose the
 * lease.
 */
const LEASE = 20_000
export const RENEWAL = LEASE / 4

export interface Claimed {
  readonly id: string
  /** Identifies this row: a digest may be followed by another with the same id. */
  readonly seq: bigint
  readonly kind: string
  readonly sealed: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Including this attempt. */
  readonly attempts: number
  readonly lastError: string | null
}

/**
 * Claims up to `limit` entries that are due: those with the fewest attempts first, and of these the oldest, so that entries that
 * always fail do not delay newer ones.
 */
export async function claim({ db, clock }: Domain, limit: number): Promise<Claimed[]> {
  const now = clock.now()
  const lease = later({ clock }, LEASE)
  const rows = await db.$queryRaw<Claimed[]>`
    WITH due AS MATERIALIZED (
      SELECT id FROM outbox WHERE failed_at IS NULL AND next_attempt_at <= ${now}::timestamptz
      ORDER BY attempts, seq LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ${lease}::timestamptz FROM due WHERE outbox.id = due.id
    RETURNING outbox.id, seq, kind, sealed, created_at AS "createdAt", expires_at AS "expiresAt", attempts, last_error AS "lastError"`
  return rows.sort((one, other) => Number(one.seq - other.seq))
}

/** When the next entry is due, if there is one. */
export const nextDue = async ({ db }: Domain): Promise<Date | undefined> => {
  const next = await db.outboxEntry.findFirst({
    where: { failedAt: null },
    orderBy: { nextAttemptAt: 'asc' },
    select: { nextAttemptAt: true },
  })
  return next?.nextAttemptAt
}

/** Only while the lease is ours: each claim increases the count. */
const own = ({ seq, attempts }: Claimed) => ({ seq, attempts, failedAt: null })

/** Renews the lease. */
export const renew = async (domain: Domain, entry: Claimed): Promise<void> => {
  await domain.db.outboxEntry.updateMany({ where: own(entry), data: { nextAttemptAt: later(domain, LEASE) } })
}

/** Deletes the entry, whoever has its lease; not one that has replaced it. */
export const remove = async ({ db }: Domain, { seq }: Claimed): Promise<void> => {
  await db.outboxEntry.deleteMany({ where: { seq } })
}

/** Schedules another attempt. */
export const putOff = async ({ db }: Domain, entry: Claimed, nextAttemptAt: Date, lastError: string | null): Promise<void> => {
  await db.outboxEntry.updateMany({ where: own(entry), data: { nextAttemptAt, lastError } })
}

/** Gives the entry up; its content is deleted, and its reason kept for a while. */
export const giveUp = async ({ db, clock }: Domain, entry: Claimed, lastError: string): Promise<void> => {
  await db.outboxEntry.updateMany({ where: own(entry), data: { failedAt: clock.now(), lastError, sealed: null } })
}
