/**
 * Pages of lists take turns: only a few are read and printed at once. Each takes tens of milliseconds of the one thread and a connection of
 * the pool, which other requests need as well; between two of them the event loop goes on.
 *
 * The number of those that wait is bounded by LIMIT_REQUESTS and LIMIT_LISTS.
 */

/** Runs `read` when it is its turn, the first that came first. */
export type PageTurns = <T>(read: () => Promise<T>) => Promise<T>

const AT_ONCE = 2

/** @param besides runs a wait that is none for the database */
export function createPageTurns(besides: (wait: () => Promise<void>) => Promise<void>): PageTurns {
  const waiting: (() => void)[] = []
  let free = AT_ONCE

  const turn = async (): Promise<void> => {
    if (free > 0) free -= 1
    else await besides(async () => await new Promise<void>((resolve) => waiting.push(resolve)))
  }

  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else setImmediate(next)
  }

  return async (read) => {
    await turn()
    try {
      return await read()
    } finally {
      leave()
    }
  }
}
