/**
 * How far the audit log is settled: up to which number no event can appear any more. Numbers are taken when events are written, and
 * concurrent transactions commit in any order, so event 5 may appear after event 6. Whoever reads only settled events, in the order of their
 * numbers, reads all of them once and in one order.
 *
 * A transaction that has taken a number holds PostgreSQL's lock for writers of the table until it ends. So everything up to the last number is
 * settled as soon as no transaction that held this lock after the number was read holds it any more. Nobody waits for a reader. Writers cost nothing
 * more; a look costs two short statements. A transaction that stays open holds the log back until PostgreSQL ends it
 * (DATABASE_IDLE_TRANSACTION_TIMEOUT).
 */
import type { Tx } from '../frame/domain.ts'

interface Parts {
  readonly db: Tx
}

/** Which numbers may still be missing events, and whose. */
interface Barrier {
  readonly upTo: bigint
  readonly writers: readonly string[]
}

export interface Settled {
  /** Looks again. Up to which number the log is settled; it never decreases. */
  look(): Promise<bigint>
  /** Whether the last look found events that may be settled in a moment. */
  isBehind(): boolean
}

/** The number of the last event that was begun, settled or not; 0 for none. */
export const lastNumber = async ({ db }: Parts): Promise<bigint> => {
  const [row] = await db.$queryRaw<{ last: bigint }[]>`
    SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('audit_events', 'seq')::regclass), 0) AS last`
  return row?.last ?? 0n
}

/** The transactions that may have written events: all that hold the lock for writers, but not our own. */
const writersOf = async ({ db }: Parts): Promise<string[]> => {
  const rows = await db.$queryRaw<{ writer: string }[]>`
    SELECT virtualtransaction AS writer FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'audit_events'::regclass AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid IS DISTINCT FROM pg_backend_pid()`
  return rows.map(({ writer }) => writer)
}

export function createSettled(parts: Parts): Settled {
  let settled = 0n
  let barrier: Barrier | undefined
  return {
    async look() {
      // In this order: who took a number after it was read is no writer of this barrier.
      const upTo = await lastNumber(parts)
      const writers = await writersOf(parts)
      if (barrier !== undefined && !barrier.writers.some((writer) => writers.includes(writer))) {
        settled = barrier.upTo
        barrier = undefined
      }
      if (writers.length === 0) settled = upTo
      else barrier ??= { upTo, writers }
      if (barrier !== undefined && barrier.upTo <= settled) barrier = undefined
      return settled
    },
    isBehind: () => barrier !== undefined,
  }
}
