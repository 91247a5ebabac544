/**
 * When a delivery that failed is tried again: as Standard Webhooks recommends, over three days. Each wait is up to a tenth longer, so that what
 * failed together is not tried together.
 */
import type { RandomBytes } from '../base/ports.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** The waits after each attempt but the last. */
const WAITS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const

/** Milliseconds until the attempt after the `attempts`-th; undefined if that was the last. */
export const waitAfter = (randomBytes: RandomBytes, attempts: number): number | undefined => {
  const wait = WAITS[attempts - 1]
  return wait === undefined ? undefined : Math.round(wait * (1 + 0.1 * (randomBytes(4).readUInt32BE() / 2 ** 32)))
}
