/**
 * Password hashes: argon2id as PHC strings (OWASP Password Storage). At most as many are computed at once as there are
 * cores, a bounded number waits in a queue that is fair to clients (`fairQueue.ts`), and what is beyond is refused before memory or
 * latency suffer.
 *
 * Unicode is normalised to NFC when a hash is made and checked (NIST SP 800-63B-4, 3.1.1.2). A failed check costs the same whatever
 * it was checked against, nothing and nonsense included: a hash of weaker parameters is made up for.
 */
import { availableParallelism } from 'node:os'
import argon2 from '@node-rs/argon2'
import type { Config } from '../../config.ts'
import { besides } from '../../db/patience.ts'
import { addressGroup, networkGroup } from '../limits/limits.ts'
import { createFairQueue, type Share } from './fairQueue.ts'
import { type Cost, costOf } from './phc.ts'

/** Who computes. A test hands in one that counts. */
export interface Argon2 {
  hash(text: string, cost: Cost): Promise<string>
  verify(phc: string, text: string): Promise<boolean>
}

/** A check that has its turn, so that no more checks than there are cores have begun and are not counted. */
export interface Turn {
  /** When it begins: the hash to check against, or null for none. What it throws ends the check. */
  begin(): Promise<string | null>
  /** When the text did not fit, before the next check has its turn. */
  failed?(): Promise<void>
}

export interface Hasher {
  /** @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED */
  hash(share: Share, text: string): Promise<string>
  /**
   * Whether `text` fits the hash; without one that can be checked the same work is done and the answer is no.
   * @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED
   */
  verify(share: Share, text: string, turn: Turn): Promise<boolean>
  /** Whether a hash was made with weaker parameters than today's, or in an older form. */
  isWeak(phc: string): boolean
}

/** Making room for a hash costs about half of a pass over it (measured). */
const ROOM = 0.5
const LEAST_MEMORY = 8

/** The hash that is as much work as a check of weaker parameters spares, or null where that is none. */
const sparedBy = (today: Cost, checked: Cost): Cost | null => {
  const work = ({ memoryCost, timeCost }: Cost) => memoryCost * (timeCost + ROOM)
  const spared = work(today) - work(checked)
  const timeCost = Math.max(1, Math.round(spared / today.memoryCost - ROOM))
  const memoryCost = Math.round(spared / (timeCost + ROOM))
  return memoryCost < LEAST_MEMORY ? null : { memoryCost, timeCost, parallelism: 1 }
}

/** What one client, and one account at a client, may have waiting, as parts of what may wait in all. */
const CLIENT_PART = 0.4
const ACCOUNT_PART = 0.2

const queueOf = ({ LIMIT_HASH_QUEUE: inAll }: Config) => {
  const part = (of: number) => Math.max(1, Math.floor(inAll * of))
  return createFairQueue({ atOnce: availableParallelism(), inAll, forClient: part(CLIENT_PART), forAccount: part(ACCOUNT_PART) })
}

/** The time of a hash is no wait for the database. */
const aside = ({ hash, verify }: Argon2): Argon2 => ({
  hash: async (text, cost) => await besides(async () => await hash(text, cost)),
  verify: async (phc, text) => await besides(async () => await verify(phc, text)),
})

export async function createHasher(config: Config, library: Argon2 = argon2): Promise<Hasher> {
  const { hash, verify } = aside(library)
  const today = { memoryCost: config.ARGON2_MEMORY_KIB, timeCost: config.ARGON2_PASSES, parallelism: 1 }
  const queue = queueOf(config)
  const nobody = await hash('no account has this hash', today)
  const inTurn = async <T>({ client, account }: Share, work: () => Promise<T>): Promise<T> =>
    await queue.run({ client: networkGroup(client), account: `${addressGroup(client)} ${account}` }, work)

  /** As normalised, and else as received: a hash that was made elsewhere may be of either. */
  const fitsOne = async (phc: string, cost: Cost, text: string): Promise<boolean> => {
    const spared = sparedBy(today, cost)
    for (const form of new Set([text.normalize('NFC'), text])) {
      if (await verify(phc, form)) return true
      if (spared !== null) await hash(form, spared)
    }
    return false
  }

  /** What cannot be checked, by its form or for argon2 itself, is as much work as what does not fit. */
  const fits = async (phc: string | null, text: string): Promise<boolean> => {
    const cost = costOf(phc)
    try {
      if (phc !== null && cost !== null) return await fitsOne(phc, cost, text)
    } catch {
      // Argon2 cannot read it: as wrong as a password that does not fit, and as much work.
    }
    await fitsOne(nobody, today, text)
    return false
  }

  return {
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
