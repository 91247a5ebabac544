/**
 * Deletes what has ended: sessions with their tokens, login codes, mailed tokens, old counters. At most BATCH rows of a
 * kind at a time, so that no statement is long.
 */
import type { Domain } from './domain.ts'

const BATCH = 1_000
/** Ended sessions are kept this long, so that the reuse of an old refresh token can still be told from nonsense. */
const SESSION_REST = 24 * 3_600_000

export async function deleteExpired(domain: Domain): Promise<void> {
  const now = domain.clock.now()
  const rested = new Date(now.getTime() - SESSION_REST)
  await domain.db.$executeRaw`
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions WHERE expires_at < ${rested}::timestamptz OR ended_at < ${rested}::timestamptz LIMIT ${BATCH})`
  await domain.db
    .$executeRaw`DELETE FROM access_tokens WHERE hash IN (SELECT hash FROM access_tokens WHERE expires_at < ${now}::timestamptz LIMIT ${BATCH})`
  await domain.db
    .$executeRaw`DELETE FROM login_codes WHERE hash IN (SELECT hash FROM login_codes WHERE expires_at < ${now}::timestamptz LIMIT ${BATCH})`
  await domain.db
    .$executeRaw`DELETE FROM mail_tokens WHERE hash IN (SELECT hash FROM mail_tokens WHERE expires_at < ${now}::timestamptz LIMIT ${BATCH})`
  await domain.db
    .$executeRaw`DELETE FROM rate_limits WHERE key IN (SELECT key FROM rate_limits WHERE expire < ${BigInt(now.getTime())} LIMIT ${BATCH})`
}
