/**
 * Limits on guessing, bound to the operation and so the same behind every surface. Counters live in memory with the
 * embedded database, which has one process, and in PostgreSQL else, where several share them.
 *
 * Wrong passwords lock nobody out for good: beyond a limit each further failure doubles the wait, up to the window. Second-factor
 * codes are counted in the account's row instead, with a hard limit (`twoFactor/guesses.ts`), whatever the address.
 */
import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Pool } from 'pg'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from '../config.ts'
import { Failure } from './errors.ts'

export interface Limits {
  /** Counts an attempt from a client address. @throws {Failure} TOO_MANY_REQUESTS */
  attempt(clientAddress: string): Promise<void>
  /** @throws {Failure} TOO_MANY_REQUESTS while the account waits for this address */
  passwordGate(account: string, clientAddress: string): Promise<void>
  passwordFailed(account: string, clientAddress: string): Promise<void>
  passwordSucceeded(account: string, clientAddress: string): Promise<void>
  /** Counts a mail that anybody can cause; false: this mailbox, whatever its `+tag`, has had its share. */
  mail(mailbox: string): Promise<boolean>
  /** Counts a guess at the codes of an account's mails, over all of them. @throws {Failure} TOO_MANY_REQUESTS: only the links work */
  mailCode(account: string): Promise<void>
  mailCodeFitted(account: string): Promise<void>
}

/** The first wait beyond a limit, in seconds; each further failure doubles it. */
export const FIRST_WAIT = 30

/** Guesses at codes in mails, of which each newer mail brings another one. */
const MAIL_CODES_A_DAY = 30
const DAY_SECONDS = 86_400

/** A key of bounded length for text that anybody may have sent. */
const keyOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** Client addresses that count as one: an IPv4 address, or the /64 of an IPv6 address. */
export const addressGroup = (clientAddress: string): string => {
  if (!ipaddr.isValid(clientAddress)) return clientAddress
  const address = ipaddr.process(clientAddress)
  return address.kind() === 'ipv4'
    ? address.toString()
    : `${(address as ipaddr.IPv6).parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`
}

const tooMany = (msBeforeNext: number) => new Failure('TOO_MANY_REQUESTS', { retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1000)) })

type MakeLimiter = (keyPrefix: string, points: number, duration: number) => RateLimiterAbstract

const inMemory: MakeLimiter = (keyPrefix, points, duration) => new RateLimiterMemory({ keyPrefix, points, duration })
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

/** Takes a point; the milliseconds to wait where none is left. */
const consume = async (limiter: RateLimiterAbstract, key: string): Promise<number> => {
  try {
    await limiter.consume(key)
    return 0
  } catch (result) {
    if (result instanceof RateLimiterRes) return Math.max(1, result.msBeforeNext)
    throw result
  }
}

export function createLimits(config: Config, pool: Pool | undefined): Limits {
  const make = pool === undefined ? inMemory : inPostgres(pool)
  const window = Math.ceil(config.LIMIT_PASSWORD_WINDOW / 1000)
  const attempts = make('attempt', config.LIMIT_ADDRESS_PER_MINUTE, 60)
  const failures = make('failure', config.LIMIT_PASSWORD_FAILURES, window)
  const gate = make('gate', 1, window)
  const mails = make('mail', config.LIMIT_RESET_MAILS, Math.ceil(config.LIMIT_RESET_WINDOW / 1000))
  const mailCodes = make('mailCode', MAIL_CODES_A_DAY, DAY_SECONDS)
  const pair = (account: string, clientAddress: string) => keyOf(`${account}|${addressGroup(clientAddress)}`)
  return {
    async attempt(clientAddress) {
      const wait = await consume(attempts, addressGroup(clientAddress))
      if (wait > 0) throw tooMany(wait)
    },
    async passwordGate(account, clientAddress) {
      const closed = await gate.get(pair(account, clientAddress))
      if (closed !== null && closed.msBeforeNext > 0) throw tooMany(closed.msBeforeNext)
    },
    async passwordFailed(account, clientAddress) {
      const key = pair(account, clientAddress)
      const { consumedPoints } = await failures.penalty(key)
      if (consumedPoints < config.LIMIT_PASSWORD_FAILURES) return
      const wait = Math.min(FIRST_WAIT * 2 ** (consumedPoints - config.LIMIT_PASSWORD_FAILURES), window)
      await gate.set(key, 1, wait)
      await failures.set(key, consumedPoints, wait + window)
    },
    async passwordSucceeded(account, clientAddress) {
      await failures.delete(pair(account, clientAddress))
    },
    mail: async (mailbox) => (await consume(mails, keyOf(mailbox.replace(/\+[^@]*(?=@)/, '')))) === 0,
    async mailCode(account) {
      const wait = await consume(mailCodes, account)
      if (wait > 0) throw tooMany(wait)
    },
    async mailCodeFitted(account) {
      await mailCodes.delete(account)
    },
  }
}
