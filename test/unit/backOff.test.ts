/** How long a worker that ends again and again stays away. */
import { expect, test } from 'vitest'
import { createBackOff } from '../../src/server/workers/backOff.ts'

test('the wait doubles from a second to half a minute, and begins anew after a worker that served for a minute', () => {
  const backOff = createBackOff()
  expect([0, 0, 59_999, 0, 0, 0, 0].map(backOff.next)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  expect([60_000, 0].map(backOff.next)).toEqual([1_000, 2_000])
})
