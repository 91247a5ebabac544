/**
 * Password hashes: argon2id as PHC strings (OWASP Password Storage). At most as many are computed at once as there are
 * cores, a bounded number waits, and what is beyond is refused before memory or latency suffer.
 *
 * Unicode is normalised to NFC when a hash is made and checked (NIST SP 800-63B-4, 3.1.1.2). A failed check costs the same whatever
 * it was checked against, nothing included: a hash of weaker parameters is made up for.
 */
import { availableParallelism } from 'node:os'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'
import type { Config } from '../../config.ts'
import { Failure } from '../errors.ts'

/** What is done while a check has its turn, so that no more checks than there are cores have begun and are not counted. */
export interface Turn {
  /** When it begins; what it throws ends the check. */
  begin(): Promise<void>
  /** When the text did not fit, before the next check has its turn. */
  failed(): Promise<void>
}

export interface Hasher {
  /** @throws {Failure} OVERLOADED */
  hash(text: string): Promise<string>
  /**
   * Whether `text` fits `phc`; without one the same work is done and the answer is no.
   * @throws {Failure} OVERLOADED
   */
  verify(phc: string | null, text: string, turn?: Turn): Promise<boolean>
  /** Whether a hash was made with weaker parameters than today's. */
  isWeak(phc: string): boolean
}

/** Seconds after which an overloaded server may be tried again. */
const RETRY_AFTER = 2

interface Cost {
  /** In KiB. */
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
}

/** Making room for a hash costs about half of a pass over it (measured). */
const ROOM = 0.5
const LEAST_MEMORY = 8

/** The hash that is as much work as a check of weaker parameters spares, or null where that is none. */
const sparedBy = (today: Cost, phc: string): Cost | null => {
  const work = ({ memoryCost, timeCost }: Omit<Cost, 'parallelism'>) => memoryCost * (timeCost + ROOM)
  const spared = work(today) - work(parseOptions(phc))
  const timeCost = Math.max(1, Math.round(spared / today.memoryCost - ROOM))
  const memoryCost = Math.round(spared / (timeCost + ROOM))
  return memoryCost < LEAST_MEMORY ? null : { memoryCost, timeCost, parallelism: 1 }
}

/** As normalised, and else as received: a hash that was made elsewhere may be of either. */
const fitsOne = async (today: Cost, phc: string, text: string): Promise<boolean> => {
  const spared = sparedBy(today, phc)
  for (const form of new Set([text.normalize('NFC'), text])) {
    if (await verify(phc, form)) return true
    if (spared !== null) await hash(form, spared)
  }
  return false
}

export async function createHasher(config: Config): Promise<Hasher> {
  const options = { memoryCost: config.ARGON2_MEMORY_KIB, timeCost: config.ARGON2_PASSES, parallelism: 1 }
  const slots = pLimit(availableParallelism())
  const nobody = await hash('no account has this hash', options)
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (slots.pendingCount >= config.LIMIT_HASH_QUEUE) throw new Failure('OVERLOADED', { retryAfter: RETRY_AFTER })
    return await slots(work)
  }
  return {
    hash: async (text) => await inTurn(async () => await hash(text.normalize('NFC'), options)),
    verify: async (phc, text, turn) =>
      await inTurn(async () => {
        await turn?.begin()
        const known = phc?.startsWith('$argon2') === true
        const fits = (await fitsOne(options, known ? phc : nobody, text)) && known
        if (!fits) await turn?.failed()
        return fits
      }),
    isWeak(phc) {
      const { memoryCost, timeCost } = parseOptions(phc)
      return memoryCost < options.memoryCost || timeCost < options.timeCost
    },
  }
}
