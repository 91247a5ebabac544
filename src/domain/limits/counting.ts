/** What all counters have in common: their keys and waits, and where they are kept. */
import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { type RateLimiterAbstract, RateLimiterPostgres } from 'rate-limiter-flexible'
import { Failure } from '../base/errors.ts'
import { BoundedMemory } from './boundedMemory.ts'

/** The first wait beyond a limit, in seconds; each further failure doubles it. */
export const FIRST_WAIT = 30

/** The wait in seconds, `more` failures beyond the limit. */
export const waitAfter = (more: number, window: number): number => Math.min(FIRST_WAIT * 2 ** Math.min(more, 30), window)

/** Counters of one kind in memory, about 500 bytes each. */
const MOST_IN_MEMORY = 20_000

/** A key of limited length for text of any length. */
export const keyOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The failure of somebody who must wait so many milliseconds. */
export const tooMany = (wait: number): Failure => new Failure('TOO_MANY_REQUESTS', { retryAfter: Math.max(1, Math.ceil(wait / 1000)) })

/** A limiter that lets `points` through within `duration` seconds. */
export type MakeLimiter = (keyPrefix: string, points: number, duration: number) => RateLimiterAbstract

const inMemory: MakeLimiter = (keyPrefix, points, duration) => new BoundedMemory({ keyPrefix, points, duration }, MOST_IN_MEMORY)
const inPostgres =
  (pool: Pool): MakeLimiter =>
  (keyPrefix, points, duration) =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix,
      points,
      duration,
    })

/** Makes limiters in PostgreSQL, or in memory without it. */
export const limitersIn = (pool: Pool | undefined): MakeLimiter => (pool === undefined ? inMemory : inPostgres(pool))
