/**
 * Limits what requests write to the log, because anybody can send them: one `info` or `warn` line a second for each message. Other lines
 * are counted, and `omitted` in the next line of that message has the number, at the latest at the end of the second. Errors (`error`) are
 * all written.
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
