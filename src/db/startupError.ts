/**
 * A start that failed for a reason that an operator can fix: the database is away, the data directory is in use, a migration does
 * not match. The message is one line for a terminal, without a password.
 */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, ' '), options)
    this.name = 'StartupError'
  }
}

/** Another process has the data directory. */
export class InUse extends StartupError {}

/** Errors of the file system inside PGlite are plain objects with a WASI number. */
const WASI: Readonly<Record<number, string>> = {
  2: 'permission denied (EACCES)',
  22: 'a file would be too large (EFBIG)',
  51: 'the disk is full (ENOSPC)',
  69: 'it is read-only (EROFS)',
}
const errnoOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined

/** The first line of whatever was thrown, for the end of a message. */
export const reasonOf = (error: unknown): string => {
  const errno = error instanceof Error ? undefined : errnoOf(error)
  if (errno !== undefined) return WASI[errno] ?? `the file system refuses it (${errno})`
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0])
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.trim().split('\n', 1)[0] ?? text
}
