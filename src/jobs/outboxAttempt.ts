/**
 * One attempt at a claimed entry, and the result for its row: deleted, scheduled for a later attempt, or given up. Problems of the
 * entry are never thrown. If the database does not answer, the lease of the row expires.
 */

import type { Delivery, Mail } from '../domain/base/ports.ts'
import { type Domain, later } from '../domain/frame/domain.ts'
import { SecretBoxError } from '../domain/keys/secretBox.ts'
import type { Digest } from '../domain/mails/gatherNotices.ts'
import { sendDigest } from '../domain/mails/sendDigest.ts'
import { backOff, longest } from '../domain/outbox/backOff.ts'
import { type Claimed, giveUp, putOff, remove } from '../domain/outbox/entries.ts'
import { holding } from '../domain/outbox/lease.ts'
import { type EntryKind, openContent } from '../domain/outbox/queue.ts'
import { type ResetRequest, sendReset } from '../domain/recovery/sendReset.ts'

const DONE: Delivery = { outcome: 'delivered' }

/** The outcome of an attempt. `waits`: nothing is wrong, but it is not due yet. */
type Outcome = Delivery | { readonly outcome: 'waits'; readonly until: Date }

/** What to do for each kind of entry. */
const work: Readonly<Record<EntryKind, (domain: Domain, entry: Claimed, content: unknown) => Promise<Outcome>>> = {
  mail: async (domain, { id, createdAt }, content) => await domain.deliver(content as Mail, { id, queuedAt: createdAt }),
  password_reset: async (domain, { id }, content) => {
    await sendReset(domain, id, content as ResetRequest)
    return DONE
  },
  digest: async (domain, { id }, content) => {
    const until = await sendDigest(domain, id, content as Digest)
    return until === null ? DONE : { outcome: 'waits', until }
  },
}

const tried = async (domain: Domain, entry: Claimed): Promise<Outcome> => {
  try {
    return await work[entry.kind as EntryKind](domain, entry, openContent(domain, entry.id, entry.sealed))
  } catch (error) {
    if (domain.outage.isPassing(error)) throw error
    if (error instanceof SecretBoxError) return { outcome: 'deferred', reason: error.message }
    domain.log.error({ err: error, entry: entry.id }, 'an entry of the outbox failed unexpectedly')
    return { outcome: 'deferred', reason: 'a fault of the server' }
  }
}

const abandon = async (domain: Domain, entry: Claimed, reason: string): Promise<void> => {
  await giveUp(domain, entry, reason)
  domain.log.warn({ entry: entry.id, attempts: entry.attempts, reason }, 'mail given up')
}

type Failed = Extract<Delivery, { readonly reason: string }>

/** Schedules another attempt, at the latest when the entry expires; then it is given up. */
const delay = async (domain: Domain, entry: Claimed, { outcome, reason }: Failed, most: number): Promise<Date> => {
  const next = later(domain, backOff(domain.randomBytes, entry.attempts, most)).getTime()
  const until = new Date(Math.min(next, entry.expiresAt.getTime()))
  await putOff(domain, entry, until, reason)
  if (outcome === 'deferred') domain.log.warn({ entry: entry.id, attempts: entry.attempts, reason, until }, 'mail put off')
  return until
}

export interface Attempt {
  /** The outcome of a delivery; null if there was none. */
  readonly delivery: Delivery | null
  /** When the entry is due again, if it is. */
  readonly until?: Date
}

export async function attempt(domain: Domain, entry: Claimed, stopping: AbortSignal): Promise<Attempt> {
  if (entry.expiresAt <= domain.clock.now()) {
    await abandon(domain, entry, entry.lastError === null ? 'expired' : `expired; before: ${entry.lastError}`)
    return { delivery: null }
  }
  const delivery = await holding(domain, entry, stopping, async () => await tried(domain, entry))
  if (delivery.outcome === 'waits') {
    await putOff(domain, entry, delivery.until, null)
    return { delivery: null, until: delivery.until }
  }
  const reported = entry.kind === 'mail' ? delivery : null
  if (delivery.outcome === 'delivered') await remove(domain, entry)
  else if (delivery.outcome === 'refused') await abandon(domain, entry, delivery.reason)
  else return { delivery: reported, until: await delay(domain, entry, delivery, longest[delivery.outcome]) }
  return { delivery: reported }
}
