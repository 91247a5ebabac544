/** Metrics of what requests wait for: the queue of password hashes, the database and its connections, the outbox of mails. */
import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../../db/database.ts'
import type { Domain } from '../../domain/frame/domain.ts'

/** How long the count of the outbox is kept, in ms: it is a statement of the database. */
const OUTBOX_MS = 10_000

interface Waiting {
  readonly entries: number
  /** The age of the oldest, in seconds. */
  readonly oldest: number
}

/** What waits in the outbox; undefined while the database does not say. */
const readOutbox = async ({ db, clock }: Domain): Promise<Waiting | undefined> => {
  const where = { failedAt: null }
  const { _count: entries, _min } = await db.outboxEntry.aggregate({ where, _count: true, _min: { createdAt: true } })
  const oldest = _min.createdAt === null ? 0 : Math.max(0, clock.now().getTime() - _min.createdAt.getTime()) / 1_000
  return { entries, oldest }
}

const outboxReader = (domain: Domain): (() => Promise<Waiting | undefined>) => {
  let until = 0
  let last: Promise<Waiting | undefined> = Promise.resolve(undefined)
  return () => {
    if (performance.now() >= until) {
      until = performance.now() + OUTBOX_MS
      last = readOutbox(domain).catch(() => undefined)
    }
    return last
  }
}

export function addDomainMetrics(registry: Registry, domain: Domain, database: Pick<Database, 'pool'>): void {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number | undefined | Promise<number | undefined>): void => {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const value = await read()
        if (value === undefined) this.reset()
        else this.set(value)
      },
    })
  }
  const { hasher, outage } = domain
  gauge('vestibule_hashes_running', 'Password hashes that are computed now.', () => hasher.load().running)
  gauge('vestibule_hashes_waiting', 'Work that waits for a core, in hashes.', () => hasher.load().waiting)
  gauge('vestibule_hashes_waiting_limit', 'How much may wait in this process; beyond that, 503.', () => hasher.load().limit)
  gauge('vestibule_database_away', '1 while the database is away or too slow, else 0.', () => (outage.isNow() ? 1 : 0))
  const { pool } = database
  if (pool !== undefined) {
    gauge('vestibule_database_connections', 'Open connections of the pool.', () => pool.totalCount)
    gauge('vestibule_database_connections_idle', 'Those of them that nothing uses.', () => pool.idleCount)
    gauge('vestibule_database_connections_limit', 'How many the pool may open.', () => pool.options.max)
    gauge('vestibule_database_waiting', 'Statements that wait for a connection.', () => pool.waitingCount)
  }
  const outbox = outboxReader(domain)
  // Every worker reads the same table.
  for (const [name, help, pick] of [
    ['vestibule_outbox_entries', 'Mails and requested resets that wait, of all processes on the database.', 'entries'],
    ['vestibule_outbox_oldest_seconds', 'The age of the oldest of them.', 'oldest'],
  ] as const)
    new Gauge({
      name,
      help,
      registers,
      aggregator: 'max',
      async collect() {
        const read = await outbox()
        if (read !== undefined) this.set(read[pick])
      },
    })
}
