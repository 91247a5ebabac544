/**
 * The wait before the next attempt: doubled each time, and at random between half and the whole, so that mails that failed together
 * are not retried together.
 */
import type { RandomBytes } from '../base/ports.ts'

const FIRST = 5_000

/**
 * The longest waits, in ms. A single deferred mail waits up to an hour; if no mail can be sent, one attempt a minute notices the
 * end of that.
 */
export const longest = { deferred: 3_600_000, unavailable: 60_000 } as const

/** Milliseconds until the attempt after the `tries`-th. */
export const backOff = (randomBytes: RandomBytes, tries: number, most: number): number => {
  const whole = Math.min(FIRST * 2 ** Math.min(tries - 1, 20), most)
  return Math.round(whole / 2 + (whole / 2) * (randomBytes(4).readUInt32BE() / 2 ** 32))
}
