/** Asks a primary and its replica who they are, and how far their write-ahead logs are. Cost: a small statement on each. */
import type pg from 'pg'
import { createFreshness, positionOf } from './freshness.ts'

/** The cluster, which a replica shares with its primary, and the database in it. */
const IDENTITY = `(SELECT system_identifier::text FROM pg_control_system()) || ' ' ||
  (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS identity, pg_postmaster_start_time()::text AS started`
const PRIMARY = `SELECT ${IDENTITY}, pg_current_wal_flush_lsn()::text AS position`
const REPLICA = `SELECT ${IDENTITY}, pg_is_in_recovery() AS is_standby, pg_last_wal_replay_lsn()::text AS position`

interface Server {
  readonly identity: string
  readonly started: string
}

interface Primary extends Server {
  readonly position: string
}

interface Standby extends Server {
  readonly is_standby: boolean
  /** Null: it has replayed nothing yet. */
  readonly position: string | null
}

/** The server cannot be the replica. The message says why. */
export class NotReplica extends Error {}

const one = async <Row extends pg.QueryResultRow>(pool: pg.Pool, sql: string): Promise<Row> => (await pool.query<Row>(sql)).rows[0] as Row

export interface ReplicaProbe {
  /** @throws {unknown} the error of the primary; nothing is known of the replica */
  askPrimary(): Promise<void>
  /** After `askPrimary`. @throws {NotReplica | unknown} */
  askReplica(): Promise<void>
  /** The replica shows everything until this time, in ms as `performance.now()` counts. */
  shownUntil(): number
}

export function createReplicaProbe(primary: pg.Pool, replica: pg.Pool): ReplicaProbe {
  const freshness = createFreshness()
  let known: Primary | undefined
  return {
    async askPrimary() {
      const at = performance.now()
      const found = await one<Primary>(primary, PRIMARY)
      if (known !== undefined && known.started !== found.started) freshness.reset()
      known = found
      freshness.written(positionOf(found.position), at)
    },
    async askReplica() {
      const found = await one<Standby>(replica, REPLICA)
      if (found.identity !== known?.identity) throw new NotReplica('it is another database')
      // The primary itself will do.
      if (!found.is_standby && found.started !== known.started) throw new NotReplica('it is no replica: it accepts writes of its own')
      freshness.replayed(positionOf(found.is_standby ? (found.position ?? '0/0') : known.position))
    },
    shownUntil: freshness.shownUntil,
  }
}
