/**
 * Growing delays for repeated wrong passwords, by what was typed and from where: the client address, and the /48 of an IPv6 address.
 * Each has a count of failures and, once there were too many, a gate that is closed for a time.
 *
 * `read` needs one statement, and none with counters in memory. Statements of others can read the rows beside their own, and give
 * them to `judge`: `keys` names the rows.
 */
import type { Pool } from 'pg'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import { Prisma } from '../../db/generated/client.ts'
import { addressGroup, widerGroup } from './addresses.ts'
import { keyOf, type MakeLimiter, waitAfter } from './counting.ts'

/** A row of `rate_limits`. */
export interface DelayRow {
  readonly key: string
  /** In ms since the epoch; null: never. */
  readonly expire: number | string | null
}

/** The rows of `keys`, as one value of another statement. */
export const delaysAt = (keys: readonly string[]): Prisma.Sql => Prisma.sql`(
  SELECT coalesce(jsonb_agg(jsonb_build_object('key', key, 'expire', expire)), '[]') FROM rate_limits WHERE key = ANY(${keys}::text[]))`

/** What the counters say of names and an address. */
export interface Delay {
  /** For how many ms these names must wait at the address; 0 if they need not. */
  readonly wait: number
  /** The same for the network of the address. */
  readonly networkWait: number
  /** Whether there are failures that a right password resets. */
  readonly isCounted: boolean
}

export interface PasswordDelays {
  /** The rows that `judge` needs; none if the counters are in memory. */
  keys(names: readonly string[], clientAddress: string): string[]
  judge(names: readonly string[], clientAddress: string, rows: readonly DelayRow[]): Promise<Delay>
  read(names: readonly string[], clientAddress: string): Promise<Delay>
  failed(name: string, clientAddress: string): Promise<void>
  succeeded(names: readonly string[], clientAddress: string): Promise<void>
}

export interface PasswordDelaysParts {
  readonly make: MakeLimiter
  /** Undefined: the counters are in memory. */
  readonly pool: Pool | undefined
  readonly limit: number
  /** How many failures a network may have. */
  readonly networkLimit: number
  /** In seconds. */
  readonly window: number
}

const pair = (name: string, group: string): string => keyOf(`${name}|${group}`)

/** Raises a counter and its end, in seconds from now, to at least these: what others write at the same time is not lowered. */
type Raise = (limiter: RateLimiterAbstract, key: string, points: number, seconds: number) => Promise<void>

const raiseInMemory: Raise = async (limiter, key, points, seconds) => {
  const { consumedPoints = 0, msBeforeNext = 0 } = (await limiter.get(key)) ?? {}
  await limiter.set(key, Math.max(points, consumedPoints), Math.max(seconds, msBeforeNext / 1000))
}

const raiseIn =
  (pool: Pool): Raise =>
  async (limiter, key, points, seconds) => {
    const text = `INSERT INTO rate_limits (key, points, expire) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE
      SET points = GREATEST(rate_limits.points, excluded.points), expire = GREATEST(rate_limits.expire, excluded.expire)`
    await pool.query(text, [limiter.getKey(key), points, Date.now() + seconds * 1000])
  }

/** The counters of one kind of address. */
const createCounters = (make: MakeLimiter, raise: Raise, kind: string, limit: number, window: number) => {
  const failures = make(`failure${kind}`, limit, window)
  const gate = make(`gate${kind}`, 1, window)
  return {
    failures,
    gate,
    async failed(key: string): Promise<void> {
      const { consumedPoints } = await failures.penalty(key)
      if (consumedPoints < limit) return
      const wait = waitAfter(consumedPoints - limit, window)
      await raise(gate, key, 1, wait)
      await raise(failures, key, consumedPoints, wait + window)
    },
  }
}

/** How long a counter still lives, in ms; 0 if there is none. */
type Life = (limiter: RateLimiterAbstract, key: string) => Promise<number>

const inMemory: Life = async (limiter, key) => Math.max(0, (await limiter.get(key))?.msBeforeNext ?? 0)

const inRows = (rows: readonly DelayRow[]): Life => {
  const ends = new Map(rows.map(({ key, expire }) => [key, expire === null ? Number.POSITIVE_INFINITY : Number(expire)]))
  return async (limiter, key) => Math.max(0, (ends.get(limiter.getKey(key)) ?? 0) - Date.now())
}

const longest = async (lives: readonly Promise<number>[]): Promise<number> => Math.max(0, ...(await Promise.all(lives)))

export function createPasswordDelays({ make, pool, limit, networkLimit, window }: PasswordDelaysParts): PasswordDelays {
  const raise = pool === undefined ? raiseInMemory : raiseIn(pool)
  const own = createCounters(make, raise, '', limit, window)
  const network = createCounters(make, raise, '48', networkLimit, window)

  const counters = (names: readonly string[], clientAddress: string) => {
    const wider = widerGroup(clientAddress)
    return {
      ownKeys: names.map((name) => pair(name, addressGroup(clientAddress))),
      networkKeys: wider === null ? [] : names.map((name) => pair(name, wider)),
    }
  }
  const keys: PasswordDelays['keys'] = (names, clientAddress) => {
    if (pool === undefined) return []
    const { ownKeys, networkKeys } = counters(names, clientAddress)
    return [
      ...ownKeys.flatMap((key) => [own.gate.getKey(key), own.failures.getKey(key)]),
      ...networkKeys.map((key) => network.gate.getKey(key)),
    ]
  }
  const judge: PasswordDelays['judge'] = async (names, clientAddress, rows) => {
    const life = pool === undefined ? inMemory : inRows(rows)
    const { ownKeys, networkKeys } = counters(names, clientAddress)
    return {
      wait: await longest(ownKeys.map((key) => life(own.gate, key))),
      networkWait: await longest(networkKeys.map((key) => life(network.gate, key))),
      isCounted: (await longest(ownKeys.map((key) => life(own.failures, key)))) > 0,
    }
  }
  return {
    keys,
    judge,
    async read(names, clientAddress) {
      const text = 'SELECT key, expire FROM rate_limits WHERE key = ANY($1)'
      const found = await pool?.query<DelayRow>(text, [keys(names, clientAddress)])
      return await judge(names, clientAddress, found?.rows ?? [])
    },
    async failed(name, clientAddress) {
      const { ownKeys, networkKeys } = counters([name], clientAddress)
      for (const key of ownKeys) await own.failed(key)
      for (const key of networkKeys) await network.failed(key)
    },
    async succeeded(names, clientAddress) {
      for (const key of counters(names, clientAddress).ownKeys) await own.failures.delete(key)
    },
  }
}
