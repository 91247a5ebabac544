/**
 * Has V8 collect garbage before the heap has grown by half, and not by up to three times, as it otherwise lets a busy heap grow. In a flood
 * that keeps the process at about half the memory (docs/reliability.md), and no difference in CPU could be measured.
 */
import { setFlagsFromString } from 'node:v8'

const PERCENT = 50

/** From now on, and for good. */
export const limitHeapGrowth = (): void => setFlagsFromString(`--heap-growing-percent=${PERCENT}`)
