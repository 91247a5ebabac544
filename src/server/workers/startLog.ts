/**
 * The log of a worker that starts after the first one: until it serves, what its start would say is at `debug`, because the first one has
 * said it. Errors are said as ever.
 */
import type { Log } from '../../domain/base/ports.ts'

export function quietStart(log: Log): { readonly log: Log; begun(): void } {
  let starting = true
  const unlessStarting =
    (level: 'info' | 'warn'): Log['info'] =>
    (fields, message) =>
      log[starting ? 'debug' : level](fields, message)
  return {
    log: {
      debug: (fields, message) => log.debug(fields, message),
      info: unlessStarting('info'),
      warn: unlessStarting('warn'),
      error: (fields, message) => log.error(fields, message),
    },
    begun: () => {
      starting = false
    },
  }
}
