/**
 * Limits on guessing. They belong to operations, so they are the same on every surface. Counters are in memory with the embedded
 * database, which has one process, and otherwise in PostgreSQL, where processes share them.
 *
 * Outsiders can create counters, so their number is limited: in memory to MOST_IN_MEMORY of a kind, where the least recently used
 * is dropped; in PostgreSQL by what `attempt` lets through, until they expire and `jobs/deleteExpired.ts` deletes them.
 *
 * Wrong passwords are counted by what was typed as the account, and by client address; beyond a limit, each further failure doubles
 * the wait, up to the window. Those of an account from any address are counted in its row (`passwords/tries.ts`), and so are
 * second-factor codes (`twoFactor/guesses.ts`).
 */
import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Pool } from 'pg'
import { type RateLimiterAbstract, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from '../../config.ts'
import { Failure } from '../base/errors.ts'
import { BoundedMemory } from './boundedMemory.ts'

/** What is changed: other accounts; the end of the account's sessions and tokens; its password; or anything else of the account. */
export type ChangeKind = 'own' | 'ends' | 'password' | 'others'

export interface Limits {
  /** Counts an attempt of a client address, and of the session's account, if there is one. @throws {Failure} TOO_MANY_REQUESTS */
  attempt(clientAddress: string, account?: string): Promise<void>
  /** @throws {Failure} TOO_MANY_REQUESTS while this account name must wait at this address */
  passwordGate(typed: string, clientAddress: string): Promise<void>
  /** The same for the network of an IPv6 address. @throws {Failure} TOO_MANY_REQUESTS */
  passwordNetworkGate(typed: string, clientAddress: string): Promise<void>
  passwordFailed(typed: string, clientAddress: string): Promise<void>
  passwordSucceeded(typed: string, clientAddress: string): Promise<void>
  /** Counts a guess at the mailed codes of an account, over all its mails. @throws {Failure} TOO_MANY_REQUESTS: only the links work */
  mailCode(account: string): Promise<void>
  mailCodeFitted(account: string): Promise<void>
  /** Counts a change that an account makes to itself or to others. @throws {Failure} TOO_MANY_REQUESTS */
  change(kind: ChangeKind, account: string): Promise<void>
  /** Uncounts a change that was not made. */
  changeRefused(kind: ChangeKind, account: string): Promise<void>
}

/** The first wait beyond a limit, in seconds; each further failure doubles it. */
export const FIRST_WAIT = 30

/** The wait in seconds, `more` failures beyond the limit. */
export const waitAfter = (more: number, window: number): number => Math.min(FIRST_WAIT * 2 ** Math.min(more, 30), window)

/** Guesses at mailed codes; each newer mail has a new code. */
const MAIL_CODES_A_DAY = 30
const DAY_SECONDS = 86_400

/**
 * One customer with an IPv6 /48 has 65,536 networks of /64, and one account may use many addresses. The whole /48, or the account,
 * may do this many times what one address may.
 */
const WHOLE = 4
const HOUR_SECONDS = 3_600
/** Administrators manage whole user bases, also with scripts. */
const OTHERS_FOR_ONE_OWN = 100

/** Counters of one kind in memory, about 500 bytes each. */
const MOST_IN_MEMORY = 20_000

/** A key of limited length for text of any length. */
export const keyOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The first `bits` of an IPv6 address; an IPv4 address as a whole, however it is written. */
const prefixOf = (clientAddress: string, bits: number): string => {
  if (!ipaddr.isValid(clientAddress)) return clientAddress
  const address = ipaddr.process(clientAddress)
  if (address.kind() === 'ipv4') return address.toString()
  const parts = (address as ipaddr.IPv6).parts.slice(0, bits / 16)
  return `${parts.map((part) => part.toString(16)).join(':')}::/${bits}`
}

/** The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address. */
export const addressGroup = (clientAddress: string): string => prefixOf(clientAddress, 64)

/** The network that one customer may have: an IPv4 address, or the /48 of an IPv6 address. */
export const networkGroup = (clientAddress: string): string => prefixOf(clientAddress, 48)

/** The network around an address, unless it is the address alone. */
const widerGroup = (clientAddress: string): string | null => {
  const network = networkGroup(clientAddress)
  return network === addressGroup(clientAddress) ? null : network
}

const tooMany = (msBeforeNext: number) => new Failure('TOO_MANY_REQUESTS', { retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1000)) })

