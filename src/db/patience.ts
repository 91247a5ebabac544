/**
 * How long the present work may still wait for the database, all its statements together. The limit follows the work through every
 * await. Work outside of it has no limit here.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

interface Patience {
  readonly span: number
  readonly until: number
  /** Milliseconds that were spent on other things. */
  elsewhere: number
}

const scope = new AsyncLocalStorage<Patience>()

/** Runs `work`, which may wait for the database for this many milliseconds in total. */
export const within = <T>(span: number, work: () => T): T => scope.run({ span, until: performance.now() + span, elsewhere: 0 }, work)

/** Runs a part of the work that waits for something other than the database, such as the queue of hashes. */
export const besides = async <T>(work: () => Promise<T>): Promise<T> => {
  const begun = performance.now()
  try {
    return await work()
  } finally {
    const patience = scope.getStore()
    if (patience !== undefined) patience.elsewhere += performance.now() - begun
  }
}

/** Whether most of the time was spent on other things, so that the database is not to blame. */
export const wentElsewhere = (): boolean => {
  const patience = scope.getStore()
  return patience !== undefined && patience.elsewhere >= patience.span / 2
}

/** Identifies the present work. */
export const workAtHand = (): object | undefined => scope.getStore()

/** Milliseconds that are left; infinite outside `within`. */
export const timeLeft = (): number => (scope.getStore()?.until ?? Number.POSITIVE_INFINITY) - performance.now()
