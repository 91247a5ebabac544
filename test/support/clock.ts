/**
 * The time of a test: real time, moved forward at will, or time that stands still but for that. Everything in this thread
 * sees it (counters as well as the domain's clock), so it is set back after each file.
 */
import { afterAll } from 'vitest'

const real = Date.now.bind(Date)
let offset = 0
let base = real

/** Moves time forward by `milliseconds`. */
export const advance = (milliseconds: number): void => {
  offset += milliseconds
  Date.now = () => base() + offset
}

export const DAY = 24 * 3_600_000

/** How far time was moved in all, in ms. */
export const moved = (): number => offset

/** Moves time forward to noon (UTC), so that no day ends while a test runs. */
export const advanceToNoon = (): void => advance((1.5 * DAY - (Date.now() % DAY)) % DAY)

/** Stops time: from now on only `advance` moves it. For tests of exact limits; call it in a hook. */
export const freeze = (): void => {
  const instant = real()
  base = () => instant
  advance(0)
}

export const clock = { now: () => new Date(Date.now()) }

/** Call it once in a file that moves time. */
export const restoreTimeAfterwards = (): void => {
  afterAll(() => {
    offset = 0
    base = real
    Date.now = real
  })
}
