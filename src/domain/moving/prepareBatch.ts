/** Checks the records of a batch, and makes of each what would be written, or says why it cannot be. */
import { availableParallelism } from 'node:os'
import type { Domain } from '../frame/domain.ts'
import type { ReadHash } from '../hashing/hasher.ts'
import { readAccount } from './accountRecord.ts'
import type { Numbered } from './batches.ts'
import { type Brought, importHash } from './importHash.ts'
import { notes, type PreparedAccount, prepareAccount } from './preparedAccount.ts'
import { reportText } from './reportText.ts'

export interface Rejected extends Numbered {
  readonly reason: string
}

export interface Ready extends Numbered {
  readonly account: PreparedAccount
  /** What is known of its password hash, if it has one. */
  readonly hash: ReadHash | null
}

export type Prepared = Ready | Rejected

interface Settings {
  readonly allowFastHashes: boolean
  readonly brought: Brought
}

const prepare = async (domain: Domain, { allowFastHashes, brought }: Settings, each: Numbered): Promise<Prepared> => {
  const { given, reason, notes: ofImporter = [] } = each.record
  if (reason !== undefined) return { ...each, reason: reportText(reason) }
  const read = readAccount(given)
  if ('reason' in read) return { ...each, reason: read.reason }
  const { passwordHash = '' } = read.record
  const hash = passwordHash === '' ? null : await importHash(domain.hasher, passwordHash, allowFastHashes, brought)
  if (hash !== null && 'reason' in hash) return { ...each, reason: hash.reason }
  const account = prepareAccount(domain, read.record, hash?.hash ?? null, domain.clock.now())
  const layered = hash !== null && hash.hash !== passwordHash ? [notes.layered] : []
  const all = [...new Set([...ofImporter, ...account.notes, ...layered])]
  return { ...each, account: { ...account, notes: all }, hash: hash?.read ?? null }
}

/** In the order of the batch. Fast hashes are hashed again, as many at once as there are cores. Null if `signal` ended it. */
const prepareBatch = async (
  domain: Domain,
  settings: Settings,
  batch: readonly Numbered[],
  signal: AbortSignal,
): Promise<readonly Prepared[] | null> => {
  const atOnce = availableParallelism()
  const prepared: Prepared[] = []
  for (let at = 0; at < batch.length; at += atOnce) {
    if (signal.aborted) return null
    prepared.push(...(await Promise.all(batch.slice(at, at + atOnce).map(async (each) => await prepare(domain, settings, each)))))
  }
  return prepared
}

/** Each batch is prepared while the one before it is written, which takes two cores; never more than one ahead. */
export async function* preparedBatches(
  domain: Domain,
  allowFastHashes: boolean,
  batches: AsyncGenerator<readonly Numbered[]>,
  signal: AbortSignal,
): AsyncGenerator<readonly Prepared[] | null> {
  const settings = { allowFastHashes, brought: new Map() }
  const take = async (): Promise<{ readonly prepared: readonly Prepared[] | null } | undefined> => {
    const { done, value } = await batches.next()
    return done === true ? undefined : { prepared: await prepareBatch(domain, settings, value, signal) }
  }
  let next = take()
  try {
    for (let taken = await next; taken !== undefined; taken = await next) {
      next = take()
      // Its failure is thrown in the next turn.
      next.catch(() => undefined)
      yield taken.prepared
    }
  } finally {
    await next.catch(() => undefined)
    await batches.return(undefined)
  }
}
