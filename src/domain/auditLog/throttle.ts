/**
 * Lets the same thing pass once in a while, so that a client in a loop can not fill the log. In the memory of this process,
 * and bounded: beyond MOST things the oldest is forgotten, and may pass again early.
 */
import type { Clock } from '../ports.ts'

export interface Throttle {
  /** Whether `key` may pass: not again within `window` milliseconds. */
  passes(key: string, window: number): boolean
}

const MOST = 10_000

export const createThrottle = (clock: Clock): Throttle => {
  const closedUntil = new Map<string, number>()
  return {
    passes(key, window) {
      const now = clock.now().getTime()
      if ((closedUntil.get(key) ?? 0) > now) return false
      closedUntil.delete(key)
      const oldest = closedUntil.size >= MOST ? closedUntil.keys().next().value : undefined
      if (oldest !== undefined) closedUntil.delete(oldest)
      closedUntil.set(key, now + window)
      return true
    },
  }
}
