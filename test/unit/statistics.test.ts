/**
 * The statistics of the benchmarks, against published figures and against what must hold for any samples.
 */
import { describe, expect, it } from 'vitest'
import { hodgesLehmann, mannWhitney, median } from '../../bench/statistics.ts'

/** Hollander and Wolfe: permeability constants of the human chorioamnion at term, and at 12 to 26 weeks. */
const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
const earlier = [1.15, 0.88, 0.9, 0.74, 1.21]

/** A stream of numbers between 0 and 1 that is the same in every run (Park and Miller). */
const stream = (seed: number) => () => {
  seed = (seed * 48_271) % 2_147_483_647
  return seed / 2_147_483_647
}
/** Skewed, as times are. */
const times = (next: () => number, count: number, shift = 0) => Array.from({ length: count }, () => 5 - 2 * Math.log(next()) + shift)

describe('the median', () => {
  it.each([
    [[3], 3],
    [[4, 1], 2.5],
    [[9, 1, 5], 5],
    [[10, 9, 100, 2], 9.5],
  ])('the median of %j is %d', (values, wanted) => {
    expect(median(values)).toBe(wanted)
  })
})

describe('the test of Mann and Whitney', () => {
  it('the test of Mann and Whitney is that of the textbook', () => {
    const { u, p } = mannWhitney(atTerm, earlier)
    expect(u).toBe(35)
    expect(p).toBeCloseTo(0.2446, 3)
  })

  it('the test of Mann and Whitney says the same from the other side', () => {
    expect(mannWhitney(earlier, atTerm)).toEqual({ u: 15, p: mannWhitney(atTerm, earlier).p })
  })

  it('the test of Mann and Whitney takes ties as halves, and sees nothing in equal samples', () => {
    expect(mannWhitney([1, 2, 2], [2, 2, 3])).toMatchObject({ u: 2 })
    expect(mannWhitney([7, 7, 7], [7, 7])).toEqual({ u: 3, p: 1 })
    expect(mannWhitney(atTerm, atTerm)).toEqual({ u: 50, p: 1 })
  })

  it('the test of Mann and Whitney finds a shift, and calls one in twenty equal pairs different', () => {
    const next = stream(1)
    expect(mannWhitney(times(next, 300), times(next, 300, 1)).p).toBeLessThan(0.0001)
    const ps = Array.from({ length: 400 }, () => mannWhitney(times(next, 40), times(next, 40)).p)
    const found = ps.filter((p) => p < 0.05).length
    expect(found).toBeGreaterThan(8)
    expect(found).toBeLessThan(34)
  })
})

describe('the shift of Hodges and Lehmann', () => {
  it('the shift of Hodges and Lehmann is that of the textbook', () => {
    expect(hodgesLehmann(earlier, atTerm).shift).toBeCloseTo(0.305, 10)
  })

  it('the shift of Hodges and Lehmann is how far a sample was moved, and turns with the sides', () => {
    const next = stream(2)
    const sample = times(next, 50)
    const moved = sample.map((value) => value + 3)
    expect(hodgesLehmann(sample, moved).shift).toBeCloseTo(3, 10)
    const [one, other] = [hodgesLehmann(sample, moved), hodgesLehmann(moved, sample)]
    expect([-other.shift, -other.high, -other.low]).toEqual([one.shift, one.low, one.high].map((value) => expect.closeTo(value, 10)))
  })

  it('lies in its interval, which holds the truth nineteen times in twenty', () => {
    const next = stream(3)
    const intervals = Array.from({ length: 400 }, () => hodgesLehmann(times(next, 40), times(next, 40, 0.5)))
    for (const { shift, low, high } of intervals) expect(low < shift && shift < high).toBe(true)
    const held = intervals.filter(({ low, high }) => low <= 0.5 && high >= 0.5).length
    expect(held).toBeGreaterThan(366)
    expect(held).toBeLessThan(395)
  })

  it('the shift of Hodges and Lehmann has an interval that narrows with more samples, and that an outlier does not move', () => {
    const next = stream(4)
    const width = (count: number) => {
      const { low, high } = hodgesLehmann(times(next, count), times(next, count))
      return high - low
    }
    expect(width(500)).toBeLessThan(width(50) / 2)
    const [a, b] = [times(next, 100), times(next, 100)]
    const { shift } = hodgesLehmann(a, b)
    expect(hodgesLehmann(a, [...b.slice(1), 1e9]).shift).toBeCloseTo(shift, 1)
  })
})
