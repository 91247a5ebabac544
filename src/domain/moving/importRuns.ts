/** The runs of imports: what each did, and with which records. */
import type { ImportRun as Row } from '../../db/generated/client.ts'
import { Failure } from '../base/errors.ts'
import type { Domain, Tx } from '../frame/domain.ts'

export const importOutcomes = ['created', 'merged', 'unchanged', 'skipped', 'rejected'] as const
export type ImportOutcome = (typeof importOutcomes)[number]
export type ImportCounts = Readonly<Record<ImportOutcome, number>>

export interface ImportProgress extends ImportCounts {
  /** How many records of the source are done. */
  readonly position: number
  /** What was left out of imported accounts, with the number of accounts. */
  readonly notes: Readonly<Record<string, number>>
}

export const NOTHING: ImportProgress = { position: 0, created: 0, merged: 0, unchanged: 0, skipped: 0, rejected: 0, notes: {} }

/** `undone in part`: some accounts had changed since. The two of `interrupted` go on when the same command runs again. */
export type RunState = 'interrupted or running' | 'finished' | 'undo interrupted or running' | 'undone' | 'undone in part'

export interface ImportRun extends ImportProgress {
  readonly id: string
  readonly origin: string
  readonly source: string
  readonly onConflict: string
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly undoneAt: Date | null
  /** How many accounts an undo had to keep; null before it went through. */
  readonly kept: number | null
  readonly state: RunState
}

const stateOf = ({ finishedAt, undoneAt, kept }: Pick<Row, 'finishedAt' | 'undoneAt' | 'kept'>): RunState => {
  if (undoneAt === null) return finishedAt === null ? 'interrupted or running' : 'finished'
  if (kept === null) return 'undo interrupted or running'
  return kept === 0n ? 'undone' : 'undone in part'
}

export const progressOf = (row: Row): ImportProgress => ({
  position: Number(row.position),
  created: Number(row.created),
  merged: Number(row.merged),
  unchanged: Number(row.unchanged),
  skipped: Number(row.skipped),
  rejected: Number(row.rejected),
  notes: row.notes as Readonly<Record<string, number>>,
})

const runOf = (row: Row): ImportRun => ({
  ...progressOf(row),
  id: row.id,
  origin: row.origin,
  source: row.source,
  onConflict: row.onConflict,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
  undoneAt: row.undoneAt,
  kept: row.kept === null ? null : Number(row.kept),
  state: stateOf(row),
})

/** The newest first. */
export const listImports = async ({ db }: Domain, { limit, skip = 0 }: { limit: number; skip?: number }): Promise<ImportRun[]> =>
  (await db.importRun.findMany({ orderBy: [{ startedAt: 'desc' }, { id: 'desc' }], take: limit, skip })).map(runOf)

const SHORTEST = 4

/** The run with an id, or whose id alone begins so. @throws {Failure} NOT_FOUND, INVALID_INPUT if several do */
export const showImport = async ({ db }: { readonly db: Tx }, id: string): Promise<ImportRun> => {
  const wanted = id.trim().toLowerCase()
  const [run, other] = wanted.length < SHORTEST ? [] : await db.importRun.findMany({ where: { id: { startsWith: wanted } }, take: 2 })
  if (run === undefined) throw new Failure('NOT_FOUND', { message: `there is no import ${id}` })
  if (other !== undefined) throw new Failure('INVALID_INPUT', { message: `the ids of several imports begin with ${id}` })
  return runOf(run)
}

export interface RecordOfRun {
  readonly number: number
  readonly outcome: string
  readonly userId: string | null
  readonly reason: string | null
  readonly notes: readonly string[]
  readonly undone: boolean
}

export interface RecordFilter {
  readonly outcomes?: readonly ImportOutcome[]
  /** Only those of which something was left out. */
  readonly noted?: boolean
}

const PAGE = 500

/** What became of each record, in the order of the source, but for those whose account was there already. */
export async function* recordsOfImport({ db }: Domain, runId: string, { outcomes, noted }: RecordFilter = {}): AsyncGenerator<RecordOfRun> {
  for (let after = 0n; ; ) {
    const rows = await db.importRecord.findMany({
      where: {
        runId,
        number: { gt: after },
        ...(outcomes === undefined ? {} : { outcome: { in: [...outcomes] } }),
        ...(noted === true ? { notes: { isEmpty: false } } : {}),
      },
      orderBy: { number: 'asc' },
      take: PAGE,
      select: { number: true, outcome: true, userId: true, reason: true, notes: true, undoneAt: true },
    })
    for (const { number, undoneAt, ...row } of rows) yield { ...row, number: Number(number), undone: undoneAt !== null }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = last.number
  }
}
