/**
 * How many entries may wait in the outbox: LIMIT_OUTBOX, of which one client address (as in limits.ts) may have caused
 * LIMIT_OUTBOX_PER_ADDRESS. An entry has at most 64 KiB (queue.ts), a mail less than 22, so the size of the table is limited too.
 * Exact except for requests that run at the same time. Cost: one statement, over an index.
 */
import { createHash } from 'node:crypto'
import { Failure } from '../base/errors.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { addressGroup } from '../limits/addresses.ts'

/** Seconds until another attempt may find room. */
const RETRY_AFTER = 60

/** The key of one client's entries. */
export const clientKey = (clientAddress: string): string => createHash('sha256').update(addressGroup(clientAddress)).digest('base64url')

/** Why this client may not cause an entry now: OVERLOADED or TOO_MANY_REQUESTS; null if it may. */
export const lackOfRoom = async ({ config }: Domain, tx: Tx, clientAddress: string): Promise<Failure | null> => {
  const { LIMIT_OUTBOX: most, LIMIT_OUTBOX_PER_ADDRESS: mostOfOne } = config
  const [found] = await tx.$queryRaw<{ all: number; own: number }[]>`
    SELECT (SELECT count(*)::int FROM (SELECT 1 FROM outbox WHERE failed_at IS NULL LIMIT ${most}) waiting) AS "all",
           (SELECT count(*)::int FROM (SELECT 1 FROM outbox WHERE client = ${clientKey(clientAddress)} AND failed_at IS NULL LIMIT ${mostOfOne}) own) AS own`
  if ((found?.own ?? 0) >= mostOfOne) return new Failure('TOO_MANY_REQUESTS', { retryAfter: RETRY_AFTER })
  return (found?.all ?? 0) >= most ? new Failure('OVERLOADED', { retryAfter: RETRY_AFTER }) : null
}

/** @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED */
export const expectRoom = async (domain: Domain, tx: Tx, clientAddress: string): Promise<void> => {
  const failure = await lackOfRoom(domain, tx, clientAddress)
  if (failure !== null) throw failure
}

/** Whether the outbox is full, for entries that no stranger caused. */
export const isFull = async ({ config }: Domain, tx: Tx): Promise<boolean> => {
  const most = config.LIMIT_OUTBOX
  const [found] = await tx.$queryRaw<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM (SELECT 1 FROM outbox WHERE failed_at IS NULL LIMIT ${most}) waiting`
  return (found?.waiting ?? 0) >= most
}
