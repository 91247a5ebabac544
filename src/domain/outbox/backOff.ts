/**
 * How long the next try waits: twice as long each time, between half and the whole of it by chance, so that what failed
 * together is not tried together.
 */
import type { RandomBytes } from '../base/ports.ts'

const FIRST = 5_000

/** The longest waits, in ms. A mail that is put off alone waits up to an hour; when no mail can be sent, a try a minute is enough to see the end of it. */
export const longest = { deferred: 3_600_000, unavailable: 60_000 } as const

/** Milliseconds until the try after the `tries`-th. */
export const backOff = (randomBytes: RandomBytes, tries: number, most: number): number => {
  const whole = Math.min(FIRST * 2 ** Math.min(tries - 1, 20), most)
  return Math.round(whole / 2 + (whole / 2) * (randomBytes(4).readUInt32BE() / 2 ** 32))
}
