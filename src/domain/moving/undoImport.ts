/**
 * Takes an import back: deletes the accounts that it created, and empties what it filled in others. What has changed since, or has
 * signed in since, is kept. An interrupted undo goes on when it is called again.
 */
import { Prisma } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { eventRow, record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { accountState } from './accountState.ts'
import { showImport } from './importRuns.ts'
import { lockImports } from './lockImports.ts'
import { mergeEvent, unfill } from './mergeAccounts.ts'

/** Why an account is kept. */
export type Kept = 'it has changed since' | 'it has been signed in to since'

export interface UndoListener {
  /** An account that is kept, with the number of its record. */
  kept(number: number, userId: string, reason: Kept): void | Promise<void>
  /** With the number of records that are done. */
  progress(done: number): void
}

export interface UndoResult {
  readonly runId: string
  /** Accounts. */
  readonly deleted: number
  readonly emptied: number
  readonly kept: number
  /** Whether it ended early; the rest is undone when it is called again. */
  readonly interrupted: boolean
}

const BATCH = 500

type Outcome = 'created' | 'merged'

interface Step {
  readonly runId: string
  readonly outcome: Outcome
  readonly before: bigint
}

interface Row {
  readonly number: bigint
  readonly userId: string
  readonly sessions: readonly string[]
  readonly filled: readonly string[]
  readonly isSame: boolean
  readonly isUnused: boolean
}

/** Of the next records of a run, the last ones first. Accounts that are gone are left out. */
const nextAccounts = ({ runId, outcome, before }: Step): Prisma.Sql => Prisma.sql`
  FROM import_records AS record JOIN users AS account ON account.id = record.user_id
  WHERE record.run_id = ${runId} AND record.outcome = ${outcome} AND record.undone_at IS NULL AND record.number < ${before}
  ORDER BY record.number DESC LIMIT ${BATCH}`

/**
 * These records, with their accounts locked. What a sign-in that was under way has written is only seen by a statement that begins when
 * it has ended, so the accounts are locked before they are looked at.
 */
const nextRows = async (tx: Tx, step: Step): Promise<Row[]> => {
  await tx.$executeRaw`SELECT 1 ${nextAccounts(step)} FOR UPDATE OF account`
  return await tx.$queryRaw<Row[]>`
  SELECT record.number, record.user_id AS "userId", record.sessions, record.filled, record.state = ${accountState} AS "isSame",
    record.outcome = 'merged'
      OR NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.user_id = account.id AND NOT sessions.id = ANY(record.sessions)) AS "isUnused"
  ${nextAccounts(step)}`
}

const deleteCreated = async (domain: Domain, tx: Tx, caller: Caller, rows: readonly Row[]): Promise<void> => {
  await tx.user.deleteMany({ where: { id: { in: rows.map(({ userId }) => userId) } } })
  await tx.auditEvent.createMany({
    data: rows.map(({ userId }) => eventRow(domain, caller, { type: 'account.deleted', userId, actorId: null })),
  })
}

/** Empties the filled columns, and ends the sessions that the run brought. */
const emptyMerged = async (domain: Domain, tx: Tx, caller: Caller, rows: readonly Row[]): Promise<void> => {
  for (const { userId, filled, sessions } of rows) {
    await unfill(tx, userId, filled)
    await tx.session.deleteMany({ where: { id: { in: [...sessions] }, userId } })
    await record(domain, tx, caller, mergeEvent('account.merge_undone', userId, filled))
  }
}

const canUndo = ({ isSame, isUnused }: Row): boolean => isSame && isUnused

/** Several records of a batch may have filled the same account: then the last one is undone, and the next batch finds the others as they were. */
const untilSame = (rows: readonly Row[]): readonly Row[] => {
  const seen = new Set<string>()
  const end = rows.findIndex(({ userId }) => seen.has(userId) || !seen.add(userId))
  return end === -1 ? rows : rows.slice(0, end)
}

const undoBatch = async (domain: Domain, caller: Caller, step: Step): Promise<readonly Row[]> =>
  await inTransaction(domain.db, async (tx) => {
    await lockImports(tx)
    const { runId, outcome } = step
    const rows = untilSame(await nextRows(tx, step))
    const undone = rows.filter(canUndo)
    if (undone.length === 0) return rows
    if (outcome === 'created') await deleteCreated(domain, tx, caller, undone)
    else await emptyMerged(domain, tx, caller, undone)
    const numbers = undone.map(({ number }) => number)
    await tx.importRecord.updateMany({ where: { runId, number: { in: numbers } }, data: { undoneAt: domain.clock.now() } })
    return rows
  })

const LAST = 2n ** 62n

/** From now on an import does not go on with the run. */
const beginUndo = async ({ db, clock }: Domain, runId: string): Promise<void> =>
  await inTransaction(db, async (tx) => {
    await lockImports(tx)
    await tx.importRun.updateMany({ where: { id: runId, undoneAt: null }, data: { undoneAt: clock.now() } })
    await tx.importRun.updateMany({ where: { id: runId }, data: { kept: null } })
  })

/**
 * @param id of the run, or its beginning
 * @throws {Failure} NOT_FOUND, INVALID_INPUT
 */
export async function undoImport(
  domain: Domain,
  caller: Caller,
  id: string,
  listener: UndoListener,
  signal: AbortSignal,
): Promise<UndoResult> {
  const { id: runId, state } = await showImport(domain, id)
  if (state === 'undone') throw new Failure('INVALID_INPUT', { message: `the import ${runId} was undone already` })
  await beginUndo(domain, runId)
  const done = { created: 0, merged: 0, kept: 0 }
  const result = (interrupted: boolean): UndoResult => ({
    runId,
    deleted: done.created,
    emptied: done.merged,
    kept: done.kept,
    interrupted,
  })
  // What was merged into accounts of the same run goes first, and leaves them as they were created.
  for (const outcome of ['merged', 'created'] as const) {
    for (let before = LAST; ; ) {
      if (signal.aborted) return result(true)
      const rows = await undoBatch(domain, caller, { runId, outcome, before })
      const last = rows.at(-1)
      if (last === undefined) break
      before = last.number
      for (const row of rows) {
        if (canUndo(row)) done[outcome] += 1
        else {
          done.kept += 1
          await listener.kept(Number(row.number), row.userId, row.isSame ? 'it has been signed in to since' : 'it has changed since')
        }
      }
      listener.progress(done.created + done.merged + done.kept)
    }
  }
  await domain.db.importRun.update({ where: { id: runId }, data: { kept: BigInt(done.kept) } })
  return result(false)
}
