/**
 * When each session was last used. Uses are collected in memory and written in batches outside requests: a use costs no write, and
 * a crash loses the last minute. The last known use is the later of what this process saw and what is stored. If several processes
 * share the database, each learns of a use in another up to `lateness` later.
 *
 * Memory: at most LIMIT sessions; beyond that, the least recently used are dropped. `flush` never throws: what it could not write
 * is written by the next one. It locks rows in the order of their ids, so that processes do not deadlock.
 */
import type { PrismaClient } from '../../db/generated/client.ts'
import type { Outage } from '../../db/outage.ts'
import type { Log } from '../base/ports.ts'

/** How often the server flushes. */
export const LAST_SEEN_INTERVAL = 60_000
export const LIMIT = 100_000
export const BATCH = 1_000

export interface LastSeen {
  /** Notes a use of a session. */
  touch(sessionId: string, at: Date): void
  /** The last known use of a session whose row has `lastSeenAt`. */
  of(session: { readonly id: string; readonly lastSeenAt: Date }): Date
  /** Writes the uses that are not written yet. Only one runs at a time. */
  flush(): Promise<void>
  /** How late a use in another process may become known here, in ms: an interval, and one more if a flush had to be repeated. */
  readonly lateness: number
}

export interface LastSeenDeps {
  readonly db: PrismaClient
  readonly log: Log
  readonly outage: Outage
  /** Whether other processes may use the same database. */
  readonly shared: boolean
}

/** A written use is kept for one more interval, for rows that were read before the write. */
interface Fact {
  readonly at: number
  written: boolean
}

const write = async (db: PrismaClient, batch: readonly (readonly [string, number])[]): Promise<void> => {
  const ids = batch.map(([id]) => id)
  const instants = batch.map(([, at]) => new Date(at).toISOString())
  await db.$executeRaw`
    WITH seen AS (SELECT * FROM unnest(${ids}::text[], ${instants}::text[]::timestamptz[]) AS seen (id, at)),
    held AS (
      SELECT sessions.id, seen.at FROM sessions JOIN seen USING (id) WHERE sessions.last_seen_at < seen.at
      ORDER BY sessions.id FOR NO KEY UPDATE OF sessions)
    UPDATE sessions SET last_seen_at = GREATEST(sessions.last_seen_at, held.at) FROM held WHERE sessions.id = held.id`
}

export function createLastSeen({ db, log, outage, shared }: LastSeenDeps): LastSeen {
  const facts = new Map<string, Fact>()

  const take = (): (readonly [string, number])[] => {
    const due: (readonly [string, number])[] = []
    for (const [id, { at, written }] of facts) {
      if (written) facts.delete(id)
      else due.push([id, at])
    }
    return due
  }

  const settle = (batch: readonly (readonly [string, number])[]): void => {
    for (const [id, at] of batch) {
      const fact = facts.get(id)
      if (fact?.at === at) fact.written = true
    }
  }

  return {
    lateness: shared ? 2 * LAST_SEEN_INTERVAL : 0,
    touch(sessionId, at) {
      const instant = Math.max(at.getTime(), facts.get(sessionId)?.at ?? 0)
      facts.delete(sessionId)
      facts.set(sessionId, { at: instant, written: false })
      if (facts.size <= LIMIT) return
      for (const [longestUnseen] of facts) return void facts.delete(longestUnseen)
    },
    of: ({ id, lastSeenAt }) => new Date(Math.max(lastSeenAt.getTime(), facts.get(id)?.at ?? 0)),
    async flush() {
      const due = take()
      try {
        for (let start = 0; start < due.length; start += BATCH) {
          const batch = due.slice(start, start + BATCH)
          await write(db, batch)
          settle(batch)
        }
      } catch (error) {
        if (!outage.isPassing(error)) log.warn({ err: error }, 'the last uses of sessions could not be written; trying again')
      }
    },
  }
}
