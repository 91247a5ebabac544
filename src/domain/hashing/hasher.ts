/**
 * Password hashes: argon2id as PHC strings (OWASP Password Storage). As many are computed at once as there are cores; a limited
 * number wait in a fair queue (`fairQueue.ts`); more are refused, to protect memory and latency. Both numbers are divided among workers,
 * at least one for each, so that a hash waits no longer than in a single process.
 *
 * Passwords are normalised to NFC before hashing and checking (NIST SP 800-63B-4, 3.1.1.2). A failed check always takes the same
 * work: with no hash, an unreadable hash, or one of weaker parameters, the missing work is added.
 */
import { availableParallelism } from 'node:os'
import type { Config } from '../../config.ts'
import { besides } from '../../db/patience.ts'
import { addressGroup, networkGroup } from '../limits/addresses.ts'
import { type Argon2, loadArgon2 } from './argon2.ts'
import { createFairQueue, type Share } from './fairQueue.ts'
import { type Cost, costOf, unmatchedOf } from './phc.ts'

/** A check whose turn has come. Checks that began and are not yet counted are never more than the cores. */
export interface Turn {
  /** Called at the start: returns the hash to check against, or null for none. If it throws, the check ends. */
  begin(): Promise<string | null>
  /** Called if the text did not match, before the next check begins. */
  failed?(): Promise<void>
}

export interface Hasher {
  /** The name of the library that computes the hashes. */
  readonly library: string
  /** @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED */
  hash(share: Share, text: string): Promise<string>
  /**
   * Whether `text` matches the hash. Without a usable hash the same work is done, and the answer is no.
   * @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED
   */
  verify(share: Share, text: string, turn: Turn): Promise<boolean>
  /** Whether a hash has weaker parameters than the present ones, or an older form. */
  isWeak(phc: string): boolean
}

/** Setting up the memory of a hash costs about half a pass (measured). */
const ROOM = 0.5
const LEAST_MEMORY = 8

/** The hash that takes the work which a check with weaker parameters saves; null if there is none to add. */
const sparedBy = (today: Cost, checked: Cost): Cost | null => {
  const work = ({ memoryCost, timeCost }: Cost) => memoryCost * (timeCost + ROOM)
  const spared = work(today) - work(checked)
  const timeCost = Math.max(1, Math.round(spared / today.memoryCost - ROOM))
  const memoryCost = Math.round(spared / (timeCost + ROOM))
  return memoryCost < LEAST_MEMORY ? null : { memoryCost, timeCost, parallelism: 1 }
}

/** The share of the queue for one client, and for one account at a client. */
const CLIENT_PART = 0.4
const ACCOUNT_PART = 0.2

const queueOf = ({ LIMIT_HASH_QUEUE, WORKERS }: Config) => {
  const atOnce = Math.max(1, Math.floor(availableParallelism() / WORKERS))
  const inAll = Math.ceil(LIMIT_HASH_QUEUE / WORKERS)
  const part = (of: number) => Math.max(1, Math.floor(inAll * of))
  return createFairQueue({ atOnce, inAll, forClient: part(CLIENT_PART), forAccount: part(ACCOUNT_PART) })
}

/** Time spent hashing does not count as waiting for the database. */
const aside = ({ name, hash, verify }: Argon2): Argon2 => ({
  name,
  hash: async (text, cost) => await besides(async () => await hash(text, cost)),
  verify: async (phc, text) => await besides(async () => await verify(phc, text)),
})

/** `library`: the faster one that can be loaded, unless given. */
export async function createHasher(config: Config, library?: Argon2): Promise<Hasher> {
  const { name, hash, verify } = aside(library ?? (await loadArgon2()))
  const today = { memoryCost: config.ARGON2_MEMORY_KIB, timeCost: config.ARGON2_PASSES, parallelism: 1 }
  const queue = queueOf(config)
  const nobody = unmatchedOf(today)
  const inTurn = async <T>({ client, account }: Share, work: () => Promise<T>): Promise<T> =>
    await queue.run({ client: networkGroup(client), account: `${addressGroup(client)} ${account}` }, work)

  /** As normalised, then as received: imported hashes may be of either. */
  const fitsOne = async (phc: string, cost: Cost, text: string): Promise<boolean> => {
    const spared = sparedBy(today, cost)
    for (const form of new Set([text.normalize('NFC'), text])) {
      if (await verify(phc, form)) return true
      if (spared !== null) await hash(form, spared)
    }
    return false
  }

  /** A hash that cannot be checked costs as much work as a wrong password. */
  const fits = async (phc: string | null, text: string): Promise<boolean> => {
    const cost = costOf(phc)
    try {
      if (phc !== null && cost !== null) return await fitsOne(phc, cost, text)
    } catch {
      // Argon2 cannot read it: treated like a wrong password, with the same work.
    }
    await fitsOne(nobody, today, text)
    return false
  }

  return {
    library: name,
    hash: async (share, text) => await inTurn(share, async () => await hash(text.normalize('NFC'), today)),
    verify: async (share, text, turn) =>
      await inTurn(share, async () => {
        const isRight = await fits(await turn.begin(), text)
        if (!isRight) await turn.failed?.()
        return isRight
      }),
    isWeak(phc) {
      const cost = costOf(phc)
      return cost !== null && (cost.memoryCost < today.memoryCost || cost.timeCost < today.timeCost || cost.algorithm !== 'argon2id')
    },
  }
}
