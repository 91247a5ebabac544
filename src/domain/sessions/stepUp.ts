/**
 * Step-up: how young the last password or code check of a session must be for what `access.ts` asks it of. A cookie that
 * a newer one took the place of has no part in the proof that came with it.
 */
import type { Domain } from '../domain.ts'
import type { Surface } from '../surfaces.ts'
import type { Viewer } from './authenticate.ts'

export const isSteppedUp = (domain: Domain, surface: Surface, viewer: Viewer | null): boolean => {
  if (viewer === null || viewer.cookie?.superseded === true) return false
  return domain.clock.now().getTime() - viewer.session.authenticatedAt.getTime() <= domain.surfaces[surface].stepUp
}
