/**
 * Imports accounts from a stream of records, a batch in a transaction. After an interruption the same import goes on after its last
 * batch, and the same import again changes nothing. The process needs memory for one batch, whatever the size of the source.
 */
import { inTransaction } from '../../db/transaction.ts'
import { claimFirst } from '../accounts/firstAccount.ts'
import { uuid } from '../base/ids.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import type { ReadHash } from '../hashing/hasher.ts'
import { readAccount } from './accountRecord.ts'
import { findExisting } from './conflicts.ts'
import { importHash } from './importHash.ts'
import { keysOf, type OnConflict, type Planned, planBatch } from './planBatch.ts'
import { type PreparedAccount, prepareAccount } from './preparedAccount.ts'
import { writeBatch } from './writeBatch.ts'

/** A record of a source: what an importer made of it, or why it could not. */
export type SourceRecord = { readonly given: unknown } | { readonly reason: string; readonly given: unknown }

export interface ImportOptions {
  readonly origin: string
  /** The name of the source, for people. */
  readonly source: string
  /** Of origin, options and the beginning of the source. */
  readonly fingerprint: string
  readonly onConflict: OnConflict
  readonly allowFastHashes: boolean
  /** Says what would happen, and writes nothing. */
  readonly dryRun: boolean
}

export const importOutcomes = ['created', 'merged', 'unchanged', 'skipped', 'rejected'] as const
export type ImportOutcome = (typeof importOutcomes)[number]
export type ImportCounts = Readonly<Record<ImportOutcome, number>>

export interface ImportProgress extends ImportCounts {
  /** How many records of the source are done. */
  readonly position: number
}

export interface ImportListener {
  /** A record that was not imported. */
  left(number: number, outcome: 'skipped' | 'rejected', reason: string, given: unknown): void | Promise<void>
  /** A batch is written. */
  progress(progress: ImportProgress): void
}

export interface ImportResult extends ImportProgress {
  /** Null if nothing was written. */
  readonly runId: string | null
  /** Why the import ended before the end of the source; undefined if it did not. */
  readonly stopped?: string
}

const BATCH = 500

interface Numbered {
  readonly number: number
  readonly record: SourceRecord
}

async function* batchesOf(source: AsyncIterable<SourceRecord>, after: number): AsyncGenerator<readonly Numbered[]> {
  let number = 0
  let batch: Numbered[] = []
  for await (const record of source) {
    number += 1
    if (number <= after) continue
    batch.push({ number, record })
    if (batch.length === BATCH) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

interface Rejected {
  readonly number: number
  readonly reason: string
  readonly given: unknown
}

interface Ready {
  readonly number: number
  readonly account: PreparedAccount
  readonly given: unknown
  readonly hash: ReadHash | null
}

const hashOf = async ({ hasher }: Domain, { allowFastHashes }: ImportOptions, text: string | undefined) =>
  text === undefined || text === '' ? null : await importHash(hasher, text, allowFastHashes)

const prepare = async (domain: Domain, options: ImportOptions, { number, record }: Numbered): Promise<Ready | Rejected> => {
  if ('reason' in record) return { number, reason: record.reason, given: record.given }
  const { given } = record
  const read = readAccount(given)
  if ('reason' in read) return { number, reason: read.reason, given }
  const hash = await hashOf(domain, options, read.record.passwordHash)
  if (hash !== null && 'reason' in hash) return { number, reason: hash.reason, given }
  const account = prepareAccount(domain, read.record, hash?.hash ?? null, domain.clock.now())
  return { number, account, given, hash: hash?.read ?? null }
}

/** Remembers the dearest hash of each kind, so that failed checks take its work (`hasher.ts`). */
const expectHashes = async (tx: Tx, ready: readonly Ready[]): Promise<void> => {
  const dearest = new Map<string, ReadHash>()
  for (const { hash } of ready) if (hash !== null && hash.work > (dearest.get(hash.kind)?.work ?? 0)) dearest.set(hash.kind, hash)
  for (const { kind, work, unmatched } of dearest.values())
    await tx.$executeRaw`INSERT INTO expected_hashes (kind, hash, work) VALUES (${kind}, ${unmatched}, ${work})
      ON CONFLICT (kind) DO UPDATE SET hash = excluded.hash, work = excluded.work WHERE expected_hashes.work < excluded.work`
}

const NONE: ImportCounts = { created: 0, merged: 0, unchanged: 0, skipped: 0, rejected: 0 }

const added = (progress: ImportProgress, outcomes: readonly ImportOutcome[]): ImportProgress => {
  const counts = { ...progress, position: progress.position + outcomes.length }
  for (const outcome of outcomes) counts[outcome] += 1
  return counts
}

/** The unfinished run of the same import, or a new one, which is written with its first batch. */
const findRun = async ({ db, randomBytes }: Domain, { fingerprint, dryRun }: ImportOptions) => {
  const found = await db.importRun.findFirst({ where: { fingerprint, finishedAt: null, undoneAt: null }, orderBy: { startedAt: 'desc' } })
  if (found === null || dryRun) return { id: uuid(randomBytes), progress: { ...NONE, position: 0 } }
  const { id, position, created, merged, unchanged, skipped, rejected } = found
  const counts = { created, merged, unchanged, skipped, rejected, position }
  return {
    id,
    progress: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count)])) as unknown as ImportProgress,
  }
}

