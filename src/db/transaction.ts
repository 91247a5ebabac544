/**
 * Runs work as one transaction, and again when it lost against another one (deadlock, serialization failure): 4 tries in all,
 * a few random milliseconds apart, so `work` must do nothing that can not be done twice, such as sending a mail.
 *
 * Inside, use `tx` only: PGlite has one connection, so a query on the client itself waits for this very transaction to end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient } from './errors.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'

/** Waiting for a connection, and from the first statement to the commit; milliseconds. */
export const transactionLimits = { maxWait: 10_000, timeout: 15_000 }

const retries = 3

export async function inTransaction<T>(client: PrismaClient, work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await client.$transaction(work, transactionLimits)
    } catch (error) {
      if (tries === retries || !isTransient(error)) throw error
      await sleep(Math.random() * 20 * 2 ** tries)
    }
  }
}
