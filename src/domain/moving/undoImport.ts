/**
 * Takes an import back: deletes the accounts that it created, and empties what it filled in others. What has changed since, or has
 * signed in since, is kept. An interrupted undo goes on when it is called again.
 */
import { Prisma } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { eventRow } from '../auditLog/events.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { accountState } from './accountState.ts'

const { sql } = Prisma

export interface UndoResult {
  readonly deleted: number
  readonly emptied: number
  /** Accounts that have changed since: their records, by number, and the accounts. */
  readonly kept: readonly { readonly number: number; readonly userId: string }[]
}

const BATCH = 500

type Outcome = 'created' | 'merged'

interface Row {
  readonly number: bigint
  readonly userId: string
  readonly sessions: readonly string[]
  readonly filled: readonly string[]
  readonly isSame: boolean
}

/** The next records of a run, the last ones first, with their accounts locked. Accounts that are gone are left out. */
const nextRows = async (tx: Tx, runId: string, outcome: Outcome, before: bigint): Promise<Row[]> =>
  await tx.$queryRaw<Row[]>`
  SELECT record.number, record.user_id AS "userId", record.sessions, record.filled,
    record.state = ${accountState}
      AND (record.outcome = 'merged'
        OR NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.user_id = account.id AND NOT sessions.id = ANY(record.sessions))) AS "isSame"
  FROM import_records AS record JOIN users AS account ON account.id = record.user_id
  WHERE record.run_id = ${runId} AND record.outcome = ${outcome} AND record.undone_at IS NULL AND record.number < ${before}
  ORDER BY record.number DESC LIMIT ${BATCH} FOR UPDATE OF account`

const deleteCreated = async (domain: Domain, tx: Tx, caller: Caller, rows: readonly Row[]): Promise<void> => {
  if (rows.length === 0) return
  await tx.user.deleteMany({ where: { id: { in: rows.map(({ userId }) => userId) } } })
  await tx.auditEvent.createMany({
    data: rows.map(({ userId }) => eventRow(domain, caller, { type: 'account.deleted', userId, actorId: null })),
  })
}

/** Empties the filled columns, and ends the sessions that the run brought. */
const emptyMerged = async (tx: Tx, rows: readonly Row[]): Promise<void> => {
  for (const { userId, filled, sessions } of rows) {
    const columns = filled.map((column) => sql`${Prisma.raw(column)} = NULL`)
    if (columns.length > 0) await tx.$executeRaw`UPDATE users SET ${Prisma.join(columns)} WHERE id = ${userId}`
    await tx.session.deleteMany({ where: { id: { in: [...sessions] }, userId } })
  }
}

const undoBatch = async (domain: Domain, caller: Caller, runId: string, outcome: Outcome, before: bigint): Promise<readonly Row[]> =>
  await inTransaction(domain.db, async (tx) => {
    const rows = await nextRows(tx, runId, outcome, before)
    const same = rows.filter(({ isSame }) => isSame)
    if (outcome === 'created') await deleteCreated(domain, tx, caller, same)
    else await emptyMerged(tx, same)
    const numbers = same.map(({ number }) => number)
    await tx.importRecord.updateMany({ where: { runId, number: { in: numbers } }, data: { undoneAt: domain.clock.now() } })
    return rows
  })

const LAST = 2n ** 62n

/** `progress` is called with the number of records that are done. */
export async function undoImport(domain: Domain, caller: Caller, runId: string, progress: (done: number) => void): Promise<UndoResult> {
  const kept: { number: number; userId: string }[] = []
  const done = { created: 0, merged: 0 }
  // What was merged into accounts of the same run goes first, and leaves them as they were created.
  for (const outcome of ['merged', 'created'] as const) {
    for (let before = LAST; ; ) {
      const rows = await undoBatch(domain, caller, runId, outcome, before)
      const last = rows.at(-1)
      if (last === undefined) break
      before = last.number
      for (const { isSame, number, userId } of rows) {
        if (isSame) done[outcome] += 1
        else kept.push({ number: Number(number), userId })
      }
      progress(done.created + done.merged + kept.length)
    }
  }
  await domain.db.importRun.update({ where: { id: runId }, data: { undoneAt: domain.clock.now() } })
  return { deleted: done.created, emptied: done.merged, kept }
}
