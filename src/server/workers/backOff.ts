/** How long to wait before a worker that ended is replaced: a second, and twice as long each time, up to half a minute. */

const FIRST = 1_000
const LONGEST = 30_000
/** A worker that served for this long was well: the next wait is the first again. */
const WELL = 60_000

export interface BackOff {
  /** The wait, in ms, after a worker that served for so many ms; 0 if it never did. */
  next(served: number): number
}

export function createBackOff(): BackOff {
  let failures = 0
  return {
    next(served) {
      if (served >= WELL) failures = 0
      failures += 1
      return Math.min(LONGEST, FIRST * 2 ** (failures - 1))
    },
  }
}
