/**
 * How long the work at hand may still wait for the database, all its statements together: a request that asks five times must
 * not wait five times. It follows the work through every await, and what is begun outside any such work has no end of its own.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

interface Patience {
  readonly span: number
  readonly until: number
  /** Milliseconds of it that went to something else. */
  elsewhere: number
}

const scope = new AsyncLocalStorage<Patience>()

/** Runs `work`, which may wait for the database for so many milliseconds in all. */
export const within = <T>(span: number, work: () => T): T => scope.run({ span, until: performance.now() + span, elsewhere: 0 }, work)

/** Runs `work` with the whole patience again: a part of an answer that is sent piece by piece. */
export const afresh = <T>(work: () => T): T => {
  const span = scope.getStore()?.span
  return span === undefined ? work() : within(span, work)
}

/** Runs a part of the work that waits for something other than the database, such as a turn for a hash. */
export const besides = async <T>(work: () => Promise<T>): Promise<T> => {
  const begun = performance.now()
  try {
    return await work()
  } finally {
    const patience = scope.getStore()
    if (patience !== undefined) patience.elsewhere += performance.now() - begun
  }
}

/** Whether most of the time of the work at hand went to something else, so that the database is not to blame for its end. */
export const wentElsewhere = (): boolean => {
  const patience = scope.getStore()
  return patience !== undefined && patience.elsewhere >= patience.span / 2
}

/** What stands for the work at hand, to tell it from other work. */
export const workAtHand = (): object | undefined => scope.getStore()

/** Milliseconds that are left; endless outside every `within`. */
export const timeLeft = (): number => (scope.getStore()?.until ?? Number.POSITIVE_INFINITY) - performance.now()
