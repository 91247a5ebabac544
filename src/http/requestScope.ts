/**
 * The request that a line of the log belongs to, without handing its id through every function.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Log } from '../domain/ports.ts'

const scope = new AsyncLocalStorage<{ readonly requestId: string }>()

/** Runs `work` for a request; what it logs carries the request's id. */
export const inRequest = <T>(requestId: string, work: () => T): T => scope.run({ requestId }, work)

const levels = ['debug', 'info', 'warn', 'error'] as const

/** `log`, with the id of the request in every line. */
export const withRequestId = (log: Log): Log =>
  Object.fromEntries(
    levels.map((level) => [level, (fields: object, message: string) => log[level]({ ...scope.getStore(), ...fields }, message)]),
  ) as unknown as Log
