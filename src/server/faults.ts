/**
 * What nobody caught. A rejected promise belongs to one request: it is logged and the others go on. An exception outside
 * every request leaves the process in a state that nobody knows: it is logged and the process exits with 1, for whatever
 * supervises it to start a new one. Standard output that is closed (`npm start | head`) or full is no fault. A warning of Node.js or of a
 * driver is a line of the log, and never text on the terminal.
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
