/**
 * Shutdown. The first SIGINT or SIGTERM closes all parts, the newest first (`signals.ts`). If a part fails to close, the others are still
 * closed, and the exit code is 1.
 *
 * Supervisors send SIGTERM to a process that others replace: `/readyz` changes first, and requests are still answered for `drain` ms, so
 * that load balancers notice. A person at a terminal (SIGINT) does not wait for that. In any case the process ends 25 s after the drain.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../domain/base/ports.ts'
import { endOnSignals } from './signals.ts'

export interface Shutdown {
  /** Adds a part; it is closed before those that were added earlier. */
  add(part: string, close: () => Promise<void> | void): void
  /** Closes all parts, once. False if one of them failed. */
  close(): Promise<boolean>
  /** Is called before anything is closed: this process is about to stop. */
  onLeaving(listener: () => void): void
  /**
   * From now on signals stop the process, and so does what is returned, unless it is stopping already. A start that is still running is
   * waited for, so that it is closed as well.
   */
  onSignals(started: Promise<unknown>, drain: number): (signal: NodeJS.Signals) => void
}

export const LAST_RESORT_MS = 25_000

/** `flush` lets the last lines of the log out; it takes no longer than it has to. */
export function createShutdown(log: Log, flush: () => Promise<void>): Shutdown {
  let leave = (): void => undefined
  const parts: { part: string; close: () => Promise<void> | void }[] = []

  const close = async (): Promise<boolean> => {
    let clean = true
    for (let next = parts.pop(); next !== undefined; next = parts.pop()) {
      try {
        await next.close()
      } catch (error) {
        clean = false
        log.error({ err: error, part: next.part }, 'could not be closed')
      }
    }
    return clean
  }

  const onSignals = (started: Promise<unknown>, drain: number) => {
    const stop = async (signal: NodeJS.Signals): Promise<boolean> => {
      await started.catch(() => undefined)
      leave()
      if (signal === 'SIGTERM') await delay(drain)
      return await close()
    }
    return endOnSignals({ stop, patience: drain + LAST_RESORT_MS, log, flush })
  }

  return {
    add: (part, closePart) => {
      parts.push({ part, close: closePart })
    },
    close,
    onLeaving: (listener) => {
      leave = listener
    },
    onSignals,
  }
}
