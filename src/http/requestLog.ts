/**
 * What requests may write to the log: a line of `info` or `warn` once a second of each kind, since anybody can cause it. A kind is a
 * message, of which the source has so many. What is left out is counted, and told by `omitted` in the next line of the kind, at
 * the end of the second at the latest. Faults (`error`) are ours, and each is written.
 */
import type { Log } from '../domain/base/ports.ts'

const PAUSE_MS = 1_000

type Write = (fields: object, message: string) => void

const oncePerSecond = (write: Write): Write => {
  const omitted = new Map<string, number>()
  const pause = (message: string): void => {
    omitted.set(message, 0)
    const timer = setTimeout(() => {
      const count = omitted.get(message) ?? 0
      omitted.delete(message)
      if (count === 0) return
      pause(message)
      write({ omitted: count }, message)
    }, PAUSE_MS)
    timer.unref()
  }
  return (fields, message) => {
    const count = omitted.get(message)
    if (count !== undefined) {
      omitted.set(message, count + 1)
      return
    }
    pause(message)
    write(fields, message)
  }
}

/** A log for what requests cause. */
export const requestLog = (log: Log): Log => ({
  debug: (fields, message) => log.debug(fields, message),
  info: oncePerSecond((fields, message) => log.info(fields, message)),
  warn: oncePerSecond((fields, message) => log.warn(fields, message)),
  error: (fields, message) => log.error(fields, message),
})
