/**
 * The lock of an account's row, which all that changes its credentials takes first.
 */
import type { Prisma } from '../../db/generated/client.ts'
import { Failure } from '../base/errors.ts'
import type { Account } from './account.ts'

type Tx = Prisma.TransactionClient

/** Holds an account's row until the transaction ends. */
export const lockRow = async (tx: Tx, userId: string): Promise<void> => {
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId} FOR UPDATE`
}

/**
 * Holds an account's row, and makes sure that its credentials are those that the request was checked with.
 * @throws {Failure} REAUTHENTICATION_REQUIRED if they changed since
 */
export const lockUnchanged = async (tx: Tx, seen: Account): Promise<void> => {
  await lockRow(tx, seen.id)
  const now = await tx.user.findUnique({ where: { id: seen.id }, select: { credentialVersion: true } })
  if (now?.credentialVersion !== seen.credentialVersion) throw new Failure('REAUTHENTICATION_REQUIRED')
}
