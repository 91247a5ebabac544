/**
 * The rows of deliveries, and what the worker does to them. A delivery is claimed by a lease, which is longer than an attempt may take; if the
 * process dies, the lease runs out and another attempt is made, so nothing is lost, and a receiver may get a message twice, with the same id.
 */
import { Prisma } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../auditLog/events.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { serverCaller } from '../frame/serverCaller.ts'
import type { Attempt } from './findWebhooks.ts'

/** Beyond WEBHOOK_TIMEOUT, in ms: the time for the body of an answer, and for the database. */
const LEASE_REST = 30_000
/** Attempts that are kept of a delivery. */
export const MOST_LOGGED = 10

export interface Claimed {
  readonly webhookId: string
  readonly eventSeq: bigint
  /** Including this attempt. */
  readonly attempts: number
}

/** The enabled webhooks that have a delivery that is due. */
export const dueWebhooks = async ({ db, clock }: Domain): Promise<string[]> => {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM webhooks WHERE disabled_at IS NULL AND EXISTS (
      SELECT 1 FROM webhook_deliveries WHERE webhook_id = webhooks.id AND state = 'pending' AND next_attempt_at <= ${clock.now()}::timestamptz)
    ORDER BY seq`
  return rows.map(({ id }) => id)
}

/** Claims up to `limit` deliveries that are due: those with the fewest attempts first, and of these the events in their order. */
export const claim = async (domain: Domain, webhookId: string, limit: number): Promise<Claimed[]> => {
  const lease = later(domain, domain.config.WEBHOOK_TIMEOUT + LEASE_REST)
  const rows = await domain.db.$queryRaw<Claimed[]>`
    WITH due AS MATERIALIZED (
      SELECT event_seq FROM webhook_deliveries
      WHERE webhook_id = ${webhookId} AND state = 'pending' AND next_attempt_at <= ${domain.clock.now()}::timestamptz
      ORDER BY attempts, event_seq LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE webhook_deliveries AS delivery SET attempts = attempts + 1, next_attempt_at = ${lease}::timestamptz FROM due
    WHERE delivery.webhook_id = ${webhookId} AND delivery.event_seq = due.event_seq
    RETURNING webhook_id AS "webhookId", delivery.event_seq AS "eventSeq", attempts`
  return rows.sort((one, other) => Number(one.eventSeq - other.eventSeq))
}

/** What becomes of a delivery after an attempt. */
export type Next = { readonly state: 'delivered' | 'dead' } | { readonly state: 'pending'; readonly due: Date }

/** Writes the outcome, only while the lease is ours: each claim increases the count. Whether it was. */
const settle = async (
  { clock }: Domain,
  tx: Tx,
  { webhookId, eventSeq, attempts }: Claimed,
  attempt: Attempt,
  next: Next,
): Promise<boolean> => {
  const isDue = next.state === 'pending'
  const due = isDue ? Prisma.sql`${next.due}::timestamptz` : Prisma.sql`next_attempt_at`
  const ended = isDue ? Prisma.sql`NULL` : Prisma.sql`${clock.now()}::timestamptz`
  const changed = await tx.$executeRaw`
    UPDATE webhook_deliveries SET state = ${next.state}, next_attempt_at = ${due}, ended_at = ${ended},
      log = (SELECT jsonb_agg(entry ORDER BY number) FROM jsonb_array_elements(jsonb_build_array(${JSON.stringify(attempt)}::jsonb) || log)
        WITH ORDINALITY AS all_of_them (entry, number) WHERE number <= ${MOST_LOGGED})
    WHERE webhook_id = ${webhookId} AND event_seq = ${eventSeq} AND state = 'pending' AND attempts = ${attempts}`
  return changed > 0
}

/** Notes that the receiver accepted a delivery. */
export const settleDelivered = async (domain: Domain, claimed: Claimed, attempt: Attempt): Promise<void> =>
  await inTransaction(domain.db, async (tx) => {
    if (!(await settle(domain, tx, claimed, attempt, { state: 'delivered' }))) return
    await tx.webhook.updateMany({ where: { id: claimed.webhookId, failingSince: { not: null } }, data: { failingSince: null } })
  })

/** Why the receiver of a failed delivery gets nothing more, if so; `failing` only after WEBHOOK_DISABLE_AFTER. */
export type Verdict = 'gone' | 'failing'

/** Disables a webhook, once. */
const disable = async (domain: Domain, tx: Tx, webhookId: string, reason: Verdict): Promise<void> => {
  const now = domain.clock.now()
  const long = reason === 'gone' ? {} : { failingSince: { lte: later(domain, -domain.config.WEBHOOK_DISABLE_AFTER) } }
  const { count } = await tx.webhook.updateMany({
    where: { id: webhookId, disabledAt: null, ...long },
    data: { disabledAt: now, disabledReason: reason },
  })
  if (count === 0) return
  domain.log.warn({ webhook: webhookId, reason }, 'a webhook was disabled')
  await record(domain, tx, serverCaller(domain, 'webhooks'), { type: 'webhook.disabled', userId: null, details: { webhookId, reason } })
}

/** Notes that the receiver did not accept a delivery. */
export const settleFailed = async (domain: Domain, claimed: Claimed, attempt: Attempt, next: Next, verdict: Verdict): Promise<void> =>
  await inTransaction(domain.db, async (tx) => {
    if (!(await settle(domain, tx, claimed, attempt, next))) return
    const { webhookId } = claimed
    await tx.webhook.updateMany({ where: { id: webhookId, failingSince: null }, data: { failingSince: domain.clock.now() } })
    await disable(domain, tx, webhookId, verdict)
  })
