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
import type { Pool } from 'pg'
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from '../../config.ts'
import { inSpan } from '../../tracing/spans.ts'
import { addressGroup, widerGroup } from './addresses.ts'
import { limitersIn, tooMany } from './counting.ts'
import { createPasswordDelays, type PasswordDelays } from './passwordDelays.ts'

/** What is changed: other accounts; the end of the account's sessions and tokens; its password; or anything else of the account. */
export type ChangeKind = 'own' | 'ends' | 'password' | 'others'

export interface Limits {
  /** Counts an attempt of a client address, and of the session's account, if there is one. @throws {Failure} TOO_MANY_REQUESTS */
  attempt(clientAddress: string, account?: string): Promise<void>
  /** Counts of wrong passwords by what was typed and from where. */
  readonly passwords: PasswordDelays
  /** Counts a guess at the mailed codes of an account, over all its mails. @throws {Failure} TOO_MANY_REQUESTS: only the links work */
  mailCode(account: string): Promise<void>
  mailCodeFitted(account: string): Promise<void>
  /** Counts a change that an account makes to itself or to others. @throws {Failure} TOO_MANY_REQUESTS */
  change(kind: ChangeKind, account: string): Promise<void>
  /** Uncounts a change that was not made. */
  changeRefused(kind: ChangeKind, account: string): Promise<void>
}

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

export function createLimits(config: Config, pool: Pool | undefined): Limits {
  const make = limitersIn(pool)
  const { LIMIT_ADDRESS_PER_MINUTE: perMinute, LIMIT_PASSWORD_FAILURES: failures } = config
  const window = Math.ceil(config.LIMIT_PASSWORD_WINDOW / 1000)
  const attempts = make('attempt', perMinute, 60)
  const networkAttempts = make('attempt48', perMinute * WHOLE, 60)
  const accountAttempts = make('attemptOf', perMinute * WHOLE, 60)
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
  return {
    attempt: async (clientAddress, account) =>
      await inSpan('limit attempts', async () => {
        await take(attempts, addressGroup(clientAddress))
        const network = widerGroup(clientAddress)
        if (network !== null) await take(networkAttempts, network)
        if (account !== undefined) await take(accountAttempts, account)
      }),
    passwords: createPasswordDelays({ make, pool, limit: failures, networkLimit: failures * WHOLE, window }),
    mailCode: async (account) => await inSpan('limit mailed codes', async () => await take(mailCodes, account)),
    async mailCodeFitted(account) {
      await mailCodes.delete(account)
    },
    change: async (kind, account) => await inSpan('limit changes', async () => await take(changes[kind], account)),
    async changeRefused(kind, account) {
      await changes[kind].reward(account)
    },
  }
}
