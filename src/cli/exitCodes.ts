/** How commands end, for scripts: docs/cli.md has the table. */

import { ConfigError } from '../config.ts'
import { passingFault } from '../db/passing.ts'
import { reasonOf, StartupError } from '../db/startupError.ts'
import { type ErrorCode, Failure } from '../domain/base/errors.ts'
import { explain } from '../server/explain.ts'
import { machineFault } from '../server/machineFault.ts'

export const exitCodes = { done: 0, failed: 1, wrongUse: 2, notFound: 3, refused: 4, inPart: 5 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A command line that cannot be followed. The message is one line. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}

/** A file that cannot be read or written. The message is one line, with its path. */
export class FileError extends Error {
  override readonly name = 'FileError'
}

/** Thrown by what was waiting when a command was interrupted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  constructor() {
    super('interrupted')
  }
}

const codesOf: Readonly<Partial<Record<ErrorCode, ExitCode>>> = {
  INVALID_INPUT: exitCodes.wrongUse,
  IDENTIFIER_REQUIRED: exitCodes.wrongUse,
  NOT_FOUND: exitCodes.notFound,
  TOO_MANY_REQUESTS: exitCodes.failed,
  OVERLOADED: exitCodes.failed,
  SERVICE_UNAVAILABLE: exitCodes.failed,
}

export interface Ended {
  readonly code: ExitCode
  /** What is to be said on standard error, with its line ends. */
  readonly text: string
}

const line = (text: string): string => `vestibule: ${text.trim().replace(/\s*\n\s*/g, ' ')}\n`

const failureText = ({ message, details: { fieldErrors = [] } }: Failure): string =>
  fieldErrors.length === 0 ? message : fieldErrors.map((error) => `${error.field}: ${error.message}`).join('; ')

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** How a command ends that threw. Only a bug is printed with its stack. */
export function endedBy(error: unknown): Ended {
  if (error instanceof Failure) return { code: codesOf[error.code] ?? exitCodes.refused, text: line(failureText(error)) }
  if (error instanceof WrongUse) return { code: exitCodes.wrongUse, text: line(error.message) }
  if (error instanceof FileError || error instanceof Interrupted || error instanceof StartupError)
    return { code: exitCodes.failed, text: line(error.message) }
  if (error instanceof ConfigError) return { code: exitCodes.failed, text: explain(error) }
  const passing = passingFault(error)
  if (passing !== undefined) return { code: exitCodes.failed, text: line(`The database became unavailable: ${passing.reason}`) }
  return { code: exitCodes.failed, text: `vestibule: ${machineFault(error) ?? stackOf(error)}\n` }
}

/** `no such file or directory (ENOENT)`: without the system call and the path, which the message begins with. */
const fileReason = (error: unknown): string => reasonOf(error).replace(/^([A-Z]+): (.+?), \w+(?: '.*)?$/, '$2 ($1)')

/** The error of a file system call, as one that may be shown. */
export const fileError = (path: string, error: unknown): FileError =>
  error instanceof FileError ? error : new FileError(`${path}: ${fileReason(error)}`, { cause: error })
