/** Plans and writes a batch of an import, in one transaction. It is planned again if somebody took an identifier meanwhile. */
import { isUniqueViolation } from '../../db/databaseErrors.ts'
import { inTransaction } from '../../db/transaction.ts'
import { claimFirst } from '../accounts/firstAccount.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { checkpointAfter, digestOf } from './batches.ts'
import type { OnConflict } from './conflictRules.ts'
import { findExisting } from './conflicts.ts'
import { writeDryRunRows } from './dryRunRows.ts'
import { expectHashes } from './expectedHashes.ts'
import type { Sought } from './findDryRunRows.ts'
import type { ImportProgress } from './importRuns.ts'
import { lockImports } from './lockImports.ts'
import { type Planned, planBatch } from './planBatch.ts'
import type { Prepared, Ready } from './prepareBatch.ts'
import { notes } from './preparedAccount.ts'
import { type Decided, recordBatch } from './recordBatch.ts'
import { reportText } from './reportText.ts'
import { Overtaken, writeBatch } from './writeBatch.ts'

/** A run, as far as it is done. */
export interface Running {
  readonly id: string
  readonly fingerprint: string
  /** The newest unfinished run of the same import when this one began: itself, an older one, or none. */
  readonly newest: string | null
  readonly checkpoint: string
  readonly progress: ImportProgress
}

export interface BatchOptions {
  readonly origin: string
  readonly source: string
  readonly onConflict: OnConflict
  readonly dryRun: boolean
}

export interface BatchResult {
  readonly decided: readonly Decided[]
  readonly running: Running
  /** Why the import ends here; all before that is written. */
  readonly failed: string | undefined
  /** Whether failed checks of passwords take more work from now on. */
  readonly expectsMore: boolean
}

const isReady = (each: Prepared): each is Ready => 'account' in each

const soughtIn = (ready: readonly Ready[]): Sought => ({
  ids: ready.map(({ account }) => account.id),
  keys: [...new Set(ready.flatMap(({ account }) => account.keys))],
  digests: ready.flatMap(({ digests }) => digests),
  tokens: ready.flatMap(({ account }) => account.sessions.map(({ token_hash }) => token_hash)),
})

const notesOf = (planned: Planned): readonly string[] => {
  if (planned.outcome !== 'created' && planned.outcome !== 'merged') return []
  const { account, sessions } = planned
  return sessions.length < account.sessions.length ? [...account.notes, notes.usedTokens] : account.notes
}

const decide = (prepared: readonly Prepared[], planned: readonly Planned[]): Decided[] => {
  const ofReady = planned.values()
  return prepared.map((record) => {
    const decision: Planned = isReady(record) ? (ofReady.next().value as Planned) : { outcome: 'rejected', reason: record.reason }
    return { record, planned: decision, notes: boundedNotes(notesOf(decision)) }
  })
}

/** So many different notes are counted, each up to so many characters; a hostile source could make up any number. */
const MOST_NOTES = 100
const LONGEST_NOTE = 200
const MORE_NOTES = 'other things'

const boundedNotes = (found: readonly string[]): string[] => found.slice(0, MOST_NOTES).map((note) => reportText(note, LONGEST_NOTE))

const count = (counts: Record<string, number>, note: string): void => {
  const isKnown = Object.hasOwn(counts, note) || Object.keys(counts).length < MOST_NOTES
  const name = isKnown ? note : MORE_NOTES
  counts[name] = (counts[name] ?? 0) + 1
}

const added = (running: Running, decided: readonly Decided[]): Running => {
  const counts = { ...running.progress, notes: { ...running.progress.notes } as Record<string, number> }
  let { checkpoint } = running
  for (const { record, planned, notes } of decided) {
    counts.position = record.number
    if (planned.outcome !== 'failed') counts[planned.outcome] += 1
    for (const note of notes) count(counts.notes, note)
    checkpoint = checkpointAfter(checkpoint, record)
  }
  return { ...running, checkpoint, progress: counts, newest: running.id }
}

