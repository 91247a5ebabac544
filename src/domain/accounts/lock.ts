/** The lock on an account's row. Everything that changes credentials takes it first. */
import type { Prisma } from '../../db/generated/client.ts'
import { Failure } from '../base/errors.ts'
import type { Account } from '../frame/account.ts'
import { accountColumns } from './userColumns.ts'

type Tx = Prisma.TransactionClient

/** Locks an account's row until the transaction ends. */
export const lockRow = async (tx: Tx, userId: string): Promise<void> => {
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId} FOR UPDATE`
}

/** Locks an account's row until the transaction ends, and returns it as it is now. */
export const lockAccount = async (tx: Tx, userId: string): Promise<Account | null> => {
  const [account] = await tx.$queryRaw<Account[]>`SELECT ${accountColumns} FROM users WHERE id = ${userId} FOR UPDATE`
  return account ?? null
}

/**
 * Locks an account's row, and checks that its credentials are still those that the request was authenticated with.
 * @throws {Failure} REAUTHENTICATION_REQUIRED if they have changed
 */
export const lockUnchanged = async (tx: Tx, seen: Account): Promise<void> => {
  await lockRow(tx, seen.id)
  const now = await tx.user.findUnique({ where: { id: seen.id }, select: { credentialVersion: true } })
  if (now?.credentialVersion !== seen.credentialVersion) throw new Failure('REAUTHENTICATION_REQUIRED')
}
