/** bench/RESULTS.md: the last full run. */
import type { Plan } from '../throughput/measure.ts'
import type { Disturbed } from '../throughput/mixed.ts'
import type { Start } from '../throughput/starts.ts'
import { mixedTable, startTable } from './otherTables.ts'
import { type Result, resultTable } from './ratios.ts'

export interface Outcome {
  readonly results: readonly Result[]
  readonly mixed: readonly Disturbed[]
  readonly starts: readonly Start[]
}

const HOW_TO_READ = `
The first row of a table is the limit: \`node:http\` with one named statement of PostgreSQL for the same answer, and none of the
rules, limits and logs of a real server. *Ratio* is the share of its requests a second that a row reaches, in the same run. Ratios can
be compared between machines; figures cannot. *CPU* is that of the server process for one request, *PostgreSQL* that of the database,
and *a core-second* how many requests a second of both is enough for. In the last but one table, *busy* is while eight clients sign in
without a pause. More: [docs/benchmark.md](../docs/benchmark.md).`

export function documentOf({ results, mixed, starts }: Outcome, machine: readonly string[], { rounds, duration }: Plan): string {
  const tables = [...results.map(resultTable), mixedTable(mixed), startTable(starts)]
  return [
    '# The last full run of `npm run bench`',
    '',
    ...machine,
    `- medians of ${rounds} rounds of ${duration} s, 32 connections, every answer checked`,
    HOW_TO_READ,
    '',
    '![Requests a second as a share of the limit](results.svg)',
    ...tables.flatMap((lines) => ['', ...lines]),
    '',
  ].join('\n')
}
