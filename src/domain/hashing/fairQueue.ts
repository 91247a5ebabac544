/**
 * A fair queue for expensive work: clients take turns, and within a client the accounts take turns, so nobody delays others for
 * long. The number of waiting jobs is limited for an account at one client, for a client, and in all. If the queue is full, a
 * client with few waiting jobs gets in: the newest job of the client with the most is dropped. A job that has waited for LONGEST_WAIT is
 * dropped as well, so that its request is answered in time.
 *
 * In the memory of one process. Cost: a few steps; with a full queue, a pass over the waiting clients.
 */
import { besides } from '../../db/patience.ts'
import { Failure } from '../base/errors.ts'

/** Whom the work is for. */
export interface Share {
  readonly client: string
  /** The account that the client works on, or the text typed for one. */
  readonly account: string
  /** The work of the job, in hashes of our own; 1 by default. Bounds count work, but one job may always wait. */
  readonly weight?: number
}

/** In numbers of our own hashes, except `atOnce`. */
export interface Bounds {
  /** Jobs that run at once. */
  readonly atOnce: number
  /** Those that may wait; with 0, no job runs at all. */
  readonly inAll: number
  readonly forClient: number
  readonly forAccount: number
}

interface Job {
  readonly start: () => void
  readonly refuse: (failure: Failure) => void
  readonly weight: number
}

type Accounts = Map<string, Job[]>

/** Seconds after which to try again. */
const RETRY_AFTER = 2
/** In ms. */
const LONGEST_WAIT = 10_000

const overloaded = () => new Failure('OVERLOADED', { retryAfter: RETRY_AFTER })
const tooMany = () => new Failure('TOO_MANY_REQUESTS', { retryAfter: RETRY_AFTER })
const workOf = (jobs: readonly Job[] | undefined): number => (jobs ?? []).reduce((sum, { weight }) => sum + weight, 0)
const lengthOf = (accounts: Accounts | undefined): number => [...(accounts?.values() ?? [])].reduce((sum, jobs) => sum + workOf(jobs), 0)

/** Takes the first key's next value, and moves the key to the end if it has more. */
const takeTurn = <Value>(map: Map<string, Value>, isUsedUp: (value: Value) => boolean, use: (value: Value) => Job | undefined) => {
  const [first] = map
  if (first === undefined) return undefined
  const [key, value] = first
  map.delete(key)
  const job = use(value)
  if (!isUsedUp(value)) map.set(key, value)
  return job
}

/** How much there is to do. */
export interface QueueLoad {
  /** Jobs that run. */
  readonly running: number
  /** The work that waits, and how much may. */
  readonly waiting: number
  readonly limit: number
}

export interface FairQueue {
  load(): QueueLoad
  /** @throws {Failure} TOO_MANY_REQUESTS beyond the caller's share, OVERLOADED if the whole queue is full */
  run<T>(share: Share, work: () => Promise<T>): Promise<T>
}

export const createFairQueue = ({ atOnce, inAll, forClient, forAccount }: Bounds): FairQueue => {
  const clients = new Map<string, Accounts>()
  /** The work and the number of the jobs that wait, and the number of those that run. */
  let waiting = 0
  let inLine = 0
  let underWay = 0

  const left = (job: Job | undefined): void => {
    waiting -= job?.weight ?? 0
    inLine -= 1
  }

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
    while (underWay < atOnce && inLine > 0) {
      const job = next()
      left(job)
      underWay += 1
      job?.start()
    }
  }

  /** Drops the newest job of the client with the most waiting jobs, if they are more than `than`. */
  const makeRoom = (than: number): boolean => {
    const most = [...clients].reduce((found, one) => (lengthOf(one[1]) > lengthOf(found[1]) ? one : found), ['', new Map()] as [
      string,
      Accounts,
    ])
    if (lengthOf(most[1]) <= than) return false
    const [account, jobs] = [...most[1]].reduce((found, one) => (workOf(one[1]) >= workOf(found[1]) ? one : found))
    const dropped = jobs.pop()
    dropped?.refuse(overloaded())
    left(dropped)
    if (jobs.length === 0) most[1].delete(account)
    if (most[1].size === 0) clients.delete(most[0])
    return true
  }

  const refusal = ({ client, account, weight = 1 }: Share): Failure | null => {
    const accounts = clients.get(client)
    const own = lengthOf(accounts)
    const isFull = waiting >= inAll
    if (own >= forClient || workOf(accounts?.get(account)) >= forAccount) return isFull ? overloaded() : tooMany()
    return isFull && !makeRoom(own + weight) ? overloaded() : null
  }

  const enqueue = ({ client, account }: Share, job: Job): void => {
    const accounts = clients.get(client) ?? new Map<string, Job[]>()
    clients.set(client, accounts)
    const jobs = accounts.get(account) ?? []
    accounts.set(account, jobs)
    jobs.push(job)
    waiting += job.weight
    inLine += 1
  }

  const drop = ({ client, account }: Share, job: Job): void => {
    const accounts = clients.get(client)
    const jobs = accounts?.get(account)
    const at = jobs?.indexOf(job) ?? -1
    if (accounts === undefined || jobs === undefined || at < 0) return
    jobs.splice(at, 1)
    left(job)
    if (jobs.length === 0) accounts.delete(account)
    if (accounts.size === 0) clients.delete(client)
  }

  const turn = async (share: Share): Promise<void> =>
    await new Promise<void>((start, refuse) => {
      const job: Job = {
        start: () => {
          clearTimeout(timer)
          start()
        },
        refuse: (failure) => {
          clearTimeout(timer)
          refuse(failure)
        },
        weight: share.weight ?? 1,
      }
      const timer = setTimeout(() => {
        drop(share, job)
        refuse(overloaded())
      }, LONGEST_WAIT)
      enqueue(share, job)
    })

  return {
    load: () => ({ running: underWay, waiting, limit: inAll }),
    async run(share, work) {
      if (inAll === 0) throw overloaded()
      if (underWay >= atOnce) {
        const failure = refusal(share)
        if (failure !== null) throw failure
        await besides(async () => await turn(share))
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
