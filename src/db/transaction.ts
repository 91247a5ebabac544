/**
 * Runs work as a transaction, and repeats it if it failed because of a concurrent one (deadlock, serialization failure): 4
 * attempts, a few random milliseconds apart. So `work` must be repeatable; what must wait for the commit goes to `afterCommit`.
 * A single statement is a transaction by itself, which saves the round trips of BEGIN and COMMIT; it needs only `repeatedly`.
 *
 * Inside, use only `tx`: PGlite has one connection, so a query on the client would wait for this transaction to end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient } from './databaseErrors.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'

/** Limits for getting a connection, and from the first statement to the commit, in milliseconds. */
export const transactionLimits = { maxWait: 10_000, timeout: 15_000 }

const retries = 3

type Actions = Set<() => void>

/** What each open transaction must do after its commit. */
const afterwards = new WeakMap<Prisma.TransactionClient, Actions>()

/** Runs `action` once the transaction of `tx` is committed, never if it is rolled back, and at once if `tx` is not a transaction. */
export const afterCommit = (tx: Prisma.TransactionClient, action: () => void): void => {
  const actions = afterwards.get(tx)
  if (actions === undefined) action()
  else actions.add(action)
}

const once = async <T>(client: PrismaClient, work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> => {
  const actions: Actions = new Set()
  const result = await client.$transaction(async (tx) => {
    afterwards.set(tx, actions)
    return await work(tx)
  }, transactionLimits)
  for (const action of actions) action()
  return result
}

/** Runs `work` again if it failed because of a concurrent transaction. */
export async function repeatedly<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (tries === retries || !isTransient(error)) throw error
      await sleep(Math.random() * 20 * 2 ** tries)
    }
  }
}

export const inTransaction = async <T>(client: PrismaClient, work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> =>
  await repeatedly(async () => await once(client, work))
