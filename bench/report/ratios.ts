/** What is compared: rates with the limit of the same run, and how much a second of one core is enough for. */
import type { Measured } from '../throughput/measure.ts'
import { figure, table } from './table.ts'

export interface Result {
  readonly name: string
  /** The first is the limit. */
  readonly rows: readonly Measured[]
}

export interface Rated extends Measured {
  /** The rate as a share of the limit's. */
  readonly ratio: number
  /** Requests for a second of CPU, of the server and PostgreSQL together; undefined if CPU cannot be read. */
  readonly perCoreSecond: number | undefined
}

export const rated = ({ rows }: Result): Rated[] =>
  rows.map((row) => {
    const cpu = row.serverCpu === undefined || row.databaseCpu === undefined ? undefined : row.serverCpu + row.databaseCpu
    return { ...row, ratio: row.rate / (rows[0]?.rate ?? Number.NaN), perCoreSecond: cpu === undefined ? undefined : 1e6 / cpu }
  })

const HEAD = ['', 'a second', 'ratio', 'p50 ms', 'p99 ms', 'CPU us', 'PostgreSQL us', 'a core-second']

/** The result as a table of Markdown. */
export const resultTable = (result: Result): string[] =>
  table(
    [result.name, ...HEAD.slice(1)],
    rated(result).map((row) => [
      row.name,
      figure(row.rate),
      row.ratio.toFixed(2),
      ...[row.p50, row.p99, row.serverCpu, row.databaseCpu, row.perCoreSecond].map(figure),
    ]),
  )
