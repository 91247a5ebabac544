/** Reads settled events of the audit log, the oldest first, each once (`settled.ts`). */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Domain } from '../frame/domain.ts'
import type { AuditEventType } from './events.ts'
import type { AuditEvent } from './findEvents.ts'
import { createSettled, lastNumber, type Settled } from './settled.ts'

type Parts = Pick<Domain, 'db'>

/** Events at a time. */
const BATCH = 500
/** How long a reader that has all events waits, and one that waits for a transaction, in ms. */
const PAUSE = 1_000
const MOMENT = 50

export interface Forward {
  /** The number of the last event that was read before; 0 for none. */
  readonly after: bigint
  /** Only events of these types; all if it is empty. */
  readonly types: readonly AuditEventType[]
  /** Ends the reading. */
  readonly signal: AbortSignal
}

/** The events after `after` up to the number `upTo`, which must be settled, in batches. */
async function* between({ db }: Parts, { after, types, signal }: Forward, upTo: bigint): AsyncGenerator<readonly AuditEvent[]> {
  const type = types.length === 0 ? {} : { type: { in: [...types] } }
  for (let last = after; last < upTo; ) {
    if (signal.aborted) return
    const events = await db.auditEvent.findMany({ where: { seq: { gt: last, lte: upTo }, ...type }, orderBy: { seq: 'asc' }, take: BATCH })
    if (events.length > 0) yield events
    last = events.length < BATCH ? upTo : (events.at(-1)?.seq ?? upTo)
  }
}

const pause = async (settled: Settled, signal: AbortSignal): Promise<void> =>
  void (await sleep(settled.isBehind() ? MOMENT : PAUSE, undefined, { signal }).catch(() => undefined))

/** All events that were written before the call. Waits for transactions that are writing some. @throws what the signal was aborted with */
export async function* readUntilNow(parts: Parts, forward: Forward): AsyncGenerator<readonly AuditEvent[]> {
  const settled = createSettled(parts)
  const upTo = await lastNumber(parts)
  while ((await settled.look()) < upTo) {
    await pause(settled, forward.signal)
    forward.signal.throwIfAborted()
  }
  yield* between(parts, forward, upTo)
  forward.signal.throwIfAborted()
}

/** All events, and those to come about a second after they were written, until the signal is aborted. */
export async function* readOnAndOn(parts: Parts, forward: Forward): AsyncGenerator<readonly AuditEvent[]> {
  const settled = createSettled(parts)
  for (let after = forward.after; !forward.signal.aborted; ) {
    const upTo = await settled.look()
    yield* between(parts, { ...forward, after }, upTo)
    if (upTo > after) after = upTo
    else await pause(settled, forward.signal)
  }
}
