/**
 * Deletes expired rows: sessions with their tokens, login codes, mailed tokens, undo links, reserved addresses, mails that were
 * given up, devices not used for long, old counters, counts of uses beyond USAGE_LIFE, and audit events beyond AUDIT_LIFE. Each
 * statement deletes at most BATCH rows, so that none takes long. Idle cookie sessions need a pass over all sessions: an index on
 * the last use would make every use more expensive than that.
 */
import { Prisma } from '../db/generated/client.ts'
import { inTransaction } from '../db/transaction.ts'
import { type Domain, later, type Tx } from '../domain/frame/domain.ts'
import { HOUR } from '../domain/outbox/shares.ts'
import { idleLife } from '../domain/sessions/live.ts'
import { dayOf } from '../domain/usage/uses.ts'

const BATCH = 1_000
/** Ended sessions are kept for this time, so that the reuse of an old refresh token is still recognised. */
const SESSION_REST = 24 * 3_600_000
/** Mails that were given up are kept for this time, so that operators can see the reason. */
const FAILED_MAIL_REST = 7 * 24 * 3_600_000
/** At most this many of them, the newest: strangers can cause any number. */
const FAILED_MAILS = 10_000
/** Devices and their addresses: a sign-in from one unused for this long is reported to the owner again. */
const DEVICE_REST = 180 * 24 * 3_600_000

/** Deliveries that have ended, of each webhook: the newest. */
const ENDED_DELIVERIES = 10_000

/** What dry runs of imports left behind that were killed. */
const DRY_RUN_REST = 24 * 3_600_000

type Parts = Pick<Domain, 'db' | 'clock' | 'config' | 'log' | 'lastSeen'>

/**
 * Deletes a batch of the rows that `which` selects, and returns how many. The rows are listed once, and then fetched by their place. With
 * `IN (SELECT ...)`, PostgreSQL lists them anew for each row of the table if the table was small when its statistics were made.
 */
const deleteBatch = async (db: Tx, table: string, which: Prisma.Sql): Promise<number> => {
  const name = Prisma.raw(table)
  return await db.$executeRaw`DELETE FROM ${name} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${name} WHERE ${which} LIMIT ${BATCH}))`
}

/** Repeats a deletion until it finds less than a batch. */
const untilDone = async (batch: () => Promise<number>): Promise<void> => {
  while ((await batch()) === BATCH);
}

/** What is deleted, table by table. A row that refers to another is deleted with it. */
const expired = (parts: Parts): readonly (readonly [table: string, which: Prisma.Sql])[] => {
  const now = parts.clock.now()
  const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  const rested = ago(SESSION_REST)
  const idleSince = new Date(rested.getTime() - idleLife(parts))
  const shared = ago(Math.max(HOUR, parts.config.LIMIT_RESET_WINDOW))
  const unseen = ago(DEVICE_REST)
  // A day of uses is deleted when its last moment is old enough.
  const firstDay = dayOf(later(parts, -parts.config.USAGE_LIFE))
  const { sql } = Prisma
  return [
    ['sessions', sql`expires_at < ${rested}::timestamptz OR ended_at < ${rested}::timestamptz`],
    ['sessions', sql`kind = 'cookie' AND last_seen_at < ${idleSince}::timestamptz`],
    ['opaque_tokens', sql`expires_at < ${now}::timestamptz`],
    ['login_codes', sql`expires_at < ${now}::timestamptz`],
    ['mail_tokens', sql`expires_at < ${now}::timestamptz`],
    ['account_undos', sql`expires_at < ${now}::timestamptz`],
    ['identifiers', sql`reserved_until < ${now}::timestamptz`],
    ['outbox', sql`failed_at < ${ago(FAILED_MAIL_REST)}::timestamptz`],
    ['outbox', sql`failed_at IS NOT NULL ORDER BY failed_at DESC, id OFFSET ${FAILED_MAILS}`],
    ['mail_shares', sql`last_at < ${shared}::timestamptz`],
    ['known_clients', sql`last_seen_at < ${unseen}::timestamptz`],
    ['known_devices', sql`last_seen_at < ${unseen}::timestamptz`],
    ['typed_failures', sql`expires_at < ${now}::timestamptz`],
    ['import_dry_run_rows', sql`created_at < ${ago(DRY_RUN_REST)}::timestamptz`],
    ['webhook_deliveries', sql`ended_at < ${ago(parts.config.WEBHOOK_DELIVERY_LIFE)}::timestamptz`],
    [
      'webhook_deliveries',
      sql`(webhook_id, event_seq) IN (SELECT id, older.event_seq FROM webhooks, LATERAL (
        SELECT event_seq FROM webhook_deliveries WHERE webhook_id = webhooks.id AND ended_at IS NOT NULL
        ORDER BY event_seq DESC OFFSET ${ENDED_DELIVERIES} LIMIT ${BATCH}) AS older)`,
    ],
    ['rate_limits', sql`expire < ${BigInt(now.getTime())}`],
    ['dialect_uses', sql`day < ${firstDay}::date`],
  ]
}

/** The trigger that protects the log allows a transaction to delete if it has set this. */
const deleteOldEvents = async ({ db, log, clock, config }: Parts): Promise<void> => {
  const before = later({ clock }, -config.AUDIT_LIFE)
  let deleted = 0
  await untilDone(async () => {
    const count = await inTransaction(db, async (tx) => {
      await tx.$queryRaw`SELECT set_config('vestibule.retention', 'on', true)`
      return await deleteBatch(tx, 'audit_events', Prisma.sql`at < ${before}::timestamptz ORDER BY at`)
    })
    deleted += count
    return count
  })
  if (deleted > 0) log.info({ deleted, before }, 'events of the audit log beyond AUDIT_LIFE were deleted')
}

export async function deleteExpired(parts: Parts): Promise<void> {
  for (const [table, which] of expired(parts)) await untilDone(() => deleteBatch(parts.db, table, which))
  await deleteOldEvents(parts)
}
