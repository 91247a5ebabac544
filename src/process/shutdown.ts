/**
 * The end of the process. The first SIGINT or SIGTERM closes what is open, the newest first, and exits with 0; another one
 * exits at once with 1. A fault in one part does not keep the others from closing, but makes the exit code 1.
 *
 * A Ctrl-C under `npm start` reaches the process twice, from the terminal and from npm: signals within half a second count
 * as one. Whatever hangs, the process is gone after 25 s.
 */
import type { Log } from '../domain/ports.ts'

export interface Shutdown {
  /** Adds a part; it is closed before those that were added earlier. */
  add(part: string, close: () => Promise<void> | void): void
  /** Closes all parts, once. False if one of them failed. */
  close(): Promise<boolean>
  /** From now on signals end the process; what is still starting is waited for, so that it is closed as well. */
  onSignals(started: Promise<unknown>): void
}

const SAME_KEYPRESS_MS = 500
const LAST_RESORT_MS = 25_000

export function createShutdown(log: Log): Shutdown {
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

  const onSignals = (started: Promise<unknown>): void => {
    let since: number | undefined
    const stop = async (signal: NodeJS.Signals): Promise<void> => {
      const now = performance.now()
      if (since !== undefined && now - since < SAME_KEYPRESS_MS) return
      if (since !== undefined) process.exit(1)
      since = now
      log.info({ signal }, 'stopping')
      setTimeout(() => process.exit(1), LAST_RESORT_MS).unref()
      await started.catch(() => undefined)
      const clean = await close()
      log.info({ clean }, 'stopped')
      process.exit(clean ? 0 : 1)
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
  }

  return {
    add: (part, closePart) => {
      parts.push({ part, close: closePart })
    },
    close,
    onSignals,
  }
}
