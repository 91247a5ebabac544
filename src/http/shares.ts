/** Counts what is under way: at most so many in total, and half as many for one client. */
export interface Shares {
  isFull(client: string): boolean
  /** One more, or with -1 one less. */
  count(client: string, change: 1 | -1): void
}

export function createShares(most: number): Shares {
  const underWay = new Map<string, number>()
  let total = 0
  return {
    isFull: (client) => total >= most || (underWay.get(client) ?? 0) >= Math.ceil(most / 2),
    count(client, change) {
      total += change
      const own = (underWay.get(client) ?? 0) + change
      if (own === 0) underWay.delete(client)
      else underWay.set(client, own)
    },
  }
}
