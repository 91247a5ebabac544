/** The authorization check before every operation, and before each route of a dialect. */

import { inSpan } from '../../tracing/spans.ts'
import type { OperationName } from '../access/operationTable.ts'
import { operations } from '../access/operationTable.ts'
import { permits, refusal } from '../access/requirements.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { type Asked, recordFailure } from './failures.ts'

/**
 * Refuses a caller who does not meet a requirement; if the caller has a live session, the refusal is recorded.
 * @throws {Failure} the one that `refusal` returns
 */
export const authorize = async (domain: Domain, caller: Caller, asked: Asked): Promise<void> => {
  await inSpan({ name: 'authorize', attributes: { 'vestibule.requirement': asked.requirement } }, async () => {
    if (permits(caller, asked.requirement)) return
    const failure = refusal(caller, asked.requirement)
    await recordFailure(domain, caller, asked, failure)
    throw failure
  })
}

export const askedOf = (name: OperationName): Asked => ({ name, requirement: operations[name].asks })
