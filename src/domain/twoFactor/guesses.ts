/**
 * Guesses of second-factor codes, counted by account whatever the address and the route. A guess is counted before it is
 * looked at, in one statement, so that parallel guesses cannot outrun the limit; the right code sets the count back.
 * From the limit on each wrong one doubles the wait; from the hard limit on only a recovery code or an admin helps: other guesses are
 * refused unseen, and make nobody wait longer. The wait is bounded by LIMIT_PASSWORD_WINDOW.
 */

import { Failure } from '../base/errors.ts'
import type { Domain } from '../frame/domain.ts'
import { FIRST_WAIT } from '../limits/limits.ts'

const retryAfter = async (domain: Domain, userId: string): Promise<number> => {
  const account = await domain.db.user.findUnique({ where: { id: userId }, select: { twoFactorBlockedUntil: true } })
  const wait = (account?.twoFactorBlockedUntil?.getTime() ?? 0) - domain.clock.now().getTime()
  return Math.max(1, Math.ceil(Math.min(wait, domain.config.LIMIT_PASSWORD_WINDOW) / 1000))
}

/**
 * Counts a guess.
 * @throws {Failure} TOO_MANY_REQUESTS while the account waits, and beyond the hard limit unless it is a recovery code
 */
export async function countGuess(domain: Domain, userId: string, isRecoveryCode: boolean): Promise<void> {
  const now = domain.clock.now()
  const { LIMIT_CODE_FAILURES: limit, LIMIT_PASSWORD_WINDOW: window, LIMIT_CODE_FAILURES_HARD: hard } = domain.config
  const rows = await domain.db.$queryRaw<{ id: string }[]>`
    UPDATE users SET
      two_factor_failures = two_factor_failures + 1,
      two_factor_blocked_until = CASE WHEN two_factor_failures + 1 >= ${limit}
        THEN ${now}::timestamptz + LEAST(${FIRST_WAIT} * 2 ^ LEAST(two_factor_failures + 1 - ${limit}, 20), ${Math.ceil(window / 1000)}) * interval '1 second' END
    WHERE id = ${userId} AND (two_factor_blocked_until IS NULL OR two_factor_blocked_until <= ${now}::timestamptz)
      AND (two_factor_failures < ${hard} OR ${isRecoveryCode})
    RETURNING id`
  if (rows.length > 0) return
  throw new Failure('TOO_MANY_REQUESTS', { retryAfter: await retryAfter(domain, userId) }).about(userId)
}

export const forgetGuesses = async (domain: Domain, userId: string): Promise<void> => {
  await domain.db.user.updateMany({ where: { id: userId }, data: { twoFactorFailures: 0, twoFactorBlockedUntil: null } })
}
