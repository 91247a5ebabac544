/**
 * Why the process did not start, for a person at a terminal: one line, or one for each wrong setting. Expected errors (`ConfigError`,
 * `StartupError`) and errors of the machine (a full disk, an unreadable file) are shown without a stack; any other error is a bug, and its
 * stack is shown. What a worker has explained is passed on as it is.
 */
import { ConfigError } from '../config.ts'
import { StartupError } from '../db/startupError.ts'
import { machineFault } from './machineFault.ts'
import { WorkerRefusal } from './workers/messages.ts'

export function explain(error: unknown): string {
  if (error instanceof WorkerRefusal) return error.message
  if (error instanceof StartupError) return `vestibule: ${error.message}\n`
  if (!(error instanceof ConfigError)) return `vestibule: could not start: ${machineFault(error) ?? stackOf(error)}\n`
  const [first, ...others] = error.problems
  if (others.length === 0) return `vestibule: bad setting: ${first}\n`
  return `vestibule: ${error.problems.length} bad settings:\n${error.problems.map((problem) => `  ${problem}\n`).join('')}`
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))
