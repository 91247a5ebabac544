/**
 * Races that are run on purpose: something is held at a row until somebody else has changed it. On PostgreSQL only; PGlite has one
 * connection, and no such race.
 */
import type { Tx } from '../../src/domain/frame/domain.ts'
import type { World } from './world.ts'

type Step = (tx: Tx) => Promise<unknown>

const untilSomebodyWaits = async (tx: Tx): Promise<void> => {
  for (let waiting: unknown[] = []; waiting.length === 0; )
    waiting = await tx.$queryRaw<unknown[]>`SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))`
}

/** Begins `work` while `hold` holds a row that it needs, and lets it go on after `change`. */
export const overtaken = async <T>(world: Pick<World, 'db'>, hold: Step, change: Step, work: () => Promise<T>): Promise<T> => {
  const { result } = await world.db.client.$transaction(async (tx) => {
    await hold(tx)
    const under = { result: work() }
    await untilSomebodyWaits(tx)
    await change(tx)
    return under
  })
  return await result
}

/** Holds the row of an account. */
export const account =
  ({ id }: { readonly id: string }): Step =>
  (tx) =>
    tx.$queryRaw`SELECT id FROM users WHERE id = ${id} FOR UPDATE`

/** Changes the row of an account. */
export const changed =
  ({ id }: { readonly id: string }, data: Parameters<Tx['user']['update']>[0]['data']): Step =>
  (tx) =>
    tx.user.update({ where: { id }, data })
