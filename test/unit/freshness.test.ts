/** How far a replica is behind, by what both servers say of their logs. */
import { expect, it } from 'vitest'
import { createFreshness, positionOf } from '../../src/db/freshness.ts'

it('positions of the log are numbers: the upper half comes first', () => {
  expect(positionOf('0/0')).toBe(0n)
  expect(positionOf('16/B374D848')).toBe(97_500_059_720n)
  expect(positionOf('1/0')).toBeGreaterThan(positionOf('0/FFFFFFFF'))
})

it('a replica shows what the primary had written at the latest time whose position it has replayed', () => {
  const freshness = createFreshness()
  expect(freshness.shownUntil()).toBe(Number.NEGATIVE_INFINITY)
  freshness.written(100n, 1_000)
  freshness.written(200n, 2_000)
  freshness.replayed(99n)
  expect(freshness.shownUntil()).toBe(Number.NEGATIVE_INFINITY)
  freshness.replayed(150n)
  expect(freshness.shownUntil()).toBe(1_000)
  freshness.replayed(150n)
  expect(freshness.shownUntil()).toBe(1_000)
  freshness.replayed(200n)
  expect(freshness.shownUntil()).toBe(2_000)
})

it('where nothing is written, a replica that has everything stays fresh', () => {
  const freshness = createFreshness()
  freshness.written(100n, 1_000)
  freshness.replayed(100n)
  freshness.written(100n, 9_000)
  freshness.replayed(100n)
  expect(freshness.shownUntil()).toBe(9_000)
})

it('a replica that stands still is further behind all the time, and catches up with what was written last', () => {
  const freshness = createFreshness()
  for (let second = 1; second <= 10_000; second += 1) {
    freshness.written(BigInt(second), second * 1_000)
    freshness.replayed(1n)
  }
  expect(freshness.shownUntil()).toBe(1_000)
  freshness.replayed(10_000n)
  freshness.written(10_001n, 10_001_000)
  freshness.replayed(10_001n)
  expect(freshness.shownUntil()).toBe(10_001_000)
})

it('after a failover, only what the new primary writes counts, and what was shown stays shown', () => {
  const freshness = createFreshness()
  freshness.written(100n, 1_000)
  freshness.replayed(100n)
  freshness.written(500n, 2_000)
  freshness.reset()
  freshness.written(300n, 3_000)
  freshness.replayed(250n)
  expect(freshness.shownUntil()).toBe(1_000)
  freshness.replayed(300n)
  expect(freshness.shownUntil()).toBe(3_000)
})
