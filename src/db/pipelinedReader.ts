/**
 * The reader of PostgreSQL: a few connections on which statements are sent without waiting for the answers to those before (pipelining,
 * PostgreSQL 19.11, 34.5), so that no statement waits for a free connection. A connection is opened when it is needed, and replaced once it
 * is lost or no longer trusted.
 *
 * A statement waits for those before it. So where one is not answered soon, the next ones take a connection of the pool, and so they do while
 * none is open here. Those that were not answered when a connection was lost are repeated there, which does no harm, since they only read.
 */
import pg from 'pg'
import { type ConnectionParts, connectionClass } from './connection.ts'
import { sessionSql } from './databaseSession.ts'
import { Lane } from './lane.ts'
import { timeLeft } from './patience.ts'
import { arrayOf, type ClosableReader, type ReadStatement } from './reader.ts'
import type { StatementListener } from './statements.ts'
import type { Trust } from './trust.ts'

export const LANES = 2
/** With less time left, in ms, a statement is not repeated. */
const LEAST = 500

/** The states with which PostgreSQL ends a connection (appendix A). */
const ENDS = /^(?:08|57P0|25P03)/

export interface ReaderParts extends Omit<ConnectionParts, 'silent'> {
  /** The schema of our tables. */
  readonly schema: string
  readonly trust: Trust
  /** For statements that must not wait behind others. */
  readonly pool: pg.Pool
  readonly onStatement?: StatementListener | undefined
}

/** Whether the connection failed, and not the statement. */
const isLoss = (error: unknown): boolean => !(error instanceof pg.DatabaseError) || ENDS.test(error.code ?? '')

export function createPipelinedReader(parts: ReaderParts): ClosableReader {
  const { schema, waits, trust, pool, onStatement } = parts
  const settings = { ...parts.settings, application_name: `${parts.settings.application_name} sessions`, pipeline: true } as pg.ClientConfig
  const Connection = connectionClass({ ...parts, settings, silent: trust.silent })
  const session = sessionSql(waits, schema)
  const lanes = Array.from({ length: LANES }, () => new Lane(() => new Connection(), { ...parts, session }))
  let turn = 0

  const ask = async (query: pg.QueryArrayConfig): Promise<unknown[][]> => {
    turn = (turn + 1) % LANES
    for (const lane of [lanes[turn], lanes[(turn + 1) % LANES]] as Lane[]) {
      const connection = lane.ready()
      if (connection === undefined) continue
      onStatement?.(query.text)
      try {
        return await lane.ask(connection, query)
      } catch (error) {
        if (!isLoss(error) || timeLeft() < LEAST) throw error
        break
      }
    }
    return (await pool.query<unknown[]>(query)).rows
  }

  return {
    async first({ name, text }: ReadStatement, value) {
      return arrayOf(await ask({ name, text, values: [value], rowMode: 'array' }))
    },
    async end() {
      await Promise.all(lanes.map(async (lane) => await lane.end()))
    },
  }
}
