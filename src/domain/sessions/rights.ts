/**
 * What a live session may do, worked out once a request from the rows as they are now: a change of rights acts at once,
 * whatever token is presented.
 */
import type { Config } from '../../config.ts'
import type { Session, User } from '../../db/generated/client.ts'
import { covers, scopes as documented } from '../base/scopes.ts'
import type { Surface } from '../base/surfaces.ts'
import type { Rights, Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { rulesFor } from '../frame/rules.ts'

/** The proof of a session that has none any more: a factor was turned on in another one since. */
export const NEVER = new Date(0)

/** Whether an administrator has to have shown a second factor in this session and has not. */
const lacksTwoFactor = (config: Config, session: Session, { isAdmin, twoFactorSecret }: User): boolean =>
  isAdmin && config.REQUIRE_ADMIN_TWO_FACTOR && (twoFactorSecret === null || session.authenticatedAt <= NEVER)

/**
 * The rights of an account within a session. An administrator who lacks a demanded second factor is none yet; a personal
 * access token never administers, and holds those of its scopes that its owner holds today.
 */
export const rightsOf = (config: Config, session: Session, account: User): Rights => {
  const isAdmin = account.isAdmin && !lacksTwoFactor(config, session, account)
  const owned = documented.filter((scope) => isAdmin || account.scopes.some((held) => covers(held, scope)))
  if (session.kind !== 'personal') return { isAdmin, scopes: owned }
  return { isAdmin: false, scopes: owned.filter((scope) => session.scopes.some((held) => covers(held, scope))) }
}

/**
 * Step-up: whether the last password or code check of a session is young enough for what `access/operations.ts` asks it of, by the
 * surface that is called and by the one on which the session began. A cookie that a newer one took the place of has no part in the
 * proof that came with it.
 */
export const isSteppedUp = (domain: Domain, surface: Surface, viewer: Viewer | null): boolean => {
  if (viewer === null || viewer.cookie?.superseded === true) return false
  return domain.clock.now().getTime() - viewer.session.authenticatedAt.getTime() <= rulesFor(domain, { surface, viewer }).stepUp
}
