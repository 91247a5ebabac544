/**
 * What a request is told that fails because of the database, on every surface: it cannot be answered just now, and the same
 * request may well succeed in a while. Whether it was done cannot be known: the connection may have broken after the commit.
 */
import type { Outage } from '../../db/outage.ts'
import { passingFault } from '../../db/passing.ts'
import { Failure } from '../base/errors.ts'

/** In seconds: about as long as a failover takes to be noticed. */
const AWAY_FOR = 5
/** And until the work that is under way is done. */
const BUSY_FOR = 2

/** The failure of the request at hand, or undefined for an error that does not pass by itself. */
export const unavailable = ({ outage }: { readonly outage: Outage }, error: unknown): Failure | undefined => {
  if (outage.costsRequest(error)) return new Failure('SERVICE_UNAVAILABLE', { retryAfter: AWAY_FOR })
  return passingFault(error)?.kind === 'busy' ? new Failure('OVERLOADED', { retryAfter: BUSY_FOR }) : undefined
}
