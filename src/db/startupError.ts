/**
 * A start that failed for a reason that the operator can mend: the database is away, the data directory is in use, a
 * migration does not fit. The message is one line for a terminal, without a password; nobody needs the stack.
 */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, ' '), options)
    this.name = 'StartupError'
  }
}

/** The first line of whatever was thrown, for the end of such a message. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0])
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.trim().split('\n', 1)[0] ?? text
}
