/**
 * How long the work at hand may still wait for the database, all its statements together: a request that asks five times must
 * not wait five times. It follows the work through every await, and what is begun outside any such work has no end of its own.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

interface Patience {
  readonly span: number
  readonly until: number
}

const scope = new AsyncLocalStorage<Patience>()

/** Runs `work`, which may wait for the database for so many milliseconds in all. */
export const within = <T>(span: number, work: () => T): T => scope.run({ span, until: performance.now() + span }, work)

/** Runs `work` with the whole patience again: a part of an answer that is sent piece by piece. */
export const afresh = <T>(work: () => T): T => {
  const span = scope.getStore()?.span
  return span === undefined ? work() : within(span, work)
}

/** What stands for the work at hand, to tell it from other work. */
export const workAtHand = (): object | undefined => scope.getStore()

/** Milliseconds that are left; endless outside every `within`. */
export const timeLeft = (): number => (scope.getStore()?.until ?? Number.POSITIVE_INFINITY) - performance.now()
