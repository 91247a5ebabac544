/**
 * A connection that never waits without end. If an answer does not come in time, the connection is closed and not used again,
 * because a late answer would be taken for that of the next statement. Every failure to connect is a `DatabaseAway`, whatever its
 * reason, because the request is not at fault.
 */
import pg from 'pg'
import { reasonFor } from './databaseReasons.ts'
import type { TransactionSettings } from './databaseSession.ts'
import { DatabaseAway, OutOfTime } from './passing.ts'
import { timeLeft, wentElsewhere } from './patience.ts'
import type { Server, Servers } from './servers.ts'
import { beginStatement } from './statementSpan.ts'
import { transactionalQueries } from './transactionalQuery.ts'
import type { Waits } from './waits.ts'

export interface ConnectionParts {
  readonly settings: pg.ClientConfig
  readonly servers: Servers
  readonly waits: Waits
  /** A statement was answered, if only by an error. */
  readonly answered: () => void
  /** A statement was not answered in time. */
  readonly silent: () => void
  /** A statement failed because the server no longer accepts writes. */
  readonly demoted: () => void
  /** What each transaction brings, if nothing of a session remains (`transactionalQuery.ts`). */
  readonly transactions?: TransactionSettings | undefined
}

interface Health {
  readonly server: Server
  readonly openedAt: number
  /** When the last data came. */
  heardAt: number
  /** Must not be used again. */
  spoilt: boolean
}

const healthOf = new WeakMap<object, Health>()

export const health = (connection: object): Health => healthOf.get(connection) as Health

/** Closes a connection; callers that wait for an answer get `error`. */
export function sever(connection: object, error?: Error): void {
  health(connection).spoilt = true
  const { stream } = (connection as { connection: { stream: NodeJS.WritableStream & { destroy(error?: Error): void } } }).connection
  stream.destroy(error)
}

type Callback = (error: (Error & { code?: string | undefined }) | null | undefined, result?: unknown) => void

const boundConnect = (connection: pg.Client, { servers }: ConnectionParts): void => {
  const open = connection.connect.bind(connection) as (callback: Callback) => void
  const connect = (callback?: Callback): unknown => {
    if (callback === undefined) return new Promise<void>((resolve, reject) => connect((error) => (error ? reject(error) : resolve())))
    open((error) => {
      if (!error) return callback(null, connection)
      servers.failed(health(connection).server)
      callback(new DatabaseAway(reasonFor(error), { cause: error, state: error.code }))
    })
    return undefined
  }
  Object.assign(connection, { connect })
}

/** A request may have less time left than this, which says nothing about the server. */
const SILENCE = 1_500

const textOf = ([query]: readonly unknown[]): string => (typeof query === 'string' ? query : (query as { readonly text: string }).text)

const boundQueries = (connection: pg.Client, { waits, answered, silent, demoted, transactions }: ConnectionParts): void => {
  const plain = connection.query.bind(connection) as (...args: unknown[]) => unknown
  const send = transactions === undefined ? plain : transactionalQueries(connection, transactions)
  const state = health(connection)
  const heard: Callback = (error) => {
    const isReadOnly = error?.code === '25006'
    if (error && !isReadOnly && !(error instanceof pg.DatabaseError)) return
    state.heardAt = performance.now()
    if (isReadOnly) demoted()
    if (isReadOnly || error?.code?.startsWith('57P') === true) state.spoilt = true
    else answered()
  }
  const patience = (): NodeJS.Timeout | undefined => {
    const wait = Math.min(waits.query === 0 ? Number.POSITIVE_INFINITY : waits.query, timeLeft())
    if (wait === Number.POSITIVE_INFINITY) return undefined
    const giveUp = () => {
      if (wait >= SILENCE) silent()
      const late = wentElsewhere() ? new OutOfTime() : new DatabaseAway(`no answer within ${Math.max(0, Math.round(wait))} ms`)
      sever(connection, late)
    }
    return setTimeout(giveUp, Math.max(0, wait))
  }
  const query = (...args: unknown[]): unknown => {
    const timer = patience()
    const span = beginStatement(textOf(args))
    const done: Callback = (error) => {
      clearTimeout(timer)
      if (error) span?.fail(error)
      span?.end()
      heard(error)
    }
    const callback = args.at(-1)
    if (typeof callback === 'function') {
      const wrapped: Callback = (error, result) => {
        done(error)
        callback(error, result)
      }
      return send(...args.slice(0, -1), wrapped)
    }
    return (send(...args) as Promise<unknown>).then(
      (result) => {
        done(null)
        return result
      },
      (error) => {
        done(error)
        throw error
      },
    )
  }
  Object.assign(connection, { query })
}

/** The class of connections that a pool creates. */
export const connectionClass = (parts: ConnectionParts): (new () => pg.Client) =>
  class extends pg.Client {
    constructor() {
      const server = parts.servers.current()
      super({ ...parts.settings, ...server, connectionTimeoutMillis: parts.waits.connect })
      const now = performance.now()
      healthOf.set(this, { server, openedAt: now, heardAt: now, spoilt: false })
      boundConnect(this, parts)
      boundQueries(this, parts)
    }
  }
