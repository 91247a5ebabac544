/**
 * Wrong passwords in a row, whatever the address they come from: of an account, in its row; of a client that it knows, a device at an
 * address that it signed in from, which goes on beyond the account's limit up to a limit of its own, and then has one look in each wait, so
 * that a stranger behind the same address locks nobody out for good; and of what was typed at sign-in, known or not, which decides what
 * an outsider is answered. So the answers for an account's username, for its address and for nobody's never differ.
 *
 * A right password, a finished reset and an administrator set an account's count back, and never that of what was typed: that ends a
 * day after the last wrong one, and a right password is taken whatever it says. Rows for what nobody has are bounded by the limits of
 * client addresses and by that day.
 */

import type { Account } from '../accounts/account.ts'
import type { Caller } from '../frame/caller.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { keyOf, waitAfter } from '../limits/limits.ts'
import { clientOf } from '../sessions/devices.ts'

/** What was typed is remembered this long after the last wrong password. */
const TYPED_REST = 24 * 3_600_000
/** More than this is not counted: no column overflows. */
const MOST = 1_000_000
const NO_FAILURES = { failures: 0, nextLookAt: null }

/** Where a client stands with an account before its password is looked at. */
export interface Standing {
  /** The account knows the client, which has not used up its own limit, or has a look again. */
  readonly isKnown: boolean
  /** Whether a password is looked at, or wrong whatever it is. */
  readonly isLookedAt: boolean
  /** Whether a right password has something to set back. */
  readonly isCounted: boolean
}

/** How many wrong passwords make an account's client one that has too many, and the longest wait, in seconds. */
const limitsOf = ({ config }: Domain) => ({
  hard: config.LIMIT_PASSWORD_FAILURES_HARD,
  window: Math.ceil(config.LIMIT_PASSWORD_WINDOW / 1000),
})

/** Takes the look that a known client with too many wrong passwords has in each wait; one of several at once gets it. */
const takeLook = async (domain: Domain, caller: Caller, userId: string, failures: number): Promise<boolean> => {
  const { hard, window } = limitsOf(domain)
  const { count } = await domain.db.knownClient.updateMany({
    where: { userId, ...clientOf(caller), OR: [{ nextLookAt: null }, { nextLookAt: { lte: domain.clock.now() } }] },
    data: { nextLookAt: later(domain, waitAfter(failures - hard, window) * 1000) },
  })
  return count === 1
}

/** One statement, the same for nobody; one more for a known client with too many wrong passwords. */
export const standingOf = async (domain: Domain, caller: Caller, account: Account | null): Promise<Standing> => {
  const id = account?.id ?? ''
  const { fingerprint, client: address } = clientOf(caller)
  const [row] = await domain.db.$queryRaw<{ failures: number | null; client: number | null }[]>`
    SELECT (SELECT password_failures FROM users WHERE id = ${id}) AS failures,
      (SELECT failures FROM known_clients WHERE user_id = ${id} AND fingerprint = ${fingerprint} AND client = ${address}) AS client`
  const { hard } = limitsOf(domain)
  const { failures = null, client = null } = row ?? {}
  const isOpen = failures !== null && failures < hard
  const isKnown = client !== null && (client < hard || (!isOpen && (await takeLook(domain, caller, id, client))))
  return { isKnown, isLookedAt: isKnown || isOpen, isCounted: (failures ?? 0) > 0 || (client ?? 0) > 0 }
}

/**
 * Counts a wrong password in one statement, the same for nobody; `typed` is null for a proof within a session.
 * @returns how many seconds who is not known to the account waits, or null below the limit
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

/** Sets an account's count back, and that of the client which showed the right password. */
export const forgetFailures = async (domain: Domain, caller: Caller, { id: userId }: Account): Promise<void> => {
  await domain.db.user.updateMany({ where: { id: userId }, data: { passwordFailures: 0 } })
  await domain.db.knownClient.updateMany({ where: { userId, ...clientOf(caller) }, data: NO_FAILURES })
}

/** Lets everybody try again: the account's count and those of all its clients are set back. Hold the account's row. */
export const forgetAllFailures = async (tx: Tx, userId: string): Promise<void> => {
  await tx.user.updateMany({ where: { id: userId, passwordFailures: { gt: 0 } }, data: { passwordFailures: 0 } })
  await tx.knownClient.updateMany({ where: { userId, failures: { gt: 0 } }, data: NO_FAILURES })
}
