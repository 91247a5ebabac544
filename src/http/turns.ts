/**
 * Requests take turns. A request that was read waits here until the event loop has had time for others, so that many requests at once do
 * not delay probes, new connections and closed ones; and clients take turns, so that a client that sends many waits for its own. If `most`
 * requests run, or half as many of one client, the next is refused.
 *
 * Cost: nothing for a request that is the first in this turn of the event loop.
 */
export interface Turns {
  /** Runs `work` when its turn has come; undefined, without running it, if too many requests run. */
  run<Result>(client: string, work: () => Promise<Result>): Promise<Result | undefined>
}

export function createTurns(most: number): Turns {
  const underWay = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>()
  let total = 0
  let isTaken = false

  const next = (): void => {
    const [first] = waiting
    if (first === undefined) {
      isTaken = false
      return
    }
    const [client, queue] = first
    waiting.delete(client)
    queue.shift()?.()
    if (queue.length > 0) waiting.set(client, queue)
    setImmediate(next)
  }

  const turn = async (client: string): Promise<void> => {
    if (!isTaken) {
      isTaken = true
      setImmediate(next)
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
