/**
 * What keeps a loop from filling the audit log: once a window for each thing, and bounded.
 */
import { expect, it } from 'vitest'
import { createThrottle } from '../../src/domain/limits/throttle.ts'

const at = (now: { ms: number }) => createThrottle({ now: () => new Date(now.ms) })

it('a throttle lets a thing pass once a window, and other things meanwhile', () => {
  const now = { ms: 0 }
  const throttle = at(now)
  expect([throttle.passes('a', 100), throttle.passes('a', 100), throttle.passes('b', 100)]).toEqual([true, false, true])
  now.ms = 99
  expect(throttle.passes('a', 100)).toBe(false)
  now.ms = 100
  expect([throttle.passes('a', 100), throttle.passes('a', 100)]).toEqual([true, false])
})

it('remembers 10,000 things, and forgets the oldest first', () => {
  const throttle = at({ ms: 0 })
  for (let index = 0; index <= 10_000; index += 1) expect(throttle.passes(`thing ${index}`, 1_000)).toBe(true)
  expect([throttle.passes('thing 1', 1_000), throttle.passes('thing 10000', 1_000)]).toEqual([false, false])
  expect(throttle.passes('thing 0', 1_000)).toBe(true)
})
