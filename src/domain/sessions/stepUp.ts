/**
 * A stolen token must not become a stolen account: what changes e-mail, password or factors needs a session whose last
 * password or code check is young enough for its surface.
 */
import type { Caller } from '../caller.ts'
import { viewerOf } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { Failure } from '../errors.ts'
import type { Viewer } from './authenticate.ts'

/** @throws {Failure} UNAUTHENTICATED, REAUTHENTICATION_REQUIRED */
export const freshViewerOf = (domain: Domain, caller: Caller): Viewer => {
  const viewer = viewerOf(caller)
  const age = domain.clock.now().getTime() - viewer.session.authenticatedAt.getTime()
  if (age > domain.surfaces[caller.surface].stepUp) throw new Failure('REAUTHENTICATION_REQUIRED')
  return viewer
}
