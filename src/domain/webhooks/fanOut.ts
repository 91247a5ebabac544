/**
 * Queues settled events of the audit log for each webhook, in their order. The log itself is the queue: a webhook has only a position in it, and at
 * most MOST_WAITING deliveries that wait, so a receiver that is away for long does not fill the database, and loses nothing that AUDIT_LIFE keeps.
 *
 * One statement for each webhook that is behind. Several processes may do this at once: the webhook's row is locked, and one that another process
 * holds is left to it. Cost: STRIDE events looked at, at most.
 */
import type { Domain } from '../frame/domain.ts'

export const MOST_WAITING = 1_000
const STRIDE = 10_000n

interface Step {
  readonly position: bigint
  /** Whether nothing more may wait for now. */
  readonly isFull: boolean
}

/** How far one webhook came; undefined if another process has it. */
const step = async ({ db, clock }: Domain, id: string, settled: bigint): Promise<Step | undefined> => {
  const now = clock.now()
  const [row] = await db.$queryRaw<Step[]>`
    WITH hook AS MATERIALIZED (
      SELECT id, types, position, least(${settled}::bigint, position + ${STRIDE}::bigint) AS up_to FROM webhooks
      WHERE id = ${id} AND disabled_at IS NULL AND position < ${settled}::bigint FOR UPDATE SKIP LOCKED),
    room AS MATERIALIZED (
      SELECT (${MOST_WAITING} - count(*))::int AS room FROM (
        SELECT 1 FROM webhook_deliveries WHERE webhook_id = ${id} AND state = 'pending' LIMIT ${MOST_WAITING}) AS waiting),
    chosen AS MATERIALIZED (
      SELECT seq FROM hook, audit_events WHERE seq > hook.position AND seq <= hook.up_to AND (cardinality(types) = 0 OR type = ANY (types))
      ORDER BY seq LIMIT (SELECT room FROM room)),
    added AS (
      INSERT INTO webhook_deliveries (webhook_id, event_seq, created_at, next_attempt_at)
      SELECT ${id}, seq, ${now}::timestamptz, ${now}::timestamptz FROM chosen ON CONFLICT DO NOTHING)
    UPDATE webhooks SET position = CASE WHEN (SELECT count(*) FROM chosen) < (SELECT room FROM room) THEN hook.up_to
        ELSE coalesce((SELECT max(seq) FROM chosen), hook.position) END
    FROM hook WHERE webhooks.id = hook.id
    RETURNING webhooks.position, (SELECT count(*) FROM chosen) = (SELECT room FROM room) AS "isFull"`
  return row
}

/** Goes on for each enabled webhook, by one step. Whether some have more to look at and room for it. */
export async function fanOut(domain: Domain, settled: bigint): Promise<boolean> {
  const behind = await domain.db.webhook.findMany({ where: { disabledAt: null, position: { lt: settled } }, select: { id: true } })
  let more = false
  for (const { id } of behind) {
    const made = await step(domain, id, settled)
    more ||= made !== undefined && made.position < settled && !made.isFull
  }
  return more
}
