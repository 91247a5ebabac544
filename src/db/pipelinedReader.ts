/**
 * The reader of PostgreSQL: a few connections on which statements are sent without waiting for the answers to those before (pipelining,
 * PostgreSQL 19.11, 34.5), so that no statement waits for a free connection. A connection is opened when it is needed, and replaced once it
 * is lost, was silent too long, or is no longer trusted; statements that it had not answered fail.
 */
import type pg from 'pg'
import { type ConnectionParts, connectionClass, health, sever } from './connection.ts'
import { prepareSession, sessionSql } from './databaseSession.ts'
import { DatabaseAway } from './passing.ts'
import { timeLeft, within } from './patience.ts'
import { arrayOf, type Reader } from './reader.ts'
import type { StatementListener } from './statements.ts'

const LANES = 2

export interface ReaderParts extends Omit<ConnectionParts, 'silent'> {
  /** The schema of our tables. */
  readonly schema: string
  readonly onStatement?: StatementListener | undefined
}

export interface PipelinedReader extends Reader {
  /** Present connections are not used again. */
  distrust(): void
  end(): Promise<void>
}

type Open = () => pg.Client

/** Opens a connection, on each of the servers in turn until one accepts writes. @throws {DatabaseAway} */
const openOne = async (open: Open, { servers, waits }: ReaderParts, session: string): Promise<pg.Client> => {
  for (let failures = 0; ; ) {
    const connection = open()
    connection.on('error', () => {
      health(connection).spoilt = true
    })
    try {
      await connection.connect()
      await within(waits.connect, async () => await prepareSession(connection, session))
      return connection
    } catch (error) {
      failures += 1
      servers.failed(health(connection).server)
      sever(connection)
      if (failures >= servers.count) throw error
    }
  }
}

/** What `work` returns, if it does in time. @throws {DatabaseAway} */
const inTime = async <T>(work: Promise<T>, wait: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(new DatabaseAway(`no connection within ${Math.max(0, Math.round(wait))} ms`, { code: 'POOL' }))
    timer = setTimeout(giveUp, Math.max(0, wait))
  })
  return await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** One connection at a time. */
class Lane {
  private opening: Promise<pg.Client> | undefined
  private connection: pg.Client | undefined
  private readonly open: () => Promise<pg.Client>

  constructor(open: () => Promise<pg.Client>) {
    this.open = open
  }

  /** The connection, if there is one that may be used. */
  present(trustedSince: number): pg.Client | undefined {
    const { connection } = this
    if (connection === undefined) return undefined
    const { spoilt, heardAt } = health(connection)
    if (!spoilt && heardAt >= trustedSince) return connection
    this.connection = undefined
    // It first answers what it was sent; what stays unanswered closes it.
    void connection.end().catch(() => undefined)
    return undefined
  }

  /** A new connection, the same one for all who ask meanwhile. */
  async opened(): Promise<pg.Client> {
    this.opening ??= this.open()
      .then((connection) => {
        connection.once('end', () => {
          if (this.connection === connection) this.connection = undefined
        })
        this.connection = connection
        return connection
      })
      .finally(() => {
        this.opening = undefined
      })
    return await this.opening
  }

  async end(): Promise<void> {
    const connection = this.connection ?? (await this.opening?.catch(() => undefined))
    this.connection = undefined
    await connection?.end()
  }
}

export function createPipelinedReader(parts: ReaderParts): PipelinedReader {
  const { schema, waits, onStatement } = parts
  let trustedSince = 0
  const distrust = (): void => {
    trustedSince = performance.now()
  }
  const Connection = connectionClass({ ...parts, settings: { ...parts.settings, pipeline: true } as pg.ClientConfig, silent: distrust })
  const session = sessionSql(waits, schema)
  const open = async () => await within(Number.POSITIVE_INFINITY, async () => await openOne(() => new Connection(), parts, session))
  const lanes = Array.from({ length: LANES }, () => new Lane(open))
  let turn = 0
  return {
    distrust,
    async first({ name, text }, value) {
      turn = (turn + 1) % LANES
      const lane = lanes[turn] as Lane
      const connection = lane.present(trustedSince) ?? (await inTime(lane.opened(), Math.min(waits.pool, timeLeft())))
      onStatement?.(text)
      const query: pg.QueryArrayConfig = { name, text, values: [value], rowMode: 'array' }
      return await new Promise<readonly unknown[] | undefined>((resolve, reject) => {
        connection.query<unknown[]>(query, (error, result) => (error ? reject(error) : resolve(arrayOf(result.rows))))
      })
    },
    async end() {
      await Promise.all(lanes.map(async (lane) => await lane.end()))
    },
  }
}
