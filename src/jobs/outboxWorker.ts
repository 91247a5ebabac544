/**
 * Sends the entries of the outbox, a few at a time, oldest first, in a loop outside requests. No request waits for it, and its log
 * lines have no request id.
 */
import type { Domain } from '../domain/frame/domain.ts'
import { type Claimed, claim, nextDue } from '../domain/outbox/entries.ts'
import { attempt } from './outboxAttempt.ts'
import { createPace } from './outboxPace.ts'
import { createUnderWay } from './underWay.ts'

/** The shortest time between two reads for entries of other processes, in ms. */
const BREATH = 1_000
/** How long a stop waits for running attempts, in ms. */
const PATIENCE = 5_000

export interface OutboxWorker {
  /** Sends the entries that are due now. */
  wake(): void
  /** Resolves when nothing is running, and no entry queued here can be sent now. */
  idle(): Promise<void>
  /** Starts nothing new and waits a little for running attempts; the rest stays in the table. */
  stop(): Promise<void>
}

/** Claims up to `room` entries that are due; none if the database does not answer. */
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
        if (!domain.outage.isPassing(error)) domain.log.error({ err: error, entry: entry.id }, 'the outcome of a mail could not be stored')
      }),
    )
  /** Entries that an earlier process left have no timer here, nor have leases of a process that may have died. */
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
    for (const resolve of idlers.splice(0)) resolve()
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
    underWay.notify()
  }
  domain.outbox.onWake(wake)
  domain.outage.onEnd(wake)
  return {
    wake,
    async idle() {
      if (stopping.signal.aborted || (quiet && !pace.isReady())) return
      await new Promise<void>((resolve) => {
        idlers.push(resolve)
        underWay.notify()
      })
    },
    async stop() {
      stopping.abort()
      underWay.notify()
      await loop
      tellIdlers()
      await underWay.end(PATIENCE)
      if (underWay.size() > 0) domain.log.warn({ mails: underWay.size() }, 'mails that were being sent at shutdown will be tried again')
    },
  }
}
