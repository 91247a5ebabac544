/** The tables beside those of throughput. */
import type { Disturbed } from '../throughput/mixed.ts'
import type { Start } from '../throughput/starts.ts'
import { figure, table } from './table.ts'

export const mixedTable = (rows: readonly Disturbed[]): string[] =>
  table(
    ['Reads beside sign-ins', 'quiet p50 ms', 'p99 ms', 'busy p50 ms', 'p99 ms', 'p99 busy / quiet', 'sign-ins a second'],
    rows.map(({ name, quiet50, quiet99, busy50, busy99, signIns }) => [
      name,
      ...[quiet50, quiet99, busy50, busy99, busy99 / quiet99, signIns].map(figure),
    ]),
  )

export const startTable = (rows: readonly Start[]): string[] =>
  table(
    ['Start and memory', 'first answer s', 'idle MiB', 'after the load MiB'],
    rows.map(({ name, seconds, idle, loaded }) => [name, ...[seconds, idle, loaded].map(figure)]),
  )
