/**
 * The rights of a live session, computed once per request from the current rows: a change of rights takes effect at once, whatever
 * token is presented.
 */
import type { Config } from '../../config.ts'
import { covers, scopes as documented } from '../base/scopes.ts'
import type { Surface } from '../base/surfaces.ts'
import type { Account } from '../frame/account.ts'
import type { Rights, Viewer } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { rulesFor } from '../frame/rules.ts'
import type { SessionFacts } from '../frame/sessionFacts.ts'

/** The check time of a session whose last check no longer counts, because a second factor was turned on in another session since. */
export const NEVER = new Date(0)

/** Whether an administrator needs a second factor and has not passed it in this session. */
const lacksTwoFactor = (config: Config, session: SessionFacts, { isAdmin, twoFactorSecret }: Account): boolean =>
  isAdmin && config.REQUIRE_ADMIN_TWO_FACTOR && (twoFactorSecret === null || session.authenticatedAt <= NEVER)

/**
 * The rights of an account in a session. An administrator without a required second factor has no administrator rights; a personal
 * access token never has them, and has those of its scopes that its owner holds today.
 */
export const rightsOf = (config: Config, session: SessionFacts, account: Account): Rights => {
  const isAdmin = account.isAdmin && !lacksTwoFactor(config, session, account)
  const owned = documented.filter((scope) => isAdmin || account.scopes.some((held) => covers(held, scope)))
  if (session.kind !== 'personal') return { isAdmin, scopes: owned }
  return { isAdmin: false, scopes: owned.filter((scope) => session.scopes.some((held) => covers(held, scope))) }
}

/**
 * Step-up: how recent the last password or code check of a session must be for operations that require it (`access/operationTable.ts`),
 * by the called surface and the one on which the session began. A check that issued a new cookie does not count for the cookie that
 * it replaced.
 */
export const isSteppedUp = (domain: Domain, surface: Surface, viewer: Viewer | null): boolean => {
  if (viewer === null || viewer.cookie?.superseded === true) return false
  return domain.clock.now().getTime() - viewer.session.authenticatedAt.getTime() <= rulesFor(domain, { surface, viewer }).stepUp
}
