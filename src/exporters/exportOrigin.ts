/** Writes accounts in the form of their origin, so that a cut-over can be taken back. Constant memory. Call it with a snapshot of the database. */
import {
  countImported,
  deletedAccounts,
  type ReturningAccount,
  returningAccounts,
  type Selection,
} from '../domain/moving/goingBack/returning.ts'
import type { Since } from '../domain/moving/goingBack/since.ts'
import { type Exporter, type Json, objectOf } from './exporter.ts'

type Parts = Parameters<typeof returningAccounts>[0]

export interface OriginOptions {
  readonly since: Since | null
  /** The file that the origin was exported to: what it has beside our fields stays. */
  readonly over: AsyncIterable<Uint8Array> | null
  readonly signal: AbortSignal
}

/** What a person has to know or to do, by the account's id. */
export type Remark =
  /** The document lacks something. */
  | { readonly type: 'note'; readonly id: string; readonly notes: readonly string[] }
  /** There is no document. */
  | { readonly type: 'left'; readonly id: string; readonly reason: string }
  /** It was deleted here, and must be deleted there. */
  | { readonly type: 'deleted'; readonly id: string }

export interface OriginCounts {
  readonly written: number
  readonly left: number
  readonly deleted: number
  /** Accounts that came from the origin and are not in the file of `over`. */
  readonly missing: number
  /** How many documents have each note. */
  readonly notes: Readonly<Record<string, number>>
}

export interface OriginListener {
  remark(remark: Remark): Promise<void>
  progress(written: number): void
}

const MERGED = 'it was merged with an account that was here before, so that its id in the origin is not known'
/** Documents of the origin at a time. */
const BATCH = 500

class Returning {
  readonly counts = { written: 0, left: 0, deleted: 0, missing: 0, notes: {} as Record<string, number> }
  private readonly exporter: Exporter
  private readonly listener: OriginListener
  private readonly write: (text: string) => Promise<void>

  constructor(exporter: Exporter, write: (text: string) => Promise<void>, listener: OriginListener) {
    this.exporter = exporter
    this.write = write
    this.listener = listener
  }

  async add(account: ReturningAccount, over: Json | null): Promise<void> {
    const { counts, exporter, listener } = this
    if (account.came === 'merged' && exporter.takesAll !== true) {
      counts.left += 1
      return await listener.remark({ type: 'left', id: account.id, reason: MERGED })
    }
    const { document, notes } = exporter.documentOf(account, over)
    const [before, between] = exporter.frame
    await this.write((counts.written === 0 ? before : between) + JSON.stringify(document))
    counts.written += 1
    for (const note of notes) counts.notes[note] = (counts.notes[note] ?? 0) + 1
    if (notes.length > 0) await listener.remark({ type: 'note', id: account.id, notes })
    listener.progress(counts.written)
  }

  async end(): Promise<void> {
    const [before, , after] = this.exporter.frame
    await this.write(this.counts.written === 0 ? before + after : after)
  }
}

async function* batchesOf(exporter: Exporter, over: AsyncIterable<Uint8Array>): AsyncGenerator<ReadonlyMap<string, Json>> {
  let batch = new Map<string, Json>()
  for await (const read of exporter.documents(over)) {
    if ('reason' in read) continue
    const id = exporter.idOf(read.document)
    if (id !== null) batch.set(id, objectOf(read.document))
    if (batch.size < BATCH) continue
    yield batch
    batch = new Map()
  }
  if (batch.size > 0) yield batch
}

/** The accounts that came from the origin, each over its document. */
const returnOver = async (parts: Parts, selection: Selection, exporter: Exporter, { over, signal }: OriginOptions, to: Returning) => {
  if (over === null) return
  let found = 0
  for await (const batch of batchesOf(exporter, over)) {
    signal.throwIfAborted()
    for await (const accounts of returningAccounts(parts, { ...selection, only: { ids: [...batch.keys()] } }))
      for (const account of accounts) {
        if (account.came !== 'imported') continue
        found += 1
        await to.add(account, batch.get(account.id) ?? null)
      }
  }
  to.counts.missing = (await countImported(parts, selection)) - found
}

/** `write` gets parts of the file, which is whole when this resolves. */
export async function exportOrigin(
  parts: Parts,
  exporter: Exporter,
  options: OriginOptions,
  write: (text: string) => Promise<void>,
  listener: OriginListener,
): Promise<OriginCounts> {
  const { since, over, signal } = options
  const selection: Selection = { origin: exporter.takesAll === true ? null : exporter.name, since }
  const to = new Returning(exporter, write, listener)
  await returnOver(parts, selection, exporter, options, to)
  for await (const accounts of returningAccounts(parts, over === null ? selection : { ...selection, only: 'not imported' })) {
    signal.throwIfAborted()
    for (const account of accounts) await to.add(account, null)
  }
  for await (const ids of deletedAccounts(parts, selection))
    for (const id of ids) {
      to.counts.deleted += 1
      await listener.remark({ type: 'deleted', id })
    }
  await to.end()
  return to.counts
}
