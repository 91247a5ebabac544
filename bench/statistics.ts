/**
 * Two samples compared without a word on how they are spread: medians, the Mann-Whitney U test, and the Hodges-Lehmann shift
 * with its distribution-free interval (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., 4.1 to 4.3).
 *
 * By the normal approximation, with ties and continuity corrected: for samples of 20 or more. The shift costs one sorted array
 * of all differences, n times m numbers.
 */
const ascending = (values: Iterable<number>): Float64Array => Float64Array.from(values).sort()

const at = (sorted: Float64Array, index: number): number => sorted[Math.min(Math.max(index, 0), sorted.length - 1)] ?? Number.NaN

const medianOf = (sorted: Float64Array): number =>
  (at(sorted, Math.floor((sorted.length - 1) / 2)) + at(sorted, Math.ceil((sorted.length - 1) / 2))) / 2

/** The nearest-rank percentile of values in ascending order: the least of them that so many percent do not exceed. */
export const percentile = (sorted: Float64Array, percent: number): number => at(sorted, Math.ceil((sorted.length * percent) / 100) - 1)

export const median = (values: readonly number[]): number => medianOf(ascending(values))

/** The chance of a standard normal value beyond `z` in either direction (Abramowitz and Stegun, 7.1.26: to 3e-7). */
const twoSided = (z: number): number => {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return Math.min(1, series * Math.exp(-x * x))
}

/** Runs of equal values in the order of both samples: how long each is, and how many of it are of the first. */
const runsOf = (a: readonly number[], b: readonly number[]): { length: number; ofFirst: number }[] => {
  const counts = new Map<number, { length: number; ofFirst: number }>()
  const count = (value: number, ofFirst: number): void => {
    const run = counts.get(value) ?? { length: 0, ofFirst: 0 }
    counts.set(value, { length: run.length + 1, ofFirst: run.ofFirst + ofFirst })
  }
  for (const value of a) count(value, 1)
  for (const value of b) count(value, 0)
  return [...counts].sort(([one], [other]) => one - other).map(([, run]) => run)
}

/** The spread of U, ties corrected. */
const spreadOf = (n: number, m: number, ties: number): number =>
  Math.sqrt(((n * m) / 12) * (n + m + 1 - ties / Math.max(1, (n + m) * (n + m - 1))))

/** The Mann-Whitney test, two-sided: `u` counts the pairs in which `a` is the greater, ties as halves. */
export function mannWhitney(a: readonly number[], b: readonly number[]): { readonly u: number; readonly p: number } {
  let before = 0
  let ranks = 0
  let ties = 0
  for (const { length, ofFirst } of runsOf(a, b)) {
    ranks += ofFirst * (before + (length + 1) / 2)
    ties += length ** 3 - length
    before += length
  }
  const u = ranks - (a.length * (a.length + 1)) / 2
  const distance = Math.abs(u - (a.length * b.length) / 2)
  const spread = spreadOf(a.length, b.length, ties)
  return { u, p: distance <= 0.5 || spread === 0 ? 1 : twoSided((distance - 0.5) / spread) }
}

export interface Shift {
  readonly shift: number
  /** The ends of the interval of 95 %. */
  readonly low: number
  readonly high: number
}

const Z95 = 1.959964

/** How much greater `b` is than `a`: the median of all differences, with an interval of 95 %. */
export function hodgesLehmann(a: readonly number[], b: readonly number[]): Shift {
  const differences = new Float64Array(a.length * b.length)
  let next = 0
  for (const one of a) for (const other of b) differences[next++] = other - one
  differences.sort()
  const cut = Math.floor(differences.length / 2 - Z95 * spreadOf(a.length, b.length, 0))
  return { shift: medianOf(differences), low: at(differences, cut - 1), high: at(differences, differences.length - cut) }
}
