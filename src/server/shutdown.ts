/**
 * Shutdown. The first SIGINT or SIGTERM closes all parts, the newest first, and exits with 0; another one exits at once with 1. If a part
 * fails to close, the others are still closed, and the exit code is 1.
 *
 * Supervisors send SIGTERM to a process that others replace: `/readyz` changes first, and requests are still answered for `drain` ms, so
 * that load balancers notice. A person at a terminal (SIGINT) does not wait for that.
 *
 * A Ctrl-C under `npm start` reaches the process twice, from the terminal and from npm: signals within half a second count as one. In any
 * case the process ends 25 s after the drain.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../domain/base/ports.ts'

export interface Shutdown {
  /** Adds a part; it is closed before those that were added earlier. */
  add(part: string, close: () => Promise<void> | void): void
  /** Closes all parts, once. False if one of them failed. */
  close(): Promise<boolean>
  /** Is called before anything is closed: this process is about to stop. */
  onLeaving(listener: () => void): void
  /** From now on signals stop the process. A start that is still running is waited for, so that it is closed as well. */
  onSignals(started: Promise<unknown>, drain: number): void
}

const SAME_KEYPRESS_MS = 500
const LAST_RESORT_MS = 25_000

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

  const onSignals = (started: Promise<unknown>, drain: number): void => {
    let since: number | undefined
    const stop = async (signal: NodeJS.Signals): Promise<void> => {
      const now = performance.now()
      if (since !== undefined && now - since < SAME_KEYPRESS_MS) return
      if (since !== undefined) process.exit(1)
      since = now
      log.info({ signal }, 'stopping')
      setTimeout(() => process.exit(1), drain + LAST_RESORT_MS).unref()
      await started.catch(() => undefined)
      leave()
      if (signal === 'SIGTERM') await delay(drain)
      const clean = await close()
      log.info({ clean }, 'stopped')
      await flush()
      process.exit(clean ? 0 : 1)
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
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
