/** One pipelined connection at a time, opened when it is needed. */
import type { Duplex } from 'node:stream'
import type pg from 'pg'
import { health, sever } from './connection.ts'
import { prepareSession } from './databaseSession.ts'
import { DatabaseAway, passingFault } from './passing.ts'
import { within } from './patience.ts'
import type { Servers } from './servers.ts'
import type { Trust } from './trust.ts'
import type { Waits } from './waits.ts'

/** After how many ms without an answer a lane is stuck. */
const STUCK = 300

export interface LaneParts {
  readonly servers: Servers
  readonly waits: Waits
  readonly trust: Trust
  /** The SQL that prepares a session. */
  readonly session: string
}

/** Opens a connection, on each of the servers in turn until one accepts writes. @throws {DatabaseAway} */
const openOne = async (make: () => pg.Client, { servers, waits, session }: LaneParts): Promise<pg.Client> => {
  for (let failures = 0; ; ) {
    const connection = make()
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

/** What `work` returns, if it does within `wait` ms. @throws {DatabaseAway} */
const inTime = async <T>(work: Promise<T>, wait: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(new DatabaseAway(`no connection within ${Math.max(0, Math.round(wait))} ms`, { code: 'POOL' }))
    timer = setTimeout(giveUp, Math.max(0, wait))
  })
  return await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

export class Lane {
  private opening: Promise<pg.Client> | undefined
  private connection: pg.Client | undefined
  /** Statements without an answer, and since when the first of them waits. */
  private unanswered = 0
  private waitsSince = 0
  private isGathering = false
  private readonly make: () => pg.Client
  private readonly parts: LaneParts

  constructor(make: () => pg.Client, parts: LaneParts) {
    this.make = make
    this.parts = parts
  }

  /** Whether a statement would have to wait. */
  isStuck(): boolean {
    return this.unanswered > 0 && performance.now() - this.waitsSince > STUCK
  }

  /** The connection, if there is one that may be used. */
  present(): pg.Client | undefined {
    const { connection } = this
    if (connection === undefined) return undefined
    const { spoilt, heardAt } = health(connection)
    if (!spoilt && heardAt >= this.parts.trust.since) return connection
    this.connection = undefined
    // It first answers what it was sent; what stays unanswered closes it.
    void connection.end().catch(() => undefined)
    return undefined
  }

  /** A new connection, the same one for all who ask meanwhile. @throws {DatabaseAway} */
  async opened(wait: number): Promise<pg.Client> {
    this.opening ??= within(Number.POSITIVE_INFINITY, async () => await openOne(this.make, this.parts))
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
    return await inTime(this.opening, wait)
  }

  /** What is sent in one turn of the event loop leaves in one packet. */
  private gather(connection: pg.Client): void {
    if (this.isGathering) return
    const { stream } = (connection as unknown as { connection: { stream: Duplex } }).connection
    this.isGathering = true
    stream.cork()
    process.nextTick(() => {
      this.isGathering = false
      stream.uncork()
    })
  }

  /** The rows of a statement. If it takes too long, so did those behind it: they fail with it. */
  ask(connection: pg.Client, query: pg.QueryArrayConfig): Promise<unknown[][]> {
    if (this.unanswered === 0) this.waitsSince = performance.now()
    this.unanswered += 1
    this.gather(connection)
    return new Promise((resolve, reject) => {
      connection.query<unknown[]>(query, (error, result) => {
        this.unanswered -= 1
        this.waitsSince = performance.now()
        if (!error) return resolve(result.rows)
        if (passingFault(error)?.kind === 'slow') sever(connection, error)
        reject(error)
      })
    })
  }

  async end(): Promise<void> {
    const connection = this.connection ?? (await this.opening?.catch(() => undefined))
    this.connection = undefined
    await connection?.end()
  }
}
