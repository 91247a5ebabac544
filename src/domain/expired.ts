/**
 * Deletes what has ended: sessions with their tokens, login codes, mailed tokens, mails that were given up, devices that were
 * not seen for long, old counters. BATCH rows of a kind at a time, so that no statement is long.
 */
import type { Domain } from './domain.ts'

const BATCH = 1_000
/** Ended sessions are kept this long, so that the reuse of an old refresh token can still be told from nonsense. */
const SESSION_REST = 24 * 3_600_000
/** Mails that were given up, so that somebody can see why. */
const FAILED_MAIL_REST = 7 * 24 * 3_600_000
/** Devices: a sign-in from one that was not seen for so long is told of again. */
const DEVICE_REST = 180 * 24 * 3_600_000

/** Runs a deletion until it finds less than a batch. */
const untilDone = async (batch: () => Promise<number>): Promise<void> => {
  while ((await batch()) === BATCH);
}

export async function deleteExpired({ db, clock }: Domain): Promise<void> {
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
    () => db.$executeRaw`DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE failed_at < ${failed}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () => db.$executeRaw`
      DELETE FROM known_devices WHERE (user_id, fingerprint) IN (
        SELECT user_id, fingerprint FROM known_devices WHERE last_seen_at < ${unseen}::timestamptz LIMIT ${BATCH})`,
  )
  await untilDone(
    () =>
      db.$executeRaw`DELETE FROM rate_limits WHERE key IN (SELECT key FROM rate_limits WHERE expire < ${BigInt(now.getTime())} LIMIT ${BATCH})`,
  )
}
