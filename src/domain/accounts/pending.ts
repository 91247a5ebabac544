/** Pending steps of an account: sign-ins that wait for a code, and mailed tokens that were not used yet. */
import type { Tx } from '../frame/domain.ts'

/**
 * Invalidates login codes and mailed tokens, except those that only verify the present address. Resets mailed to `sparedAddress`
 * stay valid: otherwise a thief could invalidate those of the owner again and again.
 */
export const dropPending = async (tx: Tx, userId: string, sparedAddress: string | null = null): Promise<void> => {
  await tx.loginCode.deleteMany({ where: { userId } })
  const spared = sparedAddress === null ? {} : { NOT: { purpose: 'reset_password', address: sparedAddress } }
  await tx.mailToken.deleteMany({ where: { userId, purpose: { not: 'verify_email' }, ...spared } })
}
