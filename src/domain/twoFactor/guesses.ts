/**
 * Counts guesses of second-factor codes by account, from any address and on every route. A guess is counted by one statement before
 * it is checked, so parallel guesses cannot exceed the limit; a right code resets the count. Beyond the limit, each wrong code
 * doubles the wait, up to LIMIT_PASSWORD_WINDOW. Beyond the hard limit, only a recovery code or an administrator helps: other
 * guesses are refused without a check, and do not prolong the wait.
 */

import { Failure } from '../base/errors.ts'
import type { Domain } from '../frame/domain.ts'
import { FIRST_WAIT } from '../limits/counting.ts'

const retryAfter = async (domain: Domain, userId: string): Promise<number> => {
  const account = await domain.db.user.findUnique({ where: { id: userId }, select: { twoFactorBlockedUntil: true } })
  const wait = (account?.twoFactorBlockedUntil?.getTime() ?? 0) - domain.clock.now().getTime()
  return Math.max(1, Math.ceil(Math.min(wait, domain.config.LIMIT_PASSWORD_WINDOW) / 1000))
}

/**
 * Counts a guess.
 * @throws {Failure} TOO_MANY_REQUESTS while the account must wait, and beyond the hard limit unless it is a recovery code
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
