/**
 * How often an account may change something: what it changes of itself, and what it changes of others, are counted apart, over all
 * of its sessions. Each change is an event and often a row, so that without a bound one session in a loop could fill the database
 * (docs/audit.md). What an operation refuses is not counted; what needs no session has limits of its own.
 *
 * What an owner does against a stolen token is counted apart, so that the thief cannot use it up: ends of sessions, and changes of the
 * password, which a thief does not know.
 */
import { access, effects, isOpen, isScope, type OperationName } from '../access/access.ts'
import { failingFor } from '../base/errors.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import type { ChangeKind } from '../limits/limits.ts'

const AGAINST_THIEVES: Partial<Record<OperationName, ChangeKind>> = {
  changePassword: 'password',
  endOtherSessions: 'ends',
  endSession: 'ends',
  revokePersonalAccessToken: 'ends',
  signOutEverywhere: 'ends',
}

/** What an operation changes that asks for a session; null for one that only reads, and for one that is open. */
export const changeOf = (name: OperationName): ChangeKind | null => {
  const requirement = access[name]
  if (effects[name] === 'nothing' || isOpen(requirement)) return null
  if (isScope(requirement) || requirement === 'admin' || requirement === 'admin step-up') return 'others'
  return AGAINST_THIEVES[name] ?? 'own'
}

/** Runs an operation within the bound on changes. Cost of one that changes: a statement. @throws {Failure} TOO_MANY_REQUESTS */
export const counted = async <T>(domain: Domain, { viewer }: Caller, name: OperationName, work: () => Promise<T>): Promise<T> => {
  const kind = changeOf(name)
  if (kind === null || viewer === null) return await work()
  const { id } = viewer.account
  await domain.limits.change(kind, id).catch(failingFor(id))
  try {
    return await work()
  } catch (error) {
    // Where this fails too, one change fewer is left, and what failed first is told.
    await domain.limits.changeRefused(kind, id).catch(() => undefined)
    throw error
  }
}
