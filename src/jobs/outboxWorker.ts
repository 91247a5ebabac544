/**
 * Empties the outbox: a few entries at a time, the oldest first. One loop outside every request: no request waits for it, and
 * none of its log lines carries a request's id.
 */
import type { Domain } from '../domain/frame/domain.ts'
import { type Claimed, claim, nextDue } from '../domain/outbox/entries.ts'
import { attempt } from './outboxAttempt.ts'
import { createPace } from './outboxPace.ts'
import { createUnderWay } from './underWay.ts'

/** The least time between two looks at what others hold, in ms. */
const BREATH = 1_000
/** How long a stop waits for what is under way, in ms. */
const PATIENCE = 5_000

export interface OutboxWorker {
  /** Looks for what is due now. */
  wake(): void
  /** Resolves when nothing is under way, and nothing is left that was queued here and can be tried now. */
  idle(): Promise<void>
  /** Begins nothing any more and waits a little for what is under way; what is left stays in the table. */
  stop(): Promise<void>
}

/** What is due, up to `room`; none if the database does not answer. */
const take = async (domain: Domain, room: number): Promise<Claimed[]> =>
  await claim(domain, room).catch((error: unknown) => {
    if (!domain.outage.isPassing(error)) domain.log.error({ err: error }, 'the outbox could not be read')
    return []
  })

export function startOutbox(domain: Domain): OutboxWorker {
  const pace = createPace(domain)
  const underWay = createUnderWay()
  const idlers: (() => void)[] = []
  let quiet = false
  const stopping = new AbortController()
  let resumed = false

  const begin = (entry: Claimed) =>
    underWay.add(
      attempt(domain, entry, stopping.signal).then(pace.note, (error: unknown) => {
        if (!domain.outage.isPassing(error)) domain.log.error({ err: error, entry: entry.id }, 'what came of a mail could not be noted')
      }),
    )
  /** What an earlier process left to wait has no timer here, nor the lease of another one, which may have died. */
  const resume = async () => {
    resumed = true
    const due = await nextDue(domain).catch(() => undefined)
    if (due === undefined) return
    const until = new Date(Math.max(due.getTime(), domain.clock.now().getTime() + BREATH))
    pace.note({ delivery: null, until })
  }
  const look = async (room: number) => {
    pace.looked()
    const entries = await take(domain, room)
    if (entries.length === room) pace.look()
    if (!resumed || entries.length === 0) await resume()
    entries.forEach(begin)
  }
  const tellIdlers = () => {
    for (const tell of idlers.splice(0)) tell()
  }
  const run = async () => {
    while (!stopping.signal.aborted) {
      const room = pace.room(underWay.size())
      if (room > 0 && pace.isReady()) {
        await look(room)
        continue
      }
      quiet = underWay.size() === 0
      if (quiet) tellIdlers()
      await underWay.news(pace.pause())
      quiet = false
    }
  }

  const loop = run()
  const wake = () => {
    pace.look()
    underWay.tell()
  }
  domain.outbox.onWake(wake)
  domain.outage.onEnd(wake)
  return {
    wake,
    async idle() {
      if (stopping.signal.aborted || (quiet && !pace.isReady())) return
      await new Promise<void>((resolve) => {
        idlers.push(resolve)
        underWay.tell()
      })
    },
    async stop() {
      stopping.abort()
      underWay.tell()
      await loop
      tellIdlers()
      await underWay.end(PATIENCE)
      if (underWay.size() > 0) domain.log.warn({ mails: underWay.size() }, 'mails under way at the end are tried again later')
    },
  }
}
