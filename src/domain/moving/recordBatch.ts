/** Writes into the run what became of the records of a batch, for `import show`, the same import again, and an undo. */
import { Prisma } from '../../db/generated/client.ts'
import type { Tx } from '../frame/domain.ts'
import { accountState } from './accountState.ts'
import { digestOf, type Numbered } from './batches.ts'
import type { Planned } from './planBatch.ts'

export interface Decided {
  readonly record: Numbered
  readonly planned: Planned
  readonly notes: readonly string[]
}

const accountOf = (planned: Planned): string | null => {
  if (planned.outcome === 'created') return planned.account.id
  return planned.outcome === 'merged' ? planned.userId : null
}

/** `filled`: the filled columns of each merge, in order. Records whose account was there already leave nothing. */
export const recordBatch = async (
  tx: Tx,
  runId: string,
  decided: readonly Decided[],
  filled: readonly (readonly string[])[],
): Promise<void> => {
  const ofMerges = filled.values()
  const rows = decided
    .filter(({ planned }) => planned.outcome !== 'unchanged')
    .map(({ record, planned, notes }) => ({
      number: record.number,
      outcome: planned.outcome,
      user_id: accountOf(planned),
      digest: digestOf(record),
      reason: 'reason' in planned ? planned.reason : null,
      notes,
      sessions: 'sessions' in planned ? planned.sessions.map(({ id }) => id) : [],
      filled: planned.outcome === 'merged' ? ofMerges.next().value : [],
    }))
  if (rows.length === 0) return
  await tx.$executeRaw`
    INSERT INTO import_records (run_id, number, outcome, user_id, digest, reason, notes, sessions, filled, state)
    SELECT ${runId}, given.number, given.outcome, given.user_id, given.digest, given.reason, given.notes, given.sessions, given.filled,
      CASE WHEN account.id IS NOT NULL THEN ${accountState} END
    FROM json_populate_recordset(NULL::import_records, ${Prisma.sql`${JSON.stringify(rows)}::json`}) AS given
    LEFT JOIN users AS account ON account.id = given.user_id`
}
