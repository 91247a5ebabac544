/**
 * Counts uses of dialects in memory, and writes them in batches outside requests: a use costs no statement and no wait, and a crash
 * loses the last minute.
 *
 * Memory: at most LIMIT counts that are not written yet, and as many while they are being written; beyond that, clients are counted
 * as `(other)`, whose number routes and surfaces limit. `flush` never throws: what it could not write is written by the next one.
 * If a connection breaks during the commit, a batch may be counted twice.
 */
import type { PrismaClient } from '../../db/generated/client.ts'
import type { Outage } from '../../db/outage.ts'
import type { Clock, Log } from '../base/ports.ts'
import { clientOf, createNames, NONE, OTHER } from './clients.ts'
import { dayOf, keyOf, sumOf, type Use, type Uses } from './uses.ts'
import { writeUses } from './write.ts'

/** How often the server flushes. */
export const USAGE_INTERVAL = 60_000
export const LIMIT = 20_000
export const BATCH = 1_000

export interface Usage {
  /** Counts a use at the present time. */
  count(use: Use): void
  /** Writes the counts that are not written yet. Only one runs at a time. */
  flush(): Promise<void>
}

export interface UsageDeps {
  readonly db: PrismaClient
  readonly clock: Clock
  readonly log: Log
  readonly outage: Outage
  /** Counts with a client's name that may wait. */
  readonly limit?: number
}

const usesOf = ({ dialect, route, userAgent, tokenSurface, refused, proven }: Use, now: Date): Uses => ({
  day: dayOf(now),
  dialect,
  route,
  client: clientOf(userAgent),
  tokenSurface: tokenSurface ?? '',
  requests: 1,
  failures: refused ? 1 : 0,
  firstAt: now.getTime(),
  lastAt: now.getTime(),
  proven,
})

const createGathering = (limit: number) => {
  const counts = new Map<string, Uses>()
  const names = createNames()
  const put = (uses: Uses, key = keyOf(uses)): void => {
    const known = counts.get(key)
    counts.set(key, known === undefined ? uses : sumOf(known, uses))
  }
  return {
    counts,
    add(uses: Uses): void {
      const key = keyOf(uses)
      if (uses.client === NONE || counts.has(key)) put(uses, key)
      else put({ ...uses, client: counts.size < limit ? names.nameFor(uses) : OTHER })
    },
  }
}

/** Those of accounts first, so that they take places of names before those of outsiders. */
const inOrder = (counts: Iterable<Uses>): Uses[] => {
  const all = [...counts]
  return [...all.filter(({ proven }) => proven), ...all.filter(({ proven }) => !proven)]
}

export function createUsage({ db, clock, log, outage, limit = LIMIT }: UsageDeps): Usage {
  let gathering = createGathering(limit)
  const takeBack = (unwritten: readonly Uses[]): void => {
    const since = gathering.counts.values()
    gathering = createGathering(limit)
    for (const uses of [...unwritten, ...since]) gathering.add(uses)
  }
  return {
    count(use) {
      gathering.add(usesOf(use, clock.now()))
    },
    async flush() {
      const due = inOrder(gathering.counts.values())
      gathering = createGathering(limit)
      try {
        while (due.length > 0) {
          await writeUses(db, due.slice(0, BATCH))
          due.splice(0, BATCH)
        }
      } catch (error) {
        takeBack(due)
        if (!outage.isPassing(error)) log.warn({ err: error }, 'the counts of dialect uses could not be written; trying again')
      }
    },
  }
}
