/** What imports did, for people. */
import type { ImportResult } from '../../domain/moving/importAccounts.ts'
import type { ImportCounts, ImportRun } from '../../domain/moving/importRuns.ts'
import { grouped } from '../wording.ts'

const outcomeTexts: Readonly<Record<keyof ImportCounts, string>> = {
  created: 'created',
  merged: 'merged into accounts that were there',
  unchanged: 'imported before, unchanged',
  skipped: 'skipped, because of accounts that were there',
  rejected: 'rejected',
}

const countLines = (counts: ImportCounts): string[] => {
  const rows = Object.entries(outcomeTexts).map(([outcome, text]) => [grouped(counts[outcome as keyof ImportCounts]), text] as const)
  const width = Math.max(...rows.map(([count]) => count.length))
  return rows.map(([count, text]) => `  ${count.padStart(width)}  ${text}`)
}

const noteLines = (notes: Readonly<Record<string, number>>): string[] => {
  const rows = Object.entries(notes).sort(([, one], [, other]) => other - one)
  return rows.length === 0
    ? []
    : ['What stays behind, with the number of accounts:', ...rows.map(([note, count]) => `  ${grouped(count)}  ${note}`)]
}

interface Ending {
  readonly source: string
  readonly rejects: string | null
  readonly dryRun: boolean
}

/** One paragraph a part, without a line end. */
export const resultText = (result: ImportResult, { source, rejects, dryRun }: Ending): string => {
  const { runId, wentOnAfter, stopped, position } = result
  const begin = dryRun ? `This is what an import of ${source} would do; nothing was written.` : `${source}:`
  return [
    ...(wentOnAfter > 0 ? [`It went on after ${grouped(wentOnAfter)} records that were done.`] : []),
    begin,
    `  ${grouped(position)} records`,
    ...countLines(result),
    ...noteLines(result.notes),
    ...(rejects === null ? [] : [`The records that were left out, with their secrets, are in ${rejects}`]),
    ...(runId === null ? [] : [`Import ${runId}: \`vestibule import undo ${runId.slice(0, 8)}\` takes it back`]),
    ...(stopped === undefined ? [] : [`It ended before the end: ${stopped}`]),
  ].join('\n')
}

const time = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ')

/** A line of a list. */
export const runLine = ({ id, origin, source, startedAt, created, merged, state }: ImportRun): string =>
  `${id}  ${time(startedAt)}  ${origin}  ${grouped(created)} created, ${grouped(merged)} merged  ${state}  ${source}`

export const runText = (run: ImportRun): string =>
  [
    `${run.id}  ${run.origin}  ${run.source}`,
    `  began ${time(run.startedAt)}, ${run.state}${run.finishedAt === null ? '' : `, ended ${time(run.finishedAt)}`}`,
    ...(run.undoneAt === null ? [] : [`  undone ${time(run.undoneAt)}${run.kept === null ? '' : `, ${grouped(run.kept)} accounts kept`}`]),
    `  on conflict: ${run.onConflict}`,
    `  ${grouped(run.position)} records`,
    ...countLines(run),
    ...noteLines(run.notes),
  ].join('\n')
