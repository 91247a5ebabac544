/** What `--since` means: a time, or the run of an import. As conditions in SQL, whose values are checked here. */
import { fieldFailure } from '../../base/errors.ts'
import type { Tx } from '../../frame/domain.ts'
import { accountState } from '../accountState.ts'
import { showImport } from '../importRuns.ts'

export type Since = { readonly at: Date } | { readonly runId: string; readonly at: Date }

/** A text of SQL. A cursor takes no parameters. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The id of a run, or its beginning. */
const RUN = /^[0-9a-f]{4,8}(?:-[0-9a-f-]*)?$/i
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/

const invalid = (message: string) => fieldFailure('INVALID_INPUT', '--since', message)

/**
 * Reads a time in ISO 8601 (without a time of the day: its beginning in UTC), or the id of a run or its beginning.
 * @throws {Failure} INVALID_INPUT; NOT_FOUND for an unknown run
 */
export async function readSince(db: Tx, text: string): Promise<Since> {
  const at = new Date(text)
  if (TIME.test(text) && !Number.isNaN(at.getTime())) return { at }
  if (!RUN.test(text)) throw invalid('is neither a time such as 2026-11-29T04:00:00Z nor the id of an import')
  const run = await showImport({ db }, text)
  return { runId: run.id, at: run.startedAt }
}

/** What changes an account. Sign-ins do not. */
const CHANGES = ['account.%', 'password.changed', 'password.reset', 'password.set', 'email.changed', 'email.verified', 'email.disowned']

const isLater = ({ at }: Since): string => {
  const time = literal(at.toISOString())
  const types = CHANGES.map((type) => `event.type LIKE ${literal(type)}`).join(' OR ')
  return `(account.updated_at >= ${time} OR EXISTS (SELECT 1 FROM audit_events AS event
    WHERE event.user_id = account.id AND event.at > ${time} AND event.type <> 'account.created' AND (${types})))`
}

/** Of a row `account` of users with its `record`. For an account of the run: whether it differs from what the run wrote. */
export const changedSince = (since: Since): string =>
  'runId' in since
    ? `CASE WHEN record.run_id = ${literal(since.runId)} THEN record.state <> ${accountState.sql} ELSE ${isLater(since)} END`
    : isLater(since)

/** Of a row `record` of import_records whose account is gone. */
export const isOurs = (since: Since): string =>
  'runId' in since
    ? `record.run_id = ${literal(since.runId)}`
    : `EXISTS (SELECT 1 FROM audit_events AS event WHERE event.user_id = record.user_id AND event.type = 'account.deleted' AND event.at >= ${literal(since.at.toISOString())})`
