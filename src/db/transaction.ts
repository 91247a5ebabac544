/**
 * Runs work as one transaction, and again when it lost against another one (deadlock, serialization failure): 4 tries in all,
 * a few random milliseconds apart, so `work` must do nothing that cannot be done twice; what must wait for the commit is
 * handed to `afterCommit`.
 *
 * Inside, use `tx` only: PGlite has one connection, so a query on the client itself waits for this very transaction to end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient } from './errors.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'

/** Waiting for a connection, and from the first statement to the commit; milliseconds. */
export const transactionLimits = { maxWait: 10_000, timeout: 15_000 }

const retries = 3

type Actions = Set<() => void>

/** What each open transaction has to do when it is committed. */
const afterwards = new WeakMap<Prisma.TransactionClient, Actions>()

/** Runs `action` once the transaction of `tx` is committed, never if it is rolled back, and at once if `tx` is none. */
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

export async function inTransaction<T>(client: PrismaClient, work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await once(client, work)
    } catch (error) {
      if (tries === retries || !isTransient(error)) throw error
      await sleep(Math.random() * 20 * 2 ** tries)
    }
  }
}
