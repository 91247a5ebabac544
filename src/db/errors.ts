/**
 * What a database error means, for both adapters; nobody else looks into their codes. A driver's own words sit in
 * `cause` of a DriverAdapterError, which Prisma hangs under `meta.driverAdapterError`.
 */

export interface DriverCause {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly kind?: string
  readonly originalCode?: string
}

interface DatabaseError extends DriverCause {
  readonly cause?: DriverCause
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: DriverCause } }
}

const asDatabaseError = (error: unknown): DatabaseError => (typeof error === 'object' && error !== null ? error : {})

const driverCause = (error: DatabaseError): DriverCause => error.meta?.driverAdapterError?.cause ?? error.cause ?? {}

const DEPTH = 4

/** An error, and what it was caused by: the innermost words come last. */
export function* causesOf(error: unknown): Generator<DriverCause> {
  for (let [next, depth] = [error, 0]; typeof next === 'object' && next !== null && depth < DEPTH; depth += 1) {
    const known = asDatabaseError(next)
    yield known
    next = known.meta?.driverAdapterError?.cause ?? known.cause
  }
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
