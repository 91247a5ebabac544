/** A pool of these connections. One that is returned within a transaction, or after its server became read-only, is closed. */
import pg from 'pg'
import { type ConnectionParts, connectionClass, health, sever } from './connection.ts'
import { LOOK, prepareSession, sessionSql, transactionSettings } from './databaseSession.ts'
import { DatabaseAway, OutOfTime } from './passing.ts'
import { timeLeft, wentElsewhere, within } from './patience.ts'
import type { PoolerMode } from './poolerMode.ts'
import { listenToConnection, type StatementListener } from './statements.ts'
import { createTrust, type Trust } from './trust.ts'

export interface PoolParts extends Omit<ConnectionParts, 'silent' | 'transactions'> {
  readonly max: number
  readonly poolerMode: PoolerMode
  /** Whether servers that accept no writes will do. */
  readonly mayBeStandby?: boolean
  readonly trust?: Trust
  /** The schema of our tables. */
  readonly schema: string | undefined
  readonly onStatement?: StatementListener | undefined
  /** 0: connections are kept. */
  readonly idleTimeout?: number
}

type Connected = (error: Error | undefined, connection?: pg.PoolClient, release?: pg.PoolClient['release']) => void
type Take = (callback: (error: Error | undefined, connection?: pg.PoolClient) => void) => void

/** How long closing waits for running statements, in ms. */
const PATIENCE = 2_000

/** A connection of the pool within `wait` ms; one that comes too late is returned to the pool. */
const takeWithin = (take: Take, wait: number): Promise<pg.PoolClient> =>
  new Promise((resolve, reject) => {
    let late = false
    const giveUp = () => {
      late = true
      const away = () => new DatabaseAway(`no free connection within ${Math.max(0, Math.round(wait))} ms`, { isBusy: true })
      reject(wentElsewhere() ? new OutOfTime() : away())
    }
    const timer = setTimeout(giveUp, Math.max(0, wait))
    take((error, connection) => {
      clearTimeout(timer)
      if (late) connection?.release()
      else if (connection === undefined) reject(error)
      else resolve(connection)
    })
  })

const isOpenTransaction = (connection: pg.PoolClient): boolean => {
  const status = (connection as unknown as { getTransactionStatus(): string | null }).getTransactionStatus()
  return status !== null && status !== 'I'
}

/** Closes a connection that must not be used again. */
const guardRelease = (connection: pg.PoolClient): pg.PoolClient => {
  const { release } = connection
  return Object.assign(connection, {
    release: (error?: Error | boolean) => release(error || health(connection).spoilt || isOpenTransaction(connection)),
  })
}

const boundConnect = (pool: pg.Pool, { servers, waits }: PoolParts, trust: Trust): void => {
  const take = pool.connect.bind(pool) as Take
  const acquire = async (): Promise<pg.PoolClient> => {
    const until = performance.now() + Math.min(waits.pool, timeLeft())
    for (let failures = 0; ; ) {
      try {
        const connection = guardRelease(await takeWithin(take, until - performance.now()))
        if (trust.trusts(health(connection))) return connection
        connection.release(true)
      } catch (error) {
        failures += 1
        if (failures >= servers.count) throw error
      }
    }
  }
  const connect = (callback?: Connected): unknown => {
    if (callback === undefined) return acquire()
    void acquire().then(
      (connection) => callback(undefined, connection, connection.release),
      (error: Error) => callback(error),
    )
    return undefined
  }
  Object.assign(pool, { connect })
}

export interface BoundPool {
  readonly pool: pg.Pool
  /** Waits a little for running statements, and closes the rest. */
  end(): Promise<void>
}

export function createPool(parts: PoolParts): BoundPool {
  const { max, schema, waits, servers, onStatement, idleTimeout, poolerMode, mayBeStandby = false, trust = createTrust() } = parts
  const lasts = poolerMode === 'session'
  const sql = lasts ? sessionSql(waits, schema) : LOOK
  const transactions = lasts ? undefined : transactionSettings(waits, schema, mayBeStandby)
  const pool = new pg.Pool({
    max,
    connectionTimeoutMillis: Math.max(waits.pool, waits.connect),
    ...(idleTimeout === undefined ? {} : { idleTimeoutMillis: idleTimeout }),
    Client: connectionClass({ ...parts, silent: trust.silent, transactions }),
    onConnect: async (connection) => {
      await within(waits.connect, async () => await prepareSession(connection, sql, mayBeStandby)).catch((error: unknown) => {
        servers.failed(health(connection).server)
        throw error
      })
      if (onStatement) listenToConnection(connection, onStatement)
    },
  })
  boundConnect(pool, parts, trust)
  const open = new Set<pg.PoolClient>()
  pool.on('connect', (connection) => open.add(connection)).on('remove', (connection) => open.delete(connection))
  // Without a listener, the loss of an idle connection would end the process, also while the pool is being closed.
  pool.on('error', () => undefined)
  return {
    pool,
    async end() {
      const cut = setTimeout(() => {
        for (const connection of open) sever(connection)
      }, PATIENCE)
      await pool.end().finally(() => clearTimeout(cut))
    },
  }
}
