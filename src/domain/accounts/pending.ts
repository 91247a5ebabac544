/**
 * What an account has under way: a sign-in that waits for its code, and mails that wait for their answer.
 */
import type { Tx } from '../frame/domain.ts'

/**
 * Kills what an account has under way: login codes and mailed tokens, but those that only verify the address that it has. Resets that
 * were mailed to `sparedAddress` go on: a thief must not be able to kill those of the owner again and again.
 */
export const dropPending = async (tx: Tx, userId: string, sparedAddress: string | null = null): Promise<void> => {
  await tx.loginCode.deleteMany({ where: { userId } })
  const spared = sparedAddress === null ? {} : { NOT: { purpose: 'reset_password', address: sparedAddress } }
  await tx.mailToken.deleteMany({ where: { userId, purpose: { not: 'verify_email' }, ...spared } })
}
