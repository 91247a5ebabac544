/** What the primary and its workers tell each other, as plain data over the channel of `node:cluster`. */
import type { Snapshot } from '../metrics/metrics.ts'
import type { Ready } from '../ready.ts'

/** A worker heeds its primary from now on; it serves; it could not start, for a reason in the words of `explain.ts`; or its metrics so far. */
export type FromWorker =
  | { readonly heeds: true }
  | { readonly ready: Ready }
  | { readonly refused: string }
  | { readonly metrics: Snapshot }

/** Stop as if this signal had come. */
export interface ToWorker {
  readonly stop: NodeJS.Signals
}

/** Why a worker did not start, in its own words. */
export class WorkerRefusal extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WorkerRefusal'
  }
}
