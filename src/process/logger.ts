/**
 * The log: one JSON object a line on standard output, times in ISO 8601 UTC, levels by name, no host name.
 *
 * Writes are synchronous, so that the last line before an exit is never lost. Everything goes through `redact`.
 */
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import { redact } from './redact.ts'

export function createLogger(level: string, destination: DestinationStream = pino.destination({ dest: 1, sync: true })): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      serializers: { err: (plain: unknown) => plain },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redact(fields) as Record<string, unknown>,
      },
    },
    destination,
  )
}