const saveProgress = async (
  { clock }: Domain,
  tx: Tx,
  id: string,
  { origin, source, fingerprint }: ImportOptions,
  progress: ImportProgress,
) => {
  await tx.importRun.upsert({
    where: { id },
    create: { id, origin, source, fingerprint, startedAt: clock.now(), ...progress },
    update: progress,
  })
}

interface BatchResult {
  readonly plans: readonly { readonly ready: Ready; readonly planned: Planned }[]
}

/** Plans and writes the accounts of a batch. */
const importBatch = async (
  domain: Domain,
  caller: Caller,
  runId: string,
  options: ImportOptions,
  ready: readonly Ready[],
  save: (tx: Tx, planned: readonly Planned[]) => Promise<void>,
): Promise<BatchResult> =>
  await inTransaction(domain.db, async (tx) => {
    const accounts = ready.map(({ account }) => account)
    const planned = planBatch(accounts, await findExisting(domain, tx, accounts, keysOf(accounts)), options.onConflict)
    const plans = ready.map((each, index) => ({ ready: each, planned: planned[index] as Planned }))
    if (!options.dryRun && planned.every(({ outcome }) => outcome !== 'failed')) {
      await save(tx, planned)
      await writeBatch(
        domain,
        tx,
        caller,
        runId,
        plans.map(({ ready: { number }, planned }) => ({ number, planned })),
      )
      const first = planned.find(({ outcome }) => outcome === 'created')
      if (first?.outcome === 'created') await claimFirst(domain, tx, first.account.id)
      await expectHashes(tx, ready)
    }
    return { plans }
  })

/** Imports the records of a source, from the first one that is not done. `signal` ends it after a batch. */
export async function importAccounts(
  domain: Domain,
  caller: Caller,
  source: AsyncIterable<SourceRecord>,
  options: ImportOptions,
  listener: ImportListener,
  signal: AbortSignal,
): Promise<ImportResult> {
  const run = await findRun(domain, options)
  let progress = run.progress
  const result = (stopped?: string): ImportResult => ({
    ...progress,
    runId: progress.created + progress.merged === 0 ? null : run.id,
    ...(stopped === undefined ? {} : { stopped }),
  })
  for await (const batch of batchesOf(source, progress.position)) {
    if (signal.aborted) return result('interrupted')
    const prepared = []
    for (const each of batch) prepared.push(await prepare(domain, options, each))
    const rejected = prepared.filter((each): each is Rejected => 'reason' in each)
    const ready = prepared.filter((each): each is Ready => !('reason' in each))
    let next = progress
    const { plans } = await importBatch(domain, caller, run.id, options, ready, async (tx, planned) => {
      next = added(progress, [...rejected.map(() => 'rejected' as const), ...planned.map(({ outcome }) => outcome as ImportOutcome)])
      await saveProgress(domain, tx, run.id, options, next)
    })
    const failed = plans.find(({ planned }) => planned.outcome === 'failed')
    if (failed?.planned.outcome === 'failed') return result(`record ${failed.ready.number}: ${failed.planned.reason}`)
    if (options.dryRun)
      next = added(progress, [...rejected.map(() => 'rejected' as const), ...plans.map(({ planned }) => planned.outcome as ImportOutcome)])
    progress = next
    for (const { number, reason, given } of rejected) await listener.left(number, 'rejected', reason, given)
    for (const {
      ready: { number, given },
      planned,
    } of plans)
      if (planned.outcome === 'skipped' || planned.outcome === 'rejected')
        await listener.left(number, planned.outcome, planned.reason, given)
    listener.progress(progress)
  }
  if (!options.dryRun) await finish(domain, run.id, progress)
  return result()
}

/** A run that changed nothing leaves nothing behind. */
const finish = async ({ db, clock }: Domain, id: string, { created, merged }: ImportProgress): Promise<void> => {
  if (created + merged === 0) await db.importRun.deleteMany({ where: { id } })
  else await db.importRun.update({ where: { id }, data: { finishedAt: clock.now() } })
}
