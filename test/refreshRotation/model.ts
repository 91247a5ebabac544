/**
 * What a refresh chain has to do, written without a line of `src`: a pure step from a chain and a request to the next chain
 * and the answer. A number stands for each refresh token, 0 for the one of the sign-in; times are in ms.
 *
 * Requests that are in flight at once must be answered as in some order, one after the other (linearizability: Herlihy and
 * Wing, 1990): `explain` looks for that order. Cost: n! steps for n requests, but only where no order fits.
 */
import { isDeepStrictEqual } from 'node:util'

const DAY = 24 * 3_600_000
export const GRACE = 10_000
export const TOKEN_LIFE = 30 * DAY
/** Shorter than it is by default, so that a chain that is kept alive comes to its end soon. */
export const SETTINGS = { REFRESH_CHAIN_LIFE: '40d' }
export const CHAIN_LIFE = 40 * DAY
export const ACCESS_LIFE = 30 * 60_000

export interface Chain {
  /** The number that is not spent. */
  readonly live: number
  readonly liveUntil: number
  readonly end: number
  /** When each number was spent. */
  readonly spentAt: ReadonlyMap<number, number>
  readonly ended: 'signedOut' | 'reused' | null
}

/** How a token stands: the sixth of a chain may be live while the fifth is in its grace and the fourth no more. */
export type Standing = 'live' | 'grace' | 'reused' | 'expired' | 'over'

export type Asked =
  | { readonly what: 'refresh' | 'signOut'; readonly number: number }
  | { readonly what: 'signOutByAccess'; readonly until: number }
  | { readonly what: 'nonsense' }

export interface Successor {
  readonly number: number
  readonly until: number
  readonly accessUntil: number
}
export type Outcome = Successor | 'done' | 'refused'

export const opened = (now: number): Chain => ({
  live: 0,
  liveUntil: now + TOKEN_LIFE,
  end: now + CHAIN_LIFE,
  spentAt: new Map(),
  ended: null,
})

export const isOver = ({ ended, end }: Chain, now: number): boolean => ended !== null || now >= end

export const standingOf = (chain: Chain, number: number, now: number): Standing => {
  if (isOver(chain, now)) return 'over'
  const spentAt = chain.spentAt.get(number)
  if (spentAt !== undefined) return now <= spentAt + GRACE ? 'grace' : 'reused'
  return now < chain.liveUntil ? 'live' : 'expired'
}

/** Whether an access token is accepted; a JWT says its end in whole seconds (RFC 7519, 4.1.4). */
export const isAccessGood = (chain: Chain, until: number, now: number): boolean =>
  !isOver(chain, now) && Math.floor(now / 1000) < Math.floor(until / 1000)

const rotated = (chain: Chain, now: number): Chain => ({
  ...chain,
  live: chain.live + 1,
  liveUntil: Math.min(now + TOKEN_LIFE, chain.end),
  spentAt: new Map(chain.spentAt).set(chain.live, now),
})

const successorOf = (chain: Chain, number: number, now: number): Successor => ({
  number: number + 1,
  until: Math.min((chain.spentAt.get(number) ?? 0) + TOKEN_LIFE, chain.end),
  accessUntil: Math.min(now + ACCESS_LIFE, chain.end),
})

const stepByToken = (chain: Chain, what: 'refresh' | 'signOut', number: number, now: number): readonly [Chain, Outcome] => {
  const standing = standingOf(chain, number, now)
  if (standing === 'reused') return [{ ...chain, ended: 'reused' }, 'refused']
  if (standing === 'expired' || standing === 'over') return [chain, 'refused']
  if (what === 'signOut') return [{ ...chain, ended: 'signedOut' }, 'done']
  const next = standing === 'live' ? rotated(chain, now) : chain
  return [next, successorOf(next, number, now)]
}

export const step = (chain: Chain, asked: Asked, now: number): readonly [Chain, Outcome] => {
  if (asked.what === 'nonsense') return [chain, 'refused']
  if (asked.what !== 'signOutByAccess') return stepByToken(chain, asked.what, asked.number, now)
  return isAccessGood(chain, asked.until, now) ? [{ ...chain, ended: 'signedOut' }, 'done'] : [chain, 'refused']
}

export interface Answered {
  readonly asked: Asked
  readonly outcome: Outcome
}

/** The chain after an order of the requests that gives each its answer and ends as `fits` says, if there is one. */
export const explain = (chain: Chain, answered: readonly Answered[], now: number, fits: (chain: Chain) => boolean): Chain | undefined => {
  if (answered.length === 0) return fits(chain) ? chain : undefined
  for (const [index, { asked, outcome }] of answered.entries()) {
    const [next, predicted] = step(chain, asked, now)
    if (!isDeepStrictEqual(predicted, outcome)) continue
    const found = explain(next, answered.toSpliced(index, 1), now, fits)
    if (found !== undefined) return found
  }
  return undefined
}