type MakeLimiter = (keyPrefix: string, points: number, duration: number) => RateLimiterAbstract

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

/** Takes a point; returns the milliseconds to wait if none is left. */
const consume = async (limiter: RateLimiterAbstract, key: string): Promise<number> => {
  try {
    await limiter.consume(key)
    return 0
  } catch (result) {
    if (result instanceof RateLimiterRes) return Math.max(1, result.msBeforeNext)
    throw result
  }
}

/** Growing delays for repeated failures; the key is what was typed and from where. */
const createDelays = (make: MakeLimiter, kind: string, limit: number, window: number) => {
  const failures = make(`failure${kind}`, limit, window)
  const gate = make(`gate${kind}`, 1, window)
  return {
    async check(key: string): Promise<void> {
      const closed = await gate.get(key)
      if (closed !== null && closed.msBeforeNext > 0) throw tooMany(closed.msBeforeNext)
    },
    async failed(key: string): Promise<void> {
      const { consumedPoints } = await failures.penalty(key)
      if (consumedPoints < limit) return
      const wait = waitAfter(consumedPoints - limit, window)
      await gate.set(key, 1, wait)
      await failures.set(key, consumedPoints, wait + window)
    },
    succeeded: async (key: string): Promise<void> => void (await failures.delete(key)),
  }
}

export function createLimits(config: Config, pool: Pool | undefined): Limits {
  const make = pool === undefined ? inMemory : inPostgres(pool)
  const { LIMIT_ADDRESS_PER_MINUTE: perMinute, LIMIT_PASSWORD_FAILURES: failures } = config
  const window = Math.ceil(config.LIMIT_PASSWORD_WINDOW / 1000)
  const attempts = make('attempt', perMinute, 60)
  const networkAttempts = make('attempt48', perMinute * WHOLE, 60)
  const accountAttempts = make('attemptOf', perMinute * WHOLE, 60)
  const delays = createDelays(make, '', failures, window)
  const networkDelays = createDelays(make, '48', failures * WHOLE, window)
  const mailCodes = make('mailCode', MAIL_CODES_A_DAY, DAY_SECONDS)
  const changes = {
    own: make('change', config.LIMIT_CHANGES, HOUR_SECONDS),
    ends: make('changeEnds', config.LIMIT_CHANGES, HOUR_SECONDS),
    password: make('changePassword', config.LIMIT_CHANGES, HOUR_SECONDS),
    others: make('changeOthers', config.LIMIT_CHANGES * OTHERS_FOR_ONE_OWN, HOUR_SECONDS),
  }
  const take = async (limiter: RateLimiterAbstract, key: string): Promise<void> => {
    const wait = await consume(limiter, key)
    if (wait > 0) throw tooMany(wait)
  }
  const pair = (typed: string, group: string) => keyOf(`${typed}|${group}`)
  return {
    async attempt(clientAddress, account) {
      await take(attempts, addressGroup(clientAddress))
      const network = widerGroup(clientAddress)
      if (network !== null) await take(networkAttempts, network)
      if (account !== undefined) await take(accountAttempts, account)
    },
    passwordGate: async (typed, clientAddress) => await delays.check(pair(typed, addressGroup(clientAddress))),
    async passwordNetworkGate(typed, clientAddress) {
      const network = widerGroup(clientAddress)
      if (network !== null) await networkDelays.check(pair(typed, network))
    },
    async passwordFailed(typed, clientAddress) {
      await delays.failed(pair(typed, addressGroup(clientAddress)))
      const network = widerGroup(clientAddress)
      if (network !== null) await networkDelays.failed(pair(typed, network))
    },
    passwordSucceeded: async (typed, clientAddress) => await delays.succeeded(pair(typed, addressGroup(clientAddress))),
    mailCode: async (account) => await take(mailCodes, account),
    async mailCodeFitted(account) {
      await mailCodes.delete(account)
    },
    async change(kind, account) {
      const wait = await consume(changes[kind], account)
      if (wait > 0) throw tooMany(wait)
    },
    async changeRefused(kind, account) {
      await changes[kind].reward(account)
    },
  }
}
