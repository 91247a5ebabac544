/**
 * Requests take turns. Of those that were read, a few begin in each turn of the event loop and the others wait, so that many requests at
 * once do not delay probes, new connections and closed ones; and clients take turns, so that a client that sends many waits for its own. If
 * `most` requests run, or half as many of one client, the next is refused.
 *
 * Cost: nothing for the first requests in a turn of the event loop.
 */
import { createShares } from './shares.ts'

export interface Turns {
  /** Runs `work` when its turn has come; undefined, without running it, if too many requests run. */
  run<Result>(client: string, work: () => Promise<Result>): Promise<Result | undefined>
}

/** How many begin in a turn, and for how long others may begin after the first, in ms: costly ones have a turn each. */
const AT_ONCE = 8
const SLICE = 2

/** Runs `work` when everything that was begun before has come to a wait. */
const afterMicrotasks = (work: () => void): void => queueMicrotask(() => process.nextTick(work))

export function createTurns(most: number): Turns {
  const { isFull, count } = createShares(most)
  const waiting = new Map<string, (() => void)[]>()
  /** How many began in this turn of the event loop, and when the first did. */
  let begun = 0
  let since = 0

  const mayBegin = (): boolean => begun === 0 || (begun < AT_ONCE && performance.now() - since < SLICE)

  const note = (): void => {
    if (begun === 0) since = performance.now()
    begun += 1
  }

  const step = (): void => {
    const [first] = waiting
    if (first === undefined || !mayBegin()) return void setImmediate(next)
    const [client, queue] = first
    waiting.delete(client)
    note()
    queue.shift()?.()
    if (queue.length > 0) waiting.set(client, queue)
    afterMicrotasks(step)
  }

  const next = (): void => {
    begun = 0
    if (waiting.size > 0) step()
  }

  const turn = async (client: string): Promise<void> => {
    if (waiting.size === 0 && mayBegin()) {
      if (begun === 0) setImmediate(next)
      note()
      return
    }
    await new Promise<void>((resolve) => {
      const queue = waiting.get(client) ?? []
      queue.push(resolve)
      waiting.set(client, queue)
    })
  }

  return {
    async run(client, work) {
      if (isFull(client)) return undefined
      count(client, 1)
      try {
        await turn(client)
        return await work()
      } finally {
        count(client, -1)
      }
    },
  }
}
