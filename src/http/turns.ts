/**
 * Requests take turns. Of those that were read, AT_ONCE begin in each turn of the event loop and the others wait, so that many requests at
 * once do not delay probes, new connections and closed ones; and clients take turns, so that a client that sends many waits for its own. If
 * `most` requests run, or half as many of one client, the next is refused.
 *
 * Cost: nothing for the first requests in a turn of the event loop.
 */
export interface Turns {
  /** Runs `work` when its turn has come; undefined, without running it, if too many requests run. */
  run<Result>(client: string, work: () => Promise<Result>): Promise<Result | undefined>
}

/** Few enough to take a millisecond or two, and enough that their statements leave in one packet. */
const AT_ONCE = 8

export function createTurns(most: number): Turns {
  const underWay = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>()
  let total = 0
  /** How many began in this turn of the event loop. */
  let begun = 0

  const beginOne = (): void => {
    const [first] = waiting
    if (first === undefined) return
    const [client, queue] = first
    waiting.delete(client)
    begun += 1
    queue.shift()?.()
    if (queue.length > 0) waiting.set(client, queue)
  }

  const next = (): void => {
    begun = 0
    while (begun < AT_ONCE && waiting.size > 0) beginOne()
    if (begun > 0) setImmediate(next)
  }

  const turn = async (client: string): Promise<void> => {
    if (begun < AT_ONCE && waiting.size === 0) {
      if (begun === 0) setImmediate(next)
      begun += 1
      return
    }
    await new Promise<void>((resolve) => {
      const queue = waiting.get(client) ?? []
      queue.push(resolve)
      waiting.set(client, queue)
    })
  }

  const count = (client: string, change: 1 | -1): void => {
    total += change
    const own = (underWay.get(client) ?? 0) + change
    if (own === 0) underWay.delete(client)
    else underWay.set(client, own)
  }

  return {
    async run(client, work) {
      if (total >= most || (underWay.get(client) ?? 0) >= Math.ceil(most / 2)) return undefined
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
