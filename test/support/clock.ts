/**
 * The time of a test: real time, moved forward at will. Everything in this thread sees it (counters as well as the domain's
 * clock), so it is set back after each file.
 */
import { afterAll } from 'vitest'

const real = Date.now.bind(Date)
let offset = 0

/** Moves time forward by `milliseconds`. */
export const advance = (milliseconds: number): void => {
  offset += milliseconds
  Date.now = () => real() + offset
}

export const clock = { now: () => new Date(Date.now()) }

/** Call it once in a file that moves time. */
export const restoreTimeAfterwards = (): void => {
  afterAll(() => {
    offset = 0
    Date.now = real
  })
}
