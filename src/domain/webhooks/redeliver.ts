/** Queues deliveries again by hand: given events, or all that were given up. */
import * as z from 'zod'
import { Prisma } from '../../db/generated/client.ts'
import { afterCommit, inTransaction } from '../../db/transaction.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { parse, text } from '../base/input.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'

const schema = z.object({
  id: text,
  eventIds: z
    .array(text.refine((id) => /^[1-9]\d{0,17}$/.test(id), 'must be the id of an event'))
    .max(500, 'at most 500 events')
    .nullish(),
})

export type Redelivery = z.input<typeof schema>

/**
 * Deliveries that have ended are due at once, with all their attempts anew; the receiver knows them by their id. Returns how many.
 * @throws {Failure} INVALID_INPUT, NOT_FOUND for an unknown webhook
 */
export async function redeliverWebhook(domain: Domain, caller: Caller, input: Redelivery): Promise<{ id: string; queued: number }> {
  const { id, eventIds } = parse(schema, input)
  const which =
    eventIds == null ? Prisma.sql`state = 'dead'` : Prisma.sql`state <> 'pending' AND event_seq = ANY (${eventIds.map(BigInt)}::bigint[])`
  return await inTransaction(domain.db, async (tx) => {
    if ((await tx.webhook.findUnique({ where: { id }, select: { id: true } })) === null) throw new Failure('NOT_FOUND')
    const queued = await tx.$executeRaw`
      UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_attempt_at = ${domain.clock.now()}::timestamptz, ended_at = NULL
      WHERE webhook_id = ${id} AND ${which}`
    if (queued > 0) {
      await record(domain, tx, caller, { type: 'webhook.redelivered', userId: null, details: { webhookId: id, deliveries: queued } })
      afterCommit(tx, domain.webhooks.wake)
    }
    return { id, queued }
  })
}
