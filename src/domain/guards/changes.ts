/**
 * How often an account may change something: what it changes of itself, and what it changes of others, are counted apart, over all
 * of its sessions. Each change is an event and often a row, so that without a bound one session in a loop could fill the database
 * (docs/audit.md). What an operation refuses is not counted; what needs no session has limits of its own.
 * What is counted apart, the table says (`countsAs` in `access/operations.ts`).
 */

import { type OperationName, operationOf } from '../access/operations.ts'
import { isOpen, isScope } from '../access/requirements.ts'
import { failingFor } from '../base/errors.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import type { ChangeKind } from '../limits/limits.ts'

/** What an operation changes that asks for a session; null for one that only reads, and for one that is open. */
export const changeOf = (name: OperationName): ChangeKind | null => {
  const { asks, changes, countsAs = 'own' } = operationOf(name)
  if (changes === 'nothing' || isOpen(asks)) return null
  return isScope(asks) || asks === 'admin' || asks === 'admin step-up' ? 'others' : countsAs
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