/** Locks the run against others that do the same. Returns why this one cannot go on, or undefined. */
const hold = async (tx: Tx, { id, fingerprint, newest, progress }: Running): Promise<string | undefined> => {
  await lockImports(tx)
  const run = await tx.importRun.findUnique({ where: { id }, select: { position: true, undoneAt: true, finishedAt: true } })
  if (run?.undoneAt) return 'it is being undone'
  if (run !== null)
    return run.finishedAt === null && Number(run.position) === progress.position ? undefined : 'another process goes on with it'
  if (progress.position > 0) return 'its run is gone'
  if (fingerprint === '') return undefined
  const other = await tx.importRun.findFirst({
    where: { fingerprint, finishedAt: null, undoneAt: null },
    orderBy: { startedAt: 'desc' },
    select: { id: true },
  })
  return (other?.id ?? null) === newest ? undefined : 'another process has begun the same import'
}

const save = async ({ clock }: Domain, tx: Tx, { origin, source, onConflict }: BatchOptions, running: Running): Promise<void> => {
  const { id, fingerprint, checkpoint, progress } = running
  const now = { ...progress, notes: { ...progress.notes }, checkpoint }
  await tx.importRun.upsert({
    where: { id },
    create: { id, origin, source, fingerprint, onConflict, startedAt: clock.now(), ...now },
    update: now,
  })
}

const write = async (domain: Domain, tx: Tx, caller: Caller, options: BatchOptions, running: Running, decided: readonly Decided[]) => {
  await save(domain, tx, options, running)
  const plans = decided.map(({ planned }) => planned)
  const filled = await writeBatch(domain, tx, caller, plans)
  await recordBatch(tx, running.id, decided, filled)
  const first = plans.find((planned) => planned.outcome === 'created')
  if (first?.outcome === 'created') await claimFirst(domain, tx, first.account.id)
  const ofMerges = filled.values()
  const hashes = decided.flatMap(({ record, planned: { outcome } }) => {
    const isStored = outcome === 'created' || (outcome === 'merged' && ofMerges.next().value?.includes('password_hash') === true)
    const { hash = null } = record as Partial<Ready>
    return isStored && hash !== null ? [hash] : []
  })
  return await expectHashes(tx, hashes)
}

const once = async (
  domain: Domain,
  caller: Caller,
  options: BatchOptions,
  running: Running,
  prepared: readonly Prepared[],
): Promise<BatchResult | { readonly overtaken: string }> =>
  await inTransaction(domain.db, async (tx) => {
    const overtaken = options.dryRun ? undefined : await hold(tx, running)
    if (overtaken !== undefined) return { overtaken }
    const ready = prepared.filter(isReady)
    const existing = await findExisting(domain, tx, soughtIn(ready), options.dryRun ? running.id : null)
    const all = decide(prepared, planBatch(ready, existing, options.onConflict))
    const end = all.findIndex(({ planned }) => planned.outcome === 'failed')
    const decided = end === -1 ? all : all.slice(0, end)
    const failing = all[end]
    const failed = failing?.planned.outcome === 'failed' ? `record ${failing.record.number}: ${failing.planned.reason}` : undefined
    const next = added(running, decided)
    const plans = () => decided.map(({ record, planned }) => ({ digest: digestOf(record), planned }))
    if (options.dryRun) await writeDryRunRows(domain, tx, running.id, plans())
    const expectsMore = options.dryRun || decided.length === 0 ? false : await write(domain, tx, caller, options, next, decided)
    return { decided, running: next, failed, expectsMore }
  })

const ATTEMPTS = 4

/** @returns what was done; or why this process must not go on */
export const importBatch = async (...given: Parameters<typeof once>): Promise<BatchResult | { readonly overtaken: string }> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(...given)
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Overtaken || isUniqueViolation(error))) throw error
    }
  }
}
