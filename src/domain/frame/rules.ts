/**
 * The rules of the table in `surfaces.ts` for one caller: with a session, the strictest of those of the called surface and those on
 * which the session began. An operation that needs no session asks as `nobody`.
 */

import { beganOn, longestMinimum, type Surface, type SurfaceRules, strictest } from '../base/surfaces.ts'
import type { Caller, Viewer } from './caller.ts'
import type { Domain } from './domain.ts'

type Parts = Pick<Domain, 'config' | 'surfaces'>
type Calling = Pick<Caller, 'surface'> & { readonly viewer: Pick<Viewer, 'session'> | null }

const others = ({ config }: Parts, { surface, viewer }: Calling): readonly Surface[] =>
  viewer === null ? [] : beganOn(config, surface, viewer.session)

export const rulesFor = (domain: Parts, caller: Calling): SurfaceRules => strictest(domain.surfaces, caller.surface, others(domain, caller))

/** The minimum length of a new password, in code points. */
export const leastLengthFor = (domain: Parts, caller: Calling): number => longestMinimum(caller.surface, others(domain, caller))

/** The caller of an operation that is open to anybody: ignores a session that the request happens to have. */
export const asNobody = (caller: Caller): Caller => ({ ...caller, viewer: null })
