/** A transaction that may take hours: for what reads or writes a whole database. The server's limits of time do not apply to it. */
import type { Prisma, PrismaClient } from './generated/client.ts'

/** In ms. Prisma needs some limit. */
const A_DAY = 86_400_000

export interface LongOptions {
  /** Whether all of its statements see the database as it was at the first one. The embedded database has no other users anyway. */
  readonly isSnapshot?: boolean
}

/** Each statement must still be answered within DATABASE_QUERY_TIMEOUT, so let it be short. */
export const longTransaction = async <T>(
  client: PrismaClient,
  work: (tx: Prisma.TransactionClient) => Promise<T>,
  { isSnapshot = false }: LongOptions = {},
): Promise<T> =>
  await client.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`
      return await work(tx)
    },
    { timeout: A_DAY, ...(isSnapshot ? { isolationLevel: 'RepeatableRead' } : {}) },
  )
