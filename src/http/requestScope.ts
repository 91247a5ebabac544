/**
 * Gives each log line the id of its request, without a parameter in every function.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Log } from '../domain/base/ports.ts'
import { requestLog } from './requestLog.ts'

const scope = new AsyncLocalStorage<{ readonly requestId: string }>()

/** Runs `work` for a request; what it logs carries the request's id. */
export const inRequest = <T>(requestId: string, work: () => T): T => scope.run({ requestId }, work)

const levels = ['debug', 'info', 'warn', 'error'] as const

/** `log`, with the id of the request in every line, and the limit on lines that requests cause. */
export const withRequestId = (log: Log): Log => {
  const ofRequests = requestLog(log)
  const at = (level: (typeof levels)[number]) => (fields: object, message: string) => {
    const request = scope.getStore()
    if (request === undefined) log[level](fields, message)
    else ofRequests[level]({ ...request, ...fields }, message)
  }
  return Object.fromEntries(levels.map((level) => [level, at(level)])) as unknown as Log
}
