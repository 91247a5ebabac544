/**
 * Lets the same thing pass only once in a while, so that a client in a loop cannot fill the log. In the memory of this process, and
 * limited: things are remembered by hash; beyond MOST, the oldest is dropped and may pass early.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../base/ports.ts'

export interface Throttle {
  /** Whether a thing may pass: not again within `window` milliseconds. */
  passes(thing: string, window: number): boolean
}

const MOST = 10_000

export const createThrottle = (clock: Clock): Throttle => {
  const closedUntil = new Map<string, number>()
  return {
    passes(thing, window) {
      const key = createHash('sha256').update(thing).digest('base64url')
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
