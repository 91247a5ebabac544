/** One pipelined connection at a time, opened when it is needed. */
import type { Duplex } from 'node:stream'
import type pg from 'pg'
import { health, sever } from './connection.ts'
import { prepareSession } from './databaseSession.ts'
import { passingFault } from './passing.ts'
import { within } from './patience.ts'
import type { Servers } from './servers.ts'
import type { Trust } from './trust.ts'
import type { Waits } from './waits.ts'

/** After how many ms without an answer a lane is stuck. */
const STUCK = 300
/** How long a connection that is closed may answer what it was sent, in ms. */
const LAST_CALL = 2_000
/** For how long no other connection is tried after one that failed, in ms. */
const PAUSE = 1_000

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

/** Closes a connection that has answered, or after LAST_CALL. */
const retire = async (connection: pg.Client): Promise<void> => {
  const timer = setTimeout(() => sever(connection), LAST_CALL)
  await connection.end().catch(() => undefined)
  clearTimeout(timer)
}

export class Lane {
  private opening: Promise<void> | undefined
  private connection: pg.Client | undefined
  private isClosed = false
  private failedAt = Number.NEGATIVE_INFINITY
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

  /** The connection, if there is one on which a statement need not wait. Otherwise one is opened, for later statements. */
  ready(): pg.Client | undefined {
    const connection = this.present()
    if (connection === undefined) this.open()
    else if (this.unanswered > 0 && performance.now() - this.waitsSince > STUCK) return undefined
    return connection
  }

  /** The connection, unless it may not be used any more. */
  private present(): pg.Client | undefined {
    const { connection } = this
    if (connection === undefined || (!health(connection).spoilt && this.parts.trust.trusts(health(connection)))) return connection
    this.connection = undefined
    void retire(connection)
    return undefined
  }

  private open(): void {
    if (this.isClosed || this.opening !== undefined || performance.now() - this.failedAt < PAUSE) return
    this.opening = within(Number.POSITIVE_INFINITY, async () => await openOne(this.make, this.parts))
      .then(
        (connection) => this.take(connection),
        () => {
          this.failedAt = performance.now()
        },
      )
      .finally(() => {
        this.opening = undefined
      })
  }

  private take(connection: pg.Client): void {
    if (this.isClosed) return void retire(connection)
    this.unanswered = 0
    this.connection = connection
    connection.once('end', () => {
      if (this.connection === connection) this.connection = undefined
    })
  }

  /** What is sent in one turn of the event loop leaves in one packet. */
  private gather(connection: pg.Client): void {
    if (this.isGathering) return
    const { stream } = (connection as unknown as { connection: { stream: Duplex } }).connection
    this.isGathering = true
    stream.cork()
    setImmediate(() => {
      this.isGathering = false
      stream.uncork()
    })
  }

  private answered(connection: pg.Client): void {
    if (this.connection !== connection) return
    this.unanswered -= 1
    this.waitsSince = performance.now()
  }

  /** The rows of a statement on the connection that is ready. If it takes too long, so did those behind it: they fail with it. */
  ask(connection: pg.Client, query: pg.QueryArrayConfig): Promise<unknown[][]> {
    if (this.unanswered === 0) this.waitsSince = performance.now()
    this.unanswered += 1
    this.gather(connection)
    return new Promise((resolve, reject) => {
      connection.query<unknown[]>(query, (error, result) => {
        this.answered(connection)
        if (!error) return resolve(result.rows)
        if (passingFault(error)?.kind === 'slow') sever(connection, error)
        reject(error)
      })
    })
  }

  async end(): Promise<void> {
    this.isClosed = true
    const { connection } = this
    this.connection = undefined
    await this.opening
    if (connection !== undefined) await retire(connection)
  }
}
