/** Repeats work on the thread of requests in short slices, so that requests are answered between them. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long a slice may take, in ms, and how many rounds pass between two looks at the clock. */
const SLICE = 1
const LOOK = 64

export const repeat = async (rounds: number, step: (round: number) => void): Promise<void> => {
  let until = performance.now() + SLICE
  for (let round = 0; round < rounds; round += 1) {
    step(round)
    if (round % LOOK === LOOK - 1 && performance.now() > until) {
      await nextTurn()
      until = performance.now() + SLICE
    }
  }
}
