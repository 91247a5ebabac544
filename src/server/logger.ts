/**
 * The log: one JSON object a line on standard output, times in ISO 8601 UTC, levels by name, no host name. Lines of a worker have its number.
 *
 * Everything goes through `redact`. No line is waited for: one that nobody takes is dropped and counted (`logStream.ts`).
 */
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import { createLogStream } from './logStream.ts'
import { redact } from './redact.ts'

export function createLogger(level: string, destination: DestinationStream, worker?: number): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid, ...(worker === undefined ? {} : { worker }) },
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

/** The log of the process, on its standard output. `flush` resolves when what was logged is out, or after a second. */
export function openLog(level: string, worker?: number): { readonly log: Logger; flush(): Promise<void> } {
  const stream = createLogStream(process.stdout, (dropped) =>
    log.warn({ dropped }, 'log lines were dropped, because nothing read them in time'),
  )
  const log = createLogger(level, stream, worker)
  return { log, flush: stream.flush }
}
