/**
 * Imports accounts from a stream of records, a batch in a transaction. After an interruption the same import goes on after its last
 * batch, and the same import again changes nothing. The process needs memory for one batch, whatever the size of the source.
 */
import { uuid } from '../base/ids.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { batchesOf, checkpointAfter, digestOf, type Numbered, numbered } from './batches.ts'
import type { OnConflict } from './conflictRules.ts'
import { deleteDryRunRows } from './dryRunRows.ts'
import { readExpectedHashes } from './expectedHashes.ts'
import { type BatchResult, importBatch, type Running } from './importBatch.ts'
import { type ImportProgress, NOTHING, progressOf, recordsOfImport } from './importRuns.ts'
import { preparedBatches } from './prepareBatch.ts'

/** A record of a source: what an importer made of it, or why it could not. `notes` name what of it cannot be taken over, and why. */
export type SourceRecord =
  | { readonly given: unknown; readonly notes?: readonly string[] }
  | { readonly reason: string; readonly given: unknown }

export interface ImportSource {
  /** For people. */
  readonly name: string
  /** The records from the first one on, each time it is called. */
  open(): AsyncIterable<SourceRecord>
  /** Whether `open` can be called again. If not, an interrupted import is done again from its beginning, as a run of its own. */
  readonly canReopen: boolean
}

export interface ImportOptions {
  readonly origin: string
  /** What else decides what the records are, such as options of the importer. Secrets may be among them; none is kept. */
  readonly settings: Readonly<Record<string, string>>
  readonly onConflict: OnConflict
  readonly allowFastHashes: boolean
  /** Says what would happen, and writes no account. */
  readonly dryRun: boolean
}

export interface ImportListener {
  /** A record that is not imported, in the order of the source. When an import goes on, it hears those of before again. */
  left(number: number, outcome: 'skipped' | 'rejected', reason: string, given: unknown): void | Promise<void>
  /** A batch is done. */
  progress(progress: ImportProgress): void
}

export interface ImportResult extends ImportProgress {
  /** Null if nothing was written. */
  readonly runId: string | null
  /** With how many records done this import went on; 0 if it began. */
  readonly wentOnAfter: number
  /** Why the import ended before the end of the source; undefined if it did not. */
  readonly stopped?: string
}

const firstOf = async (domain: Domain, source: ImportSource): Promise<Numbered | undefined> => {
  for await (const record of numbered(domain, source.open())) return record
  return undefined
}

/** The same import has the same one. */
const fingerprintOf = (
  { secretBox }: Domain,
  { origin, settings, onConflict, allowFastHashes }: ImportOptions,
  first: Numbered | undefined,
) =>
  secretBox
    .mac(
      `import ${JSON.stringify([origin, Object.entries(settings).sort(), onConflict, allowFastHashes])} ${first === undefined ? '' : digestOf(first)}`,
    )
    .toString('base64url')

/** The checkpoint after so many records of a source; null if it has fewer. */
const checkpointAt = async (domain: Domain, source: ImportSource, position: number, signal: AbortSignal): Promise<string | null> => {
  let checkpoint = ''
  if (position === 0) return checkpoint
  for await (const record of numbered(domain, source.open())) {
    checkpoint = checkpointAfter(checkpoint, record)
    if (record.number === position) return checkpoint
    if (signal.aborted) return null
  }
  return null
}

/** The unfinished run of the same import, if its source still begins with what was done; else a new run, which is written with its first batch. */
const begin = async (domain: Domain, source: ImportSource, options: ImportOptions, signal: AbortSignal): Promise<Running> => {
  const { db, randomBytes } = domain
  const fresh: Running = { id: uuid(randomBytes), fingerprint: '', newest: null, checkpoint: '', progress: NOTHING }
  if (!source.canReopen) return fresh
  const fingerprint = fingerprintOf(domain, options, await firstOf(domain, source))
  if (options.dryRun) return { ...fresh, fingerprint }
  const found = await db.importRun.findFirst({ where: { fingerprint, finishedAt: null, undoneAt: null }, orderBy: { startedAt: 'desc' } })
  const newest = found?.id ?? null
  if (found === null || (await checkpointAt(domain, source, Number(found.position), signal)) !== found.checkpoint)
    return { ...fresh, fingerprint, newest }
  return { id: found.id, fingerprint, newest, checkpoint: found.checkpoint, progress: progressOf(found) }
}

/** The records that are not done. Of those that are, the listener hears of those that were not imported again. */
async function* undone(
  domain: Domain,
  source: ImportSource,
  { id, progress }: Running,
  listener: ImportListener,
): AsyncGenerator<Numbered> {
  const left = recordsOfImport(domain, id, { outcomes: ['skipped', 'rejected'] })
  let next = progress.position === 0 ? undefined : (await left.next()).value
  for await (const record of numbered(domain, source.open())) {
    if (record.number > progress.position) yield record
    else if (record.number === next?.number) {
      await listener.left(record.number, next.outcome as 'skipped' | 'rejected', next.reason ?? '', record.record.given)
      next = (await left.next()).value
    }
  }
}

const tell = async (listener: ImportListener, { decided, running }: BatchResult): Promise<void> => {
  for (const { record, planned } of decided)
    if (planned.outcome === 'skipped' || planned.outcome === 'rejected')
      await listener.left(record.number, planned.outcome, planned.reason, record.record.given)
  listener.progress(running.progress)
}

/** A run that changed nothing leaves nothing behind. */
const finish = async ({ db, clock }: Domain, { id, progress: { created, merged } }: Running): Promise<void> => {
  if (created + merged === 0) await db.importRun.deleteMany({ where: { id } })
  else await db.importRun.update({ where: { id }, data: { finishedAt: clock.now() } })
}

const INTERRUPTED = 'it was interrupted'

/**
 * Imports the records of a source, from the first one that is not done. `signal` ends it between two batches. What a listener throws ends it
 * too, after the batch: the next run reports everything to the listener again.
 */
export async function importAccounts(
  domain: Domain,
  caller: Caller,
  source: ImportSource,
  options: ImportOptions,
  listener: ImportListener,
  signal: AbortSignal,
): Promise<ImportResult> {
  let running = await begin(domain, source, options, signal)
  const wentOnAfter = running.progress.position
  const result = (stopped?: string): ImportResult => ({
    ...running.progress,
    runId: options.dryRun || running.progress.created + running.progress.merged === 0 ? null : running.id,
    wentOnAfter,
    ...(stopped === undefined ? {} : { stopped }),
  })
  try {
    const batches = batchesOf(undone(domain, source, running, listener))
    for await (const prepared of preparedBatches(domain, options.allowFastHashes, batches, signal)) {
      if (prepared === null || signal.aborted) return result(INTERRUPTED)
      const done = await importBatch(domain, caller, { ...options, source: source.name }, running, prepared)
      if ('overtaken' in done) return result(done.overtaken)
      running = done.running
      if (done.expectsMore) await readExpectedHashes(domain)
      await tell(listener, done)
      if (done.failed !== undefined) return result(done.failed)
    }
    if (signal.aborted) return result(INTERRUPTED)
    if (!options.dryRun) await finish(domain, running)
    return result()
  } finally {
    if (options.dryRun) await deleteDryRunRows(domain, running.id)
  }
}
