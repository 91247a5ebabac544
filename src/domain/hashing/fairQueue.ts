/**
 * A queue for expensive work in which nobody keeps others waiting for long: whoever waits has a turn after one job of each other
 * client, and within a client after one job of each other account. What waits is bounded for an account at one client, for a
 * client, and in all. A full queue makes room for a client that waits less than another: the newest job of whoever waits most is
 * given up for it.
 *
 * In the memory of one process. Cost: a look at each waiting client where the queue is full, a few steps else.
 */
import { besides } from '../../db/patience.ts'
import { Failure } from '../base/errors.ts'

/** Whose work it is. */
export interface Share {
  readonly client: string
  /** What the client works on, as far as it said: an account, or what was typed for one. */
  readonly account: string
}

export interface Bounds {
  /** Jobs under way at once. */
  readonly atOnce: number
  /** Jobs that wait; with none, nothing is run at all. */
  readonly inAll: number
  readonly forClient: number
  readonly forAccount: number
}

interface Job {
  readonly start: () => void
  readonly refuse: (failure: Failure) => void
}

type Accounts = Map<string, Job[]>

/** Seconds after which to try again. */
const RETRY_AFTER = 2

const overloaded = () => new Failure('OVERLOADED', { retryAfter: RETRY_AFTER })
const tooMany = () => new Failure('TOO_MANY_REQUESTS', { retryAfter: RETRY_AFTER })
const lengthOf = (accounts: Accounts | undefined): number => [...(accounts?.values() ?? [])].reduce((sum, jobs) => sum + jobs.length, 0)

/** Takes the first key's value out and, unless it is used up, puts it at the end again. */
const takeTurn = <Value>(map: Map<string, Value>, isUsedUp: (value: Value) => boolean, use: (value: Value) => Job | undefined) => {
  const [first] = map
  if (first === undefined) return undefined
  const [key, value] = first
  map.delete(key)
  const job = use(value)
  if (!isUsedUp(value)) map.set(key, value)
  return job
}

export interface FairQueue {
  /** @throws {Failure} TOO_MANY_REQUESTS beyond the own share, OVERLOADED where there is too much of all */
  run<T>(share: Share, work: () => Promise<T>): Promise<T>
}

export const createFairQueue = ({ atOnce, inAll, forClient, forAccount }: Bounds): FairQueue => {
  const clients = new Map<string, Accounts>()
  let waiting = 0
  let underWay = 0

  const next = (): Job | undefined =>
    takeTurn(
      clients,
      (accounts) => accounts.size === 0,
      (accounts) =>
        takeTurn(
          accounts,
          (jobs) => jobs.length === 0,
          (jobs) => jobs.shift(),
        ),
    )

  const startNext = (): void => {
    while (underWay < atOnce && waiting > 0) {
      waiting -= 1
      underWay += 1
      next()?.start()
    }
  }

  /** Gives up the newest job of the client that waits most, if that is more than `than`. */
  const makeRoom = (than: number): boolean => {
    const most = [...clients].reduce((found, one) => (lengthOf(one[1]) > lengthOf(found[1]) ? one : found), ['', new Map()] as [
      string,
      Accounts,
    ])
    if (lengthOf(most[1]) <= than) return false
    const [account, jobs] = [...most[1]].reduce((found, one) => (one[1].length >= found[1].length ? one : found))
    jobs.pop()?.refuse(overloaded())
    if (jobs.length === 0) most[1].delete(account)
    if (most[1].size === 0) clients.delete(most[0])
    waiting -= 1
    return true
  }

  const refusal = ({ client, account }: Share): Failure | null => {
    const accounts = clients.get(client)
    const own = lengthOf(accounts)
    const isFull = waiting >= inAll
    if (own >= forClient || (accounts?.get(account)?.length ?? 0) >= forAccount) return isFull ? overloaded() : tooMany()
    return isFull && !makeRoom(own + 1) ? overloaded() : null
  }

  const enqueue = ({ client, account }: Share, job: Job): void => {
    const accounts = clients.get(client) ?? new Map<string, Job[]>()
    clients.set(client, accounts)
    const jobs = accounts.get(account) ?? []
    accounts.set(account, jobs)
    jobs.push(job)
    waiting += 1
  }

  return {
    async run(share, work) {
      if (inAll === 0) throw overloaded()
      if (underWay >= atOnce) {
        const failure = refusal(share)
        if (failure !== null) throw failure
        await besides(async () => await new Promise<void>((start, refuse) => enqueue(share, { start, refuse })))
      } else underWay += 1
      try {
        return await work()
      } finally {
        underWay -= 1
        startNext()
      }
    },
  }
}
