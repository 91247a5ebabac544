/**
 * Counts wrong passwords in a row, from any address: for an account, in its row; for a known client (a device at an address that
 * signed in to the account before); and for what was typed at sign-in, which decides the answer to outsiders. A known client may go
 * on beyond the account's limit, up to a limit of its own, and then has one attempt in each wait, so that a stranger behind the
 * same address cannot lock the owner out for good. The answers for an account's username, for its address and for an unknown name
 * never differ.
 *
 * A right password, a completed reset and an administrator reset the account's count, but never that of what was typed: it expires
 * a day after the last wrong password, and does not prevent a right password from being accepted. Rows for unknown names are
 * limited by the limits on client addresses and by that day.
 */

import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { keyOf, tooMany, waitAfter } from '../limits/counting.ts'
import { type DelayRow, delaysAt } from '../limits/passwordDelays.ts'
import { clientOf } from '../sessions/devices.ts'

/** How long what was typed is remembered after the last wrong password. */
const TYPED_REST = 24 * 3_600_000
/** The count stops here, so that no column overflows. */
const MOST = 1_000_000
const NO_FAILURES = { failures: 0, nextLookAt: null }

/** The standing of a client towards an account, before its password is checked. */
export interface Standing {
  /** The account knows the client, which is below its own limit or may make an attempt again. */
  readonly isKnown: boolean
  /** Whether the password is checked, or counts as wrong without a check. */
  readonly isLookedAt: boolean
  /** Whether a right password has counts to reset: of the account and the client, and of what was typed at the address. */
  readonly isCounted: boolean
  readonly isDelayed: boolean
}

/** The limit of wrong passwords of a known client, and the longest wait, in seconds. */
const limitsOf = ({ config }: Domain) => ({
  hard: config.LIMIT_PASSWORD_FAILURES_HARD,
  window: Math.ceil(config.LIMIT_PASSWORD_WINDOW / 1000),
})

/** Takes the one attempt that a known client beyond its limit has in each wait; of several at once, one gets it. */
const takeLook = async (domain: Domain, caller: Caller, userId: string, failures: number): Promise<boolean> => {
  const { hard, window } = limitsOf(domain)
  const { count } = await domain.db.knownClient.updateMany({
    where: { userId, ...clientOf(caller), OR: [{ nextLookAt: null }, { nextLookAt: { lte: domain.clock.now() } }] },
    data: { nextLookAt: later(domain, waitAfter(failures - hard, window) * 1000) },
  })
  return count === 1
}

interface Counts {
  readonly failures: number | null
  readonly client: number | null
  readonly delays: readonly DelayRow[]
}

const readCounts = async (domain: Domain, caller: Caller, id: string, names: readonly string[]): Promise<Counts> => {
  const { fingerprint, client: address } = clientOf(caller)
  const [row] = await domain.db.$queryRaw<Counts[]>`
    SELECT (SELECT password_failures FROM users WHERE id = ${id}) AS failures,
      (SELECT failures FROM known_clients WHERE user_id = ${id} AND fingerprint = ${fingerprint} AND client = ${address}) AS client,
      ${delaysAt(domain.limits.passwords.keys(names, caller.clientAddress))} AS delays`
  return row ?? { failures: null, client: null, delays: [] }
}

/**
 * One statement, also for an unknown account; one more for a known client beyond its limit. `names`: what was typed.
 * @throws {Failure} TOO_MANY_REQUESTS while the names must wait at the address, or, for clients that are not known, in its network
 */
export const standingOf = async (domain: Domain, caller: Caller, account: Account | null, names: readonly string[]): Promise<Standing> => {
  const id = account?.id ?? ''
  const { failures, client, delays } = await readCounts(domain, caller, id, names)
  const { wait, networkWait, isCounted: isDelayed } = await domain.limits.passwords.judge(names, caller.clientAddress, delays)
  if (wait > 0) throw tooMany(wait)
  const { hard } = limitsOf(domain)
  const isOpen = failures !== null && failures < hard
  const isKnown = client !== null && (client < hard || (!isOpen && (await takeLook(domain, caller, id, client))))
  if (!isKnown && networkWait > 0) throw tooMany(networkWait)
  return { isKnown, isLookedAt: isKnown || isOpen, isCounted: (failures ?? 0) > 0 || (client ?? 0) > 0, isDelayed }
}

/**
 * Counts a wrong password in one statement, also for an unknown account; `typed` is null for a proof within a session.
 * @returns the wait in seconds for clients that the account does not know; null below the limit
 */
export const countFailure = async (
  domain: Domain,
  caller: Caller,
  account: Account | null,
  typed: string | null,
): Promise<number | null> => {
  const { hard, window } = limitsOf(domain)
  const { fingerprint, client } = clientOf(caller)
  const now = domain.clock.now()
  const key = typed === null ? null : keyOf(typed)
  const [row] = await domain.db.$queryRaw<{ typed: number | null; account: number | null }[]>`
    WITH account AS (
      UPDATE users SET password_failures = LEAST(password_failures + 1, ${MOST}::int) WHERE id = ${account?.id ?? ''}
      RETURNING id, password_failures),
    known AS (
      UPDATE known_clients SET failures = LEAST(failures + 1, ${MOST}::int) FROM account
      WHERE user_id = account.id AND fingerprint = ${fingerprint} AND client = ${client}),
    counted AS (
      INSERT INTO typed_failures (typed, failures, expires_at)
      SELECT ${key}::text, 1, ${later(domain, TYPED_REST)}::timestamptz WHERE ${key}::text IS NOT NULL
      ON CONFLICT (typed) DO UPDATE SET expires_at = excluded.expires_at,
        failures = CASE WHEN typed_failures.expires_at > ${now}::timestamptz THEN LEAST(typed_failures.failures + 1, ${MOST}::int) ELSE 1 END
      RETURNING failures)
    SELECT (SELECT failures FROM counted) AS typed, (SELECT password_failures FROM account) AS account`
  const failures = (typed === null ? row?.account : row?.typed) ?? 0
  return failures > hard ? waitAfter(failures - hard - 1, window) : null
}

/** Resets an account's count, and that of the client that gave the right password. */
export const forgetFailures = async (domain: Domain, caller: Caller, { id: userId }: Account): Promise<void> => {
  await domain.db.user.updateMany({ where: { id: userId }, data: { passwordFailures: 0 } })
  await domain.db.knownClient.updateMany({ where: { userId, ...clientOf(caller) }, data: NO_FAILURES })
}

/** Resets the counts of the account and of all its clients. Lock the account's row first. */
export const forgetAllFailures = async (tx: Tx, userId: string): Promise<void> => {
  await tx.user.updateMany({ where: { id: userId, passwordFailures: { gt: 0 } }, data: { passwordFailures: 0 } })
  await tx.knownClient.updateMany({ where: { userId, failures: { gt: 0 } }, data: NO_FAILURES })
}
