/**
 * The failure of a request while the database is away, on every surface: try again later. It is unknown whether the change was
 * made: the connection may have broken after the commit.
 */
import type { Outage } from '../../db/outage.ts'
import { passingFault } from '../../db/passing.ts'
import { Failure } from '../base/errors.ts'

/** In seconds: about the time until a failover is noticed. */
const AWAY_FOR = 5
/** In seconds: the time until running work is done. */
const BUSY_FOR = 2

/** The failure for an error of the database that is temporary; undefined for every other error. */
export const unavailable = ({ outage }: { readonly outage: Outage }, error: unknown): Failure | undefined => {
  if (outage.costsRequest(error)) return new Failure('SERVICE_UNAVAILABLE', { retryAfter: AWAY_FOR })
  return passingFault(error)?.kind === 'busy' ? new Failure('OVERLOADED', { retryAfter: BUSY_FOR }) : undefined
}
