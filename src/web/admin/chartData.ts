/** The uses of dialects as a chart and its table take them: one point a day, or a week where there are many days. */

export interface UseCount {
  readonly day: string
  /** Null: all others together. */
  readonly group: string | null
  readonly requests: number
  readonly failures: number
}

export interface Series {
  /** Of the chart; names of groups may be anything. */
  readonly key: string
  readonly group: string | null
  readonly requests: number
  readonly failures: number
}

export type Point = Readonly<Record<string, number>> & { readonly time: number }

export interface ChartData {
  /** The group with the most requests first, all others last. */
  readonly series: readonly Series[]
  /** Without gaps: a day without a use has only its time. */
  readonly points: readonly Point[]
  /** How many days a point has. */
  readonly step: number
}

const DAY = 86_400_000
const MOST_POINTS = 100
const WEEK = 7

/** The start of the first of so many days, today being the last (UTC). */
export const firstOf = (days: number, now: Date): number => Math.floor(now.getTime() / DAY) * DAY - (days - 1) * DAY

const seriesOf = (counts: readonly UseCount[]): readonly Series[] => {
  const sums = new Map<string | null, { requests: number; failures: number }>()
  for (const { group, requests, failures } of counts) {
    const sum = sums.get(group) ?? { requests: 0, failures: 0 }
    sums.set(group, { requests: sum.requests + requests, failures: sum.failures + failures })
  }
  return [...sums]
    .sort(([one, first], [other, second]) => Number(one === null) - Number(other === null) || second.requests - first.requests)
    .map(([group, sum], index) => ({ key: `group${index}`, group, ...sum }))
}

export const chartDataOf = (counts: readonly UseCount[], days: number, now: Date): ChartData => {
  const series = seriesOf(counts)
  const keys = new Map(series.map(({ group, key }) => [group, key]))
  const step = days > MOST_POINTS ? WEEK : 1
  const first = firstOf(days, now)
  const points = Array.from({ length: Math.ceil(days / step) }, (_, index): Record<string, number> & { time: number } => ({
    time: first + index * step * DAY,
  }))
  for (const { day, group, requests } of counts) {
    const point = points[Math.floor((Date.parse(day) - first) / (step * DAY))]
    const key = keys.get(group)
    if (point !== undefined && key !== undefined) point[key] = (point[key] ?? 0) + requests
  }
  return { series, points, step }
}

/** As in style.css: ten groups, and all others. */
const COLOURS = 11

/** Of a series, by its place. */
export const colourOf = (index: number): string => `var(--series-${index % COLOURS})`
