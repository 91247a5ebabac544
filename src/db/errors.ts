/**
 * What a database error means, for both adapters; nobody else looks into their codes. A driver's own words sit in
 * `cause` of a DriverAdapterError, which Prisma hangs under `meta.driverAdapterError`.
 */

interface DriverCause {
  readonly kind?: string
  readonly originalCode?: string
  readonly originalMessage?: string
  readonly constraint?: { readonly index?: string }
}

interface DatabaseError {
  readonly code?: string
  readonly cause?: DriverCause
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: DriverCause } }
}

const asDatabaseError = (error: unknown): DatabaseError => (typeof error === 'object' && error !== null ? error : {})

const driverCause = (error: DatabaseError): DriverCause => error.meta?.driverAdapterError?.cause ?? error.cause ?? {}

/** PostgreSQL names the constraint in the error; PGlite's adapter keeps it in the message only, which is always English there. */
const constraintOf = ({ constraint, originalMessage }: DriverCause): string | undefined =>
  constraint?.index ?? originalMessage?.match(/unique constraint "(.+)"/)?.[1]

/** Whether a row with these values is there already; with `constraint`, whether that one was broken (`users_seq_key`). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const known = asDatabaseError(error)
  const cause = driverCause(known)
  if (known.code !== 'P2002' && known.code !== '23505' && cause.kind !== 'UniqueConstraintViolation') return false
  return constraint === undefined || constraintOf(cause) === constraint
}

/** Whether an update or a delete found no row, or `findUniqueOrThrow` none. */
export const isNotFound = (error: unknown): boolean => asDatabaseError(error).code === 'P2025'

const transientStates = ['40001', '40P01']

/** Whether the transaction lost against another one, and may win when it is run again. */
export function isTransient(error: unknown): boolean {
  const known = asDatabaseError(error)
  const cause = driverCause(known)
  if (known.code === 'P2034' || cause.kind === 'TransactionWriteConflict') return true
  return [known.code, cause.originalCode].some((code) => code !== undefined && transientStates.includes(code))
}
