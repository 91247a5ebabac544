/**
 * A worker's end of the channel to its primary. It stops when the primary says so, and when the primary is gone: it then lets open requests
 * finish, as after SIGTERM.
 */
import cluster from 'node:cluster'
import type { FromWorker, ToWorker } from './messages.ts'

const tell = (message: FromWorker): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve()
    else process.send(message, undefined, undefined, () => resolve())
  })

export const tellReady = (ready: Extract<FromWorker, { ready: unknown }>['ready']): Promise<void> => tell({ ready })

/** `reason` is what a person at a terminal is to read. */
export const tellRefused = (reason: string): Promise<void> => tell({ refused: reason })

export const tellMetrics = (metrics: Extract<FromWorker, { metrics: unknown }>['metrics']): void => void tell({ metrics })

/** `stop` ends this process as a signal does. */
export function obeyPrimary(stop: (signal: NodeJS.Signals) => void): void {
  process.on('message', (message: ToWorker) => {
    if (typeof message === 'object' && 'stop' in message) stop(message.stop)
  })
  const { worker } = cluster
  if (worker === undefined) return
  const primaryIsGone = (): void => {
    // Otherwise Node.js ends a worker that did not ask for this at once.
    worker.exitedAfterDisconnect = true
    stop('SIGTERM')
  }
  worker.on('disconnect', primaryIsGone)
  if (process.connected) void tell({ heeds: true })
  else primaryIsGone()
}
