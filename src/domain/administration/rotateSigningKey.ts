/** A new signing key on demand, for example when the old one may have leaked. Sessions continue. */
import { record } from '../auditLog/events.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'

/** Returns the id of the new key. */
export async function rotateSigningKey(domain: Domain, caller: Caller): Promise<string> {
  return await domain.signingKeys.rotate(
    async (tx, kid) => await record(domain, tx, caller, { type: 'keys.rotated', userId: null, details: { kid } }),
  )
}
