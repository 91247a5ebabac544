/**
 * Who calls: the facts of a request together with the live session of its token.
 */
import type { Surface, Transport } from '../base/surfaces.ts'
import type { Caller, RequestFacts } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { authenticate } from './authenticate.ts'
import { isSteppedUp } from './stepUp.ts'

/** Looks up who calls through a surface: one SQL statement where there is a token. Without `transport` it was a bearer's. */
export async function findCaller(
  domain: Domain,
  facts: RequestFacts,
  surface: Surface,
  token: string | null,
  transport?: Transport,
): Promise<Caller> {
  const viewer = await authenticate(domain, token, transport)
  const steppedUp = isSteppedUp(domain, surface, viewer)
  return { ...facts, surface, viewer, steppedUp, registrationOpen: domain.config.REGISTRATION === 'open' }
}
