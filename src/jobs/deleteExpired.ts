/**
 * Deletes expired rows: sessions with their tokens, login codes, mailed tokens, undo links, reserved addresses, mails that were
 * given up, devices not used for long, old counters, counts of uses beyond USAGE_LIFE, and audit events beyond AUDIT_LIFE. Each
 * statement deletes at most BATCH rows, so that none takes long. Idle cookie sessions need a pass over all sessions: an index on
 * the last use would make every use more expensive than that.
 */
import { inTransaction } from '../db/transaction.ts'
import { type Domain, later } from '../domain/frame/domain.ts'
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

/** Repeats a deletion until it finds less than a batch. */
const untilDone = async (batch: () => Promise<number>): Promise<void> => {
  while ((await batch()) === BATCH);
}

/** A day is deleted when its last moment is old enough. */
const deleteOldUses = async ({ db, clock, config }: Parts): Promise<void> => {
  const before = dayOf(later({ clock }, -config.USAGE_LIFE))
  await untilDone(
    () => db.$executeRaw`
      DELETE FROM dialect_uses WHERE (day, dialect, route, client, token_surface) IN (
        SELECT day, dialect, route, client, token_surface FROM dialect_uses WHERE day < ${before}::date LIMIT ${BATCH})`,
  )
}

type Parts = Pick<Domain, 'db' | 'clock' | 'config' | 'log' | 'lastSeen'>

/** The trigger that protects the log allows a transaction to delete if it has set this. */
const deleteOldEvents = async ({ db, log, clock, config }: Parts): Promise<void> => {
  const before = later({ clock }, -config.AUDIT_LIFE)
  let deleted = 0
  await untilDone(async () => {
    const count = await inTransaction(db, async (tx) => {
      await tx.$queryRaw`SELECT set_config('vestibule.retention', 'on', true)`
      return await tx.$executeRaw`
        DELETE FROM audit_events WHERE seq IN (SELECT seq FROM audit_events WHERE at < ${before}::timestamptz ORDER BY at LIMIT ${BATCH})`
    })
    deleted += count
    return count
  })
  if (deleted > 0) log.info({ deleted, before }, 'events of the audit log beyond AUDIT_LIFE were deleted')
}

export async function deleteExpired(parts: Parts): Promise<void> {
  const { db, clock } = parts
  const now = clock.now()
  const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  const rested = ago(SESSION_REST)
  const failed = ago(FAILED_MAIL_REST)
  const unseen = ago(DEVICE_REST)
  await untilDone(
    () => db.$executeRaw`
      DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE expires_at < ${rested}::timestamptz OR ended_at < ${rested}::timestamptz LIMIT ${BATCH})`,
  )
  const idleSince = new Date(rested.getTime() - idleLife(parts))
  await untilDone(
    () => db.$executeRaw`
      DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE kind = 'cookie' AND last_seen_at < ${idleSince}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () =>
      db.$executeRaw`DELETE FROM opaque_tokens WHERE hash IN (SELECT hash FROM opaque_tokens WHERE expires_at < ${now}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () =>
      db.$executeRaw`DELETE FROM login_codes WHERE hash IN (SELECT hash FROM login_codes WHERE expires_at < ${now}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () =>
      db.$executeRaw`DELETE FROM mail_tokens WHERE hash IN (SELECT hash FROM mail_tokens WHERE expires_at < ${now}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () =>
      db.$executeRaw`DELETE FROM account_undos WHERE hash IN (SELECT hash FROM account_undos WHERE expires_at < ${now}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () =>
      db.$executeRaw`DELETE FROM identifiers WHERE value IN (SELECT value FROM identifiers WHERE reserved_until < ${now}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () => db.$executeRaw`DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE failed_at < ${failed}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () => db.$executeRaw`
      DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox WHERE failed_at IS NOT NULL ORDER BY failed_at DESC, id OFFSET ${FAILED_MAILS} LIMIT ${BATCH})`,
  )
  await untilDone(
    () =>
      db.$executeRaw`DELETE FROM mail_shares WHERE key IN (SELECT key FROM mail_shares WHERE last_at < ${ago(Math.max(HOUR, parts.config.LIMIT_RESET_WINDOW))}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () => db.$executeRaw`
      DELETE FROM known_clients WHERE (user_id, fingerprint, client) IN (
        SELECT user_id, fingerprint, client FROM known_clients WHERE last_seen_at < ${unseen}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () => db.$executeRaw`
      DELETE FROM known_devices WHERE (user_id, fingerprint) IN (
        SELECT user_id, fingerprint FROM known_devices WHERE last_seen_at < ${unseen}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () =>
      db.$executeRaw`DELETE FROM typed_failures WHERE typed IN (SELECT typed FROM typed_failures WHERE expires_at < ${now}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () =>
      db.$executeRaw`DELETE FROM rate_limits WHERE key IN (SELECT key FROM rate_limits WHERE expire < ${BigInt(now.getTime())} LIMIT ${BATCH})`,
  )
  await deleteOldUses(parts)
  await deleteOldEvents(parts)
}
