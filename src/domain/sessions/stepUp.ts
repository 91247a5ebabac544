/**
 * Step-up: how young the last password or code check of a session must be for what `access/operations.ts` asks it of, by the surface that is
 * called and by the one on which the session began. A cookie that a newer one took the place of has no part in the proof that came
 * with it.
 */

import type { Surface } from '../base/surfaces.ts'
import type { Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { rulesFor } from '../frame/rules.ts'

export const isSteppedUp = (domain: Domain, surface: Surface, viewer: Viewer | null): boolean => {
  if (viewer === null || viewer.cookie?.superseded === true) return false
  return domain.clock.now().getTime() - viewer.session.authenticatedAt.getTime() <= rulesFor(domain, { surface, viewer }).stepUp
}
