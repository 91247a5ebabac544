/**
 * Password hashes: argon2id as PHC strings (OWASP Password Storage). As many are computed at once as there are cores; a limited
 * amount of work waits in a fair queue (`fairQueue.ts`); more are refused, to protect memory and latency. Both numbers are divided among workers,
 * at least one for each, so that a hash waits no longer than in a single process.
 *
 * Passwords are normalised to NFC before hashing and checking (NIST SP 800-63B-4, 3.1.1.2). A failed check always takes the same
 * work: with no hash, an unreadable hash, one of weaker parameters or of another program, the missing work is added.
 */
import { availableParallelism } from 'node:os'
import type { Config } from '../../config.ts'
import { besides } from '../../db/patience.ts'
import { inSpan } from '../../tracing/spans.ts'
import { addressGroup, networkGroup } from '../limits/addresses.ts'
import { type Argon2, loadArgon2 } from './argon2.ts'
import { createFairQueue, type QueueLoad, type Share } from './fairQueue.ts'
import { familiesWith, findHash } from './families/all.ts'
import { costOfWork } from './families/argon2Phc.ts'
import { layered, readDigest } from './families/digest.ts'
import { HashRefused, type Kind, type PasswordHash } from './families/family.ts'
import { type HashFamilyMaker, madeFamilies } from './families/made.ts'
import { costOf, unmatchedOf } from './phc.ts'

/** A check whose turn has come. Checks that began and are not yet counted are never more than the cores. */
export interface Turn {
  /** Called at the start: returns the hash to check against, or null for none. If it throws, the check ends. */
  begin(): Promise<string | null>
  /** Called if the text did not match, before the next check begins. */
  failed?(): Promise<void>
}

/** What is known of a hash from its text. */
export interface ReadHash extends Pick<PasswordHash, 'kind' | 'work' | 'unmatched'> {
  readonly family: string
  readonly isFast: boolean
}

export interface Hasher {
  /** The name of the library that computes the hashes. */
  readonly library: string
  /** The load of the queue, in hashes of our own. */
  load(): QueueLoad
  /** @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED */
  hash(share: Share, text: string): Promise<string>
  /**
   * Whether `text` matches the hash. Without a usable hash the same work is done, and the answer is no.
   * @throws {Failure} TOO_MANY_REQUESTS, OVERLOADED
   */
  verify(share: Share, text: string, turn: Turn): Promise<boolean>
  /** Whether a hash has weaker parameters than the present ones, or another form. */
  isWeak(text: string): boolean
  /** What a hash is, without checking a password; or, for the person who imports it, why it cannot be checked. */
  read(text: string): ReadHash | { readonly reason: string }
  /** The work of a failed check, in milliseconds, if accounts had these hashes, too. */
  workWith(hashes: Iterable<Pick<ReadHash, 'kind' | 'work'>>): number
  /** A fast digest, hashed again with argon2id; null for any other hash. Not in the queue: for imports. */
  layer(text: string): Promise<string | null>
  /**
   * From now on a failed check takes as much work as one of each of these hashes, since some accounts have such: the time shows
   * neither which account has which, nor whether there is one. Replaces what was given before.
   */
  expect(texts: readonly string[]): void
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

/**
 * `library`: the faster one that can be loaded, unless given. `makers`: families of modules (HASH_FAMILIES).
 * @throws {TypeError} for a maker that makes no family
 */
export async function createHasher(config: Config, library?: Argon2, makers: readonly HashFamilyMaker[] = []): Promise<Hasher> {
  const { name, hash: compute, verify } = library ?? (await loadArgon2())
  const own = familiesWith(verify)
  const families = [...own, ...madeFamilies(makers, verify, own)]
  const today = { memoryCost: config.ARGON2_MEMORY_KIB, timeCost: config.ARGON2_PASSES, parallelism: 1 }
  const queue = queueOf(config)
  const inTurn = async <T>(name: string, { client, account }: Share, weight: number, work: () => Promise<T>): Promise<T> =>
    await inSpan(
      name,
      async () => await queue.run({ client: networkGroup(client), account: `${addressGroup(client)} ${account}`, weight }, work),
    )
  /** Time spent hashing does not count as waiting for the database. */
  const computing = async <T>(work: () => Promise<T>): Promise<T> => await inSpan('compute hash', async () => await besides(work))

  const read = (text: string): PasswordHash | null => {
    try {
      return findHash(families, text)?.hash ?? null
    } catch (error) {
      if (error instanceof HashRefused) return null
      throw error
    }
  }
  const todays = read(unmatchedOf(today)) as PasswordHash
  /** Of each kind, the hash that takes the most work. */
  let dearest: ReadonlyMap<Kind, PasswordHash> = new Map([[todays.kind, todays]])

  /** The most work of a check, in hashes of our own. Which hash is checked is known when its turn comes. */
  const weightOfCheck = (): number => Math.max(1, Math.round([...dearest.values()].reduce((sum, { work }) => sum + work, 0) / todays.work))

  /** The work that a failed check of any account's hash takes, without that which was done. */
  const restOfWork = async (checked: PasswordHash | null, text: string): Promise<void> => {
    for (const [kind, hash] of dearest) {
      if (kind !== checked?.kind) await hash.fits(text).catch(() => false)
      else {
        const cost = costOfWork(hash.work - checked.work, today.memoryCost)
        if (cost !== null) await compute(text, cost)
      }
    }
  }

  /** As normalised, then as received: hashes of other programs may be of either. */
  const fits = async (text: string | null, password: string): Promise<boolean> => {
    const found = text === null ? null : read(text)
    for (const form of new Set([password.normalize('NFC'), password])) {
      // What the library cannot read after all is treated like a wrong password.
      if (await found?.fits(form).catch(() => false)) return true
      await restOfWork(found, form)
    }
    return false
  }

  return {
    library: name,
    load: queue.load,
    hash: async (share, text) =>
      await inTurn('hash password', share, 1, async () => await computing(async () => await compute(text.normalize('NFC'), today))),
    verify: async (share, text, turn) =>
      await inTurn('verify hash', share, weightOfCheck(), async () => {
        const hash = await turn.begin()
        const isRight = await computing(async () => await fits(hash, text))
        if (!isRight) await turn.failed?.()
        return isRight
      }),
    isWeak(text) {
      const cost = costOf(text)
      if (cost === null) return read(text) !== null
      return cost.memoryCost < today.memoryCost || cost.timeCost < today.timeCost || cost.algorithm !== 'argon2id'
    },
    read(text) {
      try {
        const found = findHash(families, text)
        if (found === null) return { reason: 'the form of the hash is unknown' }
        const { family, hash } = found
        return { family, kind: hash.kind, work: hash.work, unmatched: hash.unmatched, isFast: hash.isFast === true }
      } catch (error) {
        if (error instanceof HashRefused) return { reason: error.message }
        throw error
      }
    },
    workWith(hashes) {
      const works = new Map([...dearest].map(([kind, { work }]) => [kind, work]))
      for (const { kind, work } of hashes) works.set(kind, Math.max(work, works.get(kind) ?? 0))
      return [...works.values()].reduce((sum, work) => sum + work, 0)
    },
    async layer(text) {
      const digest = readDigest(text)
      return digest === null ? null : await layered(digest, async (hex) => await compute(hex, today))
    },
    expect(texts) {
      const known = new Map([[todays.kind, todays]])
      for (const text of texts) {
        const hash = read(text)
        if (hash !== null && hash.work > (known.get(hash.kind)?.work ?? 0)) known.set(hash.kind, hash)
      }
      dearest = known
    },
  }
}
