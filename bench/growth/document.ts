/** bench/GROWTH.md: the times at each size, and the plans at the largest. */
import { figure, table } from '../report/table.ts'

export interface Grown {
  readonly size: number
  /** Milliseconds, by the names of the questions; undefined: it failed. */
  readonly medians: ReadonlyMap<string, number | undefined>
}

export interface Planned {
  readonly name: string
  readonly plans: readonly string[]
}

/** A row for each question, and how many times as long it takes at the largest size as at the smallest. */
export function growthTable(grown: readonly Grown[]): string[] {
  const [smallest, largest] = [grown[0]?.medians, grown.at(-1)?.medians]
  const names = [...(smallest?.keys() ?? [])]
  const rows = names.map((name) => {
    const growth = (largest?.get(name) ?? Number.NaN) / (smallest?.get(name) ?? Number.NaN)
    return [name, ...grown.map(({ medians }) => figure(medians.get(name))), `${figure(growth)} x`]
  })
  return table(['p50 in ms, one request at a time', ...grown.map(({ size }) => size.toLocaleString('en')), 'growth'], rows)
}

const [HEAD, TAIL] = [120, 280]
/** Long lines without their middle: a statement's end says what it looks for. */
const shortened = (line: string): string => (line.length > HEAD + TAIL ? `${line.slice(0, HEAD)} … ${line.slice(-TAIL)}` : line)
const block = (plan: string): string[] => ['', '```', ...plan.split('\n').map(shortened), '```']

/** The plans, each statement where it comes first. */
const planLines = (planned: readonly Planned[]): string[] => {
  const seen = new Set<string>()
  const isNew = (plan: string): boolean => {
    const statement = plan.split('\nQuery Parameters:', 1)[0] ?? plan
    return !seen.has(statement) && seen.add(statement).size > 0
  }
  return planned.flatMap(({ name, plans }) => {
    const fresh = plans.filter(isNew)
    const others = plans.length - fresh.length
    const repeated = others === 0 ? [] : ['', `Statements that are already above: ${others}.`]
    return ['', `### ${name}`, ...repeated, ...fresh.flatMap(block)]
  })
}

export function growthDocument(grown: readonly Grown[], planned: readonly Planned[], machine: readonly string[]): string {
  const largest = grown.at(-1)?.size.toLocaleString('en')
  return [
    '# How times grow with the number of accounts',
    '',
    'The last run of `npm run bench -- --growth`; [docs/benchmark.md](../docs/benchmark.md) explains it.',
    '',
    ...machine,
    '',
    ...growthTable(grown),
    ...(planned.length === 0 ? [] : ['', `## Plans at ${largest} accounts`, ...planLines(planned)]),
    '',
  ].join('\n')
}
