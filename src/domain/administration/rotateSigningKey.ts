/**
 * A new signing key on demand, for instance when the old one may have leaked. Nobody is signed out by it.
 */
import { record } from '../auditLog/events.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'

/** Returns the id of the key that signs from now on. */
export async function rotateSigningKey(domain: Domain, caller: Caller): Promise<string> {
  const kid = await domain.signingKeys.rotate()
  await record(domain, domain.db, caller, { type: 'keys.rotated', userId: null, details: { kid } })
  return kid
}
