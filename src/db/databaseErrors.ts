/**
 * The meaning of database errors, for both adapters; no other code looks at their codes. The driver's own message is in `cause` of
 * a DriverAdapterError, which Prisma puts into `meta.driverAdapterError`.
 */

export interface DriverCause {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly kind?: string
  readonly originalCode?: string
  /** Of a `DatabaseAway`. */
  readonly isBusy?: boolean
}

interface DatabaseError extends DriverCause {
  readonly cause?: DriverCause
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: DriverCause } }
}

const asDatabaseError = (error: unknown): DatabaseError => (typeof error === 'object' && error !== null ? error : {})

const driverCause = (error: DatabaseError): DriverCause => error.meta?.driverAdapterError?.cause ?? error.cause ?? {}

const DEPTH = 4

/** An error and its causes; the innermost message comes last. */
export function* causesOf(error: unknown): Generator<DriverCause> {
  for (let [next, depth] = [error, 0]; typeof next === 'object' && next !== null && depth < DEPTH; depth += 1) {
    const known = asDatabaseError(next)
    yield known
    next = known.meta?.driverAdapterError?.cause ?? known.cause
  }
}

/** Whether an update or delete found no row, or `findUniqueOrThrow` none. */
export const isNotFound = (error: unknown): boolean => asDatabaseError(error).code === 'P2025'

/** Whether a row would have had a key that another one has. */
export function isUniqueViolation(error: unknown): boolean {
  for (const { code, kind, originalCode } of causesOf(error))
    if (code === 'P2002' || code === '23505' || kind === 'UniqueConstraintViolation' || originalCode === '23505') return true
  return false
}

const transientStates = ['40001', '40P01']

/** Whether the transaction failed because of a concurrent one, so that it may succeed when repeated. */
export function isTransient(error: unknown): boolean {
  const known = asDatabaseError(error)
  const cause = driverCause(known)
  if (known.code === 'P2034' || cause.kind === 'TransactionWriteConflict') return true
  return [known.code, cause.originalCode].some((code) => code !== undefined && transientStates.includes(code))
}
