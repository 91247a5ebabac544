/** Counts what is under way: at most so many in total, and half as many for one client. */
export interface Shares {
  isFull(client: string): boolean
  /** One more, or with -1 one less. */
  count(client: string, change: 1 | -1): void
}

/** A place of a client, which is taken at most once. */
export interface SharePlace {
  /** False if there is none. */
  readonly take: () => boolean
  readonly leave: () => void
}

export const placeIn = (shares: Shares, client: string): SharePlace => {
  let isTaken = false
  return {
    take() {
      if (!isTaken && shares.isFull(client)) return false
      if (!isTaken) shares.count(client, 1)
      isTaken = true
      return true
    },
    leave() {
      if (isTaken) shares.count(client, -1)
      isTaken = false
    },
  }
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
