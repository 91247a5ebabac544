/**
 * Limits how often an account may change something. Changes to itself and to others are counted apart, over all its sessions. Each
 * change writes an event and often a row, so without a limit one session in a loop could fill the database (docs/audit.md). What an
 * operation refuses is not counted; operations without a session have limits of their own. `countsAs` in `access/operationTable.ts`
 * names the further limits.
 */

import { isCounted, type OperationName, operationOf } from '../access/operationTable.ts'
import { isScope } from '../access/requirements.ts'
import { failingFor } from '../base/errors.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import type { ChangeKind } from '../limits/limits.ts'

/** The kind of change that an operation makes; null if it only reads, or needs no session. */
export const changeOf = (name: OperationName): ChangeKind | null => {
  const { asks, countsAs = 'own' } = operationOf(name)
  if (!isCounted(name)) return null
  return isScope(asks) || asks === 'admin' || asks === 'admin step-up' ? 'others' : countsAs
}

/** Runs an operation within the limit on changes. A change costs one extra statement. @throws {Failure} TOO_MANY_REQUESTS */
export const counted = async <T>(domain: Domain, { viewer }: Caller, name: OperationName, work: () => Promise<T>): Promise<T> => {
  const kind = changeOf(name)
  if (kind === null || viewer === null) return await work()
  const { id } = viewer.account
  await domain.limits.change(kind, id).catch(failingFor(id))
  try {
    return await work()
  } catch (error) {
    // If this fails too, one change stays counted, and the first error is reported.
    await domain.limits.changeRefused(kind, id).catch(() => undefined)
    throw error
  }
}
