/**
 * Lists on a streaming replica while it can be used, and on the primary otherwise. Once a second both servers are asked how far they are
 * (`replicaProbe.ts`), so that no list is read that is more than `maxLag` behind. The log has a line when the replica is no longer used, with
 * the reason, and one when it is again.
 *
 * A statement that is not answered soon is repeated on the primary within the time of the request, and so is one that a standby cancels
 * because it conflicts with recovery (PostgreSQL 27.4.2).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import type { Log } from '../domain/base/ports.ts'
import { createClient } from './createClient.ts'
import { reasonFor } from './databaseReasons.ts'
import { connectionSettings, readDatabaseUrl } from './databaseUrl.ts'
import { withDirectStatements } from './directStatements.ts'
import type { PrismaClient } from './generated/client.ts'
import type { Lists } from './lists.ts'
import { passingFault } from './passing.ts'
import { within } from './patience.ts'
import { createPool, type PoolParts } from './pool.ts'
import { withReadableDates } from './readableDates.ts'
import { createReplicaProbe, NotReplica, type ReplicaProbe } from './replicaProbe.ts'
import { takeTurns } from './servers.ts'
import { StartupError } from './startupError.ts'
import { statementNames } from './statementNames.ts'
import type { Waits } from './waits.ts'

const MOST = 5
/** How often the servers are asked, at most, and how long their answers may take, in ms. */
const EVERY = 1_000
const PROBE = 2_000
/** How often they are asked at the start, until the replica has everything. */
const TRIES = 10
/** For how long a replica that failed is not used, in ms. */
const REST = 2_000

/** Short enough for a second try on the primary within the time of a request. */
const shortWaits = (waits: Waits): Waits => ({
  ...waits,
  pool: Math.min(waits.pool, 1_000),
  statement: Math.min(waits.statement, 2_000),
  query: Math.min(waits.query, 2_500),
})

export interface ReplicaOptions {
  readonly url: string
  /** In ms. */
  readonly maxLag: number
}

export interface ReplicaParts extends Pick<PoolParts, 'waits' | 'poolerMode' | 'onStatement'> {
  readonly schema: string
  readonly log: Log
  /** Where lists are read otherwise. */
  readonly client: PrismaClient
  /** Connections to the primary that are not busy with requests. */
  readonly primary: pg.Pool
}

export interface Replica extends Lists {
  close(): Promise<void>
}

/** Whether a replica can be used now, and the log of its changes. */
const createUse = (probe: ReplicaProbe, maxLag: number, log: Log) => {
  let isUsed = true
  let since = 0
  let reason: string | undefined
  let restsUntil = 0
  let isOver = false
  const judge = (): boolean => {
    if (isOver) return false
    const now = performance.now()
    // Once it is not used, it has to be clearly within the limit, so that it does not come and go.
    const isFresh = now - probe.shownUntil() <= (isUsed ? maxLag : maxLag / 2)
    const isUsable = isFresh && now >= restsUntil
    if (isUsable === isUsed) return isUsed
    isUsed = isUsable
    if (isUsable) log.info({ seconds: Math.round((now - since) / 100) / 10 }, 'lists are read from the replica again')
    else log.warn({ reason: reason ?? `the replica is more than ${maxLag} ms behind` }, 'lists are read from the primary')
    if (!isUsable) since = now
    return isUsable
  }
  return {
    judge,
    failed(why: string) {
      reason = why
      restsUntil = performance.now() + REST
      judge()
    },
    answered() {
      reason = undefined
      judge()
    },
    /** What fails while the connections are closed is not reported. */
    end() {
      isOver = true
    },
  }
}

type Use = ReturnType<typeof createUse>

const reasonOfReplica = (error: unknown): string => (error instanceof NotReplica ? error.message : reasonFor(error))

const ask = async (probe: ReplicaProbe): Promise<void> => {
  await within(PROBE, async () => await probe.askPrimary())
  await within(PROBE, async () => await probe.askReplica())
}

/** A replica that is a few milliseconds behind is asked again. */
const askFirst = async (probe: ReplicaProbe): Promise<void> => {
  for (let tries = 0; tries < TRIES && !Number.isFinite(probe.shownUntil()); tries += 1) {
    if (tries > 0) await sleep(50)
    await ask(probe)
  }
}

/** One round of questions. */
const check = async (probe: ReplicaProbe, use: Use): Promise<void> => {
  try {
    await within(PROBE, async () => await probe.askPrimary())
  } catch {
    // What is known of the replica becomes outdated meanwhile, and without the primary no session could read lists.
    return void use.judge()
  }
  await within(PROBE, async () => await probe.askReplica()).then(use.answered, (error: unknown) => use.failed(reasonOfReplica(error)))
}

const keepDoing = (work: () => Promise<void>, pause: number): (() => void) => {
  let timer: NodeJS.Timeout | undefined
  const next = (): void => {
    timer = setTimeout(() => void work().finally(() => timer && next()), pause).unref()
  }
  next()
  return () => {
    clearTimeout(timer)
    timer = undefined
  }
}

const createLists = (use: Use, own: PrismaClient, primary: PrismaClient): Lists => ({
  usesReplica: use.judge,
  async read(work) {
    if (use.judge()) {
      try {
        return await work(own)
      } catch (error) {
        const fault = passingFault(error)
        if (fault?.kind === 'away') use.failed(fault.reason)
      }
    }
    return await work(primary)
  },
})

/** @throws {StartupError} if the URL is wrong, or leads to another database; not if the replica is away */
export async function openReplica({ url, maxLag }: ReplicaOptions, parts: ReplicaParts): Promise<Replica> {
  const { schema, log, client, primary, waits, poolerMode, onStatement } = parts
  const address = readDatabaseUrl(url, 'DATABASE_READ_URL')
  const settings = connectionSettings(address)
  const { pool, end } = createPool({
    settings: { ...settings, application_name: `${settings.application_name} lists` },
    servers: takeTurns(address.servers),
    waits: shortWaits(waits),
    poolerMode,
    schema,
    onStatement,
    max: MOST,
    mayBeStandby: true,
    answered: () => {},
    demoted: () => {},
  })
  const names = poolerMode === 'session' ? { statementNameGenerator: statementNames() } : {}
  const adapter = withReadableDates(new PrismaPg(pool, { schema, ...names }))
  const own = withDirectStatements(createClient(adapter), await adapter.connect())
  const probe = createReplicaProbe(primary, pool)
  const use = createUse(probe, maxLag, log)
  const close = async (): Promise<void> => {
    await own.$disconnect()
    await end()
  }
  await askFirst(probe).catch(async (error: unknown) => {
    if (!(error instanceof NotReplica)) return use.failed(reasonOfReplica(error))
    await close()
    throw new StartupError(`DATABASE_READ_URL, ${address.name}, is not a replica of DATABASE_URL: ${error.message}`)
  })
  use.judge()
  const stop = keepDoing(async () => await check(probe, use), Math.min(EVERY, maxLag / 4))
  return {
    ...createLists(use, own, client),
    async close() {
      stop()
      use.end()
      await close()
    },
  }
}
