/**
 * Why the process did not start, for a person at a terminal: one line, or one a wrong setting. Only what was foreseen
 * (`ConfigError`, `StartupError`) is put so shortly; anything else is a bug, and its stack is what helps.
 */
import { ConfigError } from '../config.ts'
import { StartupError } from '../db/startupError.ts'

export function explain(error: unknown): string {
  if (error instanceof StartupError) return `vestibule: ${error.message}\n`
  if (!(error instanceof ConfigError)) return `vestibule: could not start: ${error instanceof Error ? error.stack : String(error)}\n`
  const [first, ...others] = error.problems
  if (others.length === 0) return `vestibule: bad setting: ${first}\n`
  return `vestibule: ${error.problems.length} bad settings:\n${error.problems.map((problem) => `  ${problem}\n`).join('')}`
}
