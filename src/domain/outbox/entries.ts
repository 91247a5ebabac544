/**
 * The rows of the outbox, and what the worker does to them. A claim is a lease, renewed while its try is under way (lease.ts): who
 * holds it tries once; if the process dies, the lease runs out and another try is made, so that nothing is lost and two processes
 * do not send one mail in ordinary running. Cost: one statement for a claim, one for its end.
 */
import { type Domain, later } from '../frame/domain.ts'

/** Short, so that a mail does not wait long for a process that died; four renewals, so that a slow database loses none. */
const LEASE = 20_000
export const RENEWAL = LEASE / 4

export interface Claimed {
  readonly id: string
  /** Of this very row: one that gathers is followed by another of the same id. */
  readonly seq: bigint
  readonly kind: string
  readonly sealed: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** This try included. */
  readonly attempts: number
  readonly lastError: string | null
}

/** Takes up to `limit` entries that are due, the oldest of the least tried first: what always fails holds up nothing newer. */
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

/** Only while the lease is one's own: another claim has counted one more. */
const own = ({ seq, attempts }: Claimed) => ({ seq, attempts, failedAt: null })

/** The try goes on. */
export const renew = async (domain: Domain, entry: Claimed): Promise<void> => {
  await domain.db.outboxEntry.updateMany({ where: own(entry), data: { nextAttemptAt: later(domain, LEASE) } })
}

/** The entry is done with, whoever has its lease by now; one that took its place is not. */
export const remove = async ({ db }: Domain, { seq }: Claimed): Promise<void> => {
  await db.outboxEntry.deleteMany({ where: { seq } })
}

/** It is tried again later. */
export const putOff = async ({ db }: Domain, entry: Claimed, nextAttemptAt: Date, lastError: string | null): Promise<void> => {
  await db.outboxEntry.updateMany({ where: own(entry), data: { nextAttemptAt, lastError } })
}

/** It is never tried again; its content goes, its reason stays for a while. */
export const giveUp = async ({ db, clock }: Domain, entry: Claimed, lastError: string): Promise<void> => {
  await db.outboxEntry.updateMany({ where: own(entry), data: { failedAt: clock.now(), lastError, sealed: null } })
}
