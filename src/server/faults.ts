/**
 * Errors that nobody caught. A rejected promise belongs to one request: it is logged, and the others continue. After an exception outside
 * every request the state of the process is unknown: it is logged, and the process exits with 1, so that its supervisor starts a new one.
 * Standard output that is closed (`npm start | head`) or full is ignored. Warnings of Node.js and of drivers become log lines.
 */
import type { Log } from '../domain/base/ports.ts'
import { takeWarnings } from './warnings.ts'

/** `flush` lets the last lines of the log out. */
export function logFaults(log: Log, flush: () => Promise<void>): void {
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'))
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'uncaught exception')
    void flush().finally(() => process.exit(1))
  })
  takeWarnings((warning) => log.warn({ warning: warning.name, code: (warning as NodeJS.ErrnoException).code }, warning.message))
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
