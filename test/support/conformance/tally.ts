/**
 * How many answers were checked, and which statuses of which operations were seen: a line a world, appended to a file of the
 * project, which the reporter (test/support/reporter.ts) adds up at the end of the run. Without that reporter nothing is written.
 */
import { appendFileSync } from 'node:fs'
import { inject } from 'vitest'
import type { Tally } from './tallies.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where this project's worlds say what they checked. */
    conformanceFile: string
  }
}

export const writeTally = (tally: Tally): void => {
  const file = inject('conformanceFile') as string | undefined
  if (file !== undefined && tally.answered > 0) appendFileSync(file, `${JSON.stringify(tally)}\n`)
}
