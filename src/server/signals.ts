/**
 * How signals end a process. The first SIGINT or SIGTERM ends it well and exits with 0, or with 1 if something was not clean; another one
 * exits at once with 1.
 *
 * A Ctrl-C under `npm start` reaches the process twice, from the terminal and from npm: signals within half a second count as one. In any
 * case the process ends after `patience` ms.
 */
import type { Log } from '../domain/base/ports.ts'

const SAME_KEYPRESS_MS = 500

export interface Ending {
  /** Ends everything; whether it went well. */
  stop(signal: NodeJS.Signals): Promise<boolean>
  /** Is called before the process exits without waiting. */
  cut?(): void
  readonly patience: number
  readonly log: Log
  /** Lets the last lines of the log out. */
  flush(): Promise<void>
}

/** Returns what ends the process as a first signal does; if it is ending already, that does nothing. */
export function endOnSignals({ stop, cut, patience, log, flush }: Ending): (signal: NodeJS.Signals) => void {
  let since: number | undefined
  const exitAtOnce = (): void => {
    cut?.()
    process.exit(1)
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    since = performance.now()
    log.info({ signal }, 'stopping')
    // Also keeps the process alive until it knows whether all went well.
    setTimeout(exitAtOnce, patience)
    const clean = await stop(signal)
    log.info({ clean }, 'stopped')
    await flush()
    process.exit(clean ? 0 : 1)
  }
  const heard = (signal: NodeJS.Signals): void => {
    if (since === undefined) void end(signal)
    else if (performance.now() - since >= SAME_KEYPRESS_MS) exitAtOnce()
  }
  process.on('SIGINT', heard).on('SIGTERM', heard)
  return (signal) => {
    if (since === undefined) void end(signal)
  }
}
