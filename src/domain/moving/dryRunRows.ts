/**
 * What a dry run would have written. Later records of the source must find it, so that a dry run says exactly what an import would do; it is
 * in a table of its own, so that a dry run needs no more memory than an import, and is deleted at the end.
 */
import type { Domain, Tx } from '../frame/domain.ts'
import { type Planned, personOf } from './planBatch.ts'

export interface DryRunPlan {
  readonly digest: string
  readonly planned: Planned
}

export const writeDryRunRows = async ({ clock }: Domain, tx: Tx, runId: string, plans: readonly DryRunPlan[]): Promise<void> => {
  const rows = plans.flatMap(({ digest, planned }) => {
    if (planned.outcome !== 'created' && planned.outcome !== 'merged') return []
    const { account, sessions } = planned
    const userId = planned.outcome === 'created' ? account.id : planned.userId
    const person = personOf(account)
    const created = planned.outcome === 'created'
    const of = (kind: string, values: readonly string[], more: object = {}) =>
      values.map((value) => ({ kind, value, user_id: userId, person: more }))
    return [
      ...of('digest', [digest]),
      ...of(
        'token',
        sessions.map(({ token_hash }) => token_hash),
      ),
      ...(created ? [...of('id', [userId], person), ...of('identifier', account.keys, person)] : []),
    ]
  })
  await tx.$executeRaw`INSERT INTO import_dry_run_rows (run_id, kind, value, user_id, person, created_at)
    SELECT ${runId}, kind, value, user_id, person, ${clock.now()}::timestamptz
    FROM json_populate_recordset(NULL::import_dry_run_rows, ${JSON.stringify(rows)}::json) ON CONFLICT DO NOTHING`
}

export const deleteDryRunRows = async ({ db }: Domain, runId: string): Promise<void> => {
  await db.importDryRunRow.deleteMany({ where: { runId } })
}
