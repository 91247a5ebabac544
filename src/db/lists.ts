/**
 * Reads that may be a little behind: lists and searches. They run on a streaming replica if there is one (`openReplica.ts`). What decides
 * who a caller is and what they may do, and what was just changed, is never read here.
 */
import type { PrismaClient } from './generated/client.ts'

export interface Lists {
  /** Runs `work`, which only reads, on the replica, or on the primary. What fails on the replica is repeated on the primary. */
  read<T>(work: (db: PrismaClient) => Promise<T>): Promise<T>
  /** Whether the replica is used now; absent without one. */
  readonly usesReplica?: () => boolean
}

export const listsOf = (client: PrismaClient): Lists => ({ read: async (work) => await work(client) })
